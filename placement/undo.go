package placement

// change is one entry of the undo log: a placement, or a removal, which has the complement of the task. A placement with the
// complement of the bin and the removal before it are one move, and undone together. Small, because the log is written with
// every change and hardly ever read.
type change struct {
	task int32
	bin  BinIndex
}

// removal is what it takes to undo a removal, as in spot; the latest one is that of the latest such change. If what the task had beyond its
// row is the last of Round.removed, took is the complement.
type removal struct{ turn, took int32 }

func (r *Round) log(c change) { r.undo = append(withRoom(r.undo, 1), c) }

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
		if half = c.bin < 0; half {
			c.bin = ^c.bin
		}
		if c.task < 0 {
			r.restore(^c.task, c.bin)
		} else {
			r.turns = r.spots[c.task].turn
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
	r.spots[t].where = NoBin
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
	r.giveRow(b, r.taken(t))
}

// restore undoes the latest removal: the task gets back just what it had.
func (r *Round) restore(t int32, bin BinIndex) {
	c := r.removals[len(r.removals)-1]
	r.removals = r.removals[:len(r.removals)-1]
	b := int32(bin)
	granted := c.took < 0
	if granted {
		c.took = ^c.took
	}
	r.spots[t] = spot{where: bin, turn: c.turn, ranOn: notRunning, took: c.took}
	r.takeRow(b, r.taken(t))
	if granted {
		g := r.removed[len(r.removed)-1]
		r.removed = r.removed[:len(r.removed)-1]
		s := r.shapeFor(TaskIndex(t))
		r.bins[b].takeGrant(s, g)
		r.settleDevices(s, b, g, -1)
		r.setGrant(t, g)
	}
	r.turns = max(r.turns, c.turn+1)
	if r.linked {
		r.relink(t)
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
	if !r.isTask(t) || !r.mayLeave(t) || !r.present(t) {
		return false
	}
	r.remove(t)
	return true
}

func (r *Round) remove(t TaskIndex) {
	s := &r.spots[t]
	b := s.where
	c := removal{s.turn, s.took}
	if g := r.grantOf(int32(t)); g != nil {
		c.took = ^c.took
		r.removed = append(r.removed, g)
	}
	if c.turn == r.turns-1 {
		r.turns--
	}
	r.leave(int32(t), int32(b))
	r.removals = append(withRoom(r.removals, 1), c)
	r.log(change{^int32(t), b})
}

// mayLeave says whether nothing that was judged after the task was placed can have depended on it.
func (r *Round) mayLeave(t TaskIndex) bool {
	if r.spots[t].where == NoBin {
		return false
	}
	ordered := r.books.ordered && (r.books.allOrdered || r.books.groups[r.ruleFor(t).group].ordered)
	return !ordered || r.spots[t].turn == r.turns-1
}

// Move takes a placed task, of any priority up to the present one, to another bin, or refuses and
// changes nothing: see [Round.Place] and [Round.Remove]. A moved task is the latest in the order.
func (r *Round) Move(t TaskIndex, b BinIndex) bool {
	if !r.isTask(t) || !r.isBin(b) || r.spots[t].where == b || !r.mayLeave(t) {
		return false
	}
	m := r.Mark()
	r.remove(t)
	if r.place(t, b, nil) {
		r.undo[len(r.undo)-1].bin = ^b
		return true
	}
	r.Rollback(m)
	return false
}
