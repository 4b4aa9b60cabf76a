package placement_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// owned makes n tasks of an owner.
func owned(owner string, n int, needs string) []placement.Task {
	tasks := make([]placement.Task, n)
	for i := range tasks {
		tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprintf("%s%d", owner, i)), Owner: owner, Needs: resources.MustQuantities(needs)}
	}
	return tasks
}

// served lists the owners of the tasks placed, in the order of placing.
func served(t testing.TB, offers []placement.Offer, tasks []placement.Task, opts ...placement.Option) string {
	result, err := placement.Assign(offers, tasks, append(opts, placement.WithOrder(placement.DRF), placement.WithPacker(placement.FirstFit()))...)
	if err != nil {
		t.Fatal(err)
	}
	owners := make([]string, len(result.Assignments))
	for _, a := range result.Assignments {
		owners[a.Order] = string(a.Task[:1])
	}
	return strings.Join(owners, "")
}

// TestDRF has what is known of the order beside Fenzo's cases, see TestFenzoShares.
func TestDRF(t *testing.T) {
	abc := func(n int) []placement.Task {
		return append(append(owned("A", n, "cpus:1"), owned("B", n, "cpus:1")...), owned("C", n, "cpus:1")...)
	}
	// The example of the paper: 9 CPUs and 18 GB; A needs <1, 4>, B <3, 1>: three tasks of A, two of B.
	paper := append(owned("A", 9, "cpus:1;mem:4"), owned("B", 9, "cpus:3;mem:1")...)
	if got := served(t, offersOf("cpus:9;mem:18"), paper); got != "ABABA" {
		t.Errorf("the example of Ghodsi et al.: got %s", got)
	}
	zero := placement.WithWeights(map[string]float64{"A": 0})
	if got := served(t, offersOf("cpus:3"), abc(2), zero); got != "BCB" {
		t.Errorf("weight 0: got %s", got)
	}
}

func ExampleWithWeights() {
	tasks := append(owned("research", 6, "cpus:1"), owned("sales", 6, "cpus:1")...)
	fmt.Println(where(offersOf("cpus:6"), tasks, placement.WithOrder(placement.DRF), placement.WithPacker(placement.FirstFit()),
		placement.WithWeights(map[string]float64{"research": 2})))
	// Output: a0 a0 a0 a0 - - a0 a0 - - - -
}
