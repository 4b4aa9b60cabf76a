package search

import (
	"cmp"
	"slices"
	"sort"
)

// tight solves instances that leave next to no slack: with target bins the
// total waste in a column is at most slack, so no bin may waste more (the
// argument of bin completion, Fukunaga & Korf 2007). When few items go into a
// bin, all sets that fill one so well can be listed, and what is left is an
// exact cover problem (Knuth's Algorithm X, with multiplicities).
type tight struct {
	g      *colgen
	room   []int64
	slack  []int64 // per column: waste of all bins together
	order  []int32 // rows, largest in column key first
	key    int     // the column with the least slack
	least  []int64 // per column: the smallest need
	demand []int32
	row    []int64 // state of list: what is left of the bin
	taken  []int32
	work   int64 // nodes left

	sets  []column
	of    [][]int32 // row -> sets with it
	alive []bool
	count []int32 // row -> sets alive with it
	trail []int32 // sets killed, in order
	best  []int32 // sets chosen
}

const (
	tightNodes = 4_000_000 // for listing the sets
	tightSets  = 40_000
	coverNodes = 20_000 // for the exact cover
)

// newTight prepares to pack g's items into target bins; nil if there is
// too much slack to bother, or more than one class of bins.
func newTight(g *colgen, target int) *tight {
	if len(g.classes) != 1 || target > len(g.classes[0].bins) {
		return nil
	}
	t := &tight{g: g, room: g.classes[0].room, demand: make([]int32, len(g.shapes)),
		slack: make([]int64, g.m.d), least: make([]int64, g.m.d), work: tightNodes}
	for c, a := range t.room {
		t.slack[c] = a * int64(target)
		t.least[c] = a
	}
	for r, items := range g.items {
		t.demand[r] = int32(len(items))
		t.order = append(t.order, int32(r))
		for c, a := range t.need(int32(r)) {
			t.slack[c] -= a * int64(len(items))
			t.least[c] = min(t.least[c], a)
		}
	}
	for c, s := range t.slack {
		if s < 0 {
			return nil
		}
		if s*max(t.room[t.key], 1) < t.slack[t.key]*t.room[c] {
			t.key = c
		}
	}
	if t.slack[t.key]*8 > t.room[t.key] {
		return nil
	}
	slices.SortStableFunc(t.order, func(a, b int32) int {
		return cmp.Compare(t.need(b)[t.key], t.need(a)[t.key])
	})
	t.row = slices.Clone(t.room)
	return t
}

func (t *tight) need(r int32) []int64 { return t.g.need[int(r)*t.g.m.d : int(r)*t.g.m.d+t.g.m.d] }

// list collects the sets that waste no more than the slack, rows in the order
// of t.order. False if the budget did not suffice.
func (t *tight) list(from int) bool {
	// One more item closes the bin if it takes all but the slack: in the key
	// column these are neighbours in the order.
	left := t.row[t.key]
	at := from + sort.Search(len(t.order)-from, func(k int) bool {
		return t.need(t.order[from+k])[t.key] <= left
	})
	t.work -= 8
	for k := at; k < len(t.order) && t.need(t.order[k])[t.key] >= left-t.slack[t.key]; k++ {
		r := t.order[k]
		t.work--
		if t.demand[r] > 0 && t.closes(r) {
			t.emit(r)
		}
	}
	for k := at; k < len(t.order); k++ {
		r := t.order[k]
		if t.work--; t.work < 0 || len(t.sets) > tightSets {
			return false
		}
		if t.demand[r] == 0 || !t.leavesRoom(r) {
			continue
		}
		t.move(r, 1)
		ok := t.list(k)
		t.move(r, -1)
		if !ok {
			return false
		}
	}
	return true
}

func (t *tight) move(r int32, n int64) {
	for c, a := range t.need(r) {
		t.row[c] -= n * a
	}
	t.demand[r] -= int32(n)
	if n > 0 {
		t.taken = append(t.taken, r)
	} else {
		t.taken = t.taken[:len(t.taken)-1]
	}
}

// closes: r fits and leaves no more than the slack.
func (t *tight) closes(r int32) bool {
	for c, a := range t.need(r) {
		if left := t.row[c] - a; left < 0 || left > t.slack[c] {
			return false
		}
	}
	return true
}

// leavesRoom: r fits and so does the smallest imaginable item after it.
func (t *tight) leavesRoom(r int32) bool {
	for c, a := range t.need(r) {
		if t.row[c]-a < t.least[c] {
			return false
		}
	}
	return true
}

func (t *tight) emit(last int32) {
	rows := append(slices.Clone(t.taken), last)
	slices.Sort(rows)
	t.g.add(rows, 0)
	c := column{}
	for k, r := range rows {
		if k > 0 && rows[k-1] == r {
			c.counts[len(c.counts)-1]++
		} else {
			c.rows, c.counts = append(c.rows, r), append(c.counts, 1)
		}
	}
	t.sets = append(t.sets, c)
}

// cover chooses sets that hold every row exactly as often as demanded.
func (t *tight) cover() bool {
	t.of, t.count = make([][]int32, len(t.demand)), make([]int32, len(t.demand))
	t.alive = make([]bool, len(t.sets))
	for s, c := range t.sets {
		t.alive[s] = true
		for _, r := range c.rows {
			t.of[r] = append(t.of[r], int32(s))
			t.count[r]++
		}
	}
	t.work = coverNodes
	return t.search()
}

func (t *tight) search() bool {
	rarest := None
	for r, n := range t.demand {
		if n > 0 && (rarest == None || t.count[r] < t.count[rarest]) {
			rarest = int32(r)
		}
	}
	if rarest == None {
		return true
	}
	t.g.meter.spend(int64(len(t.demand)) / 4)
	for _, s := range t.of[rarest] {
		if !t.alive[s] {
			continue
		}
		if t.work--; t.work < 0 {
			return false
		}
		mark := len(t.trail)
		if t.choose(s) && t.search() {
			t.best = append(t.best, s)
			return true
		}
		t.undo(s, mark)
	}
	return false
}

// choose takes set s and kills the sets that ask for more than what is then
// left. False if a row can no longer be covered.
func (t *tight) choose(s int32) bool {
	ok := true
	for k, r := range t.sets[s].rows {
		t.demand[r] -= t.sets[s].counts[k]
		for _, other := range t.of[r] {
			if !t.alive[other] || !t.tooMuch(other) {
				continue
			}
			t.alive[other] = false
			t.trail = append(t.trail, other)
			for _, q := range t.sets[other].rows {
				if t.count[q]--; t.count[q] == 0 && t.demand[q] > 0 {
					ok = false
				}
			}
		}
		t.g.meter.spend(int64(len(t.of[r])))
	}
	for _, r := range t.sets[s].rows {
		ok = ok && (t.demand[r] == 0 || t.count[r] > 0)
	}
	return ok
}

func (t *tight) tooMuch(s int32) bool {
	for k, r := range t.sets[s].rows {
		if t.sets[s].counts[k] > t.demand[r] {
			return true
		}
	}
	return false
}

func (t *tight) undo(s int32, mark int) {
	for _, other := range t.trail[mark:] {
		t.alive[other] = true
		for _, q := range t.sets[other].rows {
			t.count[q]++
		}
	}
	t.trail = t.trail[:mark]
	for k, r := range t.sets[s].rows {
		t.demand[r] += t.sets[s].counts[k]
	}
}

// solveTight packs g's items into target bins, nil if that fails. When all
// sets are known and some row is in none of them, target is impossible and
// g.bound is raised.
func (g *colgen) solveTight(target int) *packing {
	t := newTight(g, target)
	if t == nil {
		return nil
	}
	complete := t.list(0)
	g.meter.spend(tightNodes - max(t.work, 0))
	if !complete || g.meter.stopped {
		return nil
	}
	found := t.cover()
	for r, n := range t.count {
		if len(t.of[r]) == 0 && n == 0 {
			g.bound = max(g.bound, target+1)
		}
	}
	if !found || len(t.best) > target {
		return nil
	}
	p := newPacking(g.m)
	next := make([]int, len(g.items))
	for k, s := range t.best {
		for x, r := range t.sets[s].rows {
			for range t.sets[s].counts[x] {
				p.put(g.items[r][next[r]], g.classes[0].bins[k])
				next[r]++
			}
		}
	}
	return p
}
