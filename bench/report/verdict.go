package report

import (
	"fmt"
	"slices"
	"strings"
)

// noise is the factor within which two measured times count as equal: a single run on a shared machine
// is no more exact than that.
const noise = 1.25

// Verdict says in a sentence or two what follows from a comparison.
func (c *Comparison) Verdict() string {
	switch {
	case len(c.Results) == 0:
		return "Nothing was compared."
	case c.Tasks == 0:
		return "There was nothing to place."
	case len(c.Results) == 1:
		return c.alone(&c.Results[0])
	}
	best := c.best()
	first := c.result(best[0])
	if first.Placed == 0 {
		return "No packer placed anything."
	}
	var b strings.Builder
	agents := thousands(first.AgentsUsed) + ", " + gapText(first)
	switch most := c.mostPlaced(); {
	case len(best) == len(c.Results):
		fmt.Fprintf(&b, "All packers place %s on equally many agents, %s", c.placedText(first), agents)
	case len(most) == len(c.Results):
		fmt.Fprintf(&b, "%s %s the fewest agents, %s", names(best), verb(best, "uses", "use"), agents)
	case len(most) > len(best):
		fmt.Fprintf(&b, "%s %s %s on the fewest agents, %s", names(best), verb(best, "places", "place"), c.placedText(first), agents)
	default:
		fmt.Fprintf(&b, "%s %s the most, %s", names(best), verb(best, "places", "place"), c.placedText(first))
	}
	if quick := c.fastest(); len(quick) > 0 && len(quick) < len(c.Results) {
		fmt.Fprintf(&b, "; %s %s, %s a task", names(quick), verb(quick, "is the fastest", "are the fastest"), duration(c.result(quick[0]).NsPerTask))
	}
	b.WriteByte('.')
	return b.String()
}

// alone is the verdict on a single packer.
func (c *Comparison) alone(r *Result) string {
	return fmt.Sprintf("%s places %s on %s, %s, in %s a task.",
		r.Packer, c.placedText(r), count(r.AgentsUsed, "agent"), gapText(r), duration(r.NsPerTask))
}

func gapText(r *Result) string {
	if r.Gap == 0 {
		return "which is the lower bound"
	}
	return percent1(r.Gap) + " above the lower bound"
}

func (c *Comparison) placedText(r *Result) string {
	if r.Failed == 0 && c.Tasks == 1 {
		return "the only task"
	}
	if r.Failed == 0 {
		return "all " + count(c.Tasks, "task")
	}
	return fmt.Sprintf("%s of %s", thousands(r.Placed), count(c.Tasks, "task"))
}

// finished says whether the result can be compared with others.
func (r *Result) finished() bool { return !r.Truncated }

// mostPlaced are the packers that place the most tasks.
func (c *Comparison) mostPlaced() []string {
	most := -1
	var best []string
	for i := range c.Results {
		r := &c.Results[i]
		switch {
		case !r.finished() || r.Placed < most:
		case r.Placed == most:
			best = append(best, r.Packer)
		default:
			most, best = r.Placed, []string{r.Packer}
		}
	}
	return best
}

// best are the packers that use the fewest agents among those that place the most tasks. Never empty.
func (c *Comparison) best() []string {
	var best []string
	fewest := 0
	for _, name := range c.mostPlaced() {
		r := c.result(name)
		switch {
		case len(best) == 0 || r.AgentsUsed < fewest:
			fewest, best = r.AgentsUsed, []string{name}
		case r.AgentsUsed == fewest:
			best = append(best, name)
		}
	}
	if len(best) == 0 {
		best = []string{c.Results[0].Packer}
	}
	return best
}

// fastest are the packers that are as fast as the fastest one, within the noise; that one is first.
func (c *Comparison) fastest() []string {
	var order []*Result
	for i := range c.Results {
		if c.Results[i].finished() {
			order = append(order, &c.Results[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *Result) int {
		switch {
		case a.NsPerTask < b.NsPerTask:
			return -1
		case a.NsPerTask > b.NsPerTask:
			return 1
		}
		return 0
	})
	var quick []string
	for _, r := range order {
		if r.NsPerTask <= noise*order[0].NsPerTask {
			quick = append(quick, r.Packer)
		}
	}
	return quick
}

func (c *Comparison) result(packer string) *Result {
	for i := range c.Results {
		if c.Results[i].Packer == packer {
			return &c.Results[i]
		}
	}
	return nil
}

// Verdict says in a sentence what follows from several comparisons.
func Verdict(all []*Comparison) string {
	wins := map[string]int{}
	speeds := map[string]int{}
	var order []string
	compared := 0
	for _, c := range all {
		interrupted := slices.ContainsFunc(c.Results, func(r Result) bool { return r.Truncated })
		if len(c.Results) < 2 || c.Tasks == 0 || interrupted {
			continue
		}
		compared++
		for i := range c.Results {
			if name := c.Results[i].Packer; !slices.Contains(order, name) {
				order = append(order, name)
			}
		}
		for _, name := range c.best() {
			wins[name]++
		}
		for _, name := range c.fastest() {
			if !c.result(name).Yardstick {
				speeds[name]++
			}
		}
	}
	if compared < 2 {
		return ""
	}
	best := top(order, wins)
	text := fmt.Sprintf("What follows: to place the most on the fewest agents take %s (best on %d of %d workloads)",
		names(best), wins[best[0]], compared)
	// Of the packers that are equally often among the fastest, name the one that packs best.
	quick := top(order, speeds)
	if speeds[quick[0]] == 0 {
		return text + "."
	}
	slices.SortStableFunc(quick, func(a, b string) int { return wins[b] - wins[a] })
	if slices.Contains(best, quick[0]) {
		return text + fmt.Sprintf("; %s is also among the fastest on %d.", quick[0], speeds[quick[0]])
	}
	return text + fmt.Sprintf("; where speed matters most take %s (among the fastest on %d).", quick[0], speeds[quick[0]])
}

// top are the packers with the highest count, in their order.
func top(order []string, counts map[string]int) (best []string) {
	most := 0
	for _, name := range order {
		most = max(most, counts[name])
	}
	for _, name := range order {
		if counts[name] == most {
			best = append(best, name)
		}
	}
	return best
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
