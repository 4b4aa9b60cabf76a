package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// Bounds are lower bounds on the bins that any packing of every item has to
// open, each proven in its own way. None looks at Allowed, which can only
// make a packing need more.
type Bounds struct {
	Volume int // per column: the largest bins first, until they hold the total
	Sizes  int // per column: large items do not go together (L2, Martello & Toth 1990)
	Pairs  int // items no two of which fit into one bin
	LP     int // the relaxation over bin contents (Gilmore & Gomory 1961); 0 if it was not solved
	Best   int // the largest of them
}

// LowerBound computes bounds for any fleet: bins may differ, and some may be
// in use. When not even all bins suffice, a bound may be above the number of
// bins. O.Steps and O.Stop limit the LP alone, which is tried when the bins
// are of at most 16 classes and the items of at most 1200 shapes; the rest
// costs O(items log items + bins log bins) per column.
func LowerBound(p *Problem, o Options) (Bounds, error) {
	if err := p.Check(); err != nil {
		return Bounds{}, err
	}
	m := newModel(p)
	m.allowed = nil
	b := Bounds{Volume: volumeBound(m), Sizes: sizeBound(m), Pairs: pairBound(m)}
	b.Best = max(b.Volume, b.Sizes, b.Pairs)
	if o.Steps > 0 {
		all := make([]int32, m.items)
		for i := range all {
			all[i] = int32(i)
		}
		if g := newColgen(m, all, newMeter(o)); g != nil {
			b.LP = g.relax(o.Steps)
		}
	}
	b.Best = max(b.Best, b.LP)
	return b, nil
}

// Hold is the least number of bins (rows of free) whose sum can reach total in
// every column: valid however items are split among them, since the n largest
// amounts of a column are at least what any n bins offer. It is one more than
// the number of bins when all of them do not suffice.
func Hold(columns int, free, total []int64) int {
	bound := 0
	for c := range columns {
		var left wide
		left.add(uint64(max(total[c], 0)), 1)
		var amounts []int64
		for at := c; at < len(free); at += columns {
			amounts = append(amounts, free[at])
		}
		bound = max(bound, left.bins(amounts))
	}
	return bound
}

// wide is a sum of amounts that may not fit 64 bits.
type wide struct{ hi, lo uint64 }

func (w *wide) add(a, times uint64) {
	hi, lo := bits.Mul64(a, times)
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi, _ = bits.Add64(w.hi, hi, carry)
}

// take subtracts, down to zero.
func (w *wide) take(a uint64) {
	if w.hi == 0 && w.lo <= a {
		w.lo = 0
		return
	}
	var borrow uint64
	w.lo, borrow = bits.Sub64(w.lo, a, 0)
	w.hi -= borrow
}

func (w *wide) zero() bool { return w.hi == 0 && w.lo == 0 }

// bins counts how many of the amounts, largest first, add up to w.
func (w *wide) bins(amounts []int64) int {
	if w.zero() {
		return 0
	}
	slices.SortFunc(amounts, func(a, b int64) int { return cmp.Compare(b, a) })
	for n, a := range amounts {
		if w.take(uint64(a)); w.zero() {
			return n + 1
		}
	}
	return len(amounts) + 1
}

// over is how many bins of that room hold what w is above v, rounded up.
func (w wide) over(v wide, room uint64) int {
	lo, borrow := bits.Sub64(w.lo, v.lo, 0)
	hi, borrow := bits.Sub64(w.hi, v.hi, borrow)
	if borrow != 0 || hi >= room {
		return 0
	}
	n, rest := bits.Div64(hi, lo, room)
	if rest > 0 {
		n++
	}
	return int(n)
}

// shapeCounts is how many items there are of each shape.
func (m *model) shapeCounts() []int {
	count := make([]int, m.shapes)
	for _, s := range m.shape {
		count[s]++
	}
	return count
}

func volumeBound(m *model) int {
	count := m.shapeCounts()
	bound := 0
	fresh := make([]int64, 0, m.bins)
	for c := range m.d {
		var left wide
		for s, n := range count {
			left.add(uint64(m.need[s*m.d+c]), uint64(n))
		}
		fresh = fresh[:0]
		for b := range m.bins {
			if a := m.free0[b*m.d+c]; m.inUse[b] {
				left.take(uint64(a))
			} else {
				fresh = append(fresh, a)
			}
		}
		bound = max(bound, left.bins(fresh))
	}
	return bound
}

// sizeBound is the bound L2 of Martello and Toth in every column, with all
// bins as large as the largest and those in use taken off at the end.
func sizeBound(m *model) int {
	count := m.shapeCounts()
	order := make([]int, 0, m.shapes)
	for s, n := range count {
		if n > 0 {
			order = append(order, s)
		}
	}
	bound := 0
	for c := range m.d {
		room := int64(0)
		for b := range m.bins {
			room = max(room, m.free0[b*m.d+c])
		}
		need := func(s int) int64 { return m.need[s*m.d+c] }
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(need(b), need(a)) })
		bound = max(bound, sizeBoundIn(room, order, need, count))
	}
	for _, used := range m.inUse {
		if used {
			bound--
		}
	}
	return max(0, bound)
}

// sizeBoundIn takes shapes in decreasing order of need. For every threshold k
// up to half the room, items above room-k are alone, those above half are in
// different bins, and what these leave must make room for the rest from k up.
func sizeBoundIn(room int64, order []int, need func(int) int64, count []int) int {
	half := room / 2
	large, at := 0, 0 // items above half
	for at < len(order) && need(order[at]) > half {
		large += count[order[at]]
		at++
	}
	bound := large
	joined := at // large shapes from here on leave less than k: they are alone
	var small, spare wide
	for ; at < len(order) && need(order[at]) > 0; at++ {
		k := need(order[at])
		small.add(uint64(k), uint64(count[order[at]]))
		if at+1 < len(order) && need(order[at+1]) == k {
			continue
		}
		// Spare room counts only in bins whose large item leaves at least k.
		for joined > 0 && room-need(order[joined-1]) >= k {
			joined--
			spare.add(uint64(room-need(order[joined])), uint64(count[order[joined]]))
		}
		bound = max(bound, large+small.over(spare, uint64(room)))
	}
	return bound
}

// pairBound grows a set of items of which no two fit together into any bin:
// each of them needs its own. Greedy, largest first; at most a few thousand
// comparisons per item are made.
func pairBound(m *model) int {
	room := make([]int64, m.d)
	for b := range m.bins {
		for c, a := range m.row(int32(b)) {
			room[c] = max(room[c], a)
		}
	}
	type large struct {
		shape int
		share float64
	}
	var order []large
	count := m.shapeCounts()
	for s, n := range count {
		l := large{shape: s}
		for c, a := range m.needRow(int32(s)) {
			if room[c] > 0 {
				l.share = max(l.share, float64(a)/float64(room[c]))
			}
		}
		if n > 0 && l.share > 0.25 {
			order = append(order, l)
		}
	}
	slices.SortStableFunc(order, func(a, b large) int { return cmp.Compare(b.share, a.share) })
	apart := func(s, t int) bool {
		for c, a := range m.needRow(int32(s)) {
			if a+m.need[t*m.d+c] > room[c] {
				return true
			}
		}
		return false
	}
	var chosen []int
	bound := 0
	for _, l := range order {
		if len(chosen) > 2000 {
			break
		}
		if slices.ContainsFunc(chosen, func(t int) bool { return !apart(l.shape, t) }) {
			continue
		}
		chosen = append(chosen, l.shape)
		if apart(l.shape, l.shape) {
			bound += count[l.shape]
		} else {
			bound++
		}
	}
	for _, used := range m.inUse {
		if used {
			bound--
		}
	}
	return max(0, bound)
}
