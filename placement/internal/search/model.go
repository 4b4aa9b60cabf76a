package search

import (
	"math"
	"math/rand/v2"
)

// model is a checked Problem with what every algorithm derives from it once:
// O(items + shapes + bins) time and memory, times columns where rows are read.
type model struct {
	d                   int
	bins, items, shapes int
	free0               []int64 // bins x d
	need                []int64 // shapes x d
	shape               []int32
	inUse               []bool
	weight              []int64 // exact value of each item; nil: 1 each
	allowed             func(item, bin int32) bool
	rule                []int32

	scale []float64 // per column: 1 / average free amount per bin (0 for a column nobody has)
	load  []float64 // per column: needed by all items / free in all bins
}

func newModel(p *Problem) *model {
	m := &model{
		d: p.Columns, bins: p.Bins(), items: len(p.Shape),
		free0: p.Free, need: p.Need, shape: p.Shape, inUse: p.InUse,
		allowed: p.Allowed, rule: p.Rule,
		weight: exactValues(p.Value),
	}
	if m.inUse == nil {
		m.inUse = make([]bool, m.bins)
	}
	if m.d > 0 {
		m.shapes = len(m.need) / m.d
	}
	for _, s := range m.shape {
		m.shapes = max(m.shapes, int(s)+1)
	}
	total, asked := make([]float64, m.d), make([]float64, m.d)
	for b := range m.bins {
		for c, a := range m.row(int32(b)) {
			total[c] += float64(a)
		}
	}
	for _, s := range m.shape {
		for c, a := range m.needRow(s) {
			asked[c] += float64(a)
		}
	}
	m.scale, m.load = make([]float64, m.d), make([]float64, m.d)
	for c := range m.d {
		if total[c] > 0 {
			m.scale[c] = float64(m.bins) / total[c]
			m.load[c] = asked[c] / total[c]
		}
	}
	return m
}

func (m *model) row(b int32) []int64 { return m.free0[int(b)*m.d : int(b)*m.d+m.d] }

func (m *model) needRow(shape int32) []int64 {
	return m.need[int(shape)*m.d : int(shape)*m.d+m.d]
}

func (m *model) itemNeed(i int32) []int64 { return m.needRow(m.shape[i]) }

func (m *model) valueOf(i int32) int64 {
	if m.weight == nil {
		return 1
	}
	return m.weight[i]
}

func (m *model) may(i, b int32) bool { return m.allowed == nil || m.allowed(i, b) }

// exactValues turns values into integers whose sums are exact in any order:
// multiples of the finest power of two for which the total stays below 2^61.
// Equal values stay equal; nil stands for all equal.
func exactValues(value []float64) []int64 {
	top, same := 0.0, true
	for _, v := range value {
		if v > top {
			top = v
		}
		same = same && v == value[0]
	}
	if same || top == 0 {
		return nil
	}
	out := make([]int64, len(value))
	top = min(top, math.MaxFloat64)
	_, exp := math.Frexp(top) // top < 2^exp
	_, items := math.Frexp(float64(len(value)))
	for i, v := range value {
		out[i] = 1
		if v > 0 { // false for NaN
			out[i] = max(1, int64(math.Round(math.Ldexp(min(v, top), 61-items-exp))))
		}
	}
	return out
}

// fits reports whether need is within free in every column.
func fits(need, free []int64) bool {
	free = free[:len(need)]
	for c, a := range need {
		if a > free[c] {
			return false
		}
	}
	return true
}

// meter counts steps against a budget and polls the caller's stop.
type meter struct {
	steps, budget int64
	nextPoll      int64
	stop          func() bool
	stopped       bool
}

const pollEvery = 4096

func newMeter(o Options) *meter { return &meter{budget: o.Steps, stop: o.Stop} }

// spend counts n steps and reports whether the search may go on.
func (t *meter) spend(n int64) bool {
	t.steps += n
	if t.steps < t.nextPoll {
		return !t.stopped
	}
	t.nextPoll = t.steps + pollEvery
	if t.steps >= t.budget || (t.stop != nil && t.stop()) {
		t.stopped = true
	}
	return !t.stopped
}

// left is what remains of the budget.
func (t *meter) left() int64 {
	if t.stopped {
		return 0
	}
	return max(0, t.budget-t.steps)
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)) }
