package index

import (
	"testing"

	"github.com/berth-go/berth/bench/naive"
)

// TestFindDoesNotAllocate: once everything has been built, questions and changes cost no memory, whatever answers them.
func TestFindDoesNotAllocate(t *testing.T) {
	for _, shapes := range []int{20, 0} {
		for _, monotone := range []bool{false, true} {
			w := naive.Generate(naive.Spec{Kind: naive.Churn, Bins: 300, Tasks: 6000, Shapes: shapes, Seed: 5})
			free := Matrix{Data: w.Free, Cols: w.Cols}
			f := NewFirst(free)
			x := NewBest(free, Matrix{Data: w.Capacity, Cols: w.Cols}, naive.MeanScore, Options{Monotone: monotone})
			i := 0
			one := func() {
				shape := w.Tasks[i%len(w.Tasks)]
				i++
				need := w.Need(shape)
				f.Find(shape, need, nil, nil)
				bin := x.Find(shape, need, nil, nil)
				if bin < 0 {
					return
				}
				for sign := int64(-1); sign <= 1; sign += 2 {
					for j, n := range need {
						free.Row(bin)[j] += sign * n
					}
					f.Changed(bin, sign > 0)
					x.Changed(bin, sign > 0)
				}
			}
			for range 5000 {
				one()
			}
			if n := testing.AllocsPerRun(1000, one); n > 0 {
				t.Errorf("shapes=%d monotone=%v: %v allocations a question", shapes, monotone, n)
			}
		}
	}
}
