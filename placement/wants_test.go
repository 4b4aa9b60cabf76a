package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestWantsMindsLimits: while events come and go, an offer is wanted exactly if a round would use it, were it the only one:
// under limits and tiers given to the engine, or else to its rounds.
func TestWantsMindsLimits(t *testing.T) {
	limits := placement.WithLimits(placement.Limit{Owner: "u0", Most: most("cpus=6")}, placement.Limit{Owner: placement.Each, Tasks: 3}, placement.Limit{Most: most("mem=40")})
	tiers := placement.WithTiers(placement.Tier{Capacity: most("cpus=14"), Buckets: []placement.Bucket{bucket("u0", "cpus=5", 0), bucket("u1", "cpus=4", 0)}})
	refused := 0
	for seed := range uint64(24) {
		opts, guaranteed := []placement.Option{limits}, seed%3 > 0
		if guaranteed {
			opts = []placement.Option{limits, tiers}[seed%2:]
		}
		inRounds := seed%4 < 2
		e := placement.NewEngine(opts...)
		if inRounds {
			e = placement.NewEngine()
		}
		rng := rand.New(rand.NewPCG(seed, 31))
		for step := range 40 {
			for range rng.IntN(4) {
				e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", seed, step, len(e.Pending()))), Owner: fmt.Sprint("u", rng.IntN(4)), Priority: rng.IntN(2),
					Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", rng.IntN(4), 1+rng.IntN(4)))})
			}
			for _, h := range e.Running() {
				if rng.IntN(12) == 0 {
					e.Ended(h.Task.ID)
				}
			}
			if !inRounds || step > 0 {
				refused += asksLikeARound(t, e, opts, rng, guaranteed)
			}
			if rng.IntN(2) == 0 {
				e.AddOffers(placement.Offer{ID: placement.OfferID(fmt.Sprint("o", step)), Agent: placement.AgentID(fmt.Sprint("a", step)), Resources: resources.MustParse("cpus:4;mem:8")})
			}
			var given []placement.Option
			if inRounds {
				given = opts
			}
			if _, err := e.Assign(context.Background(), given...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if refused < 50 {
		t.Errorf("only %d times was a task wanted but for a limit", refused)
	}
}

// asksLikeARound compares Wants with rounds, and says whether a limit made the difference.
func asksLikeARound(t *testing.T, e *placement.Engine, opts []placement.Option, rng *rand.Rand, guaranteed bool) int {
	t.Helper()
	offer := placement.Offer{ID: "new", Agent: "new", Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", rng.IntN(4), 2+rng.IntN(3)))}
	c := placement.Change{Offers: []placement.Offer{offer}}
	for _, o := range e.Offers() {
		c.Without = append(c.Without, o.ID)
	}
	uses := func(opts ...placement.Option) bool {
		res, err := e.Try(context.Background(), c, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return len(res.Assignments) > 0
	}
	want := uses(opts...)
	if got := e.Wants(c.Offers); got != want {
		t.Fatalf("wants %v, a round uses it %v, %d pending", got, want, len(e.Pending()))
	}
	difference := 0
	if !want && uses(placement.WithLimits(), placement.WithTiers()) {
		difference++
	}
	if pending := e.Pending(); len(pending) > 0 && !guaranteed { // whom a guarantee is kept free for depends on who waits
		one := rng.IntN(len(pending))
		for i := range pending {
			if i != one {
				c.Withdraw = append(c.Withdraw, pending[i].ID)
			}
		}
		if got, want := e.WantsFor(c.Offers, pending[one].ID), uses(opts...); got != want {
			t.Fatalf("wants %v for %v, a round uses it %v", got, pending[one], want)
		}
	}
	return difference
}

// BenchmarkWants asks about an offer that nobody in a backlog of 20,000 tasks wants, for 1,000 owners that ask for 20 different sizes.
func BenchmarkWants(b *testing.B) {
	for name, opts := range map[string][]placement.Option{"none": nil, "each": {placement.WithLimits(placement.Limit{Owner: placement.Each, Tasks: 50})}} {
		e := placement.NewEngine(opts...)
		for i := range 20_000 {
			e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint(i)), Owner: fmt.Sprint("u", i%1000), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d", 8+i/1000))})
		}
		offer := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4;mem:1024")}}
		b.Run("limits="+name+"/tasks=20000", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if e.Wants(offer) {
					b.Fatal("wanted")
				}
			}
		})
	}
}
