package placement

import (
	"context"
	"fmt"
)

// Change is what [Engine.Try] supposes to be different. The zero value supposes nothing. Where an agent or a task is
// named more than once, being removed counts before being drained, and being replaced before having ended or been withdrawn.
type Change struct {
	// Offers are held in addition.
	Offers []Offer
	// Without are offers that have left. What runs on their agents goes on.
	Without []OfferID
	// Remove are agents that are gone, with their offers and with the tasks that run there.
	Remove []AgentID
	// Drain are agents that take no tasks. Those that run there have to go elsewhere: they are pending, before the backlog.
	Drain []AgentID
	// Tasks are pending in addition. One with the ID of a pending task replaces that in its place. One with the ID of a
	// running task replaces that as well: the running one ends, and the new one is pending, before the backlog.
	Tasks []Task
	// Withdraw are pending tasks that are not there.
	Withdraw []TaskID
	// Ended are running tasks that are over.
	Ended []TaskID
}

// Try says what [Engine.Assign] would answer if things were different. The engine is left as it is, and so is
// what its next round gives, to the byte.
//
// The result is that of a fresh [Assign] on the lists of the engine with the change made: tasks that have to move first, in the
// order in which they started, then the backlog, then the tasks that are new. Explanations are given within the usual
// budget, see [WithExplain]. Observers are not told, as nothing happens.
//
// What an ended task held of an ordinary offer comes back, as in Mesos, as a new offer, here with the ID "freed:" and
// the task's: its pieces, where they were asked for (see [WithPieces]), and else its scalars and ports, taken for unreserved. The devices, set items and
// disks it held of an ordinary offer come back with its pieces alone.
//
// Errors are those of [Assign]; what the change names and the engine does not have is an [InputError] with [ErrNotFound]. The cost is
// that of a fresh call, linear in all that the engine holds, not in what changes.
func (e *Engine) Try(ctx context.Context, change Change, opts ...Option) (Result, error) {
	s, err := e.suppose(&change)
	if err != nil {
		return Result{}, err
	}
	c := s.configure(e, opts)
	result, _, err := assign(ctx, s.offers, s.tasks, &c)
	return result, err
}

// supposition is the input of a round that will not happen.
type supposition struct {
	offers  []Offer
	tasks   []Task
	running []Running
	drained []Disabled
}

func (s *supposition) configure(e *Engine, opts []Option) config {
	c := e.configure(opts...)
	WithDisabled(s.drained...)(&c)
	c.running, c.observer = s.running, nil
	if c.explain < 0 {
		c.explain = defaultExplain
	}
	return c
}

// fate is what becomes of a task of the engine.
type fate uint8

const (
	stays fate = iota
	ends
	isWithdrawn
)

// suppose makes the lists of the engine what the change says. Nothing of the engine is changed or shared but what is
// read only.
func (e *Engine) suppose(change *Change) (*supposition, error) {
	var errs InputError
	s := &supposition{}
	drained := e.named(&errs, "drain", change.Drain)
	removed := e.named(&errs, "remove", change.Remove)
	for _, id := range change.Drain {
		s.drained = append(s.drained, Disabled{Agent: id})
	}
	replaced := e.replaced(&errs, change)
	fates := e.fates(&errs, change)
	e.supposeOffers(&errs, change, removed, s)
	var moved []Task
	running := e.running()
	s.running = running[:0]
	for _, h := range running {
		task, again := replaced[h.Task.ID]
		if !again && drained[h.Agent] && !removed[h.Agent] && fates[h.Task.ID] == stays {
			task, again = h.Task, true
		}
		if again {
			moved = append(moved, task)
		} else if fates[h.Task.ID] == stays && !removed[h.Agent] {
			s.running = append(s.running, h)
			continue
		}
		if o, ok := e.freed(&h, change.Offers); ok && !removed[h.Agent] && !drained[h.Agent] {
			s.offers = append(s.offers, o)
		}
	}
	s.offers = append(s.offers, change.Offers...)
	e.supposeTasks(change, moved, replaced, fates, s)
	return s, errs.orNil()
}

// named is the set of agents, all of which the engine knows.
func (e *Engine) named(errs *InputError, where string, ids []AgentID) map[AgentID]bool {
	set := make(map[AgentID]bool, len(ids))
	for i, id := range ids {
		if _, ok := e.round.agentBy(id); !ok {
			errs.add(where, i, string(id), fmt.Errorf("%w: agent %q", ErrNotFound, id))
		}
		set[id] = true
	}
	return set
}

// replaced are the tasks of the change that take the place of others.
func (e *Engine) replaced(errs *InputError, change *Change) map[TaskID]Task {
	set := map[TaskID]Task{}
	for i := range change.Tasks {
		t := change.Tasks[i]
		if _, ok := e.tasks.find(string(t.ID)); !ok {
			continue // assign looks for duplicates among those that are new
		}
		if _, twice := set[t.ID]; twice {
			errs.add("tasks", i, string(t.ID), fmt.Errorf("%w: an earlier task is %q, too", ErrDuplicate, t.ID))
		}
		set[t.ID] = t
	}
	return set
}

// fates says which tasks the change takes away: running ones end, pending ones vanish.
func (e *Engine) fates(errs *InputError, change *Change) map[TaskID]fate {
	set := make(map[TaskID]fate, len(change.Ended)+len(change.Withdraw))
	for i, id := range change.Ended {
		if t, ok := e.tasks.find(string(id)); !ok || e.round.ranOn[t] < 0 {
			errs.add("ended", i, string(id), fmt.Errorf("%w: %q is not running", ErrNotFound, id))
		}
		set[id] = ends
	}
	for i, id := range change.Withdraw {
		if t, ok := e.tasks.find(string(id)); !ok || !e.round.isTask(TaskIndex(t)) {
			errs.add("withdraw", i, string(id), fmt.Errorf("%w: %q is not pending", ErrNotFound, id))
			continue
		}
		set[id] = isWithdrawn
	}
	return set
}

func (e *Engine) supposeOffers(errs *InputError, change *Change, removed map[AgentID]bool, s *supposition) {
	without := make(map[OfferID]bool, len(change.Without))
	for i, id := range change.Without {
		if _, ok := e.offers.find(string(id)); !ok {
			errs.add("without", i, string(id), fmt.Errorf("%w: offer %q", ErrNotFound, id))
		}
		without[id] = true
	}
	s.offers = make([]Offer, 0, e.held+len(change.Offers))
	for o := range e.heldOffers() {
		if !without[o.ID] && !removed[o.Agent] {
			s.offers = append(s.offers, *o)
		}
	}
}

func (e *Engine) supposeTasks(change *Change, moved []Task, replaced map[TaskID]Task, fates map[TaskID]fate, s *supposition) {
	r := e.round
	s.tasks = append(make([]Task, 0, len(moved)+len(r.pending)+len(change.Tasks)), moved...)
	for _, t := range r.pending {
		id := r.tasks[t].ID
		if task, ok := replaced[id]; ok {
			s.tasks = append(s.tasks, task)
		} else if fates[id] != isWithdrawn {
			s.tasks = append(s.tasks, r.tasks[t])
		}
	}
	for i := range change.Tasks {
		if _, old := replaced[change.Tasks[i].ID]; !old {
			s.tasks = append(s.tasks, change.Tasks[i])
		}
	}
}
