package offerbuffer

import (
	"time"

	"github.com/berth-go/berth/placement"
)

// bin is all offers of one agent and one role.
type bin struct {
	agent       placement.AgentID
	role        string
	next        int32 // the agent's next bin
	first, last int32 // slots, oldest first
	count       int32
	waiting     int32         // of count
	place       int32         // in the heap of due times, or none
	due         time.Duration // when the policy asked to be asked again
	dirty       bool          // changed since the policy was asked
}

// binOf finds or makes the bin of an agent and role.
func (b *Buffer) binOf(agent placement.AgentID, role string) int32 {
	head, ok := b.agents[agent]
	if !ok {
		head = none
	}
	for i := head; i != none; i = b.bins[i].next {
		if b.bins[i].role == role {
			return i
		}
	}
	fresh := bin{agent: agent, role: role, next: head, first: none, last: none, place: none}
	i := int32(len(b.bins))
	if n := len(b.freeBins); n > 0 {
		i = b.freeBins[n-1]
		b.freeBins = b.freeBins[:n-1]
		b.bins[i] = fresh
	} else {
		b.bins = append(b.bins, fresh)
	}
	b.agents[agent] = i
	b.counts.bins++
	return i
}

// ofAgent is the number of offers of an agent.
func (b *Buffer) ofAgent(agent placement.AgentID) int {
	head, ok := b.agents[agent]
	if !ok {
		return 0
	}
	n := 0
	for i := head; i != none; i = b.bins[i].next {
		n += int(b.bins[i].count)
	}
	return n
}

// enter puts a slot at the end of its bin.
func (b *Buffer) enter(i int32) {
	s := b.slots.at(i)
	n := &b.bins[s.bin]
	s.prevInBin, s.nextInBin = n.last, none
	if n.last == none {
		n.first = i
	} else {
		b.slots.at(n.last).nextInBin = i
	}
	n.last = i
	n.count++
	n.waiting++
	b.changed(s.bin)
}

// leave takes a slot out of its bin, and the bin away if it was the last.
func (b *Buffer) leave(i int32) {
	s := b.slots.at(i)
	n := &b.bins[s.bin]
	if s.prevInBin == none {
		n.first = s.nextInBin
	} else {
		b.slots.at(s.prevInBin).nextInBin = s.nextInBin
	}
	if s.nextInBin == none {
		n.last = s.prevInBin
	} else {
		b.slots.at(s.nextInBin).prevInBin = s.prevInBin
	}
	n.count--
	if s.state == waiting {
		n.waiting--
	}
	if n.count == 0 {
		b.bury(s.bin)
		return
	}
	b.changed(s.bin)
}

// bury takes an empty bin away. If it is in the list of dirty bins, it stays there and is used again only afterwards.
func (b *Buffer) bury(i int32) {
	b.unschedule(i)
	b.counts.bins--
	n := &b.bins[i]
	at := b.agents[n.agent]
	if at == i {
		if n.next == none {
			delete(b.agents, n.agent)
		} else {
			b.agents[n.agent] = n.next
		}
	} else {
		for b.bins[at].next != i {
			at = b.bins[at].next
		}
		b.bins[at].next = n.next
	}
	dirty := n.dirty
	*n = bin{first: none, last: none, next: none, place: none, dirty: dirty}
	if !dirty {
		b.freeBins = append(b.freeBins, i)
	}
}

// changed has the policy asked about a bin in the next Tick.
func (b *Buffer) changed(i int32) {
	if n := &b.bins[i]; !n.dirty && n.waiting > 0 {
		n.dirty = true
		b.dirty = append(b.dirty, i)
	}
}
