package placement

import (
	"context"
	"slices"
)

// lets says whether the task could be placed in the slot without the victims: what the gate would say then.
func (k *eviction) lets(s *slot, victims []int32) bool {
	return k.permits(s, victims) && k.hasRoom(s, victims)
}

// unruled says that the books have no say: nobody requires anything of others, the task nothing at all, and nothing is limited.
func (k *eviction) unruled() bool {
	r := k.round
	return len(r.books.vetoes) == 0 && len(r.ruleFor(TaskIndex(k.task)).require) == 0 && r.quotas == nil
}

// permits is the part of the gate that asks the books: the victims are taken out of them and put back.
func (k *eviction) permits(s *slot, victims []int32) bool {
	r := k.round
	if k.unruled() {
		return true
	}
	wheres := make([]BinIndex, len(victims))
	for i, v := range victims {
		wheres[i] = r.spots[v].where
		r.spots[v].where, r.ranOn[v] = NoBin, gone
		k.uncount(v, s.agent, -1)
	}
	defer func() {
		for i, v := range victims {
			r.spots[v].where, r.ranOn[v] = wheres[i], s.agent
			k.uncount(v, s.agent, 1)
		}
	}()
	return (r.quotas == nil || r.quotas.admits(r, TaskIndex(k.task))) && r.permits(k.task, s.agent)
}

func (k *eviction) uncount(t, a, n int32) {
	r := k.round
	ru := r.ruleFor(TaskIndex(t))
	r.books.count(ru, a, n)
	if r.quotas != nil {
		r.quotas.count(r, t, int64(n))
	}
	if g := &r.books.groups[ru.group]; g.name != "" {
		g.size += n
	}
	r.population += int(n)
}

// hasRoom builds the one agent as it would be, without anybody's requirements, and asks whether the task fits.
func (k *eviction) hasRoom(s *slot, victims []int32) bool {
	r := k.round
	var offers []Offer
	for _, b := range r.agents[s.agent].bins {
		for i := range r.bins[b].from() {
			offers = append(offers, r.offers[i])
		}
	}
	var stay []Running
	for t := r.agents[s.agent].running; t >= 0; t = r.links[t].next {
		h := *r.runningTask(t)
		if slices.Contains(victims, t) {
			if o, ok := k.engine.freed(&h, nil); ok {
				offers = append(offers, o)
			}
			continue
		}
		h.Task = bare(h.Task)
		stay = append(stay, h)
	}
	slices.Reverse(stay) // those that started first come first
	alone := newRound(intakeOf(offers), []Task{bare(r.tasks[k.task])}, stay, 0, 1)
	alone.begin(context.Background(), &k.config)
	for b := range alone.bins {
		if alone.roleOn(int32(b)) == r.roleNames[s.role] && alone.fit(alone.shapeFor(0), int32(b)) >= 0 {
			return true
		}
	}
	return false
}

// bare is the task without what is judged by the books.
func bare(t Task) Task {
	t.Require, t.Prefer, t.Group = nil, nil, ""
	return t
}

// hopeless says whether ending every task that may be ended would not let the task in, where that means that no fewer would.
func (k *eviction) hopeless(s *slot) bool {
	if s.seen {
		return false
	}
	s.seen = true
	if k.shape.plain && k.unruled() {
		return false // the row sums said all there is to say
	}
	all := tasksOf(k.lodge(s))
	return (k.monotone && !k.permits(s, all)) || !k.hasRoom(s, all)
}

func tasksOf(tenants []tenant) []int32 {
	all := make([]int32, len(tenants))
	for i := range tenants {
		all[i] = tenants[i].task
	}
	return all
}
