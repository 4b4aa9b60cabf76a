package offerbuffer

// ages is the queue of the slots of all offers that wait or are lent, in the order in which they came in. All are held for
// the same time at most, so the first is the next to be declined for its age. The place of one that left remains
// empty until it comes to the front, or until most are empty: in a list its neighbours, far away in memory, would have to
// be written.
type ages struct {
	queue fifo[int32]
	empty int
}

func (l *ages) add(t *slots, i int32) { t.at(i).age = l.queue.push(i) }

func (l *ages) remove(t *slots, i int32) {
	*l.queue.at(t.at(i).age) = none
	l.empty++
	if few := 32; l.empty > few && 2*l.empty > l.queue.len() {
		l.queue.keep(func(i int32) bool { return i != none }, func(i int32, position uint32) { t.at(i).age = position })
		l.empty = 0
	}
}

// oldest is the slot of the oldest, or none.
func (l *ages) oldest() int32 {
	for q := &l.queue; q.len() > 0; q.head++ {
		if i := *q.at(q.head); i != none {
			return i
		}
		l.empty--
	}
	return none
}
