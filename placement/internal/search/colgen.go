package search

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// binClass are bins that no pattern can tell apart.
type binClass struct {
	room []int64
	bins []int32
	cost float64 // 0 for bins in use
}

// colgen generates good bin contents ("columns") from the linear relaxation
// of the covering problem over shapes with multiplicity, and rounds it.
type colgen struct {
	m       *model
	meter   *meter
	shapes  []int32   // row -> shape
	items   [][]int32 // row -> items
	need    []int64   // rows x d
	classes []binClass
	pool    []column
	seen    map[string]struct{}
	key     []byte
	bound   int       // bins to open at least, proven
	root    *residual // of all items; kept from dive to dive
}

const (
	maxClasses  = 16   // more kinds of bins than this: no column generation
	maxRows     = 1200 // nor with more shapes: the inverse is rows x rows
	maxPool     = 60_000
	pricerNodes = 2000 // per first row and call
	smoothing   = 0.7
)

// newColgen prepares to pack the given items; nil if the problem is not one
// that columns suit.
func newColgen(m *model, items []int32, t *meter) *colgen {
	if m.allowed != nil || m.d == 0 || len(items) == 0 {
		return nil
	}
	g := &colgen{m: m, meter: t, seen: map[string]struct{}{}}
	rowOf := make([]int32, m.shapes)
	for _, i := range items {
		s := m.shape[i]
		if rowOf[s] == 0 {
			if len(g.shapes) == maxRows {
				return nil
			}
			g.shapes = append(g.shapes, s)
			g.items = append(g.items, nil)
			g.need = append(g.need, m.needRow(s)...)
			rowOf[s] = int32(len(g.shapes))
		}
		r := rowOf[s] - 1
		g.items[r] = append(g.items[r], i)
	}
	if g.classes = binClasses(m); g.classes == nil {
		return nil
	}
	return g
}

// binClasses sorts the bins into classes, nil if there are too many. The
// classes are in the order of their first bin.
func binClasses(m *model) []binClass {
	var out []binClass
	for b := range int32(m.bins) {
		row, cost := m.row(b), 1.0
		if m.inUse[b] {
			cost = 0
		}
		k := slices.IndexFunc(out, func(c binClass) bool { return c.cost == cost && slices.Equal(c.room, row) })
		if k < 0 {
			if len(out) == maxClasses {
				return nil
			}
			k = len(out)
			out = append(out, binClass{room: row, cost: cost})
		}
		out[k].bins = append(out[k].bins, b)
	}
	return out
}

// add puts a column (rows ascending, with repetition) into the pool unless it
// is there.
func (g *colgen) add(rows []int32, class int32) {
	c := column{class: class}
	g.key = append(g.key[:0], byte(class))
	for k, r := range rows {
		g.key = binary.LittleEndian.AppendUint32(g.key, uint32(r))
		if k > 0 && rows[k-1] == r {
			c.counts[len(c.counts)-1]++
		} else {
			c.rows, c.counts = append(c.rows, r), append(c.counts, 1)
		}
	}
	if _, known := g.seen[string(g.key)]; !known && len(rows) > 0 && len(g.pool) < maxPool {
		g.seen[string(bytes.Clone(g.key))] = struct{}{}
		g.pool = append(g.pool, c)
	}
}

// learn adds the contents of all bins of a packing to the pool.
func (g *colgen) learn(p *packing) {
	rowOf := map[int32]int32{}
	for r, s := range g.shapes {
		rowOf[s] = int32(r)
	}
	var rows []int32
	for k, c := range g.classes {
		for _, b := range c.bins {
			rows = rows[:0]
			for _, i := range p.held[b] {
				if r, known := rowOf[g.m.shape[i]]; known {
					rows = append(rows, r)
				}
			}
			slices.Sort(rows)
			g.add(rows, int32(k))
		}
	}
}

// residual is the part of the problem that is still open: demands per row and
// bins left per class. Its linear programme has its own, fewer, rows.
type residual struct {
	g        *colgen
	demand   []int32 // per row of g
	left     []int   // per class
	rows     []int32 // local row -> row of g
	local    []int32 // row of g -> local row or -1
	adopted  int     // columns of g looked at
	from     []int32 // column of the master, less its slacks -> column of g
	limitRow []int   // class -> row of the master or -1
	master   *master
	pricers  []*pricer
	deadline int64 // steps of the meter at which to give up
	exact    bool  // the last pricing overlooked nothing
	bound    int   // on the cost of the residual, proven
	centre   []float64
	merit    float64 // of the centre: the bound it gives if pricing was exact
	value    []float64
	want     []int32

	partRows   []int32 // scratch
	partCounts []float64
}

func (g *colgen) newResidual(demand []int32, left []int) *residual {
	l := &residual{g: g, demand: demand, left: left, local: make([]int32, len(demand))}
	total := 0
	for r, n := range demand {
		l.local[r] = -1
		if n > 0 {
			l.local[r] = int32(len(l.rows))
			l.rows = append(l.rows, int32(r))
			total += int(n)
		}
	}
	var limit []float64
	for k := range g.classes {
		l.limitRow = append(l.limitRow, -1)
		if left[k] < total {
			l.limitRow[k] = len(l.rows) + len(limit)
			limit = append(limit, float64(left[k]))
		}
	}
	rhs := make([]float64, len(l.rows))
	for k, r := range l.rows {
		// A slightly perturbed right hand side avoids stalling at degenerate
		// vertices; the golden ratio spreads the perturbations.
		_, jitter := math.Modf(float64(k+1) * math.Phi)
		rhs[k] = float64(demand[r]) + 1e-5*jitter
	}
	big := 1.0
	if len(limit) > 0 {
		big = 10
	}
	l.master = newMaster(rhs, big, limit)
	need := make([]int64, 0, len(l.rows)*g.m.d)
	for _, r := range l.rows {
		need = append(need, g.need[int(r)*g.m.d:int(r)*g.m.d+g.m.d]...)
	}
	for _, c := range g.classes {
		l.pricers = append(l.pricers, newPricer(g.m.d, need, c.room, g.m.load))
	}
	l.value, l.want = make([]float64, len(l.rows)), make([]int32, len(l.rows))
	// The surrogate sizes are feasible prices if there is but one class.
	l.centre = append([]float64(nil), l.pricers[0].size...)
	for k, r := range l.rows {
		l.merit += l.centre[k] * float64(demand[r])
	}
	if len(g.classes) > 1 {
		l.merit = 0
	}
	return l
}

// adoptAll adopts what came into the pool since it was last asked.
func (l *residual) adoptAll() {
	for ; l.adopted < len(l.g.pool); l.adopted++ {
		l.adopt(int32(l.adopted))
	}
}

// adopt makes the part of a pooled column that is still demanded a column of
// the residual.
func (l *residual) adopt(id int32) {
	c := &l.g.pool[id]
	if l.left[c.class] == 0 {
		return
	}
	rows, counts := l.partRows[:0], l.partCounts[:0]
	for k, r := range c.rows {
		if at := l.local[r]; at >= 0 {
			rows = append(rows, at)
			counts = append(counts, float64(min(c.counts[k], l.demand[r])))
		}
	}
	if len(rows) > 0 {
		if at := l.limitRow[c.class]; at >= 0 {
			rows, counts = append(rows, int32(at)), append(counts, 1)
		}
		l.master.add(rows, counts, l.g.classes[c.class].cost)
		l.from = append(l.from, id)
	}
	l.partRows, l.partCounts = rows, counts
}

// solve runs column generation until the relaxation is solved (true), or its
// value is known up to rounding (true), or the meter or the effort allowed to
// pricing is spent (false). Prices are smoothed towards the best ones so far
// (Wentges 1997): the simplex's own swing wildly in the beginning.
func (l *residual) solve() bool {
	limit, smooth := int64(pricerNodes), smoothing
	for {
		if !l.master.optimise(l.spend) {
			return false
		}
		found := l.price(limit, smooth)
		switch {
		case !l.spend(0):
			return false
		case float64(l.bound) >= l.master.value()-1e-3:
			return true
		case found > 0:
			smooth = smoothing
		case smooth > 0:
			smooth = 0
		case l.exact:
			return true
		case limit >= 64*pricerNodes:
			return false
		default:
			limit *= 8
		}
	}
}

func (l *residual) spend(steps int64) bool {
	return l.g.meter.spend(steps) && l.g.meter.steps < l.deadline
}

// price looks for new columns at prices smooth of the way from the master's
// to the centre, and returns how many it found. Where it searched
// exhaustively it updates the bound.
func (l *residual) price(limit int64, smooth float64) int {
	l.exact = true
	found, lagrange, most := 0, 0.0, 0.0
	for k, r := range l.rows {
		l.value[k] = smooth*l.centre[k] + (1-smooth)*max(0, l.master.y[k])
		lagrange += l.value[k] * float64(l.demand[r])
		l.want[k] = l.demand[r]
	}
	for k, c := range l.g.classes {
		if l.left[k] == 0 {
			continue
		}
		floor := c.cost
		if at := l.limitRow[k]; at >= 0 {
			floor -= (1 - smooth) * min(0, l.master.y[at])
		}
		p, top := l.pricers[k], floor
		p.run(l.value, l.want, floor+1e-6, limit, func(set []int32, worth float64) {
			top = max(top, worth)
			found += l.propose(set, int32(k))
		})
		l.exact = l.exact && p.exact
		l.g.meter.spend(p.nodes)
		most = max(most, top)
		lagrange -= float64(l.left[k]) * max(0, top+1e-6-c.cost)
	}
	if len(l.g.classes) == 1 && l.limitRow[0] < 0 {
		// With one class, scaling the prices down is the better repair (Farley 1990).
		lagrange = 0
		for k, r := range l.rows {
			lagrange += l.value[k] * float64(l.demand[r]) / (most + 1e-6)
		}
	}
	if lagrange > l.merit {
		l.merit = lagrange
		copy(l.centre, l.value)
	}
	if l.exact {
		l.bound = max(l.bound, int(math.Ceil(lagrange-1e-6)))
	}
	return found
}

// propose adds a set of local rows as a column if the master gains by it.
func (l *residual) propose(set []int32, class int32) int {
	rc := l.g.classes[class].cost
	if at := l.limitRow[class]; at >= 0 {
		rc -= l.master.y[at]
	}
	rows := l.partRows[:0]
	for _, r := range set {
		rc -= l.master.y[r]
		rows = append(rows, l.rows[r])
	}
	l.partRows = rows
	if rc > -1e-6 {
		return 0
	}
	slices.Sort(rows)
	before := len(l.g.pool)
	l.g.add(rows, class)
	if len(l.g.pool) == before {
		return 0
	}
	l.adopted = before + 1
	l.adopt(int32(before))
	return 1
}
