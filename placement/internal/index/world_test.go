package index

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/bench/naive"
)

// world plays random operations on a small fleet and compares every answer with the slow twin's.
type world struct {
	t              *testing.T
	rng            *rand.Rand
	free, capacity Matrix
	needs          Matrix
	live           []naive.Live
	undo           []naive.Live // placed since the last mark, for rollbacks
}

// newWorld makes n bins of a few types with cols columns and the given number of shapes. Coarse worlds have tiny amounts, so
// that ties, equal bins and exact fits abound.
func newWorld(t *testing.T, seed uint64, n, cols, shapes int, coarse bool) *world {
	rng := rand.New(rand.NewPCG(seed, 99))
	w := &world{t: t, rng: rng}
	w.free.Cols, w.capacity.Cols, w.needs.Cols = cols, cols, cols
	unit := int64(1000)
	if coarse {
		unit = 1
	}
	types := make([][]int64, 1+rng.IntN(4))
	for i := range types {
		for range cols {
			types[i] = append(types[i], unit*rng.Int64N(40))
		}
	}
	for range n {
		w.capacity.Data = append(w.capacity.Data, types[rng.IntN(len(types))]...)
	}
	w.free.Data = append(w.free.Data, w.capacity.Data...)
	if rng.IntN(3) == 0 { // fleets that start used; sometimes more is used than there is
		for i := range w.free.Data {
			w.free.Data[i] -= rng.Int64N(20 * unit)
		}
	}
	for range shapes {
		for range cols {
			x := rng.Int64N(12 * unit)
			switch rng.IntN(6) {
			case 0:
				x = 0
			case 1:
				x = -x
			}
			w.needs.Data = append(w.needs.Data, x)
		}
	}
	return w
}

func (w *world) accept() Accept {
	switch w.rng.IntN(4) {
	case 0:
		bits := w.rng.Uint64()
		return func(bin int32) bool { return bits>>(uint(bin)%61)&1 == 0 }
	case 1:
		allowed := w.rng.Int32N(int32(w.free.Rows()))
		return func(bin int32) bool { return bin >= allowed }
	}
	return nil
}

// deny is nothing, or random bins, perhaps only of the first ones.
func (w *world) deny() *Deny {
	if w.rng.IntN(3) > 0 {
		return nil
	}
	d := make([]uint64, w.rng.IntN(w.free.Rows()/64+2))
	for i := range d {
		d[i] = w.rng.Uint64() | w.rng.Uint64()
	}
	return &Deny{Now: d}
}

// shutting is what a caller knows of bins that stay denied: in each era more of them.
type shutting struct {
	w    *world
	deny Deny
}

// placed has the latest bin shut, mostly, as if tasks of a group went to bins of their own.
func (s *shutting) placed(bin int32) {
	if s.deny.Shut != nil && s.w.rng.IntN(4) > 0 {
		s.deny.Shut[bin>>6] |= 1 << (bin & 63)
	}
}

// next is what is denied in the next question.
func (s *shutting) next() *Deny {
	rng, n := s.w.rng, s.w.free.Rows()
	switch rng.IntN(30) {
	case 0: // a new era
		s.deny.Shut = nil
		if s.deny.Era++; rng.IntN(8) > 0 {
			s.deny.Shut = make([]uint64, n/64+1)
		}
	case 1: // shut without having been touched
		s.placed(rng.Int32N(int32(n)))
	}
	other := s.w.deny()
	switch {
	case rng.IntN(40) == 0: // a question about something else in between
		return other
	case other != nil:
		s.deny.Now = other.Now
	default:
		s.deny.Now = nil
	}
	return &s.deny
}

func (w *world) add(p naive.Live, sign int64) {
	need := w.needs.Row(p.Shape)
	row := w.free.Row(p.Bin)
	for j, n := range need {
		if n > 0 {
			row[j] += sign * n
		}
	}
}

// step does one random thing and tells changed about every bin whose row moved.
func (w *world) step(find func(shape int32, need []int64, deny *Deny, accept Accept) int32, changed func(bin int32, freed bool)) {
	switch k := w.rng.IntN(20); {
	case k < 13:
		shape := w.rng.Int32N(int32(w.needs.Rows()))
		bin := find(shape, w.needs.Row(shape), w.deny(), w.accept())
		if bin >= 0 && w.rng.IntN(8) > 0 {
			p := naive.Live{Bin: bin, Shape: shape}
			w.add(p, -1)
			w.live, w.undo = append(w.live, p), append(w.undo, p)
			changed(bin, false)
		}
	case k < 16 && len(w.live) > 0: // a departure
		i := w.rng.IntN(len(w.live))
		p := w.live[i]
		w.live = append(w.live[:i], w.live[i+1:]...)
		w.undo = w.undo[:0]
		w.add(p, 1)
		changed(p.Bin, true)
	case k == 16: // rollback of the latest
		for range min(len(w.undo), w.rng.IntN(6)) {
			p := w.undo[len(w.undo)-1]
			w.undo, w.live = w.undo[:len(w.undo)-1], w.live[:len(w.live)-1]
			w.add(p, 1)
			changed(p.Bin, true)
		}
	case k == 17: // something outside moves a row
		bin := w.rng.Int32N(int32(w.free.Rows()))
		row := w.free.Row(bin)
		j := w.rng.IntN(len(row))
		delta := w.rng.Int64N(7) - 3
		row[j] += delta
		changed(bin, delta > 0)
	case k == 18:
		changed(w.rng.Int32N(int32(w.free.Rows())), w.rng.IntN(2) == 0) // a false alarm
	}
}

// sizes are worlds that reach every level of the trees and every choice of algorithm.
var sizes = []struct{ bins, cols, shapes, steps int }{
	{1, 1, 1, 50}, {3, 2, 2, 200}, {16, 3, 4, 400}, {17, 4, 9, 600}, {60, 5, 200, 800}, {300, 3, 5, 3000},
	{300, 8, 40, 800}, {300, 16, 30, 500}, {400, 4, 2000, 1000}, {1500, 3, 3, 1500},
}

// testScorers are pure; monotone and additive say which keep the promises of Options; "nan" is found out.
var testScorers = []struct {
	name     string
	monotone bool
	additive bool
	score    Scorer
}{
	{"linear", true, true, naive.LinearScore},
	{"dominant", true, false, naive.DominantScore},
	{"mean", true, true, naive.MeanScore},
	{"constant", true, true, func(_, _, _ []int64) float64 { return 1 }},
	{"nan", true, true, func(_, _, _ []int64) float64 { return math.NaN() }},
	{"worst", false, true, func(n, f, c []int64) float64 { return -naive.LinearScore(n, f, c) }},
	{"steps", true, false, func(n, f, _ []int64) float64 { return float64(-(f[0] - n[0]) / 5) }},
	{"zeros", true, false, func(n, f, _ []int64) float64 { return math.Copysign(0, float64(f[0]-n[0]-4)) }},
	{"nan where much is free", true, false, func(n, f, c []int64) float64 {
		if f[0]-n[0] > c[0]/4 {
			return math.NaN()
		}
		return naive.DominantScore(n, f, c)
	}},
	{"sometimes nan", false, false, func(n, f, _ []int64) float64 {
		if f[0]%3 == 1 {
			return math.NaN()
		}
		return float64(f[0]%7) - float64(n[0])
	}},
	{"hash", false, false, func(n, f, c []int64) float64 { return float64(int64(hashRow(hashRow(7, n), f) >> 40)) }},
	{"infinite", false, false, func(_, f, _ []int64) float64 {
		return []float64{math.Inf(-1), math.NaN(), math.Inf(1), 0}[f[0]&3]
	}},
}
