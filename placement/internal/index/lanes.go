package index

import "math/bits"

// lanes packs the first eight columns of a row into one word, a lane each, so that "does this row cover that need" is one
// subtraction instead of a loop (SIMD within a register; Lamport, "Multiple byte processing with full-word instructions",
// CACM 1975). A lane holds the amount divided by a power of two, rounded up, under a guard bit that stays zero.
//
// Rounding keeps order, so a need that is covered has every lane covered; the reverse is only nearly so, and whoever gets a
// yes looks at the row itself. A lane has 15 value bits with four columns, 7 with eight: a step of 1/16384 or 1/64 of the
// largest capacity.
type lanes struct {
	cols  int // columns packed
	width uint
	guard uint64 // the top bit of every lane
	limit int64  // the largest value of a lane; larger amounts are cut to it
	shift [8]uint8
}

func newLanes(capacity, free Matrix) lanes {
	l := lanes{cols: min(max(capacity.Cols, 1), 8)}
	l.width = uint(64 / l.cols)
	l.limit = 1<<(l.width-1) - 1
	for j := range l.cols {
		l.guard |= 1 << (uint(j)*l.width + l.width - 1)
	}
	for j := range min(l.cols, capacity.Cols) {
		var top int64
		for o := j; o < len(free.Data); o += free.Cols {
			top = max(top, free.Data[o], capacity.Data[o])
		}
		l.shift[j] = uint8(max(0, bits.Len64(uint64(top))-int(l.width-1)))
		if (top-1)>>l.shift[j]+1 > l.limit {
			l.shift[j]++
		}
	}
	return l
}

// pack is the word of a row. Amounts at or below zero become zero, amounts above never do.
func (l *lanes) pack(row []int64) uint64 {
	var w uint64
	for j := l.cols - 1; j >= 0; j-- {
		q := (row[j]-1)>>(l.shift[j]&63) + 1
		w = w<<(l.width&63) | uint64(min(max(q, 0), l.limit))
	}
	return w
}

// covers says whether no lane of free is below need's.
func covers(free, need, guard uint64) bool { return ((free|guard)-need)&guard == guard }

// join is the larger of each lane.
func (l *lanes) join(a, b uint64) uint64 {
	above := ((a | l.guard) - b) & l.guard // guard bit set where a >= b
	mask := above - above>>((l.width-1)&63)
	return a&mask | b&^mask
}

// corner rounds every lane down to its three leading bits: the lower corner of a cell of similar needs. Needs of one cell
// differ by less than a quarter in every lane, and what does not cover the corner covers no need of the cell.
func (l *lanes) corner(w uint64) uint64 {
	var c uint64
	for j := range l.cols {
		s := uint(j) * l.width
		q := w >> (s & 63) & uint64(l.limit)
		if drop := bits.Len64(q) - 3; drop > 0 {
			q = q >> uint(drop&63) << uint(drop&63)
		}
		c |= q << (s & 63)
	}
	return c
}
