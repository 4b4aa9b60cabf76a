package placementtest

import (
	"fmt"
	"hash/fnv"

	"github.com/berth-go/berth/constraints"
)

// probe reads everything a constraint can read and refuses a fifth of all cases, by chance but the same
// for the same readings. So a result made with it is valid only if the round and the replay show a constraint the
// very same world, to the last number.
type probe struct {
	salt       uint64
	groups, by string
}

var attributesRead = []string{"rack", "gen", "zone", "hostname", "@hostname", "@agent"}

// Probe makes the constraint that [Generate] puts on some tasks: one that reads everything a constraint can
// read, counts of the groups by the attribute among it, and refuses a fifth of all cases, by chance.
func Probe(salt uint64, groups, by string) constraints.Constraint { return probe{salt, groups, by} }

// String is the Go code that makes the probe. It has no text form that parses back.
func (p probe) String() string {
	return fmt.Sprintf("placementtest.Probe(%d, %q, %q)", p.salt, p.groups, p.by)
}

func (p probe) counts(group string) []constraints.Count {
	list := []constraints.Count{{Group: p.groups, By: p.by}, {Group: constraints.AnyGroup}, {Group: constraints.AnyGroup, By: p.by}}
	if group != "" {
		list = append(list, constraints.Count{Group: group, By: p.by})
	}
	return list
}

// Reads declares everything.
func (p probe) Reads(group string) constraints.Reads {
	return constraints.Reads{Attributes: append([]string{p.by}, attributesRead...), Counts: p.counts(group), Agent: true, Task: true, Time: true}
}

// Judge hashes what it sees.
func (p probe) Judge(c *constraints.Candidate) constraints.Verdict {
	h := fnv.New64a()
	fmt.Fprintln(h, p, c.Agent(), c.Hostname(), c.Task(), c.Group(), c.Now().UnixNano(), c.Lasts())
	start, end, ok := c.Unavailable()
	fmt.Fprintln(h, start.UnixNano(), end.UnixNano(), ok)
	for _, name := range attributesRead {
		text, ok := c.Value(name)
		fmt.Fprintln(h, text, ok)
	}
	for _, n := range p.counts(c.Group()) {
		fmt.Fprintln(h, c.Count(n), c.Tally(n), c.Domains(n.By), c.GroupSize(n.Group))
		for value, count := range c.Values(n) {
			fmt.Fprintln(h, value, count)
		}
	}
	sum := h.Sum64()
	return constraints.Verdict{OK: sum%5 != 0, Score: float64(sum%101) / 100}
}
