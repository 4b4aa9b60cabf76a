package placement

// link is what is known of a task that is on a list, or was.
type link struct {
	next, prev int32 // on its bin's list, see Round.link; for running tasks on that of their agent
	ranRole    int32 // for a running task: the role of the bin it was placed on
}

// linkOf is that of a task; those of all tasks before it are there, too, then.
func (r *Round) linkOf(t int32) *link {
	if int(t) >= len(r.links) {
		r.links = append(r.links, make([]link, len(r.states)-len(r.links))...)
	}
	return &r.links[t]
}

// linkAll has the round keep lists of what is on each bin from now on: most packers never ask for them. Lists are in the
// order of turns, the latest first.
func (r *Round) linkAll() {
	if r.linked {
		return
	}
	r.linked = true
	r.makeOnBin()
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

// makeOnBin makes room for what onBin says.
func (r *Round) makeOnBin() {
	if r.onBin == nil {
		r.onBin = make([]int32, cap(r.bins))
	}
}

// link makes the task the latest of its bin; unlink takes it out, and relink, called in reverse order, restores the list exactly.
func (r *Round) link(t int32) {
	l := r.linkOf(t)
	head := r.onBin[r.spots[t].where]
	l.next, l.prev = head, -1
	if head >= 0 {
		r.links[head].prev = t
	}
	r.onBin[r.spots[t].where] = t
}

func (r *Round) unlink(t int32) {
	l := r.linkOf(t)
	if l.prev >= 0 {
		r.links[l.prev].next = l.next
	} else {
		r.onBin[r.spots[t].where] = l.next
	}
	if l.next >= 0 {
		r.links[l.next].prev = l.prev
	}
}

func (r *Round) relink(t int32) {
	l := r.linkOf(t)
	next, prev := r.neighbours(t)
	l.next, l.prev = next, prev
	if prev >= 0 {
		r.links[prev].next = t
	} else {
		r.onBin[r.spots[t].where] = t
	}
	if next >= 0 {
		r.links[next].prev = t
	}
}

// neighbours are the tasks on the task's bin whose turns come next before and after its own.
func (r *Round) neighbours(t int32) (next, prev int32) {
	prev = -1
	for next = r.onBin[r.spots[t].where]; next >= 0 && r.turn[next] > r.turn[t]; next = r.links[next].next {
		prev = next
	}
	return next, prev
}
