package constraints

import "strconv"

type spread struct {
	by         string
	skew       int
	minDomains int
}

// Spread wants the group spread over all values of an attribute that agents have, with a
// difference of at most maxSkew: spread(zone,1). With the task there, the value must not
// have more than maxSkew tasks above the least filled of all values, those with none
// included. While agents have fewer than minDomains values, the least filled is taken to
// have none: spread(zone,1,3). These are the topology spread constraints of Kubernetes.
//
// An agent without the attribute is refused; a task without a group has no peers. It is
// momentary. It scores like [Balanced]. A skew below 1 or a negative number of domains is
// an error that wraps [ErrMisuse].
func Spread(attr string, maxSkew, minDomains int) (Constraint, error) {
	if maxSkew < 1 {
		return nil, misuse("a skew of at most %d accepts none", maxSkew)
	}
	if minDomains < 0 {
		return nil, misuse("a minimum of %d values", minDomains)
	}
	return spread{attr, maxSkew, minDomains}, nil
}

func (s spread) String() string {
	if s.minDomains == 0 {
		return callExactly("spread", []string{s.by, strconv.Itoa(s.skew)})
	}
	return callExactly("spread", []string{s.by, strconv.Itoa(s.skew), strconv.Itoa(s.minDomains)})
}

func (s spread) Reads(group string) Reads { return readsPeers(group, s.by, false) }

func (s spread) Judge(c *Candidate) Verdict {
	count, v, ok := c.peers(s.by)
	if !ok {
		return v
	}
	n, t := c.Count(count), c.Tally(count)
	least := t.Min
	if domains := c.Domains(s.by); t.Distinct < domains || domains < s.minDomains {
		least = 0
	}
	return Verdict{OK: n+1-least <= s.skew, Score: evenness(n, t)}
}
