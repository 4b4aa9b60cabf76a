package search

import "slices"

// region is a part of a packing taken out to be solved on its own: some bins
// and the items in them, renumbered.
type region struct {
	bins, items []int32
	m           *model
	start       *packing
}

// newRegion copies the part of p that the bins make up.
func newRegion(p *packing, bins []int32) *region {
	r := &region{bins: slices.Clone(bins)}
	slices.Sort(r.bins)
	sub := *p.m
	sub.free0, sub.shape, sub.inUse, sub.weight, sub.rule = nil, nil, nil, nil, nil
	var at []int32
	for n, b := range r.bins {
		sub.free0 = append(sub.free0, p.m.row(b)...)
		sub.inUse = append(sub.inUse, p.m.inUse[b])
		for _, i := range p.held[b] {
			r.items = append(r.items, i)
			sub.shape = append(sub.shape, p.m.shape[i])
			if p.m.weight != nil {
				sub.weight = append(sub.weight, p.m.weight[i])
			}
			at = append(at, int32(n))
		}
	}
	sub.bins, sub.items = len(r.bins), len(r.items)
	sub.allowed = nil
	if !r.free(p.m) {
		sub.allowed = func(item, bin int32) bool { return p.m.allowed(r.items[item], r.bins[bin]) }
	}
	r.m = &sub
	r.start = newPacking(r.m)
	r.start.load(at)
	return r
}

// free: every item of the region may be in each of its bins.
func (r *region) free(m *model) bool {
	if m.allowed == nil {
		return true
	}
	for _, i := range r.items {
		for _, b := range r.bins {
			if !m.allowed(i, b) {
				return false
			}
		}
	}
	return true
}

// apply puts the items of the region where bin, in its numbers, says.
func (r *region) apply(p *packing, bin []int32) {
	for _, i := range r.items {
		if p.bin[i] != None {
			p.take(i)
		}
	}
	for k, b := range bin {
		if b != None {
			p.put(r.items[k], r.bins[b])
		}
	}
}
