package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Contest compares packers by one figure, of which less is better, on the same samples, such as the seeds of a simulation.
type Contest struct {
	Packers []string
	// Samples has a row a sample, with a figure for each packer.
	Samples [][]float64
}

// figures are those of a packer, a sample each.
func (c *Contest) figures(packer string) []float64 {
	i := slices.Index(c.Packers, packer)
	all := make([]float64, len(c.Samples))
	for k, s := range c.Samples {
		all[k] = s[i]
	}
	return all
}

// Enough is the number of samples from which on packers that differ in all of them are told apart.
func (c *Contest) Enough() int { return enough(family(len(c.Packers))) }

// Best are the packers than which none is better beyond the noise, the one with the lowest mean first. Fewer than
// Enough samples tell nothing apart: then it is all of them. See the start of this package's paired.go for the statistics.
func (c *Contest) Best() []string {
	level := family(len(c.Packers))
	leader := slices.MinFunc(c.Packers, func(a, b string) int {
		return cmp.Compare(stat.Mean(c.figures(a), nil), stat.Mean(c.figures(b), nil))
	})
	return unbeaten(leader, c.Packers, func(a, b string) bool { return c.less(a, b).differ(level) > 0 })
}

// less counts in how many samples a has less than b.
func (c *Contest) less(a, b string) (n signs) {
	x, y := c.figures(a), c.figures(b)
	for k := range x {
		switch cmp.Compare(x[k], y[k]) {
		case -1:
			n.better++
		case 1:
			n.worse++
		}
	}
	return n
}

// Median is the median of a packer's figures.
func (c *Contest) Median(packer string) float64 { return spreadOf(c.figures(packer)).median }

// More says how much more a packer has than another, in the median of the samples with its 95 % margin: "+12.0% ± 3.1%". It is
// "?" where the samples are too few for a margin.
func (c *Contest) More(packer, than string) string {
	i := minusOne(medianOf(ratios(c.figures(packer), c.figures(than))))
	if math.IsNaN(i.value) || math.IsInf(i.margin(), 0) {
		return "?"
	}
	return fmt.Sprintf("%+.1f%% ± %.1f%%", 100*i.value, 100*i.margin())
}

// Next is the best of the packers that are worse than the best beyond the noise: than each of them; empty if there is none.
func (c *Contest) Next() string {
	best := c.Best()
	rest := slices.DeleteFunc(slices.Clone(c.Packers), func(p string) bool { return slices.Contains(best, p) })
	if len(rest) == 0 {
		return ""
	}
	return slices.MinFunc(rest, func(a, b string) int {
		return cmp.Compare(stat.Mean(c.figures(a), nil), stat.Mean(c.figures(b), nil))
	})
}
