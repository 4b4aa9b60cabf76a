package search

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// dive rounds the relaxation step by step: it fixes the columns that are
// nearly chosen, solves what is left again, and so on, each time with a part of
// the budget that is left. It returns a packing of g's items alone, or nil when
// the relaxation as far as it is solved gives no hope for goal opened bins.
// Restarting the master for every level is cheaper than it looks: it shrinks.
func (g *colgen) dive(rng *rand.Rand, threshold float64, budget int64, goal int) *packing {
	demand, left := g.whole()
	p := newPacking(g.m)
	end := g.meter.steps + budget
	for level := 0; ; level++ {
		l := g.root
		if level > 0 || l == nil {
			l = g.newResidual(slices.Clone(demand), slices.Clone(left))
		}
		if level == 0 {
			g.root = l
		}
		if len(l.rows) == 0 {
			break
		}
		l.adoptAll()
		l.deadline, l.goal = g.meter.steps+(end-g.meter.steps)/4, math.MaxInt
		if level == 0 {
			l.deadline, l.goal = g.meter.steps+budget/2, goal
		}
		l.solve(false)
		if level == 0 {
			g.bound = max(g.bound, l.bound)
			if l.master.value() > float64(goal)+0.01 {
				return nil
			}
		}
		if g.fix(l, p, demand, left, rng, threshold) == 0 || g.meter.stopped {
			break
		}
	}
	g.finish(p, demand)
	return p
}

// fix puts the items of the columns above threshold into bins, at least those
// of a sixteenth of the bins still needed, and returns how many bins it filled.
func (g *colgen) fix(l *residual, p *packing, demand []int32, left []int, rng *rand.Rand, threshold float64) int {
	type chosen struct {
		col  int32
		x    float64
		tiny float64
	}
	var order []chosen
	for k, id := range l.master.basis {
		if col := id - int32(l.master.n); col >= 0 && l.master.x[k] > 1e-3 {
			order = append(order, chosen{col, l.master.x[k], 0.05 * rng.Float64()})
		}
	}
	slices.SortStableFunc(order, func(a, b chosen) int { return cmp.Compare(b.x+b.tiny, a.x+a.tiny) })
	filled, least := 0, 1+int(l.master.value())/16
	for _, c := range order {
		for x := c.x; x > threshold || filled < least; x-- {
			if !g.fill(p, &g.pool[l.from[c.col]], demand, left, filled == 0) {
				break
			}
			filled++
		}
	}
	return filled
}

// fill fills one more bin with what is demanded of a column; unless part is
// set, only if nearly all of it still is.
func (g *colgen) fill(p *packing, c *column, demand []int32, left []int, part bool) bool {
	if left[c.class] == 0 {
		return false
	}
	for k, r := range c.rows {
		if !part && demand[r] > 0 && demand[r] < c.counts[k] {
			return false
		}
	}
	class := &g.classes[c.class]
	bin := class.bins[len(class.bins)-left[c.class]]
	filled := false
	for k, r := range c.rows {
		for range min(c.counts[k], demand[r]) {
			demand[r]--
			p.put(g.items[r][demand[r]], bin)
			filled = true
		}
	}
	if filled {
		left[c.class]--
	}
	return filled
}

// finish places what the dive left over by first fit decreasing.
func (g *colgen) finish(p *packing, demand []int32) {
	var rest []int32
	size := make([]float64, len(demand))
	for r, n := range demand {
		for c, a := range g.need[r*g.m.d : r*g.m.d+g.m.d] {
			size[r] += float64(a) * g.m.scale[c]
		}
		if n > 0 {
			rest = append(rest, int32(r))
		}
	}
	slices.SortStableFunc(rest, func(a, b int32) int { return cmp.Compare(size[b], size[a]) })
	var bins []int32
	for _, c := range g.classes {
		bins = append(bins, c.bins...)
	}
	slices.SortStableFunc(bins, func(a, b int32) int { return cmp.Compare(len(p.held[b]), len(p.held[a])) })
	for _, r := range rest {
		for from := 0; demand[r] > 0; {
			i := g.items[r][demand[r]-1]
			for from < len(bins) && !fits(g.m.itemNeed(i), p.row(bins[from])) {
				from++
			}
			g.meter.spend(int64(from)/8 + 1)
			if from == len(bins) {
				break
			}
			p.put(i, bins[from])
			demand[r]--
		}
	}
}
