package placement

import "math"

// kinds are the pending tasks of one run of a packer that fills bin after bin, sorted into kinds: tasks of one kind
// differ in neither shape, requirements nor value, so that what a bin is asked about one of them holds for all (but for the vetoes of
// other tasks, which a group may be spared). What
// such a packer costs follows the number of kinds, not of tasks.
type kinds struct {
	round *Round
	list  []kind
	tree  needTree
}

type kind struct {
	shape int32
	value float64
	key   float64     // by which the list is sorted
	tasks []TaskIndex // those left, in order
	least []int64     // the column by column least of the variants of what a task draws
}

// newKinds sorts the queue into kinds, those whose first tasks come first in front. It must be followed by index.
func newKinds(r *Round) *kinds {
	type key struct {
		shape, rule int32
		value       float64
	}
	ks := &kinds{round: r}
	of := map[key]int32{}
	kindOf := make([]int32, 0, len(r.queue))
	var count []int
	var last key
	at := int32(-1)
	for _, t := range r.queue {
		if r.spots[t].where != NoBin || r.states[t].barred == r.number {
			kindOf = append(kindOf, -1)
			continue
		}
		k := key{r.states[t].shape, r.states[t].rule, r.Value(t)}
		if len(r.ruleFor(t).require) == 0 {
			k.rule = -1
		}
		if at < 0 || k != last {
			i, ok := of[k]
			if !ok {
				i = int32(len(ks.list))
				of[k] = i
				ks.list = append(ks.list, kind{shape: k.shape, value: k.value, least: r.leastNeed(k.shape)})
				count = append(count, 0)
			}
			last, at = k, i
		}
		count[at]++
		kindOf = append(kindOf, at)
	}
	room := make([]TaskIndex, 0, len(r.queue))
	for i, n := range count {
		ks.list[i].tasks = room[len(room) : len(room) : len(room)+n]
		room = room[:len(room)+n]
	}
	for i, t := range r.queue {
		if k := kindOf[i]; k >= 0 {
			ks.list[k].tasks = append(ks.list[k].tasks, t)
		}
	}
	return ks
}

// leastNeed is a lower bound of what tasks of a shape draw: for one that has a choice, of either.
func (r *Round) leastNeed(id int32) []int64 {
	s := &r.shaper.shapes[id]
	if s.variants == 1 {
		return s.need[0]
	}
	least := make([]int64, r.stride)
	for c := range least {
		least[c] = min(s.need[0][c], s.need[1][c])
	}
	return least
}

// index makes next work, once the list has its final order.
func (ks *kinds) index() { ks.tree = newNeedTree(ks.list, ks.round.stride) }

// next is the first kind from the given one on that has tasks left whose needs the free row covers, -1 if there is none.
func (ks *kinds) next(from int, free []int64) int {
	k, steps := ks.tree.next(from, free)
	ks.round.steps += steps
	return k
}

// place puts the first task of a kind on a bin, or refuses.
func (ks *kinds) place(k int, b BinIndex) bool {
	kd := &ks.list[k]
	t := kd.tasks[0]
	ks.round.witness(t, nil)
	if !ks.round.Place(t, b) {
		return false
	}
	ks.round.states[t].reached = ks.round.number
	if kd.tasks = kd.tasks[1:]; len(kd.tasks) == 0 {
		ks.tree.remove(k)
	}
	return true
}

// drawn is what a task of the kind would draw from a bin with so much free.
func (ks *kinds) drawn(k int, free []int64) []int64 {
	s := &ks.round.shaper.shapes[ks.list[k].shape]
	if s.variants > 1 && !covers(free, s.need[0]) {
		return s.need[1]
	}
	return s.need[0]
}

// needTree finds the next kind whose least need is covered: a binary tree of column by column minima.
type needTree struct {
	stride, leaves int
	low            []int64 // node i has children 2i and 2i+1; the leaves start at node leaves
}

func newNeedTree(list []kind, stride int) needTree {
	t := needTree{stride: stride, leaves: 1}
	for t.leaves < len(list) {
		t.leaves *= 2
	}
	t.low = make([]int64, 2*t.leaves*stride)
	for i := range t.low {
		t.low[i] = math.MaxInt64
	}
	for k := range list {
		copy(t.row(t.leaves+k), list[k].least)
	}
	for i := t.leaves - 1; i > 0; i-- {
		t.join(i)
	}
	return t
}

func (t *needTree) row(i int) []int64 { return t.low[i*t.stride : i*t.stride+t.stride] }

func (t *needTree) join(i int) {
	row, a, b := t.row(i), t.row(2*i), t.row(2*i+1)
	for c := range row {
		row[c] = min(a[c], b[c])
	}
}

func (t *needTree) remove(k int) {
	i := t.leaves + k
	for c := range t.stride {
		t.row(i)[c] = math.MaxInt64
	}
	for i /= 2; i > 0; i /= 2 {
		t.join(i)
	}
}

// next is the first leaf from the given one on that free covers, -1 if there is none, and the nodes looked at.
func (t *needTree) next(from int, free []int64) (k int, steps int64) {
	if from >= t.leaves {
		return -1, 0
	}
	i := t.leaves + from
	for {
		steps++
		switch {
		case !covers(free, t.row(i)):
			for i&1 == 1 { // nothing further right below its parent
				if i == 1 {
					return -1, steps
				}
				i /= 2
			}
			i++
		case i >= t.leaves:
			return i - t.leaves, steps
		default:
			i *= 2
		}
	}
}
