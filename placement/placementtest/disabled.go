package placementtest

import (
	"errors"
	"slices"

	"github.com/berth-go/berth/placement"
)

// ErrDisabled: the task is on an agent that is disabled or in no active group.
var ErrDisabled = errors.New("no task on an agent that is off")

// WithDisabled names the disabled agents, as [placement.WithDisabled] does.
func WithDisabled(agents ...placement.Disabled) Option {
	return func(c *checker) { c.disabled = append(c.disabled, agents...) }
}

// WithActiveGroups names the active groups, as [placement.WithActiveGroups] does.
func WithActiveGroups(attribute string, values ...string) Option {
	return func(c *checker) { c.groupBy, c.active = attribute, values }
}

// checkOff checks that the agent takes tasks.
func (c *checker) checkOff(p *place) {
	off := false
	for _, d := range c.disabled {
		if d.Agent == p.a.Agent {
			off = d.Until.IsZero() || d.Until.After(c.now) // the last word counts
		}
	}
	if off {
		c.report(p.a.Task, ErrDisabled, "agent %q is disabled", p.a.Agent)
	}
	if c.groupBy == "" || len(c.active) == 0 {
		return
	}
	s := c.split(c.groupBy)
	if v := s.of[p.bin.agent]; v < 0 || !slices.Contains(c.active, s.values[v]) {
		c.report(p.a.Task, ErrDisabled, "agent %q is in none of the groups %s=%q", p.a.Agent, c.groupBy, c.active)
	}
}
