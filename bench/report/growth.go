package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Growth is how long a packer takes for parts of a workload.
type Growth struct {
	Packer string
	Points []GrowthPoint
}

// GrowthPoint is one run: every so many-th task on every so many-th agent.
type GrowthPoint struct {
	Tasks int
	MS    float64
}

// exponent fits MS = c * Tasks^b by least squares of the logarithms, and gives b with its 95% interval. The interval is
// infinite where there are fewer than three points.
func (g *Growth) exponent() (b interval, c float64) {
	var x, y []float64
	for _, p := range g.Points {
		if p.Tasks > 0 && p.MS > 0 {
			x, y = append(x, math.Log(float64(p.Tasks))), append(y, math.Log(p.MS))
		}
	}
	unknown := interval{0, math.Inf(-1), math.Inf(1)}
	if len(x) == 0 || slices.Min(x) == slices.Max(x) {
		return unknown, 0
	}
	alpha, beta := stat.LinearRegression(x, y, nil, false)
	b = interval{beta, math.Inf(-1), math.Inf(1)}
	if n := float64(len(x)); n > 2 {
		residues := 0.0
		for i := range x {
			r := y[i] - alpha - beta*x[i]
			residues += r * r
		}
		deviation := math.Sqrt(residues / (n - 2) / (stat.Variance(x, nil) * (n - 1)))
		half := distuv.StudentsT{Sigma: 1, Nu: n - 2}.Quantile((1+confidence)/2) * deviation
		b.low, b.high = beta-half, beta+half
	}
	return b, math.Exp(alpha)
}

// medians are the points with one value a size, the smallest size first.
func (g *Growth) medians() []GrowthPoint {
	bySize := map[int][]float64{}
	var sizes []int
	for _, p := range g.Points {
		if bySize[p.Tasks] == nil {
			sizes = append(sizes, p.Tasks)
		}
		bySize[p.Tasks] = append(bySize[p.Tasks], p.MS)
	}
	slices.Sort(sizes)
	all := make([]GrowthPoint, len(sizes))
	for i, n := range sizes {
		all[i] = GrowthPoint{n, spreadOf(bySize[n]).median}
	}
	return all
}
