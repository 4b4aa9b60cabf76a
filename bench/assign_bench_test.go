package main

import (
	"fmt"
	"testing"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// BenchmarkAssign is one call of Assign for a whole backlog, on empty agents. Desirable: a cost per task that
// hardly grows with the number of agents, and no allocation per (task, agent) pair. Beside the time it
// reports what came of it, because fast and bad is easy. Explanations of failures are left out.
//
//	go test ./bench -run - -bench 'Assign/workload=mixed/agents=10000/.*/packer=best-fit' -benchtime 1x -benchmem
func BenchmarkAssign(b *testing.B) {
	type size struct{ agents, tasks int }
	for _, n := range []size{{100, 1_000}, {1_000, 10_000}, {10_000, 100_000}} {
		benchmarkPackers(b, "mixed", n.agents, func() *workload.Workload { return workload.Mixed(n.agents, n.tasks, 1) })
	}
	benchmarkPackers(b, "gpu", 1_000, func() *workload.Workload { return workload.GPU(1_000, 1) })
	benchmarkPackers(b, "rules", 1_000, func() *workload.Workload { return workload.Rules(1_000, 10_000, 1) })
	benchmarkPackers(b, "full", 1_000, func() *workload.Workload { return workload.Full(1_000, 1) })
}

func benchmarkPackers(b *testing.B, name string, agents int, make func() *workload.Workload) {
	var w *workload.Workload // made only when one of the benchmarks is selected
	for _, p := range packers {
		b.Run(fmt.Sprintf("workload=%s/agents=%d/packer=%s", name, agents, p.name), func(b *testing.B) {
			if w == nil {
				w = make()
			}
			benchmarkAssign(b, w, p)
		})
	}
}

func benchmarkAssign(b *testing.B, w *workload.Workload, p packer) {
	b.ReportAllocs()
	var result placement.Result
	for b.Loop() {
		var err error
		result, err = placement.Assign(w.Offers, w.Tasks, placement.WithPacker(p.make()), placement.WithExplain(0))
		if err != nil {
			b.Fatal(err)
		}
	}
	r := report.New(w, 1).Add(p.name, result, report.Cost{})
	tasks := float64(len(w.Tasks))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tasks, "ns/task")
	b.ReportMetric(tasks, "tasks")
	b.ReportMetric(float64(r.Placed), "placed")
	b.ReportMetric(float64(r.AgentsUsed), "agents-used")
	b.ReportMetric(100*r.Gap, "gap-%")
}
