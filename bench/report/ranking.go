package report

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// alike is the factor within which two times are no reason to choose, even where they can be told apart.
const alike = 1.05

// better says whether a packs better than b beyond the noise (1), worse (-1), or neither. A single sample has no
// noise: what differs there does, for that sample.
func (s *Study) better(a, b string, level float64) int {
	if len(s.Samples) == 1 {
		return cmp.Compare(s.packing(a, b).better, s.packing(a, b).worse)
	}
	return s.packing(a, b).differ(level)
}

// best are the packers than which none packs better beyond the noise, the one with the best means first.
// Empty if nothing finished.
func (s *Study) best() []string {
	all := s.finished()
	if len(all) == 0 {
		return nil
	}
	level := family(len(all))
	return unbeaten(s.bestOf(all), all, func(a, b string) bool { return s.better(a, b, level) > 0 })
}

// fastest are the packers than which none is faster beyond the noise, the one with the lowest mean first.
// Yardsticks count only where there is nothing else. Empty if nothing finished.
func (s *Study) fastest() []string {
	all := s.contenders()
	if len(all) == 0 {
		return nil
	}
	level := family(len(s.finished()))
	return unbeaten(s.quickestOf(all), all, func(a, b string) bool {
		return s.speed(a, b).differ(level) > 0 && s.time(b, a).value > alike
	})
}

// unbeaten are those that no other beats, the leader first if it is one of them. There is always one: the
// relation is of majorities that are large, but where it should run in a circle the leader is taken.
func unbeaten(leader string, all []string, beats func(a, b string) bool) []string {
	var unbeaten []string
	for _, p := range all {
		if !slices.ContainsFunc(all, func(q string) bool { return q != p && beats(q, p) }) {
			unbeaten = append(unbeaten, p)
		}
	}
	if len(unbeaten) == 0 {
		return []string{leader}
	}
	if i := slices.Index(unbeaten, leader); i > 0 {
		unbeaten = slices.Insert(slices.Delete(unbeaten, i, i+1), 0, leader)
	}
	return unbeaten
}

// contenders are the packers that one may be advised to use: all but yardsticks, unless there is nothing else.
func (s *Study) contenders() []string {
	all := s.finished()
	if real := slices.DeleteFunc(slices.Clone(all), s.yardstick); len(real) > 0 {
		return real
	}
	return all
}

func (s *Study) mean(packer string, measure func(*Result) float64) float64 {
	return stat.Mean(s.of(packer, measure), nil)
}

// meanTime is the geometric mean, so that no sample weighs more than another.
func (s *Study) meanTime(packer string) float64 {
	times := s.times(packer)
	if len(times) == 0 {
		return math.Inf(1)
	}
	return stat.GeometricMean(times, nil)
}

// quickestOf is the one with the lowest mean time among some.
func (s *Study) quickestOf(some []string) string {
	return slices.MinFunc(some, func(a, b string) int { return cmp.Compare(s.meanTime(a), s.meanTime(b)) })
}

// bestOf is the best packer among some, by the means.
func (s *Study) bestOf(some []string) string {
	return slices.MinFunc(some, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.mean(b, placedOf), s.mean(a, placedOf)), cmp.Compare(s.mean(a, agentsUsedOf), s.mean(b, agentsUsedOf)))
	})
}
