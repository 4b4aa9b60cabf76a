package search

// fillBins goes bin by bin and takes the best item that still fits until none
// does. A kind that does not fit is out for this bin: O(kinds) per bin and
// O(kinds that fit) per item placed.
func (b *builder) fillBins(p *packing, r recipe, bins []int32) {
	order := b.itemOrder(r)
	next := make([]int, len(b.kinds.items)) // kind -> how many of it are placed
	weight := append([]float64(nil), r.weight...)
	free := make([]float64, b.m.d)
	var candidates []int32
	remaining := b.m.items
	for _, bin := range bins {
		if remaining == 0 {
			return
		}
		if r.dynamic {
			b.reweigh(weight, r.weight, order, next)
		}
		candidates = append(candidates[:0], order...)
		for len(candidates) > 0 {
			if !b.meter.spend(int64(2 * len(candidates))) {
				return
			}
			best, bestScore, keep := None, 0.0, candidates[:0]
			row := p.row(bin)
			b.freeShares(p, bin, free)
			for _, k := range candidates {
				i := b.kinds.items[k][0]
				if next[k] == len(b.kinds.items[k]) || !fits(b.m.itemNeed(i), row) || !b.m.may(i, bin) {
					continue
				}
				keep = append(keep, k)
				if r.rule == firstFit && best != None {
					continue
				}
				if s := r.rule.score(b.shares(b.m.shape[i]), free, weight); best == None || s > bestScore {
					best, bestScore = k, s
				}
			}
			candidates = keep
			if best != None {
				p.put(b.kinds.items[best][next[best]], bin)
				next[best]++
				remaining--
			}
		}
		order = unfinished(order, next, b.kinds)
	}
}

func unfinished(order []int32, next []int, k *kinds) []int32 {
	keep := order[:0]
	for _, kind := range order {
		if next[kind] < len(k.items[kind]) {
			keep = append(keep, kind)
		}
	}
	return keep
}

// reweigh multiplies the weights by the share of each column in what is still
// to be placed: scarce columns count more (Panigrahy et al. 2011).
func (b *builder) reweigh(weight, base []float64, order []int32, next []int) {
	total := make([]float64, len(weight))
	for _, k := range order {
		items := b.kinds.items[k]
		n := float64(len(items) - next[k])
		for c, a := range b.shares(b.m.shape[items[0]]) {
			total[c] += n * a
		}
	}
	for c := range weight {
		weight[c] = base[c] * total[c]
	}
	b.meter.spend(int64(len(order)))
}
