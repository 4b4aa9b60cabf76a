package placement

// change is one entry of the undo log: a placement, or a removal, which has the complement of the task. A placement with the
// complement of the bin and the removal before it are one move, and undone together. Small, because the log is written with
// every change and hardly ever read.
type change struct {
	task int32
	bin  BinIndex
}

// former is where a task was before it was placed once more, and taken back what a task had beyond its row before it was removed: what is
// not read off when the change at that position of the log is undone. A task that is on no bin keeps its turn and what it took in its spot.
type (
	former struct {
		at         int
		turn, took int32
	}
	takenBack struct {
		at    int
		grant *grant
	}
)

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
			r.unplace(c.task, int32(c.bin))
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
		r.returnGrant(b, s, g)
		r.grant[t] = nil
	}
	r.returnRow(t, b)
}

// unplace undoes the latest placement.
func (r *Round) unplace(t, b int32) {
	r.turns = r.turn[t]
	r.leave(t, b)
	r.turn[t] = neverPlaced
	if n := len(r.formers); n > 0 && r.formers[n-1].at == len(r.undo) {
		r.turn[t], r.spots[t].took = r.formers[n-1].turn, r.formers[n-1].took
		r.lookUp(t)
		r.formers = r.formers[:n-1]
	}
}

// restore undoes the latest removal: the task gets back just what it had.
func (r *Round) restore(t int32, bin BinIndex) {
	b := int32(bin)
	r.spots[t].where = bin
	r.takeRow(b, r.taken(t))
	if n := len(r.backs); n > 0 && r.backs[n-1].at == len(r.undo) {
		g := r.backs[n-1].grant
		r.backs = r.backs[:n-1]
		sh := r.shapeFor(TaskIndex(t))
		r.takeGrant(b, sh, g)
		r.settleDevices(sh, b, g, -1)
		r.setGrant(t, g)
	}
	r.turns = max(r.turns, r.turn[t]+1)
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
	b := r.spots[t].where
	if g := r.grantOf(int32(t)); g != nil {
		r.backs = append(r.backs, takenBack{len(r.undo), g})
	}
	if r.books.ordered && r.turn[t] == r.turns-1 { // else turns need not be without gaps
		r.turns--
	}
	r.leave(int32(t), int32(b))
	r.log(change{^int32(t), b})
}

// mayLeave says whether nothing that was judged after the task was placed can have depended on it.
func (r *Round) mayLeave(t TaskIndex) bool {
	if r.spots[t].where == NoBin {
		return false
	}
	ordered := r.books.ordered && (r.books.allOrdered || r.books.groups[r.ruleFor(t).group].ordered)
	return !ordered || r.turn[t] == r.turns-1
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
