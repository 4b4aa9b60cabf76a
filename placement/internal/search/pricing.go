package search

import (
	"cmp"
	"math"
	"slices"
)

// pricer finds the most valuable ways to fill one empty bin: a knapsack in
// every column at once, with each shape as often as it is still demanded.
// Depth-first branch and bound over shapes by value per size, where size is a
// weighted sum over the columns (a surrogate constraint).
type pricer struct {
	d      int
	need   []int64   // rows x d
	share  []float64 // rows x d: need as a share of this bin
	weight []float64 // per column, adding up to 1
	size   []float64 // per row: weighted share; what fits into the bin has size 1 at most
	room   []int64   // the bin
	order  []int32   // rows worth taking, best value per size first
	value  []float64
	demand []int32
	limit  int64 // nodes per first row

	row     []int64 // state: what is left of the bin
	taken   []int32 // state: rows taken, with repetition
	nodes   int64
	spend   func(int64) bool // called once in a while; false ends the run
	best    float64
	bestSet []int32
	exact   bool // no limit was hit
}

// newPricer prepares for bins with that much room.
func newPricer(d int, need []int64, room []int64, load []float64, spend func(int64) bool) *pricer {
	p := &pricer{d: d, need: need, room: room, spend: spend, row: make([]int64, d),
		share: make([]float64, len(need)), weight: make([]float64, d), size: make([]float64, len(need)/d)}
	for at, a := range need {
		if c := at % d; room[c] > 0 {
			p.share[at] = float64(a) / float64(room[c])
		}
	}
	for c := range d {
		p.weight[c] = load[c] + 1e-3
	}
	p.weigh()
	return p
}

// weigh scales the weights to add up to 1 and computes the sizes.
func (p *pricer) weigh() {
	total := 0.0
	for _, w := range p.weight {
		total += w
	}
	for c := range p.weight {
		p.weight[c] /= total
	}
	for r := range p.size {
		size := 0.0
		for c, a := range p.share[r*p.d : r*p.d+p.d] {
			size += p.weight[c] * a
		}
		p.size[r] = max(size, 1e-9)
	}
}

// tune moves the weights towards those whose fractional knapsack has the least
// value (the surrogate dual): columns that the fractional solution overfills
// get heavier. The better the weights, the earlier descend turns back.
func (p *pricer) tune() {
	best, bestWeight := math.Inf(1), slices.Clone(p.weight)
	used := make([]float64, p.d)
	for step := 1.0; step > 0.1; step *= 0.8 {
		p.sort()
		clear(used)
		bound, left := 0.0, 1.0
		for _, r := range p.order {
			n := min(float64(p.demand[r]), left/p.size[r])
			bound += n * p.value[r]
			left -= n * p.size[r]
			for c, a := range p.share[int(r)*p.d : int(r)*p.d+p.d] {
				used[c] += n * a
			}
			if left <= 0 {
				break
			}
		}
		if bound < best {
			best = bound
			copy(bestWeight, p.weight)
		}
		for c := range p.weight {
			p.weight[c] = max(1e-4, p.weight[c]) * math.Exp(step*(used[c]-1))
		}
		p.weigh()
		p.nodes += int64(len(p.order))
	}
	copy(p.weight, bestWeight)
	p.weigh()
	p.sort()
}

// sort puts the most value per size first.
func (p *pricer) sort() {
	slices.SortFunc(p.order, func(a, b int32) int {
		if c := cmp.Compare(p.value[b]*p.size[a], p.value[a]*p.size[b]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
}

// run emits, for every row that can be the first of its pattern, the best
// pattern found worth more than floor. Nodes are counted in p.nodes; p.exact
// says whether every pattern worth more than floor was considered.
func (p *pricer) run(value []float64, demand []int32, floor float64, limit int64, emit func(rows []int32, value float64)) {
	p.value, p.demand, p.limit, p.exact, p.nodes = value, demand, limit, true, 0
	p.order = p.order[:0]
	for r := range p.size {
		if value[r] > 1e-9 && demand[r] > 0 && fits(p.need[r*p.d:r*p.d+p.d], p.room) {
			p.order = append(p.order, int32(r))
		}
	}
	p.tune()
	copy(p.row, p.room)
	spent := int64(0)
	for at, r := range p.order {
		if value[r]/p.size[r] <= floor {
			return // a whole bin at this rate is not worth floor
		}
		if !p.spend(p.nodes - spent) {
			p.exact = false
			return
		}
		spent = p.nodes
		p.best, p.bestSet = floor, p.bestSet[:0]
		end := p.nodes + limit
		p.take(r, -1)
		p.descend(at, value[r], 1-p.size[r], end)
		p.take(r, 1)
		if len(p.bestSet) > 0 {
			emit(p.bestSet, p.best)
		}
	}
}

func (p *pricer) take(r int32, sign int64) {
	for c, a := range p.need[int(r)*p.d : int(r)*p.d+p.d] {
		p.row[c] += sign * a
	}
	if sign < 0 {
		p.taken = append(p.taken, r)
		p.demand[r]--
	} else {
		p.taken = p.taken[:len(p.taken)-1]
		p.demand[r]++
	}
}

// descend tries to add rows from order[at:] on.
func (p *pricer) descend(at int, value, room float64, end int64) {
	if value > p.best {
		p.best = value
		p.bestSet = append(p.bestSet[:0], p.taken...)
	}
	for ; at < len(p.order); at++ {
		r := p.order[at]
		if value+p.value[r]*(max(room, 0)+1e-9)/p.size[r] <= p.best {
			return
		}
		if p.nodes++; p.nodes > end {
			p.exact = false
			return
		}
		if p.demand[r] == 0 || !fits(p.need[int(r)*p.d:int(r)*p.d+p.d], p.row) {
			continue
		}
		p.take(r, -1)
		p.descend(at, value+p.value[r], room-p.size[r], end)
		p.take(r, 1)
	}
}
