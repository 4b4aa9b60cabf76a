package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleEngine_PlanScaleUp() {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4")})
	for i := range 9 {
		e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("web", i)), Needs: resources.MustQuantities("cpus:2")})
	}
	e.Submit(placement.Task{ID: "train", Needs: resources.MustQuantities("cpus:1"), Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 1}}})
	plan, err := e.PlanScaleUp([]placement.AgentShape{
		{Name: "small", Offer: placement.Offer{Resources: resources.MustParse("cpus:4")}, Cost: 1},
		{Name: "large", Offer: placement.Offer{Resources: resources.MustParse("cpus:16")}, Cost: 3},
		{Name: "gpu", Offer: placement.Offer{Resources: resources.MustParse("cpus:4"), Devices: []placement.Device{{Kind: "gpu", Capacity: resources.One, Free: resources.One}}}, Cost: 10},
	})
	fmt.Println("small, large, gpu:", plan.Counts, "cost", plan.Cost, "left", len(plan.Result.Failures), err)
	// Output:
	// small, large, gpu: [0 1 1] cost 13 left 0 <nil>
}

func shapesOf(texts ...string) []placement.AgentShape {
	var shapes []placement.AgentShape
	for i, text := range texts {
		shapes = append(shapes, placement.AgentShape{Name: fmt.Sprint("s", i), Offer: placement.Offer{Resources: resources.MustParse(text)}})
	}
	return shapes
}

// TestScaleUpCounts: on what is simple, the counts are the least possible.
func TestScaleUpCounts(t *testing.T) {
	limited := shapesOf("cpus:8", "cpus:4")
	limited[0].Max, limited[0].Cost, limited[1].Cost = 2, 1, 3
	cheap := shapesOf("cpus:8;mem:8", "cpus:4;mem:8")
	cheap[0].Cost, cheap[1].Cost = 3, 1
	for _, c := range []struct {
		name, need string
		tasks      int
		shapes     []placement.AgentShape
		want       []int
		left       int
	}{
		{"as many as it takes", "cpus:3", 10, shapesOf("cpus:8"), []int{5}, 0},
		{"far more than are made ready at first", "cpus:3", 700, shapesOf("cpus:8"), []int{350}, 0},
		{"no more than there are", "cpus:3", 10, limited, []int{2, 6}, 0},
		{"the one that takes most for its cost", "cpus:2", 8, cheap, []int{0, 4}, 0},
		{"none where none helps", "cpus:9", 3, shapesOf("cpus:8"), []int{0}, 3},
		{"none where nothing waits", "cpus:1", 0, shapesOf("cpus:8"), []int{0}, 0},
		{"no shapes", "cpus:1", 2, nil, []int{}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := placement.NewEngine()
			for i := range c.tasks {
				e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(c.need)})
			}
			plan, err := e.PlanScaleUp(c.shapes)
			if err != nil || !slices.Equal(plan.Counts, c.want) || len(plan.Result.Failures) != c.left {
				t.Fatalf("%v, %d left, %v", plan.Counts, len(plan.Result.Failures), err)
			}
		})
	}
}

// TestScaleUp: on random worlds the round with the new agents is valid, nothing is lost that was placed without them, every new agent is used, and
// what is left fits on no shape, alone on an agent of its own.
func TestScaleUp(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	bought, helped := 0, 0
	for seed := range uint64(8 + 2*len(elastics)) {
		x := elasticOf(seed)
		inRounds := x.options()
		x.pieces = false
		given := x.options()
		w := &world{rng: rand.New(rand.NewPCG(seed, 41)), engine: placement.NewEngine(given...), agents: 5, mixed: seed%2 == 1}
		for i := range rounds {
			for range 8 {
				w.event(t)
			}
			shapes := shapesOf("cpus:4;mem:2048;ports:[1-9]", "cpus:16;mem:4096;ports:[1-3]")
			shapes[0].Offer.Attributes = resources.MustAttributes("rack:r1")
			shapes[1].Offer.Devices = []placement.Device{{Kind: "gpu", Model: "M", Capacity: resources.One, Free: resources.One}}
			shapes[1].Max, shapes[1].Cost = w.rng.IntN(3), 2.5
			opts := []placement.Option{placement.WithPacker(newPackers[w.rng.IntN(len(newPackers))]()), placement.WithSeed(uint64(i))}
			plan, err := w.engine.PlanScaleUp(shapes, opts...)
			if err != nil {
				t.Fatal(err)
			}
			offers := slices.Concat(w.offers, plan.Offers)
			if err := placementtest.Verify(offers, w.pending, plan.Result, append(x.checks(), placementtest.WithRunning(w.running...))...); err != nil {
				t.Fatal(err)
			}
			base, err := w.engine.Try(context.Background(), placement.Change{}, opts...)
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.Result.Assignments) < len(base.Assignments) {
				t.Fatalf("%d placed with %v, %d without", len(plan.Result.Assignments), plan.Counts, len(base.Assignments))
			}
			used := map[placement.AgentID]bool{}
			for _, a := range plan.Result.Assignments {
				used[a.Agent] = true
			}
			cost := 0.0
			for _, o := range plan.Offers {
				bought++
				if !used[o.Agent] {
					t.Fatalf("%s is not used", o.Agent)
				}
			}
			for s, n := range plan.Counts {
				cost += float64(n) * max(1, shapes[s].Cost)
				if m := shapes[s].Max; m > 0 && n > m {
					t.Fatalf("%d of shape %d, there are %d", n, s, m)
				}
			}
			if math.Abs(cost-plan.Cost) > 1e-9 {
				t.Fatalf("cost %v of %v is %v", plan.Cost, plan.Counts, cost)
			}
			helped += len(plan.Result.Assignments) - len(base.Assignments)
			for _, f := range plan.Result.Failures {
				w.helpless(t, f.Task, shapes[0], &plan, opts)
			}
			w.round(t, append(slices.Clone(inRounds), placement.WithSeed(uint64(i)), placement.WithExplain(0))...)
		}
	}
	t.Logf("%d agents bought, %d tasks helped", bought, helped)
	if bought < 20 || helped < 20 {
		t.Error("the test says little")
	}
}

// helpless checks that a task that is left does not go on one more agent of the shape, of which there are any number, when all else is as planned.
func (w *world) helpless(t *testing.T, id placement.TaskID, shape placement.AgentShape, plan *placement.ScaleUp, opts []placement.Option) {
	t.Helper()
	more := shape.Offer
	more.ID, more.Agent = "one-more", "one-more"
	at := map[placement.TaskID]placement.Assignment{}
	for _, a := range plan.Result.Assignments {
		at[a.Task] = a
	}
	replay := placement.PackerFunc(func(r *placement.Round) {
		order := slices.Collect(r.Pending())
		slices.SortStableFunc(order, func(x, y placement.TaskIndex) int {
			return at[r.Task(x).ID].Order - at[r.Task(y).ID].Order
		})
		for _, task := range order {
			for b := range r.Bins() {
				if agent, role := r.Agent(b); agent == at[r.Task(task).ID].Agent && role == at[r.Task(task).ID].Role {
					r.Place(task, b)
				}
			}
		}
		for task := range r.Pending() {
			if r.Task(task).ID == id {
				r.First(task)
				for b := range r.Bins() {
					if agent, _ := r.Agent(b); agent == "one-more" {
						r.Place(task, b)
					}
				}
			}
		}
	})
	res, err := w.engine.Try(context.Background(), placement.Change{Offers: append(slices.Clone(plan.Offers), more)}, append(slices.Clone(opts), placement.WithPacker(replay))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range res.Assignments {
		if a.Task == id {
			t.Fatalf("%s is left, but goes on one more of %s", id, shape.Name)
		}
	}
}

func TestScaleUpErrors(t *testing.T) {
	e := placement.NewEngine()
	e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")})
	for _, shapes := range [][]placement.AgentShape{
		{{}}, {{Name: "x"}, {Name: "x"}}, {{Name: "x", Cost: -1}}, {{Name: "x", Cost: math.NaN()}}, {{Name: "x", Cost: math.Inf(1)}},
	} {
		if _, err := e.PlanScaleUp(shapes); !errors.Is(err, placement.ErrBadRequest) {
			t.Error(shapes, err)
		}
	}
	bad := []placement.AgentShape{{Name: "x", Offer: placement.Offer{Devices: []placement.Device{{}}}}}
	if _, err := e.PlanScaleUp(bad); !errors.Is(err, placement.ErrNoID) {
		t.Error(err)
	}
}

func BenchmarkScaleUp(b *testing.B) {
	const backlog = 10_000
	e := placement.NewEngine()
	rng := rand.New(rand.NewPCG(1, 1))
	demand := 0
	for i := range backlog {
		n := 1 + rng.IntN(8)
		demand += n
		e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", n, 1024*(1+rng.IntN(8))))})
	}
	shapes := shapesOf("cpus:16;mem:65536", "cpus:64;mem:262144", "cpus:64;mem:131072")
	shapes[0].Cost, shapes[1].Cost, shapes[2].Cost = 1, 3.8, 3
	b.Run(fmt.Sprintf("backlog=%d/shapes=%d", backlog, len(shapes)), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plan, err := e.PlanScaleUp(shapes, placement.WithExplain(0))
			if err != nil || len(plan.Result.Failures) > 0 {
				b.Fatal(err)
			}
			b.ReportMetric(plan.Cost, "cost")
			b.ReportMetric(float64(demand)/64*3, "bound")
		}
	})
}
