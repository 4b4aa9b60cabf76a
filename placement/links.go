package placement

// unlinked is, in a removal, a neighbour nobody knows: lists were not kept when the task was removed.
const unlinked = -2

// linkAll has the round keep lists of what is on each bin from now on: most packers never ask for them. Lists are in the
// order of turns, the latest first.
func (r *Round) linkAll() {
	if r.linked {
		return
	}
	r.linked = true
	for b := range r.onBin {
		r.onBin[b] = -1
	}
	var placed []int32
	for _, t := range r.pending {
		if r.spots[t].where != NoBin {
			placed = append(placed, int32(t))
		}
	}
	for _, i := range r.sequence() {
		r.link(placed[i])
	}
}

// link makes the task the latest of its bin; unlink takes it out but keeps its own links, with which
// relink, called in reverse order, restores the list exactly.
func (r *Round) link(t int32) {
	st := &r.states[t]
	head := r.onBin[r.spots[t].where]
	st.next, st.prev = head, -1
	if head >= 0 {
		r.states[head].prev = t
	}
	r.onBin[r.spots[t].where] = t
}

func (r *Round) unlink(t int32) {
	st := &r.states[t]
	if st.prev >= 0 {
		r.states[st.prev].next = st.next
	} else {
		r.onBin[r.spots[t].where] = st.next
	}
	if st.next >= 0 {
		r.states[st.next].prev = st.prev
	}
}

func (r *Round) relink(t int32, next, prev int32) {
	st := &r.states[t]
	if next == unlinked {
		next, prev = r.neighbours(t)
	}
	st.next, st.prev = next, prev
	if prev >= 0 {
		r.states[prev].next = t
	} else {
		r.onBin[r.spots[t].where] = t
	}
	if next >= 0 {
		r.states[next].prev = t
	}
}

// neighbours are the tasks on the task's bin whose turns come next before and after its own.
func (r *Round) neighbours(t int32) (next, prev int32) {
	prev = -1
	for next = r.onBin[r.spots[t].where]; next >= 0 && r.spots[next].turn > r.spots[t].turn; next = r.states[next].next {
		prev = next
	}
	return next, prev
}
