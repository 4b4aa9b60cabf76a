package trace

import (
	"io"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// TestOverhead checks that recording takes no more than its share of the time of the rounds, but for the last recording, which
// may take longer than the one before it.
func TestOverhead(t *testing.T) {
	w := workload.Mixed(40, 400, 1)
	r := NewRecorder(io.Discard, Options{})
	var longest time.Duration
	for range 400 {
		if _, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), placement.WithObserver(r)); err != nil {
			t.Fatal(err)
		}
		r.Wait()
		longest = max(longest, r.last)
		c := r.Counts()
		if allowed := time.Duration(defaultOverhead*float64(c.Rounds)) + longest; c.Spent > allowed {
			t.Fatalf("%d rounds took %v and recording %d of them %v, more than %v", c.Seen, c.Rounds, c.Recorded, c.Spent, allowed)
		}
	}
	c := r.Counts()
	t.Logf("%d rounds took %v; recording %d of them took %v, the longest %v", c.Seen, c.Rounds, c.Recorded, c.Spent, longest)
	if c.Recorded < 1 || c.Recorded > 100 {
		t.Errorf("%d of %d rounds recorded", c.Recorded, c.Seen)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
