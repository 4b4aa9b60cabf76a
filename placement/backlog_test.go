package placement_test

import (
	"context"
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
