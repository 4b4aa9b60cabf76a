package placement

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Disabled is an agent that takes no new tasks. What runs there goes on, and counts.
type Disabled struct {
	Agent AgentID
	// Until is when it takes tasks again, by the time of [WithNow]; zero: not by itself.
	Until time.Time
}

// holds says whether the agent is still disabled.
func (d Disabled) holds(now time.Time) bool { return d.Until.IsZero() || now.Before(d.Until) }

// WithDisabled keeps new tasks off agents: no packer can place one there, and a failure counts such an agent as
// [CauseDisabled] alone. Agents that are not known do no harm. The option adds to earlier ones; the later word on an
// agent counts.
func WithDisabled(agents ...Disabled) Option {
	return func(c *config) {
		for _, d := range agents {
			c.disabled = c.disabled.with(d)
		}
	}
}

// WithActiveGroups keeps new tasks off all agents but those whose attribute has one of the values; an agent without
// the attribute is off, too. The attribute is read as constraints read it: "hostname", "@zone" and so on. A failure counts the others
// as [CauseInactive]. No attribute or no values: all agents are active. A later option replaces an earlier one.
func WithActiveGroups(attribute string, values ...string) Option {
	active := make(map[string]bool, len(values))
	for _, v := range values {
		active[v] = true
	}
	if attribute == "" || len(values) == 0 {
		attribute, active = "", nil
	}
	return func(c *config) { c.groupBy, c.active = attribute, active }
}

// disabledSet is who is disabled until when. Options share it: with copies.
type disabledSet map[AgentID]time.Time

func (s disabledSet) with(d Disabled) disabledSet {
	s = maps.Clone(s)
	if s == nil {
		s = disabledSet{}
	}
	s[d.Agent] = d.Until
	return s
}

// list is the set by id.
func (s disabledSet) list() []Disabled {
	all := make([]Disabled, 0, len(s))
	for id, until := range s {
		all = append(all, Disabled{id, until})
	}
	slices.SortFunc(all, func(a, b Disabled) int { return cmp.Compare(a.Agent, b.Agent) })
	return all
}

// Disable keeps new tasks off agents from the next round on, see [WithDisabled]. The later word on an agent counts. An agent need
// not be known yet. Disables that are over are forgotten in the first round whose time says so.
func (e *Engine) Disable(agents ...Disabled) {
	if e.disabled == nil {
		e.disabled = disabledSet{}
	}
	for _, d := range agents {
		e.disabled[d.Agent] = d.Until
	}
}

// Enable lets agents take tasks again. It returns those that were not disabled.
func (e *Engine) Enable(ids ...AgentID) (unknown []AgentID) {
	for _, id := range ids {
		if _, ok := e.disabled[id]; !ok {
			unknown = append(unknown, id)
		}
		delete(e.disabled, id)
	}
	return unknown
}

// Disabled lists the agents that [Engine.Disable] named, by id.
func (e *Engine) Disabled() []Disabled { return e.disabled.list() }

// SetActiveGroups is [WithActiveGroups] for every round from now on.
func (e *Engine) SetActiveGroups(attribute string, values ...string) {
	e.active = WithActiveGroups(attribute, values...)
}

// UnusableOffers lists the offers held that no task can use at a time, oldest first, because their agents are disabled or
// in no active group: those to be declined.
func (e *Engine) UnusableOffers(now time.Time) []OfferID {
	c := e.configure(WithNow(now))
	r := e.round
	off := r.offAgents(&c)
	var all []OfferID
	for o := range e.heldOffers() {
		if off != nil && off[r.known(o.Agent)] {
			all = append(all, o.ID)
		}
	}
	return all
}

// configure is the configuration of a round: what the engine was given and then what the round is given.
func (e *Engine) configure(opts ...Option) config {
	c := newConfig([]Option{WithExplain(-1)}, e.options, []Option{e.active}, opts)
	for id, until := range e.disabled {
		if _, given := c.disabled[id]; given {
			continue // the round's own word counts
		}
		if c.disabled == nil {
			c.disabled = make(disabledSet, len(e.disabled))
		}
		c.disabled[id] = until
	}
	return c
}

// forgetDisables drops the disables that are over.
func (e *Engine) forgetDisables(now time.Time) {
	maps.DeleteFunc(e.disabled, func(id AgentID, until time.Time) bool { return !Disabled{id, until}.holds(now) })
}

// offAgents says of every agent whether it is disabled or in no active group; nil when none is.
func (r *Round) offAgents(c *config) []bool {
	if len(c.disabled) == 0 && c.groupBy == "" {
		return nil
	}
	off := make([]bool, len(r.agents))
	for id, until := range c.disabled {
		if a, ok := r.agentBy(id); ok && (Disabled{id, until}).holds(c.now) {
			off[a] = true
		}
	}
	if c.groupBy == "" {
		return off
	}
	part := r.books.partition(c.groupBy)
	active := make([]bool, r.books.partitions[part].size())
	for v := range active {
		active[v] = c.active[r.books.text(part, int32(v))]
	}
	for a, v := range r.books.partitions[part].of {
		off[a] = off[a] || v < 0 || !active[v]
	}
	return off
}

// disable takes agents out of service, and back into it, as a round's options say. The rows of an agent that is off are put
// aside and zero, so that indexes pass it over; the gate refuses what needs nothing.
func (r *Round) disable(c *config) {
	r.groupBy, r.active = c.groupBy, c.active
	off := r.offAgents(c)
	if off == nil && r.offs == 0 {
		return
	}
	for a := range r.agents {
		switch want := off != nil && off[a]; {
		case want && !r.loads[a].off:
			r.sink(int32(a))
		case !want && r.loads[a].off:
			r.lift(int32(a))
		}
	}
}

func (r *Round) sink(a int32) {
	r.loads[a].off = true
	r.offs++
	for _, b := range r.agents[a].bins {
		if r.sunk == nil {
			r.sunk = map[int32][]int64{}
		}
		r.sunk[b] = slices.Clone(r.freeRow(b))
		clear(r.freeRow(b))
		r.touch(touch(b << 1))
	}
}

// lift brings the agent's rows back. Whatever is about to change them between rounds calls it.
func (r *Round) lift(a int32) {
	if !r.loads[a].off {
		return
	}
	r.loads[a].off = false
	r.offs--
	for _, b := range r.agents[a].bins {
		if row, ok := r.sunk[b]; ok {
			copy(r.freeRow(b), row)
			delete(r.sunk, b)
			r.renewed(b)
		}
	}
}

// whyOff is the reason why an agent that is off is so.
func (r *Round) whyOff(a int32) Reason {
	if r.groupBy == "" {
		return Reason{Cause: CauseDisabled}
	}
	part := r.books.partition(r.groupBy)
	v := r.books.partitions[part].of[a]
	if v < 0 {
		return Reason{Cause: CauseInactive, What: "no " + r.groupBy}
	}
	if value := r.books.text(part, v); !r.active[value] {
		return Reason{Cause: CauseInactive, What: r.groupBy + "=" + value}
	}
	return Reason{Cause: CauseDisabled}
}
