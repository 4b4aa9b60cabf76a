package naive

import (
	"math"
	"slices"
	"testing"
)

// slow is what all three forms must agree with: the opaque scorer, asked about every bin that fits.
func slow(rule Rule, free, capacity, need []int64) int32 {
	best, top := int32(-1), math.Inf(-1)
	cols := len(need)
	for b := 0; b < len(free)/cols; b++ {
		row, caps := free[b*cols:][:cols], capacity[b*cols:][:cols]
		if !fits(row, need) {
			continue
		}
		if rule == FirstFit {
			return int32(b)
		}
		if s := rule.Scorer()(need, row, caps); s > top {
			best, top = int32(b), s
		}
	}
	return best
}

type player struct {
	*Fleet
	w              *Workload
	free, capacity []int64
	rule           Rule
	t              *testing.T
}

func (p player) Find(_ int32, need []int64) int32 {
	got := p.Fleet.Find(p.rule, need)
	if want := slow(p.rule, p.free, p.capacity, need); got != want {
		p.t.Fatalf("%v %v: Find(%v) = %d, want %d", p.form, p.rule, need, got, want)
	}
	return got
}

func (p player) Take(bin int32, need []int64) { p.move(bin, need, -1); p.Fleet.Take(bin, need) }
func (p player) Give(bin int32, need []int64) { p.move(bin, need, 1); p.Fleet.Give(bin, need) }
func (p player) move(bin int32, need []int64, sign int64) {
	for j, n := range need {
		p.free[int(bin)*p.w.Cols+j] += sign * n
	}
}

func TestFormsAgree(t *testing.T) {
	for _, kind := range Kinds() {
		for _, shapes := range []int{0, 7} {
			w := Generate(Spec{Kind: kind, Bins: 60, Tasks: 400, Shapes: shapes, Seed: 1})
			for _, rule := range append(Scorers(), FirstFit) {
				var first []int32
				for _, form := range Forms() {
					p := player{NewFleet(form, w.Cols, w.Free, w.Capacity), w, slices.Clone(w.Free), w.Capacity, rule, t}
					choices := w.Run(p, nil)
					if first == nil {
						first = choices
					}
					if !slices.Equal(first, choices) {
						t.Errorf("%v %v %v: choices differ between forms", kind, rule, form)
					}
				}
				if _, timing := w.Fastest(rule, first, len(w.Tasks), 1, WallClock()); timing.Differs >= 0 {
					t.Errorf("%v %v: replay differs at arrival %d", kind, rule, timing.Differs)
				}
			}
		}
	}
}

func TestGenerateIsRepeatableAndUsed(t *testing.T) {
	for _, kind := range Kinds() {
		s := Spec{Kind: kind, Bins: 500, Tasks: 5000, Shapes: 100, Seed: 3}
		a, b := Generate(s), Generate(s)
		if !slices.Equal(a.Free, b.Free) || !slices.Equal(a.Tasks, b.Tasks) || !slices.Equal(a.Needs, b.Needs) {
			t.Fatalf("%v: two runs differ", kind)
		}
		sum := 0.0
		for i := 0; i < len(a.Free); i += a.Cols {
			sum += used(a.Free[i:i+a.Cols], a.Capacity[i:i+a.Cols])
		}
		mean := sum / float64(a.Bins())
		if kind == Empty && mean != 0 || kind != Empty && (mean < 0.85 || mean > 0.95) {
			t.Errorf("%v: mean use of the most used column %.3f", kind, mean)
		}
	}
}
