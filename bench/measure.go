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

func (s *stopwatch) cost() cost {
	return cost{
		wall:   s.end.Sub(s.start),
		bytes:  s.endMemory.TotalAlloc - s.startMemory.TotalAlloc,
		allocs: s.endMemory.Mallocs - s.startMemory.Mallocs,
	}
}

// cost is what one run took.
type cost struct {
	wall          time.Duration
	bytes, allocs uint64
}

// runs are those of one packer on one workload: what came of them, and what each took.
type runs struct {
	packer packer
	result placement.Result
	done   bool // there is a result
	warm   *cost
	costs  []cost
}

// measure runs packers on a workload. They take turns, repeat times, each turn beginning with another one, so that
// whatever else the machine does meanwhile meets all alike. With warm, each runs once before that; such a run fills
// caches and grows the heap, and its time counts only if there is no other. When the context ends,
// what was done until then is returned.
func measure(ctx context.Context, w *workload.Workload, packers []packer, repeat int, warm bool, step func(packer), opts ...placement.Option) ([]*runs, error) {
	all := make([]*runs, len(packers))
	for i, p := range packers {
		all[i] = &runs{packer: p}
	}
	turns := repeat
	if warm {
		turns++
	}
	for turn := range turns {
		for i := range all {
			if ctx.Err() != nil {
				return all, nil
			}
			r := all[(i+max(0, turn-(turns-repeat)))%len(all)]
			step(r.packer)
			if err := r.run(ctx, w, warm && turn == 0, opts); err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// run runs the packer once more. It fails if the result is not the one of the runs before. Failures are explained
// once, since that takes longer than to place.
func (r *runs) run(ctx context.Context, w *workload.Workload, warm bool, opts []placement.Option) error {
	var watch stopwatch
	opts = append(slices.Clone(opts), placement.WithPacker(r.packer.make()), placement.WithObserver(&watch))
	if r.done {
		opts = append(opts, placement.WithExplain(0))
	}
	watch.begin()
	result, err := placement.AssignContext(ctx, w.Offers, w.Tasks, opts...)
	watch.stop()
	switch {
	case errors.Is(err, placement.ErrPolicy):
		return fmt.Errorf("packer %s: %w", r.packer.name, err)
	case err != nil:
		return w.Explain(err)
	case !r.done:
		r.result, r.done = result, true
	case result.Truncated:
		return nil
	case !same(r.result, result):
		return fmt.Errorf("packer %s placed the same tasks in two ways; a packer must be a function of its round", r.packer.name)
	}
	if c := watch.cost(); warm {
		r.warm = &c
	} else {
		r.costs = append(r.costs, c)
	}
	return nil
}

// same says whether two runs put every task on the same agent.
func same(a, b placement.Result) bool {
	return slices.EqualFunc(a.Assignments, b.Assignments, func(x, y placement.Assignment) bool {
		return x.Task == y.Task && x.Agent == y.Agent && x.Order == y.Order
	})
}

// cost is what the runs took; the warm-up counts if it was the only one.
func (r *runs) cost() report.Cost {
	costs := r.costs
	if len(costs) == 0 && r.warm != nil {
		costs = []cost{*r.warm}
	}
	all := report.Cost{
		Bytes:  middle(costs, func(c cost) uint64 { return c.bytes }),
		Allocs: middle(costs, func(c cost) uint64 { return c.allocs }),
	}
	for _, c := range costs {
		all.Walls = append(all.Walls, c.wall)
	}
	return all
}

func middle[T cmp.Ordered](costs []cost, of func(cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
