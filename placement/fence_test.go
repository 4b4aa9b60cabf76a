package placement_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// fencedWorld is agents in three zones and three racks, some in neither, and tasks of groups with requirements that judge by them.
func fencedWorld(rng *rand.Rand, agents, tasks int) ([]placement.Offer, []placement.Task) {
	offers := make([]placement.Offer, agents)
	kinds := 1 + rng.IntN(4) // so few that there are trees and shelves
	if rng.IntN(4) == 0 {
		kinds = 36
	}
	for i := range offers {
		kind := rng.IntN(kinds)
		text := fmt.Sprintf("zone:z%d;rack:r%d", rng.IntN(3), rng.IntN(3))
		if rng.IntN(10) == 0 {
			text = "other:x"
		}
		offers[i] = placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
			Hostname: fmt.Sprint("h", i*3/4), Attributes: resources.MustAttributes(text),
			Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", 1+kind%6, 1+kind*5%6))}
	}
	demands := []string{"unique(hostname);balanced(zone)", "balanced(zone);balanced(rack)", "max_per(rack,9)", "group_by(rack)", "unique(hostname);spread(zone,2)", "exclusive"}
	list := make([]placement.Task, tasks)
	group, require := "", []constraints.Constraint(nil)
	for i := range list {
		if i == 0 || rng.IntN(20) == 0 {
			group = fmt.Sprint("g", rng.IntN(4))
			require = parseAll(demands[rng.IntN(len(demands))])
		}
		list[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Group: group, Require: require,
			Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", rng.IntN(2), 1+rng.IntN(2)))}
	}
	return offers, list
}

func parseAll(text string) []constraints.Constraint {
	all, err := constraints.Parse(text)
	if err != nil {
		panic(err)
	}
	return all
}

// TestSearchPassesOverNoBin: what is known of closed bins never hides one that is open: First and Best answer what a look at
// every bin does, also where tasks leave and groups take turns.
func TestSearchPassesOverNoBin(t *testing.T) {
	left := func(need, free, _ placement.Row) float64 {
		return -float64(free.At(0)-need.At(0)) - 2*float64(free.At(1)-need.At(1))
	}
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 31))
		offers, tasks := fencedWorld(rng, 150, 300)
		placed := 0
		pack(t, offers, tasks, func(r *placement.Round) {
			monotone := placement.Monotone(placement.Rated("left", left))
			rankings := []*placement.Ranking{r.Rank(left), r.RankBy(monotone), r.RankBy(placement.Additive(monotone))}
			for task := range r.Tasks() {
				first, best, top := placement.NoBin, placement.NoBin, 0.0
				for b := range r.Bins() {
					if !r.Fits(task, b) {
						continue
					}
					if first == placement.NoBin {
						first = b
					}
					if s := left(r.Need(task), r.Free(b), r.Capacity(b)); best == placement.NoBin || s > top {
						best, top = b, s
					}
				}
				if got, _ := r.First(task); got != first {
					t.Fatalf("seed %d, %s: First is %d, the first bin that fits %d", seed, r.Task(task).ID, got, first)
				}
				for i, k := range rankings {
					if got, _ := k.Best(task); got != best {
						t.Fatalf("seed %d, %s: Best %d is %d, the best bin %d", seed, r.Task(task).ID, i, got, best)
					}
				}
				if best != placement.NoBin && r.Place(task, []placement.BinIndex{first, best}[rng.IntN(2)]) {
					placed++
				}
				if rng.IntN(40) == 0 {
					r.Remove(placement.TaskIndex(rng.IntN(int(task) + 1)))
				}
			}
		})
		if placed < 50 {
			t.Errorf("seed %d: only %d placed", seed, placed)
		}
	}
}
