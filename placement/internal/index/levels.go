package index

import (
	"math"
	"math/bits"
	"slices"
)

// levels answers which is the lowest bin that fits, for fleets in which bins are filled and emptied in turn, so that nothing that a
// search learns lasts until the next. It is a bitmap index with range encoding and two digits (Chan and Ioannidis, "Bitmap index
// design and evaluation", SIGMOD 1998): what is free of each of two columns is at one of 36 levels, a number of two digits, and for
// each value of each digit there is a bit a bin that says whether it reaches it. A question is an intersection, 64 bins
// at a time and with hardly a branch to mispredict. So is a change.
//
// Memory: 8 bytes a bin and 16 KB.
type levels struct {
	free   Matrix
	cols   [2]levelColumn
	at     []uint32 // per bin: bit k is its bit of word k of its group
	groups []levelGroup
	misled int64 // how many bins were looked at that do not fit
	left   int   // questions until the next review
}

// After levelLook questions levels are reviewed. They are chosen anew if more than levelMisled bins were looked at in vain between two reviews.
const (
	levelLook   = 8
	levelMisled = 24
)

// levelGroup is 64 bins: for each column, half of the words, all of them, those with a first digit of at least 1 to 5, none, and those
// with a second of at least 1 to 5.
type levelGroup [2 * levelHalf]uint64

const (
	digits    = 6 // values of a digit
	levelHalf = 16
)

// level is one of a column's.
type level struct {
	bits                uint32 // of a bin at it
	first, second, more uint8  // the words of those that reach its first digit, its second, the next first
}

// levelColumn is a column and its levels, by sixteenths of octaves of the amount.
type levelColumn struct {
	column int
	level  [1 << 10]level
}

func (c *levelColumn) of(amount int64) *level { return &c.level[levelStep(amount)] }

// levelStep is the logarithm of an amount. What is below one counts as one.
func levelStep(amount int64) uint32 {
	return (math.Float32bits(float32(max(amount, 1)))>>laneShift - 127*16) & (1<<10 - 1)
}

// newLevels chooses the two columns in which needs are largest against what is free, and levels at quantiles of the needs.
func newLevels(free, needs Matrix) *levels {
	x := &levels{free: free, at: make([]uint32, free.Rows()), groups: make([]levelGroup, (free.Rows()+63)/64)}
	order := scarcest(free, needs)
	for i := range x.cols {
		x.cols[i].column = order[min(i, len(order)-1)]
		x.cols[i].choose(needs, i*levelHalf)
	}
	for b := range int32(free.Rows()) {
		g := &x.groups[b>>6]
		g[0] |= 1 << (b & 63)
		g[levelHalf] = g[0]
		x.changed(b)
	}
	return x
}

// choose makes the levels, of words from one on: some below the least that was asked for, because a question that all bins seem to
// answer looks at all of them.
func (c *levelColumn) choose(needs Matrix, word int) {
	var asked []int
	for i := range int32(needs.Rows()) {
		if n := needs.Row(i)[c.column]; n > 0 {
			asked = append(asked, int(levelStep(n)))
		}
	}
	slices.Sort(asked)
	const below, above = 3, digits*digits - 4
	k := 0
	for step := range c.level {
		for k < len(asked) && asked[k] <= step {
			k++
		}
		l := 0
		switch {
		case k > 0:
			l = below + (k-1)*above/max(len(asked)-1, 1)
		case len(asked) > 0:
			l = below - min(bits.Len(uint(asked[0]-step+1)/2), below)
		}
		c.level[step] = newLevel(l/digits, l%digits, word)
	}
}

// newLevel is a level by its digits.
func newLevel(first, second, word int) level {
	l := level{bits: (1<<(first+1) - 1 | (1<<second-1)<<(digits+1)) << word,
		first: uint8(word + first), second: uint8(word), more: uint8(word + first + 1)}
	if second > 0 {
		l.second = uint8(word + digits + second)
	}
	return l
}

// changed must be called after a row was changed.
func (x *levels) changed(bin int32) {
	data, row := x.free.Data, int(bin)*x.free.Cols
	is := x.cols[0].of(data[row+x.cols[0].column]).bits | x.cols[1].of(data[row+x.cols[1].column]).bits
	was := &x.at[bin]
	turned := *was ^ is
	*was = is
	x.groups[bin>>6].flip(bits.RotateLeft64(uint64(turned), int(bin)), bits.RotateLeft64(1, int(bin)))
}

// flip flips the bit given of the words that are given as bits, rotated to it, but for those of all bins. It is not inlined, because then the
// rotation by the caller and those here would become one each, of a distance that is not known before.
//
//go:noinline
func (g *levelGroup) flip(which, one uint64) {
	g[1] ^= bits.RotateLeft64(which, -1) & one
	g[2] ^= bits.RotateLeft64(which, -2) & one
	g[3] ^= bits.RotateLeft64(which, -3) & one
	g[4] ^= bits.RotateLeft64(which, -4) & one
	g[5] ^= bits.RotateLeft64(which, -5) & one
	g[7] ^= bits.RotateLeft64(which, -7) & one
	g[8] ^= bits.RotateLeft64(which, -8) & one
	g[9] ^= bits.RotateLeft64(which, -9) & one
	g[10] ^= bits.RotateLeft64(which, -10) & one
	g[11] ^= bits.RotateLeft64(which, -11) & one
	g[17] ^= bits.RotateLeft64(which, -17) & one
	g[18] ^= bits.RotateLeft64(which, -18) & one
	g[19] ^= bits.RotateLeft64(which, -19) & one
	g[20] ^= bits.RotateLeft64(which, -20) & one
	g[21] ^= bits.RotateLeft64(which, -21) & one
	g[23] ^= bits.RotateLeft64(which, -23) & one
	g[24] ^= bits.RotateLeft64(which, -24) & one
	g[25] ^= bits.RotateLeft64(which, -25) & one
	g[26] ^= bits.RotateLeft64(which, -26) & one
	g[27] ^= bits.RotateLeft64(which, -27) & one
}

// find is [First.Find].
func (x *levels) find(f *First, need []int64, deny *Deny, accept Accept) int32 {
	i, j := x.cols[0].column, x.cols[1].column
	n, m := floor(need[i]), floor(need[j])
	a, b := x.cols[0].of(n), x.cols[1].of(m)
	for g, w := x.next(0, a, b); w != 0; g, w = x.next(g+1, a, b) {
		if deny != nil && f.passed {
			w &^= deny.word(g)
		}
		for ; w != 0; w &= w - 1 {
			bin := int32(g<<6 + bits.TrailingZeros64(w))
			row := x.free.Data[int(bin)*x.free.Cols:]
			if row[i] >= n && row[j] >= m && fits(row, need) {
				if f.takes(bin, deny, accept) {
					f.steps += int64(g) + 1
					return bin
				}
				continue
			}
			x.misled++
		}
	}
	f.steps += int64(len(x.groups))
	return -1
}

// next is the next group that has bins at the levels, from one on, and which.
func (x *levels) next(from int, a, b *level) (int, uint64) {
	a0, a1, a2 := int(a.first)&31, int(a.more)&31, int(a.second)&31
	b0, b1, b2 := int(b.first)&31, int(b.more)&31, int(b.second)&31
	groups := x.groups
	for i := from; i < len(groups); i++ {
		g := &groups[i]
		if w := (g[a1] | g[a0]&g[a2]) & (g[b1] | g[b0]&g[b2]); w != 0 {
			return i, w
		}
	}
	return len(groups), 0
}
