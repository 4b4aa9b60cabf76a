package placement_test

import (
	"fmt"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// BenchmarkAssignEndToEnd measures whole calls: validation, tables, packing and result. Nothing is
// allocated for each pair of task and agent: the bytes per task do not grow with the number of agents.
func BenchmarkAssignEndToEnd(b *testing.B) {
	for _, size := range []struct{ agents, tasks int }{{1_000, 10_000}, {10_000, 10_000}, {10_000, 100_000}} {
		offers := make([]placement.Offer, size.agents)
		for i := range offers {
			k := []int{8, 16, 32, 64}[i%4]
			offers[i] = placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
				Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d;disk:100000", k, k*4096))}
		}
		shapes := make([]resources.Quantities, 100)
		for i := range shapes {
			shapes[i] = resources.MustQuantities(fmt.Sprintf("cpus:%d.%d;mem:%d", i%10/4, 1+i%5, 256*(1+i/10)))
		}
		tasks := make([]placement.Task, size.tasks)
		for i := range tasks {
			tasks[i] = placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: shapes[i*7919%100]}
		}
		for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
			b.Run(fmt.Sprintf("packer=%s/agents=%d/tasks=%d", p, size.agents, size.tasks), func(b *testing.B) {
				b.ReportAllocs()
				var result placement.Result
				for b.Loop() {
					var err error
					if result, err = placement.Assign(offers, tasks, placement.WithPacker(p)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size.tasks), "ns/task")
				b.ReportMetric(float64(result.Stats.Placed), "placed")
				b.ReportMetric(float64(result.Stats.AgentsUsed), "agents-used")
			})
		}
	}
}
