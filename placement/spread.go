package placement

// Spread, also called worst fit, places each task in turn on the bin that would have the largest part
// of its own capacity left: the mean over the columns the bin has. Load evens out over the fleet.
func Spread() Packer {
	return GreedyBy(Rated("spread", partLeft))
}

// partLeft is the mean part of a bin that would be left, over the columns it has.
func partLeft(need, free, capacity Row) float64 {
	left, n := 0.0, 0
	for i := range need.Len() {
		if whole := capacity.At(i); whole > 0 {
			left += float64(free.At(i)-need.At(i)) / float64(whole)
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return left / float64(n)
}
