package index

import (
	"math"
	"math/bits"
)

// kdTodo is a node to be visited, with the bound of its parent.
type kdTodo struct {
	node int32
	key  uint64
}

// forestFind is the answer of the forest. Accept costs more than a search looks at on the way, so the best bin is sought
// without, unless it was often refused then.
func (q *query) forestFind() int32 {
	x, accept := q.x, q.accept
	if accept == nil {
		return q.forestBest()
	}
	if x.refusals < mostRefusals {
		q.accept = nil
		b := q.forestBest()
		if b < 0 || accept(b) {
			x.refusals = max(x.refusals-1, 0)
			return b
		}
		x.refusals += refusalCost
		q.accept = accept
	}
	return q.forestBest()
}

// A search for the best bin is in vain when it is refused: once in so many questions that may be. Beyond it is done no more.
const (
	refusalCost  = 4
	mostRefusals = 8 * refusalCost
)

// forestBest is the answer by branch and bound, the child with less free first. A node is left out if its word does not cover
// the need, or if the score of the least of its columns, raised to the need, is below the best score found so far, or equal to
// it with no lower bin in the node.
func (q *query) forestBest() int32 {
	f := q.x.forest
	f.follow(q)
	if !f.spent.enough(q.word) {
		f.spent.expect(q.word, f.words, func(b int32) {
			if f.leafOf[b] == kdOut {
				f.insert(b)
			}
		})
	}
	for j, n := range q.need {
		f.floor[j] = floor(n)
	}
	for _, b := range f.hot {
		if covers(f.words[b], q.word) && holds(f.free.Row(b), f.floor) && !q.isOut(b) {
			q.x.gathered = append(q.x.gathered, b)
		}
	}
	best := last
	if len(q.x.gathered) > 0 {
		best = q.better(best)
	}
	for i := range f.kinds {
		if k := &f.kinds[i]; covers(f.nodes[k.root].word, q.word) {
			best = q.descend(k, best)
		}
	}
	q.x.steps += int64(len(f.kinds))
	if best == last && q.deny != nil {
		q.x.passed = q.some()
	}
	return best.found()
}

// descend searches the tree of a kind. A left child has the bound of its parent, or hardly another, and is not asked for its own;
// nor is a leaf of so few bins that asking about them costs no more.
func (q *query) descend(k *kind, best entry) entry {
	f, word := q.x.forest, q.word
	q.capacity = k.capacity
	todo := f.todo[:0]
	for t, left := (kdTodo{k.root, math.MaxUint64}), false; ; {
		nd := &f.nodes[t.node]
		q.x.steps++
		if covers(nd.word, word) && nd.low != math.MaxInt32 && promising(t.key, nd.low, best) {
			if !left && best != last && (nd.left >= 0 || nd.count > kdFew) {
				t.key = q.bound(t.node)
			}
			if left || promising(t.key, nd.low, best) {
				if nd.left >= 0 {
					todo = append(todo, kdTodo{nd.left + 1, t.key})
					t.node, left = nd.left, true
					continue
				}
				best = q.bucket(nd, best)
			}
		}
		if len(todo) == 0 {
			break
		}
		t, left = todo[len(todo)-1], false
		todo = todo[:len(todo)-1]
	}
	f.todo = todo
	return best
}

// kdFew bins are asked about without a bound.
const kdFew = 2

// promising says whether a node with this bound and this lowest bin may hold something before best.
func promising(key uint64, low int32, best entry) bool {
	return key > best.key || key == best.key && low < best.bin
}

// holds says whether no column of a row is below floor's.
func holds(row, floor []int64) bool {
	short, row := int64(0), row[:len(floor)]
	for j, n := range floor {
		short |= row[j] - n
	}
	return short >= 0
}

// bound is not below the key of any bin in the node that fits.
func (q *query) bound(id int32) uint64 {
	f := q.x.forest
	floor := f.floor
	least, corner := f.leastOf(id)[:len(floor)], f.corner[:len(floor)]
	for j, n := range floor {
		corner[j] = max(least[j], n)
	}
	key := keyOf(q.x.score(q.need, corner, q.capacity))
	if key == 0 {
		return math.MaxUint64 // not a number: no bound
	}
	return key
}

// some says whether any bin fits.
func (q *query) some() bool {
	x := q.x
	for b := x.tree.cover(0, 0, q.word+laneFull); b >= 0; b = x.tree.cover(0, b+1, q.word+laneFull) {
		if fits(x.free.Row(int32(b)), q.need) {
			return true
		}
	}
	return false
}

// bucket asks about the bins of a leaf.
func (q *query) bucket(nd *kdNode, best entry) entry {
	f := q.x.forest
	base := int(nd.bucket) * kdBucket
	for able := able(f.marks[base:base+int(nd.count)], q.word+laneFull); able != 0; able &= able - 1 {
		i := base + bits.TrailingZeros64(able)
		bin := f.bins[i]
		if q.isOut(bin) {
			continue
		}
		row := f.row(i)
		if !holds(row, f.floor) {
			continue
		}
		q.x.steps++
		if e := (entry{key: keyOf(q.x.score(q.need, row, q.capacity)), bin: bin}); e.before(best) {
			if q.accept == nil && !q.deny.has(bin) {
				best = e // as consider would say
			} else {
				best = q.consider(e, best)
			}
		}
	}
	return best
}

// able has a bit for each word that covers a need's, of 64 words at most. Over is as for [tree.cover].
//
// It is not inlined, because then its loop would not have the registers it needs.
//
//go:noinline
func able(marks []uint64, over uint64) (able uint64) {
	for i, mark := range marks {
		gap := lacks(mark, over)
		able |= (gap - 1) &^ gap >> 63 << (i & 63) // 1 if gap is zero
	}
	return able
}
