package placement

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/resources"
)

// TestMonotone holds every packer that promises a monotone score to it: with equal need and capacity, less free never
// scores lower.
func TestMonotone(t *testing.T) {
	r := newRound(intakeOf([]Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:64;disk:1000;mem:700000")}}), nil, nil, 0, 1)
	r.begin(context.Background(), &config{})
	for _, c := range []struct {
		packer   Packer
		monotone bool
	}{
		{BestFit(), true}, {DominantFit(), true}, {L2Norm(), true}, {GreedyBy(Filled("cpus")), true}, {GreedyBy(Filled("cpus", "mem")), true},
		{GreedyBy(UsedFirst(Filled("mem", "disk"))), true}, {GreedyBy(Average(Part{Filled("cpus"), 0.3}, Part{Filled("mem"), 7})), true},
		{GreedyBy(Average()), true}, {GreedyBy(Monotone(Rated("less", lessLeft))), true}, {GreedyBy(Average(Part{Filled("cpus"), 1}, Part{Left("mem"), 1})), false},
		{Spread(), false}, {DotProduct(), false}, {Cosine(), false}, {Tetris(), false}, {Balanced(), false}, {Greedy(partLeft), false},
	} {
		p := c.packer.(*greedy)
		if p.monotone != c.monotone {
			t.Errorf("%v: monotone is %v, want %v", p, p.monotone, c.monotone)
		}
		if !p.monotone {
			continue
		}
		score, _ := p.scorer(r)
		rng := rand.New(rand.NewPCG(1, 2))
		upTo := func(n int64) int64 {
			if rng.IntN(4) == 0 {
				return n
			}
			return rng.Int64N(n + 1)
		}
		for range 100_000 {
			var need, less, more, capacity [3]int64
			for i := range need {
				capacity[i] = upTo(r.capacity[i])
				more[i] = upTo(capacity[i])
				less[i] = upTo(more[i])
				need[i] = upTo(less[i])
			}
			tight, loose := score(Row{need[:]}, Row{less[:]}, Row{capacity[:]}), score(Row{need[:]}, Row{more[:]}, Row{capacity[:]})
			if beats(loose, tight) {
				t.Fatalf("%v: need %v of capacity %v scores %v with %v free, and %v with %v", p, need, capacity, tight, less, loose, more)
			}
		}
	}
}

// lessLeft promises nothing by itself.
func lessLeft(need, free, capacity Row) float64 { return 1 - partLeft(need, free, capacity) }
