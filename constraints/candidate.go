package constraints

import (
	"iter"
	"time"

	"github.com/berth-go/berth/resources"
)

// Source is what a [Candidate] is made of: one agent, and where all tasks are. The round
// implements it once; constraintstest has a second one. A task counts when it is placed in
// this round or was running before; the asking task never counts.
//
// Counting by "" is by agent. Values are the texts of [ValueText]; tasks on agents without
// the attribute are in no count but are known to Tally. The names hostname and @hostname
// (the host name) and @agent (the ID) may appear as the By of a count or in Domains, never
// in a call of Attribute.
type Source interface {
	Agent() string    // its ID
	Hostname() string // "" if it has none: constraints then see no such attribute
	// Attribute returns the first attribute of that name.
	Attribute(name string) (resources.Value, bool)
	// Count is how many tasks of c.Group are on agents with this agent's value of c.By; 0
	// when this agent has none.
	Count(c Count) int
	// Tally sums up the counts over all values.
	Tally(c Count) Tally
	// Values yields every value with at least one task, and how many, sorted by value.
	Values(c Count) iter.Seq2[string, int]
	// Domains is how many different values of an attribute the agents have, whether or not
	// a task is there: those of the round and those that only run tasks. For "" it is the
	// number of agents.
	Domains(by string) int
	// GroupSize is how many tasks the group has: pending, placed and running.
	GroupSize(group string) int
	// Now is the time of the round, zero if it was given none.
	Now() time.Time
	// Unavailable is the agent's announced maintenance window; a zero end means for good.
	Unavailable() (start, end time.Time, ok bool)
	// Lasts is how long the asking task is expected to run, 0 if that is not known.
	Lasts() time.Duration
}

// Tally sums up how the tasks of a group lie over the values of an attribute. Only values
// with at least one task count.
type Tally struct {
	Min, Max  int    // fewest and most tasks at a value; 0 if there is no value
	Distinct  int    // how many values
	Total     int    // tasks at these values
	Valueless int    // tasks on agents without the attribute
	First     string // value of the first task ever placed; "" if its agent has none
}

// Candidate is one agent as a constraint may see it, for one task. It is valid during a
// call of [Constraint.Judge] only.
type Candidate struct {
	src         Source
	task, group string
}

// Reset makes c the candidate for another agent or task. Whoever judges many pairs keeps
// one Candidate and resets it: nothing is allocated.
func (c *Candidate) Reset(src Source, task, group string) {
	c.src, c.task, c.group = src, task, group
}

// Task returns the ID of the asking task.
func (c *Candidate) Task() string { return c.task }

// Group returns the group of the asking task, "" if it has none.
func (c *Candidate) Group() string { return c.group }

// Agent returns the agent's ID.
func (c *Candidate) Agent() string { return c.src.Agent() }

// Hostname returns the agent's host name, "" if it has none.
func (c *Candidate) Hostname() string { return c.src.Hostname() }

// Attribute returns the value of an attribute; hostname, @hostname and @agent have their
// fixed meanings. The name "" has no value.
func (c *Candidate) Attribute(name string) (resources.Value, bool) {
	if text, fixed := c.fixed(name); fixed {
		return resources.TextOf(text), text != ""
	}
	if name == "" {
		return resources.Value{}, false
	}
	return c.src.Attribute(name)
}

// Value returns the text of an attribute's value, as [ValueText] writes it. It allocates
// for values that are not text.
func (c *Candidate) Value(name string) (text string, ok bool) {
	if text, fixed := c.fixed(name); fixed {
		return text, text != ""
	}
	v, ok := c.Attribute(name)
	if !ok {
		return "", false
	}
	return ValueText(v), true
}

// Count returns how many tasks of count.Group are on agents with this agent's value of
// count.By.
func (c *Candidate) Count(count Count) int { return c.src.Count(count) }

// Tally sums up the counts over all values.
func (c *Candidate) Tally(count Count) Tally { return c.src.Tally(count) }

// Values yields every value with at least one task, and how many, sorted by value.
func (c *Candidate) Values(count Count) iter.Seq2[string, int] { return c.src.Values(count) }

// Domains returns how many different values of an attribute the agents have; for "" how
// many agents there are.
func (c *Candidate) Domains(by string) int { return c.src.Domains(by) }

// GroupSize returns how many tasks the group has: pending, placed and running.
func (c *Candidate) GroupSize(group string) int { return c.src.GroupSize(group) }

// Now returns the time of the round, zero if it was given none.
func (c *Candidate) Now() time.Time { return c.src.Now() }

// Unavailable returns the agent's announced maintenance window; a zero end means for good.
func (c *Candidate) Unavailable() (start, end time.Time, ok bool) { return c.src.Unavailable() }

// Lasts returns how long the task is expected to run, 0 if that is not known.
func (c *Candidate) Lasts() time.Duration { return c.src.Lasts() }

func (c *Candidate) fixed(name string) (text string, fixed bool) {
	switch name {
	case "hostname", "@hostname":
		return c.src.Hostname(), true
	case "@agent":
		return c.src.Agent(), true
	}
	return "", false
}

// has reports whether the agent has the attribute.
func (c *Candidate) has(name string) bool {
	if text, fixed := c.fixed(name); fixed {
		return text != ""
	}
	_, ok := c.Attribute(name)
	return ok
}

// placedBy reports whether the agent takes part in counts by the attribute: it has it, or
// counts are by agent.
func (c *Candidate) placedBy(by string) bool { return by == "" || c.has(by) }

// is reports whether the text of the attribute's value is want. Unlike Value it never
// allocates for numbers.
func (c *Candidate) is(name, want string) bool {
	if text, fixed := c.fixed(name); fixed {
		return text != "" && text == want
	}
	v, ok := c.Attribute(name)
	return ok && textIs(v, want)
}
