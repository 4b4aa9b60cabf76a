package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ExampleEngine_Try() {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:4"), Standing: true})
	e.Submit(placement.Task{ID: "web", Needs: resources.MustQuantities("cpus:3")})
	e.Assign(context.Background())
	e.Submit(placement.Task{ID: "batch", Needs: resources.MustQuantities("cpus:2")})

	say := func(what string, change placement.Change) {
		result, err := e.Try(context.Background(), change)
		fmt.Print(what, ":")
		for _, a := range result.Assignments {
			fmt.Print(" ", a.Task, " on ", a.Agent)
		}
		for _, f := range result.Failures {
			fmt.Print(" ", f.Task, " waits")
		}
		fmt.Println("", err)
	}
	say("as it is", placement.Change{})
	say("one agent more", placement.Change{Offers: []placement.Offer{{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:4")}}})
	say("web ended", placement.Change{Ended: []placement.TaskID{"web"}})
	say("a drained", placement.Change{Drain: []placement.AgentID{"a"}})
	// Output:
	// as it is: batch waits <nil>
	// one agent more: batch on b <nil>
	// web ended: batch on a <nil>
	// a drained: web waits batch waits <nil>
}

// suppose draws a change from a world.
func (w *world) suppose() placement.Change {
	var c placement.Change
	some := func(n int) []int {
		var picked []int
		for i := range n {
			if w.rng.IntN(6) == 0 {
				picked = append(picked, i)
			}
		}
		return picked
	}
	if w.rng.IntN(2) == 0 {
		for range w.rng.IntN(4) {
			c.Offers = append(c.Offers, w.offer())
		}
	}
	for _, i := range some(len(w.offers)) {
		c.Without = append(c.Without, w.offers[i].ID)
	}
	known := map[placement.AgentID]bool{}
	for _, o := range w.offers {
		known[o.Agent] = true
	}
	for a := range w.agents {
		id := placement.AgentID(fmt.Sprint("a", a))
		if !known[id] {
			continue
		}
		switch w.rng.IntN(10) {
		case 0:
			c.Drain = append(c.Drain, id)
		case 1:
			c.Remove = append(c.Remove, id)
		}
	}
	for range w.rng.IntN(3) {
		c.Tasks = append(c.Tasks, w.task())
	}
	for _, i := range some(len(w.running)) {
		if w.rng.IntN(2) == 0 {
			c.Ended = append(c.Ended, w.running[i].Task.ID)
			continue
		}
		again := w.task()
		again.ID = w.running[i].Task.ID
		c.Tasks = append(c.Tasks, again)
	}
	for _, i := range some(len(w.pending)) {
		if w.rng.IntN(2) == 0 {
			c.Withdraw = append(c.Withdraw, w.pending[i].ID)
			continue
		}
		again := w.task()
		again.ID = w.pending[i].ID
		c.Tasks = append(c.Tasks, again)
	}
	return c
}

// really is an engine to which the change has happened: made anew, and told of every part of it as of an event.
func (w *world) really(t *testing.T, c placement.Change) *placement.Engine {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	standing := map[placement.AgentID]bool{}
	for _, o := range slices.Concat(w.offers, c.Offers) {
		standing[o.Agent] = standing[o.Agent] || o.Standing
	}
	e := placement.NewEngine()
	must(e.AddOffers(w.offers...))
	must(e.Started(w.running...))
	if unknown := e.RemoveOffers(c.Without...); unknown != nil {
		t.Fatal(unknown)
	}
	replaced := map[placement.TaskID]placement.Task{}
	for _, task := range c.Tasks {
		replaced[task.ID] = task
	}
	var front []placement.Task
	for _, h := range w.running {
		again, replace := replaced[h.Task.ID]
		removed, drained := slices.Contains(c.Remove, h.Agent), slices.Contains(c.Drain, h.Agent)
		ended := slices.Contains(c.Ended, h.Task.ID)
		if !replace && !removed && !drained && !ended {
			continue
		}
		e.Ended(h.Task.ID)
		if replace {
			front = append(front, again)
			delete(replaced, h.Task.ID)
		} else if drained && !ended && !removed {
			front = append(front, h.Task)
		}
		if !removed && !drained && !standing[h.Agent] {
			must(e.AddOffers(placement.Offer{ID: "freed:" + placement.OfferID(h.Task.ID), Agent: h.Agent, Resources: h.Pieces, Attributes: h.Attributes}))
		}
	}
	for _, o := range w.offers {
		if slices.Contains(c.Remove, o.Agent) {
			e.RemoveOffers(o.ID)
		}
	}
	must(e.AddOffers(c.Offers...))
	must(e.Submit(front...))
	for _, task := range w.pending {
		again, replace := replaced[task.ID]
		switch {
		case replace:
			must(e.Submit(again))
			delete(replaced, task.ID)
		case !slices.Contains(c.Withdraw, task.ID):
			must(e.Submit(task))
		}
	}
	for _, task := range c.Tasks {
		if _, fresh := replaced[task.ID]; fresh {
			must(e.Submit(task))
		}
	}
	for _, id := range c.Drain {
		e.Disable(placement.Disabled{Agent: id})
	}
	return e
}

// TestTry: what Try says is what happens when the change does, and the engine goes on as one that was never asked, to the byte,
// Stats and all.
func TestTry(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 10
	}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			newWorld := func() *world {
				return &world{rng: rand.New(rand.NewPCG(seed, 17)), engine: placement.NewEngine(), agents: 12, mixed: seed%2 == 1}
			}
			asked, quiet := newWorld(), newWorld()
			dice := rand.New(rand.NewPCG(seed, 18))
			for i := range rounds {
				for range dice.IntN(8) {
					asked.event(t)
					quiet.event(t)
				}
				opts := []placement.Option{placement.WithPacker(newPackers[dice.IntN(len(newPackers))]()), placement.WithSeed(uint64(i)), placement.WithPieces()}
				asked.tried(t, dice.Uint64(), opts...)
				want, err := quiet.engine.Assign(context.Background(), opts...)
				if err != nil {
					t.Fatal(err)
				}
				got, err := asked.engine.Assign(context.Background(), opts...)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Fatalf("never asked -, asked +:\n%s", d)
				}
				asked.carry(got)
				quiet.carry(want)
			}
		})
	}
}

// tried compares Try with what happens, for a few changes.
func (w *world) tried(t *testing.T, seed uint64, opts ...placement.Option) {
	t.Helper()
	twin := *w
	twin.rng = rand.New(rand.NewPCG(seed, 1))
	opts = append(opts, placement.WithExplain(1<<21))
	for range 3 {
		c := twin.suppose()
		got, err := w.engine.Try(context.Background(), c, opts...)
		if err != nil {
			t.Fatal(err)
		}
		want, err := twin.really(t, c).Assign(context.Background(), opts...)
		if err != nil {
			t.Fatal(err)
		}
		want.Stats, got.Stats = placement.Stats{}, placement.Stats{}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%+v\nhappened -, tried +:\n%s", c, d)
		}
	}
}

// TestTryErrors: what is not there is said, and bad input is refused as always.
func TestTryErrors(t *testing.T) {
	e := placement.NewEngine()
	for _, c := range []struct {
		change placement.Change
		want   error
	}{
		{placement.Change{Without: []placement.OfferID{"x"}}, placement.ErrNotFound},
		{placement.Change{Remove: []placement.AgentID{"x"}}, placement.ErrNotFound},
		{placement.Change{Drain: []placement.AgentID{"x"}}, placement.ErrNotFound},
		{placement.Change{Withdraw: []placement.TaskID{"x"}}, placement.ErrNotFound},
		{placement.Change{Ended: []placement.TaskID{"x"}}, placement.ErrNotFound},
		{placement.Change{Tasks: []placement.Task{{ID: "t"}, {ID: "t"}}}, placement.ErrDuplicate},
		{placement.Change{Offers: []placement.Offer{{ID: "o"}}}, placement.ErrNoID},
	} {
		var input *placement.InputError
		if _, err := e.Try(context.Background(), c.change); !errors.Is(err, c.want) || !errors.As(err, &input) {
			t.Errorf("%+v: %v", c.change, err)
		}
	}
	panics := placement.PackerFunc(func(*placement.Round) { panic("no") })
	if _, err := e.Try(context.Background(), placement.Change{Tasks: []placement.Task{{ID: "t"}}}, placement.WithPacker(panics)); !errors.Is(err, placement.ErrPolicy) {
		t.Error(err)
	}
}

func BenchmarkTry(b *testing.B) {
	const agents, running = 10_000, 100_000
	e := crowded(agents, running)
	change := placement.Change{Tasks: []placement.Task{{ID: "new", Needs: resources.MustQuantities("cpus:1")}}}
	b.Run(fmt.Sprintf("agents=%d/running=%d", agents, running), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.Try(context.Background(), change, placement.WithPacker(placement.BestFit())); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// crowded is an engine of standing agents with running tasks of many sizes, owners and priorities.
func crowded(agents, running int) *placement.Engine {
	rng := rand.New(rand.NewPCG(1, 2))
	offers := make([]placement.Offer, agents)
	for i := range offers {
		offers[i] = placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)), Standing: true,
			Resources: resources.MustParse("cpus:64;mem:262144")}
	}
	tasks := make([]placement.Task, running)
	for i := range tasks {
		tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Priority: 1 + rng.IntN(5), Owner: fmt.Sprint("u", rng.IntN(200)),
			Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 4+rng.IntN(4), 1024*(16+rng.IntN(16))))}
	}
	e := placement.NewEngine(placement.WithPacker(placement.Spread()), placement.WithExplain(0))
	if err := errors.Join(e.AddOffers(offers...), e.Submit(tasks...)); err != nil {
		panic(err)
	}
	if _, err := e.Assign(context.Background()); err != nil {
		panic(err)
	}
	return e
}
