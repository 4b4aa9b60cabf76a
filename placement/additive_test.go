package placement

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/resources"
)

// TestAdditive holds every packer that promises an additive score to it: between two bins of equal capacity every need makes
// the difference that no need at all makes, but for rounding.
func TestAdditive(t *testing.T) {
	r := newRound(intakeOf([]Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:64;disk:1000;mem:700000")}}), nil, nil, 0, 1)
	r.begin(context.Background(), &config{})
	for _, c := range []struct {
		packer   Packer
		additive bool
	}{
		{BestFit(), true}, {GreedyBy(Filled("cpus")), true}, {GreedyBy(Filled("cpus", "mem")), true}, {GreedyBy(Left("mem")), true},
		{GreedyBy(Average(Part{Filled("cpus"), 0.3}, Part{Left("mem"), 7})), true}, {GreedyBy(Average()), true},
		{GreedyBy(Average(Part{Filled("cpus"), 1}, Part{UsedFirst(Filled("mem")), 1})), false}, {GreedyBy(UsedFirst(Filled("mem", "disk"))), false},
		{DominantFit(), false}, {L2Norm(), false}, {DotProduct(), false}, {Cosine(), false}, {Tetris(), false}, {Balanced(), false}, {Greedy(partLeft), false},
	} {
		p := c.packer.(*greedy)
		if p.additive != c.additive {
			t.Errorf("%v: additive is %v, want %v", p, p.additive, c.additive)
		}
		if !p.additive {
			continue
		}
		score, _ := p.scorer(r)
		rng := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			var none, need, one, other, capacity [3]int64
			for i := range need {
				capacity[i] = rng.Int64N(r.capacity[i] + 1)
				one[i], other[i] = rng.Int64N(capacity[i]+1), rng.Int64N(capacity[i]+1)
				need[i] = rng.Int64N(min(one[i], other[i]) + 1)
			}
			of := func(need, free [3]int64) float64 { return score(Row{need[:]}, Row{free[:]}, Row{capacity[:]}) }
			with, without := of(need, one)-of(need, other), of(none, one)-of(none, other)
			if math.Abs(with-without) > 1e-12 {
				t.Fatalf("%v: %v and %v free of %v differ by %v, with need %v by %v", p, one, other, capacity, without, need, with)
			}
		}
	}
}
