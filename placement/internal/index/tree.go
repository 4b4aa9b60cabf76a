package index

import "iter"

// tree is a tree of arity 16 over the bins in their order. A leaf is the packed free row of a bin (see [lanes]), an inner node
// the lane-wise maximum of its children: a block of sixteen bins (or of sixteen blocks) that cannot hold a need is skipped by
// one comparison. The maxima of a node come from different bins, so a node may promise what no bin under it has; a search then
// returns from it empty-handed and goes on.
//
// A leaf that grows raises its ancestors at once. A leaf that shrinks only marks its block as loose: maxima that are too high
// are still right, and most are recomputed never, the others by the first search that was misled by them.
//
// Memory: 8.6 bytes a bin.
type tree struct {
	lanes lanes
	level [][]uint64 // level[0]: one word per bin
	loose [][]bool   // loose[l][i]: level[l][i] may be above the maximum of its children
	steps int64      // words looked at by searches
}

// The arity of trees.
const (
	arityBits = 4
	arity     = 1 << arityBits
)

func newTree(l lanes, free Matrix, hidden []uint64) tree {
	t := tree{level: [][]uint64{make([]uint64, free.Rows())}, loose: [][]bool{nil}}
	for n := free.Rows(); n > arity; {
		n = (n + arity - 1) / arity
		t.level, t.loose = append(t.level, make([]uint64, n)), append(t.loose, make([]bool, n))
	}
	t.choose(l, free, hidden)
	return t
}

// choose packs all rows with other lanes; those hidden, a bit each if any can be, hold zero.
func (t *tree) choose(l lanes, free Matrix, hidden []uint64) {
	t.lanes = l
	for b := range t.level[0] {
		t.level[0][b] = 0
		if hidden == nil || hidden[b>>6]>>(b&63)&1 == 0 {
			t.level[0][b] = l.pack(free.Row(int32(b)))
		}
	}
	for i, words := range t.level[:len(t.level)-1] {
		above := t.level[i+1]
		clear(t.loose[i+1])
		for p := range above {
			above[p] = most(words[arity*p : min(arity*p+arity, len(words))])
		}
	}
}

// set gives a bin a new word.
func (t *tree) set(bin int32, w uint64) {
	old := t.level[0][bin]
	t.level[0][bin] = w
	if !covers(old, w) {
		t.raise(bin, w)
	}
	t.loosen(1, bin>>arityBits, old, w)
}

func (t *tree) raise(bin int32, w uint64) {
	p := bin >> arityBits
	for l := 1; l < len(t.level); l, p = l+1, p>>arityBits {
		if covers(t.level[l][p], w) {
			return
		}
		t.level[l][p] = join(t.level[l][p], w)
	}
}

// tighten makes a loose node the maximum of its children again.
func (t *tree) tighten(l int, p int32) {
	t.loose[l][p] = false
	below := t.level[l-1]
	w := most(below[int(p)*arity : min(int(p)*arity+arity, len(below))])
	if old := t.level[l][p]; w != old {
		t.level[l][p] = w
		t.loosen(l+1, p>>arityBits, old, w)
	}
}

// most is the lane-wise maximum of words. Those of a whole block are joined two by two, because a join waits for the one before it.
func most(words []uint64) uint64 {
	if len(words) == arity {
		w := (*[arity]uint64)(words)
		a := join(join(join(w[0], w[1]), join(w[2], w[3])), join(join(w[4], w[5]), join(w[6], w[7])))
		b := join(join(join(w[8], w[9]), join(w[10], w[11])), join(join(w[12], w[13]), join(w[14], w[15])))
		return join(a, b)
	}
	var a uint64
	for _, w := range words {
		a = join(a, w)
	}
	return a
}

// loosen marks a node loose if a child that was as high as it in some lane no longer is.
func (t *tree) loosen(l int, p int32, old, w uint64) {
	if l < len(t.level) && atop(t.level[l][p], old)&below(w, old) != 0 {
		t.loose[l][p] = true
	}
}

// blocks yields the ranges of bins in which one may cover need: for a reader of all of them, who is led from bin to bin by next more slowly.
func (t *tree) blocks(need uint64) iter.Seq2[int32, int32] {
	return func(yield func(from, to int32) bool) {
		n := int32(len(t.level[0]))
		if len(t.level) == 1 {
			t.steps += int64(n)
			yield(0, n)
			return
		}
		t.steps += int64(len(t.level[1]))
		for p, most := range t.level[1] {
			if !covers(most, need) {
				continue
			}
			from := int32(p) * arity
			to := min(from+arity, n)
			t.steps += int64(to - from)
			if !yield(from, to) {
				return
			}
		}
	}
}

// next is the first bin at or after from that is not denied and whose word covers a need, -1 if there is none; deny is not nil. Over is as
// for cover.
func (t *tree) next(from int32, over uint64, deny *Deny) int32 {
	words, i, top := t.level[0], int(from), len(t.level)-1
	for i < len(words) {
		p := i >> arityBits
		if i&(arity-1) == 0 && top > 0 {
			if p&(arity-1) == 0 || lacks(t.level[1][p], over) != 0 { // mostly a block is followed by another
				if p = t.cover(1, p, over); p < 0 {
					return -1
				}
			}
			i = p << arityBits
		}
		block := words[i:min(i|(arity-1)+1, len(words))]
		k := open(block, deny.word(i>>6)>>(i&63), over)
		t.steps += int64(k + 1)
		i += k
		if k < len(block) {
			return int32(i)
		}
		if top > 0 && t.loose[1][p] {
			t.tighten(1, int32(p))
		}
	}
	return -1
}

// cover is the first node at or after i of a level, 0 for bins, whose word covers a need, -1 if there is none. Over is the word of the need
// with laneFull added: by the caller, so that no loop does it.
func (t *tree) cover(level, i int, over uint64) int {
	l, top := level, len(t.level)-1
	for {
		for i&(arity-1) == 0 && l < top { // a whole block: ask its parent first
			l, i = l+1, i>>arityBits
		}
		words := t.level[l]
		if i >= len(words) {
			return -1
		}
	descend:
		block := words[i:min(i|(arity-1)+1, len(words))]
		k := 0
		for k < len(block) && lacks(block[k], over) != 0 {
			k++
		}
		i += k
		t.steps += int64(k + 1)
		if k < len(block) {
			if l == level {
				return i
			}
			l, i = l-1, i<<arityBits
			words = t.level[l]
			goto descend
		}
		if l == top {
			return -1
		}
		l, i = l+1, (i+arity-1)>>arityBits // nothing here: on with what follows the parent
		if t.loose[l][i-1] {
			t.tighten(l, int32(i-1))
		}
	}
}
