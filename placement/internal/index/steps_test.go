package index

import (
	"testing"

	"github.com/berth-go/berth/bench/naive"
)

// TestStepsAreRepeatable: the same calls take the same steps, so that a budget of steps ends at the same place everywhere; and
// they are far fewer than a scan's.
func TestStepsAreRepeatable(t *testing.T) {
	const bins, tasks = 3000, 6000
	for _, kind := range naive.Kinds() {
		for _, shapes := range []int{50, 0} {
			w := naive.Generate(naive.Spec{Kind: kind, Bins: bins, Tasks: tasks, Shapes: shapes, Seed: 2})
			run := func() (first, best int64) {
				free := Matrix{Data: append([]int64(nil), w.Free...), Cols: w.Cols}
				f := NewFirst(free)
				x := NewBest(free, Matrix{Data: w.Capacity, Cols: w.Cols}, naive.LinearScore, Options{Monotone: shapes == 0})
				w.Run(&both{free, f, x}, nil)
				return f.Steps(), x.Steps()
			}
			first, best := run()
			again, bestAgain := run()
			if first != again || best != bestAgain {
				t.Errorf("%v shapes=%d: steps %d and %d, then %d and %d", kind, shapes, first, best, again, bestAgain)
			}
			if first > 200*tasks || best > 300*tasks {
				t.Errorf("%v shapes=%d: %d and %d steps a task, a scan takes up to %d", kind, shapes, first/tasks, best/tasks, bins)
			}
		}
	}
}

// both asks both indexes and follows the best fit.
type both struct {
	free Matrix
	f    *First
	x    *Best
}

func (p *both) Find(shape int32, need []int64) int32 {
	p.f.Find(shape, need, nil, nil)
	return p.x.Find(shape, need, nil, nil)
}

func (p *both) Take(bin int32, need []int64) { p.move(bin, need, -1) }
func (p *both) Give(bin int32, need []int64) { p.move(bin, need, 1) }

func (p *both) move(bin int32, need []int64, sign int64) {
	for j, n := range need {
		p.free.Row(bin)[j] += sign * n
	}
	p.f.Changed(bin, sign > 0)
	p.x.Changed(bin, sign > 0)
}
