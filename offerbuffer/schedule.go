package offerbuffer

import (
	"cmp"
	"slices"
	"time"
)

// schedule says which bins the policy asked to be asked about again, and when. A policy that waits for a constant time asks
// for ever later times: those make a queue. Others go to a heap. Appointments that are void remain until their time
// comes, or until most are void.
type schedule struct {
	queue fifo[appointment] // the first due first
	heap  []appointment     // the first due on top
	void  int
}

type appointment struct {
	due  time.Duration
	bin  int32
	turn uint32 // of the bin; an earlier one is void
}

// schedule has the policy asked about a bin at a time.
func (b *Buffer) schedule(i int32, due time.Duration) {
	n := &b.bins[i]
	if n.scheduled && n.due == due {
		return
	}
	b.unschedule(i)
	n.scheduled, n.due = true, due
	n.turn++
	a := appointment{due, i, n.turn}
	s := &b.times
	if q := &s.queue; q.len() == 0 || q.at(q.tail-1).due <= due {
		s.queue.push(a)
		return
	}
	s.heap = append(s.heap, a)
	for at := len(s.heap) - 1; at > 0 && s.heap[at].due < s.heap[(at-1)/2].due; at = (at - 1) / 2 {
		s.heap[at], s.heap[(at-1)/2] = s.heap[(at-1)/2], s.heap[at]
	}
}

func (b *Buffer) unschedule(i int32) {
	n := &b.bins[i]
	if !n.scheduled {
		return
	}
	n.scheduled = false
	s := &b.times
	s.void++
	if few := 32; s.void > few && 2*s.void > s.queue.len()+len(s.heap) {
		s.queue.keep(b.valid, func(appointment, uint32) {})
		s.heap = slices.DeleteFunc(s.heap, func(a appointment) bool { return !b.valid(a) })
		// What is sorted is a heap.
		slices.SortFunc(s.heap, func(x, y appointment) int { return cmp.Compare(x.due, y.due) })
		s.void = 0
	}
}

func (b *Buffer) valid(a appointment) bool {
	n := &b.bins[a.bin]
	return n.scheduled && n.turn == a.turn
}

// soonest is the first appointment that is not void. Of those at the same time any may come first: bins are put in order
// when they are released.
func (b *Buffer) soonest() (a appointment, ok bool) {
	s := &b.times
	for s.queue.len() > 0 && !b.valid(*s.queue.at(s.queue.head)) {
		s.queue.head++
		s.void--
	}
	for len(s.heap) > 0 && !b.valid(s.heap[0]) {
		s.pop()
		s.void--
	}
	if s.queue.len() > 0 {
		a, ok = *s.queue.at(s.queue.head), true
	}
	if len(s.heap) > 0 && (!ok || s.heap[0].due < a.due) {
		a, ok = s.heap[0], true
	}
	return a, ok
}

// pop takes the top off the heap.
func (s *schedule) pop() {
	last := len(s.heap) - 1
	s.heap[0] = s.heap[last]
	s.heap = s.heap[:last]
	for at := 0; ; {
		least := at
		for c := 2*at + 1; c <= 2*at+2 && c < last; c++ {
			if s.heap[c].due < s.heap[least].due {
				least = c
			}
		}
		if least == at {
			return
		}
		s.heap[at], s.heap[least] = s.heap[least], s.heap[at]
		at = least
	}
}
