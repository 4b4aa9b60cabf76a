package placement

import (
	"cmp"
	"slices"
)

// ejector improves a round through the gate itself, so that it may move whatever the gate lets move: tasks with ports,
// devices, disks, and requirements that count others. A task that found no place takes that of another, which
// goes elsewhere, perhaps in place of a third: an ejection chain (Glover: "Ejection chains, reference structures and alternating path
// methods for traveling salesman problems", DAM 1996). Then agents are emptied.
type ejector struct {
	*Round
	limit int64
	out   []TaskIndex // the tasks without a place, most valuable first
	moved map[TaskIndex]bool
	// gain is the value of the task that the chain under way is for.
	gain float64
}

// gateSteps is what a look through the gate costs, in steps of the search on rows.
const gateSteps = 16

// chainLength is how many tasks one chain moves at most.
const chainLength = 2

// eject improves the objective as long as there are steps, or nothing better is found.
func (r *Round) eject(steps int64) {
	e := &ejector{Round: r, limit: r.steps + steps, moved: map[TaskIndex]bool{}}
	for length := 1; length <= chainLength && !e.ended(); {
		if e.admit(length) {
			length = 1
		} else {
			length++
		}
	}
	for e.empty() {
	}
}

func (e *ejector) ended() bool { return e.steps >= e.limit || e.Stopped() }

// admit tries to let in each task that has no place.
func (e *ejector) admit(length int) (better bool) {
	e.out = e.out[:0]
	for _, t := range e.queue {
		if e.spots[t].where == NoBin && e.mayBeTried(t) {
			e.out = append(e.out, t)
		}
	}
	slices.SortStableFunc(e.out, func(a, b TaskIndex) int { return cmp.Compare(e.Value(b), e.Value(a)) })
	for _, t := range e.out {
		if e.ended() {
			break
		}
		if e.spots[t].where == NoBin {
			clear(e.moved)
			e.gain = e.Value(t)
			better = e.seat(t, length) || better
		}
	}
	return better
}

// mayBeTried leaves gangs alone, which are placed whole or not at all.
func (e *ejector) mayBeTried(t TaskIndex) bool {
	return e.tasks[t].Gang == "" && e.states[t].barred != e.number
}

// seat places a task where there is room, or at the end of a chain of up to so many tasks moved.
func (e *ejector) seat(t TaskIndex, length int) bool {
	if b, ok := e.First(t); ok && e.Place(t, b) {
		return true
	}
	s := e.shapeFor(t)
	for b := range e.Bins() {
		if length == 0 || e.ended() {
			return false
		}
		if v := int32(b); s.goesTo(e.homes[v].role) && e.couldHold(s, v) && e.seatOn(t, b, length) {
			return true
		}
	}
	return false
}

// couldHold says whether an empty bin would have room.
func (e *ejector) couldHold(s *shape, b int32) bool {
	for v := range int(s.variants) {
		if covers(e.capacityRow(b), s.need[v]) {
			return true
		}
	}
	return false
}

// seatOn lets a task take the place of another on a bin.
func (e *ejector) seatOn(t TaskIndex, b BinIndex, length int) bool {
	for _, v := range slices.Collect(e.On(b)) {
		if e.ended() {
			return false
		}
		if e.moved[v] || !e.mayBeTried(v) {
			continue
		}
		e.steps += gateSteps
		m := e.Mark()
		if !e.Remove(v) {
			continue
		}
		if e.Place(t, b) {
			e.moved[t] = true
			if e.seat(v, length-1) || e.outweighs(v) {
				return true
			}
			delete(e.moved, t)
		}
		e.Rollback(m)
	}
	return false
}

// amends is how many tasks are tried beside one that was ejected.
const amends = 16

// outweighs says whether the chain is worth a task that is left without a place by it. Others may have found one.
func (e *ejector) outweighs(v TaskIndex) bool {
	gain := e.gain
	for _, u := range e.out[:min(len(e.out), amends)] {
		if gain > e.Value(v) || e.ended() {
			break
		}
		if b, ok := e.First(u); ok && e.Place(u, b) {
			gain += e.Value(u)
		}
	}
	return gain > e.Value(v)
}

// empty moves all tasks off agents that only tasks of this round are on, those with the fewest first, to
// agents that are used anyway.
func (e *ejector) empty() (better bool) {
	type candidate struct{ agent, tasks int32 }
	var list []candidate
	for a := range e.agents {
		if n := e.loads[a].tasks; n > 0 && e.loads[a].placed == n {
			list = append(list, candidate{int32(a), n})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.tasks, b.tasks) })
	for _, c := range list {
		if e.ended() {
			break
		}
		m := e.Mark()
		if e.loads[c.agent].tasks > 0 && e.clear(c.agent) {
			better = true
		} else {
			e.Rollback(m)
		}
	}
	return better
}

// clear moves every task of an agent to another one that is in use.
func (e *ejector) clear(a int32) bool {
	for _, b := range e.agents[a].bins {
		for _, t := range slices.Collect(e.On(BinIndex(b))) {
			if !e.resettle(t, a) {
				return false
			}
		}
	}
	return true
}

func (e *ejector) resettle(t TaskIndex, from int32) bool {
	for b := range e.Bins() {
		if e.ended() {
			return false
		}
		if a := e.homes[b].agent; a == from || e.loads[a].tasks == 0 {
			continue
		}
		e.steps += gateSteps
		if e.Move(t, b) {
			return true
		}
	}
	return false
}
