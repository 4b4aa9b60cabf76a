package constraints

type private struct{ by string }

// Private wants the agent for the task's group alone: private; with an attribute, all
// agents of its value: private(rack). A task without a group wants it for itself. An agent
// without the attribute is refused. It stands: while the task is placed, none of another
// group may join. With n tasks of others it scores 1/(1+n). Compare [Exclusive], which
// keeps out the own group as well.
func Private(attr string) Constraint { return private{attr} }

func (p private) String() string { return call("private", p.by) }

func (p private) Reads(group string) Reads {
	r := readsPeers(group, p.by, true)
	r.Counts = append(r.Counts, Count{Group: AnyGroup, By: p.by})
	return r
}

func (p private) Forbids(group string) []Forbid {
	if group == "" {
		return []Forbid{{Group: AnyGroup, By: p.by}}
	}
	return []Forbid{{Group: group, By: p.by, Others: true}}
}

func (p private) Judge(c *Candidate) Verdict {
	if !c.placedBy(p.by) {
		return Verdict{}
	}
	n := c.Count(Count{Group: AnyGroup, By: p.by})
	if c.group != "" && n > 0 {
		n -= c.Count(Count{Group: c.group, By: p.by})
	}
	return Verdict{OK: n == 0, Score: falling(n)}
}
