package proptest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

// exact places as many tasks as possible, by trying everything.
func exact(r *placement.Round) {
	var tasks []placement.TaskIndex
	for t := range r.Pending() {
		tasks = append(tasks, t)
	}
	where := make([]placement.BinIndex, len(tasks))
	var most []placement.BinIndex
	best := -1
	var try func(i, placed int)
	try = func(i, placed int) {
		if placed+len(tasks)-i <= best {
			return
		}
		if i == len(tasks) {
			best, most = placed, append(most[:0], where...)
			return
		}
		for b := range r.Bins() {
			m := r.Mark()
			if where[i] = b; r.Place(tasks[i], b) {
				try(i+1, placed+1)
				r.Rollback(m)
			}
		}
		where[i] = placement.NoBin
		try(i+1, placed)
	}
	try(0, 0)
	for i, b := range most {
		r.Place(tasks[i], b)
	}
}

var small = placementtest.Size{Agents: 3, Tasks: 6}

// loners are inputs whose tasks do not look at each other.
func loners(s scenario) placementtest.Input {
	in := s.input()
	in.Running = nil
	for i := range in.Tasks {
		t := &in.Tasks[i]
		t.Group, t.Gang, t.Priority, t.Require, t.Prefer = "", "", 0, nil, nil
		t.GangMin, t.GangOneAgent, t.ReadyAt = 0, false, time.Time{}
		if i%3 == 0 {
			t.Require = []constraints.Constraint{constraints.Equals("rack", "r1")}
		}
	}
	return in
}

// TestMoreAgents: another agent never hurts a packer that is exact, as long as nothing counts tasks.
func TestMoreAgents(t *testing.T) {
	placed := func(in placementtest.Input, offers []placement.Offer) (int, error) {
		in.Offers = offers
		res, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(placement.PackerFunc(exact)))...)
		if err == nil {
			err = in.Verify(res)
		}
		return len(res.Assignments), err
	}
	law(t, 400, func(s scenario, which uint8) string {
		in := loners(s)
		if len(in.Offers) == 0 {
			return ""
		}
		without := in.Offers[int(which)%len(in.Offers)].Agent
		var rest []placement.Offer
		for _, o := range in.Offers {
			if o.Agent != without {
				rest = append(rest, o)
			}
		}
		fewer, err1 := placed(in, rest)
		all, err2 := placed(in, in.Offers)
		if err1 != nil || err2 != nil || all < fewer {
			return fmt.Sprintf("%d tasks are placed, without agent %s %d; %v, %v", all, without, fewer, err1, err2)
		}
		return ""
	}, scenarios(small), gen.UInt8())
}

// TestOptimum: the round lets exactly those placements in that add up, so that the exact packer places
// as many tasks as arithmetic alone says is possible.
func TestOptimum(t *testing.T) {
	law(t, 400, func(s scenario) string {
		in := s.input()
		free := map[placement.AgentID]map[string]resources.Amount{}
		var agents []placement.AgentID
		for _, o := range in.Offers {
			if free[o.Agent] == nil {
				free[o.Agent] = map[string]resources.Amount{}
				agents = append(agents, o.Agent)
			}
			for r := range o.Resources.All() {
				free[o.Agent][r.Name] += r.Value.Amount()
			}
		}
		for i := range in.Tasks {
			in.Tasks[i].Ports.Dynamic, in.Tasks[i].Ports.Fixed = 0, nil
		}
		res, err := placement.Assign(in.Offers, in.Tasks, placement.WithPacker(placement.PackerFunc(exact)))
		if want := optimum(in.Tasks, agents, free); err != nil || len(res.Assignments) != want {
			return fmt.Sprintf("%d tasks are placed, %d can be; %v", len(res.Assignments), want, err)
		}
		return ""
	}, scenarios(placementtest.Size{Agents: 3, Tasks: 6, Plain: true}))
}

// optimum is how many tasks fit at most.
func optimum(tasks []placement.Task, agents []placement.AgentID, free map[placement.AgentID]map[string]resources.Amount) int {
	if len(tasks) == 0 {
		return 0
	}
	most := optimum(tasks[1:], agents, free)
	for _, a := range agents {
		if most == len(tasks) {
			break
		}
		fits := true
		for name, amount := range tasks[0].Needs.All() {
			fits = fits && free[a][name] >= amount
		}
		if !fits {
			continue
		}
		for name, amount := range tasks[0].Needs.All() {
			free[a][name] -= amount
		}
		most = max(most, 1+optimum(tasks[1:], agents, free))
		for name, amount := range tasks[0].Needs.All() {
			free[a][name] += amount
		}
	}
	return most
}

// TestFirstFitBound: on identical bins of d resources first fit uses at most (d + 7/10) OPT + 5/2 of them
// (Garey, Graham, Johnson, Yao 1976). The optimum is known because the tasks are full bins cut up.
func TestFirstFitBound(t *testing.T) {
	law(t, 300, func(seed uint64, d, bins int) string {
		g := rand.New(rand.NewPCG(seed, 1))
		names := []string{"cpus", "mem", "disk"}[:d]
		const whole = 1000
		var tasks []placement.Task
		for range bins {
			pieces := 1 + g.IntN(8)
			cuts := make([][]resources.Quantity, pieces)
			for _, name := range names {
				left := resources.Amount(whole)
				for i := range cuts {
					part := resources.Amount(g.IntN(int(left) + 1))
					if i == pieces-1 {
						part = left
					}
					left -= part
					cuts[i] = append(cuts[i], resources.Quantity{Name: name, Amount: part})
				}
			}
			for _, q := range cuts {
				needs, _ := resources.NewQuantities(q...)
				tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint(len(tasks))), Needs: needs})
			}
		}
		g.Shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		var offers []placement.Offer
		for i := range tasks {
			id := fmt.Sprint(i)
			offers = append(offers, placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Resources: resources.MustParse("cpus:1;mem:1;disk:1")})
		}
		res, err := placement.Assign(offers, tasks, placement.WithPacker(placement.FirstFit()))
		if used, bound := res.Stats.AgentsUsed, (float64(d)+0.7)*float64(bins)+2.5; err != nil || len(res.Failures) > 0 || float64(used) > bound {
			return fmt.Sprintf("%d bins used, %d suffice, the bound is %v; %d failures, %v", used, bins, bound, len(res.Failures), err)
		}
		return ""
	}, gen.UInt64(), gen.IntRange(1, 3), gen.IntRange(1, 15))
}
