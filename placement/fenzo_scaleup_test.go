package placement_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestFenzoScaleUp has what Fenzo's autoscaler asks for when tasks find no place. Here it is a question, with a plan as the answer: the
// hosts that would do, with nothing remembered of the last time. Who asks decides what to order.
func TestFenzoScaleUp(t *testing.T) {
	shape := func(name, text, attributes string, most int) placement.AgentShape {
		return placement.AgentShape{Name: name, Max: most, Offer: placement.Offer{Resources: resources.MustParse(text), Attributes: resources.MustAttributes(attributes)}}
	}
	plan := func(e *placement.Engine, shapes ...placement.AgentShape) string {
		t.Helper()
		p, err := e.PlanScaleUp(shapes)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(p.Counts, len(p.Result.Failures))
	}
	waiting := func(tasks ...placement.Task) *placement.Engine {
		e := placement.NewEngine()
		if err := e.Submit(tasks...); err != nil {
			t.Fatal(err)
		}
		return e
	}
	// Fenzo counts a host for each task; that is right only where a task fills one.
	t.Run("63 hosts for tasks, and again for more", func(t *testing.T) {
		e := waiting(taskNeeding(repeat("cpus:3", 18)...)...)
		if got := plan(e, shape("s", "cpus:4", "", 0)); got != "[18] 0" {
			t.Error(got)
		}
		more := taskNeeding(repeat("cpus:3", 12)...)
		for i := range more {
			more[i].ID = "more " + more[i].ID
		}
		if err := e.Submit(more...); err != nil {
			t.Fatal(err)
		}
		if got := plan(e, shape("s", "cpus:4", "", 0)); got != "[30] 0" {
			t.Error(got)
		}
		if got := plan(e, shape("s", "cpus:9", "", 0)); got != "[10] 0" {
			t.Errorf("of hosts for three tasks: %s", got)
		}
	})
	t.Run("65 as few hosts as will do", func(t *testing.T) {
		e := waiting(taskNeeding(repeat("cpus:1", 32)...)...)
		if err := e.AddOffers(agents("cpus:4", "cpus:4")...); err != nil {
			t.Fatal(err)
		}
		if got := plan(e, shape("s", "cpus:4", "", 0)); got != "[6] 0" {
			t.Error(got)
		}
		e = waiting(taskNeeding(repeat("cpus:4", 50)...)...)
		if got := plan(e, shape("a", "cpus:4", "", 1), shape("b", "cpus:4", "", 9)); got != "[1 9] 40" {
			t.Errorf("of two groups that may grow by 1 and by 9: %s", got)
		}
	})
	t.Run("66 only the group that tasks may go to", func(t *testing.T) {
		tasks := taskNeeding(repeat("cpus:4", 5)...)
		for i := range tasks {
			tasks[i].Require = constraints.MustParse("asg=b")
		}
		if got := plan(waiting(tasks...), shape("a", "cpus:4", "asg:a", 0), shape("b", "cpus:4", "asg:b", 0)); got != "[0 5] 0" {
			t.Error(got)
		}
	})
}

// TestFenzoScaleDown has what Fenzo's autoscaler does with hosts that are idle, or to go. How many are to stay, and how long they stay away, is
// for whoever owns the machines to say; here it is what the plan is asked for, and how long an agent is disabled.
func TestFenzoScaleDown(t *testing.T) {
	plan := func(e *placement.Engine, s placement.ScaleDown) []placement.AgentID {
		t.Helper()
		p, err := e.PlanScaleDown(s)
		if err != nil || len(p.Moves) > 0 {
			t.Fatal(p, err)
		}
		return p.Agents
	}
	// idle makes an engine with agents of three zones, the first of which are in use.
	idle := func(n, used int) *placement.Engine {
		e := placement.NewEngine()
		for i := range n {
			id := placement.AgentID(fmt.Sprint("a", i))
			e.AddOffers(placement.Offer{ID: placement.OfferID(id), Agent: id, Standing: true, Resources: resources.MustParse("cpus:4")})
			if i < used {
				e.Started(placement.Running{Agent: id, Task: placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities("cpus:4")}})
			}
		}
		return e
	}
	t.Run("60 idle agents beyond those to stay", func(t *testing.T) {
		const maxIdle = 10
		e := idle(13, 1)
		if got := plan(e, placement.ScaleDown{Max: 12 - maxIdle}); len(got) != 2 || slices.Contains(got, "a0") {
			t.Error(got)
		}
	})
	t.Run("60 evenly over zones", func(t *testing.T) {
		const each = 4 // of the idle ones stay in each zone
		e := idle(18, 2)
		stay := map[int]int{}
		for zone := range 3 {
			var only []placement.AgentID
			for i := zone; i < 18; i += 3 {
				if i >= 2 {
					only = append(only, placement.AgentID(fmt.Sprint("a", i)))
				}
			}
			stay[zone] = len(only) - len(plan(e, placement.ScaleDown{Only: only, Max: len(only) - each}))
		}
		if stay[0] != each || stay[1] != each || stay[2] != each {
			t.Error(stay)
		}
	})
	t.Run("61 a least and a largest size", func(t *testing.T) {
		const minSize, maxIdle, maxSize = 10, 5, 10
		if got := plan(idle(12, 0), placement.ScaleDown{Max: min(12-maxIdle, 12-minSize)}); len(got) != 2 {
			t.Error(got)
		}
		e := idle(8, 8)
		e.Submit(taskNeeding(repeat("cpus:4", 5)...)...)
		up, err := e.PlanScaleUp([]placement.AgentShape{{Name: "s", Max: maxSize - 8, Offer: placement.Offer{Resources: resources.MustParse("cpus:4")}}})
		if err != nil || up.Counts[0] != 2 || len(up.Result.Failures) != 3 {
			t.Error(up, err)
		}
	})
	t.Run("62 an agent that is to go is not used until it is over", func(t *testing.T) {
		noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
		e := idle(1, 0)
		e.Disable(placement.Disabled{Agent: "a0", Until: noon.Add(time.Minute)})
		e.RemoveOffers("a0")
		e.AddOffers(placement.Offer{ID: "again", Agent: "a0", Resources: resources.MustParse("cpus:4")})
		e.Submit(taskNeeding("cpus:1")...)
		for i, now := range []time.Time{noon, noon.Add(time.Minute)} {
			if res, err := e.Assign(context.Background(), placement.WithNow(now)); err != nil || len(res.Assignments) != i {
				t.Error(now, res, err)
			}
		}
	})
	t.Run("68 some excluded, the others set by set", func(t *testing.T) {
		e := idle(6, 0)
		keep := []placement.AgentID{"a1"}
		var got []placement.AgentID
		for _, set := range [][]placement.AgentID{{"a4", "a5"}, {"a0", "a1", "a2"}} {
			got = append(got, plan(e, placement.ScaleDown{Only: set, Keep: keep, Max: 3 - len(got)})...)
		}
		if want := []placement.AgentID{"a4", "a5", "a0"}; !slices.Equal(got, want) {
			t.Error(got)
		}
	})
}
