package placement

import (
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/constraints"
)

// TestOpeningsAgreeWithTheRequirement: what is remembered of a requirement's verdicts is what it says when asked, for several requirements
// on several groups, few and many values, many tasks and tasks without a value.
func TestOpeningsAgreeWithTheRequirement(t *testing.T) {
	balanced, err := constraints.Balanced("zone", 2)
	if err != nil {
		t.Fatal(err)
	}
	few, err := constraints.MaxPer("zone", 3)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 77))
		var o openings
		for size := range mostZones + 1 {
			b := &books{}
			for range 3 {
				b.counters = append(b.counters, counter{by: newSums(size + 1), stale: true})
			}
			var judges []*judge
			for id, c := range []constraints.Constraint{balanced, constraints.Unique("zone"), few} {
				for n := range b.counters {
					judges = append(judges, &judge{peers: c.(constraints.Peers), peersID: int32(id), counter: int32(n), spread: func() constraints.Tally { return b.tally(int32(n)) }})
				}
			}
			for range 400 {
				j := judges[rng.IntN(len(judges))]
				n := &b.counters[j.counter]
				if size < mostZones {
					if got, want := o.opens(j, n), j.opens(n); got != want {
						t.Fatalf("seed %d: of %v opens %b, the requirement %v says %b", seed, n.by.all, got, j.peers, want)
					}
				} else if _, ok := countsOf(n); ok {
					t.Fatalf("%d values fit in a word", size+1)
				}
				value := int32(rng.IntN(size+2)) - 1
				if value < 0 && rng.IntN(20) > 0 {
					value = 0
				}
				n.add(value, []int32{1, 1, 1, 200}[rng.IntN(4)])
				if rng.IntN(5) == 0 {
					*n = counter{by: newSums(size + 1), stale: true}
				}
			}
		}
	}
}
