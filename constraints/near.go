package constraints

type near struct{ group, by string }

// Near wants at least one task of a group where the attribute has the same value:
// near(cache,rack); with an empty attribute, on the same agent: near(cache). The first task
// of a group that wants to be near its own is accepted anywhere. An agent without the
// attribute is refused. The group may be [AnyGroup]: near("*",rack). It is momentary: the
// task stays where it is when the others leave. With n such tasks it scores n/(n+1), and
// for the first of its own group 1.
func Near(group, attr string) Constraint { return named(near{group, attr}, group) }

func (a near) String() string { return call("near", a.group, a.by) }

func (a near) Reads(string) Reads {
	r := readsPeers(a.group, a.by, false)
	r.Counts = []Count{{Group: a.group, By: a.by}}
	return r
}

func (a near) Judge(c *Candidate) Verdict {
	if !c.placedBy(a.by) {
		return Verdict{}
	}
	count := Count{Group: a.group, By: a.by}
	n := c.Count(count)
	if n == 0 && (a.group == c.group || a.group == AnyGroup) {
		t := c.Tally(count)
		return pass(t.Total+t.Valueless == 0)
	}
	return Verdict{OK: n > 0, Score: 1 - falling(n)}
}

type apart struct{ group, by string }

// Apart wants no task of a group where the attribute has the same value: apart(noisy,rack);
// with an empty attribute, on the same agent: apart(noisy). The group may be the own one or
// [AnyGroup]. An agent without the attribute is near nobody and accepted. It stands: while
// the task is placed, none of that group may join it. With n such tasks it scores 1/(1+n).
func Apart(group, attr string) Constraint { return named(apart{group, attr}, group) }

func (a apart) String() string          { return call("apart", a.group, a.by) }
func (a apart) Forbids(string) []Forbid { return []Forbid{{Group: a.group, By: a.by}} }

func (a apart) Reads(string) Reads {
	return Reads{Counts: []Count{{Group: a.group, By: a.by}}, Shrinks: true}
}

func (a apart) Judge(c *Candidate) Verdict {
	n := c.Count(Count{Group: a.group, By: a.by})
	return Verdict{OK: n == 0, Score: falling(n)}
}

type same struct{ by string }

// Same wants the attribute to have the value that it has for some task of the group, or any
// while there is none: same(rack). Having no value is a value too: an agent without the
// attribute is accepted where a task of the group has such an agent. It is Cook's
// attribute-equals placement. It is momentary and scores 1 or 0.
func Same(attr string) Constraint { return same{attr} }

func (s same) String() string           { return call("same", s.by) }
func (s same) Reads(group string) Reads { return readsPeers(group, s.by, false) }

func (s same) Judge(c *Candidate) Verdict {
	if c.group == "" {
		return pass(true)
	}
	count := Count{Group: c.group, By: s.by}
	if c.Count(count) > 0 {
		return pass(true)
	}
	t := c.Tally(count)
	if t.Total+t.Valueless == 0 {
		return pass(true)
	}
	return pass(t.Valueless > 0 && !c.placedBy(s.by))
}
