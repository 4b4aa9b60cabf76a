package report

import (
	"fmt"
	"slices"
	"strings"
)

// Advice says in one sentence which packer to use for what, from several kinds of workload. Empty if
// there are fewer than two to go by.
func Advice(all []*Study) string {
	parts := adviceParts(all)
	if len(parts) == 0 {
		return ""
	}
	return "What follows: " + strings.Join(parts, "; ") + "."
}

// adviceParts are the parts of the sentence, each for one use.
func adviceParts(all []*Study) []string {
	a := newAdvice(all)
	if len(a.studies) < 2 {
		return nil
	}
	best := a.choose(a.wins, a.speeds)
	quick := a.choose(a.speeds, a.wins)
	if quick == "" || quick == best {
		parts := []string{fmt.Sprintf("to place the most on the fewest agents take %s (none packs better beyond the noise on %s)", best, a.of(a.wins[best]))}
		if quick == best {
			parts = append(parts, fmt.Sprintf("none is faster on %s", a.of(a.speeds[best])))
		}
		return parts
	}
	parts := []string{
		fmt.Sprintf("to place the most on the fewest agents take %s (none packs better beyond the noise on %s; %s the time of %s)",
			best, a.of(a.wins[best]), a.timeRange(best, quick), quick),
		fmt.Sprintf("where speed matters most take %s (none is faster beyond the noise on %s)", quick, a.of(a.speeds[quick])),
	}
	if d := a.preset(); a.wins[d] > 0 && d != best && d != quick {
		parts = append(parts, fmt.Sprintf("if in doubt take %s, the default (none packs better on %s; %s the time of %s)",
			d, a.of(a.wins[d]), a.timeRange(d, quick), quick))
	}
	return parts
}

// advice counts on how many kinds of workload each packer is not beaten.
type advice struct {
	studies      []*Study
	order        []string
	wins, speeds map[string]int
}

func newAdvice(all []*Study) *advice {
	a := &advice{wins: map[string]int{}, speeds: map[string]int{}}
	for _, s := range all {
		if len(s.packers()) < 2 || s.first().Tasks == 0 || !s.complete() {
			continue
		}
		a.studies = append(a.studies, s)
		for _, p := range s.packers() {
			if !slices.Contains(a.order, p) {
				a.order = append(a.order, p)
			}
		}
		for _, p := range s.best() {
			a.wins[p]++
		}
		if !s.timed() {
			continue
		}
		for _, p := range s.fastest() {
			if !s.yardstick(p) {
				a.speeds[p]++
			}
		}
	}
	return a
}

// choose is the packer with the highest count; where several have it, the one with the higher second
// count, then the first. Empty if none counts.
func (a *advice) choose(counts, then map[string]int) string {
	choice := ""
	for _, p := range a.order {
		if counts[p] > counts[choice] || counts[p] == counts[choice] && counts[p] > 0 && then[p] > then[choice] {
			choice = p
		}
	}
	return choice
}

// preset is the packer that the library takes where none is named.
func (a *advice) preset() string {
	for _, s := range a.studies {
		for i := range s.first().Results {
			if r := &s.first().Results[i]; r.Default {
				return r.Packer
			}
		}
	}
	return ""
}

// of writes on how many kinds of workload something holds.
func (a *advice) of(n int) string {
	return fmt.Sprintf("%d of %s", n, count(len(a.studies), "workload"))
}

// timeRange is what one packer takes in parts of the time of another, from the lightest workload to the heaviest.
func (a *advice) timeRange(p, than string) string {
	low, high := 0.0, 0.0
	for _, s := range a.studies {
		if s.first().result(p) == nil || s.first().result(than) == nil {
			continue
		}
		r := s.time(p, than).value
		if low == 0 || r < low {
			low = r
		}
		high = max(high, r)
	}
	if times(low) == times(high) {
		return times(low)
	}
	return times(low) + " to " + times(high)
}
