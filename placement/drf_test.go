package placement

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/resources"
)

// slowFairly yields what the order DRF must, by reckoning every owner's share anew for every task.
func slowFairly(r *Round, weights map[string]float64, yielded map[TaskIndex]bool) TaskIndex {
	best, bestShare := TaskIndex(-1), 0.0
	seen := map[string]bool{}
	for _, t := range r.queue {
		name := ownerOf(&r.tasks[t])
		if yielded[t] || r.spots[t].where != NoBin || seen[name] {
			continue
		}
		seen[name] = true
		if share := slowShare(r, name, weights); best < 0 || share < bestShare {
			best, bestShare = t, share
		}
	}
	return best
}

func slowShare(r *Round, name string, weights map[string]float64) float64 {
	weight, ok := weights[name]
	if !ok {
		weight = 1
	}
	if weight <= 0 {
		return math.Inf(1)
	}
	share := 0.0
	for c := range r.columns {
		var used, total int64
		for _, b := range r.liveBins() {
			total += r.capacityRow(b)[c]
		}
		for t := range r.tasks {
			if s := r.shapeFor(TaskIndex(t)); ownerOf(&r.tasks[t]) == name && (r.spots[t].where != NoBin || r.ranOn[t] >= 0) {
				used += s.need[r.variantOf(int32(t))][c]
			}
		}
		share = max(share, float64(used)/float64(total))
	}
	return share / weight
}

func TestFairlyAgainstSlowTwin(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var offers []Offer
		for i := range 6 {
			offers = append(offers, Offer{ID: OfferID(fmt.Sprint("o", i)), Agent: AgentID(fmt.Sprint("a", i)),
				Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d;cpus{REV}:4", 4+rng.IntN(8), 4+rng.IntN(8)))})
		}
		task := func(id string) Task {
			return Task{ID: TaskID(id), Owner: fmt.Sprint("u", rng.IntN(5)), Group: "g", Priority: rng.IntN(2), Revocable: RevocablePolicy(rng.IntN(3)),
				Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(3), rng.IntN(4)))}
		}
		var tasks []Task
		for i := range 40 {
			tasks = append(tasks, task(fmt.Sprint("t", i)))
		}
		var running []Running
		for i := range 4 {
			h := Running{Task: task(fmt.Sprint("r", i)), Agent: AgentID(fmt.Sprint("a", i))}
			h.Task.Revocable = Never
			running = append(running, h)
		}
		weights := map[string]float64{"u1": 2, "u2": 0.5, "u3": 0}
		r := newRound(intakeOf(offers), tasks, running, 0, 1)
		c := newConfig([]Option{WithOrder(DRF), WithWeights(weights)})
		r.begin(context.Background(), &c)
		r.run(PackerFunc(func(r *Round) {
			yielded := map[TaskIndex]bool{}
			for got := range r.Pending() {
				// What was yielded before is out of the running, unless it is still its turn.
				if want := slowFairly(r, weights, yielded); got != want {
					t.Fatalf("seed %d: got task %d of %s, want %d of %s", seed, got, r.tasks[got].Owner, want, r.tasks[want].Owner)
				}
				yielded[got] = true
				mark := r.Mark()
				if b, ok := r.First(got); ok {
					r.Place(got, b)
				}
				switch rng.IntN(6) {
				case 0:
					r.Rollback(mark)
				case 1:
					r.Remove(TaskIndex(rng.IntN(len(tasks))))
				case 2:
					other := TaskIndex(rng.IntN(len(tasks)))
					if b, ok := r.First(other); ok {
						r.Place(other, b)
					}
				}
			}
		}), c.order)
	}
}

func TestSizesOfOrders(t *testing.T) {
	r := newRound(intakeOf([]Offer{
		{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:10;mem:100")},
		{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:10;mem:300")},
	}), []Task{
		{ID: "cpu", Needs: resources.MustQuantities("cpus:9")},
		{ID: "even", Needs: resources.MustQuantities("cpus:5;mem:150")},
		{ID: "mem", Needs: resources.MustQuantities("cpus:1;mem:240")},
		{ID: "all", Needs: resources.MustQuantities("mem:300")},
	}, nil, 0, 1)
	for _, c := range []struct {
		order Order
		want  string
	}{
		{AsGiven, "cpu even mem all "},
		{Decreasing, "all mem cpu even "},        // 0.75 0.6 0.45 0.375
		{DecreasingSum, "all mem even cpu "},     // 0.75 0.65 0.625 0.45
		{DecreasingVolume, "all cpu mem even "},  // all of one; 10; 1/(0.9*0.2) = 5.6; 4
		{DecreasingProduct, "even mem all cpu "}, // 0.25 0.08 0.001 0.0009
	} {
		cfg := newConfig([]Option{WithOrder(c.order)})
		r.begin(context.Background(), &cfg)
		got := ""
		r.run(PackerFunc(func(r *Round) {
			for task := range r.Pending() {
				got += string(r.tasks[task].ID) + " "
			}
		}), cfg.order)
		if got != c.want {
			t.Errorf("%v: got %s, want %s", c.order, got, c.want)
		}
		if back, err := ParseOrder(c.order.String()); err != nil || back != c.order {
			t.Errorf("%v does not parse back: %v, %v", c.order, back, err)
		}
	}
}
