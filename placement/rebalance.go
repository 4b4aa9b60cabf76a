package placement

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/berth-go/berth/resources"
)

// Rebalancer is the preemption policy of the Cook scheduler: owners (see [Task.Owner]) who use more than their share make room for those who
// use less. It goes by the dominant resource usage, DRU, of each task: the largest part of its owner's share, in any one resource, that
// the owner's running tasks use up to and including it, those of higher priority and then those that started first coming first.
// A pending task has the DRU of the running task before it in that order, plus what it asks for itself.
type Rebalancer struct {
	// Shares says what an owner is due: for Cook, cpus and mem, or gpus. Resources without a share do not count; a kind of device is named
	// "device:gpu", and a whole unit counts as its capacity. Must not be nil.
	Shares func(owner string) resources.Quantities
	// SafeDRU protects tasks: those with a lower DRU are not ended.
	SafeDRU float64
	// MinDiff is how much the DRU of a victim must be above that of the pending task; it must be more than that.
	MinDiff float64
	// Max is how many pending tasks are looked at, those of the lowest DRU first; zero means 1.
	Max int
	// OverQuota says whether an owner may not have so much, and so many tasks, running. Then the owner's own tasks alone are
	// ended for the owner's task. Nil: nobody has a quota.
	OverQuota func(owner string, needs resources.Quantities, tasks int) bool
}

// Rebalance plans one cycle of Cook's rebalancer. For each pending task in turn, on each agent, tasks that may be ended are given up in the order
// of their DRU, the highest first (of one owner with the same, those later in the owner's order), until the task fits; the agent is taken whose last victim has the highest DRU, an agent with
// room enough first of all, then the one whose oldest offer came first. It is greedy and does not look for the fewest victims: [Engine.PlanPreemption] does.
//
// An agent must pass the requirements of the task with all its tasks in place, those ended earlier in the cycle
// included, and every plan has passed the gate that [Round.Place] is, without the victims. After each plan the next task
// is looked at as if the plan were carried out; victims that are only planned to run are not named. Cook keeps agents with
// more than one victim for the task they make room for: to do so is the caller's part.
//
// The engine stays as it is. The Cost of a plan is minus the lowest DRU of a victim, and minus infinity without victims. Errors are [ErrBadRequest]
// without Shares, and [ErrPolicy]. The time is that of one pass over running and pending tasks for the first plan;
// further ones need a copy of the engine.
func (e *Engine) Rebalance(c Rebalancer, opts ...Option) (plans []Preemption, err error) {
	if c.Shares == nil {
		return nil, fmt.Errorf("placement: %w: Rebalancer.Shares is nil", ErrBadRequest)
	}
	defer recovered(&err)
	b := rebalance{Rebalancer: c, state: e, options: opts, planned: map[TaskID]bool{}}
	queue := b.queue()
	for i, id := range queue {
		plan, ok, err := b.decide(id)
		if err != nil {
			return plans, err
		}
		if !ok {
			continue
		}
		if i+1 < len(queue) {
			if b.state == e {
				b.state = e.twin()
			}
			if err := b.carryOut(&plan); err != nil {
				return plans, err
			}
		}
		plan.Victims = slices.DeleteFunc(plan.Victims, func(v TaskID) bool { return b.planned[v] })
		b.planned[id] = true
		plans = append(plans, plan)
	}
	return plans, nil
}

// rebalance is one cycle.
type rebalance struct {
	Rebalancer
	state   *Engine // as if the plans so far were carried out
	usage   *usage  // in the state; nil when out of date
	options []Option
	ended   []Running // by the plans so far
	planned map[TaskID]bool
}

// queue is the pending tasks to look at.
func (b *rebalance) queue() []TaskID {
	r := b.state.round
	b.usage = b.state.usage(b.Shares)
	u := b.usage
	type waiting struct {
		task TaskIndex
		dru  float64
	}
	pending := make([]waiting, len(r.pending))
	for i, t := range r.pending {
		pending[i] = waiting{t, u.dru[u.position(int32(t))]}
	}
	slices.SortStableFunc(pending, func(x, y waiting) int { return cmp.Compare(x.dru, y.dru) })
	var ids []TaskID
	for _, x := range pending[:min(len(pending), max(1, b.Max))] {
		ids = append(ids, r.tasks[x.task].ID)
	}
	return ids
}

// decide finds the victims for one task.
func (b *rebalance) decide(id TaskID) (Preemption, bool, error) {
	k, undo, err := b.state.evicting(id, b.options)
	if err != nil {
		return Preemption{}, false, err
	}
	defer undo()
	k.needs = k.needRows()
	if b.usage == nil {
		b.usage = b.state.usage(b.Shares)
	}
	d := decision{eviction: k, usage: b.usage, ended: b.ended}
	for i := range k.slots {
		s := &k.slots[i]
		if k.coveredBy(k.free(s)) && d.passes(s) && k.lets(s, nil) {
			return k.plan(s, nil, math.Inf(-1)), true, nil
		}
	}
	d.candidates(&b.Rebalancer)
	plan, ok := d.giveUp()
	return plan, ok, nil
}

// decision is the search for the victims of one task: running tasks are given up, the highest DRU first, until some slot has room.
type decision struct {
	*eviction
	usage *usage
	ended []Running
	// heap has, of each owner, the next to be given up: an owner's DRU rise along the queue, so that it is all owners' tasks merged from their ends.
	heap  []endable
	least func(dru float64) bool // whether a task of such a DRU may be ended
	given []given                // all that was given up, in order
	at    []prefix               // per slot
	have  []int64                // a row a slot: what is free without those given up
}

// endable is a running task that may be ended, the last of its owner's that was not given up.
type endable struct {
	dru      float64
	turn     int32 // when it started, after the first of all that run
	at, from int32 // its position in the queue, and that of the owner's first
}

// sooner says whether a candidate is given up before another.
func (c endable) sooner(o endable) bool {
	return c.dru > o.dru || (c.dru == o.dru && c.turn > o.turn)
}

// sink restores the heap below a position. It is container/heap without the calls through an interface.
func (d *decision) sink(i int) {
	h := d.heap
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if right := child + 1; right < len(h) && h[right].sooner(h[child]) {
			child = right
		}
		if !h[child].sooner(h[i]) {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

// next takes the next to be given up from the heap, and puts the owner's next in its place.
func (d *decision) next() endable {
	first := d.heap[0]
	if c, ok := d.lastOf(first.from, first.at); ok {
		d.heap[0] = c
	} else {
		last := len(d.heap) - 1
		d.heap[0] = d.heap[last]
		d.heap = d.heap[:last]
	}
	d.sink(0)
	return first
}

// lastOf is the last candidate in a part of the queue that is of one owner.
func (d *decision) lastOf(from, to int32) (endable, bool) {
	u := d.usage
	for at := to - 1; at >= from; at-- {
		x := &u.queue[at]
		if u.waiting(x) {
			continue
		}
		dru := u.dru[at]
		return endable{dru, int32(x.key & (1<<u.bits.pending - 1)), at, from}, d.least(dru)
	}
	return endable{}, false
}

// prefix is what was given up in one slot.
type prefix struct {
	last           int32 // in given, plus one; zero: nothing yet
	asked, refused bool  // by the requirements of the task
}

// given is a task that was given up, and the one before it in the same slot, plus one.
type given struct{ task, before int32 }

// candidates finds, for each owner, the first task to be given up.
func (d *decision) candidates(c *Rebalancer) {
	u := d.usage
	own := c.OverQuota != nil && d.overQuota(c)
	mine := u.pendingDRU(d.task)
	d.least = func(dru float64) bool { return dru >= c.SafeDRU && dru-mine > c.MinDiff }
	for _, run := range u.runs {
		if own && u.of[u.queue[run.from].task] != u.of[d.task] {
			continue
		}
		if x, ok := d.lastOf(run.from, run.to); ok {
			d.heap = append(d.heap, x)
		}
	}
	for i := len(d.heap)/2 - 1; i >= 0; i-- {
		d.sink(i)
	}
}

// overQuota says whether the task would be too much for its owner.
func (d *decision) overQuota(c *Rebalancer) bool {
	needs, n := d.of(d.task).Needs, 1
	for t := range d.round.spots {
		a := d.round.ranOn[t]
		if a >= 0 && d.usage.of[t] == d.usage.of[d.task] {
			needs = needs.Plus(d.of(int32(t)).Needs)
			n++
		}
	}
	return c.OverQuota(ownerOf(d.of(d.task)), needs, n)
}

func (d *decision) giveUp() (Preemption, bool) {
	for len(d.heap) > 0 {
		next := d.next()
		x := &d.usage.queue[next.at]
		at := d.slotFor(x.task, d.round.ranOn[x.task])
		if at < 0 {
			continue
		}
		have := d.give(x, at)
		p, s := &d.at[at], &d.slots[at]
		if p.refused || !d.coveredBy(have) {
			continue
		}
		if !p.asked {
			p.asked, p.refused = true, !d.passes(s)
		}
		if p.refused {
			continue
		}
		var victims []int32
		for i := p.last; i > 0; i = d.given[i-1].before {
			victims = append(victims, d.given[i-1].task)
		}
		slices.Reverse(victims)
		if d.lets(s, victims) {
			return d.plan(s, victims, -next.dru), true
		}
	}
	return Preemption{}, false
}

// give takes note of a task given up and returns what is free in its slot then.
func (d *decision) give(x *ranked, at int32) []int64 {
	w := d.round.stride
	if n := len(d.slots); n > len(d.at) { // slots without bins come up on the way
		d.at = append(d.at, make([]prefix, n-len(d.at))...)
		d.have = append(d.have, make([]int64, n*w-len(d.have))...)
	}
	p, have := &d.at[at], d.have[int(at)*w:(int(at)+1)*w]
	if p.last == 0 {
		copy(have, d.free(&d.slots[at]))
	}
	d.given = append(d.given, given{x.task, p.last})
	p.last = int32(len(d.given))
	for c, n := range d.usage.need(x) {
		have[c] += n
	}
	return have
}

// passes says whether the task may go to the agent as things are, tasks ended by earlier plans counting as there.
func (d *decision) passes(s *slot) bool {
	r := d.round
	count := func(n int32) {
		for i := range d.ended {
			if a, ok := r.agentBy(d.ended[i].Agent); ok {
				r.books.count(&r.ruler.rules[r.ruler.of(&d.ended[i].Task)], a, n)
			}
		}
	}
	count(1)
	defer count(-1)
	return r.permits(d.task, s.agent)
}

// coveredBy says whether a row covers what the task needs.
func (k *eviction) coveredBy(have []int64) bool {
	return have != nil && slices.ContainsFunc(k.needs, func(need []int64) bool { return covers(have, need) })
}

// twin is an engine of its own that holds what this one holds, but for gangs: their tasks are looked at one by one.
func (e *Engine) twin() *Engine {
	t := NewEngine(e.options...)
	pending := e.Pending()
	for i := range pending {
		pending[i].Gang = ""
	}
	t.build(e.Offers(), pending, e.running())
	t.active = e.active
	t.Disable(e.Disabled()...)
	return t
}

// carryOut makes a plan true in the state: the victims end, and the task takes their place.
func (b *rebalance) carryOut(p *Preemption) error {
	e := b.state
	b.usage = nil
	var freed []Offer
	for _, id := range p.Victims {
		t, _ := e.tasks.find(string(id))
		h := *e.round.runningTask(t)
		b.ended = append(b.ended, h)
		if o, ok := e.freed(&h, nil); ok {
			o.ID = OfferID(fmt.Sprintf("%s:%d", o.ID, len(b.ended)))
			freed = append(freed, o)
		}
	}
	e.Ended(p.Victims...)
	if err := e.AddOffers(freed...); err != nil {
		return err
	}
	place := PackerFunc(func(r *Round) {
		for t := range r.Pending() {
			for bin := range r.Bins() {
				if agent, role := r.Agent(bin); agent == p.Agent && role == p.Role && r.Task(t).ID == p.Task {
					r.Place(t, bin)
				}
			}
		}
	})
	_, err := e.Assign(context.Background(), append(slices.Clone(b.options), WithPacker(place), WithOrder(AsGiven), WithBudget(0), WithExplain(0), WithObserver(nil))...)
	return err
}
