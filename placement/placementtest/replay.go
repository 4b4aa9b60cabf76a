package placementtest

import (
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
)

// member is a task that counts: running, or replayed.
type member struct {
	group string
	agent int
}

// veto is what placed tasks forbid, and at which values of the attribute how many of them do.
type veto struct {
	forbid constraints.Forbid
	// self: those who forbid it are themselves concerned by it, and do not count themselves.
	self   bool
	split  *split
	by     []int
	source placement.TaskID // the first who forbade it
}

type vetoKey struct {
	forbid constraints.Forbid
	self   bool
}

// replay places the tasks in their order once more, as far as constraints can see.
func (c *checker) replay() {
	c.counts, c.byGroup = map[countKey]*counter{}, map[string][]*counter{}
	c.splits, c.vetoOf = map[string]*split{}, map[vetoKey]*veto{}
	c.sizes = map[string]int{}
	for i := range c.tasks {
		c.sizes[c.tasks[i].Group]++
	}
	for i := range c.running {
		c.sizes[c.running[i].Task.Group]++
	}
	for i := range c.running {
		h := &c.running[i]
		c.arrive(&h.Task, c.agentOf[h.Agent])
	}
	spent, uses := c.spendRunning(), c.tierUses()
	var asking constraints.Candidate
	seat := &seat{c: c}
	for _, p := range c.places {
		c.checkOff(p)
		c.spend(spent, p)
		c.useTier(uses, p.task, true)
		c.checkVetoes(p)
		seat.agent, seat.task = p.bin.agent, p.task
		asking.Reset(seat, string(p.task.ID), p.task.Group)
		for _, q := range p.task.Require {
			if !q.Judge(&asking).OK {
				c.report(p.a.Task, ErrConstraint, "%v refuses agent %q (order %d)", q, p.a.Agent, p.a.Order)
			}
		}
		c.arrive(p.task, p.bin.agent)
	}
}

// checkVetoes checks that nobody who came before forbids the task.
func (c *checker) checkVetoes(p *place) {
	for _, v := range c.vetoes {
		if !concerns(v.forbid, p.task.Group) {
			continue
		}
		value := v.split.of[p.bin.agent]
		if value < 0 || v.by[value] == 0 {
			continue
		}
		if v.forbid.Above > 0 {
			n := c.concerned(v.forbid, p.bin.agent)
			if v.self {
				n--
			}
			if n < v.forbid.Above {
				continue
			}
		}
		c.report(p.a.Task, ErrForbidden, "%q (or another like it) forbids %+v, and is before it on an agent with the same value as agent %q", v.source, v.forbid, p.a.Agent)
	}
}

// concerned is how many tasks that the forbid is about are where the agent is.
func (c *checker) concerned(f constraints.Forbid, agent int) int {
	if !f.Others {
		return c.counter(constraints.Count{Group: f.Group, By: f.By}).at(agent)
	}
	all := c.counter(constraints.Count{Group: constraints.AnyGroup, By: f.By}).at(agent)
	return all - c.counter(constraints.Count{Group: f.Group, By: f.By}).at(agent)
}

// concerns says whether a forbid is about tasks of the group.
func concerns(f constraints.Forbid, group string) bool {
	if f.Group == constraints.AnyGroup {
		return true
	}
	same := group != "" && group == f.Group
	return same != f.Others
}

// arrive puts a task on an agent: it counts from now on, and what it forbids holds.
func (c *checker) arrive(t *placement.Task, agent int) {
	c.past = append(c.past, member{t.Group, agent})
	for _, n := range c.byGroup[constraints.AnyGroup] {
		n.add(agent)
	}
	if t.Group != "" {
		for _, n := range c.byGroup[t.Group] {
			n.add(agent)
		}
	}
	for _, q := range t.Require {
		standing, ok := q.(constraints.Standing)
		if !ok {
			continue
		}
		for _, f := range standing.Forbids(t.Group) {
			c.forbid(f, t, agent)
		}
	}
}

func (c *checker) forbid(f constraints.Forbid, t *placement.Task, agent int) {
	k := vetoKey{f, concerns(f, t.Group)}
	v := c.vetoOf[k]
	if v == nil {
		s := c.split(f.By)
		v = &veto{forbid: f, self: k.self, split: s, by: make([]int, s.size()), source: t.ID}
		c.vetoOf[k] = v
		c.vetoes = append(c.vetoes, v)
	}
	if value := v.split.of[agent]; value >= 0 {
		v.by[value]++
	}
}
