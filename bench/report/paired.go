package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// The statistics of a comparison. Two packers are compared on the same samples, pair by pair, by the sign
// test: which is better in how many samples. Where a margin is shown, it is that of the median difference, from the order
// statistics of the differences; it leaves out zero just where the sign test would. Both hold whatever
// the distribution is. That is why they are taken rather than Student's t or the bootstrap: whether tasks are left over
// is a matter of few samples, so that the differences are far from normal; a busy machine makes times with long
// tails; and samples are too few for the bootstrap. The price is that few samples tell little, see enough.
//
// A margin that is shown holds for that comparison alone. Who is the best, or the fastest, is a choice
// among all pairs of packers, so that the level of each is raised until all of them hold together
// (Bonferroni): among equal packers, one is called better in at most one comparison of twenty.
const confidence = 0.95

// family is the level at which each pair among n is compared so that all pairs hold together.
func family(n int) float64 {
	pairs := max(1, n*(n-1)/2)
	return 1 - (1-confidence)/float64(pairs)
}

// tail is the probability that of n fair coins at most k show heads, or at most k show tails.
func tail(k, n int) float64 {
	return min(1, 2*distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(k)))
}

// enough is the number of samples from which on a packer that is always better is called so.
func enough(level float64) int {
	n := 1
	for tail(0, n) > 1-level {
		n++
	}
	return n
}

// signs counts in how many samples one packer was better, and in how many worse.
type signs struct{ better, worse int }

// differ says whether one was better often enough: 1 the first, -1 the second, 0 neither.
func (s signs) differ(level float64) int {
	if tail(min(s.better, s.worse), s.better+s.worse) > 1-level {
		return 0
	}
	if s.better > s.worse {
		return 1
	}
	return -1
}

// interval is a median and what it lies between.
type interval struct{ value, low, high float64 }

// margin is half the width of the interval, on its wider side.
func (i interval) margin() float64 { return max(i.high-i.value, i.value-i.low) }

// medianOf estimates a median. A single value is all there is to know of itself; of two to five nothing can be said
// with confidence, and the interval is infinite.
func medianOf(values []float64) interval {
	n := len(values)
	if n == 0 {
		return interval{math.NaN(), math.Inf(-1), math.Inf(1)}
	}
	sorted := slices.Sorted(slices.Values(values))
	i := interval{middle(sorted), math.Inf(-1), math.Inf(1)}
	if n == 1 {
		return interval{i.value, i.value, i.value}
	}
	for k := 0; k < n/2 && tail(k, n) <= 1-confidence; k++ {
		i.low, i.high = sorted[k], sorted[n-1-k]
	}
	return i
}

// ratios are x/y, pair by pair; pairs in which one is not above zero are left out.
func ratios(x, y []float64) []float64 {
	var all []float64
	for i := range min(len(x), len(y)) {
		if x[i] > 0 && y[i] > 0 {
			all = append(all, x[i]/y[i])
		}
	}
	return all
}

// morePlaced is how many more tasks a places than b, in parts of those that b places.
func (s *Study) morePlaced(a, b string) interval {
	return minusOne(medianOf(ratios(s.of(a, placedOf), s.of(b, placedOf))))
}

// fewerAgents is how many fewer agents a uses than b, in parts of those that b uses.
func (s *Study) fewerAgents(a, b string) interval {
	r := minusOne(medianOf(ratios(s.of(a, agentsUsedOf), s.of(b, agentsUsedOf))))
	return interval{-r.value, -r.high, -r.low}
}

func minusOne(i interval) interval { return interval{i.value - 1, i.low - 1, i.high - 1} }

// time is the time that a takes, in parts of what b takes.
func (s *Study) time(a, b string) interval { return medianOf(ratios(s.times(a), s.times(b))) }

// packing counts in how many samples a packs better than b: places more tasks, or as many on fewer agents.
func (s *Study) packing(a, b string) (n signs) {
	for _, c := range s.Samples {
		x, y := c.result(a), c.result(b)
		switch {
		case x.Placed > y.Placed, x.Placed == y.Placed && x.AgentsUsed < y.AgentsUsed:
			n.better++
		case x.Placed < y.Placed, x.AgentsUsed > y.AgentsUsed:
			n.worse++
		}
	}
	return n
}

// speed counts in how many samples a is faster than b.
func (s *Study) speed(a, b string) (n signs) {
	for _, r := range ratios(s.times(a), s.times(b)) {
		switch {
		case r < 1:
			n.better++
		case r > 1:
			n.worse++
		}
	}
	return n
}
