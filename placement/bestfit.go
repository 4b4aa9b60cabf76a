package placement

// BestFit places each task in turn on the bin where it leaves least: the smallest mean, over the
// columns, of what would be left of the bin, as a part of the largest bin's capacity. Small and
// nearly full bins fill up first, so that large free ones stay for large tasks.
func BestFit() Packer { return GreedyBy(leastLeft()) }

func leastLeft() Fitness {
	return Fitness{name: "best-fit", promises: promises{true, true, true}, bind: func(r *Round) (Scorer, []float64) {
		scale := r.columnScale()
		return func(need, free, _ Row) float64 {
			left := 0.0
			for i := range need.Len() {
				left += float64(free.At(i)-need.At(i)) * scale[i]
			}
			return 1 - left
		}, scale
	}}
}

// columnScale turns amounts into parts of the largest bin's capacity, such that a whole bin's sum to 1.
func (r *Round) columnScale() []float64 {
	tops := r.largest()
	used := 0
	for _, top := range tops {
		if top > 0 {
			used++
		}
	}
	scale := make([]float64, len(tops))
	for c, top := range tops {
		if top > 0 {
			scale[c] = 1 / (float64(top) * float64(used))
		}
	}
	return scale
}
