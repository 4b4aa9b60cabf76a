package placement

import (
	"cmp"
	"slices"
)

// Wants says whether some pending task would fit on the offers given, all of one agent and one role, if
// they were handed in now: capacity, ports, devices, sets, disks, roles, constraints, limits and tiers considered, but no packer asked.
// It is what a buffer that holds offers back until they are big enough wants to know. Nothing changes, and the
// cost is that of a look for each different question the backlog asks. Bad offers are not wanted; a policy that panics
// is answered with yes, so that the next round reports it. The time, which ends a disable, is that of the last round; so are limits
// and tiers, unless [NewEngine] was given any. Each task is asked about alone: a gang whose first task fits is wanted.
func (e *Engine) Wants(offers []Offer) bool { return e.wants(offers, e.questions) }

// WantsFor is [Engine.Wants] for some of the backlog: it says whether any of the tasks named would fit. A buffer that
// waits for the largest pending task, or for a chosen set, asks for those. Names of no pending task want nothing.
func (e *Engine) WantsFor(offers []Offer, tasks ...TaskID) bool {
	return e.wants(offers, func() []TaskIndex {
		var chosen []TaskIndex
		for _, id := range tasks {
			if t, ok := e.tasks.find(string(id)); ok && e.round.isTask(TaskIndex(t)) {
				chosen = append(chosen, TaskIndex(t))
			}
		}
		return chosen
	})
}

func (e *Engine) wants(offers []Offer, questions func() []TaskIndex) (yes bool) {
	var errs InputError
	in := newIntake(offers)
	validateOffers(&errs, in)
	if len(offers) == 0 || errs.orNil() != nil {
		return false
	}
	defer func() {
		if p := recover(); p != nil {
			yes = true
		}
	}()
	r := e.round
	f := newFleet(in, nil, 0, 1)
	a := r.meetAgent(&offers[0])
	c := e.configure(WithNow(r.now))
	if off := r.offAgents(&c); off != nil && off[a] {
		return false
	}
	if c.limits != nil || c.tiers != nil {
		r.countQuotas(&c)
	}
	r.lift(a)
	for b := range f.bins {
		r.stretchOffered(&c, f, int32(b), a)
		if e.wantsBin(f, int32(b), r.meetAgent(&offers[f.bins[b].first]), questions()) {
			return true
		}
	}
	return false
}

func (e *Engine) wantsBin(f *fleet, b, a int32, questions []TaskIndex) bool {
	r := e.round
	refused := question{shape: -1}
	for _, t := range questions {
		q := r.questionOf(t)
		if q == refused || r.early(t) || r.quotas != nil && !r.quotas.admits(r, t) {
			continue
		}
		s := f.newShape(&r.tasks[t], f.looseRow)
		if f.fit(&s, b) >= 0 && r.allowedOn(int32(t), a) {
			return true
		}
		refused = q
	}
	return false
}

// questionOf is what a task asks between rounds.
func (r *Round) questionOf(t TaskIndex) question {
	q := question{shape: r.states[t].shape, rule: r.states[t].rule}
	if r.tasks[t].GangOneAgent {
		q.gang = r.tasks[t].Gang
	}
	return q
}

// meetAgent finds the agent of an offer, or brings it in without the offer.
func (r *Round) meetAgent(o *Offer) int32 {
	a, ok := r.agentBy(o.Agent)
	if !ok {
		a = r.agent(o.Agent)
		ag := &r.agents[a]
		ag.hostname, ag.attributes, ag.unavailable = hostnameOf(o.Hostname, o.Agent), o.Attributes, o.Unavailable
		r.books.meet()
	}
	return a
}

// questions are pending tasks such that each of the others asks what one of them asks, for one who is charged alike. Those that ask the
// same come one after the other.
func (e *Engine) questions() []TaskIndex {
	r := e.round
	if e.asked != nil && e.askedOf == r.quotas {
		return e.asked
	}
	if e.askedOf = r.quotas; r.quotas != nil {
		r.quotas.guarantee(r)
	}
	type asker struct {
		question
		payer int32
	}
	seen := map[asker]bool{}
	e.asked = []TaskIndex{}
	for _, t := range r.pending {
		if r.early(t) {
			continue
		}
		q := asker{question: r.questionOf(t)}
		if r.quotas != nil {
			q.payer = r.quotas.payerID(r, int32(t))
		}
		if !seen[q] {
			seen[q] = true
			e.asked = append(e.asked, t)
		}
	}
	slices.SortStableFunc(e.asked, func(x, y TaskIndex) int {
		p, q := r.questionOf(x), r.questionOf(y)
		return cmp.Or(cmp.Compare(p.shape, q.shape), cmp.Compare(p.rule, q.rule), cmp.Compare(p.gang, q.gang))
	})
	return e.asked
}
