package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func ExampleWithLimits() {
	offers := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:8;mem:8000")}}
	var tasks []placement.Task
	for i := range 3 {
		tasks = append(tasks,
			placement.Task{ID: placement.TaskID(fmt.Sprint("ann-", i)), Owner: "ann", Needs: resources.MustQuantities("cpus:1;mem:1000")},
			placement.Task{ID: placement.TaskID(fmt.Sprint("bob-", i)), Owner: "bob", Needs: resources.MustQuantities("cpus:1;mem:1000")})
	}
	result, err := placement.Assign(offers, tasks, placement.WithLimits(
		placement.Limit{Owner: "ann", Most: map[string]resources.Amount{"cpus": resources.MustAmount("2.5")}},
		placement.Limit{Owner: placement.Each, Tasks: 1}, // all others
	))
	if err != nil {
		fmt.Println(err)
	}
	for _, a := range result.Assignments {
		fmt.Println(a.Task, "on", a.Agent)
	}
	for _, f := range result.Failures {
		fmt.Println(f.Task, f.Why)
	}
	// Output:
	// ann-0 on a
	// bob-0 on a
	// ann-1 on a
	// bob-1 not on the only agent: limit (owner bob: has 1 of 1 tasks)
	// ann-2 not on the only agent: limit (owner ann: has 2 of 2.5 cpus, asks 1 more)
	// bob-2 not on the only agent: limit (owner bob: has 1 of 1 tasks)
}

func most(text string) map[string]resources.Amount {
	m := map[string]resources.Amount{}
	for _, part := range strings.Fields(text) {
		name, amount, _ := strings.Cut(part, "=")
		m[name] = resources.MustAmount(amount)
	}
	return m
}

// count says how many tasks of an owner were placed.
func count(res placement.Result, owner string) int {
	n := 0
	for _, a := range res.Assignments {
		if strings.HasPrefix(string(a.Task), owner) {
			n++
		}
	}
	return n
}

// TestFenzo56GroupLimit: a limit of 4 cores lets 4 of 5 one-core tasks in, and names itself as the reason of the fifth; a group whose
// limit is 8 gets all it asks for.
func TestFenzo56GroupLimit(t *testing.T) {
	offers := agents("cpus:8", "cpus:8")
	tasks := append(owned("A", 5, "cpus:1"), owned("B", 5, "cpus:1")...)
	res, err := placement.Assign(offers, tasks, placement.WithLimits(placement.Limit{Owner: "A", Most: most("cpus=4")}, placement.Limit{Owner: "B", Most: most("cpus=8")}))
	if err != nil || count(res, "A") != 4 || count(res, "B") != 5 || len(res.Failures) != 1 || res.Failures[0].Why.Main().Cause != placement.CauseLimit {
		t.Fatal(res, err)
	}
}

// TestFenzo57RaisedLimit: a limit that was raised lets the waiting task in in the next round; an owner without an entry is refused
// until there is one, if that is how it should be; without limits there is no bound.
func TestFenzo57RaisedLimit(t *testing.T) {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:8")})
	e.Submit(append(owned("A", 2, "cpus:1"), owned("B", 1, "cpus:1")...)...)
	nobodyElse := placement.Limit{Owner: placement.Each, Tasks: -1}
	for i, c := range []struct {
		limits []placement.Limit
		want   string
	}{
		{[]placement.Limit{{Owner: "A", Most: most("cpus=1")}, nobodyElse}, "A0"},
		{[]placement.Limit{{Owner: "A", Most: most("cpus=2")}, nobodyElse}, "A1"},
		{[]placement.Limit{{Owner: "A", Most: most("cpus=2")}, nobodyElse}, ""},
		{[]placement.Limit{{Owner: "A", Most: most("cpus=2")}, {Owner: "B"}, nobodyElse}, "B0"},
	} {
		res, err := e.Assign(context.Background(), placement.WithLimits(c.limits...))
		got := ""
		for _, a := range res.Assignments {
			got += string(a.Task)
		}
		if err != nil || got != c.want {
			t.Fatalf("round %d: %s, want %s: %v", i, got, c.want, err)
		}
	}
	e.Submit(owned("C", 4, "cpus:1")...)
	if res, err := e.Assign(context.Background()); err != nil || count(res, "C") != 4 {
		t.Error(res, err)
	}
}

// TestFenzo58LimitAndScaleUp: agents more are of no use to a task that a limit holds back, and are to one that none does.
func TestFenzo58LimitAndScaleUp(t *testing.T) {
	e := placement.NewEngine(placement.WithLimits(placement.Limit{Owner: "A", Tasks: 1}))
	e.AddOffers(agents("cpus:1")...)
	e.Submit(append(owned("A", 2, "cpus:1"), owned("B", 1, "cpus:1")...)...)
	if _, err := e.Assign(context.Background()); err != nil {
		t.Fatal(err)
	}
	more := agents("cpus:8")
	more[0].ID, more[0].Agent = "new", "new"
	res, err := e.Try(context.Background(), placement.Change{Offers: more})
	if err != nil || len(res.Assignments) != 1 || res.Assignments[0].Task != "B0" || res.Failures[0].Why.Main().Cause != placement.CauseLimit {
		t.Error(res, err)
	}
}

// TestLimitOfFirstTask: the first task of an owner who has nothing yet may not exceed the limit either (Fenzo lets it, its weakness 16),
// and every task that is refused is answered.
func TestLimitOfFirstTask(t *testing.T) {
	res, err := placement.Assign(agents("cpus:8"), owned("A", 3, "cpus:2"), placement.WithLimits(placement.Limit{Owner: "A", Most: most("cpus=1")}))
	if err != nil || len(res.Assignments) != 0 || len(res.Failures) != 3 {
		t.Fatal(res, err)
	}
	want := placement.Reason{Cause: placement.CauseLimit, What: "owner A: has 0 of 1 cpus, asks 2 more"}
	for _, f := range res.Failures {
		if f.Why.Main() != want {
			t.Error(f.Task, f.Why)
		}
	}
}

// TestLimitKinds: what limits count, and who counts together.
func TestLimitKinds(t *testing.T) {
	offers := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:100;mem:1000;ports:[1-100]"), Devices: []placement.Device{
		{Kind: "gpu", Capacity: 4000, Free: 4000}, {Kind: "gpu", Capacity: 4000, Free: 4000}, {Kind: "gpu", Capacity: 4000, Free: 4000}}}}
	task := func(id string, change func(*placement.Task)) placement.Task {
		t := placement.Task{ID: placement.TaskID(id), Owner: id[:1], Group: "g" + id[1:2], Needs: resources.MustQuantities("cpus:1")}
		if change != nil {
			change(&t)
		}
		return t
	}
	for name, c := range map[string]struct {
		limits []placement.Limit
		change func(*placement.Task)
		want   string
	}{
		"all tasks":        {[]placement.Limit{{Tasks: 2}}, nil, "a1 a2 "},
		"owner":            {[]placement.Limit{{Owner: "a", Tasks: 1}}, nil, "a1 b1 b2 "},
		"each owner":       {[]placement.Limit{{Owner: "*", Tasks: 1}}, nil, "a1 b1 "},
		"but one":          {[]placement.Limit{{Owner: "*", Tasks: 1}, {Owner: "b", Tasks: 5}}, nil, "a1 b1 b2 "},
		"group":            {[]placement.Limit{{Group: "g1", Tasks: 1}}, nil, "a1 a2 b2 "},
		"each group":       {[]placement.Limit{{Group: "*", Most: most("cpus=1")}}, nil, "a1 a2 "},
		"owner and group":  {[]placement.Limit{{Group: "g1", Tasks: 1}, {Owner: "b", Tasks: -1}}, nil, "a1 a2 "},
		"two of one owner": {[]placement.Limit{{Owner: "a", Tasks: 2}, {Owner: "a", Most: most("cpus=1.999")}}, nil, "a1 b1 b2 "},
		"nothing of it":    {[]placement.Limit{{Most: most("cpus=0")}}, nil, ""},
		"not asked for":    {[]placement.Limit{{Most: most("mem=0")}}, nil, "a1 a2 b1 b2 "},
		"ports": {[]placement.Limit{{Most: most("ports=5")}}, func(t *placement.Task) {
			t.Ports = ports.Request{Dynamic: 1, Fixed: []uint16{uint16(t.ID[0]-'a')*10 + uint16(t.ID[1])}}
		}, "a1 a2 "},
		"whole devices":     {[]placement.Limit{{Most: most("device:gpu=1")}}, func(t *placement.Task) { t.Devices = []placement.DeviceRequest{{Kind: "gpu", Count: 1}} }, "a1 "},
		"shares of devices": {[]placement.Limit{{Most: most("device:gpu=1")}}, func(t *placement.Task) { t.Devices = []placement.DeviceRequest{{Kind: "gpu", Share: 400}} }, "a1 a2 "},
	} {
		tasks := []placement.Task{task("a1", c.change), task("a2", c.change), task("b1", c.change), task("b2", c.change)}
		res, err := placement.Assign(offers, tasks, placement.WithLimits(c.limits...))
		if err != nil {
			t.Fatal(name, err)
		}
		if err := placementtest.Verify(offers, tasks, res, placementtest.WithLimits(c.limits...)); err != nil {
			t.Error(name, err)
		}
		got := ""
		for _, a := range res.Assignments {
			got += string(a.Task) + " "
		}
		if got != c.want {
			t.Errorf("%s: placed %s, want %s", name, got, c.want)
		}
	}
}

// TestLimitAndRunning: running tasks count, and reality wins.
func TestLimitAndRunning(t *testing.T) {
	running := []placement.Running{{Task: owned("A", 1, "cpus:5")[0], Agent: "a0"}}
	running[0].Task.ID = "r"
	tasks := append(owned("A", 1, "cpus:1"), placement.Task{ID: "only-mem", Owner: "A", Needs: resources.MustQuantities("mem:1")})
	res, err := placement.Assign(agents("cpus:8;mem:8"), tasks, placement.WithRunning(running...), placement.WithLimits(placement.Limit{Owner: "A", Most: most("cpus=4")}))
	if err != nil || len(res.Assignments) != 1 || res.Assignments[0].Task != "only-mem" {
		t.Fatal(res, err)
	}
}

// TestBadLimits: limits that make no sense are errors, of a fresh call and of an engine, and change nothing.
func TestBadLimits(t *testing.T) {
	for _, c := range []struct {
		limit placement.Limit
		want  error
	}{
		{placement.Limit{Owner: "a", Group: "b"}, placement.ErrBadRequest},
		{placement.Limit{Most: map[string]resources.Amount{"cpus": -1}}, placement.ErrBadAmount},
		{placement.Limit{Most: map[string]resources.Amount{"cpus": resources.MaxAmount + 1}}, placement.ErrBadAmount},
	} {
		opt := placement.WithLimits(placement.Limit{}, c.limit)
		_, err := placement.Assign(agents("cpus:1"), taskNeeding("cpus:1"), opt)
		var input *placement.InputError
		if !errors.Is(err, c.want) || !errors.As(err, &input) || input.Offenders[0].Where != "limits" || input.Offenders[0].Index != 1 {
			t.Error(c.limit, err)
		}
		e := placement.NewEngine(opt)
		e.AddOffers(agents("cpus:1")...)
		e.Submit(taskNeeding("cpus:1")...)
		if _, err := e.Assign(context.Background()); !errors.Is(err, c.want) {
			t.Error(c.limit, err)
		}
		if _, err := e.Why("t0"); !errors.Is(err, c.want) {
			t.Error(c.limit, err)
		}
		if len(e.Pending()) != 1 || len(e.Offers()) != 1 {
			t.Error("something has changed")
		}
	}
}

// TestEngineLimitsEqualFreshAssign: over any events, and with limits that change between rounds and come back, an engine's rounds are
// those of a fresh call, which keep the limits under every packer.
func TestEngineLimitsEqualFreshAssign(t *testing.T) {
	walks, rounds := uint64(6), 40
	if testing.Short() {
		walks, rounds = 2, 15
	}
	lists := [][]placement.Limit{nil,
		{{Owner: "u1", Most: most("cpus=4")}, {Owner: placement.Each, Tasks: 3}},
		{{Group: placement.Each, Tasks: 2}, {Most: most("cpus=14 mem=3000 ports=9 device:gpu=1.5")}},
	}
	var options []placement.Option
	for _, l := range lists {
		options = append(options, placement.WithLimits(l...))
	}
	for seed := range walks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 21)), engine: placement.NewEngine(), agents: 6, mixed: seed%2 == 1}
			limited := 0
			for i := range rounds {
				for range w.rng.IntN(8) {
					w.event(t)
				}
				which := 1 + (i/4)%2
				if w.rng.IntN(6) == 0 {
					which = 0
				}
				p := newPackers[w.rng.IntN(len(newPackers))]()
				res := w.verified(t, []placement.Option{placement.WithPacker(p), placement.WithSeed(uint64(i)), placement.WithPieces(), placement.WithExplain(1 << 21), options[which]},
					placementtest.WithLimits(lists[which]...), placementtest.WithPieces())
				for _, f := range res.Failures {
					if f.Why.Main().Cause == placement.CauseLimit {
						limited++
					}
				}
			}
			if limited == 0 {
				t.Error("no limit was ever in the way")
			}
		})
	}
}

// hoard places each task wherever the gate lets it.
func hoard(r *placement.Round) {
	for t := range r.Tasks() {
		for b := range r.Bins() {
			r.PlaceOn(t, b, nil)
		}
	}
}

// TestLimitsBindHostilePackers: neither a packer that pays no heed to Pending, nor moving and removing, gets around a limit.
func TestLimitsBindHostilePackers(t *testing.T) {
	tasks := owned("A", 10, "cpus:1")
	limits := []placement.Limit{{Owner: "A", Most: most("cpus=3")}}
	res := packWith(t, agents("cpus:8", "cpus:8"), tasks, func(r *placement.Round) {
		hoard(r)
		if r.Fits(5, 0) {
			t.Error("Fits says yes to what Place refuses")
		}
		for range r.Feasible(0) {
			t.Error("Feasible yields a task over the limit")
		}
		if _, ok := r.First(5); ok {
			t.Error("First finds a bin for a task over the limit")
		}
		m := r.Mark()
		r.Remove(0)
		if !r.Place(5, 1) || r.Place(0, 0) {
			t.Error("what was removed counts still, or no longer")
		}
		r.Rollback(m)
		if !r.Move(1, 1) || r.Place(6, 1) {
			t.Error("a move changes what is used")
		}
	}, placement.WithLimits(limits...))
	if err := placementtest.Verify(agents("cpus:8", "cpus:8"), tasks, res, placementtest.WithLimits(limits...)); err != nil || len(res.Assignments) != 3 {
		t.Error(len(res.Assignments), err)
	}
}

// TestLimitIsNotForgotten: a shape that one owner may not have is not taken for one that fits nowhere.
func TestLimitIsNotForgotten(t *testing.T) {
	tasks := append(owned("A", 3, "cpus:1"), owned("B", 3, "cpus:1")...)
	for _, newPacker := range newPackers {
		p := newPacker()
		res, err := placement.Assign(agents("cpus:4", "cpus:4"), tasks, placement.WithPacker(p), placement.WithLimits(placement.Limit{Owner: "A", Tasks: 1}))
		if err != nil || len(res.Assignments) != 4 {
			t.Errorf("%v: %d placed, %v", p, len(res.Assignments), err)
		}
	}
}

// TestPreemptionMindsLimits: a plan for a task whose owner is at a limit ends one of the owner's own tasks, or there is none.
func TestPreemptionMindsLimits(t *testing.T) {
	for _, c := range []struct {
		limit placement.Limit
		want  string
	}{
		{placement.Limit{Owner: "B", Tasks: 9}, "[A0] true"}, {placement.Limit{Owner: "B", Tasks: 1}, "[B0] true"}, {placement.Limit{Owner: "B", Tasks: -1}, "[] false"},
	} {
		e := placement.NewEngine(placement.WithLimits(c.limit))
		e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:2")})
		for _, task := range append(owned("B", 1, "cpus:1"), owned("A", 1, "cpus:1")...) {
			if err := e.Started(placement.Running{Task: task, Agent: "a"}); err != nil {
				t.Fatal(err)
			}
		}
		e.Submit(placement.Task{ID: "B-urgent", Owner: "B", Priority: 1, Needs: resources.MustQuantities("cpus:1")})
		plan, ok, err := e.PlanPreemption("B-urgent", placement.LowerPriority())
		if got := fmt.Sprint(plan.Victims, " ", ok); err != nil || got != c.want {
			t.Errorf("%v: %s, want %s: %v", c.limit, got, c.want, err)
		}
	}
}

// TestPlansOfMovesMindNoBounds: tasks that run may move whatever limits, tiers, batches and times say of tasks that do not; a gang that is to be on
// one agent stays.
func TestPlansOfMovesMindNoBounds(t *testing.T) {
	for _, oneAgent := range []bool{false, true} {
		e := placement.NewEngine(placement.WithBatch(1), placement.WithLimits(placement.Limit{Tasks: -1}), placement.WithTiers(placement.Tier{Capacity: most("cpus=0")}))
		for _, o := range agents("cpus:4", "cpus:4") {
			o.Standing = true
			e.AddOffers(o)
		}
		tasks := owned("A", 3, "cpus:1")
		for i, agent := range []placement.AgentID{"a0", "a1", "a1"} {
			tasks[i].ReadyAt, tasks[i].Gang, tasks[i].GangOneAgent, tasks[i].Priority = noon, fmt.Sprint(agent), oneAgent, i%2
			if err := e.Started(placement.Running{Task: tasks[i], Agent: agent}); err != nil {
				t.Fatal(err)
			}
		}
		plan, err := e.PlanScaleDown(placement.ScaleDown{})
		if moves := len(plan.Moves); err != nil || (moves == 1) == oneAgent {
			t.Errorf("one agent %v: %d moves, %v", oneAgent, moves, err)
		}
	}
}
