package placement

import (
	"math"
	"slices"
	"strings"
)

// Fitness is a way to rate bins that knows columns by their names: what a [Scorer] is made from once the columns of
// a round are known. Make one with [Filled], [Left], [UsedFirst], [Average] or [Rated], and a packer of it with
// [GreedyBy]. Scores are between 0 and 1. A score only ranks: no score, zero included, keeps a task off a bin
// where it fits. The zero value rates all bins alike.
type Fitness struct {
	name string
	// bind makes the scorer of a round, and the parameters it took from the round.
	bind func(*Round) (Scorer, []float64)
	promises
}

// promises are what is known of a scorer, see index.Options.
type promises struct{ monotone, additive, absolute bool }

// and are the promises that both make.
func (p promises) and(o promises) promises {
	return promises{p.monotone && o.monotone, p.additive && o.additive, p.absolute && o.absolute}
}

// String names the fitness.
func (f Fitness) String() string {
	if f.bind == nil {
		return "constant"
	}
	return f.name
}

func (f Fitness) scorer(r *Round) (Scorer, []float64) {
	if f.bind == nil {
		return func(_, _, _ Row) float64 { return 0 }, nil
	}
	return f.bind(r)
}

// GreedyBy places each task in turn on the bin of the highest fitness. A task that fits anywhere at its
// turn is placed; ties go to the earliest bin.
func GreedyBy(f Fitness) Packer { return &greedy{f.String(), f.scorer, f.promises} }

// Rated makes a fitness of a scorer.
func Rated(name string, s Scorer) Fitness {
	return Fitness{name: name, bind: func(*Round) (Scorer, []float64) { return s, nil }}
}

// Monotone promises that f never rates a bin lower for having less free: of two bins of equal capacity where a task
// fits, with no more free in any column and less in some, the first scores at least as high. That lets a round find the best bin of tasks that are
// all different without looking at every bin. The scorer is then asked about rows, too, that no bin has. With a promise
// not kept tasks may go to a bin that is not the best, but never to one where they do not fit.
func Monotone(f Fitness) Fitness {
	f.monotone = true
	return f
}

// Additive promises that the score of a need is that of no need at all on the same bin, plus what depends on the need and the bin's capacity
// alone, to within a part in 10^9 of one plus the size of either; and that scores are finite. So it is with sums over columns. Then one order of the
// bins of equal capacity serves all tasks, which is the fastest there is, for few shapes and for many. The scorer is asked about no need, too.
// A promise not kept does the harm that [Monotone] names.
func Additive(f Fitness) Fitness {
	f.additive = true
	return f
}

// Absolute promises that f rates a bin by the need and by what is free there, whatever its capacity. On top of [Additive], one order then serves all
// bins, also while capacities change, as they do in an engine that is handed ordinary offers.
func Absolute(f Fitness) Fitness {
	f.absolute = true
	return f
}

// Filled is bin packing by the columns named: the mean part of the bin's capacity in them that would be in use. A bin
// that has nothing of a column counts as full in it, so that tasks keep away from what they have no use for:
// Filled("device:gpu") puts tasks without devices on agents without devices. Names that no bin has count for nothing.
//
// With "cpus", "mem", "cpus" and "mem", … it is what Fenzo calls its bin packing fitness calculators.
func Filled(columns ...string) Fitness {
	return perColumn("filled", columns, true)
}

// Left is spreading by the columns named: 1 minus [Filled].
func Left(columns ...string) Fitness {
	return perColumn("left", columns, false)
}

func perColumn(kind string, names []string, fill bool) Fitness {
	names = slices.Clone(names)
	return Fitness{name: kind + "(" + strings.Join(names, ",") + ")", promises: promises{monotone: fill, additive: true}, bind: func(r *Round) (Scorer, []float64) {
		var at []int
		var parameters []float64
		for c, top := range r.largest() {
			if top > 0 && slices.Contains(names, r.columns[c].String()) {
				at, parameters = append(at, c), append(parameters, float64(c))
			}
		}
		if len(at) == 2 {
			// What most ask for, without a loop and with a division less: to halve is exact.
			a, b := at[0], at[1]
			return func(need, free, capacity Row) float64 {
				left := 0.0
				if whole := capacity.At(a); whole > 0 {
					left = float64(free.At(a)-need.At(a)) / float64(whole)
				}
				if whole := capacity.At(b); whole > 0 {
					left += float64(free.At(b)-need.At(b)) / float64(whole)
				}
				if left *= 0.5; fill {
					return 1 - left
				}
				return left
			}, parameters
		}
		return func(need, free, capacity Row) float64 {
			left := 0.0
			for _, c := range at {
				if whole := capacity.At(c); whole > 0 {
					left += float64(free.At(c)-need.At(c)) / float64(whole)
				}
			}
			if len(at) > 0 {
				left /= float64(len(at))
			}
			if fill {
				return 1 - left
			}
			return left
		}, parameters
	}}
}

// UsedFirst rates every bin that has something in use above every untouched one, and otherwise by f: a
// new agent is opened only when no agent in use has room. Scores of f count only between 0 and 1.
func UsedFirst(f Fitness) Fitness {
	return Fitness{name: "used-first(" + f.String() + ")", promises: promises{monotone: f.monotone}, bind: func(r *Round) (Scorer, []float64) {
		score, parameters := f.scorer(r)
		return func(need, free, capacity Row) float64 {
			s := min(max(score(need, free, capacity), 0), 1) / 2
			for c := range free.Len() {
				if free.At(c) != capacity.At(c) {
					return s + 0.5
				}
			}
			return s
		}, parameters
	}}
}

// Part is a fitness with its weight in an [Average].
type Part struct {
	Fitness Fitness
	// Weight counts in proportion to the other weights, which may add up to anything. One that is not
	// above zero, or not finite, leaves the part out.
	Weight float64
}

// Average is the weighted mean of several fitnesses. If one of them is not a number, neither is the mean, and the bin
// loses against every other.
func Average(parts ...Part) Fitness {
	f := Fitness{name: "average", promises: promises{true, true, true}}
	sum := 0.0
	for _, p := range parts {
		if p.Weight > 0 && !math.IsInf(p.Weight, 1) {
			sum += p.Weight / float64(len(parts)) // so that no sum of weights overflows
		}
	}
	var used []Part
	for _, p := range parts {
		if p.Weight > 0 && !math.IsInf(p.Weight, 1) {
			p.Weight = p.Weight / sum / float64(len(parts))
			used = append(used, p)
			f.promises = f.promises.and(p.Fitness.promises)
		}
	}
	f.bind = func(r *Round) (Scorer, []float64) {
		scorers := make([]Scorer, len(used))
		var parameters []float64
		for i, p := range used {
			s, more := p.Fitness.scorer(r)
			scorers[i] = s
			parameters = append(parameters, more...)
		}
		return func(need, free, capacity Row) float64 {
			mean := 0.0
			for i, s := range scorers {
				mean += float64(used[i].Weight * s(need, free, capacity))
			}
			return mean
		}, parameters
	}
	return f
}
