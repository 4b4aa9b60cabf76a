package placement

// FirstFit places each task in turn on the first bin that takes it, in the order in which the bins'
// oldest offers arrived. It ignores preferences.
//
// On identical bins of d resources it uses at most d + 7/10 times as many as the best packing possible,
// asymptotically (Garey, Graham, Johnson, Yao: "Resource constrained scheduling as generalized bin
// packing", JCT A 21, 1976).
func FirstFit() Packer { return firstFit{} }

type firstFit struct{}

// Pack implements [Packer].
func (firstFit) Pack(r *Round) {
	for t := range r.promising() {
		if b, ok := r.First(t); ok {
			r.Place(t, b)
		}
	}
}

func (firstFit) String() string { return "first-fit" }

func (firstFit) oneByOne() {}
