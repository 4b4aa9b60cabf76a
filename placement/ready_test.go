package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleWithBatch() {
	offers := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:8")}}
	tasks := []placement.Task{
		{ID: "first", Needs: resources.MustQuantities("cpus:1")},
		{ID: "later", Needs: resources.MustQuantities("cpus:1"), ReadyAt: time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)},
		{ID: "second", Needs: resources.MustQuantities("cpus:1")},
		{ID: "third", Needs: resources.MustQuantities("cpus:1")},
	}
	result, err := placement.Assign(offers, tasks, placement.WithBatch(2), placement.WithNow(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)))
	if err != nil {
		fmt.Println(err)
	}
	for _, a := range result.Assignments {
		fmt.Println(a.Task, "on", a.Agent)
	}
	for _, f := range result.Failures {
		fmt.Println(f.Task, f.Why)
	}
	// Output:
	// first on a
	// second on a
	// later not tried: not ready (until 2026-01-01T13:00:00Z)
	// third not on the only agent: batch full (2 placed)
}

func ExampleWithBackoff() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	e := placement.NewEngine(placement.WithBackoff(placement.Backoff{First: time.Second, Most: time.Minute}))
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:1")})
	e.Submit(placement.Task{ID: "big", Needs: resources.MustQuantities("cpus:8")})
	for _, after := range []int{0, 0, 1, 2, 3} {
		result, err := e.Assign(context.Background(), placement.WithNow(now.Add(time.Duration(after)*time.Second)))
		fmt.Println(after, e.Tries("big"), result.Failures[0].Why.Main(), err)
	}
	// Output:
	// 0 1 1 too small (cpus) <nil>
	// 0 1 not ready (until 2026-01-01T12:00:01Z) <nil>
	// 1 2 1 too small (cpus) <nil>
	// 2 2 not ready (until 2026-01-01T12:00:03Z) <nil>
	// 3 3 1 too small (cpus) <nil>
}

// TestFenzo13BatchSize: of five fitting tasks a batch of two places two; the next round with one task places that; one
// without tasks nothing.
func TestFenzo13BatchSize(t *testing.T) {
	e := placement.NewEngine(placement.WithBatch(2))
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:10")})
	e.Submit(owned("A", 5, "cpus:1")...)
	round := func(placed, failed int) {
		t.Helper()
		if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != placed || len(res.Failures) != failed || res.Truncated {
			t.Fatal(res, err)
		}
	}
	round(2, 3)
	e.Withdraw("A2", "A3", "A4")
	e.Submit(owned("B", 1, "cpus:1")...)
	round(1, 0)
	round(0, 0)
}

// TestFenzo74ReadyLater: a task whose time has not come is not placed; it is answered all the same, and placed when it comes.
func TestFenzo74ReadyLater(t *testing.T) {
	tasks := taskNeeding("cpus:1")
	tasks[0].ReadyAt = noon
	for _, c := range []struct {
		now    time.Time
		placed int
	}{{time.Time{}, 0}, {noon.Add(-1), 0}, {noon, 1}, {noon.Add(1), 1}} {
		res, err := placement.Assign(agents("cpus:1"), tasks, placement.WithNow(c.now))
		if err != nil || len(res.Assignments) != c.placed || len(res.Failures) != 1-c.placed {
			t.Error(c.now, res, err)
		}
		if c.placed == 0 && res.Failures[0].Why.Main() != (placement.Reason{Cause: placement.CauseNotReady, What: "until 2026-01-01T12:00:00Z"}) {
			t.Error(res.Failures[0].Why)
		}
	}
}

// TestNotReadyBindsHostilePackers: a packer that places whatever there is cannot place a task early, nor more than the batch.
func TestNotReadyBindsHostilePackers(t *testing.T) {
	tasks := owned("A", 6, "cpus:1")
	tasks[1].ReadyAt, tasks[2].ReadyAt = noon, noon.Add(-1)
	offers := agents("cpus:4", "cpus:4")
	res := packWith(t, offers, tasks, func(r *placement.Round) {
		if r.Fits(1, 0) {
			t.Error("Fits says yes to what Place refuses")
		}
		if _, ok := r.First(1); ok {
			t.Error("First finds a bin for a task that is early")
		}
		hoard(r)
		if _, ok := r.First(5); ok || r.Fits(5, 0) || r.Place(5, 0) {
			t.Error("there is room after the batch")
		}
		for range r.Pending() {
			t.Error("Pending yields tasks after the batch")
		}
		for range r.Feasible(0) {
			t.Error("Feasible yields tasks after the batch")
		}
		if !r.Move(0, 1) || !r.Remove(2) || !r.Place(5, 0) {
			t.Error("the batch is full although a task was removed")
		}
	}, placement.WithBatch(3), placement.WithNow(noon.Add(-1)))
	if err := placementtest.Verify(offers, tasks, res, placementtest.WithNow(noon.Add(-1)), placementtest.WithBatch(3)); err != nil || len(res.Assignments) != 3 {
		t.Error(res, err)
	}
}

// TestReadyGang: a gang waits for all of its tasks, or for as many as there must be.
func TestReadyGang(t *testing.T) {
	for _, c := range []struct {
		least, early, want int
		why                string
	}{
		{0, 0, 4, ""}, {0, 1, 0, "gang (g: waits for 1 more of its tasks)"}, {2, 2, 2, "not ready (until 2026-01-01T12:00:00Z)"},
		{2, 3, 0, "gang (g: has 1 of at least 2 tasks)"},
	} {
		tasks := ganged("g", 4, c.least, false, "cpus:1")
		for i := range c.early {
			tasks[3-i].ReadyAt = noon
		}
		res, err := placement.Assign(agents("cpus:8"), tasks)
		if err != nil || len(res.Assignments) != c.want {
			t.Error(c, res, err)
		}
		if len(res.Failures) > 0 && res.Failures[0].Why.Main().String() != c.why {
			t.Error(res.Failures[0].Why)
		}
	}
}

// TestSetReadyAt: an engine's task may be sent away and woken, and what waits does not want offers.
func TestSetReadyAt(t *testing.T) {
	e := placement.NewEngine()
	e.Submit(taskNeeding("cpus:1")...)
	offer := placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:1")}
	if unknown := e.SetReadyAt(noon, "t0", "x"); len(unknown) != 1 || unknown[0] != "x" {
		t.Error(unknown)
	}
	if e.Wants([]placement.Offer{offer}) {
		t.Error("a task that waits wants an offer")
	}
	e.AddOffers(offer)
	if res, err := e.Assign(context.Background(), placement.WithNow(noon.Add(-1))); err != nil || len(res.Assignments) != 0 {
		t.Fatal(res, err)
	}
	why, err := e.Why("t0", placement.WithNow(noon.Add(-1)))
	if err != nil || why.Main().Cause != placement.CauseNotReady || why.Agents != 1 {
		t.Error(why, err)
	}
	e.SetReadyAt(time.Time{}, "t0")
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 1 {
		t.Fatal(res, err)
	}
}

func TestBackoffAfter(t *testing.T) {
	for _, c := range []struct {
		b        placement.Backoff
		failures int
		want     time.Duration
	}{
		{placement.Backoff{}, 3, 0},
		{placement.Backoff{First: time.Second}, 0, 0},
		{placement.Backoff{First: time.Second}, -1, 0},
		{placement.Backoff{First: time.Second}, 1, time.Second},
		{placement.Backoff{First: time.Second}, 4, 8 * time.Second},
		{placement.Backoff{First: time.Second}, 1 << 40, 1<<63 - 1},
		{placement.Backoff{First: time.Second, Factor: 1}, 1 << 40, time.Second},
		{placement.Backoff{First: time.Second, Factor: 1.5}, 3, 2250 * time.Millisecond},
		{placement.Backoff{First: time.Second, Most: 3 * time.Second}, 2, 2 * time.Second},
		{placement.Backoff{First: time.Second, Most: 3 * time.Second}, 3, 3 * time.Second},
		{placement.Backoff{First: time.Minute, Most: time.Second}, 1, time.Second},
	} {
		if got := c.b.After(c.failures); got != c.want {
			t.Errorf("%+v after %d failures: %v, want %v", c.b, c.failures, got, c.want)
		}
	}
}

// TestEngineReadyEqualsFreshAssign: with times, batches and backoff, over any events, an engine's rounds are those of a fresh call on
// what [placement.Engine.Pending] lists.
func TestEngineReadyEqualsFreshAssign(t *testing.T) {
	walks, rounds := uint64(6), 40
	if testing.Short() {
		walks, rounds = 2, 20
	}
	for seed := range walks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 23)), engine: placement.NewEngine(placement.WithBackoff(placement.Backoff{First: time.Minute, Most: 5 * time.Minute})),
				agents: 6, mixed: seed%2 == 1}
			now, tried := noon, 0
			for i := range rounds {
				for range w.rng.IntN(6) {
					w.event(t)
				}
				if w.rng.IntN(2) == 0 {
					task := w.task()
					task.ReadyAt = now.Add(time.Duration(w.rng.IntN(4)-1) * time.Minute)
					if err := w.engine.Submit(task); err != nil {
						t.Fatal(err)
					}
				}
				if w.pending = w.engine.Pending(); len(w.pending) > 0 && w.rng.IntN(4) == 0 {
					w.engine.SetReadyAt(time.Time{}, w.pending[0].ID)
					w.pending[0].ReadyAt = time.Time{}
				}
				batch := w.rng.IntN(2) * w.rng.IntN(4)
				p := newPackers[w.rng.IntN(len(newPackers))]()
				w.verified(t, []placement.Option{placement.WithPacker(p), placement.WithSeed(uint64(i)), placement.WithExplain(1 << 21), placement.WithNow(now), placement.WithBatch(batch)},
					placementtest.WithNow(now), placementtest.WithBatch(batch))
				for _, task := range w.pending {
					if n := w.engine.Tries(task.ID); n > 1 {
						tried = max(tried, n)
					}
				}
				now = now.Add(time.Duration(w.rng.IntN(120)) * time.Second)
			}
			if tried < 2 {
				t.Error("nothing ever failed twice")
			}
		})
	}
}

// TestGoodEnough: a search that looks at one bin after the other ends at the first that is good enough, and takes the
// best where none is.
func TestGoodEnough(t *testing.T) {
	offers := agents("cpus:8", "cpus:4", "cpus:2", "cpus:1") // 1/8, 1/4, 1/2 and all of it used, of which the preference leaves half
	task := taskNeeding("cpus:1")
	task[0].Prefer = []constraints.Preference{{Constraint: constraints.MustParse("@agent=none")[0], Weight: 0}}
	for _, c := range []struct {
		enough float64
		want   placement.AgentID
	}{{0, "a3"}, {-1, "a3"}, {0.05, "a0"}, {0.1, "a1"}, {0.25, "a2"}, {0.3, "a3"}, {7, "a3"}} {
		packer := placement.GreedyBy(placement.Filled("cpus"))
		res, err := placement.Assign(offers, task, placement.WithPacker(packer), placement.WithGoodEnough(c.enough))
		if err != nil || len(res.Assignments) != 1 || res.Assignments[0].Agent != c.want {
			t.Errorf("%v: %v, %v", c.enough, res.Assignments, err)
		}
		full, _ := placement.Assign(offers, task, placement.WithPacker(packer))
		if c.want != "a3" && res.Stats.Steps >= full.Stats.Steps {
			t.Errorf("%v: %d steps, a full search takes %d", c.enough, res.Stats.Steps, full.Stats.Steps)
		}
		fits := placement.PackerFunc(func(r *placement.Round) {
			k := r.RankFit(func(f *placement.Fit) float64 { return f.Need().At(0).Float64() / f.Free().At(0).Float64() })
			for t := range r.Pending() {
				if b, units, ok := k.Best(t); ok {
					r.PlaceOn(t, b, units)
				}
			}
		})
		again, err := placement.Assign(offers, task, placement.WithPacker(fits), placement.WithGoodEnough(c.enough))
		if d := cmp.Diff(res.Assignments, again.Assignments); err != nil || d != "" {
			t.Error(c.enough, d, err)
		}
	}
}
