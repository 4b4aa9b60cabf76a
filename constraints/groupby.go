package constraints

type groupBy struct {
	by     string
	values int
}

// GroupBy is Marathon's GROUP_BY. With a number it wants the group spread over at most that
// many values of the attribute, as evenly as the size of the group allows:
// group_by(rack,3). Each value gets size/values tasks, and as many values as the remainder
// says get one more. Tasks on agents without the attribute form a group of their own.
//
// Without a number (0) it is dynamic: a value not yet in use is accepted, and else the
// least filled of those in use: group_by(rack).
//
// An agent without the attribute is refused; a task without a group has no peers. It is
// momentary. It scores like [Balanced], but 0 where the number of values is exceeded. A
// negative number is an error that wraps [ErrMisuse].
func GroupBy(attr string, values int) (Constraint, error) {
	if values < 0 {
		return nil, misuse("tasks cannot be spread over %d values", values)
	}
	return groupBy{attr, values}, nil
}

func (g groupBy) String() string           { return call("group_by", g.by, positive(g.values)) }
func (g groupBy) Reads(group string) Reads { return readsPeers(group, g.by, false) }

func (g groupBy) Judge(c *Candidate) Verdict {
	count, v, ok := c.peers(g.by)
	if !ok {
		return v
	}
	n, t := c.Count(count), c.Tally(count)
	score := evenness(n, t)
	switch {
	case g.values == 0:
		return Verdict{OK: n == 0 || n == t.Min, Score: score}
	case n == 0:
		used := t.Distinct + min(t.Valueless, 1)
		return pass(used < g.values)
	}
	size := c.GroupSize(c.group)
	want, remainder := size/g.values, size%g.values
	ok = n < want || n == want && g.surplus(c, count, t, want) < remainder
	return Verdict{OK: ok, Score: score}
}

// surplus is by how many tasks all values together exceed want. Only where one does it
// walks them, which allocates.
func (g groupBy) surplus(c *Candidate, count Count, t Tally, want int) int {
	sum := max(t.Valueless-want, 0)
	if t.Max > want {
		sum += excess(c, count, want)
	}
	return sum
}

func excess(c *Candidate, count Count, want int) (sum int) {
	for _, n := range c.Values(count) {
		sum += max(n-want, 0)
	}
	return sum
}
