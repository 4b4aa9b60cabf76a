package placement

import (
	"math"

	"github.com/berth-go/berth/resources"
)

// Ranking finds the best bins for tasks by one [Scorer]. It is valid as long as its round.
type Ranking struct {
	round *Round
	score Scorer
}

// Rank makes a ranking. Make one for each scorer and keep it for the run: it owns what is remembered
// between calls.
func (r *Round) Rank(s Scorer) *Ranking {
	return &Ranking{round: r, score: s}
}

// Best is the bin with the highest score that would take the task now; false when there is none or
// the round is stopped. Ties go to the earliest bin, and a score that is not a number loses. Where the
// task prefers something, the score is the mean of the scorer's, with weight 1, and the preferences', each
// with its own.
func (k *Ranking) Best(t TaskIndex) (BinIndex, bool) {
	r := k.round
	if !r.isTask(t) || r.where[t] != NoBin || r.Stopped() {
		return NoBin, false
	}
	best, bestScore := NoBin, math.NaN()
	s := &r.shapes[r.shapeOf[t]]
	for b := range int32(len(r.bins)) {
		r.steps++
		v := r.fit(s, b)
		if v < 0 || !r.allowed(int32(t), b) {
			continue
		}
		score := k.rate(t, b, v)
		if best == NoBin || beats(score, bestScore) {
			best, bestScore = BinIndex(b), score
		}
	}
	if best != NoBin {
		r.witness(t, k)
	}
	return best, best != NoBin
}

// beats says whether score a is strictly better than b, where NaN is worse than every number.
func beats(a, b float64) bool {
	return a > b || (math.IsNaN(b) && !math.IsNaN(a))
}

// rate is the score of a bin that fits.
func (k *Ranking) rate(t TaskIndex, b int32, v int8) float64 {
	r := k.round
	score := k.score(r.scored(r.shapes[r.shapeOf[t]].need[v]), r.scored(r.freeRow(b)), r.scored(r.capacityRow(b)))
	ru := &r.rules[r.ruleOf[t]]
	if len(ru.prefer) == 0 {
		return score
	}
	r.show(int32(t), r.bins[b].agent)
	for _, p := range ru.prefer {
		if liked := p.Constraint.Judge(&r.asking).Score; !math.IsNaN(liked) {
			score += weightOf(p) * min(max(liked, 0), 1)
		}
	}
	return score / (1 + ru.weight)
}

// scored is the part of a row that scorers see.
func (r *Round) scored(row []resources.Amount) Row { return Row{row[:len(r.columns)]} }
