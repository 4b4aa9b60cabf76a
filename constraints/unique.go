package constraints

type unique struct{ by string }

// Unique wants no other task of the group where the attribute has the same value:
// unique(rack). With an empty attribute it wants none on the same agent: unique. An agent
// without the attribute is refused; a task without a group has no peers. It stands: while
// the task is placed, no other of its group may join. With n peers it scores 1/(1+n),
// without the attribute 0.
func Unique(attr string) Constraint { return unique{attr} }

func (u unique) String() string             { return call("unique", u.by) }
func (u unique) Reads(group string) Reads   { return readsPeers(group, u.by, true) }
func (u unique) Forbids(g string) []Forbid  { return forbidPeers(g, u.by, 0) }
func (u unique) Judge(c *Candidate) Verdict { return judgeAtMost(c, u.by, 0) }

// JudgePeers implements [Peers].
func (u unique) JudgePeers(n int, _ func() Tally) Verdict { return atMost(n, 0) }

// readsPeers is what a constraint reads that looks at the own group by an attribute.
func readsPeers(group, by string, shrinks bool) Reads {
	r := Reads{Shrinks: shrinks}
	if by != "" {
		r.Attributes = []string{by}
	}
	if group != "" {
		r.Counts = []Count{{Group: group, By: by}}
	}
	return r
}

func forbidPeers(group, by string, above int) []Forbid {
	if group == "" {
		return nil
	}
	return []Forbid{{Group: group, By: by, Above: above}}
}

// peers is the count of the group by an attribute. It is of no use, and the verdict final, for an agent without the
// attribute and a task without a group.
func (c *Candidate) peers(by string) (count Count, v Verdict, ok bool) {
	if !c.placedBy(by) {
		return count, Verdict{}, false
	}
	if c.group == "" {
		return count, pass(true), false
	}
	return Count{Group: c.group, By: by}, v, true
}

func judgeAtMost(c *Candidate, by string, limit int) Verdict {
	count, v, ok := c.peers(by)
	if !ok {
		return v
	}
	return atMost(c.Count(count), limit)
}

// atMost wants at most limit of n peers.
func atMost(n, limit int) Verdict { return Verdict{OK: n <= limit, Score: falling(n - limit)} }
