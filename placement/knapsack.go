package placement

import (
	"encoding/binary"
	"math"
)

// KnapsackOptions says how well [Knapsack] fills each agent. The zero value is the plain greedy.
type KnapsackOptions struct {
	// Epsilon, when it is above zero, asks for a set of tasks whose value is within that part of the best, as far as the
	// scarcest column goes. Values below 0.02 count as 0.02, above 1 as 1: the cost goes with 1/Epsilon².
	Epsilon float64
}

// Knapsack fills one bin after another with the most valuable set of pending tasks: for when there is not
// room for all, and some tasks are worth more than others ([Task.Value]). Bins in use come first, then the largest.
//
// Plain greedy takes the tasks of the highest density: value by size, the size being the sum over the columns
// of what the task needs, each column weighed by how much of what is free of it the pending tasks ask for. It costs
// O(bins*k + tasks) steps with k kinds of tasks (different in need, requirements or value), and finishing
// fleets where nothing fits any more costs O(bins).
//
// With Epsilon each bin gets the better of that and of a set chosen by the fully polynomial approximation scheme of Ibarra and Kim
// ("Fast approximation algorithms for the knapsack and sum of subset problems", JACM 22, 1975) on the column that is asked for most in
// relation to what is free. As far as that column alone decides, a bin's set is worth at least 1-Epsilon times the
// best set for it; and all bins together at least (1-Epsilon)/(2-Epsilon) times the best for the fleet, because filling bin
// after bin so well is a greedy for a submodular function (see Chekuri and Khanna, "A polynomial time approximation scheme for the
// multiple knapsack problem", SIAM J. Comput. 35, 2005). Other columns may keep chosen tasks out; then others fill up.
// Another solution costs O(k log k + k/Epsilon²) steps; bins with the same amounts free share one as long as there are
// enough tasks.
//
// Both ignore the order of the tasks within a priority, but tasks that prefer something go first, one by one. Among kinds of
// equal density the earliest task's goes first.
func Knapsack(o KnapsackOptions) Packer {
	if !(o.Epsilon > 0) {
		return &knapsack{name: "knapsack"}
	}
	return &knapsack{name: "knapsack-scheme", epsilon: min(max(o.Epsilon, 0.02), 1)}
}

type knapsack struct {
	name    string
	epsilon float64
}

func (p *knapsack) String() string { return p.name }

// Pack implements [Packer].
func (p *knapsack) Pack(r *Round) {
	r.placePreferring(p)
	f := newFill(r)
	f.sortKinds(func(kd *kind) float64 {
		if size := f.size(kd.least); size > 0 {
			return kd.value / size
		}
		return math.Inf(1)
	})
	f.sortBins()
	s := &scheme{fill: f, epsilon: p.epsilon, solved: map[string][]take{}}
	for c, w := range f.weight {
		if w > f.weight[s.column] {
			s.column = c
		}
	}
	for _, b := range f.bins {
		if r.Stopped() {
			return
		}
		if p.epsilon > 0 && f.columns > 0 {
			s.put(b)
		}
		f.topUp(b)
	}
	r.sweep()
}

// topUp adds tasks to a bin, the densest first, until nothing fits.
func (f *fill) topUp(b int32) {
	row := f.round.freeRow(b)
	for k := f.next(0, row); k >= 0 && !f.round.Stopped(); {
		if f.place(k, BinIndex(b)) {
			k = f.next(k, row)
		} else {
			k = f.next(k+1, row)
		}
	}
}

// scheme fills bins by the approximation scheme.
type scheme struct {
	*fill
	epsilon float64
	column  int
	solved  map[string][]take // by free row
	key     []byte
	kinds   []int // that fit the bin, and what is known of them as items
	lots    []lot
	work    knapsackWork
	left    []int64
}

// take is how many tasks of a kind go on a bin.
type take struct{ kind, count int }

// put places the set chosen for a bin, if it is worth more than what topUp would take.
func (s *scheme) put(b int32) {
	row := s.round.freeRow(b)
	chosen := s.choose(row)
	if s.worth(row, chosen) <= s.worth(row, nil) {
		return
	}
	for _, t := range chosen {
		for range t.count {
			if !s.place(t.kind, BinIndex(b)) {
				break
			}
		}
	}
}

// choose returns the set for a bin with so much free. One found before is as good as then as long as its
// tasks are there: tasks only get fewer.
func (s *scheme) choose(row []int64) []take {
	s.key = s.key[:0]
	for _, a := range row {
		s.key = binary.LittleEndian.AppendUint64(s.key, uint64(a))
	}
	if chosen, ok := s.solved[string(s.key)]; ok && s.available(chosen) {
		return chosen
	}
	s.kinds, s.lots = s.kinds[:0], s.lots[:0]
	for k := s.next(0, row); k >= 0; k = s.next(k+1, row) {
		kd, need := &s.list[k], s.drawn(k, row)
		if w := need[s.column]; w > 0 && kd.value > 0 {
			s.kinds = append(s.kinds, k)
			s.lots = append(s.lots, lot{weight: w, value: kd.value, count: min(len(kd.tasks), copies(row, need))})
		}
	}
	counts := s.work.solve(s.lots, row[s.column], s.epsilon)
	s.round.steps += s.work.steps
	var chosen []take
	for i, n := range counts {
		if n > 0 {
			chosen = append(chosen, take{s.kinds[i], n})
		}
	}
	s.solved[string(s.key)] = chosen
	return chosen
}

func (s *scheme) available(chosen []take) bool {
	for _, t := range chosen {
		if t.count > len(s.list[t.kind].tasks) {
			return false
		}
	}
	return true
}

// copies is how often a need fits in a row.
func copies(row, need []int64) int {
	n := int64(math.MaxInt32)
	for c, a := range need {
		if a > 0 {
			n = min(n, row[c]/a)
		}
	}
	return int(n)
}

// worth is the value of the chosen tasks that fit together and of those that topUp would add, requirements aside.
func (s *scheme) worth(row []int64, chosen []take) float64 {
	s.left = append(s.left[:0], row...)
	value := 0.0
	add := func(k, most int) int {
		need := s.drawn(k, s.left)
		n := min(most, copies(s.left, need))
		for c, a := range need {
			s.left[c] -= int64(n) * a
		}
		value += float64(n) * s.list[k].value
		return n
	}
	used := make(map[int]int, len(chosen))
	for _, t := range chosen {
		used[t.kind] = add(t.kind, t.count)
	}
	for k := s.next(0, s.left); k >= 0; k = s.next(k+1, s.left) {
		add(k, len(s.list[k].tasks)-used[k])
	}
	return value
}
