package placement_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func TestWorkersDoNotShow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var offers []placement.Offer
	for i := range 300 {
		o := placement.Offer{
			ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
			Resources:  resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d;tags:{a,b}", 1+rng.IntN(8), 512)),
			Attributes: resources.MustAttributes(fmt.Sprint("rack:r", i%7)),
		}
		if i%3 == 0 {
			o.Devices = []placement.Device{{Kind: "gpu", Capacity: resources.One, Free: resources.One}}
		}
		offers = append(offers, o)
	}
	var tasks []placement.Task
	for i := range 900 {
		task := placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(12), 100))}
		switch i % 5 {
		case 0:
			task.Group, task.Require = "g", constraints.MustParse("unique(rack)")
		case 1:
			task.Devices = []placement.DeviceRequest{{Kind: "gpu", Count: 1}}
		case 2:
			task.Sets = []placement.SetRequest{{Name: "tags", Count: 1}}
		}
		tasks = append(tasks, task)
	}
	want, err := placement.Assign(offers, tasks)
	if err != nil || len(want.Failures) == 0 {
		t.Fatal(err, len(want.Failures))
	}
	for _, n := range []int{-1, 2, 8} {
		got, err := placement.Assign(offers, tasks, placement.WithWorkers(n))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("with %d workers:\n%s", n, d)
		}
	}
}
