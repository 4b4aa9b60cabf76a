package placement_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ExampleAuto() {
	var offers []placement.Offer
	for i := range 4 {
		offers = append(offers, offersOf("cpus:8;mem:32", "cpus:16;mem:16")[i%2])
		offers[i].ID, offers[i].Agent = placement.OfferID(fmt.Sprint("o", i)), placement.AgentID(fmt.Sprint("a", i))
	}
	result, err := placement.Assign(offers, many(30, "cpus:1;mem:1"), placement.WithPacker(placement.Auto()))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(result.Stats.Choice)
	// Output: fill-cosine, because there are many tasks and the bins differ in proportions
}

func many(n int, needs ...string) []placement.Task {
	tasks := make([]placement.Task, n)
	for i := range tasks {
		tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(needs[i%len(needs)])}
	}
	return tasks
}

func TestAutoChooses(t *testing.T) {
	worth := many(30, "cpus:1", "cpus:2")
	for i := range worth {
		worth[i].Value = float64(1 + i)
	}
	gpu := many(30, "cpus:1")
	gpu[7].Devices = []placement.DeviceRequest{{Kind: "gpu", Count: 1}}
	urgent := append(many(30, "cpus:0.1"), placement.Task{ID: "urgent", Priority: 1}, placement.Task{ID: "later", Priority: -1})
	for _, c := range []struct {
		name   string
		offers []placement.Offer
		tasks  []placement.Task
		opts   []placement.Option
		want   string
	}{
		{"nothing to do", offersOf("cpus:1"), nil, nil, ""},
		{"few tasks", offersOf("cpus:4", "cpus:4"), many(3, "cpus:1"), nil, "dot-product, because there are few tasks (3) for the bins (2)"},
		{"few tasks, nearly full", offersOf("cpus:4", "cpus:4"), many(3, "cpus:2.5"), nil, "balanced, because there are few tasks (3) for the bins (2), and 94 % of all cpus will be in use"},
		{"few tasks, devices", offersOf("cpus:4", "cpus:4"), gpu[6:8], nil, "cosine, because there are few tasks (2) for the bins (2), and devices are asked for"},
		{"many tasks, devices", offersOf("cpus:40", "cpus:4"), gpu, nil, "fill-cosine, because there are many tasks, and devices are asked for"},
		{"an order", offersOf("cpus:40"), many(30, "cpus:1"), []placement.Option{placement.WithOrder(placement.Decreasing)}, "dot-product, because the order decreasing was asked for"},
		{"scarce", offersOf("cpus:10", "cpus:10"), many(30, "cpus:1"), nil, "balanced, because the tasks ask for 150 % of the free cpus"},
		{"scarce and worth something", offersOf("cpus:10", "cpus:10"), worth, nil, "knapsack, because tasks differ in value and ask for 225 % of the free cpus"},
		{"worth something, and room", offersOf("cpus:100", "cpus:100"), worth, nil, "fill-dot-product, because there are many tasks and the bins are alike in proportions"},
		{"large tasks", offersOf(strings.Split(strings.Repeat("cpus:10;mem:1 cpus:1;mem:10 ", 15), " ")[:30]...), many(60, "cpus:1;mem:0.9", "cpus:5"), nil, "balanced, because the tasks ask for 109 % of the free cpus"},
		{"large tasks, and room", offersOf("cpus:10;mem:900", "cpus:10;mem:900"), many(4, "mem:300"), nil, "fill-dot-product, because a task takes 33 % of the largest bin on average"},
		{"a small budget", offersOf("cpus:10"), many(5, "cpus:1"), []placement.Option{placement.WithBudget(20)}, "first-fit, because the budget is small: steps 20, tasks 5, bins 1"},
		{"a large budget", offersOf("cpus:10"), many(5, "cpus:1"), []placement.Option{placement.WithBudget(2000)}, "fill-dot-product, because there are many tasks and the bins are alike in proportions"},
		{"several priorities", offersOf("cpus:10"), urgent, nil, "dot-product, because there are few tasks (1) for the bins (1); at priority 0 fill-dot-product, because there are many tasks and the bins are alike in proportions; at priority -1 dot-product, because there are few tasks (1) for the bins (1)"},
		{"no offers", nil, many(2, "cpus:1"), nil, "fill-dot-product, because there are many tasks and the bins are alike in proportions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := placement.Assign(c.offers, c.tasks, append(c.opts, placement.WithPacker(placement.Auto()))...)
			if err != nil {
				t.Fatal(err)
			}
			if got := result.Stats.Choice; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
