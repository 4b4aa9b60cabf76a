package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Verdict says in a sentence or two what follows from a comparison of packers on workloads of one kind.
func (s *Study) Verdict() string {
	packers, best := s.packers(), s.best()
	switch {
	case len(packers) == 0:
		return "Nothing was compared."
	case s.first().Tasks == 0:
		return "There was nothing to place."
	case len(packers) == 1:
		return s.alone(packers[0])
	case len(best) == 0:
		return "No packer came to its end, so none can be compared."
	case s.mean(best[0], placedOf) == 0:
		return "No packer placed anything."
	}
	text := s.bestText(best)
	if n := enough(family(len(s.finished()))); len(s.Samples) > 1 && len(s.Samples) < n {
		return text + fmt.Sprintf(". To tell %d packers apart takes %d samples or more; see --seeds.", len(s.finished()), n)
	}
	quick := s.fastest()
	fast := s.bestOf(quick)
	choice := s.choice(best, fast)
	switch {
	case !s.timed():
		return text + ". Times were taken too seldom to tell packers apart; see --repeat."
	case slices.Contains(quick, choice):
		return text + fmt.Sprintf(". None is faster than %s beyond the noise, %s a task.", choice, s.timeText(choice))
	}
	speed := fmt.Sprintf("the fastest, %s a task", s.timeText(fast))
	if len(quick) > 1 {
		speed = fmt.Sprintf("than which none is faster beyond the noise, %s a task", s.timeText(fast))
	}
	subject := choice
	if len(best) == 1 {
		subject = "It"
	}
	return text + fmt.Sprintf(". %s %s %s (%s) and takes %s the time%s.",
		subject, s.moreText(choice, fast), fast, speed, times(s.time(choice, fast).value), s.timeRange(choice, fast))
}

// choice is the quickest of the best: of those that pack better than the fastest one, unless that is among them.
func (s *Study) choice(best []string, fast string) string {
	if slices.Contains(best, fast) {
		return fast
	}
	level := family(len(s.finished()))
	better := slices.DeleteFunc(slices.Clone(best), func(p string) bool { return s.better(p, fast, level) <= 0 })
	if len(better) == 0 {
		return best[0]
	}
	return s.quickestOf(better)
}

// alone is the verdict on a single packer.
func (s *Study) alone(packer string) string {
	return fmt.Sprintf("%s places %s on %s, %s, in %s a task.", packer, s.placedText(packer),
		s.agentsText(packer), s.gapText(packer), s.timeText(packer))
}

// bestText names the packers that pack best, and how well they do.
func (s *Study) bestText(best []string) string {
	all := s.finished()
	n := len(all)
	agents := fmt.Sprintf("%s, %s", s.countText(best[0], agentsUsedOf), s.gapText(best[0]))
	mostPlaced := slices.DeleteFunc(all, func(p string) bool { return s.mean(p, placedOf) < s.mean(best[0], placedOf) })
	switch {
	case len(best) == n:
		return fmt.Sprintf("No packer packs better than another%s: all place %s on %s, %s", s.noise(), s.placedText(best[0]), s.agentsText(best[0]), s.gapText(best[0]))
	case len(mostPlaced) == n:
		return fmt.Sprintf("%s %s the fewest agents, %s", names(best), verb(best, "uses", "use"), agents)
	case len(mostPlaced) > len(best):
		return fmt.Sprintf("%s %s %s on the fewest agents, %s", names(best), verb(best, "places", "place"), s.placedText(best[0]), agents)
	}
	return fmt.Sprintf("%s %s the most, %s", names(best), verb(best, "places", "place"), s.placedText(best[0]))
}

// moreText says how much better one packer packs than another: "uses 3.1% ± 0.2% fewer agents than".
func (s *Study) moreText(a, b string) string {
	if more := s.morePlaced(a, b); more.low > 0 {
		return fmt.Sprintf("places %s more tasks than", plusMinus(more))
	}
	if fewer := s.fewerAgents(a, b); fewer.low > 0 {
		return fmt.Sprintf("uses %s fewer agents than", plusMinus(fewer))
	}
	n := s.packing(a, b)
	return fmt.Sprintf("packs better in %d of %d samples than", n.better, len(s.Samples))
}

// noise qualifies what is not told apart. A single sample has no noise: there it is equal, for that sample.
func (s *Study) noise() string {
	if len(s.Samples) == 1 {
		return ""
	}
	return " beyond the noise"
}

// timed says whether times were taken often enough to tell packers apart.
func (s *Study) timed() bool {
	all := s.finished()
	n := enough(family(len(all)))
	return !slices.ContainsFunc(all, func(p string) bool { return len(s.times(p)) < n })
}

// timeRange is the confidence interval of a ratio of times.
func (s *Study) timeRange(a, b string) string {
	r := s.time(a, b)
	if math.IsInf(r.high, 0) {
		return ""
	}
	if low, high := times(max(0, r.low)), times(r.high); low != high {
		return fmt.Sprintf(" (%s to %s)", low, high)
	}
	return ""
}

func (s *Study) gapText(packer string) string {
	gap := spreadOf(s.of(packer, gapOf))
	if gap.median == 0 && gap.half == 0 {
		return "which is the lower bound"
	}
	if gap.median < 0.0005 {
		return "within 0.1% of the lower bound"
	}
	return percent1(gap.median) + " above the lower bound"
}

func (s *Study) placedText(packer string) string {
	allPlaced := !slices.ContainsFunc(s.of(packer, failedOf), func(n float64) bool { return n > 0 })
	tasks := s.tasksText()
	if allPlaced && tasks == "1 task" {
		return "the only task"
	}
	if allPlaced {
		return "all " + tasks
	}
	if spreadOf(s.of(packer, failedOf)).median == 0 {
		return "nearly all " + tasks
	}
	return fmt.Sprintf("%s of %s", s.countText(packer, placedOf), tasks)
}

// countText is the median of a count over the samples.
func (s *Study) countText(packer string, measure func(*Result) float64) string {
	return thousands(int(math.Round(spreadOf(s.of(packer, measure)).median)))
}

// agentsText is how many agents are used: "4 agents".
func (s *Study) agentsText(packer string) string {
	return count(int(math.Round(spreadOf(s.of(packer, agentsUsedOf)).median)), "agent")
}

// tasksText is how many tasks there are in a sample.
func (s *Study) tasksText() string {
	return count(s.median(func(c *Comparison) int { return c.Tasks }), "task")
}

func (s *Study) median(of func(*Comparison) int) int {
	all := make([]float64, len(s.Samples))
	for i, c := range s.Samples {
		all[i] = float64(of(c))
	}
	return int(math.Round(spreadOf(all).median))
}

func (s *Study) timeText(packer string) string {
	return duration(spreadOf(s.of(packer, nsPerTaskOf)).median)
}

// plusMinus writes a share with its margin, if it has one.
func plusMinus(i interval) string {
	if i.margin() == 0 {
		return percent1(i.value)
	}
	return percent1(i.value) + " ± " + percent1(i.margin())
}

// times writes a factor with two digits or so.
func times(x float64) string {
	switch {
	case x < 0.095:
		return fmt.Sprintf("%.2f×", x)
	case x < 9.95:
		return fmt.Sprintf("%.1f×", x)
	}
	return fmt.Sprintf("%.0f×", x)
}

func names(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return list[0]
}

func verb(who []string, one, many string) string {
	if len(who) == 1 {
		return one
	}
	return many
}

// duration writes nanoseconds with two digits or so.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	}
	return fmt.Sprintf("%.1f ms", ns/1e6)
}
