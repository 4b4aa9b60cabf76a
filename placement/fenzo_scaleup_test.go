package placement_test

import (
	"fmt"
	"testing"

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
