package placement_test

import (
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
)

// shares counts the tasks placed of owners A, B and C.
func shares(res placement.Result) [3]int {
	var n [3]int
	for _, a := range res.Assignments {
		n[a.Task[0]-'A']++
	}
	return n
}

// TestFenzoShares has what Fenzo's tiered queue does with shares alone: a bucket is an owner, its share a weight, a tier a priority.
func TestFenzoShares(t *testing.T) {
	all := func(n int, needs string) []placement.Task {
		return slices.Concat(owned("A", n, needs), owned("B", n, needs), owned("C", n, needs))
	}
	queue := func(a, b, c float64) []placement.Option {
		return []placement.Option{placement.WithPacker(placement.FirstFit()), placement.WithOrder(placement.DRF),
			placement.WithWeights(map[string]float64{"A": a, "B": b, "C": c})}
	}
	running := func(counts ...any) (list []placement.Running) {
		for i := 0; i < len(counts); i += 2 {
			for _, task := range owned(counts[i].(string), counts[i+1].(int), "cpus:1") {
				task.ID = "running " + task.ID
				list = append(list, placement.Running{Agent: "elsewhere", Task: task})
			}
		}
		return list
	}
	for _, c := range []struct {
		name    string
		tasks   []placement.Task
		slots   int
		weights [3]float64
		running []placement.Running
		want    [3]int
	}{
		{"69 shares of 1, 2 and 1", all(25, "cpus:1"), 40, [3]float64{1, 2, 1}, nil, [3]int{10, 20, 10}},
		{"69 beside running tasks", all(25, "cpus:1"), 32, [3]float64{1, 2, 1}, running("A", 5, "C", 3), [3]int{5, 20, 7}},
		{"70 shares that change", all(40, "cpus:1"), 40, [3]float64{1, 1, 2}, running("A", 10, "B", 20, "C", 10), [3]int{10, 0, 30}},
		{"71 nobody of B waits", slices.Concat(owned("A", 25, "cpus:1"), owned("C", 25, "cpus:1")), 40, [3]float64{1, 2, 1}, nil, [3]int{20, 0, 20}},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := append(queue(c.weights[0], c.weights[1], c.weights[2]), placement.WithRunning(c.running...))
			if got := shares(lodge(t, agents(repeat("cpus:1", c.slots)...), c.tasks, opts...)); got != c.want {
				t.Errorf("A, B and C got %v, should be %v", got, c.want)
			}
		})
	}
	t.Run("73 the least share first", func(t *testing.T) {
		opts := append(queue(1, 1, 1), placement.WithRunning(running("A", 15, "B", 6, "C", 11)...))
		res := lodge(t, agents(repeat("cpus:4", 4)...), all(2, "cpus:4"), opts...)
		slices.SortFunc(res.Assignments, func(a, b placement.Assignment) int { return a.Order - b.Order })
		var order string
		for _, a := range res.Assignments {
			order += string(a.Task[0])
		}
		if order != "BBCA" {
			t.Errorf("the order is %s", order)
		}
	})
	t.Run("74 the first tier drains first", func(t *testing.T) {
		tasks := append(owned("A", 5, "cpus:1"), owned("B", 5, "cpus:1")...)
		for i := range tasks[5:] {
			tasks[5+i].Priority = 1
		}
		for slots, want := range map[int][3]int{3: {0, 3, 0}, 5: {0, 5, 0}, 7: {2, 5, 0}} {
			if got := shares(lodge(t, agents(repeat("cpus:1", slots)...), tasks, queue(1, 1, 1)...)); got != want {
				t.Errorf("%d slots: A, B and C got %v, should be %v", slots, got, want)
			}
		}
	})
}
