package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleWithHeadroom() {
	offers := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4;mem:1000")}}
	tasks := []placement.Task{
		{ID: "first", Needs: resources.MustQuantities("cpus:3;mem:900")},
		{ID: "second", Needs: resources.MustQuantities("cpus:3;mem:100")},
	}
	result, err := placement.Assign(offers, tasks,
		placement.WithOvercommit(map[string]float64{"cpus": 1.5}), // 6 cpus
		placement.WithHeadroom(map[string]resources.Amount{"mem": resources.MustAmount("50")}))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(result.Assignments[0].Task, "on", result.Assignments[0].Agent)
	fmt.Println(result.Failures[0].Task, result.Failures[0].Why)
	// Output:
	// first on a
	// second not on the only agent: 1 headroom (mem); nearest is a, which lacks 50 mem (asked 100, free 50 of 950)
}

// TestOvercommitAndHeadroom: what an agent counts for, offered or standing, with tasks running there or not.
func TestOvercommitAndHeadroom(t *testing.T) {
	for _, c := range []struct {
		name     string
		factor   float64
		headroom string
		standing bool
		running  string
		want     int // tasks of one cpu
		why      string
	}{
		{"as it is", 1, "", false, "", 8, "1 exhausted (cpus)"},
		{"twice", 2, "", false, "", 16, "1 exhausted (cpus)"},
		{"a part", 0.7, "", false, "", 5, "1 exhausted (cpus)"},
		{"nothing", 0, "", false, "", 0, "1 too small (cpus)"},
		{"headroom", 1, "cpus=3", false, "", 5, "1 headroom (cpus)"},
		{"twice with headroom", 2, "cpus=3", false, "", 13, "1 headroom (cpus)"},
		{"headroom of all", 1, "cpus=8", false, "", 0, "1 headroom (cpus)"},
		{"headroom of more", 1, "cpus=80", false, "", 0, "1 headroom (cpus)"},
		{"of something else", 1, "mem=80", false, "", 8, "1 exhausted (cpus)"},
		{"offered beside what runs", 2, "", false, "cpus:4", 8*2 + 4, "1 exhausted (cpus)"}, // of 12 in all, as 24, 4 are in use
		{"headroom beside what runs", 1, "cpus=3", false, "cpus:4", 5, "1 headroom (cpus)"},
		{"standing", 2, "", true, "cpus:4", 12, "1 exhausted (cpus)"},
		{"standing with headroom", 1, "cpus=3", true, "cpus:4", 1, "1 headroom (cpus)"},
		{"standing, more in use than there should be", 0.5, "", true, "cpus:6", 0, "1 exhausted (cpus)"},
		{"standing, more in use than there is", 2, "cpus=1", true, "cpus:13", 2, "1 headroom (cpus)"},
		{"in use is what was to be kept", 1, "cpus=5", true, "cpus:8", 0, "1 exhausted (cpus)"},
	} {
		offers := []placement.Offer{{ID: "o", Agent: "a", Standing: c.standing, Resources: resources.MustParse("cpus:8;mem:8")}}
		tasks := owned("t", 30, "cpus:1")
		tasks = append(tasks, owned("n", 1, "")...) // what needs nothing is not refused
		var running []placement.Running
		if c.running != "" {
			running = append(running, placement.Running{Task: placement.Task{ID: "r", Needs: resources.MustQuantities(c.running)}, Agent: "a"})
		}
		factors := map[string]float64{"cpus": c.factor}
		check := func(res placement.Result) {
			t.Helper()
			if err := placementtest.Verify(offers, tasks, res, placementtest.WithRunning(running...), placementtest.WithOvercommit(factors), placementtest.WithHeadroom(most(c.headroom))); err != nil {
				t.Error(c.name, err)
			}
			if n := count(res, "t"); n != c.want || count(res, "n") != 1 {
				t.Errorf("%s: %d placed, want %d", c.name, n, c.want)
			}
			if why := res.Failures[0].Why.Main().String(); why != c.why {
				t.Errorf("%s: %s, want %s", c.name, res.Failures[0].Why, c.why)
			}
		}
		opts := []placement.Option{placement.WithOvercommit(factors), placement.WithHeadroom(most(c.headroom))}
		res, err := placement.Assign(offers, tasks, append(opts, placement.WithRunning(running...))...)
		if err != nil {
			t.Fatal(c.name, err)
		}
		check(res)
		e := placement.NewEngine(opts...)
		e.AddOffers(offers...)
		e.Started(running...)
		e.Submit(tasks...)
		if res, err = e.Assign(context.Background()); err != nil {
			t.Fatal(c.name, err)
		}
		check(res)
	}
}

// TestBadOvercommit: factors and amounts that are none, and pieces of more than there is.
func TestBadOvercommit(t *testing.T) {
	factor := func(f float64) placement.Option { return placement.WithOvercommit(map[string]float64{"cpus": f}) }
	for _, c := range []struct {
		opts []placement.Option
		want error
	}{
		{[]placement.Option{factor(-0.1)}, placement.ErrBadAmount},
		{[]placement.Option{factor(1000.001)}, placement.ErrBadAmount},
		{[]placement.Option{factor(math.NaN())}, placement.ErrBadAmount},
		{[]placement.Option{factor(math.Inf(1))}, placement.ErrBadAmount},
		{[]placement.Option{placement.WithHeadroom(map[string]resources.Amount{"cpus": -1})}, placement.ErrBadAmount},
		{[]placement.Option{factor(1.001), placement.WithPieces()}, placement.ErrBadRequest},
		{[]placement.Option{factor(1), placement.WithPieces()}, nil},
		{[]placement.Option{factor(1000)}, nil},
	} {
		if _, err := placement.Assign(agents("cpus:1"), nil, c.opts...); !errors.Is(err, c.want) {
			t.Error(err, c.want)
		}
	}
	// Nothing overflows.
	big := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.MaxAmount)})}}
	task := placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")}
	if res, err := placement.Assign(big, []placement.Task{task}, factor(1000)); err != nil || len(res.Assignments) != 1 {
		t.Error(res, err)
	}
}

// TestWantsOvercommitted: whether an offer is wanted is asked of what it counts for.
func TestWantsOvercommitted(t *testing.T) {
	offer := []placement.Offer{{ID: "x", Agent: "a", Resources: resources.MustParse("cpus:4")}}
	for _, c := range []struct {
		opt  placement.Option
		want bool
	}{{placement.WithOvercommit(nil), false}, {placement.WithOvercommit(map[string]float64{"cpus": 1.5}), true},
		{placement.WithOvercommit(map[string]float64{"cpus": 1.1}), false}} {
		e := placement.NewEngine(c.opt)
		e.Submit(owned("t", 1, "cpus:5")...)
		if got := e.Wants(offer); got != c.want {
			t.Error(got, c.want)
		}
	}
	e := placement.NewEngine(placement.WithHeadroom(most("cpus=1")))
	e.Submit(owned("t", 1, "cpus:4")...)
	if e.Wants(offer) {
		t.Error("what is to be kept free is wanted")
	}
}

// TestEngineOvercommitEqualsFreshAssign: over any events, with factors and headroom that come and go, and agents that go off and come back,
// an engine's rounds are those of a fresh call.
func TestEngineOvercommitEqualsFreshAssign(t *testing.T) {
	walks, rounds := uint64(6), 40
	if testing.Short() {
		walks, rounds = 2, 20
	}
	type choice struct {
		factors  map[string]float64
		headroom map[string]resources.Amount
	}
	choices := []choice{{}, {map[string]float64{"cpus": 1.5, "mem": 0.8}, nil}, {map[string]float64{"cpus": 0.7}, most("cpus=0.5 mem=300")}}
	var options [][]placement.Option
	for _, c := range choices {
		options = append(options, []placement.Option{placement.WithOvercommit(c.factors), placement.WithHeadroom(c.headroom)})
	}
	for seed := range walks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 25)), engine: placement.NewEngine(), agents: 6, mixed: seed%2 == 1}
			for i := range rounds {
				for range w.rng.IntN(8) {
					w.event(t)
				}
				which := (i / 4) % len(choices)
				off := w.randomOff(noon)
				p := newPackers[w.rng.IntN(len(newPackers))]()
				w.verified(t, append([]placement.Option{placement.WithPacker(p), placement.WithSeed(uint64(i)), placement.WithExplain(1 << 21), placement.WithNow(noon), placement.WithDisabled(off...)}, options[which]...),
					placementtest.WithNow(noon), placementtest.WithDisabled(off...), placementtest.WithOvercommit(choices[which].factors), placementtest.WithHeadroom(choices[which].headroom))
			}
		})
	}
}

// elasticity is a way in which agents count for more or less than they are.
type elasticity struct {
	factors  map[string]float64
	headroom map[string]resources.Amount
	pieces   bool
}

var elastics = []elasticity{
	{factors: map[string]float64{"cpus": 1.5}},
	{headroom: most("cpus=1 mem=300"), pieces: true},
	{map[string]float64{"cpus": 0.75, "mem": 0.6}, most("cpus=0.5"), true},
	{map[string]float64{"cpus": 2, "mem": 1.2}, most("cpus=3"), false},
}

// elasticOf is that of a seed: none for the first eight, then each for two.
func elasticOf(seed uint64) elasticity {
	if seed < 8 {
		return elasticity{pieces: true}
	}
	return elastics[(seed-8)/2%uint64(len(elastics))]
}

func (x elasticity) options() []placement.Option {
	opts := []placement.Option{placement.WithOvercommit(x.factors), placement.WithHeadroom(x.headroom)}
	if x.pieces {
		opts = append(opts, placement.WithPieces())
	}
	return opts
}

func (x elasticity) checks() []placementtest.Option {
	return []placementtest.Option{placementtest.WithOvercommit(x.factors), placementtest.WithHeadroom(x.headroom)}
}

// TestPlanBeforeFirstRound: overcommit and headroom hold for plans also where no round has met them yet, and as a plan's own options.
func TestPlanBeforeFirstRound(t *testing.T) {
	for name, c := range map[string]struct {
		x       elasticity
		victims int // -1: there is no plan
	}{
		"as it is":   {elasticity{}, 1},
		"headroom":   {elasticity{headroom: most("cpus=1")}, 2},
		"more":       {elasticity{headroom: most("cpus=3")}, -1},
		"overcommit": {elasticity{factors: map[string]float64{"cpus": 1.5}}, 0},
		"less":       {elasticity{factors: map[string]float64{"cpus": 0.75}}, 2},
	} {
		for _, late := range []bool{false, true} {
			opts, given := c.x.options(), []placement.Option(nil)
			if late {
				opts, given = given, opts
			}
			e := placement.NewEngine(opts...)
			e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:4")})
			for _, id := range []placement.TaskID{"x", "y"} {
				e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: id, Needs: resources.MustQuantities("cpus:1.5")}})
			}
			e.Submit(placement.Task{ID: "new", Needs: resources.MustQuantities("cpus:2"), Priority: 1, Owner: "modest"})
			plan, ok, err := e.PlanPreemption("new", placement.LowerPriority(), given...)
			if err != nil || ok != (c.victims >= 0) || ok && len(plan.Victims) != c.victims {
				t.Errorf("%s, late %v: %+v %v %v", name, late, plan, ok, err)
			}
			plans, err := e.Rebalance(placement.Rebalancer{Shares: func(string) resources.Quantities { return resources.MustQuantities("cpus:1") }, MinDiff: -9}, given...)
			if err != nil || len(plans) != min(1, c.victims+1) || len(plans) > 0 && len(plans[0].Victims) != c.victims {
				t.Errorf("%s, late %v: %+v %v", name, late, plans, err)
			}
			e.Ended(plan.Victims...)
			if res, err := e.Assign(context.Background(), given...); err != nil || len(res.Assignments) != min(1, c.victims+1) {
				t.Errorf("%s, late %v: %+v %v", name, late, res, err)
			}
		}
	}
}
