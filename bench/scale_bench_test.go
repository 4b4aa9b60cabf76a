package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/placement"
)

// BenchmarkAssignBesideFenzo is the call that "Assign beside Fenzo" of bench scale times: 10,000 agents and as many tasks. The
// processor time of the fastest call, collection included, is what is compared; ns/op is wall time.
//
//	go test ./bench -run - -bench BesideFenzo -benchtime 40x
func BenchmarkAssignBesideFenzo(b *testing.B) {
	fleet, err := newScaleFleet(naive.Spec{Bins: endAgents, Tasks: endAgents, Shapes: scaleShapes, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	least := time.Duration(1 << 62)
	b.ReportAllocs()
	for b.Loop() {
		r, cost, err := timeAssign(fleet.offers, fleet.tasks, placement.WithPacker(placement.GreedyBy(placement.Filled("cpus", "mem"))))
		if err != nil {
			b.Fatal(err)
		}
		if r.Stats.Placed != len(fleet.tasks) {
			b.Fatalf("%d of %d tasks placed", r.Stats.Placed, len(fleet.tasks))
		}
		least = min(least, cost.cpu)
	}
	b.ReportMetric(float64(least.Nanoseconds())/float64(len(fleet.tasks)), "cpu-ns/task")
}

// BenchmarkStuckRound is the round that "engine round" of bench scale times: one agent in a hundred changed and nothing of the backlog
// fits.
//
//	go test ./bench -run - -bench StuckRound -benchtime 300x
func BenchmarkStuckRound(b *testing.B) {
	offers, tasks, err := stuck(endAgents, 1)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
		b.Run(fmt.Sprintf("packer=%v/agents=%d/backlog=%d", p, len(offers), len(tasks)), func(b *testing.B) {
			e := placement.NewEngine(placement.WithPacker(p))
			if err := e.AddOffers(offers...); err != nil {
				b.Fatal(err)
			}
			if err := e.Submit(tasks...); err != nil {
				b.Fatal(err)
			}
			held := slices.Clone(offers)
			var costs []time.Duration
			b.ReportAllocs()
			for turn := range b.N {
				cost, err := changedRound(e, held, turn)
				if err != nil {
					b.Fatal(err)
				}
				costs = append(costs, cost)
			}
			slices.Sort(costs)
			b.ReportMetric(float64(costs[len(costs)/2].Nanoseconds()), "cpu-ns/round")
		})
	}
}
