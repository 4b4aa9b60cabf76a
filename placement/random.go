package placement

// Random places each task in turn on a bin drawn uniformly from those that take it: the baseline
// that any other packer should beat.
func Random() Packer {
	return named{"random", func(r *Round) {
		for t := range r.Pending() {
			if b, ok := r.draw(t); ok {
				r.Place(t, b)
			}
		}
	}}
}

// draws is how many bins are tried at random before all that fit are listed. Both ways are
// uniform over the bins that fit; the first is quick where many do.
const draws = 16

func (r *Round) draw(t TaskIndex) (BinIndex, bool) {
	live := r.liveBins()
	if len(live) == 0 {
		return NoBin, false
	}
	for range draws {
		if b := BinIndex(live[r.rand.IntN(len(live))]); r.Fits(t, b) {
			r.witness(t, nil)
			return b, true
		}
	}
	var fit []BinIndex
	for b := range r.Bins() {
		if r.Fits(t, b) {
			fit = append(fit, b)
		}
	}
	if len(fit) == 0 {
		return NoBin, false
	}
	r.witness(t, nil)
	return fit[r.rand.IntN(len(fit))], true
}
