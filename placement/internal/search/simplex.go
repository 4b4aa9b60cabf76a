package search

// column is one way of filling one bin: how many items of each row it holds.
// As a covering column it stands for all its subsets too.
type column struct {
	rows   []int32
	counts []int32
	class  int32 // class of bins it fills
}

// master is the linear programme of column generation,
//
//	min cost x   with   sum of counts >= demand per row,   x >= 0,
//	and at most so many bins per limited class,
//
// solved by the revised primal simplex method (Gilmore & Gomory 1961) with
// Devex pricing (Harris 1973) and an explicit inverse. The inverse is sparse
// in the beginning and its update skips zeros: a pivot costs nonzeros(row) x
// nonzeros(column) and a pass over all columns.
type master struct {
	n     int // rows: one per demand, then one per limited class
	cover int // rows below this are demands

	// The columns. Number r < n is the slack of row r; the others follow.
	start  []int32 // column -> first of its entries, and one more
	row    []int32
	count  []float64
	cost   []float64
	rc     []float64 // reduced costs
	weight []float64 // Devex reference weights

	big   float64   // cost of an artificial
	inv   []float64 // n x n, column-major
	basis []int32   // position -> column, or -1: an artificial single
	x     []float64
	y     []float64 // duals
	dir   []float64 // scratch: inv times the entering column
	nz    []int32   // scratch: its nonzeros
	nzv   []float64
	rho   []float64 // scratch: row of inv that leaves
}

const (
	simplexTiny = 1e-10 // entries below are zero
	pivotTiny   = 1e-6  // and these are too small to divide by
	wrongSign   = 1e-7  // reduced costs above minus this are not worth a pivot
)

// newMaster starts from one artificial single-item column per demand at price
// big, and the slacks of the limits.
func newMaster(demand []float64, big float64, limit []float64) *master {
	n := len(demand) + len(limit)
	s := &master{n: n, big: big, cover: len(demand), start: []int32{0},
		inv: make([]float64, n*n), basis: make([]int32, n), x: make([]float64, n), y: make([]float64, n),
		dir: make([]float64, n), rho: make([]float64, n)}
	for r := range n {
		s.inv[r*n+r] = 1
		if r < s.cover {
			s.basis[r], s.x[r], s.y[r] = -1, demand[r], big
			s.add([]int32{int32(r)}, []float64{-1}, 0)
		} else {
			s.basis[r], s.x[r] = int32(r), limit[r-s.cover]
			s.add([]int32{int32(r)}, []float64{1}, 0)
		}
	}
	return s
}

// add appends a column and returns its number.
func (s *master) add(rows []int32, counts []float64, cost float64) int32 {
	s.row = append(s.row, rows...)
	s.count = append(s.count, counts...)
	s.start = append(s.start, int32(len(s.row)))
	s.cost = append(s.cost, cost)
	s.weight = append(s.weight, 1)
	s.rc = append(s.rc, s.reduced(int32(len(s.cost)-1)))
	return int32(len(s.cost) - 1)
}

func (s *master) reduced(col int32) float64 {
	rc := s.cost[col]
	for k := s.start[col]; k < s.start[col+1]; k++ {
		rc -= s.y[s.row[k]] * s.count[k]
	}
	return rc
}

// optimise pivots until no column has a negative reduced cost, or spend says
// to stop (false).
func (s *master) optimise(spend func(int64) bool) bool {
	for col := range s.rc {
		s.rc[col] = s.reduced(int32(col))
		s.weight[col] = 1
	}
	for {
		enter, best := int32(-1), 0.0
		for col, rc := range s.rc {
			if rc < -wrongSign && rc*rc > best*s.weight[col] {
				enter, best = int32(col), rc*rc/s.weight[col]
			}
		}
		if enter < 0 {
			return true
		}
		work := s.pivot(enter)
		if !spend(int64(work/8 + len(s.row)/4)) {
			return false
		}
	}
}

// pivot brings a column into the basis.
func (s *master) pivot(enter int32) int {
	leave := s.direction(enter)
	if leave < 0 {
		s.rc[enter] = 0 // numerically dead
		return s.n
	}
	p := s.dir[leave]
	step := s.reduced(enter) / p
	work := s.n
	for k := range s.n {
		if s.rho[k] = s.inv[k*s.n+leave]; s.rho[k] < simplexTiny && s.rho[k] > -simplexTiny {
			s.rho[k], s.inv[k*s.n+leave] = 0, 0
		}
	}
	s.reprice(enter, step, p)
	for k, v := range s.rho {
		if v == 0 {
			continue
		}
		s.y[k] += step * v
		f := v / p
		col := s.inv[k*s.n : k*s.n+s.n]
		for t, i := range s.nz {
			col[i] -= s.nzv[t] * f
		}
		col[leave] = f
		work += len(s.nz)
	}
	t := max(s.x[leave], 0) / p
	for k, i := range s.nz {
		s.x[i] -= t * s.nzv[k]
	}
	s.x[leave] = t
	s.basis[leave] = enter
	return work
}

// direction computes inv times the column and the position that leaves, -1
// when there is none.
func (s *master) direction(enter int32) int {
	clear(s.dir)
	for k := s.start[enter]; k < s.start[enter+1]; k++ {
		r, times := int(s.row[k]), s.count[k]
		for i, v := range s.inv[r*s.n : r*s.n+s.n] {
			s.dir[i] += times * v
		}
	}
	s.nz, s.nzv = s.nz[:0], s.nzv[:0]
	leave, least := -1, 0.0
	for i, d := range s.dir {
		if d < simplexTiny && d > -simplexTiny {
			continue
		}
		s.nz, s.nzv = append(s.nz, int32(i)), append(s.nzv, d)
		if d < pivotTiny {
			continue
		}
		// Ties go to the larger pivot, for stability.
		ratio := max(s.x[i], 0) / d
		if leave < 0 || ratio < least-1e-10 || (ratio <= least+1e-10 && d > s.dir[leave]) {
			leave, least = i, ratio
		}
	}
	return leave
}

// reprice updates reduced costs and weights for the pivot p of column enter.
func (s *master) reprice(enter int32, step, p float64) {
	ref := s.weight[enter] / (p * p)
	k := s.start[0]
	for col := range s.rc {
		alpha := 0.0
		for end := s.start[col+1]; k < end; k++ {
			alpha += s.rho[s.row[k]] * s.count[k]
		}
		if alpha != 0 {
			s.rc[col] -= step * alpha
			s.weight[col] = max(s.weight[col], alpha*alpha*ref)
		}
	}
	s.rc[enter] = 0
}

// value is the objective at the present basis.
func (s *master) value() float64 {
	sum := 0.0
	for k, col := range s.basis {
		if col >= 0 {
			sum += s.x[k] * s.cost[col]
		} else {
			sum += s.x[k] * s.big
		}
	}
	return sum
}
