package index

import (
	"math"
	"math/bits"
)

// follow works the journal in. A forest too far behind, or shuffled enough, is built anew.
func (f *forest) follow(q *query) {
	x, j := q.x, &q.x.journal
	f.words = x.tree.level[0]
	if f.pos == 0 || j.since(f.pos) > len(f.leafOf)/2+16 || f.moved > 2*f.size+len(f.leafOf) {
		f.build(x)
		x.steps += int64(f.size)
	} else {
		if f.era != q.deny.era() {
			f.reopen()
		}
		for b := j.front[0]; b >= 0 && j.stamp[b] >= f.pos; b = j.visits[b].older {
			x.steps++
			if q.deny == nil {
				f.heat(b)
			} else {
				f.settle(b, q.isShut(b))
			}
		}
	}
	f.pos, f.era = j.clock, q.deny.era()
}

// reopen puts back what was shut, and what is hot: where bins are denied, those touched lately mostly are, and are no use there.
func (f *forest) reopen() {
	for _, b := range f.hot {
		f.insert(b)
	}
	f.hot, f.oldest = f.hot[:0], 0
	for _, b := range f.shut {
		f.insert(b)
	}
	f.shut = f.shut[:0]
}

// heat takes a touched bin out of its tree: a bin touched now will often be touched again soon. If most are out, the one that has
// been for longest goes back.
func (f *forest) heat(bin int32) {
	if f.take(bin); f.leafOf[bin] != kdOut {
		return
	}
	f.leafOf[bin] = kdIsHot
	if len(f.hot) < kdHot {
		f.hot = append(f.hot, bin)
		return
	}
	f.insert(f.hot[f.oldest])
	f.hot[f.oldest] = bin
	f.oldest = (f.oldest + 1) % len(f.hot)
}

// settle puts a touched bin where it belongs now, or keeps it out as long as it is shut.
func (f *forest) settle(bin int32, shut bool) {
	switch f.take(bin); {
	case f.leafOf[bin] != kdOut:
	case shut:
		f.shut, f.leafOf[bin] = append(f.shut, bin), kdIsShut
	default:
		f.insert(bin)
	}
}

// take takes a bin out of its tree, if it is in one.
func (f *forest) take(bin int32) {
	if id := f.leafOf[bin]; id >= 0 {
		f.remove(id, bin)
		f.leafOf[bin] = kdOut
	}
}

// insert puts a bin that is in no tree where its row belongs now.
func (f *forest) insert(bin int32) {
	row, word := f.free.Row(bin), f.words[bin]
	if f.spent.takes(bin, word) {
		f.leafOf[bin] = kdOut
		return
	}
	f.moved++
	id := f.kinds[f.kindOf[bin]].root
	for {
		if f.nodes[id].left < 0 {
			if f.nodes[id].count < kdBucket {
				break
			}
			f.split(id)
		}
		nd := &f.nodes[id]
		if row[nd.col] < nd.at {
			id = nd.left
		} else {
			id = nd.left + 1
		}
	}
	f.append(id, bin)
	f.enlarge(id, bin, row, word)
}

func (f *forest) holds(id int32, row []int64, word uint64) bool {
	for j, least := range f.leastOf(id) {
		if row[j] < least {
			return false
		}
	}
	return covers(f.nodes[id].word, word)
}

// enlarge makes the nodes from a leaf upwards hold the row.
func (f *forest) enlarge(id, bin int32, row []int64, word uint64) {
	for ; id >= 0; id = f.nodes[id].parent {
		nd, least := &f.nodes[id], f.leastOf(id)
		if bin > nd.low && f.holds(id, row, word) {
			return
		}
		nd.low, nd.word = min(nd.low, bin), join(nd.word, word)
		for j, x := range row {
			least[j] = min(least[j], x)
		}
	}
}

// remove takes a bin out of its leaf and makes the nodes tight again.
func (f *forest) remove(id, bin int32) {
	nd, least := &f.nodes[id], f.leastOf(id)
	base := int(nd.bucket) * kdBucket
	i, end := base, base+int(nd.count)-1
	for f.bins[i] != bin {
		i++
	}
	row, changed := f.row(i), false
	var extreme uint32 // the columns in which it is the least, perhaps not alone
	for j, x := range least {
		if row[j] == x {
			extreme |= 1 << j
		}
	}
	nd.count--
	f.bins[i], f.marks[i] = f.bins[end], f.marks[end]
	copy(row, f.row(end))
	for ; extreme != 0; extreme &= extreme - 1 {
		j := bits.TrailingZeros32(extreme)
		if x := f.leastIn(base, end, j, least[j]); x != least[j] {
			least[j], changed = x, true
		}
	}
	word, low := most(f.marks[base:end]), nd.low
	if low == bin {
		low = lowest(f.bins[base:end])
	}
	if !changed && word == nd.word && low == nd.low {
		return
	}
	nd.word, nd.low = word, low
	for id = nd.parent; id >= 0 && f.shrink(id); id = f.nodes[id].parent {
	}
}

// leastIn is the least of a column in a part of the buckets; the search ends at enough.
func (f *forest) leastIn(base, end, column int, enough int64) int64 {
	least := int64(math.MaxInt64)
	for at := base*f.cols + column; at < end*f.cols; at += f.cols {
		if least = min(least, f.rows[at]); least == enough {
			break
		}
	}
	return least
}

func lowest(bins []int32) int32 {
	low := int32(math.MaxInt32)
	for _, b := range bins {
		low = min(low, b)
	}
	return low
}

// tightenLeaf makes a leaf say just what its bins say.
func (f *forest) tightenLeaf(id int32) {
	nd, least := &f.nodes[id], f.leastOf(id)
	for j := range least {
		least[j] = math.MaxInt64
	}
	nd.low, nd.word = math.MaxInt32, 0
	base := int(nd.bucket) * kdBucket
	for i := base; i < base+int(nd.count); i++ {
		for j, x := range f.row(i) {
			least[j] = min(least[j], x)
		}
		nd.low, nd.word = min(nd.low, f.bins[i]), join(nd.word, f.marks[i])
	}
}

// shrink makes an inner node say just what its children say and reports whether that changed it.
func (f *forest) shrink(id int32) bool {
	nd := &f.nodes[id]
	a, b := &f.nodes[nd.left], &f.nodes[nd.left+1]
	low, word := min(a.low, b.low), join(a.word, b.word)
	changed := low != nd.low || word != nd.word
	nd.low, nd.word = low, word
	least, la, lb := f.leastOf(id), f.leastOf(nd.left), f.leastOf(nd.left+1)
	for j := range least {
		if x := min(la[j], lb[j]); x != least[j] {
			least[j], changed = x, true
		}
	}
	return changed
}

// split turns a full leaf into a node with two leaves, at the middle of its widest column. Of equal rows those of the lower
// bins go left; that rows equal to the middle are then on both sides costs nothing but tightness.
func (f *forest) split(id int32) {
	bucket := f.nodes[id].bucket
	f.keys = f.keys[:0]
	for _, b := range f.bins[bucket*kdBucket : (bucket+1)*kdBucket] {
		f.keys = append(f.keys, kdKey{bin: b})
	}
	col := f.splitColumn(f.keys)
	for i := range f.keys {
		f.keys[i].at = f.free.Data[int(f.keys[i].bin)*f.cols+col]
	}
	const half = kdBucket / 2
	selectKey(f.keys, half)
	left := f.newPair(id)
	f.nodes[left].bucket = bucket
	f.makeLeaf(left + 1)
	for i, k := range f.keys {
		if i < half {
			f.append(left, k.bin)
		} else {
			f.append(left+1, k.bin)
		}
	}
	f.tightenLeaf(left)
	f.tightenLeaf(left + 1)
	nd := &f.nodes[id]
	nd.left, nd.count = left, 0
	nd.col, nd.at = int16(col), f.keys[half].at
}
