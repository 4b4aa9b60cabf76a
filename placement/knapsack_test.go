package placement_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func valued(needs string, value float64) placement.Task {
	return placement.Task{ID: placement.TaskID(fmt.Sprintf("%s worth %v", needs, value)), Needs: resources.MustQuantities(needs), Value: value}
}

func ExampleKnapsack() {
	offers := offersOf("cpus:10")
	tasks := []placement.Task{valued("cpus:6", 13), valued("cpus:5", 10), valued("cpus:5.0", 10.5)}
	// The densest task leaves no room for the two others, which are worth more together.
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.Knapsack(placement.KnapsackOptions{}))))
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.Knapsack(placement.KnapsackOptions{Epsilon: 0.1}))))
	// Output:
	// a0 - -
	// - a0 a0
}

// TestKnapsackKeepsItsBound compares what a fleet is worth with the best there is, on one column.
func TestKnapsackKeepsItsBound(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 9))
		free := make([]int, 1+rng.IntN(3))
		var cells []string
		for i := range free {
			free[i] = 1 + rng.IntN(20)
			cells = append(cells, fmt.Sprintf("cpus:%d", free[i]))
		}
		needs := make([]int, 1+rng.IntN(7))
		tasks := make([]placement.Task, len(needs))
		for i := range needs {
			needs[i] = 1 + rng.IntN(12)
			tasks[i] = valued(fmt.Sprintf("cpus:%d", needs[i]), float64(1+rng.IntN(30)))
			tasks[i].ID = placement.TaskID(fmt.Sprint(i))
		}
		var best func(i int) float64
		best = func(i int) float64 {
			if i == len(needs) {
				return 0
			}
			most := best(i + 1)
			for b := range free {
				if free[b] >= needs[i] {
					free[b] -= needs[i]
					most = max(most, tasks[i].Value+best(i+1))
					free[b] += needs[i]
				}
			}
			return most
		}
		optimum := best(0)
		for _, epsilon := range []float64{0.05, 0.3, 0.8} {
			result, err := placement.Assign(offersOf(cells...), tasks, placement.WithPacker(placement.Knapsack(placement.KnapsackOptions{Epsilon: epsilon})))
			if err != nil {
				t.Fatal(err)
			}
			value := 0.0
			for _, a := range result.Assignments {
				for i := range tasks {
					if tasks[i].ID == a.Task {
						value += tasks[i].Value
					}
				}
			}
			if bound := (1 - epsilon) / (2 - epsilon) * optimum; value < bound-1e-9 || (len(free) == 1 && value < (1-epsilon)*optimum-1e-9) {
				t.Fatalf("seed %d, epsilon %v: worth %v, the best is %v", seed, epsilon, value, optimum)
			}
		}
	}
}

func TestKnapsack(t *testing.T) {
	greedy, scheme := placement.Knapsack(placement.KnapsackOptions{Epsilon: math.NaN()}), placement.Knapsack(placement.KnapsackOptions{Epsilon: 0.1})
	for _, c := range []struct {
		name   string
		packer placement.Packer
		offers []string
		tasks  []placement.Task
		want   string
	}{
		{"an exact fit", greedy, []string{"cpus:4"}, []placement.Task{valued("cpus:4", 1)}, "a0"},
		{"an exact fit, scheme", scheme, []string{"cpus:4"}, []placement.Task{valued("cpus:4", 1)}, "a0"},
		{"the scarce column weighs", greedy, []string{"cpus:10;mem:100"}, []placement.Task{valued("cpus:9;mem:1", 9), valued("cpus:2;mem:60", 8), valued("cpus:2;mem:30", 7)}, "- a0 a0"},
		{"nothing asked, nothing said", scheme, []string{"cpus:1"}, []placement.Task{valued("", 1), valued("cpus:1", 0), valued("", 3)}, "a0 a0 a0"},
		{"other columns bind", scheme, []string{"cpus:10;mem:10"}, []placement.Task{valued("cpus:5;mem:6", 10), valued("cpus:5;mem:6.0", 11), valued("cpus:5;mem:1", 1)}, "- a0 a0"},
		{"infinite", scheme, []string{"cpus:2"}, []placement.Task{valued("cpus:1", math.MaxFloat64), valued("cpus:1.0", math.MaxFloat64/2), valued("cpus:2", 1)}, "a0 a0 -"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := where(offersOf(c.offers...), c.tasks, placement.WithPacker(c.packer)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
