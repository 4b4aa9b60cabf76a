package placement

import (
	"math"
	"slices"

	"github.com/berth-go/berth/resources"
)

// maxSets is how many sets of victims are looked at on one agent, before it is searched greedily.
const maxSets = 1 << 13

// never is more victims than there can be.
const never = math.MaxInt32

// fewest is the plan with the fewest victims, of those the one that costs least.
func (k *eviction) fewest() (best Preemption, ok bool) {
	var crowded []*slot
	for size, more := 0, true; more && !ok; size++ {
		more = false
		limit := math.Inf(1)
		for i := range k.slots {
			s := &k.slots[i]
			if s.least == never || int(s.tenants) < size {
				continue
			}
			more = true
			if int(s.least) > size || float64(size)*s.cheapest >= limit {
				continue
			}
			if k.hopeless(s) {
				s.least = never
				continue
			}
			victims, cost, found, all := k.search(s, size, limit)
			if found {
				best, ok, limit = k.plan(s, victims, cost), true, cost
			}
			if !all {
				s.least = never
				crowded = append(crowded, s)
			}
		}
	}
	best.Smallest = ok && len(crowded) == 0
	for _, s := range crowded {
		victims, cost, found := k.greedy(s)
		if found && (!ok || len(victims) < len(best.Victims) || (len(victims) == len(best.Victims) && cost < best.Cost)) {
			best, ok = k.plan(s, victims, cost), true
		}
	}
	return best, ok
}

// bound works out, by row sums, how many victims each slot takes at least.
func (k *eviction) bound() {
	r := k.round
	k.monotone = true
	for _, c := range r.ruleFor(TaskIndex(k.task)).require {
		reads := c.Reads(r.tasks[k.task].Group)
		k.monotone = k.monotone && (reads.Shrinks || len(reads.Counts) == 0)
	}
	k.needs = k.needRows()
	w := int32(2 * r.stride) // a row of sums and one of maxima each
	rows := make([]int64, len(k.slots)*int(w))
	for i := range k.slots {
		k.slots[i].cheapest = math.Inf(1)
	}
	for t := range r.spots {
		a := r.ranOn[t]
		if a < 0 {
			continue
		}
		c := k.cost(k, int32(t))
		if c != c {
			continue
		}
		at := k.slotFor(int32(t), a)
		if at < 0 {
			continue
		}
		if grown := len(k.slots) * int(w); grown > len(rows) {
			rows = append(rows, make([]int64, grown-len(rows))...)
			k.slots[at].cheapest = math.Inf(1)
		}
		s := &k.slots[at]
		s.tenants++
		s.cheapest = min(s.cheapest, c)
		row := rows[at*w : at*w+w]
		sum, most := row[:r.stride], row[r.stride:]
		for i, n := range k.frees(int32(t)) {
			sum[i] += n
			most[i] = max(most[i], n)
		}
	}
	for i := range k.slots {
		s, row := &k.slots[i], rows[int32(i)*w:]
		s.least = never
		for _, need := range k.needs {
			s.least = min(s.least, leastOf(need, k.free(s), row[:r.stride], row[r.stride:w]))
		}
	}
}

// leastOf is how many tasks have to end for a need to be met, when each frees at most most, and all together sum.
func leastOf(need, free, sum, most []int64) int32 {
	least := int64(0)
	for c, n := range need {
		if free != nil {
			n -= free[c]
		}
		if n <= 0 {
			continue
		}
		if sum[c] < n {
			return never
		}
		least = max(least, (n+most[c]-1)/most[c])
	}
	return int32(least)
}

// needRows are the rows of the task, one a variant, of which one must be met. Columns that do not tell are zero: devices of several
// capacities, where a row is a lower bound, and names that are not on offer now, but may be held.
func (k *eviction) needRows() [][]int64 {
	r := k.round
	var rows [][]int64
	for v := range k.shape.variants {
		row := slices.Clone(k.shape.need[v])
		for c, col := range r.columns {
			if col.sort == deviceColumn && k.engine.known.several[col.name] {
				row[c] = 0
			}
		}
		if row[r.stride-1] >= int64(resources.MaxAmount) {
			row[r.stride-1] = 0
		}
		rows = append(rows, row)
	}
	return rows
}

// combination is the search for the cheapest set of one size on a slot.
type combination struct {
	*eviction
	slot   *slot
	order  []tenant
	rest   []int64 // a row a position: the most that one tenant from there on frees
	have   []int64 // what is free with the victims picked
	picked []int32 // tasks
	limit  float64
	best   []int32
	found  bool
}

// search finds the cheapest set of a size that lets the task in and costs less than the limit. All is false when it gave up early.
func (k *eviction) search(s *slot, size int, limit float64) (victims []int32, cost float64, found, all bool) {
	stride := k.round.stride
	q := combination{eviction: k, slot: s, order: k.lodge(s), limit: limit}
	if want := (len(q.order) + 2) * stride; len(k.scratch) < want {
		k.scratch = make([]int64, 2*want)
	}
	q.have, q.rest = k.scratch[:stride], k.scratch[stride:]
	clear(q.have)
	copy(q.have, k.free(s))
	clear(q.rest[len(q.order)*stride : (len(q.order)+1)*stride])
	for i := len(q.order) - 1; i >= 0; i-- {
		for c, n := range q.order[i].need {
			q.rest[i*stride+c] = max(q.rest[(i+1)*stride+c], n)
		}
	}
	all = q.pick(0, size, 0)
	return q.best, q.limit, q.found, all
}

// pick tries every way to pick so many more, from a position on; false when there were too many.
func (q *combination) pick(from, left int, cost float64) bool {
	if left == 0 {
		q.slot.looks++
		if q.coveredBy(q.have) && q.lets(q.slot, q.picked) {
			q.best, q.limit, q.found = slices.Clone(q.picked), cost, true
		}
		return true
	}
	for i := from; i+left <= len(q.order); i++ {
		if q.slot.looks >= maxSets {
			return false
		}
		least := cost
		for _, x := range q.order[i : i+left] {
			least += x.cost
		}
		if least >= q.limit || !q.reachable(i, left) {
			return true // what follows costs more, and frees no more
		}
		q.slot.looks++
		x := &q.order[i]
		for c, n := range x.need {
			q.have[c] += n
		}
		q.picked = append(q.picked, x.task)
		all := q.pick(i+1, left-1, cost+x.cost)
		q.picked = q.picked[:len(q.picked)-1]
		for c, n := range x.need {
			q.have[c] -= n
		}
		if !all {
			return false
		}
	}
	return true
}

// reachable says whether so many tenants more, from a position on, may free enough.
func (q *combination) reachable(from, left int) bool {
	rest := q.rest[from*q.round.stride:]
	return slices.ContainsFunc(q.needs, func(need []int64) bool {
		for c, n := range need {
			if q.have[c]+int64(left)*rest[c] < n {
				return false
			}
		}
		return true
	})
}

// greedy ends the cheapest tasks until the task fits, and then spares those that can be spared, the dearest first.
func (k *eviction) greedy(s *slot) (victims []int32, cost float64, found bool) {
	order := k.lodge(s)
	n := 0
	for ; !k.lets(s, tasksOf(order[:n])); n++ {
		if n == len(order) {
			return nil, 0, false
		}
	}
	order = order[:n]
	for i := n - 1; i >= 0; i-- {
		if fewer := slices.Delete(slices.Clone(order), i, i+1); k.lets(s, tasksOf(fewer)) {
			order = fewer
		}
	}
	for i := range order {
		cost += order[i].cost
	}
	return tasksOf(order), cost, true
}
