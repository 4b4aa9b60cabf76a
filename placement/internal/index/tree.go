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

func newTree(l lanes, free Matrix, hidden func(int32) bool) tree {
	t := tree{level: [][]uint64{make([]uint64, free.Rows())}, loose: [][]bool{nil}}
	for n := free.Rows(); n > 16; {
		n = (n + 15) / 16
		t.level, t.loose = append(t.level, make([]uint64, n)), append(t.loose, make([]bool, n))
	}
	t.choose(l, free, hidden)
	return t
}

// choose packs all rows with other lanes; hidden ones, if any can be, hold zero.
func (t *tree) choose(l lanes, free Matrix, hidden func(int32) bool) {
	t.lanes = l
	for b := range t.level[0] {
		t.level[0][b] = 0
		if hidden == nil || !hidden(int32(b)) {
			t.level[0][b] = l.pack(free.Row(int32(b)))
		}
	}
	for i, words := range t.level[:len(t.level)-1] {
		above := t.level[i+1]
		clear(t.loose[i+1])
		for p := range above {
			above[p] = most(words[16*p : min(16*p+16, len(words))])
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
	t.loosen(1, bin>>4, old, w)
}

func (t *tree) raise(bin int32, w uint64) {
	p := bin >> 4
	for l := 1; l < len(t.level); l, p = l+1, p>>4 {
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
	w := most(below[int(p)*16 : min(int(p)*16+16, len(below))])
	if old := t.level[l][p]; w != old {
		t.level[l][p] = w
		t.loosen(l+1, p>>4, old, w)
	}
}

// most is the lane-wise maximum of words: in four chains, because each join waits for the one before it.
func most(words []uint64) uint64 {
	var a, b, c, d uint64
	for ; len(words) >= 4; words = words[4:] {
		a, b, c, d = join(a, words[0]), join(b, words[1]), join(c, words[2]), join(d, words[3])
	}
	for _, w := range words {
		a = join(a, w)
	}
	return join(join(a, b), join(c, d))
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
			from := int32(p) * 16
			to := min(from+16, n)
			t.steps += int64(to - from)
			if !yield(from, to) {
				return
			}
		}
	}
}

// next is the first bin at or after from that is not denied and whose word covers need, -1 if there is none.
func (t *tree) next(from int32, need uint64, deny *Deny) int32 {
	l, i := 0, int(from)
	for {
		for i&15 == 0 && l+1 < len(t.level) { // a whole block: ask its parent first
			l, i = l+1, i>>4
		}
		words := t.level[l]
		if i >= len(words) {
			return -1
		}
	descend:
		end := min(i|15+1, len(words))
		start := i
		if l == 0 && deny != nil {
			i = t.open(i, need, deny)
		} else {
			for i < end && !covers(words[i], need) {
				i++
			}
		}
		t.steps += int64(i - start + 1)
		if i < end {
			if l == 0 {
				return int32(i)
			}
			l, i = l-1, i<<4
			words = t.level[l]
			goto descend
		}
		if l+1 == len(t.level) {
			return -1
		}
		l, i = l+1, (end+15)>>4 // nothing here: on with what follows the parent
		if t.loose[l][i-1] {
			t.tighten(l, int32(i-1))
		}
	}
}
