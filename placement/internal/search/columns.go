package search

import (
	"math"
	"slices"
)

// byColumns improves the best packing by column generation: region by region
// when there are many shapes, and on the whole when there are not too many. It
// spends about budget steps on each.
func (w *worker) byColumns(budget int64) {
	w.inPlay()
	if w.gen == nil && !w.noColumns {
		w.gen = w.wholeColumns()
		w.noColumns = w.gen == nil
	}
	if w.gen != nil && w.full && !w.settled() {
		w.tight()
	}
	if w.gen == nil || len(w.gen.shapes) > regionOnly {
		for end, before := w.meter.steps+budget/3, math.MaxInt; w.best.opened < before && !w.settled(); {
			before = w.best.opened
			if !w.sweep(end) {
				break
			}
		}
	}
	if w.gen != nil && !w.settled() && w.meter.left() > 0 {
		w.gen.learn(w.best.p)
		w.adopt(w.gen.dive(w.eject.rng, w.threshold(), budget, w.best.opened-1))
		if w.full {
			w.bound = max(w.bound, w.gen.bound)
		}
	}
}

// tight tries to reach the bound, when that is not far off: once for each bound
// but a few times at most.
func (w *worker) tight() {
	for w.tightTries < 3 && w.tightTried < w.bound && 5*w.bound >= 4*w.best.opened && w.meter.left() > 0 {
		w.tightTries++
		w.tightTried = w.bound
		w.adopt(w.gen.solveTight(w.bound))
		w.bound = max(w.bound, w.gen.bound)
	}
}

const (
	regionOnly  = 150 // with fewer shapes the whole problem is one region
	regionItems = 110
	regionSteps = 4_000_000
)

func (w *worker) threshold() float64 { return 0.55 + 0.4*w.eject.rng.Float64() }

// wholeColumns prepares column generation for all items placed.
func (w *worker) wholeColumns() *colgen {
	var items []int32
	for i, b := range w.best.p.bin {
		if b != None {
			items = append(items, int32(i))
		}
	}
	return newColgen(w.m, items, w.meter)
}

// adopt makes another packing of the same items the current one if it opens
// no more bins.
func (w *worker) adopt(other *packing) {
	p := w.best.p
	if other == nil || other.value < p.value || other.opened > w.best.opened {
		return
	}
	var moved []int32
	for i, b := range other.bin {
		if b != p.bin[i] {
			moved = append(moved, int32(i))
			if p.bin[i] != None {
				p.take(int32(i))
			}
		}
	}
	for _, i := range moved {
		if other.bin[i] != None {
			p.put(i, other.bin[i])
		}
	}
	w.best.accept()
}

// sweep splits the opened bins, and those in use with them, at random into
// regions and packs each anew. False when the time is up or columns do not suit
// the problem.
func (w *worker) sweep(end int64) bool {
	p, rng := w.best.p, w.eject.rng
	opened := w.inPlay()
	if len(opened) < 2 {
		return false
	}
	var inUse, unused []int32
	for b, held := range p.held {
		if p.m.inUse[b] {
			inUse = append(inUse, int32(b))
		} else if len(held) == 0 {
			unused = append(unused, int32(b))
		}
	}
	for _, bins := range [][]int32{opened, inUse, unused} {
		rng.Shuffle(len(bins), func(i, j int) { bins[i], bins[j] = bins[j], bins[i] })
	}
	w.meter.spend(int64(p.m.bins))
	share := float64(len(inUse)) / float64(len(opened))
	for len(opened) > 0 {
		if w.meter.left() == 0 || w.meter.steps >= end {
			return false
		}
		n, used, items := 0, 0, 0
		for n < len(opened) && (items < regionItems || n < 2) {
			items += len(p.held[opened[n]])
			n++
			for ; used < len(inUse) && float64(used) < share*float64(n) && items < regionItems; used++ {
				items += len(p.held[inUse[used]])
			}
		}
		spare := min(len(unused), n/4)
		if w.uniform {
			spare = 0
		}
		if !w.solveRegion(opened[:n], inUse[:used], unused[:spare]) {
			return false
		}
		opened, inUse, unused = opened[n:], inUse[used:], append(unused[spare:], unused[:spare]...)
	}
	return true
}

// solveRegion packs what some bins hold anew, if possible into fewer of those
// that cost, which may be exchanged for spare ones.
func (w *worker) solveRegion(opened, inUse, spare []int32) bool {
	p := w.best.p
	r, g := w.newRegion(slices.Concat(opened, inUse, spare))
	if g == nil {
		// Too many classes of bins: as many bins cannot be of more.
		r, g = w.newRegion(opened[:min(len(opened), maxClasses)])
	}
	if g == nil {
		return false
	}
	g.learn(r.start)
	found := g.dive(w.eject.rng, w.threshold(), regionSteps, r.start.opened-1)
	if w.gen != nil {
		w.gen.inherit(g)
	}
	if found == nil || slices.Contains(found.bin, None) || found.opened > r.start.opened {
		return true
	}
	r.apply(p, found.bin)
	w.best.accept()
	return true
}

// newRegion prepares a region and its column generation, nil if columns do
// not suit it.
func (w *worker) newRegion(bins []int32) (*region, *colgen) {
	r := newRegion(w.best.p, bins)
	all := make([]int32, len(r.items))
	for i := range all {
		all[i] = int32(i)
	}
	w.meter.spend(int64(len(all) + len(bins)))
	return r, newColgen(r.m, all, w.meter)
}
