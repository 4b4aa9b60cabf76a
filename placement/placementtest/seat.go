package placementtest

import (
	"iter"
	"slices"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// seat is one agent as constraints see it during the replay.
type seat struct {
	c     *checker
	agent int
	task  *placement.Task
}

var _ constraints.Source = (*seat)(nil)

func (s *seat) Agent() string        { return string(s.c.agents[s.agent].id) }
func (s *seat) Hostname() string     { return s.c.agents[s.agent].hostname }
func (s *seat) Now() time.Time       { return s.c.now }
func (s *seat) Lasts() time.Duration { return s.task.Lasts }

func (s *seat) Attribute(name string) (resources.Value, bool) {
	return s.c.agents[s.agent].attributes.Get(name)
}

func (s *seat) Unavailable() (start, end time.Time, ok bool) {
	if w := s.c.agents[s.agent].window; w != nil {
		return w.Start, w.End, true
	}
	return start, end, false
}

func (s *seat) GroupSize(group string) int {
	switch group {
	case "":
		return 0
	case constraints.AnyGroup:
		return len(s.c.tasks) + len(s.c.running)
	}
	return s.c.sizes[group]
}

func (s *seat) Domains(by string) int         { return s.c.split(by).size() }
func (s *seat) Count(n constraints.Count) int { return s.c.counter(n).at(s.agent) }
func (s *seat) Tally(n constraints.Count) (t constraints.Tally) {
	return s.c.counter(n).tally
}

func (s *seat) Values(n constraints.Count) iter.Seq2[string, int] {
	k := s.c.counter(n)
	return func(yield func(string, int) bool) {
		for value, count := range k.by {
			if count > 0 && !yield(k.split.values[value], count) {
				return
			}
		}
	}
}

// split divides the agents by the value of an attribute.
type split struct {
	of     []int    // per agent the position of its value, -1 without one
	values []string // sorted
}

func (s *split) size() int { return len(s.values) }

func (c *checker) split(by string) *split {
	if s, ok := c.splits[by]; ok {
		return s
	}
	texts, has := make([]string, len(c.agents)), make([]bool, len(c.agents))
	s := &split{of: make([]int, len(c.agents))}
	for a := range c.agents {
		switch by {
		case "", "@agent":
			texts[a], has[a] = string(c.agents[a].id), true
		case "hostname", "@hostname":
			texts[a], has[a] = c.agents[a].hostname, c.agents[a].hostname != ""
		default:
			if v, ok := c.agents[a].attributes.Get(by); ok {
				texts[a], has[a] = constraints.ValueText(v), true
			}
		}
		if has[a] {
			s.values = append(s.values, texts[a])
		}
	}
	slices.Sort(s.values)
	s.values = slices.Compact(s.values)
	for a := range s.of {
		s.of[a] = -1
		if has[a] {
			s.of[a], _ = slices.BinarySearch(s.values, texts[a])
		}
	}
	c.splits[by] = s
	return s
}

type countKey = constraints.Count

// counter counts tasks of a group by the value of an attribute.
type counter struct {
	split *split
	by    []int
	// values is how many values have a given count, so that the tally need not be worked out again.
	values map[int]int
	tally  constraints.Tally
	any    bool
}

// counter finds a counter, or makes one and counts the tasks so far.
func (c *checker) counter(n constraints.Count) *counter {
	if k, ok := c.counts[n]; ok {
		return k
	}
	s := c.split(n.By)
	k := &counter{split: s, by: make([]int, s.size()), values: map[int]int{}}
	c.counts[n] = k
	if n.Group == "" {
		return k // a task without a group is in none
	}
	c.byGroup[n.Group] = append(c.byGroup[n.Group], k)
	for _, m := range c.past {
		if n.Group == constraints.AnyGroup || n.Group == m.group {
			k.add(m.agent)
		}
	}
	return k
}

// at is the count at the value of an agent, 0 where it has none.
func (k *counter) at(agent int) int {
	if value := k.split.of[agent]; value >= 0 {
		return k.by[value]
	}
	return 0
}

func (k *counter) add(agent int) {
	t, value, first := &k.tally, k.split.of[agent], !k.any
	k.any = true
	if value < 0 {
		t.Valueless++
		return
	}
	if first {
		t.First = k.split.values[value]
	}
	n := k.by[value]
	k.by[value]++
	k.values[n]--
	k.values[n+1]++
	t.Total++
	t.Max = max(t.Max, n+1)
	switch {
	case n == 0:
		t.Distinct++
		t.Min = 1
	case n == t.Min && k.values[n] == 0:
		t.Min++
	}
}
