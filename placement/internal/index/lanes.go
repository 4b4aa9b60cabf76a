package index

import (
	"math"
	"slices"
)

// lanes packs what a row can hold into eight lanes of a word, so that "does this row cover that need" is one subtraction
// (SIMD within a register; Lamport, "Multiple byte processing with full-word instructions", CACM 1975). A lane is the
// logarithm of the smaller of two scaled columns in steps of a sixteenth of an octave, seven bits under a guard bit that stays
// zero. Every step of that keeps order, so a need that is covered has all lanes covered. The reverse is only nearly so:
// whoever gets a yes looks at the row itself.
//
// A lane of one column says how much of it there is. A lane of two columns is a direction. The maximum of cpus of sixteen
// bins and their maximum of memory often come from different bins, and no bin has both; the largest min(cpus, memory/r) comes
// from one bin. For needs of memory to cpus r it is exactly what the block can hold, for similar ratios nearly, and for
// others still a bound. So a tree of maxima of a few directions hardly ever promises what no bin has.
type lanes struct {
	single [8]single  // the first lanes: one column each
	n      int        // of them
	a, b   int        // columns of the directions, which are the other lanes
	unit   float32    // of column a
	scale  [8]float32 // of column b, per direction
	main   int        // the lane that alone tells most
}

type single struct {
	column int
	scale  float32
}

const (
	laneGuard = 0x8080808080808080
	laneZero  = (127 - 4) * 16 // Float32bits>>19 of 2^-4, the least value that counts; 2^4 is the most
)

// pack is the word of a row. Amounts below zero count as zero. Positive floats compare as their bits do.
func (l *lanes) pack(row []int64) uint64 {
	var w uint64
	for i := range l.n {
		s := &l.single[i&7]
		w = w<<8 | lane(int32(math.Float32bits(float32(row[s.column])*s.scale)))
	}
	if l.n == 8 {
		return w
	}
	a, b := int32(math.Float32bits(float32(row[l.a])*l.unit)), float32(row[l.b])
	for i := l.n; i < 8; i++ {
		w = w<<8 | lane(min(a, int32(math.Float32bits(b*l.scale[i&7]))))
	}
	return w
}

func lane(bits int32) uint64 { return uint64(min(max(bits>>19-laneZero, 0), 127)) }

// covers says whether no lane of free is below need's.
func covers(free, need uint64) bool { return ((free|laneGuard)-need)&laneGuard == laneGuard }

// atop has the guard bits of the lanes in which a equals b set, below those in which a is less than b.
func atop(a, b uint64) uint64  { return ^(((a ^ b) | laneGuard) - laneGuard>>7) & laneGuard }
func below(a, b uint64) uint64 { return ^((a | laneGuard) - b) & laneGuard }

// join is the larger of each lane.
func join(a, b uint64) uint64 {
	above := ((a | laneGuard) - b) & laneGuard // guard bit set where a >= b
	mask := above - above>>7
	return a&mask | b&^mask
}

// lesser is the smaller of each lane.
func lesser(a, b uint64) uint64 { return a ^ b ^ join(a, b) }

// columnLanes are one lane for each of the first eight columns.
func columnLanes(capacity, free Matrix) lanes {
	l := lanes{n: 8}
	for j := range min(free.Cols, 8) {
		var top int64
		for o := j; o < len(free.Data); o += free.Cols {
			top = max(top, free.Data[o], capacity.Data[o])
		}
		l.single[j] = single{j, 15.9 / float32(max(top, 1))}
	}
	return l
}

// needLanes are chosen by needs seen, one row each: a lane each for up to three columns, and directions of the two columns in
// which these needs are largest against what is free on average, at evenly spaced quantiles of their ratios.
func needLanes(free, needs Matrix) lanes {
	var l lanes
	order := scarcest(free, needs)
	for _, j := range order[min(2, len(order)):] {
		if unit := median(needs, j); l.n < 3 && unit > 0 {
			l.single[l.n] = single{j, 1 / unit}
			l.n++
		}
	}
	l.a, l.b = order[0], order[min(1, len(order)-1)]
	var ratios []float32
	for i := range int32(needs.Rows()) {
		if row := needs.Row(i); row[l.a] > 0 && row[l.b] > 0 {
			ratios = append(ratios, float32(row[l.a])/float32(row[l.b]))
		}
	}
	unit := median(needs, l.a)
	if len(ratios) == 0 || unit == 0 {
		l = columnLanes(free, free)
		l.main = order[0] & 7
		return l
	}
	slices.Sort(ratios)
	l.unit = 1 / unit
	for i := l.n; i < 8; i++ {
		at := (2*(i-l.n) + 1) * len(ratios) / (2 * (8 - l.n))
		l.scale[i] = ratios[at] / unit
	}
	l.main = (l.n + 8) / 2
	return l
}

// scarcest orders the columns by the share of what is free that the needs ask for, largest first.
func scarcest(free, needs Matrix) []int {
	order, share := make([]int, free.Cols), make([]float64, free.Cols)
	for j := range order {
		var asked, left float64
		for o := j; o < len(needs.Data); o += free.Cols {
			asked += float64(max(needs.Data[o], 0))
		}
		for o := j; o < len(free.Data); o += free.Cols {
			left += float64(max(free.Data[o], 0))
		}
		order[j], share[j] = j, asked/(left+1)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case share[a] > share[b]:
			return -1
		case share[a] < share[b]:
			return 1
		}
		return 0
	})
	return order
}

// median is of the positive amounts of a column, 0 if there are none.
func median(needs Matrix, column int) float32 {
	var v []int64
	for o := column; o < len(needs.Data); o += needs.Cols {
		if needs.Data[o] > 0 {
			v = append(v, needs.Data[o])
		}
	}
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return float32(v[len(v)/2])
}
