package placement

// Balanced places each task in turn on the bin that would have the most even leftover: the smallest difference between
// the largest and the smallest part of its own capacity, over the columns it has, that would be left. Nothing strands
// because something else ran out first, so it is the one to take for a fleet that is going to be full;
// where there is room to spare it uses many agents. Ties go to the earliest bin. It costs what [Greedy] does.
//
// The idea is Kubernetes' balanced resource allocation, which takes the standard deviation instead.
func Balanced() Packer { return GreedyBy(Fitness{name: "balanced", bind: bindBalance}) }

func bindBalance(*Round) (Scorer, []float64) {
	return func(need, free, capacity Row) float64 {
		low, high := 1.0, 0.0
		for c := range need.Len() {
			if whole := capacity.At(c); whole > 0 {
				left := float64(free.At(c)-need.At(c)) / float64(whole)
				low, high = min(low, left), max(high, left)
			}
		}
		return 1 - max(0, high-low)
	}, nil
}
