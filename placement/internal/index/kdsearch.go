package index

import (
	"math"
	"math/bits"
)

// kdTodo is a node to be visited, with a bound for the scores in it.
type kdTodo struct {
	node int32
	key  uint64
}

// forestBest is the answer by branch and bound: a node is left out if its word does not cover the need, or if the score of the
// least of its columns, raised to the need, is below the best score found, or equal to it with no lower bin in the node. The
// more promising child is visited first.
func (q *query) forestBest() int32 {
	f := q.x.forest
	f.follow(q.x)
	best := entry{bin: -1}
	for k := range f.kinds {
		q.capacity = q.x.capacity.Row(f.kinds[k].bin)
		f.todo = f.todo[:0]
		q.plan(f.kinds[k].root, best)
		for len(f.todo) > 0 {
			t := f.todo[len(f.todo)-1]
			f.todo = f.todo[:len(f.todo)-1]
			nd := &f.nodes[t.node]
			if !promising(t.key, nd.low, best) {
				continue
			}
			if nd.left < 0 {
				best = q.bucket(nd, best)
				continue
			}
			i := len(f.todo)
			q.plan(nd.left, best)
			q.plan(nd.left+1, best)
			if len(f.todo) == i+2 && f.todo[i].key > f.todo[i+1].key {
				f.todo[i], f.todo[i+1] = f.todo[i+1], f.todo[i]
			}
		}
	}
	return best.bin
}

// promising says whether a node with this bound and this lowest bin may hold something before best.
func promising(key uint64, low int32, best entry) bool {
	return best.bin < 0 || key > best.key || key == best.key && low < best.bin
}

// plan notes a node for a visit unless it is plain that nothing in it is better than best.
func (q *query) plan(id int32, best entry) {
	f := q.x.forest
	nd := &f.nodes[id]
	q.x.steps++
	if !covers(nd.word, q.word) || nd.low == math.MaxInt32 {
		return
	}
	least := f.leastOf(id)
	for j, n := range q.need {
		x := least[j]
		if n > 0 {
			x = max(x, n)
		}
		f.corner[j] = x
	}
	key := keyOf(q.x.score(q.need, f.corner, q.capacity))
	if key == 0 {
		key = math.MaxUint64 // not a number: no bound
	}
	if promising(key, nd.low, best) {
		f.todo = append(f.todo, kdTodo{id, key})
	}
}

// bucket asks about the bins of a leaf.
func (q *query) bucket(nd *kdNode, best entry) entry {
	f := q.x.forest
	base := int(nd.bucket) * kdBucket
	able := 0 // a bit per bin whose word covers the need
	for i, mark := range f.marks[base : base+int(nd.count)] {
		gap := ^((mark | laneGuard) - q.word) & laneGuard
		able |= int((gap-1)&^gap>>63) << i // 1 if gap is zero
	}
	for ; able != 0; able &= able - 1 {
		i := base + bits.TrailingZeros(uint(able))
		if row := f.row(i); fits(row, q.need) {
			q.x.steps++
			best = q.consider(entry{key: keyOf(q.x.score(q.need, row, q.capacity)), bin: f.bins[i]}, best)
		}
	}
	return best
}
