package placement

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"slices"
)

// Pending yields the tasks of the present priority that are not placed, in the order asked for, each
// once. It is lazy: a task placed in the meantime is passed over, and in the order [DRF] the next task depends on what was placed
// by then, at a cost of O(log owners). It ends early when the round is stopped.
func (r *Round) Pending() iter.Seq[TaskIndex] {
	if r.fair != nil {
		return r.fairly()
	}
	return func(yield func(TaskIndex) bool) {
		for _, t := range r.queue {
			if r.spots[t].where != NoBin || r.states[t].barred == r.number {
				continue
			}
			if r.over() {
				return
			}
			r.states[t].reached = r.number
			if !yield(t) {
				return
			}
		}
	}
}

// Feasible yields the pending tasks that fit on a bin, each judged when its turn comes: for packers
// that fill bin after bin. It costs a look at every pending task of a shape that still fits.
func (r *Round) Feasible(b BinIndex) iter.Seq[TaskIndex] {
	return func(yield func(TaskIndex) bool) {
		if !r.isBin(b) {
			return
		}
		failed, epoch := make([]bool, len(r.shaper.shapes)), r.epoch
		for t := range r.Pending() {
			s := r.states[t].shape
			if r.epoch != epoch {
				clear(failed)
				epoch = r.epoch
			}
			if failed[s] || !r.admits(t) {
				continue
			}
			r.steps++
			if r.fit(&r.shaper.shapes[s], int32(b)) < 0 {
				failed[s] = true
				continue
			}
			if r.allowed(int32(t), int32(b)) && !yield(t) {
				return
			}
		}
	}
}

// enqueue makes the queue of the present priority, which may be the only one.
func (r *Round) enqueue(o Order, only bool) {
	r.only = only
	if only && o == AsGiven && !r.gangs {
		r.queue = r.pending
		return
	}
	r.queue = r.ownQueue[:0]
	for _, t := range r.pending {
		if r.states[t].priority == r.priority && !(r.gangs && r.states[t].barred == r.number) {
			r.queue = append(r.queue, t)
		}
	}
	r.ownQueue = r.queue
	switch o {
	case AsGiven:
	case ByPriority:
		slices.SortStableFunc(r.queue, func(a, b TaskIndex) int { return cmp.Compare(r.Value(b), r.Value(a)) })
	case Shuffled:
		g := rand.New(rand.NewPCG(r.seed, 0x6f72646572)) // a stream of its own, so that packers do not see it
		g.Shuffle(len(r.queue), func(i, j int) { r.queue[i], r.queue[j] = r.queue[j], r.queue[i] })
	case DRF:
		if tier := r.tiers.at(r.priority); r.fair == nil || tier >= 0 || r.fair.tier >= 0 {
			r.fair = newFairness(r, r.weights, r.tiers, tier)
		}
	default:
		size := r.sizes(o)
		slices.SortStableFunc(r.queue, func(a, b TaskIndex) int { return cmp.Compare(size[r.states[b].shape], size[r.states[a].shape]) })
	}
	if r.gangs {
		r.gatherGangs()
	}
	if r.fair != nil {
		r.fair.link(r.queue)
	}
}
