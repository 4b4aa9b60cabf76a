package constraints

import "strconv"

type balanced struct {
	by      string
	minimum int
}

// Balanced wants the group spread evenly over the values of an attribute: balanced(zone,3).
// It accepts a value that no task of the group has yet, any value while all in use have
// equally many, and otherwise those that have fewer than the most. While fewer than minimum
// values are in use, equally many is not enough: a value in use must have fewer than the
// most. An agent without the attribute is refused; tasks without a value or without a group
// do not count.
//
// It is momentary: it holds when the task is placed. It scores 1 for a value not in use,
// else 1/(2+2n) where n is by how much it exceeds the least filled in use; so one task of
// difference weighs the same in a group of three and of a thousand. A negative minimum is
// an error that wraps [ErrMisuse].
//
// The rule is that of Cook's balanced groups and of Fenzo's BalancedHostAttrConstraint.
func Balanced(attr string, minimum int) (Constraint, error) {
	if minimum < 0 {
		return nil, misuse("a minimum of %d values", minimum)
	}
	return balanced{attr, minimum}, nil
}

func (b balanced) String() string           { return call("balanced", b.by, positive(b.minimum)) }
func (b balanced) Reads(group string) Reads { return readsPeers(group, b.by, false) }

func (b balanced) Judge(c *Candidate) Verdict {
	count, v, ok := c.peers(b.by)
	if !ok {
		return v
	}
	return b.JudgePeers(c.Count(count), func() Tally { return c.Tally(count) })
}

// JudgePeers implements [Peers].
func (b balanced) JudgePeers(n int, spread func() Tally) Verdict {
	t := spread()
	even := t.Min == t.Max && t.Distinct >= b.minimum
	return Verdict{OK: n == 0 || even || n < t.Max, Score: evenness(n, t)}
}

// evenness scores a value with n tasks by how little it is used.
func evenness(n int, t Tally) float64 {
	if n == 0 {
		return 1
	}
	return falling(n-t.Min) / 2
}

// positive writes a number, and nothing where an absent number means zero.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
