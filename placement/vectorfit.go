package placement

import "math"

// DotProduct places each task in turn on the bin in use whose free resources point the same way and the
// furthest: the largest sum, over the columns, of need times free, both as parts of the largest bin. Tasks that need much of
// a resource go where much of it is left, so that bins fill up evenly; a new bin is opened, the one
// with the largest product, only when none in use has room. Ties go to the earliest bin. It costs what [Greedy] does.
//
// The item-centric heuristic of Panigrahy, Talwar, Uyeda, Wieder ("Heuristics for vector bin packing", 2011). A good choice
// when tasks come a few at a time; for many at once see [FillCosine] and [FillDotProduct].
func DotProduct() Packer {
	return vectorPacker("dot-product", UsedFirst(Fitness{bind: func(r *Round) (Scorer, []float64) {
		unit, n := r.largestUnits()
		return func(need, free, _ Row) float64 {
			sum := 0.0
			for c := range need.Len() {
				sum += float64(float64(need.At(c)) * unit[c] * float64(free.At(c)) * unit[c])
			}
			return sum / n
		}, unit
	}}))
}

// L2Norm places each task in turn on the bin in use where the vector of what would be left, as parts of the
// largest bin, is shortest (Panigrahy et al. 2011, see [DotProduct]): best fit that minds large
// leftovers more than small ones. A new bin is opened only when none in use has room. Ties go to the earliest bin. It costs what
// [Greedy] does.
func L2Norm() Packer {
	return vectorPacker("l2-norm", UsedFirst(Fitness{promises: promises{monotone: true}, bind: func(r *Round) (Scorer, []float64) {
		unit, n := r.largestUnits()
		return func(need, free, _ Row) float64 {
			sum := 0.0
			for c := range need.Len() {
				left := float64(free.At(c)-need.At(c)) * unit[c]
				sum += float64(left * left)
			}
			return 1 - sum/n
		}, unit
	}}))
}

// Cosine places each task in turn on the bin in use with the smallest angle between what the task needs, as parts of the
// largest bin, and what is left, as parts of the bin itself: a bin that was used unevenly gets
// the opposite, however small. A new bin is opened only when none in use has room. Ties go to
// the earliest bin. It costs what [Greedy] does, and is steady where devices are scarce.
func Cosine() Packer {
	return vectorPacker("cosine", UsedFirst(Fitness{bind: func(r *Round) (Scorer, []float64) {
		unit, _ := r.largestUnits()
		return func(need, free, capacity Row) float64 {
			dot, nn, ff := 0.0, 0.0, 0.0
			for c := range need.Len() {
				if whole := capacity.At(c); whole > 0 {
					n, f := float64(need.At(c))*unit[c], float64(free.At(c))/float64(whole)
					dot += float64(n * f)
					nn += float64(n * n)
					ff += float64(f * f)
				}
			}
			if nn == 0 || ff == 0 {
				return 0
			}
			return dot / math.Sqrt(nn*ff)
		}, unit
	}}))
}

// Tetris places each task in turn on the bin in use that aligns best: the largest sum, over the columns, of need
// times free, both as parts of the bin's own capacity (Grandl et al., "Multi-resource packing for cluster schedulers", SIGCOMM
// 2014; the packing part of it). Unlike [DotProduct] it makes small agents count as much as large
// ones. A new bin is opened only when none in use has room. Ties go to the earliest bin. It costs what [Greedy] does.
func Tetris() Packer {
	return vectorPacker("tetris", UsedFirst(Fitness{bind: func(r *Round) (Scorer, []float64) {
		_, n := r.largestUnits()
		return func(need, free, capacity Row) float64 {
			sum := 0.0
			for c := range need.Len() {
				if whole := float64(capacity.At(c)); whole > 0 {
					sum += float64(float64(need.At(c)) / whole * (float64(free.At(c)) / whole))
				}
			}
			return sum / n
		}, []float64{n}
	}}))
}

func vectorPacker(name string, f Fitness) Packer {
	f.name = name
	return GreedyBy(f)
}

// largestUnits turns amounts into parts of the largest bin's capacity, and counts the columns that any bin has. (There
// may be more columns in an engine than in a fresh round: their amounts are zero, and they must not change a score.)
func (r *Round) largestUnits() (units []float64, n float64) {
	tops := r.largest()
	units = make([]float64, len(tops))
	for c, top := range tops {
		if top > 0 {
			units[c] = 1 / float64(top)
			n++
		}
	}
	return units, max(n, 1)
}
