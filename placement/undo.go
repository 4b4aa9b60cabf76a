package placement

// Mark is a state of a round to which [Round.Rollback] can return.
type Mark int

// Mark notes the present state. It costs nothing.
func (r *Round) Mark() Mark { return Mark(len(r.undo)) }

// Rollback undoes, exactly, every Place, Move and Remove since the mark. A mark of the future changes
// nothing; one of a state that was itself undone leads to some state the round was in since. It costs the number
// of changes undone.
func (r *Round) Rollback(m Mark) {
	if m < r.floor {
		m = r.floor
	}
	for half := false; len(r.undo) > int(m) || half; {
		c := r.undo[len(r.undo)-1]
		r.undo = r.undo[:len(r.undo)-1]
		half = c.moved
		if c.removed {
			r.restore(c)
		} else {
			r.turns = r.states[c.task].turn
			r.leave(c.task, int32(c.bin))
		}
	}
}

// leave takes a task off its bin.
func (r *Round) leave(t, b int32) {
	r.giveBack(t, b)
	if r.linked {
		r.unlink(t)
	}
	r.states[t].where = NoBin
	r.tally(t, b, -1)
	r.epoch++
}

// giveBack returns to the bin what the task holds of it.
func (r *Round) giveBack(t, b int32) {
	if g := r.grantOf(t); g != nil {
		s := r.shapeFor(TaskIndex(t))
		r.settleDevices(s, b, g, 1)
		r.bins[b].returnGrant(s, g)
		r.grant[t] = nil
	}
	row := r.freeRow(b)
	for i, n := range r.taken(t) {
		row[i] += n
	}
}

// restore undoes a removal: the task gets back just what it had.
func (r *Round) restore(c change) {
	t, b := c.task, int32(c.bin)
	st := &r.states[t]
	st.where, st.variant, st.turn = c.bin, c.variant, c.turn
	row := r.freeRow(b)
	for i, n := range r.taken(t) {
		row[i] -= n
	}
	if c.grant >= 0 {
		g := r.removed[c.grant]
		r.removed = r.removed[:c.grant]
		s := r.shapeFor(TaskIndex(t))
		r.bins[b].takeGrant(s, g)
		r.settleDevices(s, b, g, -1)
		r.setGrant(t, g)
	}
	r.turns = max(r.turns, c.turn+1)
	if r.linked {
		r.relink(t, c.next, c.prev) // it may have been elsewhere in the meantime
	}
	r.tally(t, b, 1)
	for _, id := range r.books.groups[r.ruleFor(TaskIndex(t)).group].counters {
		r.books.counters[id].known = false // it may come before the first
	}
}

// Remove takes a task of the present priority off its bin. It refuses when the task is not
// placed, and when tasks placed after it may have been let in because it was there: then only the
// latest placement can be removed, or all since a mark rolled back.
func (r *Round) Remove(t TaskIndex) bool {
	if !r.isTask(t) || !r.mayLeave(t) || r.states[t].priority != r.priority {
		return false
	}
	r.remove(t)
	return true
}

func (r *Round) remove(t TaskIndex) {
	st := &r.states[t]
	b := st.where
	c := change{task: int32(t), bin: b, removed: true, variant: st.variant, turn: st.turn, grant: -1}
	if g := r.grantOf(int32(t)); g != nil {
		c.grant = int32(len(r.removed))
		r.removed = append(r.removed, g)
	}
	if c.turn == r.turns-1 {
		r.turns--
	}
	r.leave(int32(t), int32(b))
	if c.next, c.prev = unlinked, unlinked; r.linked {
		c.next, c.prev = st.next, st.prev
	}
	r.undo = append(r.undo, c)
}

// mayLeave says whether nothing that was judged after the task was placed can have depended on it.
func (r *Round) mayLeave(t TaskIndex) bool {
	if r.states[t].where == NoBin {
		return false
	}
	ordered := r.books.ordered && (r.books.allOrdered || r.books.groups[r.ruleFor(t).group].ordered)
	return !ordered || r.states[t].turn == r.turns-1
}

// Move takes a placed task, of any priority up to the present one, to another bin, or refuses and
// changes nothing: see [Round.Place] and [Round.Remove]. A moved task is the latest in the order.
func (r *Round) Move(t TaskIndex, b BinIndex) bool {
	if !r.isTask(t) || !r.isBin(b) || r.states[t].where == b || !r.mayLeave(t) {
		return false
	}
	m := r.Mark()
	r.remove(t)
	if r.place(t, b, nil) {
		r.undo[len(r.undo)-1].moved = true
		return true
	}
	r.Rollback(m)
	return false
}
