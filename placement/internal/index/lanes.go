package index

import (
	"math"
	"slices"
)

// lanes packs what a row can hold into eight lanes of a word, so that "does this row cover that need" is one subtraction
// (SIMD within a register; Lamport, "Multiple byte processing with full-word instructions", CACM 1975). A lane is the
// logarithm of a scaled column, or of the smaller of two, in steps of a sixteenth of an octave, seven bits under a guard bit that stays
// zero. Every step of that keeps order, so a need that is covered has all lanes covered. The reverse is only nearly so:
// whoever gets a yes looks at the row itself.
//
// A lane of one column says how much of it there is. A lane of two columns is a direction. The maximum of cpus of sixteen
// bins and their maximum of memory often come from different bins, and no bin has both; the largest min(cpus, memory/r) comes
// from one bin. For needs of memory to cpus r it is exactly what the block can hold, for similar ratios nearly, and for
// others still a bound. So a tree of maxima of a few directions hardly ever promises what no bin has. All directions are of the same
// two columns, and differ by what is subtracted from the logarithm of the second.
type lanes struct {
	single [8]single // the lowest lanes: one column each
	n      int       // of them
	a, b   single    // the columns of the directions, which are the other lanes; b scaled for the last of them
	ones   uint64    // the lowest bits of the lanes with directions
	less   uint64    // per direction, what is subtracted from the logarithm of b
	main   int       // the lane, from below, that alone tells most
}

// single is a column, in units of which the logarithm is zero at 1/16 and 127 at almost 16.
type single struct {
	column int
	scale  float32
}

const (
	laneGuard = 0x8080808080808080
	laneFull  = 0x7F7F7F7F7F7F7F7F
	laneZero  = (127 - 4) * 16 // Float32bits>>19 of 2^-4
	laneShift = 19
)

// lane is the logarithm of the amount in a row. Amounts below zero count as zero. Positive floats compare as their bits do.
func (s *single) lane(row []int64) uint64 {
	bits := int32(math.Float32bits(float32(row[s.column]) * s.scale))
	return uint64(min(max(bits>>laneShift-laneZero, 0), 127))
}

// pack is the word of a row.
func (l *lanes) pack(row []int64) uint64 {
	var w uint64
	for i := range l.single[:l.n] {
		w = w<<8 | l.single[i&7].lane(row)
	}
	if l.ones == 0 {
		return w
	}
	a, b := l.a.lane(row)*l.ones, l.b.lane(row)*l.ones
	b = (b | laneGuard) - l.less
	b &= upTo(b & laneGuard) // zero where less than that was left
	return w | lesser(a, b)
}

// upTo has all bits below the guard bits given, of their lanes.
func upTo(guards uint64) uint64 { return guards - guards>>7 }

// covers says whether no lane of free is below need's.
func covers(free, need uint64) bool { return lacks(free, need+laneFull) == 0 }

// lacks has the guard bits of the lanes in which free is below a need that comes with laneFull added.
func lacks(free, over uint64) uint64 { return (over - free) & laneGuard }

// atop has the guard bits of the lanes in which a equals b set, below those in which a is less than b.
func atop(a, b uint64) uint64  { return ^(((a ^ b) | laneGuard) - laneGuard>>7) & laneGuard }
func below(a, b uint64) uint64 { return lacks(a, b+laneFull) }

// join is the larger of each lane, lesser the smaller.
func join(a, b uint64) uint64   { return b ^ (a^b)&upTo(((a|laneGuard)-b)&laneGuard) }
func lesser(a, b uint64) uint64 { return a ^ (a^b)&upTo(((a|laneGuard)-b)&laneGuard) }

// columnLanes are one lane for each of the first eight columns.
func columnLanes(capacity, free Matrix) lanes {
	l := lanes{n: min(free.Cols, 8), main: min(free.Cols, 8) - 1}
	var top [8]int64
	for at := 0; at < len(free.Data); at += free.Cols {
		row, has := free.Data[at:at+l.n], capacity.Data[at:at+l.n]
		for j := range top[:l.n] {
			top[j] = max(top[j], row[j], has[j])
		}
	}
	for j := range l.n {
		l.single[j] = single{j, 15.9 / float32(max(top[j], 1))}
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
	a, b := order[0], order[min(1, len(order)-1)]
	var ratios []float32
	for i := range int32(needs.Rows()) {
		if row := needs.Row(i); row[a] > 0 && row[b] > 0 {
			ratios = append(ratios, float32(row[a])/float32(row[b]))
		}
	}
	if len(ratios) == 0 {
		l = columnLanes(free, free)
		l.main = max(l.n-1-a, 0)
		return l
	}
	slices.Sort(ratios)
	unit := unitFor(positive(needs, a))
	ratio := func(i int) float32 { return ratios[(2*(i-l.n)+1)*len(ratios)/(2*(8-l.n))] }
	l.a, l.b = single{a, 1 / unit}, single{b, ratio(7) / unit}
	for i := l.n; i < 8; i++ {
		steps := (math.Float32bits(ratio(7)/ratio(i))+1<<(laneShift-1))>>laneShift - 127*16 // to the nearest
		l.ones |= 1 << (8 * i)
		l.less |= uint64(min(steps, 127)) << (8 * i)
	}
	l.main = (l.n + 8) / 2
	return l
}

// unitFor is the median of sorted amounts, or less, down to a quarter of it, if else little more than the smallest would be like nothing: what is
// left where bins are full is about as much.
func unitFor(amounts []int64) float32 {
	mid := float32(amounts[len(amounts)/2])
	return min(mid, max(mid/4, 8*float32(amounts[0])))
}

// scarce are the columns that lanes were chosen for, those of the directions; twice the same if there are none.
func (l *lanes) scarce() (a, b int) {
	if l.ones == 0 {
		return l.n - 1 - l.main, l.n - 1 - l.main
	}
	return l.a.column, l.b.column
}

// averaged is about how many bins are looked at to see what is free on average.
const averaged = 1000

// scarcest orders the columns by the share of what is free that the needs ask for, largest first.
func scarcest(free, needs Matrix) []int {
	order, share := make([]int, free.Cols), make([]float64, free.Cols)
	asked, left := needs.sums(1), free.sums(1+free.Rows()/averaged)
	for j := range order {
		order[j], share[j] = j, asked[j]/(left[j]+1)
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
	v := positive(needs, column)
	if len(v) == 0 {
		return 0
	}
	return float32(v[len(v)/2])
}

// positive are the positive amounts of a column, sorted.
func positive(needs Matrix, column int) (v []int64) {
	for o := column; o < len(needs.Data); o += needs.Cols {
		if needs.Data[o] > 0 {
			v = append(v, needs.Data[o])
		}
	}
	slices.Sort(v)
	return v
}
