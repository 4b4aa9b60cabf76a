package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// slowFirst is first fit that asks about every pending task and every bin.
var slowFirst = placement.PackerFunc(func(r *placement.Round) {
	for t := range r.Pending() {
		for b := range r.Bins() {
			if r.Place(t, b) {
				break
			}
		}
	}
})

// A backlog that mostly does not fit is passed over without being looked at: an engine that does so must answer as one
// that looks at all of it, whatever comes, goes and ends in between, also when its tables are made anew.
func TestEngineStuckBacklog(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 0))
		quick := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
		slow := placement.NewEngine(placement.WithPacker(slowFirst), placement.WithExplain(0))
		engines := []*placement.Engine{quick, slow}
		var held []placement.OfferID
		var running []placement.TaskID
		for turn := range 120 {
			offers := make([]placement.Offer, rng.IntN(4))
			for i := range offers {
				id := fmt.Sprint("o", turn, ".", i)
				offers[i] = placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Standing: rng.IntN(2) == 0,
					Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(6), 100*(1+rng.IntN(6))))}
				held = append(held, offers[i].ID)
			}
			tasks := make([]placement.Task, rng.IntN(6))
			for i := range tasks {
				tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", turn, ".", i)), Priority: rng.IntN(8) / 7,
					Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(9), 100*(1+rng.IntN(9))))}
			}
			drop, end := -1, -1
			if len(held) > 0 && rng.IntN(3) == 0 {
				drop = rng.IntN(len(held))
			}
			if len(running) > 0 && rng.IntN(2) == 0 {
				end = rng.IntN(len(running))
			}
			var results [2]placement.Result
			for i, e := range engines {
				if drop >= 0 {
					e.RemoveOffers(held[drop])
				}
				if end >= 0 {
					e.Ended(running[end])
				}
				if err := e.AddOffers(offers...); err != nil {
					t.Fatal(err)
				}
				if err := e.Submit(tasks...); err != nil {
					t.Fatal(err)
				}
				var err error
				if results[i], err = e.Assign(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(results[1], results[0], cmpopts.IgnoreFields(placement.Result{}, "Stats"), cmpopts.IgnoreFields(placement.Failure{}, "Why"),
				cmp.Comparer(resources.Resources.Equal), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("seed %d, round %d:\n%s", seed, turn, d)
			}
			for i := range results[0].Failures {
				if results[0].Failures[i].Why == nil {
					t.Fatalf("seed %d, round %d: %s is not explained", seed, turn, results[0].Failures[i].Task)
				}
				results[0].Failures[i] = placement.Failure{} // it is the caller's
			}
			for _, a := range results[0].Assignments {
				running = append(running, a.Task)
			}
		}
	}
}

// Rounds of a stuck backlog share one list of failures. What one of them answered must stay as it was, whatever is
// explained anew later, or cut short.
func TestEngineResultsStay(t *testing.T) {
	e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
	for i := range 40 {
		if err := e.AddOffers(placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)), Resources: resources.MustParse("cpus:1")}); err != nil {
			t.Fatal(err)
		}
		if err := e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d", 2+i%3))}); err != nil {
			t.Fatal(err)
		}
	}
	type seen struct{ result, copy placement.Result }
	var all []seen
	lists, answers := map[*placement.Failure]bool{}, map[*placement.Explanation]bool{}
	for turn := range 200 {
		e.RemoveOffers(placement.OfferID(fmt.Sprint("o", turn)))
		if err := e.AddOffers(placement.Offer{ID: placement.OfferID(fmt.Sprint("o", turn+40)), Agent: placement.AgentID(fmt.Sprint("a", turn%40)), Resources: resources.MustParse("cpus:1")}); err != nil {
			t.Fatal(err)
		}
		var opts []placement.Option
		if turn%7 == 3 {
			opts = append(opts, placement.WithBudget(1))
		}
		r, err := e.Assign(context.Background(), opts...)
		if err != nil || len(r.Failures) != 40 {
			t.Fatal(err, len(r.Failures))
		}
		kept := r
		kept.Failures = append([]placement.Failure(nil), r.Failures...)
		all = append(all, seen{r, kept})
		lists[&r.Failures[0]], answers[r.Failures[0].Why] = true, true
	}
	for turn, s := range all {
		for i := range s.copy.Failures {
			if s.result.Failures[i] != s.copy.Failures[i] {
				t.Fatalf("failure %d of round %d changed afterwards", i, turn)
			}
		}
	}
	if len(lists) >= len(all) || len(answers) < 2 {
		t.Errorf("%d lists and %d answers in %d rounds: nothing was shared, or nothing explained anew", len(lists), len(answers), len(all))
	}
}

// TestEngineStoppedBacklog: a round that is over before it begins says so of every task, also where nothing has room for any.
func TestEngineStoppedBacklog(t *testing.T) {
	offer := func(id string) placement.Offer {
		return placement.Offer{ID: placement.OfferID(id), Agent: "a", Resources: resources.MustParse("cpus:1")}
	}
	e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
	tasks := []placement.Task{{ID: "t", Needs: resources.MustQuantities("cpus:2")}, {ID: "u", Needs: resources.MustQuantities("cpus:3")}}
	if err := errors.Join(e.AddOffers(offer("o")), e.Submit(tasks...)); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Assign(context.Background()); err != nil {
		t.Fatal(err)
	}
	e.RemoveOffers("o")
	if err := e.AddOffers(offer("p")); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	want, err := placement.AssignContext(over, []placement.Offer{offer("p")}, tasks, placement.WithPacker(placement.FirstFit()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.Assign(over)
	if err != nil {
		t.Fatal(err)
	}
	want.Stats, got.Stats = placement.Stats{}, placement.Stats{}
	if d := cmp.Diff(want, got); d != "" || !got.Truncated {
		t.Errorf("fresh Assign -, engine +:\n%s", d)
	}
}
