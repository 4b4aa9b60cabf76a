package placement

import (
	"container/heap"
	"iter"
	"maps"
	"math"
)

// WithWeights sets the weights of owners (see [Task.Owner]) for the order [DRF]: an owner of weight 2 is due twice
// as much as one of weight 1, which is what owners not named have. One whose weight is zero, negative or not a number comes after all
// others. The map is copied.
func WithWeights(weights map[string]float64) Option {
	weights = maps.Clone(weights)
	return func(c *config) { c.weights = weights }
}

// fairness is what the order [DRF] knows: what the owners' running and placed tasks use. It is made
// when a round first asks for the order, in O(tasks), and told of every placement after that.
type fairness struct {
	owners  []owner
	of      []int32   // the owner of each task
	columns []int     // those that bins have
	total   []float64 // of each column
	log     []int32   // owners whose share changed, in order
	// first and next link the queue into one list an owner, by positions in the queue; -1 ends a list.
	first, next []int32
	// tiers and tier say of which tier the shares are; tier is -1 where they are of all there is.
	tiers    *tierList
	tier     int
	priority int
}

type owner struct {
	weight float64
	used   []int64
	share  float64
}

func ownerOf(t *Task) string {
	if t.Owner != "" {
		return t.Owner
	}
	return t.Group
}

func newFairness(r *Round, weights map[string]float64, tiers *tierList, tier int) *fairness {
	f := &fairness{of: make([]int32, len(r.tasks)), total: make([]float64, r.stride), tiers: tiers, tier: tier, priority: r.priority}
	ids := map[string]int32{}
	intern := func(t TaskIndex) int32 {
		name := ownerOf(&r.tasks[t])
		id, ok := ids[name]
		if !ok {
			id = int32(len(f.owners))
			ids[name] = id
			weight, given := weights[name]
			switch {
			case tier >= 0:
				weight = tiers.weight(tier, name, weights)
			case !given:
				weight = 1
			}
			f.owners = append(f.owners, owner{weight: weight, used: make([]int64, r.stride)})
		}
		f.of[t] = id
		return id
	}
	for _, t := range r.pending {
		if f.concerns(r.states[t].priority) {
			intern(t)
		}
	}
	for _, b := range r.liveBins() {
		if r.loads[r.homes[b].agent].off {
			continue
		}
		for c, a := range r.capacityRow(b) {
			f.total[c] += float64(a)
		}
	}
	f.portion(r)
	for c := range r.columns {
		if f.total[c] > 0 {
			f.columns = append(f.columns, c)
		}
	}
	for _, t := range r.pending {
		if b := r.spots[t].where; b != NoBin && f.concerns(r.states[t].priority) {
			for c, n := range r.shapeFor(t).need[r.variantOf(int32(t))] {
				f.owners[f.of[t]].used[c] += n
			}
		}
	}
	for t := range r.spots {
		a := r.ranOn[t]
		if a < 0 || !f.concerns(r.states[t].priority) {
			continue
		}
		id := intern(TaskIndex(t))
		need := r.shapeOfRunning(int32(t))
		for c, n := range need {
			f.owners[id].used[c] += n
			if len(r.agents[a].bins) == 0 && !f.portioned(r, c) {
				f.total[c] += float64(n) // an agent without offers is part of the fleet all the same
			}
		}
	}
	for i := range f.owners {
		f.reckon(int32(i))
	}
	return f
}

// concerns says whether tasks of the priority count.
func (f *fairness) concerns(priority int) bool { return f.tier < 0 || priority == f.priority }

// portioned says whether shares of a column are parts of what the tier may use.
func (f *fairness) portioned(r *Round, c int) bool {
	if f.tier < 0 || c >= len(r.columns) {
		return false
	}
	_, ok := f.tiers.capacity[f.tier][r.columns[c].limited()]
	return ok
}

// portion makes the totals those of the tier, as far as its capacity is given.
func (f *fairness) portion(r *Round) {
	for c := range r.columns {
		if f.portioned(r, c) {
			f.total[c] = float64(f.tiers.capacity[f.tier][r.columns[c].limited()])
		}
	}
}

// shapeOfRunning is the row that a running task draws.
func (r *Round) shapeOfRunning(t int32) []int64 {
	s, v := r.shapeFor(TaskIndex(t)), r.variantOf(t)
	if h := r.held[t]; h != nil && h.Revocable != s.revocable[v] && s.variants > 1 {
		v = 1 - v
	}
	return s.need[v]
}

// reckon works an owner's share out.
func (f *fairness) reckon(id int32) {
	o := &f.owners[id]
	o.share = math.Inf(1)
	if !(o.weight > 0) {
		return
	}
	share := 0.0
	for _, c := range f.columns {
		share = max(share, float64(o.used[c])/f.total[c])
	}
	o.share = share / o.weight
}

// changed tells of a task placed (n is 1) or taken off (-1).
func (f *fairness) changed(t int32, need []int64, n int64) {
	id := f.of[t]
	for c, a := range need {
		f.owners[id].used[c] += n * a
	}
	f.reckon(id)
	f.log = append(f.log, id)
}

// link makes the lists of a queue.
func (f *fairness) link(queue []TaskIndex) {
	f.first, f.next = f.first[:0], f.next[:0]
	last := make([]int32, len(f.owners))
	for i := range last {
		f.first = append(f.first, -1)
		last[i] = -1
	}
	for i, t := range queue {
		id := f.of[t]
		if last[id] < 0 {
			f.first[id] = int32(i)
		} else {
			f.next[last[id]] = int32(i)
		}
		last[id] = int32(i)
		f.next = append(f.next, -1)
	}
}

// turns is a heap of the owners that have tasks to yield; the one whose turn it is is on top: the lowest share, then
// the earliest task.
type turns struct {
	fair  *fairness
	heap  []int32 // owners
	place []int32 // of each owner in the heap, -1: not in it
	at    []int32 // position in the queue of each owner's next task
}

func (h *turns) Len() int { return len(h.heap) }
func (h *turns) Less(i, j int) bool {
	a, b := h.heap[i], h.heap[j]
	if x, y := h.fair.owners[a].share, h.fair.owners[b].share; x != y {
		return x < y
	}
	return h.at[a] < h.at[b]
}
func (h *turns) Swap(i, j int) {
	h.heap[i], h.heap[j] = h.heap[j], h.heap[i]
	h.place[h.heap[i]], h.place[h.heap[j]] = int32(i), int32(j)
}
func (h *turns) Push(x any) {
	h.place[x.(int32)] = int32(len(h.heap))
	h.heap = append(h.heap, x.(int32))
}
func (h *turns) Pop() any {
	id := h.heap[len(h.heap)-1]
	h.heap = h.heap[:len(h.heap)-1]
	h.place[id] = -1
	return id
}

// fairly yields the tasks of the queue, always one of the owner with the lowest share as it is then.
func (r *Round) fairly() iter.Seq[TaskIndex] {
	return func(yield func(TaskIndex) bool) {
		f := r.fair
		h := &turns{fair: f, place: make([]int32, len(f.owners)), at: append([]int32(nil), f.first...)}
		for id, at := range h.at {
			h.place[id] = -1
			if at >= 0 {
				h.Push(int32(id))
			}
		}
		heap.Init(h)
		for seen := len(f.log); len(h.heap) > 0; {
			for ; seen < len(f.log); seen++ {
				if i := h.place[f.log[seen]]; i >= 0 {
					heap.Fix(h, int(i))
				}
			}
			id := h.heap[0]
			t := r.queue[h.at[id]]
			wanted := r.spots[t].where == NoBin && r.states[t].barred != r.number
			h.at[id] = f.next[h.at[id]]
			if wanted {
				if r.over() {
					return
				}
				r.states[t].reached = r.number
			}
			if h.at[id] < 0 {
				heap.Pop(h)
			} else {
				heap.Fix(h, 0)
			}
			if wanted && !yield(t) {
				return
			}
		}
	}
}
