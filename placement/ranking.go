package placement

import (
	"math"

	"github.com/berth-go/berth/placement/internal/index"
)

// Ranking finds the best bins for tasks by one [Scorer]. It is valid as long as its round.
type Ranking struct {
	round *Round
	score Scorer
	index *index.Best
	promises
	shifts  int   // the round's shifts when the index was made
	tracked bool  // whether it is among the round's trackers
	told    int   // how much of the round's touched the index knows of
	asked   int32 // the number of the round in which it was last asked
}

// Rank makes a ranking. Make one for each scorer and keep it for the run: it owns what is remembered
// between calls.
func (r *Round) Rank(s Scorer) *Ranking {
	return &Ranking{round: r, score: s}
}

// RankBy is [Round.Rank] for a [Fitness], and knows what that promises of its scores.
func (r *Round) RankBy(f Fitness) *Ranking {
	s, _ := f.scorer(r)
	return &Ranking{round: r, score: s, promises: f.promises}
}

func (k *Ranking) rewind(number int32) bool {
	if k.asked < number-1 {
		k.index, k.tracked = nil, false
		return false
	}
	k.catchUp()
	k.told = 0
	return true
}

// Best is the bin with the highest score that would take the task now; false when there is none or
// the round is stopped. Ties go to the earliest bin, and a score that is not a number loses. Where the
// task prefers something, the score is the mean of the scorer's, with weight 1, and the preferences', each
// with its own; then every bin is looked at.
func (k *Ranking) Best(t TaskIndex) (BinIndex, bool) {
	r := k.round
	if !r.seek(t) {
		return NoBin, false
	}
	found := NoBin
	if len(r.ruleFor(TaskIndex(t)).prefer) > 0 {
		found = k.scan(t)
	} else {
		found = k.find(t)
	}
	if found == NoBin {
		r.fail(t)
		return NoBin, false
	}
	r.vet(t, found)
	r.witness(t, k.rate)
	return found, true
}

// find asks the index.
func (k *Ranking) find(t TaskIndex) BinIndex {
	r := k.round
	k.catchUp()
	before := k.index.Steps()
	s := r.finding.shape
	found, score := NoBin, 0.0
	k.index.Again = s.tasks > 1
	for v := range s.variants {
		r.finding.variant = v
		row := s.row + int32(v)
		b := BinIndex(k.index.Find(row, r.shaper.needRow(row), r.finding.deny, r.accept))
		r.finding.refused = r.finding.refused || k.index.Passed()
		if b == NoBin {
			continue
		}
		if s.variants == 1 {
			found = b
			break
		}
		rated := k.rate(t, int32(b), v)
		if found == NoBin || beats(rated, score) || (b < found && !beats(score, rated)) {
			found, score = b, rated
		}
	}
	r.steps += k.index.Steps() - before + 1
	return found
}

// catchUp tells the index what changed since it was last asked.
func (k *Ranking) catchUp() {
	r := k.round
	k.asked = r.number
	if k.index != nil && k.shifts != r.shifts {
		if k.shifts = r.shifts; !k.index.Lasts() {
			// Bounds and orders are by capacity, which did not stay as it was: from now on do without.
			k.index, k.promises = nil, promises{}
		}
	}
	if k.index == nil {
		cols := len(r.columns)
		k.index = index.NewBest(index.Matrix{Data: r.free, Cols: r.stride}, index.Matrix{Data: r.capacity, Cols: r.stride},
			func(need, free, capacity []int64) float64 {
				return k.score(Row{need[:cols]}, Row{free[:cols]}, Row{capacity[:cols]})
			}, index.Options{Monotone: k.monotone, Additive: k.additive, Absolute: k.absolute, Many: k.scoreMany()})
		k.told, k.shifts = len(r.touched), r.shifts
		if !k.tracked {
			r.trackers, k.tracked = append(r.trackers, k), true
		}
	}
	for ; k.told < len(r.touched); k.told++ {
		k.index.Changed(r.touched[k.told].bin(), r.touched[k.told].freed())
	}
}

// scoreMany makes what scores bins for a need.
func (k *Ranking) scoreMany() func(need []int64, bins []int32, scores []float64) {
	return func(need []int64, bins []int32, scores []float64) {
		free, capacity, stride, cols := k.round.free, k.round.capacity, k.round.stride, len(k.round.columns)
		asked, score := Row{need[:cols]}, k.score
		scores = scores[:len(bins)]
		for i, b := range bins {
			from := int(b) * stride
			to := from + cols
			scores[i] = score(asked, Row{free[from:to:to]}, Row{capacity[from:to:to]})
		}
	}
}

// scan looks at every bin.
func (k *Ranking) scan(t TaskIndex) BinIndex {
	r := k.round
	best, bestScore := NoBin, math.NaN()
	s := r.shapeFor(TaskIndex(t))
	for _, b := range r.liveBins() {
		r.steps++
		v := r.fit(s, b)
		if v < 0 {
			continue
		}
		if !r.allowed(int32(t), b) {
			r.finding.refused = true
			continue
		}
		if score := k.rate(t, b, v); best == NoBin || beats(score, bestScore) {
			best, bestScore = BinIndex(b), score
			if r.suffices(score) {
				break
			}
		}
	}
	return best
}

// beats says whether score a is strictly better than b, where NaN is worse than every number.
func beats(a, b float64) bool {
	return a > b || (math.IsNaN(b) && !math.IsNaN(a))
}

// rate is the score of a bin that fits.
func (k *Ranking) rate(t TaskIndex, b int32, v int8) float64 {
	r := k.round
	score := k.score(r.scored(r.shapeFor(t).need[v]), r.scored(r.freeRow(b)), r.scored(r.capacityRow(b)))
	return r.blend(t, b, score)
}

// blend is the mean of a score, with weight 1, and of how the task's preferences like the bin.
func (r *Round) blend(t TaskIndex, b int32, score float64) float64 {
	ru := r.ruleFor(t)
	if len(ru.prefer) == 0 {
		return score
	}
	r.show(int32(t), r.homes[b].agent)
	for _, p := range ru.prefer {
		if liked := p.Constraint.Judge(&r.asking).Score; !math.IsNaN(liked) {
			score += weightOf(p) * min(max(liked, 0), 1)
		}
	}
	return score / (1 + ru.weight)
}

// scored is the part of a row that scorers see.
func (r *Round) scored(row []int64) Row { return Row{row[:len(r.columns)]} }
