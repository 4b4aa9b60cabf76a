package search

import "slices"

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
		for end := w.meter.steps + budget/3; w.meter.left() > 0 && w.meter.steps < end && !w.settled() && w.sweep(end); {
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

// tight tries to reach the bound exactly, once for every bound.
func (w *worker) tight() {
	for w.tightTried < w.bound && w.meter.left() > 0 {
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

// sweep splits the opened bins at random into regions and packs each anew.
// False when columns do not suit the problem.
func (w *worker) sweep(end int64) bool {
	p, rng := w.best.p, w.eject.rng
	bins := w.inPlay()
	if len(bins) < 2 {
		return false
	}
	rng.Shuffle(len(bins), func(i, j int) { bins[i], bins[j] = bins[j], bins[i] })
	for len(bins) > 0 {
		n, items := 0, 0
		for n < len(bins) && (items < regionItems || n < 2) {
			items += len(p.held[bins[n]])
			n++
		}
		if w.meter.left() == 0 || w.meter.steps >= end {
			return true
		}
		if !w.solveRegion(bins[:n]) {
			return false
		}
		bins = bins[n:]
	}
	return true
}

// solveRegion packs what some bins hold anew, into fewer of them if possible.
func (w *worker) solveRegion(bins []int32) bool {
	p := w.best.p
	r := newRegion(p, bins)
	all := make([]int32, len(r.items))
	for i := range all {
		all[i] = int32(i)
	}
	g := newColgen(r.m, all, w.meter)
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
