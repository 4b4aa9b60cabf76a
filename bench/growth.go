package main

import (
	"context"
	"time"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// growthParts are the parts of a workload that growth is measured on, and growthRuns how often. They are few: the
// interval of the exponent says how much they tell.
var growthParts = []int{8, 4, 2, 1}

const growthRuns = 5

// measureGrowth measures how long packers take for parts of a workload. When the context ends it returns nothing.
func measureGrowth(ctx context.Context, w *workload.Workload, packers []packer, step func(packer), opts ...placement.Option) ([]report.Growth, error) {
	all := make([]report.Growth, len(packers))
	for i, p := range packers {
		all[i].Packer = p.name
	}
	for _, n := range growthParts {
		part := w.Part(n)
		measured, err := measure(ctx, part, packers, growthRuns, false, step, opts...)
		if err != nil || ctx.Err() != nil {
			return nil, err
		}
		for i, r := range measured {
			for _, c := range r.costs {
				all[i].Points = append(all[i].Points, report.GrowthPoint{Tasks: len(part.Tasks), MS: float64(c.wall) / float64(time.Millisecond)})
			}
		}
	}
	return all, nil
}
