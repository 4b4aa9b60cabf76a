package search

import (
	"cmp"
	"math"
	"slices"
)

// measure is how the size of a row is summed up in one number.
type measure uint8

const (
	bySum measure = iota
	byMax
	byL2
	byProduct
	measures
)

func (s measure) of(row, weight []float64) float64 {
	size := 0.0
	switch s {
	case bySum:
		for c, a := range row {
			size += weight[c] * a
		}
	case byMax:
		for c, a := range row {
			size = max(size, weight[c]*a)
		}
	case byL2:
		for c, a := range row {
			size += weight[c] * a * a
		}
	case byProduct:
		// A plain product is zero for an item without one of the resources.
		for c, a := range row {
			size += weight[c] * math.Log(a+0.01)
		}
	}
	return size
}

// rule is how a heuristic chooses among the bins (item-centric) or the items
// (bin-centric) that fit.
type rule uint8

const (
	firstFit  rule = iota // the first bin; bin-centric: the next item in order
	bestFit               // least left over by weighted sum
	dotMost               // largest dot product of need and free (Panigrahy et al. 2011)
	l2Least               // least L2 norm of what is left (the same paper)
	cosMost               // smallest angle between need and free
	alignMost             // Tetris (Grandl et al. 2014): dot product, both as shares of capacity
	rules
)

// score of putting need on a bin with so much free; larger is better.
func (r rule) score(need, free, weight []float64) float64 {
	s := 0.0
	switch r {
	case bestFit:
		for c, a := range need {
			s += weight[c] * (a - free[c])
		}
	case dotMost, alignMost:
		for c, a := range need {
			s += weight[c] * a * free[c]
		}
	case l2Least:
		for c, a := range need {
			left := free[c] - a
			s -= weight[c] * left * left
		}
	case cosMost:
		nn, ff := 0.0, 0.0
		for c, a := range need {
			s += weight[c] * a * free[c]
			nn += weight[c] * a * a
			ff += weight[c] * free[c] * free[c]
		}
		if nn > 0 && ff > 0 {
			s /= math.Sqrt(nn * ff)
		}
	}
	return s
}

// recipe is one constructive heuristic.
type recipe struct {
	rule       rule
	measure    measure
	binCentric bool
	dynamic    bool      // bin-centric: weights follow what is still to be placed
	weight     []float64 // per column
	density    float64   // order by value / size^density first; negative: by size alone
	smallBins  bool      // open small bins first
}

// builder runs recipes on one model, reusing what does not change.
type builder struct {
	m     *model
	kinds *kinds
	need  []float64 // shapes x d, in shares of an average bin
	meter *meter
}

func newBuilder(m *model, k *kinds, t *meter) *builder {
	b := &builder{m: m, kinds: k, meter: t, need: make([]float64, len(m.need))}
	for i, a := range m.need {
		b.need[i] = float64(a) * m.scale[i%m.d]
	}
	return b
}

func (b *builder) shares(shape int32) []float64 {
	return b.need[int(shape)*b.m.d : int(shape)*b.m.d+b.m.d]
}

func (b *builder) freeShares(p *packing, bin int32, out []float64) []float64 {
	for c, a := range p.row(bin) {
		out[c] = float64(a) * b.m.scale[c]
	}
	return out
}

// run builds one packing. What it had no steps left for stays unplaced.
func (b *builder) run(r recipe) *packing {
	p := newPacking(b.m)
	if r.binCentric {
		b.fillBins(p, r, b.binOrder(r))
	} else {
		b.placeItems(p, r, b.itemOrder(r), b.binOrder(r))
	}
	return p
}

// itemOrder lists the kinds, the one to place first in front.
func (b *builder) itemOrder(r recipe) []int32 {
	key := make([]float64, len(b.kinds.items))
	order := make([]int32, len(key))
	for k, items := range b.kinds.items {
		order[k] = int32(k)
		key[k] = r.measure.of(b.shares(b.m.shape[items[0]]), r.weight)
		if r.density >= 0 {
			size := bySum.of(b.shares(b.m.shape[items[0]]), r.weight)
			key[k] = float64(b.m.valueOf(items[0])) / math.Pow(size+1e-9, r.density)
		}
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(key[y], key[x]) })
	b.meter.spend(int64(len(key)))
	return order
}

// binOrder lists the bins: those in use first, as given; then the others by
// the weighted sum of what they offer.
func (b *builder) binOrder(r recipe) []int32 {
	var order, fresh []int32
	for bin, used := range b.m.inUse {
		if used {
			order = append(order, int32(bin))
		} else {
			fresh = append(fresh, int32(bin))
		}
	}
	size := make([]float64, b.m.bins)
	for _, bin := range fresh {
		for c, a := range b.m.row(bin) {
			size[bin] += r.weight[c] * float64(a) * b.m.scale[c]
		}
		if r.smallBins {
			size[bin] = -size[bin]
		}
	}
	slices.SortStableFunc(fresh, func(x, y int32) int { return cmp.Compare(size[y], size[x]) })
	b.meter.spend(int64(len(size)))
	return append(order, fresh...)
}

// placeItems goes item by item to the best bin among those in use or opened,
// and opens the next one that fits when there is none. Capacity only shrinks,
// so a kind resumes its scan where its last item ended (first fit).
func (b *builder) placeItems(p *packing, r recipe, order, bins []int32) {
	open := 0 // bins[:open] are in use or opened, but for those skipped
	for open < len(bins) && b.m.inUse[bins[open]] {
		open++
	}
	free := make([]float64, b.m.d)
	for _, k := range order {
		from := 0
		for _, i := range b.kinds.items[k] {
			need := b.m.itemNeed(i)
			best, bestAt, bestScore := None, 0, 0.0
			for at := from; at < open; at++ {
				bin := bins[at]
				if !fits(need, p.row(bin)) || !b.m.may(i, bin) {
					continue
				}
				if r.rule == firstFit {
					best, bestAt = bin, at
					break
				}
				s := r.rule.score(b.shares(b.m.shape[i]), b.freeShares(p, bin, free), r.weight)
				if best == None || s > bestScore {
					best, bestAt, bestScore = bin, at, s
				}
			}
			if !b.meter.spend(int64(open - from + 2)) {
				return
			}
			if best == None {
				best, bestAt = b.open(p, bins, open, i)
				if best == None {
					break // nor will the others of its kind fit
				}
				open = max(open, bestAt+1)
			}
			if r.rule == firstFit {
				from = bestAt
			}
			p.put(i, best)
		}
	}
}

// open moves the first untouched bin that can hold i to place at in bins.
func (b *builder) open(p *packing, bins []int32, at int, i int32) (bin int32, where int) {
	for next := at; next < len(bins); next++ {
		if p.canHold(i, bins[next]) {
			bin := bins[next]
			copy(bins[at+1:next+1], bins[at:next])
			bins[at] = bin
			b.meter.spend(int64(next - at))
			return bin, at
		}
	}
	b.meter.spend(int64(len(bins) - at))
	return None, 0
}
