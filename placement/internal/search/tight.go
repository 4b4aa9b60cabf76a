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
	slack  []int64 // per column: what a set may waste
	exact  bool    // slack is what all bins together may waste: no bin can waste more
	order  []int32 // rows, largest in column key first
	key    int     // the column with the least slack
	least  []int64 // per column: the smallest need
	demand []int32
	row    []int64 // state of list: what is left of the bin
	taken  []int32
	work   int64 // nodes left for listing
	end    int64 // steps of the meter at which to give up covering

	sets  []column
	of    [][]int32 // row -> sets with it
	alive []bool
	count []int32 // row -> sets alive with it
	trail []int32 // sets killed, in order
	best  []int32 // sets chosen
}

const (
	tightNodes = 3_000_000 // for listing the sets
	tightSets  = 40        // per row: with more, the cover is not found anyway
	coverSteps = 8_000_000 // for the exact cover
)

// newTight prepares to pack g's items into target bins; nil if there is too
// much slack to bother, or more than one class of bins.
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
	t.exact = t.slack[t.key]*8 <= t.room[t.key]
	if !t.exact {
		// Sets that waste little are still the ones to look for if there is
		// little to waste on average.
		for c := range t.slack {
			t.slack[c] = 2 * t.slack[c] / int64(target)
		}
		if t.slack[t.key]*25 > t.room[t.key] {
			return nil
		}
	}
	slices.SortStableFunc(t.order, func(a, b int32) int {
		return cmp.Compare(t.need(b)[t.key], t.need(a)[t.key])
	})
	t.row = slices.Clone(t.room)
	return t
}

func (t *tight) need(r int32) []int64 { return t.g.need[int(r)*t.g.m.d : int(r)*t.g.m.d+t.g.m.d] }

// list collects the sets that waste no more than the slack, smaller sets
// first. It reports whether it got all of them: the budget may end before the
// sets of many items.
func (t *tight) list() bool {
	most, left := 0, t.room[t.key] // no more than so many items fit
	for k := len(t.order) - 1; k >= 0; k-- {
		for range t.demand[t.order[k]] {
			if left -= t.need(t.order[k])[t.key]; left >= 0 {
				most++
			}
		}
	}
	t.work = tightNodes
	for n := 1; n <= most; n++ {
		if !t.extend(0, int64(n)) {
			return false
		}
	}
	return true
}

// extend adds n more rows from t.order[from:] in all ways that end in a set
// to collect. In the key column the order bounds what n rows can still add.
func (t *tight) extend(from int, n int64) bool {
	left := t.row[t.key]
	at := from + sort.Search(len(t.order)-from, func(k int) bool {
		return t.need(t.order[from+k])[t.key] <= left-(n-1)*t.least[t.key]
	})
	t.work -= 8
	k := at
	for ; k < len(t.order) && n*t.need(t.order[k])[t.key] >= left-t.slack[t.key]; k++ {
		r := t.order[k]
		if t.work--; t.work < 0 || len(t.sets) > tightSets*len(t.order) {
			return false
		}
		if n == 1 {
			if t.demand[r] > 0 && t.closes(r) {
				t.emit(r)
			}
			continue
		}
		if t.demand[r] == 0 || !t.leavesRoom(r, n-1) {
			continue
		}
		t.move(r, 1)
		ok := t.extend(k, n-1)
		t.move(r, -1)
		if !ok {
			return false
		}
	}
	return t.g.meter.spend(int64(4 + k - at))
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

// leavesRoom: r fits, and so do n of the smallest imaginable items after it.
func (t *tight) leavesRoom(r int32, n int64) bool {
	for c, a := range t.need(r) {
		if t.row[c]-a < n*t.least[c] {
			return false
		}
	}
	return true
}

func (t *tight) emit(last int32) {
	rows := append(slices.Clone(t.taken), last)
	slices.Sort(rows)
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

// index makes the sets of each row known.
func (t *tight) index() {
	t.of, t.count = make([][]int32, len(t.demand)), make([]int32, len(t.demand))
	t.alive = make([]bool, len(t.sets))
	for s, c := range t.sets {
		t.alive[s] = true
		for _, r := range c.rows {
			t.of[r] = append(t.of[r], int32(s))
			t.count[r]++
		}
	}
}

// cover chooses sets that hold every row exactly as often as demanded.
func (t *tight) cover() bool {
	rarest := None
	for r, n := range t.demand {
		if n > 0 && (rarest == None || t.count[r] < t.count[rarest]) {
			rarest = int32(r)
		}
	}
	if rarest == None {
		return true
	}
	for _, s := range t.of[rarest] {
		if !t.alive[s] {
			continue
		}
		if !t.g.meter.spend(int64(len(t.demand))/4) || t.g.meter.steps > t.end {
			return false
		}
		mark := len(t.trail)
		if t.choose(s) && t.cover() {
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

// greedy chooses sets without looking back: of the rows still in some set,
// the one in fewest, and of those sets the one whose rows are in fewest others.
func (t *tight) greedy() {
	for {
		rarest := None
		for r, n := range t.demand {
			if n > 0 && t.count[r] > 0 && (rarest == None || t.count[r] < t.count[rarest]) {
				rarest = int32(r)
			}
		}
		if rarest == None || t.g.meter.stopped {
			return
		}
		best, least := None, int32(0)
		for _, s := range t.of[rarest] {
			if !t.alive[s] {
				continue
			}
			others := int32(0)
			for _, r := range t.sets[s].rows {
				others += t.count[r]
			}
			if best == None || others < least {
				best, least = s, others
			}
		}
		t.choose(best)
		t.best = append(t.best, best)
		t.g.meter.spend(int64(len(t.demand) / 4))
	}
}

// solveTight packs g's items into target bins if it can; else it fills what
// bins it can that well and adds the rest. Nil if the problem is not tight.
// When all sets are known and some row is in none of them, target is
// impossible, and g.bound is raised.
func (g *colgen) solveTight(target int) *packing {
	t := newTight(g, target)
	if t == nil {
		return nil
	}
	complete := t.list()
	if g.meter.stopped {
		return nil
	}
	if len(t.sets) <= tightSets/4*len(t.order) {
		for _, c := range t.sets {
			g.add(c.list(), 0)
		}
	}
	t.index()
	t.end = g.meter.steps + coverSteps
	if !t.exact || !t.cover() {
		t.greedy()
	}
	for _, sets := range t.of {
		if t.exact && complete && len(sets) == 0 {
			g.bound = max(g.bound, target+1)
		}
	}
	if len(t.best) > len(g.classes[0].bins) {
		return nil
	}
	demand, left := g.whole()
	p := newPacking(g.m)
	for _, s := range t.best {
		g.fill(p, &t.sets[s], demand, left, true)
	}
	g.finish(p, demand)
	return p
}
