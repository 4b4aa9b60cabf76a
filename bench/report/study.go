package report

import (
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Study is a sample of workloads of one kind, each packed by the same packers: one generator with several
// seeds, or the instances of a set. Packers are compared sample by sample, so that what makes one
// workload harder than another does not hide the difference between them.
type Study struct {
	Name, About string // About says in some words what is packed, or is empty
	Samples     []*Comparison
	// Growth is how long packers take for parts of the workload, where that was measured.
	Growth []Growth
}

// NewStudy puts comparisons together. They must not be empty.
func NewStudy(name string, samples ...*Comparison) *Study {
	return &Study{Name: name, Samples: samples}
}

// first is the sample that stands for all where one is enough: for names, and for pictures.
func (s *Study) first() *Comparison { return s.Samples[0] }

// packers are those of all samples, in order of appearance.
func (s *Study) packers() []string {
	var all []string
	for _, c := range s.Samples {
		for i := range c.Results {
			if name := c.Results[i].Packer; !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// finished are the packers that can be compared with others: each of their runs came to its end.
func (s *Study) finished() []string {
	return slices.DeleteFunc(s.packers(), func(name string) bool {
		return slices.ContainsFunc(s.Samples, func(c *Comparison) bool {
			r := c.result(name)
			return r == nil || r.Truncated
		})
	})
}

// stopped says whether a run of the packer was interrupted.
func (s *Study) stopped(packer string) bool {
	return slices.ContainsFunc(s.Samples, func(c *Comparison) bool {
		r := c.result(packer)
		return r != nil && r.Truncated
	})
}

// of lists a measure of a packer, a number a sample that has it.
func (s *Study) of(packer string, measure func(*Result) float64) []float64 {
	var all []float64
	for _, c := range s.Samples {
		if r := c.result(packer); r != nil {
			all = append(all, measure(r))
		}
	}
	return all
}

// times are what is compared of the speed of a packer: the median of the runs of each sample, or of a single
// sample each run.
func (s *Study) times(packer string) []float64 {
	if len(s.Samples) > 1 {
		return s.of(packer, func(r *Result) float64 { return r.NsPerTask })
	}
	return s.first().result(packer).WallsMS
}

// The measures of a result.
func placedOf(r *Result) float64     { return float64(r.Placed) }
func failedOf(r *Result) float64     { return float64(r.Failed) }
func agentsUsedOf(r *Result) float64 { return float64(r.AgentsUsed) }
func lowerBoundOf(r *Result) float64 { return float64(r.LowerBound) }
func gapOf(r *Result) float64        { return r.Gap }
func nsPerTaskOf(r *Result) float64  { return r.NsPerTask }

// yardstick says whether the packer is one that others are measured by.
func (s *Study) yardstick(packer string) bool {
	r := s.first().result(packer)
	return r != nil && r.Yardstick
}

// complete says whether every packer packed all there was, so that the samples can be counted on.
func (s *Study) complete() bool { return len(s.finished()) == len(s.packers()) }

// spread is a median with half the distance between the quartiles; half of the samples are about so near to it.
type spread struct{ median, half float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, sorted, nil) }
	return spread{middle(sorted), (at(0.75) - at(0.25)) / 2}
}

// middle is the median of what is sorted.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
