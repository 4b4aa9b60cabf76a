package placement

import (
	"math"
	"slices"
)

// quickWalk is fillWalk for the usual case: units of one make that matter, one request a task, no tags, few
// units and columns. It gives the same, several times as fast.
type quickWalk struct {
	row   [quickColumns]int64
	left  [quickUnits]int64 // ascending
	n     int
	idle  int
	share int // position in quickPlan.asks: the most that some unit has room for
}

const (
	quickUnits   = 16
	quickColumns = 4
)

// quickPlan is a plan as quick walks read it.
type quickPlan struct {
	make  int32 // of the units that matter, -1 for none
	size  int64
	types []quickType
	// asks are the shares asked for, ascending. Nothing of value fits where, in some column, there is less than the least
	// of those that ask for no more than some unit has (least), and of those that ask for no more units than are idle (whole).
	asks  []int64
	least [][quickColumns]int64
	whole [quickUnits + 1][quickColumns]int64
}

type quickType struct {
	need  [quickColumns]int64
	share int64
	count int
	value float64
}

// makeQuick sets plan.quick if the plan is simple enough.
func (plan *fillPlan) makeQuick(s *binState) {
	q := &quickPlan{make: -1}
	if len(plan.columns) > quickColumns || len(s.units) > quickUnits || !q.oneMake(plan, s) {
		return
	}
	for i := range plan.types {
		t := &plan.types[i]
		made := quickType{value: t.value}
		copy(made.need[:], t.need)
		if len(t.requests) > 0 {
			r := &t.requests[0]
			made.share, made.count = r.share, r.count
			made.value = float64(r.count)
			if r.count == 0 {
				made.value = float64(r.share) / float64(q.size)
				q.asks = append(q.asks, r.share)
			}
		}
		q.types = append(q.types, made)
	}
	slices.Sort(q.asks)
	q.asks = slices.Compact(q.asks)
	q.findLeast()
	plan.quick = q
}

// oneMake finds the make of units that matters; false if there are several, or requests that a quick walk does not
// know.
func (q *quickPlan) oneMake(plan *fillPlan, s *binState) bool {
	for i := range plan.types {
		t := &plan.types[i]
		if len(t.requests) > 1 || t.again != nil {
			return false
		}
		for j := range t.requests {
			if t.requests[j].lock != 0 {
				return false
			}
			for k := range s.units {
				u := &s.units[k]
				if !t.requests[j].accept[u.make] {
					continue
				}
				if q.make >= 0 && q.make != u.make {
					return false
				}
				q.make, q.size = u.make, u.size
			}
		}
	}
	return true
}

func (q *quickPlan) findLeast() {
	never := [quickColumns]int64{}
	for c := range never {
		never[c] = math.MaxInt64
	}
	q.least = make([][quickColumns]int64, len(q.asks)+1)
	for i := range q.least {
		q.least[i] = never
	}
	for i := range q.whole {
		q.whole[i] = never
	}
	lower := func(to *[quickColumns]int64, t *quickType) {
		for c := range to {
			to[c] = min(to[c], t.need[c])
		}
	}
	for i := range q.types {
		t := &q.types[i]
		if t.value == 0 {
			continue
		}
		switch {
		case t.count > 0:
			for n := t.count; n < len(q.whole); n++ {
				lower(&q.whole[n], t)
			}
		default: // a share, or scalars alone, which fit beside whatever share
			at := 0
			if t.share > 0 {
				at, _ = slices.BinarySearch(q.asks, t.share)
				at++
			}
			for ; at < len(q.least); at++ {
				lower(&q.least[at], t)
			}
		}
	}
}

// quickSum is the sum over the sequences of what is placed.
func (plan *fillPlan) quickSum(s *binState) float64 {
	q := plan.quick
	start := quickWalk{share: len(q.asks)}
	for i, c := range plan.columns {
		start.row[i] = s.row[c]
	}
	for i := range s.units {
		if u := &s.units[i]; u.make == q.make && u.lock == 0 {
			start.left[start.n] = u.left
			start.n++
			if u.left == q.size {
				start.idle++
			}
		}
	}
	if start.over(q) {
		return 0
	}
	sum := 0.0
	for i := range plan.seqs {
		w := start
		sum += w.run(q, &plan.seqs[i])
	}
	return sum
}

func (w *quickWalk) run(q *quickPlan, seq *[fillLength]uint16) float64 {
	got := 0.0
	for _, at := range seq {
		t := &q.types[at]
		if t.need[0] > w.row[0] || t.need[1] > w.row[1] || t.need[2] > w.row[2] || t.need[3] > w.row[3] {
			continue
		}
		switch {
		case t.count > 0:
			if w.idle < t.count {
				continue
			}
			w.takeWhole(t.count)
		case t.share > 0:
			if !w.takeShare(t.share, q.size) {
				continue
			}
		}
		got += t.value
		for c := range w.row {
			w.row[c] -= t.need[c]
		}
		if w.over(q) {
			break
		}
	}
	return got
}

// takeWhole takes idle units, which are the last ones.
func (w *quickWalk) takeWhole(n int) {
	copy(w.left[n:w.n], w.left[:w.n-n])
	clear(w.left[:n])
	w.idle -= n
}

// takeShare takes a share of the first unit that has room: the fullest.
func (w *quickWalk) takeShare(share, size int64) bool {
	i := 0
	for i < w.n && w.left[i] < share {
		i++
	}
	if i == w.n {
		return false
	}
	if w.left[i] == size {
		w.idle--
	}
	left := w.left[i] - share
	for ; i > 0 && w.left[i-1] > left; i-- {
		w.left[i] = w.left[i-1]
	}
	w.left[i] = left
	return true
}

// over says that nothing of value fits any more.
func (w *quickWalk) over(q *quickPlan) bool {
	if w.n > 0 {
		for w.share > 0 && q.asks[w.share-1] > w.left[w.n-1] {
			w.share--
		}
	} else {
		w.share = 0
	}
	least, whole := &q.least[w.share], &q.whole[w.idle]
	shareFits, wholeFits := true, true
	for c, have := range w.row {
		shareFits = shareFits && least[c] <= have
		wholeFits = wholeFits && whole[c] <= have
	}
	return !shareFits && !wholeFits
}
