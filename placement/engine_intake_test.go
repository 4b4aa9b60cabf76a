package placement_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// resources are mostly cpus, mem and ports; sometimes there are no ports, and sometimes there is more.
func (w *world) resources() resources.Resources {
	cpus, mem, port := 1+w.rng.IntN(8), 256*(1+w.rng.IntN(8)), 31000+10*w.next
	text := fmt.Sprintf("cpus:%d;mem:%d;ports:[%d-%d]", cpus, mem, port, port+4)
	switch w.rng.IntN(16) {
	case 0:
		text = fmt.Sprintf("cpus:%d;mem:%d", cpus, mem)
	case 1:
		text += ";disk:100"
	case 2:
		text += ";disk:100;scratch:5"
	case 3:
		text += ";nics:{n1,n2}"
	case 4:
		return resources.MustParse(text).Plus(resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.One), Revocable: true}))
	}
	return resources.MustParse(text)
}

// add hands offers to the engine, sometimes with bad ones among them.
func (w *world) add(t *testing.T, good []placement.Offer) {
	t.Helper()
	batch, bad := slices.Clone(good), 0
	for w.rng.IntN(4) == 0 {
		o, at := w.offer(), w.rng.IntN(len(batch)+1)
		switch kind := w.rng.IntN(4); {
		case kind == 0 && len(w.offers) > 0:
			o.ID = w.offers[w.rng.IntN(len(w.offers))].ID
		case kind == 1:
			o.ID, at = good[len(good)-1].ID, len(batch) // the first of them is the good one
		case kind == 2:
			o.Resources, at = resources.MustParse("cpus:{a,b};mem:1"), len(batch)
		default:
			o.Agent = ""
		}
		batch = slices.Insert(batch, at, o)
		bad++
	}
	err := w.engine.AddOffers(batch...)
	var input *placement.InputError
	if errors.As(err, &input); (err != nil) != (bad > 0) || bad > 0 && input == nil {
		t.Fatalf("%d bad offers: %v", bad, err)
	}
	w.offers = append(w.offers, good...)
}

// TestEngineKindsAnew: a name may be of another kind when all that was offered under it has left, and is of that kind alone from then on.
func TestEngineKindsAnew(t *testing.T) {
	offer := func(id, text string) placement.Offer {
		return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Resources: resources.MustParse(text)}
	}
	e := placement.NewEngine()
	for _, o := range []placement.Offer{offer("a", "cpus:1"), offer("b", "cpus:1;gold:2"), offer("c", "cpus:1;gold:3")} {
		if err := e.AddOffers(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.AddOffers(offer("d", "cpus:1;gold:[1-2]")); !errors.Is(err, placement.ErrKind) {
		t.Errorf("another kind than that of what is held: %v", err)
	}
	e.RemoveOffers("b", "c")
	if err := e.AddOffers(offer("d", "cpus:1;gold:[1-2]")); err != nil {
		t.Errorf("another kind than that of what has left: %v", err)
	}
	if err := e.AddOffers(offer("e", "cpus:1;gold:2")); !errors.Is(err, placement.ErrKind) {
		t.Errorf("the kind of what has left: %v", err)
	}
}

// TestEngineNewAgentDisagrees: what counts of a new agent is what the last of its offers says, in an engine as in a fresh call.
func TestEngineNewAgentDisagrees(t *testing.T) {
	offer := func(id, agent, rack string) placement.Offer {
		return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(agent), Attributes: resources.MustAttributes("rack:" + rack), Resources: resources.MustParse("cpus:1")}
	}
	offers := []placement.Offer{offer("1", "a", "r1"), offer("2", "b", "r1"), offer("3", "b", "r2")}
	tasks := []placement.Task{{ID: "t", Needs: resources.MustQuantities("cpus:1"), Require: constraints.MustParse("rack=r2")}}
	want, err := placement.Assign(offers, tasks)
	if err != nil || len(want.Assignments) != 1 {
		t.Fatal(want, err)
	}
	e := placement.NewEngine()
	if err := errors.Join(e.AddOffers(offers[0]), e.AddOffers(offers[1:]...), e.Submit(tasks...)); err != nil {
		t.Fatal(err)
	}
	got, err := e.Assign(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Assignments, got.Assignments); d != "" {
		t.Errorf("fresh Assign -, engine +:\n%s", d)
	}
}

// TestEngineNewRole: tasks that waited for a role of which nobody had offered anything get the first offer that is for it.
func TestEngineNewRole(t *testing.T) {
	offer := func(id, role string) placement.Offer {
		return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Role: role, Resources: resources.MustParse("cpus:1")}
	}
	e := placement.NewEngine()
	if err := errors.Join(e.AddOffers(offer("a", "")), e.Submit(placement.Task{ID: "t", Role: "web", Needs: resources.MustQuantities("cpus:1")})); err != nil {
		t.Fatal(err)
	}
	for i, o := range []placement.Offer{offer("b", ""), offer("c", "web")} {
		if err := e.AddOffers(o); err != nil {
			t.Fatal(err)
		}
		if r, err := e.Assign(context.Background()); err != nil || len(r.Assignments) != i {
			t.Errorf("after %s: %v, %v", o.ID, r.Assignments, err)
		}
	}
}
