package placement

import (
	"cmp"
	"math"
	"slices"
)

// lot is a number of equal items of a knapsack.
type lot struct {
	weight int64   // above zero
	value  float64 // above zero
	count  int
}

// knapsackWork solves knapsacks and keeps the memory for the next.
type knapsackWork struct {
	all    prefixes
	small  prefixes
	counts []int
	least  []int64 // the least weight of large items of each scaled value
	chunks []chunk
	taken  []bool // a row a chunk
	steps  int64
}

// chunk is a number of items of one lot, taken together or not at all.
type chunk struct {
	lot, count int
	weight     int64
	scaled     int
}

// solve says how many items of each lot to take so that their weight is at most capacity and their value at least
// 1-epsilon times the largest possible.
//
// It is the scheme of Ibarra and Kim (1975). Let P be the better of the densest items that fit and the first that does
// not: the optimum is between P and 2P. Items worth at most T = epsilon*P/2 are small, the others large. Values of large
// ones are rounded down to multiples of K = epsilon²*P/8, and a table holds the least weight for each rounded
// value; each entry is filled up with small items, densest first. At most 4/epsilon large items are worth 2P, so that
// rounding loses at most epsilon*P/2, and filling up loses less than one small item. The table has 16/epsilon² entries.
func (w *knapsackWork) solve(lots []lot, capacity int64, epsilon float64) []int {
	w.steps = int64(len(lots))
	w.counts = append(w.counts[:0], make([]int, len(lots))...)
	w.all.make(lots, func(int) bool { return true })
	greedy, half := w.all.bounds(lots, capacity)
	if n := len(w.all.order); w.all.weight[n] <= capacity || math.IsInf(half, 0) {
		w.fillUp(lots, &w.all, capacity)
		return w.counts
	}
	small := epsilon * half / 2
	unit := epsilon * epsilon * half / 8
	// An item that no solution better than the greedy one contains is left out.
	worthwhile := func(i int) bool {
		return lots[i].weight <= capacity && lots[i].value+w.all.relaxed(lots, capacity-lots[i].weight) > greedy
	}
	w.small.make(lots, func(i int) bool { return lots[i].value <= small && worthwhile(i) })
	w.split(lots, capacity, unit, int(2*half/unit)+1, func(i int) bool { return lots[i].value > small && worthwhile(i) })
	w.unpack(lots, capacity, w.table(lots, capacity, unit, int(2*half/unit)+1))
	if valueOf(lots, w.counts) < greedy {
		clear(w.counts)
		w.fillUp(lots, &w.all, capacity)
	}
	return w.counts
}

func valueOf(lots []lot, counts []int) float64 {
	value := 0.0
	for i, n := range counts {
		value += float64(n) * lots[i].value
	}
	return value
}

// prefixes are lots in the order of their density, and the weights and values of the first so many of them.
type prefixes struct {
	order  []int
	weight []int64
	value  []float64
}

func (p *prefixes) make(lots []lot, keep func(int) bool) {
	p.order, p.weight, p.value = p.order[:0], append(p.weight[:0], 0), append(p.value[:0], 0)
	for i := range lots {
		if keep(i) {
			p.order = append(p.order, i)
		}
	}
	slices.SortStableFunc(p.order, func(a, b int) int {
		return cmp.Compare(lots[b].value/float64(lots[b].weight), lots[a].value/float64(lots[a].weight))
	})
	for n, i := range p.order {
		p.weight = append(p.weight, p.weight[n]+int64(lots[i].count)*lots[i].weight)
		p.value = append(p.value, p.value[n]+float64(lots[i].count)*lots[i].value)
	}
}

// greedy takes the densest items up to the first that does not fit, which is of the lot in position at; at is the number
// of lots if everything fits.
func (p *prefixes) greedy(lots []lot, capacity int64) (value float64, at int, left int64) {
	at, found := slices.BinarySearch(p.weight, capacity)
	if !found {
		at--
	}
	value, left = p.value[at], capacity-p.weight[at]
	if at < len(p.order) {
		l := &lots[p.order[at]]
		n := left / l.weight
		value, left = value+float64(n)*l.value, left-n*l.weight
	}
	return value, at, left
}

// relaxed is the value if items could be cut: an upper bound.
func (p *prefixes) relaxed(lots []lot, capacity int64) float64 {
	value, at, left := p.greedy(lots, capacity)
	if at < len(p.order) {
		l := &lots[p.order[at]]
		value += l.value * (float64(left) / float64(l.weight))
	}
	return value
}

// bounds is the value of the densest items up to the first that does not fit, and the better of that and of the
// first that does not fit, which is at least half of the optimum.
func (p *prefixes) bounds(lots []lot, capacity int64) (greedy, half float64) {
	greedy, at, _ := p.greedy(lots, capacity)
	if at == len(p.order) {
		return greedy, greedy
	}
	return greedy, max(greedy, lots[p.order[at]].value)
}

// fillUp adds items, the densest first, as they fit.
func (w *knapsackWork) fillUp(lots []lot, p *prefixes, capacity int64) {
	for _, i := range p.order {
		l := &lots[i]
		n := min(int64(l.count-w.counts[i]), capacity/l.weight)
		w.counts[i] += int(n)
		capacity -= n * l.weight
	}
}

// table fills the table of large items and returns the entry that is worth most when filled up.
func (w *knapsackWork) table(lots []lot, capacity int64, unit float64, entries int) int {
	w.least = append(w.least[:0], make([]int64, entries)...)
	for q := 1; q < entries; q++ {
		w.least[q] = capacity + 1
	}
	w.taken = append(w.taken[:0], make([]bool, len(w.chunks)*entries)...)
	top := 0
	for c := range w.chunks {
		k := &w.chunks[c]
		taken := w.taken[c*entries : (c+1)*entries]
		top = min(top+k.scaled, entries-1)
		for q := top; q >= k.scaled; q-- {
			if with := w.least[q-k.scaled] + k.weight; with < w.least[q] && with <= capacity {
				w.least[q], taken[q] = with, true
			}
		}
		w.steps += int64(top-k.scaled+1)/8 + 1
	}
	best, most := 0, -1.0
	for q := range top + 1 {
		if w.least[q] > capacity {
			continue
		}
		added, _, _ := w.small.greedy(lots, capacity-w.least[q])
		if value := float64(q)*unit + added; value > most {
			best, most = q, value
		}
	}
	w.steps += int64(top) + 1
	return best
}

// split makes chunks of the large items: of those of one scaled value only the lightest that can all be in a
// solution, a lot in chunks of 1, 2, 4, … and the rest.
func (w *knapsackWork) split(lots []lot, capacity int64, unit float64, entries int, keep func(int) bool) {
	w.chunks = w.chunks[:0]
	for i := range lots {
		if l := &lots[i]; keep(i) {
			w.chunks = append(w.chunks, chunk{lot: i, weight: l.weight, scaled: int(l.value / unit)})
		}
	}
	slices.SortStableFunc(w.chunks, func(a, b chunk) int {
		if c := cmp.Compare(a.scaled, b.scaled); c != 0 {
			return c
		}
		return cmp.Compare(a.weight, b.weight)
	})
	whole := slices.Clone(w.chunks)
	w.chunks = w.chunks[:0]
	room, scaled := 0, 0
	for _, k := range whole {
		if k.scaled != scaled {
			scaled, room = k.scaled, (entries-1)/k.scaled
		}
		n := min(lots[k.lot].count, room, int(min(capacity/k.weight, math.MaxInt32)))
		room -= n
		for size := 1; n > 0; size *= 2 {
			size = min(size, n)
			n -= size
			w.chunks = append(w.chunks, chunk{k.lot, size, int64(size) * k.weight, size * k.scaled})
		}
	}
}

// unpack turns an entry of the table into counts, and fills up.
func (w *knapsackWork) unpack(lots []lot, capacity int64, q int) {
	entries := len(w.least)
	capacity -= w.least[q]
	for c := len(w.chunks) - 1; c >= 0; c-- {
		if k := &w.chunks[c]; w.taken[c*entries+q] {
			w.counts[k.lot] += k.count
			q -= k.scaled
		}
	}
	w.fillUp(lots, &w.small, capacity)
}
