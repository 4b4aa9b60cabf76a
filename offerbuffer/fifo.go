package offerbuffer

// fifo is a queue in a ring.
type fifo[T any] struct {
	ring       []T    // empty, or a power of two
	head, tail uint32 // positions, modulo the length
}

func (q *fifo[T]) len() int { return int(q.tail - q.head) }

func (q *fifo[T]) at(position uint32) *T { return &q.ring[position&uint32(len(q.ring)-1)] }

// push returns the position, by which [fifo.at] finds it until keep is called.
func (q *fifo[T]) push(x T) (position uint32) {
	if q.len() == len(q.ring) {
		ring := make([]T, max(64, 2*len(q.ring)))
		for p := q.head; p != q.tail; p++ {
			ring[p&uint32(len(ring)-1)] = *q.at(p)
		}
		q.ring = ring
	}
	*q.at(q.tail) = x
	q.tail++
	return q.tail - 1
}

// keep takes out what does not satisfy the condition, and says where the others move.
func (q *fifo[T]) keep(ok func(T) bool, moved func(x T, position uint32)) {
	to := q.head
	for p := q.head; p != q.tail; p++ {
		if x := *q.at(p); ok(x) {
			*q.at(to) = x
			moved(x, to)
			to++
		}
	}
	q.tail = to
}
