package placement_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

// newPackers are the constructors of all packers in this package, wrapped ones included.
var newPackers = []func() placement.Packer{
	placement.Auto, placement.FirstFit, placement.BestFit, placement.Spread, placement.Random,
	placement.DominantFit, placement.DotProduct, placement.L2Norm, placement.Cosine, placement.Tetris, placement.Balanced,
	placement.FillDotProduct, placement.FillL2Norm, placement.FillCosine,
	func() placement.Packer { return placement.Knapsack(placement.KnapsackOptions{}) },
	func() placement.Packer { return placement.Knapsack(placement.KnapsackOptions{Epsilon: 0.1}) },
	placement.Portfolio,
	func() placement.Packer { return placement.GreedyBy(placement.Fitness{}) },
	func() placement.Packer {
		return placement.GreedyBy(placement.Average(
			placement.Part{Fitness: placement.Filled("cpus", "no such"), Weight: 3},
			placement.Part{Fitness: placement.UsedFirst(placement.Left("mem")), Weight: 1}))
	},
}

func TestPackersConform(t *testing.T) {
	for _, newPacker := range newPackers {
		t.Run(fmt.Sprint(newPacker()), func(t *testing.T) { placementtest.Packer(t, newPacker) })
	}
}

func offersOf(cells ...string) []placement.Offer {
	offers := make([]placement.Offer, len(cells))
	for i, text := range cells {
		offers[i] = placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)), Resources: resources.MustParse(text)}
	}
	return offers
}

func tasksOf(needs ...string) []placement.Task {
	tasks := make([]placement.Task, len(needs))
	for i, text := range needs {
		tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(text)}
	}
	return tasks
}

// where says on which agent each task went, in the order of the tasks.
func where(offers []placement.Offer, tasks []placement.Task, opts ...placement.Option) string {
	result, err := placement.Assign(offers, tasks, opts...)
	if err != nil {
		return err.Error()
	}
	return whereabouts(tasks, result)
}

func TestWherePackersPut(t *testing.T) {
	lopsided := []string{"cpus:8;mem:2", "cpus:2;mem:8"}
	for _, c := range []struct {
		name   string
		packer placement.Packer
		offers []string
		tasks  []string
		want   string
	}{
		{"dominant fit: where it just fits", placement.DominantFit(), []string{"cpus:8;mem:8", "cpus:4;mem:8"}, []string{"cpus:3;mem:1"}, "a1"},
		{"dominant fit: the scarce column decides", placement.DominantFit(), []string{"cpus:3;mem:9", "cpus:9;mem:2"}, []string{"cpus:2;mem:2"}, "a1"},
		{"dot product: with the grain", placement.DotProduct(), lopsided, []string{"cpus:1;mem:2", "cpus:2;mem:1"}, "a1 a0"},
		{"dot product: used first", placement.DotProduct(), []string{"cpus:8;mem:8", "cpus:8;mem:8"}, []string{"cpus:1", "mem:1", "cpus:7;mem:7"}, "a0 a0 a0"},
		{"l2: least left", placement.L2Norm(), []string{"cpus:8;mem:8", "cpus:4;mem:4"}, []string{"cpus:2;mem:2"}, "a1"},
		{"cosine: with the grain", placement.Cosine(), lopsided, []string{"cpus:2"}, "a0"},
		{"tetris: parts of its own", placement.Tetris(), []string{"cpus:8;mem:8", "cpus:2;mem:2"}, []string{"cpus:1;mem:1"}, "a1"},
		{"balanced: even leftovers", placement.Balanced(), lopsided, []string{"cpus:4;mem:1", "cpus:1;mem:4"}, "a0 a1"},
		{"fill: opposites share", placement.FillCosine(), []string{"cpus:8;mem:8", "cpus:8;mem:8"}, []string{"cpus:6;mem:2", "cpus:6;mem:2", "cpus:2;mem:6", "cpus:2;mem:6"}, "a0 a1 a0 a1"},
		{"fill: the largest agent first", placement.FillDotProduct(), []string{"cpus:1", "cpus:2", "cpus:4"}, []string{"cpus:1", "cpus:1", "cpus:2"}, "a2 a2 a2"},
		{"fill: what is rare goes where it can", placement.FillL2Norm(), []string{"cpus:4;gas:1", "cpus:4"}, []string{"cpus:4", "cpus:4;gas:1"}, "a1 a0"},
		{"fill: an exact fit", placement.FillDotProduct(), []string{"cpus:4;mem:4"}, []string{"cpus:4;mem:4"}, "a0"},
		{"fill: tasks for nothing", placement.FillCosine(), []string{"cpus:4"}, []string{"", "cpus:4", ""}, "a0 a0 a0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := where(offersOf(c.offers...), tasksOf(c.tasks...), placement.WithPacker(c.packer)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestFitness(t *testing.T) {
	offers := offersOf("cpus:8;mem:2", "cpus:4;mem:8", "cpus:4")
	constant := func(v float64) placement.Fitness {
		return placement.Rated("constant", func(_, _, _ placement.Row) float64 { return v })
	}
	largest := placement.Rated("largest", func(_, free, _ placement.Row) float64 { return float64(free.At(0)) / 8000 })
	for _, c := range []struct {
		name    string
		fitness placement.Fitness
		task    string
		want    string
	}{
		{"filled", placement.Filled("cpus"), "cpus:4", "a1"},
		{"filled, an exact fit", placement.Filled("mem"), "cpus:1;mem:2", "a0"},
		{"filled, nothing asked: away from what has it", placement.Filled("mem"), "cpus:1", "a2"},
		{"filled, two", placement.Filled("cpus", "mem"), "cpus:2;mem:2", "a0"},
		{"filled, no such column", placement.Filled("gas"), "cpus:1", "a0"},
		{"left", placement.Left("cpus"), "cpus:1", "a0"},
		{"left, mem", placement.Left("mem"), "mem:2", "a1"},
		{"zero value", placement.Fitness{}, "cpus:1", "a0"},
		{"average of nothing", placement.Average(), "cpus:1", "a0"},
		{"weights of any sum", placement.Average(placement.Part{largest, 30}, placement.Part{placement.Left("mem"), 0.5}), "mem:1", "a0"},
		{"weights that are none", placement.Average(placement.Part{largest, -1}, placement.Part{largest, math.NaN()}, placement.Part{largest, math.Inf(1)}, placement.Part{placement.Left("mem"), 1}), "mem:1", "a1"},
		{"huge weights", placement.Average(placement.Part{largest, math.MaxFloat64}, placement.Part{constant(1), math.MaxFloat64}), "mem:1", "a0"},
		{"a zero score keeps nobody out", placement.Average(placement.Part{constant(0), 1}), "cpus:8", "a0"},
		{"not a number loses", placement.Average(placement.Part{constant(1), 1}, placement.Part{placement.Rated("nan", func(_, free, _ placement.Row) float64 {
			if free.At(1) == 2000 {
				return math.NaN()
			}
			return 0
		}), 1}), "cpus:1", "a1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := where(offers, tasksOf(c.task), placement.WithPacker(placement.GreedyBy(c.fitness))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
