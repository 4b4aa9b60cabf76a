package placement

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// HealthConfig says when an agent counts as a black hole: one on which tasks fail, so that it always has room for more of them.
type HealthConfig struct {
	// Failures is how many failures within Window get an agent banned. At least 1.
	Failures int
	// Window is how long an outcome counts. It must be positive.
	Window time.Duration
	// Distinct is how many different names the failed outcomes must have, see [Outcome.What]: with 2, one
	// broken application does not get agents banned. Zero means 1.
	Distinct int
	// Part is the part of all outcomes in the window that must be failures, from 0 (any) to 1 (all of them).
	Part float64
	// Ban is how long an agent is banned. It must be positive. When an agent is banned again within Window of its return, the
	// ban is twice as long as the last one, but not longer than MaxBan; a MaxBan below Ban means Ban.
	Ban, MaxBan time.Duration
	// MaxBanned is how many agents may be banned at the same time; further ones are not. Zero: any number. It protects a
	// fleet from the day when everything fails everywhere.
	MaxBanned int
}

// Outcome is how a task ended on an agent.
type Outcome struct {
	Agent AgentID
	// What tells apart what failed, for [HealthConfig.Distinct]: the task's group or owner, say.
	What   string
	Failed bool
	At     time.Time
}

// HealthChange says that an agent was banned, or is back.
type HealthChange struct {
	Agent  AgentID
	Banned bool
	// At is when: of a return, when it was due.
	At time.Time
	// Until is when a ban ends.
	Until time.Time
	// Failures and Outcomes are what the window held when the agent was banned.
	Failures, Outcomes int
}

// Disabled is the ban in the terms of [WithDisabled] and [Engine.Disable].
func (c HealthChange) Disabled() Disabled { return Disabled{Agent: c.Agent, Until: c.Until} }

// String says so in a line.
func (c HealthChange) String() string {
	if !c.Banned {
		return fmt.Sprintf("%s is back", c.Agent)
	}
	return fmt.Sprintf("%s is banned until %s: %d of %d outcomes were failures", c.Agent, c.Until.Format(time.RFC3339), c.Failures, c.Outcomes)
}

// Health turns outcomes of tasks into bans of agents. It is told everything, the time included, and does nothing by
// itself: hand the bans to [Engine.Disable], or [Health.Disabled] to [WithDisabled]. A ban ends by itself when its time has come, in the engine
// as well as here; nobody has to be enabled.
//
// Time is that of the latest outcome or [Health.Tick]; it does not run backwards. An outcome costs time linear in those of the agent within
// the window. A Health is for one goroutine at a time; make one with [NewHealth].
type Health struct {
	config HealthConfig
	agents map[AgentID]*agentHealth
	banned int
	now    time.Time
}

type agentHealth struct {
	outcomes []Outcome // within the window, in the order told
	until    time.Time // of the ban, zero: none
	last     time.Duration
	returned time.Time // from the last ban
}

// NewHealth makes a tracker that knows of no outcomes yet. Errors wrap [ErrBadRequest].
func NewHealth(c HealthConfig) (*Health, error) {
	switch {
	case c.Failures < 1:
		return nil, fmt.Errorf("placement: %w: HealthConfig.Failures is %d", ErrBadRequest, c.Failures)
	case c.Window <= 0:
		return nil, fmt.Errorf("placement: %w: HealthConfig.Window is %v", ErrBadRequest, c.Window)
	case c.Ban <= 0:
		return nil, fmt.Errorf("placement: %w: HealthConfig.Ban is %v", ErrBadRequest, c.Ban)
	case !(c.Part >= 0 && c.Part <= 1):
		return nil, fmt.Errorf("placement: %w: HealthConfig.Part is %v", ErrBadRequest, c.Part)
	case c.Distinct < 0 || c.MaxBanned < 0 || c.Distinct > c.Failures:
		return nil, fmt.Errorf("placement: %w: HealthConfig: Distinct is %d of %d failures, MaxBanned is %d", ErrBadRequest, c.Distinct, c.Failures, c.MaxBanned)
	}
	c.MaxBan = max(c.MaxBan, c.Ban)
	return &Health{config: c, agents: map[AgentID]*agentHealth{}}, nil
}

// Record takes note of an outcome and returns what changed: agents that came back until then, and perhaps the outcome's
// agent, banned. An outcome on a banned agent does not count: its tasks were started before. One older than the window does not either.
func (h *Health) Record(o Outcome) []HealthChange {
	changes := h.Tick(o.At)
	if h.now.Sub(o.At) >= h.config.Window {
		return changes
	}
	a := h.agents[o.Agent]
	if a == nil {
		a = &agentHealth{}
		h.agents[o.Agent] = a
	}
	if !a.until.IsZero() {
		return changes
	}
	h.expire(a)
	a.outcomes = append(a.outcomes, o)
	if !o.Failed {
		return changes
	}
	if failures, bad := h.blackHole(a); bad {
		changes = append(changes, h.ban(o.Agent, a, failures))
	}
	return changes
}

// blackHole says whether the outcomes of an agent get it banned, and counts the failures.
func (h *Health) blackHole(a *agentHealth) (failures int, bad bool) {
	var names []string
	for i := range a.outcomes {
		o := &a.outcomes[i]
		if !o.Failed {
			continue
		}
		failures++
		if len(names) < h.config.Distinct && !slices.Contains(names, o.What) {
			names = append(names, o.What)
		}
	}
	bad = failures >= h.config.Failures && len(names) >= h.config.Distinct &&
		float64(failures) >= h.config.Part*float64(len(a.outcomes)) &&
		(h.config.MaxBanned == 0 || h.banned < h.config.MaxBanned)
	return failures, bad
}

func (h *Health) ban(id AgentID, a *agentHealth, failures int) HealthChange {
	length := h.config.Ban
	if a.last > 0 && h.now.Sub(a.returned) < h.config.Window {
		length = min(h.config.MaxBan, 2*a.last)
	}
	a.last, a.until = length, h.now.Add(length)
	h.banned++
	c := HealthChange{Agent: id, Banned: true, At: h.now, Until: a.until, Failures: failures, Outcomes: len(a.outcomes)}
	a.outcomes = nil // it comes back with a clean slate
	return c
}

// expire drops the outcomes that no longer count.
func (h *Health) expire(a *agentHealth) {
	a.outcomes = slices.DeleteFunc(a.outcomes, func(o Outcome) bool { return h.now.Sub(o.At) >= h.config.Window })
}

// Tick lets time pass and returns the agents that are back, those first that were due first, then by id. What is no longer of use is forgotten, in
// time linear in the agents with outcomes.
func (h *Health) Tick(now time.Time) []HealthChange {
	if !now.After(h.now) {
		return nil
	}
	h.now = now
	var changes []HealthChange
	for id, a := range h.agents {
		if !a.until.IsZero() {
			if !now.Before(a.until) {
				changes = append(changes, HealthChange{Agent: id, At: a.until})
				a.returned, a.until = a.until, time.Time{}
				h.banned--
			}
			continue
		}
		h.expire(a)
		if len(a.outcomes) == 0 && now.Sub(a.returned) >= h.config.Window {
			delete(h.agents, id)
		}
	}
	slices.SortFunc(changes, func(x, y HealthChange) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Agent, y.Agent))
	})
	return changes
}

// Next is when the next ban ends; false when nobody is banned.
func (h *Health) Next() (time.Time, bool) {
	var next time.Time
	for _, a := range h.agents {
		if !a.until.IsZero() && (next.IsZero() || a.until.Before(next)) {
			next = a.until
		}
	}
	return next, !next.IsZero()
}

// Disabled lists the agents that are banned, by id.
func (h *Health) Disabled() []Disabled {
	var all []Disabled
	for id, a := range h.agents {
		if !a.until.IsZero() {
			all = append(all, Disabled{Agent: id, Until: a.until})
		}
	}
	slices.SortFunc(all, func(a, b Disabled) int { return cmp.Compare(a.Agent, b.Agent) })
	return all
}
