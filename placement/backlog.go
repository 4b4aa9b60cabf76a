package placement

import (
	"cmp"
	"iter"
	"slices"
)

// backlog is what is known of the pending tasks as a whole, until they change: so that a round of an engine in which
// nothing happens does not look at each of them.
type backlog struct {
	known bool
	// priorities that they have, highest first, and shapes, each once.
	priorities []int
	shapes     []int32
	seen       []bool // per shape, whether it is among shapes
	// failures is the answer when none of them found a place; nil when it has to be made anew.
	failures []Failure
}

// waiting looks at the pending tasks, if they changed.
func (r *Round) waiting() *backlog {
	k := &r.backlog
	if k.known {
		return k
	}
	seen := k.seen
	for _, s := range k.shapes {
		seen[s] = false
	}
	for len(seen) < len(r.shaper.shapes) {
		seen = append(seen, false)
	}
	*k = backlog{known: true, priorities: k.priorities[:0], shapes: k.shapes[:0], seen: seen}
	for _, t := range r.pending {
		if s := r.states[t].shape; !seen[s] {
			seen[s] = true
			k.shapes = append(k.shapes, s)
		}
		p := r.states[t].priority
		if n := len(k.priorities); n > 0 && k.priorities[n-1] == p {
			continue
		}
		if !slices.Contains(k.priorities, p) {
			k.priorities = append(k.priorities, p)
		}
	}
	slices.SortFunc(k.priorities, func(a, b int) int { return cmp.Compare(b, a) })
	return k
}

// failing is what is remembered of a shape that no bin had room for.
type failing struct {
	epoch int   // in which that was so, plus one
	at    int64 // how many changes there had been
}

// hopeless says whether it is known that no bin has room for a shape: none had, and the bins in which something was freed
// since have none, if they are few.
func (r *Round) hopeless(shape int32) bool {
	f := &r.failed[shape]
	if f.epoch == r.epoch+1 {
		return true
	}
	since := r.changes - f.at
	if f.epoch == 0 || since > int64(min(len(r.touched), len(r.bins)/16+fewChanges)) {
		return false
	}
	if r.mayFit(&r.shaper.shapes[shape], f.at) {
		return false
	}
	*f = failing{r.epoch + 1, r.changes}
	return true
}

// mayFit says whether a bin in which something was freed has room for the shape: one of those that are among the changes
// from the position on, which has to be in touched.
func (r *Round) mayFit(s *shape, from int64) bool {
	k := &r.freed
	changed := r.touched[len(r.touched)-int(r.changes-from):]
	if k.from != from || k.to != r.changes || len(k.most) != r.stride {
		k.from, k.to, k.most = from, r.changes, append(k.most[:0], make([]int64, r.stride)...)
		for _, c := range changed {
			if c.freed() {
				r.steps++
				for i, n := range r.freeRow(c.bin()) {
					k.most[i] = max(k.most[i], n)
				}
			}
		}
	}
	if !covers(k.most, s.need[0]) && !(s.variants > 1 && covers(k.most, s.need[1])) {
		return false
	}
	for _, c := range changed {
		if c.freed() {
			if r.steps++; r.fit(s, c.bin()) >= 0 {
				return true
			}
		}
	}
	return false
}

// freed is the most that is free in each column of the bins freed within a stretch of the changes.
type freed struct {
	from, to int64
	most     []int64
}

// fewChanges is how many changes an index is not asked about, in any fleet.
const fewChanges = 32

// promising is [Round.Pending] without the tasks of shapes that are known to have no room, for packers that ask an index about
// every task. It ends when all shapes are.
func (r *Round) promising() iter.Seq[TaskIndex] {
	if r.fair != nil {
		return r.fairly()
	}
	return func(yield func(TaskIndex) bool) {
		epoch, left := r.epoch, 0
		for _, s := range r.waiting().shapes {
			// Shapes are looked at here up to the first with hope, so that a round without any need not look for their tasks.
			if r.failed[s].epoch != epoch+1 && (left > 0 || r.over() || !r.hopeless(s)) {
				left++
			}
		}
		if left == 0 {
			r.reachedAll = r.number
			return
		}
		for _, t := range r.queue {
			s := r.states[t].shape
			if r.spots[t].where != NoBin || r.states[t].barred == r.number {
				continue
			}
			if r.failed[s].epoch != r.epoch+1 {
				if r.over() {
					return
				}
				if !yield(t) {
					return
				}
				if r.failed[s].epoch == epoch+1 {
					left--
				}
			}
			r.states[t].reached = r.number
			if left == 0 && r.epoch == epoch {
				r.reachedAll = r.number
				return
			}
		}
	}
}
