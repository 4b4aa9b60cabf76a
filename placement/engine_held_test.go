package placement_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// TestHeldIsKnown: what nobody offers, but a running task holds, is exhausted, not unknown, for an engine and for a fresh call.
func TestHeldIsKnown(t *testing.T) {
	w := &world{engine: placement.NewEngine(), offers: []placement.Offer{
		{ID: "whole", Agent: "a", Role: "s", Standing: true, Resources: resources.MustParse("cpus:4;mem:1024")},
		{ID: "part", Agent: "a", Role: "o", Resources: resources.MustParse("cpus:4")},
	}}
	if err := w.engine.AddOffers(w.offers...); err != nil {
		t.Fatal(err)
	}
	submit := func(task placement.Task) {
		if err := w.engine.Submit(task); err != nil {
			t.Fatal(err)
		}
		w.pending = append(w.pending, task)
	}
	submit(placement.Task{ID: "first", Needs: resources.MustQuantities("cpus:1;mem:512")})
	w.round(t)
	w.engine.RemoveOffers("whole")
	w.offers = w.offers[1:]
	submit(placement.Task{ID: "second", Needs: resources.MustQuantities("cpus:1;mem:512")})
	w.round(t)
	result, err := w.engine.Assign(context.Background())
	if err != nil || len(result.Failures) != 1 {
		t.Fatal(err, result)
	}
	want := []placement.Reason{{Cause: placement.CauseExhausted, What: "mem", Agents: 1}}
	if got := result.Failures[0].Why.Reasons; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestEngineEqualsFreshAssignWhereOffersLackWhatTasksHold: what an engine knows of resources that nobody offers any more, but running tasks hold, is what
// a fresh call knows.
func TestEngineEqualsFreshAssignWhereOffersLackWhatTasksHold(t *testing.T) {
	for seed := range uint64(60) {
		w := &world{rng: rand.New(rand.NewPCG(seed, 11)), engine: placement.NewEngine(), agents: 2, poor: true}
		for i := range 30 {
			for range 1 + w.rng.IntN(4) {
				w.event(t)
			}
			if w.rng.IntN(4) == 0 {
				h := placement.Running{Task: w.task(), Agent: "a0", Attributes: resources.MustAttributes("rack:r0"), Revocable: w.rng.IntN(2) == 0}
				h.Task.Ports, h.Task.Devices, h.Task.Require = ports.Request{}, nil, nil
				h.Task.Needs = resources.MustQuantities([]string{"gold:1", "cpus:1;mem:128", "gold:2;mem:64"}[w.rng.IntN(3)])
				if err := w.engine.Started(h); err != nil {
					t.Fatal(err)
				}
				w.running = append(w.running, h)
				task := placement.Task{ID: placement.TaskID(w.id("t")), Needs: resources.MustQuantities("gold:1;mem:4096"), Revocable: placement.RevocablePolicy(w.rng.IntN(3))}
				if err := w.engine.Submit(task); err != nil {
					t.Fatal(err)
				}
				w.pending = append(w.pending, task)
			}
			w.round(t, placement.WithPacker([]placement.Packer{placement.BestFit(), placement.DominantFit(), placement.FirstFit()}[i%3]), placement.WithExplain(1<<21))
		}
	}
}
