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
	return unbeaten(c.leader(c.Packers), c.Packers, func(a, b string) bool { return c.less(a, b).differ(level) > 0 })
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

// Next is the best of the packers that are worse than one of the best beyond the noise; empty if there is none.
func (c *Contest) Next() string {
	best := c.Best()
	rest := slices.DeleteFunc(slices.Clone(c.Packers), func(p string) bool { return slices.Contains(best, p) })
	if len(rest) == 0 {
		return ""
	}
	return c.leader(rest)
}

// leader is the one of some with the lowest mean.
func (c *Contest) leader(some []string) string {
	return slices.MinFunc(some, func(a, b string) int {
		return cmp.Compare(stat.Mean(c.figures(a), nil), stat.Mean(c.figures(b), nil))
	})
}

// Verdict says in a sentence or two what follows, for a figure in a unit: what is less with whom.
func (c *Contest) Verdict(figure, unit string) string {
	best, n := c.Best(), len(c.Samples)
	of := func(p string) string { return fmt.Sprintf("%.1f %s", c.Median(p), unit) }
	switch {
	case len(c.Packers) == 1:
		return fmt.Sprintf("%s is %s with %s.", figure, of(best[0]), best[0])
	case n < c.Enough():
		runs := fmt.Sprintf("These are %d runs a packer", n)
		if n == 1 {
			runs = "This is one run a packer"
		}
		return fmt.Sprintf("%s, and what differs may be chance: to tell %s apart takes %d seeds or more; see --seeds.", runs, count(len(c.Packers), "packer"), c.Enough())
	case len(best) == len(c.Packers):
		return fmt.Sprintf("%s is less with no packer than with another beyond the noise: %s with %s.", figure, of(best[0]), best[0])
	}
	text := fmt.Sprintf("%s is least with %s: %s", figure, best[0], of(best[0]))
	if len(best) > 1 {
		text = fmt.Sprintf("%s is less with none, beyond the noise, than with %s: %s with %s", figure, names(best), of(best[0]), best[0])
	}
	next := c.Next()
	return fmt.Sprintf("%s. With %s, the best of the others, it is %s.", text, next, c.More(next, best[0]))
}

// Spread writes the median of some values with so many digits, and half the distance between the quartiles if that is not nothing.
func Spread(values []float64, digits int) string {
	x := spreadOf(values)
	text := fmt.Sprintf("%.*f", digits, x.median)
	if x.half*math.Pow10(digits) >= 0.5 {
		text += fmt.Sprintf(" ±%.*f", digits, x.half)
	}
	return text
}
