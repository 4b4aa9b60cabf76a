package trace

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
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

// TestTooDear checks that rounds which recording would hold up for too long are left out, whatever the budget: here short ones of an engine whose
// port policies take long to ask for. When rounds take longer, they are recorded.
func TestTooDear(t *testing.T) {
	const agents, ask = 50, 20 * time.Microsecond
	e := placement.NewEngine(placement.WithPorts(func(placement.AgentID) ports.Policy {
		busy(ask)
		return ports.BestFit()
	}))
	for i := range agents {
		if err := e.AddOffers(placement.Offer{ID: placement.OfferID(fmt.Sprint(i)), Agent: placement.AgentID(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	r := NewRecorder(io.Discard, Options{})
	r.credit = time.Hour
	rounds := func(n int, work time.Duration) uint64 {
		before := r.Counts().Recorded
		for range n {
			packer := placement.PackerFunc(func(*placement.Round) { busy(work) })
			if err := e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")}); err != nil {
				t.Fatal(err)
			}
			if _, err := e.Assign(context.Background(), placement.WithObserver(r), placement.WithPacker(packer)); err != nil {
				t.Fatal(err)
			}
			e.Withdraw("t")
			r.Wait()
		}
		return r.Counts().Recorded - before
	}
	if n := rounds(3, 0); n != 2 {
		t.Errorf("%d of the first rounds recorded, not the two that it takes to know", n)
	}
	if n := rounds(100, 0); n > 0 {
		t.Errorf("%d rounds recorded that it holds up for %v, %v long", n, agents*ask, r.usual)
	}
	if n := rounds(12, 150*agents*ask); n < 3 { // long, because a busy machine may have held up one that was recorded for several times as long
		t.Errorf("%d rounds recorded that take %v", n, r.usual)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestDearNowAndThen checks that rounds too short to be recorded without slowing them are recorded all the same, but seldom.
func TestDearNowAndThen(t *testing.T) {
	const rounds = 40_000
	r := NewRecorder(io.Discard, Options{})
	r.credit = time.Hour
	for range rounds {
		if _, err := placement.Assign(nil, nil, placement.WithObserver(r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n := r.Counts().Recorded; n < 3 || n > rounds/500 {
		t.Errorf("%d of %d rounds recorded", n, rounds)
	}
}

func busy(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

// TestPace checks that a round is written in small pieces with rests between, which are not counted as spent, and at once when the recorder is closed.
func TestPace(t *testing.T) {
	w := workload.Mixed(200, 4_000, 1)
	record := func() (*Recorder, time.Time) {
		r := NewRecorder(io.Discard, Options{})
		if _, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), placement.WithObserver(r)); err != nil {
			t.Fatal(err)
		}
		return r, time.Now()
	}
	r, start := record()
	r.Wait()
	slow, spent := time.Since(start), r.Counts().Spent
	if slow < 5*spent {
		t.Errorf("it was written in %v, which took %v of work", slow, spent)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r, start = record()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if fast := time.Since(start); fast > slow/2 {
		t.Errorf("it was written in %v when closed, in %v when not", fast, slow)
	}
	if r.Counts().Recorded != 1 {
		t.Errorf("%+v", r.Counts())
	}
}
