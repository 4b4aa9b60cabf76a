package placement

// abandon undoes a round that went wrong, and forgets whatever a policy may have left half done.
func (r *Round) abandon() {
	r.floor = 0
	r.Rollback(0)
	r.quotas = nil
	r.firsts, r.kept, r.trackers, r.answers = nil, nil, nil, answers{}
	r.touched = r.touched[:0]
	r.epoch++
	r.number++
}

// commit makes the placements of a round running tasks, and consumes the ordinary offers used.
func (e *Engine) commit(result *Result, pieces bool) {
	r := e.round
	if r.placed > 0 {
		e.commitPlaced(result, pieces)
	}
	r.undo, r.floor, r.placed = r.undo[:0], 0, 0
	r.number++
	r.trim()
}

func (e *Engine) commitPlaced(result *Result, pieces bool) {
	r := e.round
	e.asked, r.backlog.known = nil, false
	r.makeOnBin()
	var settling []int32
	waiting := r.pending[:0]
	i := 0
	for _, t := range r.pending {
		if r.spots[t].where == NoBin {
			waiting = append(waiting, t)
			continue
		}
		b := int32(r.spots[t].where)
		bn := &r.bins[b]
		a := r.homes[b].agent
		if r.onBin[b] != settled {
			r.onBin[b] = settled
			r.loads[a].placed = 0
			settling = append(settling, b)
		}
		e.leaveGang(int32(t))
		r.linkOf(int32(t)).ranRole = r.homes[b].role
		r.runOn(int32(t), a)
		if !bn.standing {
			r.spots[t].where = NoBin
		} else if pieces {
			r.keepPieces(int32(t), result.Assignments[i].Pieces)
		}
		if k := e.roster; k != nil && int32(t) < k.next {
			k.placed(r, int32(t), &result.Assignments[i], bn.standing, pieces)
		}
		i++
	}
	r.pending = waiting
	for _, b := range settling {
		if r.onBin[b] = -1; !r.bins[b].standing {
			e.consume(b)
		}
	}
}

// consume takes a bin and its offers out of the engine.
func (e *Engine) consume(b int32) {
	for i := range e.round.bins[b].from() {
		e.offers.remove(string(e.round.offers[i].ID))
		e.vacateOffer(i)
	}
	e.round.close(b)
}

// close takes a bin out whose offers have left.
func (r *Round) close(b int32) {
	a := r.homes[b].agent
	r.release(b)
	r.bury(b)
	r.touch(touch(b << 1))
	if r.agents[a].running >= 0 && len(r.agents[a].bins) > 0 {
		r.renewAgent(a) // tasks that run may count against another bin now
	}
}

// release notes what the tasks running on a bin hold there, before its units and disks are gone.
func (r *Round) release(b int32) {
	if !r.bins[b].standing {
		return
	}
	for t := r.agents[r.homes[b].agent].running; t >= 0; t = r.links[t].next {
		if int32(r.spots[t].where) == b {
			r.settle(t)
		}
	}
}

// trim forgets the changes that every index has seen. Indexes that were not asked in a while are lost
// and will start anew.
func (r *Round) trim() {
	if len(r.touched) < 4*len(r.bins)+1024 {
		return
	}
	live := r.trackers[:0]
	for _, k := range r.trackers {
		if k.rewind(r.number) {
			live = append(live, k)
		}
	}
	clear(r.trackers[len(live):])
	r.trackers = live
	if r.firsts != nil {
		r.catchUp()
		r.told = 0
	}
	r.touched = r.touched[:0]
}

// tracker is an index that follows the changes of rows.
type tracker interface {
	// rewind brings the index up to date and makes it read the changes from the start again; false
	// when it was not asked in this round or the last: then it must not read on, but start anew.
	rewind(number int32) bool
}
