package placement

import (
	"fmt"
	"slices"

	"github.com/berth-go/berth/resources"
)

// Submit adds tasks to the backlog. Bad ones are refused, see [InputError]; the others are taken all the
// same. A task is validated once, here. The slices of a task must not change from now on.
func (e *Engine) Submit(tasks ...Task) error {
	var errs InputError
	r := e.round
	e.asked, r.backlog.known = nil, false
	r.tasks, r.spots, r.states = withRoom(r.tasks, len(tasks)), withRoom(r.spots, len(tasks)), withRoom(r.states, len(tasks))
	r.turn, r.ranOn = withRoom(r.turn, len(tasks)), withRoom(r.ranOn, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		if !e.checkTask(&errs, "tasks", i, t) {
			continue
		}
		at := int32(len(r.tasks))
		r.tasks = append(r.tasks, *t)
		r.enter(t)
		r.pending = append(r.pending, TaskIndex(at))
		e.tasks.add(string(t.ID), at)
		if t.Gang != "" {
			g := e.gangs[t.Gang]
			if g == nil {
				g = &gangOf{gangTerms: termsOf(t)}
				e.gangs[t.Gang] = g
			}
			g.tasks++
		}
	}
	r.recountFresh()
	return errs.orNil()
}

// withRoom is a list with room for n more. It doubles when it is full: the tables of tasks are large, and appending would copy them
// five times as they grow.
func withRoom[T any](list []T, n int) []T {
	if cap(list)-len(list) >= n {
		return list
	}
	return slices.Grow(list, max(n, len(list)))
}

// checkTask validates a task; false when it is bad.
func (e *Engine) checkTask(errs *InputError, where string, i int, t *Task) bool {
	before := len(errs.Offenders) + errs.More
	validateTask(errs, where, i, t, true)
	if _, known := e.tasks.find(string(t.ID)); known {
		errs.add(where, i, string(t.ID), fmt.Errorf("%w: task %q is pending or running already", ErrDuplicate, t.ID))
	}
	if g := e.gangs[t.Gang]; t.Gang != "" && g != nil {
		if err := g.check(t); err != nil {
			errs.add(where, i, string(t.ID), err)
		}
	}
	return len(errs.Offenders)+errs.More == before
}

// leaveGang takes a task that is no longer pending out of its gang.
func (e *Engine) leaveGang(t int32) {
	name := e.round.tasks[t].Gang
	if name == "" || e.gangs[name] == nil {
		return
	}
	if e.gangs[name].tasks--; e.gangs[name].tasks == 0 {
		delete(e.gangs, name)
	}
}

// Withdraw takes pending tasks out of the backlog. It returns the ids that are not pending.
func (e *Engine) Withdraw(ids ...TaskID) (unknown []TaskID) {
	r := e.round
	e.asked, r.backlog.known = nil, false
	found := false
	for _, id := range ids {
		t, ok := e.tasks.find(string(id))
		if !ok || !r.isTask(TaskIndex(t)) {
			unknown = append(unknown, id)
			continue
		}
		found = true
		e.leaveGang(t)
		e.drop(t)
	}
	if found {
		r.pending = slices.DeleteFunc(r.pending, func(t TaskIndex) bool { return r.ranOn[t] == gone })
	}
	return unknown
}

// drop takes a task that is neither placed nor running any more out of the tables.
func (e *Engine) drop(t int32) {
	r := e.round
	e.tasks.remove(string(r.tasks[t].ID))
	delete(e.tries, r.tasks[t].ID)
	if g := &r.books.groups[r.ruleFor(TaskIndex(t)).group]; g.name != "" {
		g.size--
	}
	r.ranOn[t], r.spots[t] = gone, r.spots[t].foreign()
	r.population--
	e.vacateTask(t)
	e.gone++
}

// Started tells the engine of tasks that run already, started by somebody else or before this process
// did. Bad ones are refused; the others are taken all the same. A pending task of the same ID is running from now on.
func (e *Engine) Started(running ...Running) error {
	var errs InputError
	r := e.round
	anew := false
	for i := range running {
		h := running[i]
		if t, ok := e.tasks.find(string(h.Task.ID)); ok && r.isTask(TaskIndex(t)) {
			e.Withdraw(h.Task.ID)
		}
		before := len(errs.Offenders) + errs.More
		validateHeld(&errs, i, &h)
		if !e.checkTask(&errs, "running", i, &h.Task) || len(errs.Offenders)+errs.More > before || !e.checkHeld(&errs, i, &h) {
			continue
		}
		anew = anew || !r.hasColumns(&h)
		at := int32(len(r.tasks))
		r.tasks = append(r.tasks, h.Task)
		r.know(&h)
		r.books.meet()
		r.enter(&h.Task)
		r.recountFresh()
		e.tasks.add(string(h.Task.ID), at)
		r.start(at, &h)
		if !r.drawAtOnce(at) {
			r.renewAgent(r.ranOn[at])
		}
		if k := e.roster; k != nil && at < k.next {
			k.told(r, at, &h)
		}
	}
	if anew {
		e.rebuild(nil)
	}
	return errs.orNil()
}

// renewAgent fills the bins of an agent anew after its running tasks changed.
func (r *Round) renewAgent(a int32) {
	r.lift(a)
	r.shifts++
	for _, b := range r.agents[a].bins {
		r.refill(b)
		r.renewed(b)
	}
}

// Ended tells the engine that running tasks have ended, or that their launch failed. What they held of
// standing offers is free again. It returns the ids that are not running.
func (e *Engine) Ended(ids ...TaskID) (unknown []TaskID) {
	r := e.round
	for _, id := range ids {
		t, ok := e.tasks.find(string(id))
		if !ok || r.ranOn[t] < 0 {
			unknown = append(unknown, id)
			continue
		}
		a := r.ranOn[t]
		r.stop(t, a)
		delete(r.pieces, t)
		e.drop(t)
	}
	return unknown
}

// stop takes a running task off its agent.
func (r *Round) stop(t, a int32) {
	r.lift(a)
	ag := &r.agents[a]
	if next, prev := r.links[t].next, r.links[t].prev; prev >= 0 {
		r.links[prev].next = next
	} else {
		ag.running = next
	}
	if next := r.links[t].next; next >= 0 {
		r.links[next].prev = r.links[t].prev
	}
	if ag.running < 0 && len(ag.bins) == 0 {
		r.lives++
	}
	r.books.count(r.ruleFor(TaskIndex(t)), a, -1)
	if r.gangs {
		r.countGang(t, a, -1)
	}
	if r.quotas != nil {
		r.quotas.count(r, t, -1)
	}
	delete(r.held, t)
	if b := r.spots[t].where; b != NoBin {
		r.giveBack(t, int32(b))
		r.spots[t].where = NoBin
		r.renewed(int32(b))
		return
	}
	r.renewAgent(a)
}

// keepPieces remembers which resources a running task holds of a standing offer.
func (r *Round) keepPieces(t int32, p resources.Resources) {
	if r.pieces == nil {
		r.pieces = map[int32]resources.Resources{}
	}
	r.pieces[t] = p
}
