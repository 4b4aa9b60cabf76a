package workload

import (
	"math/rand/v2"
	"strconv"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Rules is a cluster of services whose owners say where they may run. Tasks come in groups of up to
// 25 replicas; of the groups, a third wants every replica on a machine of its own and a sixth in a rack of its own, a
// sixth stays in one zone, and one in thirty wants machines for itself alone. Some prefer to spread, take
// licences out of a set that every fourth agent has, belong together as gangs, or go before others.
func Rules(agents, tasks int, seed uint64) *Workload {
	rng := newRand(seed, "rules")
	w := &Workload{Name: "rules", Offers: newFleet(rng, agents, commonMachines)}
	licences := resources.Resource{Name: "licences", Value: resources.SetOf(resources.MustSet("l1", "l2", "l3", "l4"))}
	for i := 0; i < len(w.Offers); i += 4 {
		w.Offers[i].Resources = resources.Must(append(pieces(w.Offers[i].Resources), licences)...)
	}
	shapes := mixedShapes(rng)
	for group := 0; len(w.Tasks) < tasks; group++ {
		t := ruledTask(rng, shapes, group)
		for range min(1+rng.IntN(25), tasks-len(w.Tasks)) {
			w.Tasks = append(w.Tasks, t)
		}
	}
	w.nameTasks("task-")
	return w
}

func pieces(r resources.Resources) []resources.Resource {
	var all []resources.Resource
	for p := range r.All() {
		all = append(all, p)
	}
	return all
}

// ruledTask is what all tasks of a group have in common.
func ruledTask(rng *rand.Rand, shapes []shape, group int) placement.Task {
	s := shapes[rng.IntN(len(shapes))]
	t := placement.Task{
		Group: "group-" + strconv.Itoa(group),
		Owner: "team-" + strconv.Itoa(rng.IntN(12)),
		Needs: s.needs,
	}
	t.Ports.Dynamic = s.ports
	switch zone := string(rune('a' + rng.IntN(zones))); rng.IntN(30) {
	case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9:
		t.Require = must(constraints.Parse("unique(hostname)"))
	case 10, 11, 12, 13, 14:
		t.Require = must(constraints.Parse("unique(rack)"))
	case 15, 16, 17, 18, 19:
		t.Require = must(constraints.Parse("zone=" + zone))
	case 20:
		t.Require = must(constraints.Parse("exclusive"))
	case 21, 22, 23:
		t.Prefer = must(constraints.ParsePreferences("2*unique(rack);zone=" + zone))
	case 24:
		t.Sets = []placement.SetRequest{{Name: "licences", Count: 1}}
	case 25:
		t.Gang = t.Group
	}
	t.Priority = choose(rng, 0, 0, 0, 1, 2)
	return t
}
