package placement

import (
	"cmp"
	"slices"
)

// Defrag says what is to become free.
type Defrag struct {
	// Device is the kind of device of which shared units are to become free; empty: whole agents.
	Device string
	// Max is how many units or agents to free at most, and MaxMoves how many tasks may be moved; zero: any number.
	Max, MaxMoves int
}

// PlanDefrag finds moves that free whole agents, or whole device units for tasks that ask for whole ones. Those are tried first that
// take the fewest moves. Idle agents and units are free already and not part of the plan.
//
// A unit is freed by moving each of its sharers to a unit that is in use and stays so, on whichever agent, to the one with
// the least left that has room: no other unit becomes used instead. Only tasks that ask for nothing but one share of a device are moved off a unit.
//
// Otherwise what [Engine.PlanScaleDown] says holds here.
func (e *Engine) PlanDefrag(d Defrag, opts ...Option) (plan EmptyPlan, err error) {
	defer recovered(&err)
	l := e.relocate(opts)
	if d.Device != "" {
		return l.freeUnits(&d), nil
	}
	loads := l.loads()
	slices.SortStableFunc(loads, func(x, y agentLoad) int {
		return cmp.Or(cmp.Compare(x.tasks, y.tasks), cmp.Compare(x.used, y.used))
	})
	return l.emptyAll(loads, &ScaleDown{Max: d.Max, MaxMoves: d.MaxMoves}, false), nil
}

// sharedUnit is a unit that several tasks may share and some do.
type sharedUnit struct {
	bin, unit int32
	tasks     []TaskIndex
}

// sharedUnits are the units of a kind all of whose users can be moved, those with the fewest first.
func (l *relocation) sharedUnits(kind string) []*sharedUnit {
	r := l.round
	type key struct{ bin, unit int32 }
	users := map[key]*sharedUnit{}
	var all []*sharedUnit
	for _, t := range r.pending {
		s := r.shapeFor(t)
		if len(s.devices) != 1 || s.devices[0].Kind != kind || s.devices[0].Count > 0 {
			continue
		}
		k := key{int32(r.spots[t].where), r.grantOf(int32(t)).units[0]}
		u := users[k]
		if u == nil {
			u = &sharedUnit{bin: k.bin, unit: k.unit}
			users[k] = u
			all = append(all, u)
		}
		u.tasks = append(u.tasks, t)
	}
	all = slices.DeleteFunc(all, func(u *sharedUnit) bool {
		bn := &r.bins[u.bin]
		return r.loads[r.homes[u.bin].agent].off || int(bn.units[u.unit].users) != len(u.tasks)
	})
	slices.SortStableFunc(all, func(x, y *sharedUnit) int {
		return cmp.Or(cmp.Compare(len(x.tasks), len(y.tasks)), cmp.Compare(x.bin, y.bin), cmp.Compare(x.unit, y.unit))
	})
	return all
}

func (l *relocation) freeUnits(d *Defrag) EmptyPlan {
	r := l.round
	left := d.MaxMoves
	if left <= 0 {
		left = len(r.tasks)
	}
	var plan EmptyPlan
	received := map[*unit]bool{} // they stay as they are: a task is moved once
	for _, u := range l.sharedUnits(d.Device) {
		if d.Max > 0 && len(plan.Units) == d.Max {
			break
		}
		from := &r.bins[u.bin].units[u.unit]
		if len(u.tasks) > left || received[from] {
			continue
		}
		if to, ok := l.freeUnit(u); ok {
			left -= len(u.tasks)
			for _, x := range to {
				received[x] = true
			}
			plan.Units = append(plan.Units, FreedUnit{r.agents[r.homes[u.bin].agent].id, from.kind, from.id})
		}
	}
	plan.Moves = l.moves()
	return plan
}

// freeUnit moves everybody off a unit, or changes nothing.
func (l *relocation) freeUnit(u *sharedUnit) (to []*unit, ok bool) {
	r := l.round
	m := r.Mark()
	for _, t := range u.tasks {
		if !r.mayLeave(t) {
			r.Rollback(m)
			return nil, false
		}
		r.remove(t)
		bin, unit := l.unitFor(t, u)
		if bin < 0 || !r.place(t, BinIndex(bin), []int32{unit}) {
			r.Rollback(m)
			return nil, false
		}
		to = append(to, &r.bins[bin].units[unit])
	}
	return to, true
}

// unitFor is the unit in use, other than the one to be freed, that has least left and room for the task.
func (l *relocation) unitFor(t TaskIndex, not *sharedUnit) (bin, at int32) {
	r := l.round
	q := &r.shapeFor(t).devices[0]
	var best *unit
	bin = -1
	for _, b := range r.liveBins() {
		bn := &r.bins[b]
		if len(bn.units) == 0 || r.check(int32(t), b) < 0 {
			continue
		}
		for j := range bn.units {
			u := &bn.units[j]
			if (b == not.bin && int32(j) == not.unit) || u.users == 0 || !u.accepts(q) || !u.room(q) {
				continue
			}
			if best == nil || u.free < best.free {
				best, bin, at = u, b, int32(j)
			}
		}
	}
	return bin, at
}
