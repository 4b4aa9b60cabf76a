package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleWithDisabled() {
	offers := []placement.Offer{
		{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:4")},
		{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:4")},
	}
	tasks := []placement.Task{
		{ID: "small", Needs: resources.MustQuantities("cpus:1")},
		{ID: "big", Needs: resources.MustQuantities("cpus:4")},
	}
	result, err := placement.Assign(offers, tasks, placement.WithDisabled(placement.Disabled{Agent: "a"}))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(result.Assignments[0].Task, "on", result.Assignments[0].Agent)
	fmt.Println(result.Failures[0].Task, result.Failures[0].Why)
	// Output:
	// small on b
	// big none of 2 agents: 1 disabled, 1 exhausted (cpus); nearest is b, which lacks 1 cpus (asked 4, free 3 of 4)
}

func ExampleWithActiveGroups() {
	offers := []placement.Offer{
		{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:4"), Attributes: resources.MustAttributes("asg:test1")},
		{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:4"), Attributes: resources.MustAttributes("asg:test2")},
	}
	tasks := []placement.Task{{ID: "first", Needs: resources.MustQuantities("cpus:3")}, {ID: "second", Needs: resources.MustQuantities("cpus:3")}}
	result, err := placement.Assign(offers, tasks, placement.WithActiveGroups("asg", "test2"))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(result.Assignments[0].Task, "on", result.Assignments[0].Agent)
	fmt.Println(result.Failures[0].Why.Main())
	// Output:
	// first on b
	// 1 inactive group (asg=test1)
}

func ExampleEngine_Disable() {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4")})
	e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")})
	e.Disable(placement.Disabled{Agent: "a", Until: noon.Add(time.Hour)})
	for _, now := range []time.Time{noon, noon.Add(time.Hour)} {
		result, err := e.Assign(context.Background(), placement.WithNow(now))
		fmt.Println(len(result.Assignments), err)
	}
	// Output:
	// 0 <nil>
	// 1 <nil>
}

func groupOffer(agent, group, text string) placement.Offer {
	return placement.Offer{ID: placement.OfferID("o-" + agent), Agent: placement.AgentID(agent), Resources: resources.MustParse(text),
		Attributes: resources.MustAttributes("asg:" + group)}
}

// TestFenzo40ActiveGroup: an offer of an inactive group is never used, one of an active group is.
func TestFenzo40ActiveGroup(t *testing.T) {
	e := placement.NewEngine()
	e.SetActiveGroups("asg", "test1")
	e.AddOffers(groupOffer("b", "test2", "cpus:4"))
	e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")})
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 0 {
		t.Fatal(res, err)
	}
	e.AddOffers(groupOffer("a", "test1", "cpus:4"))
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 1 || res.Assignments[0].Agent != "a" {
		t.Fatal(res, err)
	}
}

// TestFenzo41UnusableOffers: the offers of inactive groups are those to give back, at once and without a limit, and no others.
func TestFenzo41UnusableOffers(t *testing.T) {
	e := placement.NewEngine()
	var want []placement.OfferID
	for i := range 20 {
		o := groupOffer(fmt.Sprint("a", i), fmt.Sprint("test", i%2), "cpus:1")
		if i%2 == 1 {
			want = append(want, o.ID)
		}
		e.AddOffers(o)
	}
	if got := e.UnusableOffers(time.Time{}); len(got) != 0 {
		t.Error(got)
	}
	e.SetActiveGroups("asg", "test0")
	if got := e.UnusableOffers(time.Time{}); !slices.Equal(got, want) {
		t.Error(got)
	}
	e.SetActiveGroups("", "test0") // all are active again
	if got := e.UnusableOffers(time.Time{}); len(got) != 0 {
		t.Error(got)
	}
}

// TestFenzo42TwoActiveGroups: small and large hosts of two active groups are both used.
func TestFenzo42TwoActiveGroups(t *testing.T) {
	offers := []placement.Offer{groupOffer("s", "small", "cpus:1"), groupOffer("l", "large", "cpus:8"), groupOffer("x", "other", "cpus:8")}
	tasks := taskNeeding("cpus:8", "cpus:1", "cpus:1")
	res, err := placement.Assign(offers, tasks, placement.WithActiveGroups("asg", "small", "large"))
	if err != nil || len(res.Assignments) != 2 || res.Assignments[0].Agent != "l" || res.Assignments[1].Agent != "s" {
		t.Fatal(res, err)
	}
}

// TestDisabledNeedsNothing: also a task that asks for nothing stays off.
func TestDisabledNeedsNothing(t *testing.T) {
	res, err := placement.Assign(agents("cpus:1"), []placement.Task{{ID: "t"}}, placement.WithDisabled(placement.Disabled{Agent: "a0"}))
	if err != nil || len(res.Assignments) != 0 || res.Failures[0].Why.Main() != (placement.Reason{Cause: placement.CauseDisabled, Agents: 1}) {
		t.Fatal(res, err)
	}
}

// randomOff names about a third of the agents of a world.
func (w *world) randomOff(now time.Time) []placement.Disabled {
	var off []placement.Disabled
	for a := range w.agents {
		if d := (placement.Disabled{Agent: placement.AgentID(fmt.Sprint("a", a))}); w.rng.IntN(3) == 0 {
			if w.rng.IntN(2) == 0 {
				d.Until = now.Add(time.Duration(w.rng.IntN(3)-1) * time.Hour)
			}
			off = append(off, d)
		}
	}
	return off
}

// TestEngineDisabledEqualsFreshAssign: no packer places a task on an agent that is off, and an engine in which agents go off and
// come back between rounds gives what a fresh call gives.
func TestEngineDisabledEqualsFreshAssign(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 20
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 11)), engine: placement.NewEngine(), agents: 12, mixed: seed%2 == 1}
			var packers []placement.Packer
			for _, newPacker := range newPackers {
				packers = append(packers, newPacker())
			}
			for i := range rounds {
				for range w.rng.IntN(8) {
					w.event(t)
				}
				off := w.randomOff(now)
				racks := []string{"r0", "r1", "r2", "r3"}[:w.rng.IntN(5)]
				w.verified(t, []placement.Option{placement.WithPacker(packers[w.rng.IntN(len(packers))]), placement.WithSeed(uint64(i)), placement.WithPieces(), placement.WithNow(now),
					placement.WithExplain(1 << 21), placement.WithDisabled(off...), placement.WithActiveGroups("rack", racks...)},
					placementtest.WithNow(now), placementtest.WithDisabled(off...), placementtest.WithActiveGroups("rack", racks...), placementtest.WithPieces())
			}
		})
	}
}

// verified checks what a fresh call gives before the engine's round is compared with it.
func (w *world) verified(t *testing.T, opts []placement.Option, check ...placementtest.Option) placement.Result {
	t.Helper()
	res, err := placement.Assign(w.offers, w.pending, append(opts, placement.WithRunning(w.running...))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := placementtest.Verify(w.offers, w.pending, res, append(check, placementtest.WithRunning(w.running...))...); err != nil {
		t.Fatal(err)
	}
	w.round(t, opts...)
	return res
}

// TestEngineForgetsDisables: a disable that is over is forgotten; the engine's list is by id.
func TestEngineForgetsDisables(t *testing.T) {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	e := placement.NewEngine()
	e.Disable(placement.Disabled{Agent: "b", Until: noon}, placement.Disabled{Agent: "a"}, placement.Disabled{Agent: "c", Until: noon.Add(1)})
	if _, err := e.Assign(context.Background(), placement.WithNow(noon)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]placement.Disabled{{Agent: "a"}, {Agent: "c", Until: noon.Add(1)}}, e.Disabled()); d != "" {
		t.Error(d)
	}
	if unknown := e.Enable("a", "b"); !slices.Equal(unknown, []placement.AgentID{"b"}) {
		t.Error(unknown)
	}
}

// TestVerifyDisabled: the checker rejects a task on an agent that is off.
func TestVerifyDisabled(t *testing.T) {
	offers := []placement.Offer{groupOffer("a", "g", "cpus:1")}
	tasks := taskNeeding("cpus:1")
	res, err := placement.Assign(offers, tasks)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		opts []placementtest.Option
		bad  bool
	}{
		"disabled":       {[]placementtest.Option{placementtest.WithDisabled(placement.Disabled{Agent: "a"})}, true},
		"still disabled": {[]placementtest.Option{placementtest.WithNow(now), placementtest.WithDisabled(placement.Disabled{Agent: "a", Until: now.Add(1)})}, true},
		"disabled until": {[]placementtest.Option{placementtest.WithNow(now), placementtest.WithDisabled(placement.Disabled{Agent: "a", Until: now})}, false},
		"other group":    {[]placementtest.Option{placementtest.WithActiveGroups("asg", "h")}, true},
		"no such group":  {[]placementtest.Option{placementtest.WithActiveGroups("zone", "g")}, true},
		"active":         {[]placementtest.Option{placementtest.WithActiveGroups("asg", "h", "g")}, false},
		"all active":     {[]placementtest.Option{placementtest.WithActiveGroups("zone")}, false},
	} {
		if err := placementtest.Verify(offers, tasks, res, c.opts...); errors.Is(err, placementtest.ErrDisabled) != c.bad {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDisabledBeforeFirstOffer: an agent may be disabled before anybody has heard of it; its offers are of no use, to a round, to a buffer or as
// a hypothesis, until it is enabled or its time is over. So it is with groups.
func TestDisabledBeforeFirstOffer(t *testing.T) {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		off, on func(e *placement.Engine)
		cause   placement.Cause
		now     time.Time // of the round after on
	}{
		"enabled":      {func(e *placement.Engine) { e.Disable(placement.Disabled{Agent: "a"}) }, func(e *placement.Engine) { e.Enable("a") }, placement.CauseDisabled, noon},
		"time over":    {func(e *placement.Engine) { e.Disable(placement.Disabled{Agent: "a", Until: noon.Add(1)}) }, func(*placement.Engine) {}, placement.CauseDisabled, noon.Add(1)},
		"group active": {func(e *placement.Engine) { e.SetActiveGroups("asg", "h") }, func(e *placement.Engine) { e.SetActiveGroups("asg", "h", "g") }, placement.CauseInactive, noon},
		"all active":   {func(e *placement.Engine) { e.SetActiveGroups("zone", "g") }, func(e *placement.Engine) { e.SetActiveGroups("") }, placement.CauseInactive, noon},
	} {
		for _, standing := range []bool{false, true} {
			e := placement.NewEngine()
			e.Submit(taskNeeding("cpus:1")...)
			c.off(e)
			if res, err := e.Assign(context.Background(), placement.WithNow(noon)); err != nil || len(res.Assignments) != 0 {
				t.Fatal(name, res, err)
			}
			offer := groupOffer("a", "g", "cpus:1")
			offer.Standing = standing
			if e.Wants([]placement.Offer{offer}) {
				t.Error(name, "an offer of an agent that is off is wanted")
			}
			if res, err := e.Try(context.Background(), placement.Change{Offers: []placement.Offer{offer}}, placement.WithNow(noon)); err != nil || len(res.Assignments) != 0 {
				t.Error(name, res, err)
			}
			e.AddOffers(offer)
			res, err := e.Assign(context.Background(), placement.WithNow(noon), placement.WithExplain(1<<20))
			if err != nil || len(res.Failures) != 1 || res.Failures[0].Why.Main().Cause != c.cause {
				t.Error(name, res, err)
			}
			if got := e.UnusableOffers(noon); !slices.Equal(got, []placement.OfferID{offer.ID}) {
				t.Error(name, got)
			}
			c.on(e)
			if got := e.UnusableOffers(c.now); len(got) != 0 {
				t.Error(name, got)
			}
			if res, err := e.Assign(context.Background(), placement.WithNow(c.now)); err != nil || len(res.Assignments) != 1 {
				t.Error(name, res, err)
			}
		}
	}
}
