package placement_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// largest are offers of as much as may be of cpus each, all of one agent.
func largest(from, n int) []placement.Offer {
	offers := make([]placement.Offer, n)
	most := resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.MaxAmount)})
	for i := range offers {
		offers[i] = placement.Offer{ID: placement.OfferID(fmt.Sprint("o", from+i)), Agent: "a", Resources: most}
	}
	return offers
}

// TestAgentHasTooMuch: where sums of what an agent has would overflow, the offers and running tasks that are too much are refused; up to there all is exact.
func TestAgentHasTooMuch(t *testing.T) {
	const most = 1<<16 - 1
	task := placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:2")}
	held := placement.Running{Task: placement.Task{ID: "held", Needs: resources.MustQuantities("cpus:70368744177.664")}, Agent: "a"}
	for _, c := range []struct {
		offers  int
		running []placement.Running
		bad     string // the first that is refused
	}{
		{offers: most},
		{offers: most + 1, bad: fmt.Sprint("o", most)},
		{offers: 2*most + 2, bad: fmt.Sprint("o", most)},
		{offers: most - 1, running: []placement.Running{held}},
		{offers: most, running: []placement.Running{held}, bad: "held"},
	} {
		offers := largest(0, c.offers)
		r, err := placement.Assign(offers, []placement.Task{task}, placement.WithRunning(c.running...))
		var input *placement.InputError
		switch {
		case c.bad == "":
			if err != nil || len(r.Assignments) != 1 {
				t.Fatalf("%d offers: %v, %v", c.offers, r.Stats, err)
			}
		case !errors.Is(err, placement.ErrBadAmount) || !errors.As(err, &input) || input.Offenders[0].ID != c.bad:
			t.Fatalf("%d offers: %v, want an ErrBadAmount about %s", c.offers, err, c.bad)
		}

		e := placement.NewEngine(placement.WithPacker(placement.FirstFit()))
		err = errors.Join(e.AddOffers(offers[:c.offers/2]...), e.AddOffers(offers[c.offers/2:]...), e.Started(c.running...))
		if (err != nil) != (c.bad != "") || err != nil && (!errors.Is(err, placement.ErrBadAmount) || !errors.As(err, &input) || input.Offenders[0].ID != c.bad) {
			t.Fatalf("%d offers: the engine says %v, want an ErrBadAmount about %q", c.offers, err, c.bad)
		}
		if held := len(e.Offers()); held != min(c.offers, most) {
			t.Fatalf("%d offers: the engine holds %d", c.offers, held)
		}
		// What leaves makes room.
		e.RemoveOffers("o0", "o1")
		if err := e.AddOffers(largest(200_000, 1)...); err != nil {
			t.Fatal(err)
		}
		if err := e.Submit(task); err != nil {
			t.Fatal(err)
		}
		if r, err := e.Assign(context.Background()); err != nil || len(r.Assignments) != 1 {
			t.Fatal(r.Failures, err)
		}
	}
}
