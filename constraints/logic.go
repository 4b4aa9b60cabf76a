package constraints

import (
	"slices"
	"strings"
)

type and struct{ parts []Constraint }

// And wants all of them: rack=r1 & unique(hostname). It scores like the worst. It stands
// where one of them stands.
func And(a, b Constraint, more ...Constraint) Constraint {
	var parts []Constraint
	for _, c := range join(a, b, more) {
		if inner, ok := c.(and); ok {
			parts = append(parts, inner.parts...)
			continue
		}
		parts = append(parts, c)
	}
	for _, c := range parts {
		if bad, is := c.(nothing); is {
			return bad
		}
	}
	return and{parts}
}

func (a and) String() string           { return infix(a.parts, " & ") }
func (a and) Reads(group string) Reads { return readsAll(a.parts, group) }

func (a and) Forbids(group string) []Forbid {
	var all []Forbid
	for _, c := range a.parts {
		all = append(all, forbids(c, group)...)
	}
	return all
}

func (a and) Judge(c *Candidate) Verdict {
	all := Verdict{OK: true, Score: 1}
	for _, part := range a.parts {
		v := part.Judge(c)
		all.OK = all.OK && v.OK
		all.Score = min(all.Score, v.Score)
	}
	return all
}

type or struct{ parts []Constraint }

// Or wants at least one of them: rack=r1 | rack=r2. It scores like the best. It is
// momentary even where they stand: a task placed for another reason holds nobody off.
func Or(a, b Constraint, more ...Constraint) Constraint {
	var parts []Constraint
	for _, c := range join(a, b, more) {
		if inner, ok := c.(or); ok {
			parts = append(parts, inner.parts...)
			continue
		}
		parts = append(parts, c)
	}
	return or{parts}
}

func (o or) String() string           { return infix(o.parts, " | ") }
func (o or) Reads(group string) Reads { return readsAll(o.parts, group) }

func (o or) Judge(c *Candidate) Verdict {
	var best Verdict
	for _, part := range o.parts {
		v := part.Judge(c)
		best.OK = best.OK || v.OK
		best.Score = max(best.Score, v.Score)
	}
	return best
}

type not struct{ inner Constraint }

// Not wants the opposite: !exists(gpu). It accepts what the constraint refuses, agents
// without the attribute included, and scores 1 minus its score. It is momentary.
// Not(Equals(rack, r1)) is written rack!=r1, Not(Like(…)) is [Unlike].
func Not(c Constraint) Constraint {
	switch c := part(c).(type) {
	case nothing:
		return c
	case not:
		return c.inner
	case like:
		c.not = !c.not
		return c
	default:
		return not{c}
	}
}

func (n not) String() string {
	switch c := n.inner.(type) {
	case equals:
		return quote(c.attr) + "!=" + quote(c.value)
	case and, or:
		return "!(" + n.inner.String() + ")"
	}
	return "!" + n.inner.String()
}

func (n not) Reads(group string) Reads {
	r := n.inner.Reads(group)
	r.Shrinks = len(r.Counts) == 0
	return r
}

func (n not) Judge(c *Candidate) Verdict {
	v := n.inner.Judge(c)
	return Verdict{OK: !v.OK, Score: 1 - v.Score}
}

func join(a, b Constraint, more []Constraint) []Constraint {
	parts := []Constraint{part(a), part(b)}
	for _, c := range more {
		parts = append(parts, part(c))
	}
	return parts
}

// nothing stands in for a nil where constraints are combined, and for a constraint without a name that it needs: it accepts
// no agent, negated or not, so that a mistake shows as tasks that are not placed, with this as the reason, and neither as a
// panic in a round nor as a requirement that lets everything pass.
type nothing struct{ text string }

// named is the constraint if it has the names it needs.
func named(c Constraint, names ...string) Constraint {
	if slices.Contains(names, "") {
		return nothing{c.String()}
	}
	return c
}

// part is a constraint as part of another: what is put together prints canonically.
func part(c Constraint) Constraint {
	if c == nil {
		return nothing{"nil"}
	}
	return Canonical(c)
}

func (n nothing) String() string         { return n.text }
func (nothing) Reads(string) Reads       { return Reads{Shrinks: true} }
func (nothing) Judge(*Candidate) Verdict { return Verdict{} }

func forbids(c Constraint, group string) []Forbid {
	if s, ok := c.(Standing); ok {
		return s.Forbids(group)
	}
	return nil
}

func infix(parts []Constraint, op string) string {
	texts := make([]string, len(parts))
	for i, c := range parts {
		texts[i] = c.String()
		if _, low := c.(or); low { // an or inside an and; an or inside an or does not occur
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, op)
}

func readsAll(parts []Constraint, group string) Reads {
	all := Reads{Shrinks: true}
	for _, c := range parts {
		r := c.Reads(group)
		for _, a := range r.Attributes {
			all.Attributes = appendNew(all.Attributes, a)
		}
		for _, n := range r.Counts {
			all.Counts = appendNew(all.Counts, n)
		}
		all.Agent = all.Agent || r.Agent
		all.Task = all.Task || r.Task
		all.Time = all.Time || r.Time
		all.Shrinks = all.Shrinks && r.Shrinks
	}
	return all
}

func appendNew[T comparable](list []T, x T) []T {
	for _, y := range list {
		if y == x {
			return list
		}
	}
	return append(list, x)
}
