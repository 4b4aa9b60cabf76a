package search

import (
	"cmp"
	"slices"
)

// exchangeTries is how many kinds of unused bins one pass of merge looks at.
const exchangeTries = 32

// merge moves all that several opened bins hold into one larger bin that was
// not used so far. Ejection never opens a bin, and column generation, which
// does, is not for every problem.
func (w *worker) merge() {
	p := w.best.p
	size := func(b int32) float64 {
		sum := 0.0
		for c, a := range p.m.row(b) {
			sum += float64(a) * p.m.scale[c]
		}
		return sum
	}
	var unused []int32
	for b, held := range p.held {
		if len(held) == 0 && !p.m.inUse[b] {
			unused = append(unused, int32(b))
		}
	}
	slices.SortStableFunc(unused, func(a, b int32) int { return cmp.Compare(size(b), size(a)) })
	w.meter.spend(int64(p.m.bins))
	opened := w.inPlay()
	failed := 0
	for k, u := range unused {
		if failed == exchangeTries || w.meter.left() == 0 {
			return
		}
		if failed > 0 && slices.Equal(p.m.row(u), p.m.row(unused[k-1])) && p.m.allowed == nil {
			continue
		}
		if w.mergeInto(u, opened) {
			failed = 0
		} else {
			failed++
		}
	}
}

// mergeInto moves what opened bins hold, the least first, into u, and keeps
// that if it empties two or more.
func (w *worker) mergeInto(u int32, opened []int32) bool {
	p := w.best.p
	emptied := 0
	for _, b := range opened {
		if b == u || len(p.held[b]) == 0 || !w.meter.spend(1) {
			continue
		}
		if w.moveAll(b, u) {
			emptied++
		}
	}
	if emptied > 1 {
		return w.best.offer()
	}
	w.best.back()
	return false
}

// moveAll moves everything from bin b to bin u, or nothing.
func (w *worker) moveAll(b, u int32) bool {
	p := w.best.p
	moved := slices.Clone(p.held[b])
	for k, i := range moved {
		if !p.canHold(i, u) {
			for _, j := range moved[:k] {
				p.take(j)
				p.put(j, b)
			}
			return false
		}
		p.take(i)
		p.put(i, u)
	}
	return true
}
