package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// stopwatch is an observer that notes when packing was done and explaining the failures began:
// explanations are bounded by a budget of their own and would drown the difference between packers.
type stopwatch struct {
	start, end             time.Time
	startMemory, endMemory runtime.MemStats
	stopped                bool
}

func (s *stopwatch) RoundStarts(*placement.Input)      {}
func (s *stopwatch) RoundEnds(placement.Result, error) {}

func (s *stopwatch) PhaseStarts(p placement.Phase) {
	if p == placement.PhaseExplain {
		s.stop()
	}
}

func (s *stopwatch) begin() {
	runtime.GC()
	runtime.ReadMemStats(&s.startMemory)
	s.start = time.Now()
}

// stop may be called more than once; the first call counts.
func (s *stopwatch) stop() {
	if s.stopped {
		return
	}
	s.stopped = true
	s.end = time.Now()
	runtime.ReadMemStats(&s.endMemory)
}

func (s *stopwatch) cost() report.Cost {
	return report.Cost{
		Wall:   s.end.Sub(s.start),
		Bytes:  s.endMemory.TotalAlloc - s.startMemory.TotalAlloc,
		Allocs: s.endMemory.Mallocs - s.startMemory.Mallocs,
	}
}

// measure runs a packer repeat times and returns its result with the median cost. It runs less often
// when the context ends, but always once; and it fails if two runs differ.
func measure(ctx context.Context, w *workload.Workload, p packer, repeat int, opts ...placement.Option) (placement.Result, report.Cost, error) {
	var result placement.Result
	var costs []report.Cost
	for i := range repeat {
		if i > 0 && ctx.Err() != nil {
			break
		}
		var watch stopwatch
		all := append(slices.Clone(opts), placement.WithPacker(p.make()), placement.WithObserver(&watch))
		watch.begin()
		r, err := placement.AssignContext(ctx, w.Offers, w.Tasks, all...)
		watch.stop()
		switch {
		case errors.Is(err, placement.ErrPolicy):
			return result, report.Cost{}, fmt.Errorf("packer %s: %w", p.name, err)
		case err != nil:
			return result, report.Cost{}, w.Explain(err)
		}
		switch {
		case i == 0:
			result = r
		case r.Truncated:
			continue
		case !same(result, r):
			return result, report.Cost{}, fmt.Errorf("packer %s placed the same tasks in two ways; a packer must be a function of its round", p.name)
		}
		costs = append(costs, watch.cost())
	}
	return result, median(costs), nil
}

// same says whether two runs put every task on the same agent.
func same(a, b placement.Result) bool {
	return slices.EqualFunc(a.Assignments, b.Assignments, func(x, y placement.Assignment) bool {
		return x.Task == y.Task && x.Agent == y.Agent && x.Order == y.Order
	})
}

// median takes the middle of each measure by itself.
func median(costs []report.Cost) report.Cost {
	return report.Cost{
		Wall:   middle(costs, func(c report.Cost) time.Duration { return c.Wall }),
		Bytes:  middle(costs, func(c report.Cost) uint64 { return c.Bytes }),
		Allocs: middle(costs, func(c report.Cost) uint64 { return c.Allocs }),
	}
}

func middle[T cmp.Ordered](costs []report.Cost, of func(report.Cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
