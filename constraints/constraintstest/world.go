// Package constraintstest helps to test constraints: a small [World] of agents and tasks to
// judge in, and [Test], which finds out whether a constraint keeps the promises of
// [constraints.Constraint].
//
// It is for tests only: everything in it is counted afresh at every call, slowly and
// obviously.
package constraintstest

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// Agent is a machine of a [World].
type Agent struct {
	ID         string
	Hostname   string // empty: the ID
	Attributes resources.Attributes
	More       []resources.Attribute // further attributes, of any kind: sets, too, which Attributes refuses
	Down       *Window               // announced maintenance
}

// Window is a span of time; a zero End means for good.
type Window struct{ Start, End time.Time }

// World is a set of agents and of the tasks on them. The zero World is empty; its exported
// fields may be set at will.
type World struct {
	Now     time.Time
	Lasts   time.Duration  // of whichever task asks
	Pending map[string]int // tasks of a group that are not placed; the asking one among them
	agents  []Agent
	tasks   []task
}

type task struct {
	group string
	agent *Agent
}

// New returns a world of these agents.
func New(agents ...Agent) *World {
	w := &World{Pending: map[string]int{}, agents: slices.Clone(agents)}
	for i := range w.agents {
		if a := &w.agents[i]; a.Hostname == "" {
			a.Hostname = a.ID
		}
	}
	return w
}

// Agents returns the IDs of the agents, in the order they were given.
func (w *World) Agents() []string {
	var ids []string
	for _, a := range w.agents {
		ids = append(ids, a.ID)
	}
	return ids
}

// Place puts a task of a group on an agent. It panics if there is no such agent.
func (w *World) Place(group, agent string) {
	w.tasks = append(w.tasks, task{group, w.agent(agent)})
}

// without returns a world in which one task waits instead of being placed.
func (w *World) without(i int) *World {
	less := *w
	less.tasks = slices.Delete(slices.Clone(w.tasks), i, i+1)
	less.Pending = maps.Clone(w.Pending)
	less.Pending[w.tasks[i].group]++
	return &less
}

// Source shows the world as seen from an agent. It panics if there is no such agent. What
// is placed later shows.
func (w *World) Source(agent string) constraints.Source { return &source{w, w.agent(agent)} }

// Candidate returns an agent as a candidate for a task of a group. It panics if there is no
// such agent.
func (w *World) Candidate(agent, task, group string) *constraints.Candidate {
	c := new(constraints.Candidate)
	c.Reset(w.Source(agent), task, group)
	return c
}

// Judge asks a constraint about an agent for a task named "asking" of a group.
func (w *World) Judge(c constraints.Constraint, agent, group string) constraints.Verdict {
	return c.Judge(w.Candidate(agent, "asking", group))
}

func (w *World) agent(id string) *Agent {
	for i := range w.agents {
		if w.agents[i].ID == id {
			return &w.agents[i]
		}
	}
	panic(fmt.Sprintf("constraintstest: no agent %q", id))
}

// source implements constraints.Source for one agent.
type source struct {
	w     *World
	agent *Agent
}

func (s *source) Agent() string        { return s.agent.ID }
func (s *source) Hostname() string     { return s.agent.Hostname }
func (s *source) Now() time.Time       { return s.w.Now }
func (s *source) Lasts() time.Duration { return s.w.Lasts }

func (s *source) Attribute(name string) (resources.Value, bool) { return s.agent.attribute(name) }

func (a *Agent) attribute(name string) (resources.Value, bool) {
	if v, ok := a.Attributes.Get(name); ok {
		return v, true
	}
	for i := range a.More {
		if a.More[i].Name == name {
			return a.More[i].Value, true
		}
	}
	return resources.Value{}, false
}

func (s *source) Unavailable() (start, end time.Time, ok bool) {
	if s.agent.Down == nil {
		return start, end, false
	}
	return s.agent.Down.Start, s.agent.Down.End, true
}

func (s *source) Count(c constraints.Count) int {
	value, ok := valueOf(s.agent, c.By)
	if !ok {
		return 0
	}
	return s.w.counts(c)[value]
}

func (s *source) Values(c constraints.Count) iter.Seq2[string, int] {
	counts := s.w.counts(c)
	return func(yield func(string, int) bool) {
		for _, v := range slices.Sorted(maps.Keys(counts)) {
			if !yield(v, counts[v]) {
				return
			}
		}
	}
}

func (s *source) Tally(c constraints.Count) (t constraints.Tally) {
	first := true
	for _, task := range s.w.tasks {
		if !counted(task, c) {
			continue
		}
		value, ok := valueOf(task.agent, c.By)
		if first {
			t.First, first = value, false
		}
		if !ok {
			t.Valueless++
		}
	}
	for _, n := range s.w.counts(c) {
		if t.Distinct == 0 || n < t.Min {
			t.Min = n
		}
		t.Max = max(t.Max, n)
		t.Total += n
		t.Distinct++
	}
	return t
}

func (s *source) Domains(by string) int {
	seen := map[string]bool{}
	for i := range s.w.agents {
		if v, ok := valueOf(&s.w.agents[i], by); ok {
			seen[v] = true
		}
	}
	return len(seen)
}

func (s *source) GroupSize(group string) int {
	n := 0
	for _, t := range s.w.tasks {
		if counted(t, constraints.Count{Group: group}) {
			n++
		}
	}
	for g, p := range s.w.Pending {
		if g == group || group == constraints.AnyGroup {
			n += p
		}
	}
	return n
}

// counts returns how many tasks lie at each value.
func (w *World) counts(c constraints.Count) map[string]int {
	counts := map[string]int{}
	for _, t := range w.tasks {
		if v, ok := valueOf(t.agent, c.By); ok && counted(t, c) {
			counts[v]++
		}
	}
	return counts
}

func counted(t task, c constraints.Count) bool {
	return c.Group == constraints.AnyGroup || c.Group != "" && c.Group == t.group
}

func valueOf(a *Agent, by string) (string, bool) {
	switch by {
	case "", "@agent":
		return a.ID, true
	case "hostname", "@hostname":
		return a.Hostname, true
	}
	v, ok := a.attribute(by)
	if !ok {
		return "", false
	}
	return constraints.ValueText(v), true
}
