package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// ganged makes n tasks of a gang.
func ganged(gang string, n, least int, oneAgent bool, needs string) []placement.Task {
	tasks := owned(gang, n, needs)
	for i := range tasks {
		tasks[i].Gang, tasks[i].GangMin, tasks[i].GangOneAgent = gang, least, oneAgent
	}
	return tasks
}

// whereAll says where the tasks are, by their prefix.
func whereAll(res placement.Result, prefix string) map[placement.AgentID]int {
	on := map[placement.AgentID]int{}
	for _, a := range res.Assignments {
		if len(a.Task) > len(prefix) && string(a.Task[:len(prefix)]) == prefix {
			on[a.Agent]++
		}
	}
	return on
}

// TestGangMinimum: a part that is large enough is placed, one that is too small is not; in a later round those that run count.
func TestGangMinimum(t *testing.T) {
	for _, c := range []struct {
		name         string
		least, cpus  int
		running      int
		want, failed int
		why          string
	}{
		{"all", 0, 5, 0, 5, 0, ""},
		{"all, no room", 0, 4, 0, 0, 5, "gang (g: 4 of 5 found room)"},
		{"enough", 3, 4, 0, 4, 1, "1 exhausted (cpus)"},
		{"just enough", 3, 3, 0, 3, 2, "1 exhausted (cpus)"},
		{"too few", 3, 2, 0, 0, 5, "gang (g: 2 of 5 found room, not 3)"},
		{"some run", 3, 1, 2, 1, 4, "1 exhausted (cpus)"},
		{"some run, too few", 4, 1, 2, 0, 5, "gang (g: 1 of 5 found room, not 2)"},
		{"enough run", 3, 2, 7, 2, 3, "1 exhausted (cpus)"},
		{"not there", 6, 9, 0, 0, 5, "gang (g: has 5 of at least 6 tasks)"},
		{"there with those that run", 6, 5, 1, 5, 0, ""},
	} {
		offers := agents(fmt.Sprint("cpus:", c.cpus))
		tasks := ganged("g", 5, c.least, false, "cpus:1")
		var running []placement.Running
		for _, task := range ganged("r", c.running, 0, false, "cpus:1") {
			task.Gang = "g"
			running = append(running, placement.Running{Task: task, Agent: "elsewhere"})
		}
		res, err := placement.Assign(offers, tasks, placement.WithRunning(running...))
		if err != nil {
			t.Fatal(c.name, err)
		}
		if err := placementtest.Verify(offers, tasks, res, placementtest.WithRunning(running...)); err != nil {
			t.Error(c.name, err)
		}
		if len(res.Assignments) != c.want || len(res.Failures) != c.failed {
			t.Errorf("%s: %d placed, %d not", c.name, len(res.Assignments), len(res.Failures))
		}
		if c.failed > 0 && res.Failures[0].Why.Main().String() != c.why {
			t.Errorf("%s: %v", c.name, res.Failures[0].Why)
		}
	}
}

// TestGangOnOneAgent: under every packer and order, with other tasks in between, the whole gang goes to the only agent that has room for it.
func TestGangOnOneAgent(t *testing.T) {
	offers := agents("cpus:3", "cpus:2", "cpus:5", "cpus:3")
	gang := ganged("g", 4, 0, true, "cpus:1")
	others := owned("o", 6, "cpus:1")
	tasks := []placement.Task{gang[0], others[0], gang[1], others[1], others[2], gang[2], others[3], others[4], gang[3], others[5]}
	for _, newPacker := range newPackers {
		for order := range placement.Orders() {
			p := newPacker()
			res, err := placement.Assign(offers, tasks, placement.WithPacker(p), placement.WithOrder(order))
			if err != nil {
				t.Fatal(err)
			}
			if err := placementtest.Verify(offers, tasks, res); err != nil {
				t.Error(p, order, err)
			}
			on := whereAll(res, "g")
			if order == placement.AsGiven && on["a2"] != 4 {
				t.Errorf("%v, %v: gang on %v", p, order, on)
			}
			if all := len(res.Assignments); all != 10 && order == placement.AsGiven {
				t.Errorf("%v, %v: %d placed", p, order, all)
			}
		}
	}
}

// TestGangOnOneAgentCases: what keeps a gang off an agent, and where those that run bind it.
func TestGangOnOneAgentCases(t *testing.T) {
	offers := []placement.Offer{
		{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:8;ports:[1-2]")},
		{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:8;ports:[1-3]"), Attributes: resources.MustAttributes("rack:r1")},
		{ID: "o3", Agent: "c", Resources: resources.MustParse("cpus:2;ports:[1-9]")},
		{ID: "o4", Agent: "c", Role: "web", Resources: resources.MustParse("cpus:2;ports:[1-9]")},
	}
	fixed := func(t *placement.Task, i int) { t.Ports.Fixed = []uint16{uint16(i + 1)} }
	for _, c := range []struct {
		name    string
		n       int
		least   int
		change  func(*placement.Task, int)
		running []placement.AgentID
		want    map[placement.AgentID]int
		why     string
	}{
		{"first that has room", 3, 0, nil, nil, map[placement.AgentID]int{"a": 3}, ""},
		{"too many", 9, 0, nil, nil, map[placement.AgentID]int{}, "3 gang (g: no room for 9 of it on one agent)"},
		{"as many as there is room for", 9, 2, nil, nil, map[placement.AgentID]int{"a": 8}, "2 gang (g: is on another agent)"},
		{"ports", 3, 0, func(t *placement.Task, _ int) { t.Ports = ports.Request{Dynamic: 1} }, nil, map[placement.AgentID]int{"b": 3}, ""},
		{"ports that no row shows", 3, 0, fixed, nil, map[placement.AgentID]int{"b": 3}, ""},
		{"both bins of an agent", 4, 0, func(t *placement.Task, i int) { t.Ports.Fixed = []uint16{uint16(i + 4)} }, nil, map[placement.AgentID]int{"c": 4}, ""},
		{"requirement of one", 3, 0, func(t *placement.Task, i int) {
			if i == 2 {
				t.Require = constraints.MustParse("rack=r1")
			}
		}, nil, map[placement.AgentID]int{"b": 3}, ""},
		{"impossible requirement", 2, 0, func(t *placement.Task, i int) { t.Require = constraints.MustParse("unique"); t.Group = "x" }, nil, map[placement.AgentID]int{},
			"3 gang (g: no room for 2 of it on one agent)"},
		{"where they run", 2, 0, nil, []placement.AgentID{"c", "a"}, map[placement.AgentID]int{"c": 2}, ""},
		{"no room where they run", 5, 0, nil, []placement.AgentID{"c"}, map[placement.AgentID]int{}, "gang (g: 4 of 5 found room on one agent)"},
		{"no offer where they run", 1, 0, nil, []placement.AgentID{"gone"}, map[placement.AgentID]int{}, "3 gang (g: is on another agent)"},
	} {
		tasks := ganged("g", c.n, c.least, true, "cpus:1")
		for i := range tasks {
			if c.change != nil {
				c.change(&tasks[i], i)
			}
		}
		var running []placement.Running
		for i, agent := range c.running {
			running = append(running, placement.Running{Task: placement.Task{ID: placement.TaskID(fmt.Sprint("r", i)), Gang: "g"}, Agent: agent})
		}
		res, err := placement.Assign(offers, tasks, placement.WithPacker(placement.FirstFit()), placement.WithRunning(running...))
		if err != nil {
			t.Fatal(c.name, err)
		}
		if err := placementtest.Verify(offers, tasks, res, placementtest.WithRunning(running...)); err != nil {
			t.Error(c.name, err)
		}
		if d := cmp.Diff(c.want, whereAll(res, "g")); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		if len(res.Failures) > 0 && res.Failures[0].Why.Main().String() != c.why {
			t.Errorf("%s: %v", c.name, res.Failures[0].Why)
		}
	}
}

// TestFailedGangLeavesNoTrace: the result of the others is that of a call without the gang.
func TestFailedGangLeavesNoTrace(t *testing.T) {
	offers := agents("cpus:4", "cpus:3", "cpus:2")
	others := owned("o", 7, "cpus:1")
	for _, gang := range [][]placement.Task{ganged("g", 12, 11, false, "cpus:1"), ganged("g", 6, 5, true, "cpus:1"), ganged("g", 5, 0, true, "cpus:1;mem:1")} {
		for _, newPacker := range newPackers {
			p := newPacker()
			want, err := placement.Assign(offers, others, placement.WithPacker(p))
			if err != nil {
				t.Fatal(err)
			}
			got, err := placement.Assign(offers, append(gang[:len(gang):len(gang)], others...), placement.WithPacker(p))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want.Assignments, got.Assignments); d != "" || len(got.Failures) != len(gang) {
				t.Errorf("%v: %d failures, %s", p, len(got.Failures), d)
			}
		}
	}
}

// TestFailedGangsWeighNothing: nor do they count where packers weigh all tasks, draw lots or choose a packer, whatever the order, limits and
// tiers: gangs with a task too large for any agent, for which there are too few agents or no single one, or that are over a limit.
func TestFailedGangsWeighNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	orders := slices.Collect(placement.Orders())
	for round := range 60 {
		var offers []placement.Offer
		for i := range 2 + rng.IntN(6) {
			offers = append(offers, agents(fmt.Sprintf("cpus:%d;mem:%d;disk:%d", 2+rng.IntN(6), 100*(1+rng.IntN(9)), 10+rng.IntN(90)))...)
			offers[i].ID, offers[i].Agent = placement.OfferID(fmt.Sprint("o", i)), placement.AgentID(fmt.Sprint("a", i))
		}
		others := owned("o", 4+rng.IntN(12), "cpus:1")
		for i := range others {
			others[i].Needs = resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(3), 1+rng.IntN(300)))
			others[i].Owner, others[i].Priority, others[i].Value = fmt.Sprint("u", rng.IntN(3)), rng.IntN(2), float64(1+rng.IntN(4))
		}
		large := ganged("large", 3, 0, false, "cpus:1;disk:1")
		large[1+rng.IntN(2)].Needs = resources.MustQuantities("cpus:1;disk:200")
		all := slices.Concat(large, ganged("many", 60, 50, false, "disk:1;cpus:1"), ganged("one", 9, 0, true, "cpus:1;mem:1"), ganged("limited", 4, 3, false, "mem:1"))
		for i := range all {
			all[i].Owner, all[i].Priority = "gangs", rng.IntN(3)
			if i > 0 && all[i-1].Gang == all[i].Gang {
				all[i].Priority = all[i-1].Priority
			}
		}
		tasks := append(all, others...)
		rng.Shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		others = slices.DeleteFunc(slices.Clone(tasks), func(task placement.Task) bool { return task.Gang != "" })
		for _, newPacker := range newPackers {
			p := newPacker()
			opts := []placement.Option{placement.WithPacker(p), placement.WithOrder(orders[rng.IntN(len(orders))]), placement.WithSeed(uint64(round)),
				placement.WithLimits(placement.Limit{Owner: "gangs", Tasks: 2})}
			if rng.IntN(2) == 0 {
				opts = append(opts, placement.WithTiers(placement.Tier{Priority: 1, Capacity: map[string]resources.Amount{"cpus": 9 * resources.One},
					Buckets: []placement.Bucket{{Owner: "u0", Guarantee: map[string]resources.Amount{"cpus": resources.One}}}}))
			}
			want, err := placement.Assign(offers, others, opts...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := placement.Assign(offers, tasks, opts...)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want.Assignments, got.Assignments); d != "" || len(got.Failures) != len(want.Failures)+len(all) {
				t.Errorf("round %d, %v: %d failures, want %d and %d; assignments without the gangs -, with them +:\n%s", round, p, len(got.Failures), len(want.Failures), len(all), d)
			}
		}
	}
}

// TestGangAndLimit: a limit that lets a part of a gang in is named.
func TestGangAndLimit(t *testing.T) {
	tasks := ganged("g", 3, 0, false, "cpus:1")
	res, err := placement.Assign(agents("cpus:8"), tasks, placement.WithLimits(placement.Limit{Owner: "g", Tasks: 2}))
	if err != nil || len(res.Failures) != 3 {
		t.Fatal(res, err)
	}
	if got, want := res.Failures[0].Why.Main().What, "g: 2 of 3 found room; limit (owner g: has 2 of 2 tasks)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestBadGangs: what does not agree, or says nothing, is an error, of a call and of an engine.
func TestBadGangs(t *testing.T) {
	good := placement.Task{ID: "a", Gang: "g", GangMin: 1, GangOneAgent: true}
	for _, bad := range []placement.Task{
		{ID: "b", Gang: "g", GangMin: 2, GangOneAgent: true}, {ID: "b", Gang: "g", GangMin: 1}, {ID: "b", Gang: "g", GangMin: 1, GangOneAgent: true, Priority: 1},
		{ID: "b", GangMin: 1}, {ID: "b", GangOneAgent: true}, {ID: "b", Gang: "h", GangMin: -1},
	} {
		if _, err := placement.Assign(nil, []placement.Task{good, bad}); !errors.Is(err, placement.ErrGang) {
			t.Error(bad, err)
		}
		e := placement.NewEngine()
		if err := e.Submit(good, bad); !errors.Is(err, placement.ErrGang) || len(e.Pending()) != 1 {
			t.Error(bad, err)
		}
	}
}

// TestEngineGang: in an engine a gang may come in parts, and its later tasks follow those that run.
func TestEngineGang(t *testing.T) {
	e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
	gang := ganged("g", 4, 3, true, "cpus:1")
	round := func(want string) {
		t.Helper()
		res, err := e.Assign(context.Background())
		if got := fmt.Sprint(whereAll(res, "g")); err != nil || got != want {
			t.Fatalf("%s, want %s: %v", got, want, err)
		}
	}
	e.AddOffers(placement.Offer{ID: "a", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:2")},
		placement.Offer{ID: "b", Agent: "b", Standing: true, Resources: resources.MustParse("cpus:3")})
	e.Submit(gang[:2]...)
	round("map[]")
	e.Submit(gang[2:]...)
	round("map[b:3]")
	if e.Wants([]placement.Offer{{ID: "x", Agent: "c", Resources: resources.MustParse("cpus:9")}}) {
		t.Error("it wants an agent where the others are not")
	}
	round("map[]")
	e.Ended("g0")
	round("map[b:1]")
}

// TestEngineGangsEqualFreshAssign: with gangs of all sorts, over any events, an engine's rounds are those of a fresh call.
func TestEngineGangsEqualFreshAssign(t *testing.T) {
	walks, rounds := uint64(6), 40
	if testing.Short() {
		walks, rounds = 2, 25
	}
	for seed := range walks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 22)), engine: placement.NewEngine(), agents: 6, mixed: seed%2 == 1}
			in := 0
			for i := range rounds {
				for range w.rng.IntN(6) {
					w.event(t)
				}
				if w.rng.IntN(2) == 0 {
					name := fmt.Sprint("gang", w.rng.IntN(4), ".")
					n := 1 + w.rng.IntN(4)
					for range n {
						task := w.task()
						task.Priority, task.Gang, task.GangMin, task.GangOneAgent = 0, name, int(name[4]-'0')%3, name[4]%2 == 0
						if err := w.engine.Submit(task); err != nil {
							t.Fatal(err)
						}
						w.pending = append(w.pending, task)
					}
				}
				p := newPackers[w.rng.IntN(len(newPackers))]()
				res := w.verified(t, []placement.Option{placement.WithPacker(p), placement.WithSeed(uint64(i)), placement.WithExplain(1 << 21)})
				for _, a := range res.Assignments {
					for _, r := range w.running {
						if r.Task.ID == a.Task && r.Task.Gang != "" {
							in++
						}
					}
				}
			}
			if in == 0 {
				t.Error("no gang was ever placed")
			}
		})
	}
}
