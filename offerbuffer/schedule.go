package offerbuffer

import "time"

// The heap b.heap holds the bins of which the policy asked to be asked again at some time, the first due on top. Bins
// due at the same time are taken in the order of their oldest offers later on.

func (b *Buffer) schedule(i int32, due time.Duration) {
	n := &b.bins[i]
	n.due = due
	if n.place == none {
		n.place = int32(len(b.heap))
		b.heap = append(b.heap, i)
	}
	b.down(int(n.place))
	b.up(int(n.place))
}

func (b *Buffer) unschedule(i int32) {
	at := b.bins[i].place
	if at == none {
		return
	}
	b.bins[i].place = none
	last := len(b.heap) - 1
	moved := b.heap[last]
	b.heap = b.heap[:last]
	if moved == i {
		return
	}
	b.heap[at] = moved
	b.bins[moved].place = at
	b.down(int(at))
	b.up(int(at))
}

func (b *Buffer) earlier(i, j int) bool { return b.bins[b.heap[i]].due < b.bins[b.heap[j]].due }

func (b *Buffer) swap(i, j int) {
	b.heap[i], b.heap[j] = b.heap[j], b.heap[i]
	b.bins[b.heap[i]].place, b.bins[b.heap[j]].place = int32(i), int32(j)
}

func (b *Buffer) up(i int) {
	for i > 0 && b.earlier(i, (i-1)/2) {
		b.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (b *Buffer) down(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(b.heap); c++ {
			if b.earlier(c, least) {
				least = c
			}
		}
		if least == i {
			return
		}
		b.swap(i, least)
		i = least
	}
}
