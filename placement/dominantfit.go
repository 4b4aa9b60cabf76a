package placement

// DominantFit places each task in turn on the bin of whose free resources it takes the largest part, in the column
// where that part is largest: where the task is most dominant. Tasks go where they just fit, and leave
// bins with much left of what they are after to others; it pays where devices or single resources are scarce. Ties go to
// the earliest bin. It costs what [Greedy] does.
//
// The dominant share is that of Ghodsi et al. ("Dominant resource fairness", NSDI 2011), taken of what is left of one agent
// instead of the whole fleet; for shares of the fleet see the order [DRF].
func DominantFit() Packer {
	return GreedyBy(Fitness{name: "dominant-fit", promises: promises{monotone: true}, bind: func(*Round) (Scorer, []float64) {
		return func(need, free, _ Row) float64 {
			share := 0.0
			for c := range need.Len() {
				if n := need.At(c); n > 0 {
					share = max(share, float64(n)/float64(free.At(c)))
				}
			}
			return share
		}, nil
	}})
}
