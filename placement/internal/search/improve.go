package search

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Improve searches for a packing better than start: more value placed, then
// fewer bins opened. It is anytime and never returns anything worse. A nil
// start means that nothing is placed yet: then one first fit decreasing runs
// whatever the budget, O(shapes x bins + items).
//
// Set-up is O(items + bins log bins), never items x bins. Memory is O(items +
// bins x Columns) and that of column generation, at most about 12 MB for the
// master of 1200 shapes and as much for its columns. Ejection search works with
// any bins and any Allowed; column generation needs a problem, or a region of
// a hundred items, where everything is allowed everywhere and the bins are of at
// most 16 classes (capacity row and InUse).
func Improve(p *Problem, start []int32, o Options) (Result, error) {
	if err := p.Check(); err != nil {
		return Result{}, err
	}
	fromNothing := start == nil
	if fromNothing {
		start = make([]int32, len(p.Shape))
		for i := range start {
			start[i] = None
		}
	} else if err := p.Verify(start); err != nil {
		return Result{}, fmt.Errorf("start: %w", err)
	}
	m := newModel(p)
	w := &worker{m: m, meter: newMeter(o), bound: volumeBound(m)}
	s := newPacking(m)
	s.load(start)
	w.uniform = len(binClasses(m)) == 1
	rng := newRand(o.Seed)
	if o.Steps > 0 {
		s = w.restart(s, rng, fromNothing)
	}
	w.best = keep(s)
	w.eject = newEjector(s, rng, w.meter)
	w.run()
	return w.result(), nil
}

// worker is one call of Improve.
type worker struct {
	m     *model
	meter *meter
	best  *keeper
	eject *ejector
	bound int  // no packing of everything opens fewer bins
	full  bool // the best packing places everything

	uniform bool // all bins are of one class

	gen       *colgen // column generation on the whole problem
	noColumns bool    // it does not suit it

	tightTried int // highest bound tight was tried for
	tightTries int
}

// restart tries the constructive heuristics on an eighth of the budget, unless
// there is a start and even one of them would take most of that.
func (w *worker) restart(s *packing, rng *rand.Rand, fromNothing bool) *packing {
	t := *w.meter
	t.budget = min(t.budget/8, restartSteps)
	if int64(w.m.items)*8 > t.budget && !fromNothing {
		return s
	}
	other := portfolio(w.m, newKinds(w.m), &t, rng, fromNothing)
	w.meter.spend(t.steps)
	if better(other.value, other.opened, s.value, s.opened) {
		return other
	}
	return s
}

const restartSteps = 500_000

// run alternates between placing more and opening fewer bins, with a longer
// and longer patience, until the budget ends or nothing is left to gain.
func (w *worker) run() {
	for patience := int64(8); w.meter.left() > 0; patience *= 2 {
		before := w.best.value
		more := w.placeMore(patience * 16)
		if w.best.value != before {
			w.gen = nil // its items are other ones now
		}
		start := w.meter.steps
		fewer := w.openFewer(patience)
		if fewer {
			w.byColumns(max(1<<22, 3*(w.meter.steps-start)))
			fewer = !w.settled()
		}
		if !more && !fewer {
			return
		}
	}
}

func (w *worker) result() Result {
	r := Result{Bin: w.best.bin, Opened: w.best.opened, Steps: w.meter.steps}
	for _, b := range w.best.bin {
		if b != None {
			r.Placed++
		}
	}
	r.Optimal = r.Placed == len(r.Bin) && r.Opened <= w.bound
	return r
}

// placeMore tries to place more value, ending when patience rounds brought
// nothing. It reports whether there is anything left to place.
func (w *worker) placeMore(patience int64) bool {
	e, p := w.eject, w.best.p
	e.reset()
	largest := make([]int64, p.m.d)
	for at, a := range p.m.free0 {
		largest[at%p.m.d] = max(largest[at%p.m.d], a)
	}
	for i, b := range p.bin {
		if b == None && fits(p.m.itemNeed(int32(i)), largest) {
			e.pool = append(e.pool, int32(i))
		}
	}
	w.meter.spend(int64(len(p.bin)+len(p.held)) / 8)
	if len(e.pool) == 0 {
		return false
	}
	e.bins = e.bins[:0]
	for b := range p.held {
		e.bins = append(e.bins, int32(b))
	}
	w.priceByValue()
	e.uphill = true
	for quiet := int64(0); quiet < patience && len(e.pool) > 0 && w.meter.left() > 0; quiet++ {
		e.step()
		if w.best.offer() {
			quiet = 0
		}
	}
	w.best.back()
	return true
}

// priceByValue makes the values the prices, about 1 on average; of equal
// value, the larger item is the one to throw out.
func (w *worker) priceByValue() {
	total, largest := 0.0, 0.0
	for i := range int32(w.m.items) {
		total += float64(w.m.valueOf(i))
		largest = max(largest, w.eject.size[w.m.shape[i]])
	}
	w.eject.setPrices(func(i int32) float64 {
		value := float64(w.m.valueOf(i)) * float64(w.m.items) / total
		return value * (1 - 1e-2*w.eject.size[w.m.shape[i]]/largest)
	})
}

// openFewer empties one opened bin after the other, the ones with the least
// in them first, looking for room in the others for patience rounds per item.
// It reports whether fewer bins are possible at all.
func (w *worker) openFewer(patience int64) bool {
	e := w.eject
	if !w.uniform {
		w.merge()
	}
	e.setPrices(func(i int32) float64 { return e.size[w.m.shape[i]] })
	e.uphill = false
	for _, b := range w.inPlay() {
		if w.best.opened == 0 || w.meter.left() == 0 || w.settled() {
			break
		}
		e.reset()
		w.close(b)
		for end := e.round + patience*int64(len(e.pool)+1); len(e.pool) > 0 && e.round < end && w.meter.left() > 0; {
			e.step()
		}
		if len(e.pool) > 0 || !w.best.offer() {
			w.best.back()
			e.bins = append(e.bins, b)
		}
	}
	return w.best.opened > 0 && !w.settled()
}

// settled: the best packing is proven to be best.
func (w *worker) settled() bool {
	return w.best.opened <= w.bound && w.full
}

// inPlay sets the ejector's bins to those held or in use, and returns the
// ones that can be closed, the one with the least in it first.
func (w *worker) inPlay() []int32 {
	e, p := w.eject, w.best.p
	e.bins = e.bins[:0]
	var closable []int32
	size := make([]float64, len(p.held))
	for b, held := range p.held {
		if len(held) > 0 || p.m.inUse[b] {
			e.bins = append(e.bins, int32(b))
		}
		if len(held) > 0 && !p.m.inUse[b] {
			closable = append(closable, int32(b))
			for _, i := range held {
				size[b] += e.size[p.m.shape[i]]
			}
		}
	}
	slices.SortFunc(closable, func(x, y int32) int {
		if c := cmp.Compare(size[x], size[y]); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	})
	w.full = p.placed() == p.m.items
	w.meter.spend(1 + int64(len(p.held)+len(p.bin)))
	return closable
}

// close moves what is in bin to the pool and takes the bin out of play.
func (w *worker) close(bin int32) {
	e, p := w.eject, w.best.p
	for k, b := range e.bins {
		if b == bin {
			e.bins[k] = e.bins[len(e.bins)-1]
			e.bins = e.bins[:len(e.bins)-1]
			break
		}
	}
	for len(p.held[bin]) > 0 {
		i := p.held[bin][0]
		p.take(i)
		e.pool = append(e.pool, i)
	}
}
