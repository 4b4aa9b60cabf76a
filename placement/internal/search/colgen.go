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
	shapes  []int32 // row -> shape
	rowOf   map[int32]int32
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
	pricerNodes = 1_000_000 // per call, shared among the first rows of patterns
)

// newColgen prepares to pack the given items; nil if the problem is not one
// that columns suit.
func newColgen(m *model, items []int32, t *meter) *colgen {
	if m.allowed != nil || m.d == 0 || len(items) == 0 {
		return nil
	}
	g := &colgen{m: m, meter: t, seen: map[string]struct{}{}, rowOf: map[int32]int32{}}
	for _, i := range items {
		s := m.shape[i]
		r, known := g.rowOf[s]
		if !known {
			if len(g.shapes) == maxRows {
				return nil
			}
			r = int32(len(g.shapes))
			g.rowOf[s] = r
			g.shapes = append(g.shapes, s)
			g.items = append(g.items, nil)
			g.need = append(g.need, m.needRow(s)...)
		}
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

// list is the rows of a column with repetition.
func (c *column) list() []int32 {
	var out []int32
	for k, r := range c.rows {
		for range c.counts[k] {
			out = append(out, r)
		}
	}
	return out
}

// learn adds the contents of all bins of a packing to the pool.
func (g *colgen) learn(p *packing) {
	var rows []int32
	for k, c := range g.classes {
		for _, b := range c.bins {
			rows = rows[:0]
			for _, i := range p.held[b] {
				if r, known := g.rowOf[g.m.shape[i]]; known {
					rows = append(rows, r)
				}
			}
			slices.Sort(rows)
			g.add(rows, int32(k))
		}
	}
}

// relax solves the relaxation of the whole problem on that many steps and
// returns the bound it proves, 0 if none.
func (g *colgen) relax(steps int64) int {
	demand, left := g.whole()
	l := g.newResidual(demand, left)
	l.deadline, l.goal = steps, math.MaxInt
	l.solve(true)
	return max(0, l.bound)
}

// whole is the demand for all items, and all bins.
func (g *colgen) whole() (demand []int32, left []int) {
	for _, items := range g.items {
		demand = append(demand, int32(len(items)))
	}
	for _, c := range g.classes {
		left = append(left, len(c.bins))
	}
	return demand, left
}

// inherit takes over the columns that a region found
// good: the ones in its last basis.
func (g *colgen) inherit(region *colgen) {
	if region.root == nil {
		return
	}
	var rows []int32
	for _, id := range region.root.master.basis {
		col := id - int32(region.root.master.n)
		if col < 0 {
			continue
		}
		c := &region.pool[region.root.from[col]]
		of := &region.classes[c.class]
		class := slices.IndexFunc(g.classes, func(k binClass) bool { return k.cost == of.cost && slices.Equal(k.room, of.room) })
		rows = rows[:0]
		for _, r := range c.list() {
			if row, known := g.rowOf[region.shapes[r]]; known {
				rows = append(rows, row)
			}
		}
		slices.Sort(rows)
		g.add(rows, int32(class))
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
	limit    int64 // nodes per first row and pricing
	goal     int   // give up once the bound is above
	deadline int64 // steps of the meter at which to give up
	exact    bool  // the last pricing overlooked nothing
	bound    int   // on the cost of the residual, proven
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
	// With one class no limit is needed: the relaxation opens no more bins than
	// the packing it starts from.
	var limit []float64
	for k := range g.classes {
		l.limitRow = append(l.limitRow, -1)
		if left[k] < total && (len(g.classes) > 1 || g.classes[k].cost == 0) {
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
		l.pricers = append(l.pricers, newPricer(g.m.d, need, c.room, g.m.load, g.meter.spend))
	}
	l.value, l.want = make([]float64, len(l.rows)), make([]int32, len(l.rows))
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

// solve runs column generation until the relaxation is solved, or its value is
// known up to rounding, or above goal; false when the deadline comes first, or
// when pricing with limited effort finds nothing any more. Unless thorough is
// set, the effort only grows from call to call: a good packing is found long
// before the last columns. Smoothing the prices (Wentges 1997) and pricing
// before the master is optimal did not pay.
func (l *residual) solve(thorough bool) bool {
	first := int64(min(8000, max(500, pricerNodes/len(l.rows))))
	l.limit = max(l.limit, first)
	for {
		if !l.master.optimise(l.spend) {
			return false
		}
		found := l.price(l.limit)
		switch {
		case !l.spend(0):
			return false
		case float64(l.bound) >= l.master.value()-1e-3, l.bound > l.goal:
			return true
		case found > 0:
			continue
		case l.exact:
			return true
		case l.limit >= 512*first:
			return false
		}
		l.limit *= 4
		if !thorough {
			return false
		}
	}
}

func (l *residual) spend(steps int64) bool {
	return l.g.meter.spend(steps) && l.g.meter.steps < l.deadline
}

// price looks for new columns and returns how many it found. Where it
// searched exhaustively it updates the bound.
func (l *residual) price(limit int64) int {
	l.exact = true
	found, prices, rent, most := 0, 0.0, 0.0, 0.0
	for k, r := range l.rows {
		l.value[k] = max(0, l.master.y[k])
		prices += l.value[k] * float64(l.demand[r])
		l.want[k] = l.demand[r]
	}
	for k, c := range l.g.classes {
		if l.left[k] == 0 {
			continue
		}
		floor := c.cost
		if at := l.limitRow[k]; at >= 0 {
			floor -= min(0, l.master.y[at])
		}
		p, top := l.pricers[k], floor
		p.run(l.value, l.want, floor+1e-6, limit, func(set []int32, worth float64) {
			top = max(top, worth)
			found += l.propose(set, int32(k))
		})
		l.exact = l.exact && p.exact
		most = max(most, top)
		rent += float64(l.left[k]) * max(0, top+1e-6-c.cost)
	}
	if l.exact {
		// No bin of a class holds more than top: by how much that exceeds its
		// cost is what the bound loses (Lasdon). With one class scaling
		// the prices down loses less (Farley 1990).
		bound := prices - rent
		if len(l.g.classes) == 1 && l.g.classes[0].cost > 0 {
			bound = max(bound, prices/(most+1e-6))
		}
		l.bound = max(l.bound, int(math.Ceil(bound-1e-6)))
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
