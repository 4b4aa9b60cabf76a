package main

import (
	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/placement"
)

// scaleFitness is the competitor's scorer as a user would write it, bit for bit. With opaque nothing is known of it but
// that it is pure; else it promises to be monotone, which all are, additive, which sums over columns are, and
// absolute, which one is that has the same weights for all agents.
func scaleFitness(rule naive.Rule, opaque bool) placement.Fitness {
	score := map[naive.Rule]placement.Scorer{naive.Linear: scoreLinear, naive.Dominant: scoreDominant, naive.Mean: scoreMean}[rule]
	f := placement.Rated(rule.String(), score)
	if opaque {
		return f
	}
	switch rule {
	case naive.Linear:
		f = placement.Absolute(placement.Additive(f))
	case naive.Mean:
		f = placement.Additive(f)
	}
	return placement.Monotone(f)
}

// scalePacker is our packer for a rule of the competitor.
func scalePacker(rule naive.Rule, opaque bool) placement.Packer {
	if rule == naive.FirstFit {
		return placement.FirstFit()
	}
	return placement.GreedyBy(scaleFitness(rule, opaque))
}

func scoreLinear(need, free, _ placement.Row) float64 {
	s := 0.0
	for c := range need.Len() {
		s -= float64(float64(free.At(c)-need.At(c)) * naive.LinearWeight(c))
	}
	return s
}

func scoreDominant(need, free, capacity placement.Row) float64 {
	worst := 0.0
	for c := range need.Len() {
		if whole := capacity.At(c); whole > 0 {
			worst = max(worst, float64(float64(free.At(c)-need.At(c))*(1/float64(whole))))
		}
	}
	return -worst
}

func scoreMean(need, free, capacity placement.Row) float64 {
	s := 0.0
	for c := range need.Len() {
		if whole := capacity.At(c); whole > 0 {
			s -= float64(float64(free.At(c)-need.At(c)) * (1 / float64(whole)))
		}
	}
	return s
}
