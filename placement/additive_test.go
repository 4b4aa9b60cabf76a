package placement

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/berth-go/berth/resources"
)

// TestAdditive holds every packer that promises an additive score to it: between two bins of equal capacity every need makes
// the difference that no need at all makes, but for rounding.
func TestAdditive(t *testing.T) {
	r := newRound(intakeOf([]Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:64;disk:1000;mem:700000")}}), nil, nil, 0, 1)
	r.begin(context.Background(), &config{})
	for _, c := range []struct {
		packer             Packer
		additive, absolute bool
	}{
		{BestFit(), true, true}, {GreedyBy(Filled("cpus")), true, false}, {GreedyBy(Filled("cpus", "mem")), true, false}, {GreedyBy(Left("mem")), true, false},
		{GreedyBy(Average(Part{Filled("cpus"), 0.3}, Part{Left("mem"), 7})), true, false}, {GreedyBy(Average()), true, true},
		{GreedyBy(Additive(Rated("less", lessOf))), true, false}, {GreedyBy(Average(Part{Additive(Rated("less", lessOf)), 1}, Part{Filled("mem"), 2})), true, false},
		{GreedyBy(Average(Part{Filled("cpus"), 1}, Part{UsedFirst(Filled("mem")), 1})), false, false}, {GreedyBy(UsedFirst(Filled("mem", "disk"))), false, false},
		{DominantFit(), false, false}, {L2Norm(), false, false}, {DotProduct(), false, false}, {Cosine(), false, false}, {Tetris(), false, false}, {Balanced(), false, false}, {Greedy(partLeft), false, false},
	} {
		p := c.packer.(*greedy)
		if p.additive != c.additive || p.absolute != c.absolute {
			t.Errorf("%v: additive is %v, absolute %v, want %v and %v", p, p.additive, p.absolute, c.additive, c.absolute)
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
			if elsewhere := capacity; p.absolute {
				for i := range elsewhere {
					elsewhere[i] = one[i] + rng.Int64N(r.capacity[i]-one[i]+1)
				}
				if here, there := score(Row{need[:]}, Row{one[:]}, Row{capacity[:]}), score(Row{need[:]}, Row{one[:]}, Row{elsewhere[:]}); here != there {
					t.Fatalf("%v: %v free of %v scores %v, of %v %v", p, one, capacity, here, elsewhere, there)
				}
			}
			of := func(need, free [3]int64) float64 { return score(Row{need[:]}, Row{free[:]}, Row{capacity[:]}) }
			with, without := of(need, one)-of(need, other), of(none, one)-of(none, other)
			if math.Abs(with-without) > 1e-12 {
				t.Fatalf("%v: %v and %v free of %v differ by %v, with need %v by %v", p, one, other, capacity, without, need, with)
			}
		}
	}
}

// lessOf promises nothing by itself.
func lessOf(need, free, capacity Row) float64 {
	left := 0.0
	for c := range need.Len() {
		left += float64(free.At(c)-need.At(c)) / float64(max(capacity.At(c), 1)) * float64(c+1)
	}
	return -left
}

// leastScore looks at no capacity.
func leastScore(need, free, _ Row) float64 {
	left := 0.0
	for c := range need.Len() {
		left -= float64(free.At(c)-need.At(c)) * float64(c+1)
	}
	return left
}

// TestAdditivePromise compares what is found by the promise with what is found without, and with a promise of more on top.
func TestAdditivePromise(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 40 {
		offers, tasks := make([]Offer, 150+rng.IntN(150)), make([]Task, 400)
		for i := range offers {
			offers[i] = Offer{ID: OfferID(strconv.Itoa(i)), Agent: AgentID(strconv.Itoa(i)), Resources: resources.MustParse(
				fmt.Sprintf("cpus:%d;mem:%d", 8<<rng.IntN(3), 1000<<rng.IntN(2)))}
		}
		for i := range tasks {
			tasks[i] = Task{ID: TaskID(strconv.Itoa(i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(4), 10+rng.IntN(1+rng.IntN(300))))}
		}
		plain, least := Rated("less", lessOf), Rated("least", leastScore)
		for _, c := range []struct{ plain, promised Fitness }{
			{plain, Additive(plain)}, {plain, Monotone(plain)}, {plain, Additive(Monotone(plain))},
			{least, Additive(least)}, {least, Absolute(Monotone(least))}, {least, Absolute(Additive(least))},
		} {
			want, err := Assign(offers, tasks, WithPacker(GreedyBy(c.plain)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Assign(offers, tasks, WithPacker(GreedyBy(c.promised)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Assignments, got.Assignments, cmpopts.EquateEmpty(), cmp.Comparer(resources.Resources.Equal)); diff != "" {
				t.Fatalf("with a promise (-without +with):\n%s", diff)
			}
		}
	}
}
