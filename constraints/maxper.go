package constraints

import "strconv"

type maxPer struct {
	by    string
	limit int
}

// MaxPer wants at most limit tasks of the group, this one included, where the attribute has
// the same value: max_per(rack,2); with an empty attribute, on the same agent. An agent
// without the attribute is refused; a task without a group has no peers. It stands: while
// the task is placed, its group may not grow beyond the limit there. It scores 1 within the
// limit, and 1/(1+n) where n tasks would be too many. A limit below 1 is an error that
// wraps [ErrMisuse].
func MaxPer(attr string, limit int) (Constraint, error) {
	if limit < 1 {
		return nil, misuse("a maximum of %d tasks accepts none", limit)
	}
	return maxPer{attr, limit}, nil
}

func (m maxPer) String() string             { return callExactly("max_per", []string{m.by, strconv.Itoa(m.limit)}) }
func (m maxPer) Reads(group string) Reads   { return readsPeers(group, m.by, true) }
func (m maxPer) Forbids(g string) []Forbid  { return forbidPeers(g, m.by, m.limit-1) }
func (m maxPer) Judge(c *Candidate) Verdict { return judgeAtMost(c, m.by, m.limit-1) }

// JudgePeers implements [Peers].
func (m maxPer) JudgePeers(n int, _ func() Tally) Verdict { return atMost(n, m.limit-1) }

type maxPerAgent struct{ limit int }

// MaxPerAgent wants at most limit tasks of any group on the agent, this one included:
// max_per_agent(20). It stands: while the task is placed, no others may join beyond the
// limit. It scores like [MaxPer]. A limit below 1 is an error that wraps [ErrMisuse].
func MaxPerAgent(limit int) (Constraint, error) {
	if limit < 1 {
		return nil, misuse("a maximum of %d tasks accepts none", limit)
	}
	return maxPerAgent{limit}, nil
}

func (m maxPerAgent) String() string     { return call("max_per_agent", strconv.Itoa(m.limit)) }
func (m maxPerAgent) Reads(string) Reads { return Reads{Counts: []Count{onAgent}, Shrinks: true} }

func (m maxPerAgent) Forbids(string) []Forbid {
	return []Forbid{{Group: AnyGroup, Above: m.limit - 1}}
}

func (m maxPerAgent) Judge(c *Candidate) Verdict {
	n := c.Count(onAgent)
	return Verdict{OK: n < m.limit, Score: falling(n - m.limit + 1)}
}
