package placement_test

import (
	"fmt"

	"github.com/berth-go/berth/placement"
)

// The examples print the agents a0, a1, … to which the tasks went, in the order of the tasks.

func ExampleDominantFit() {
	offers := offersOf("cpus:8;mem:8", "cpus:4;mem:8")
	tasks := tasksOf("cpus:3;mem:1")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.DominantFit())))
	// Output: a1
}

func ExampleDotProduct() {
	// The task that is after memory goes where the memory is.
	offers := offersOf("cpus:8;mem:2", "cpus:2;mem:8")
	tasks := tasksOf("cpus:1;mem:2", "cpus:4")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.DotProduct())))
	// Output: a1 a0
}

func ExampleL2Norm() {
	offers := offersOf("cpus:8;mem:8", "cpus:4;mem:4")
	tasks := tasksOf("cpus:2;mem:2")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.L2Norm())))
	// Output: a1
}

func ExampleCosine() {
	// The agent whose CPUs are used up is the one for the task that is after memory.
	offers := offersOf("cpus:2;mem:8", "cpus:8;mem:2")
	tasks := tasksOf("cpus:2", "mem:1")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.Cosine())))
	// Output: a0 a0
}

func ExampleTetris() {
	offers := offersOf("cpus:8;mem:8", "cpus:2;mem:2")
	tasks := tasksOf("cpus:1;mem:1")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.Tetris())))
	// Output: a1
}

func ExampleBalanced() {
	// Half of the CPUs and half of the memory are left.
	offers := offersOf("cpus:8;mem:4", "cpus:4;mem:8")
	tasks := tasksOf("cpus:4", "mem:2")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.Balanced())))
	// Output: a0 a0
}

func ExampleFillCosine() {
	// Opposites share an agent.
	offers := offersOf("cpus:8;mem:8", "cpus:8;mem:8")
	tasks := tasksOf("cpus:6;mem:2", "cpus:6;mem:2", "cpus:2;mem:6", "cpus:2;mem:6")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.FillCosine())))
	// Output: a0 a1 a0 a1
}

func ExampleFillDotProduct() {
	// The largest agent is filled first.
	offers := offersOf("cpus:1", "cpus:2", "cpus:4")
	tasks := tasksOf("cpus:1", "cpus:1", "cpus:2")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.FillDotProduct())))
	// Output: a2 a2 a2
}

func ExampleFillL2Norm() {
	// What only one agent can take goes there first.
	offers := offersOf("cpus:4;gas:1", "cpus:4")
	tasks := tasksOf("cpus:4", "cpus:4;gas:1")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.FillL2Norm())))
	// Output: a1 a0
}

func ExampleGreedyBy() {
	// Fill up CPUs and memory, agents in use first; but keep tasks without GPUs off agents that have them.
	fitness := placement.UsedFirst(placement.Average(
		placement.Part{Fitness: placement.Filled("cpus", "mem"), Weight: 1},
		placement.Part{Fitness: placement.Filled("gpus"), Weight: 2},
	))
	offers := offersOf("cpus:4;mem:4;gpus:2", "cpus:8;mem:8", "cpus:8;mem:8")
	tasks := tasksOf("cpus:1;mem:1", "cpus:1;mem:1;gpus:1", "cpus:1;mem:1")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.GreedyBy(fitness))))
	// Output: a1 a0 a1
}

func ExampleAdditive() {
	// A scorer of one's own that is a sum over columns and does not look at the capacity. With the promises a round, or an engine in which offers come
	// and go, keeps one order of all agents for all tasks.
	least := placement.Rated("least left", func(need, free, _ placement.Row) float64 {
		left := 0.0
		for c := range need.Len() {
			left -= float64(free.At(c) - need.At(c))
		}
		return left
	})
	fitness := placement.Monotone(placement.Absolute(placement.Additive(least)))
	offers := offersOf("cpus:8;mem:8", "cpus:4;mem:4", "cpus:2;mem:2")
	tasks := tasksOf("cpus:2;mem:1", "cpus:3;mem:3", "cpus:4;mem:4")
	fmt.Println(where(offers, tasks, placement.WithPacker(placement.GreedyBy(fitness))))
	// Output: a2 a1 a0
}
