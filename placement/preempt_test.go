package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ExampleEngine_PlanPreemption() {
	e := placement.NewEngine()
	e.AddOffers(
		placement.Offer{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:4"), Standing: true},
		placement.Offer{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:4"), Standing: true},
	)
	run := func(id placement.TaskID, agent placement.AgentID, needs string, priority int) {
		e.Started(placement.Running{Agent: agent, Task: placement.Task{ID: id, Needs: resources.MustQuantities(needs), Priority: priority}})
	}
	run("batch-1", "a", "cpus:2", 1)
	run("batch-2", "a", "cpus:2", 1)
	run("batch-3", "b", "cpus:3", 2)
	run("database", "b", "cpus:1", 9)
	e.Submit(placement.Task{ID: "web", Needs: resources.MustQuantities("cpus:3"), Priority: 5})

	plan, ok, err := e.PlanPreemption("web", placement.LowerPriority())
	fmt.Println(plan.Victims, "on", plan.Agent, ok, err)
	// Output:
	// [batch-3] on b true <nil>
}

// lets says whether a task alone is placed on an agent after some have ended.
func (w *world) lets(t *testing.T, id placement.TaskID, agent placement.AgentID, ended []placement.TaskID) bool {
	t.Helper()
	change := placement.Change{Ended: ended}
	for _, task := range w.pending {
		if task.ID != id {
			change.Withdraw = append(change.Withdraw, task.ID)
		}
	}
	var others []placement.Disabled
	for a := range w.agents {
		if other := placement.AgentID(fmt.Sprint("a", a)); other != agent {
			others = append(others, placement.Disabled{Agent: other})
		}
	}
	res, err := w.engine.Try(context.Background(), change, placement.WithPacker(placement.FirstFit()), placement.WithDisabled(others...), placement.WithExplain(0))
	if err != nil {
		t.Fatal(err)
	}
	return len(res.Assignments) == 1
}

// cheapest is the least number of victims and their least cost, found by trying every allowed set on every agent.
func (w *world) cheapest(t *testing.T, id placement.TaskID, cost func(*placement.Task) float64) (least int, sum float64) {
	least, sum = math.MaxInt, math.Inf(1)
	for a := range w.agents {
		agent := placement.AgentID(fmt.Sprint("a", a))
		var may []*placement.Task
		for i := range w.running {
			if c := cost(&w.running[i].Task); w.running[i].Agent == agent && c == c {
				may = append(may, &w.running[i].Task)
			}
		}
		for set := range 1 << len(may) {
			var ended []placement.TaskID
			total := 0.0
			for i, task := range may {
				if set>>i&1 == 1 {
					ended = append(ended, task.ID)
					total += cost(task)
				}
			}
			if len(ended) < least || (len(ended) == least && total < sum) {
				if w.lets(t, id, agent, ended) {
					least, sum = len(ended), total
				}
			}
		}
	}
	return least, sum
}

// TestPreemption compares plans with brute force on random worlds: ordinary and standing offers, ports, devices and constraints. A plan
// lets the task in; none of fewer victims, or of as many that cost less, does; and where none is found there is none.
func TestPreemption(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 8
	}
	plans, hit := 0, 0
	for seed := range uint64(8 + 2*len(elastics)) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			opts := elasticOf(seed).options()
			w := &world{rng: rand.New(rand.NewPCG(seed, 23)), engine: placement.NewEngine(opts...), agents: 6, mixed: seed%2 == 1}
			for i := range rounds {
				for range 4 {
					w.event(t)
				}
				w.round(t, append(slices.Clone(opts), placement.WithSeed(uint64(i)), placement.WithExplain(0), placement.WithPacker(placement.BestFit()))...)
				w.running = slices.DeleteFunc(w.running, func(h placement.Running) bool {
					over := 0
					for _, o := range w.running {
						if o.Agent == h.Agent {
							over++
						}
					}
					if over > 7 { // what brute force can do
						w.engine.Ended(h.Task.ID)
					}
					return over > 7
				})
				for _, task := range w.pending[:min(2, len(w.pending))] {
					policy, cost := w.policy(&task)
					plan, ok, err := w.engine.PlanPreemption(task.ID, policy)
					if err != nil {
						t.Fatal(err)
					}
					least, sum := w.cheapest(t, task.ID, cost)
					if !ok {
						if least != math.MaxInt {
							t.Fatalf("%+v: no plan, but one of %d victims is possible", task, least)
						}
						continue
					}
					plans++
					hit += min(1, len(plan.Victims))
					if !plan.Smallest || len(plan.Victims) != least || plan.Cost != sum {
						t.Fatalf("%+v: %+v, but %d victims at %v are possible", task, plan, least, sum)
					}
					if !w.lets(t, task.ID, plan.Agent, plan.Victims) {
						t.Fatalf("%+v: %+v does not let it in", task, plan)
					}
				}
			}
		})
	}
	if hit < 20 {
		t.Errorf("%d plans, %d with victims: the test says little", plans, hit)
	}
}

// policy is one of two, and the cost it puts on victims of the task.
func (w *world) policy(task *placement.Task) (placement.PreemptionPolicy, func(*placement.Task) float64) {
	if w.rng.IntN(2) == 0 {
		return placement.LowerPriority(), func(v *placement.Task) float64 {
			if v.Priority < task.Priority {
				return float64(v.Priority)
			}
			return math.NaN()
		}
	}
	salt := w.rng.IntN(100)
	cost := func(v *placement.Task) (float64, bool) {
		x := int(v.ID[len(v.ID)-1]) + salt
		return float64(x%4) - 1, x%7 != 0
	}
	return placement.PreemptBy(func(_, v *placement.Task) (float64, bool) { return cost(v) }), func(v *placement.Task) float64 {
		if c, may := cost(v); may {
			return c
		}
		return math.NaN()
	}
}

// TestPreemptionLeavesNoTrace: an engine that planned goes on as one that did not, to the byte.
func TestPreemptionLeavesNoTrace(t *testing.T) {
	newWorld := func() *world {
		return &world{rng: rand.New(rand.NewPCG(3, 3)), engine: placement.NewEngine(), agents: 8, mixed: true}
	}
	asked, quiet := newWorld(), newWorld()
	for i := range 60 {
		for range 5 {
			asked.event(t)
			quiet.event(t)
		}
		for _, task := range asked.pending {
			if _, _, err := asked.engine.PlanPreemption(task.ID, placement.LowerPriority(), placement.WithDisabled(placement.Disabled{Agent: "a1"})); err != nil {
				t.Fatal(err)
			}
		}
		opts := []placement.Option{placement.WithPieces(), placement.WithSeed(uint64(i)), placement.WithPacker(newPackers[i%len(newPackers)]())}
		if i%5 == 0 {
			opts = append(opts, placement.WithDisabled(placement.Disabled{Agent: "a2"}))
		}
		got, err := asked.engine.Assign(context.Background(), opts...)
		want, err2 := quiet.engine.Assign(context.Background(), opts...)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("quiet -, asked +:\n%s", d)
		}
		asked.carry(got)
		quiet.carry(want)
	}
}

// TestPreemptionByRequirement: the one to end is the one that stands in the way, not the cheapest that would make room.
func TestPreemptionByRequirement(t *testing.T) {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4"), Standing: true})
	for id, group := range map[placement.TaskID]string{"x": "web", "y": "other"} {
		e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: id, Group: group, Needs: resources.MustQuantities("cpus:1")}})
	}
	e.Submit(placement.Task{ID: "new", Group: "web", Needs: resources.MustQuantities("cpus:1"), Priority: 1, Require: constraints.MustParse("unique(hostname)")})
	plan, ok, err := e.PlanPreemption("new", placement.LowerPriority())
	if err != nil || !ok || !slices.Equal(plan.Victims, []placement.TaskID{"x"}) {
		t.Fatal(plan, ok, err)
	}
}

// TestPreemptionByLimit: an owner at his limit makes room among his own, wherever there is room.
func TestPreemptionByLimit(t *testing.T) {
	e := placement.NewEngine(placement.WithLimits(placement.Limit{Owner: "u", Tasks: 1}))
	e.AddOffers(
		placement.Offer{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:2"), Standing: true},
		placement.Offer{ID: "o2", Agent: "b", Resources: resources.MustParse("cpus:2"), Standing: true},
	)
	for id, agent := range map[placement.TaskID]placement.AgentID{"u": "b", "v": "a"} {
		e.Started(placement.Running{Agent: agent, Task: placement.Task{ID: id, Owner: string(id), Needs: resources.MustQuantities("cpus:1")}})
	}
	e.Submit(placement.Task{ID: "new", Owner: "u", Needs: resources.MustQuantities("cpus:1"), Priority: 1})
	plan, ok, err := e.PlanPreemption("new", placement.LowerPriority())
	if err != nil || !ok || plan.Agent != "b" || !slices.Equal(plan.Victims, []placement.TaskID{"u"}) {
		t.Fatal(plan, ok, err)
	}
	e.Ended(plan.Victims...)
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 1 {
		t.Fatal(res, err)
	}
}

// TestPreemptionGreedy: where there are too many sets to look at, the plan lets the task in and spares whom it can.
func TestPreemptionGreedy(t *testing.T) {
	w := &world{engine: placement.NewEngine(), agents: 1}
	w.engine.AddOffers(placement.Offer{ID: "o", Agent: "a0", Resources: resources.MustParse("cpus:1000;mem:1000"), Standing: true})
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		c := 1 + rng.IntN(30)
		h := placement.Running{Agent: "a0", Task: placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", c, 31-c))}}
		if err := w.engine.Started(h); err != nil {
			t.Fatal(err)
		}
		w.running = append(w.running, h)
	}
	task := placement.Task{ID: "new", Needs: resources.MustQuantities("cpus:500;mem:500"), Priority: 1}
	w.engine.Submit(task)
	w.pending = []placement.Task{task}
	plan, ok, err := w.engine.PlanPreemption("new", placement.LowerPriority())
	if err != nil || !ok || plan.Smallest || !w.lets(t, "new", "a0", plan.Victims) {
		t.Fatal(plan, ok, err)
	}
	for i := range plan.Victims {
		if w.lets(t, "new", "a0", slices.Delete(slices.Clone(plan.Victims), i, i+1)) {
			t.Errorf("%s can be spared", plan.Victims[i])
		}
	}
}

func TestPreemptionErrors(t *testing.T) {
	e := placement.NewEngine()
	if _, ok, err := e.PlanPreemption("x", placement.LowerPriority()); ok || !errors.Is(err, placement.ErrNotFound) {
		t.Error(ok, err)
	}
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:1"), Standing: true})
	e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: "r", Needs: resources.MustQuantities("cpus:1")}})
	e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1"), Priority: 1})
	if plan, ok, err := e.PlanPreemption("t", placement.PreemptionPolicy{}); ok || err != nil {
		t.Error(plan, ok, err)
	}
	panics := placement.PreemptBy(func(_, _ *placement.Task) (float64, bool) { panic("no") })
	if _, ok, err := e.PlanPreemption("t", panics); ok || !errors.Is(err, placement.ErrPolicy) {
		t.Error(ok, err)
	}
}

func BenchmarkPreemption(b *testing.B) {
	const agents, running = 10_000, 100_000
	e := crowded(agents, running)
	e.Submit(placement.Task{ID: "new", Needs: resources.MustQuantities("cpus:20;mem:81920"), Priority: 4, Owner: "u7"})
	for _, p := range []struct {
		name   string
		policy placement.PreemptionPolicy
	}{{"lower-priority", placement.LowerPriority()}} {
		b.Run(fmt.Sprintf("policy=%s/agents=%d/running=%d", p.name, agents, running), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				plan, ok, err := e.PlanPreemption("new", p.policy)
				if err != nil || !ok || len(plan.Victims) == 0 {
					b.Fatal(plan, ok, err)
				}
				b.ReportMetric(float64(len(plan.Victims)), "victims")
			}
		})
	}
}
