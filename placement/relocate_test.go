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
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleEngine_PlanScaleDown() {
	e := placement.NewEngine()
	for i, text := range []string{"cpus:4", "cpus:4", "cpus:4"} {
		agent := placement.AgentID(fmt.Sprint("a", i))
		e.AddOffers(placement.Offer{ID: placement.OfferID(agent), Agent: agent, Resources: resources.MustParse(text), Standing: true})
	}
	run := func(id placement.TaskID, agent placement.AgentID, needs string) {
		e.Started(placement.Running{Agent: agent, Task: placement.Task{ID: id, Needs: resources.MustQuantities(needs)}})
	}
	run("x", "a0", "cpus:3")
	run("y", "a1", "cpus:1")
	plan, err := e.PlanScaleDown(placement.ScaleDown{})
	fmt.Println("to switch off:", plan.Agents, err)
	for _, m := range plan.Moves {
		fmt.Println(m.Task, "from", m.From, "to", m.To)
	}
	// Output:
	// to switch off: [a2 a1] <nil>
	// y from a1 to a0
}

func ExampleEngine_PlanDefrag() {
	e := placement.NewEngine()
	unit := func(id string) placement.Device {
		return placement.Device{Kind: "gpu", ID: id, Capacity: resources.One, Free: resources.One}
	}
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Devices: []placement.Device{unit("0"), unit("1")}, Standing: true})
	run := func(id placement.TaskID, index int, share resources.Amount) {
		e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: id, Devices: []placement.DeviceRequest{{Kind: "gpu", Share: share}}},
			Devices: []placement.DeviceGrant{{Kind: "gpu", Units: []int{index}, Share: share}}})
	}
	run("x", 0, 600)
	run("y", 1, 300)
	plan, err := e.PlanDefrag(placement.Defrag{Device: "gpu"})
	fmt.Println("free:", plan.Units, err)
	for _, m := range plan.Moves {
		fmt.Println(m.Task, "to unit", m.Place.Devices[0].IDs)
	}
	// Output:
	// free: [{a gpu 0}] <nil>
	// x to unit [1]
}

// carriedOut makes the moves of a plan, one after the other, on an engine of its own, which must take each of them.
func (w *world) carriedOut(t *testing.T, plan *placement.EmptyPlan, x elasticity) *placement.Engine {
	t.Helper()
	e := placement.NewEngine(x.options()...)
	if err := errors.Join(e.AddOffers(w.engine.Offers()...), e.Started(w.engine.Running()...)); err != nil {
		t.Fatal(err)
	}
	for i, m := range plan.Moves {
		var task placement.Task
		for _, h := range w.running {
			if h.Task.ID == m.Task {
				task = h.Task
				if h.Agent != m.From || m.Place.Agent != m.To || m.Place.Order != i {
					t.Fatalf("%+v, but it runs on %s", m, h.Agent)
				}
			}
		}
		e.Ended(m.Task)
		if err := e.Submit(task); err != nil {
			t.Fatal(err)
		}
		offers, running := e.Offers(), e.Running()
		result, err := e.Assign(context.Background(), placement.WithPacker(placement.PackerFunc(func(r *placement.Round) {
			for task := range r.Pending() {
				for b := range r.Bins() {
					if agent, _ := r.Agent(b); agent == m.To {
						var units []int32
						for _, g := range m.Place.Devices {
							for _, u := range g.Units {
								units = append(units, int32(u)) // one kind in these worlds
							}
						}
						r.PlaceOn(task, b, units)
					}
				}
			}
		})))
		if err != nil || len(result.Assignments) != 1 {
			t.Fatalf("move %d, %+v, cannot be made: %+v %v", i, m, result, err)
		}
		if err := placementtest.Verify(offers, []placement.Task{task}, result, append(x.checks(), placementtest.WithRunning(running...))...); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// standingWorld is a world of standing agents and many running tasks, which leave holes.
func standingWorld(t *testing.T, seed uint64, opts ...placement.Option) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 37)), engine: placement.NewEngine(opts...), agents: 12}
	for a := range w.agents {
		o := w.offer()
		o.Agent, o.Standing = placement.AgentID(fmt.Sprint("a", a)), true
		o.Attributes = resources.MustAttributes(fmt.Sprintf("rack:r%d", a%4))
		if err := w.engine.AddOffers(o); err != nil {
			t.Fatal(err)
		}
		w.offers = append(w.offers, o)
	}
	for i := range 3 {
		for range 20 {
			task := w.task()
			if err := w.engine.Submit(task); err != nil {
				t.Fatal(err)
			}
			w.pending = append(w.pending, task)
		}
		w.round(t, append(slices.Clone(opts), placement.WithPacker(placement.Spread()), placement.WithSeed(uint64(i)), placement.WithExplain(0))...)
		w.running = slices.DeleteFunc(w.running, func(h placement.Running) bool {
			over := w.rng.IntN(2) == 0
			if over {
				w.engine.Ended(h.Task.ID)
			}
			return over
		})
	}
	return w
}

// TestScaleDownAndDefrag: the moves of a plan can be made one after the other, each verified; then the agents are idle and the units
// free; no task is moved twice, the bounds hold, and the engine goes on as one that was never asked.
func TestScaleDownAndDefrag(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 18
	}
	agents, units, moves := 0, 0, 0
	for seed := range seeds {
		var x elasticity
		if seed%2 == 1 {
			x = elastics[seed/2%uint64(len(elastics))]
			x.pieces = false
		}
		opts := x.options()
		w, quiet := standingWorld(t, seed, opts...), standingWorld(t, seed, opts...)
		before := len(w.running)
		for i, ask := range []func() (placement.EmptyPlan, error){
			func() (placement.EmptyPlan, error) { return w.engine.PlanScaleDown(placement.ScaleDown{}) },
			func() (placement.EmptyPlan, error) {
				return w.engine.PlanScaleDown(placement.ScaleDown{Max: 2, MaxMoves: 3, Keep: []placement.AgentID{"a1", "a2"}})
			},
			func() (placement.EmptyPlan, error) {
				return w.engine.PlanScaleDown(placement.ScaleDown{Only: []placement.AgentID{"a3", "a4", "zz"}})
			},
			func() (placement.EmptyPlan, error) { return w.engine.PlanDefrag(placement.Defrag{MaxMoves: 4}) },
			func() (placement.EmptyPlan, error) { return w.engine.PlanDefrag(placement.Defrag{Device: "gpu"}) },
			func() (placement.EmptyPlan, error) {
				return w.engine.PlanDefrag(placement.Defrag{Device: "gpu", Max: 1, MaxMoves: 1})
			},
		} {
			plan, err := ask()
			if err != nil {
				t.Fatal(err)
			}
			moved := map[placement.TaskID]bool{}
			for _, m := range plan.Moves {
				if moved[m.Task] {
					t.Fatalf("%s is moved twice", m.Task)
				}
				moved[m.Task] = true
			}
			e := w.carriedOut(t, &plan, x)
			if n := len(e.Running()); n != before {
				t.Fatalf("%d tasks run, %d did", n, before)
			}
			for _, h := range e.Running() {
				if slices.Contains(plan.Agents, h.Agent) {
					t.Fatalf("seed %d, plan %d: %s still runs on %s", seed, i, h.Task.ID, h.Agent)
				}
				for _, g := range h.Devices {
					for _, u := range plan.Units {
						if u.Agent == h.Agent && slices.Contains(g.IDs, u.ID) {
							t.Fatalf("seed %d, plan %d: %s still uses %+v", seed, i, h.Task.ID, u)
						}
					}
				}
			}
			switch i {
			case 1:
				if len(plan.Agents) > 2 || len(plan.Moves) > 3 || slices.Contains(plan.Agents, "a1") || slices.Contains(plan.Agents, "a2") {
					t.Fatalf("%+v", plan)
				}
			case 2:
				if len(slices.DeleteFunc(slices.Clone(plan.Agents), func(a placement.AgentID) bool { return a == "a3" || a == "a4" })) > 0 {
					t.Fatalf("%+v", plan)
				}
			case 3:
				if len(plan.Moves) > 4 || (len(plan.Agents) > 0 && len(plan.Moves) < len(plan.Agents)) {
					t.Fatalf("%+v", plan)
				}
			case 5:
				if len(plan.Units) > 1 || len(plan.Moves) > 1 {
					t.Fatalf("%+v", plan)
				}
			}
			agents, units, moves = agents+len(plan.Agents), units+len(plan.Units), moves+len(plan.Moves)
		}
		got, err := w.engine.Assign(context.Background())
		want, err2 := quiet.engine.Assign(context.Background())
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("quiet -, asked +:\n%s", d)
		}
	}
	t.Logf("%d agents and %d units freed by %d moves", agents, units, moves)
	if agents < 20 || units < 2 || moves < 20 {
		t.Error("the test says little")
	}
}

func BenchmarkScaleDown(b *testing.B) {
	const agents, running = 2_000, 10_000
	e := crowded(agents, running)
	b.Run(fmt.Sprintf("agents=%d/running=%d", agents, running), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plan, err := e.PlanScaleDown(placement.ScaleDown{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(plan.Agents)), "emptied")
			b.ReportMetric(float64(len(plan.Moves)), "moves")
		}
	})
}
