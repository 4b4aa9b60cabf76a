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
	hash        uint32        // of the agent
	since       time.Duration // when the oldest came in, and its number
	serial      uint64
	dirty       bool   // changed since the policy was asked
	scheduled   bool   // the policy asked to be asked again, at due
	turn        uint32 // how often it did
	due         time.Duration
}

// agent is the first bin of an agent, or none, and the hash of its name.
func (b *Buffer) agent(agent placement.AgentID) (first int32, hash uint32) {
	hash = b.agents.hash(string(agent))
	return b.agentOf(hash, agent), hash
}

func (b *Buffer) agentOf(hash uint32, agent placement.AgentID) (first int32) {
	i, at := b.agents.first(hash)
	for i != none && b.bins[i].agent != agent {
		i, at = b.agents.next(hash, at)
	}
	return i
}

// binOf finds or makes the bin of an agent and role.
func (b *Buffer) binOf(agent placement.AgentID, role string) int32 {
	head, hash := b.agent(agent)
	for i := head; i != none; i = b.bins[i].next {
		if b.bins[i].role == role {
			return i
		}
	}
	i := int32(len(b.bins))
	if n := len(b.freeBins); n > 0 {
		i = b.freeBins[n-1]
		b.freeBins = b.freeBins[:n-1]
	} else {
		b.bins = append(b.bins, bin{first: none, last: none})
	}
	n := &b.bins[i]
	n.agent, n.role, n.hash, n.next = agent, role, hash, head
	if head == none {
		b.agents.insert(i, hash)
	} else {
		b.agents.replace(head, i, hash)
	}
	b.counts.bins++
	return i
}

// ofAgent is the number of offers of an agent.
func (b *Buffer) ofAgent(agent placement.AgentID) int {
	n := 0
	head, _ := b.agent(agent)
	for i := head; i != none; i = b.bins[i].next {
		n += int(b.bins[i].count)
	}
	return n
}

// enter puts a slot at the end of its bin.
func (b *Buffer) enter(i int32) {
	s := b.slots.at(i)
	n := &b.bins[s.bin]
	s.next, s.prev = none, n.last
	if n.last == none {
		n.first, n.since, n.serial = i, s.since, s.serial
	} else {
		b.slots.at(n.last).next = i
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
	if s.prev != none {
		b.slots.at(s.prev).next = s.next
	}
	if s.next == none {
		n.last = s.prev
	} else {
		b.slots.at(s.next).prev = s.prev
	}
	if s.prev == none {
		n.first = s.next
		if s.next != none {
			next := b.slots.at(s.next)
			n.since, n.serial = next.since, next.serial
		}
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
	switch head := b.agentOf(n.hash, n.agent); {
	case head != i:
		at := head
		for b.bins[at].next != i {
			at = b.bins[at].next
		}
		b.bins[at].next = n.next
	case n.next == none:
		b.agents.remove(i, n.hash)
	default:
		b.agents.replace(i, n.next, n.hash)
	}
	// Its turn remains: appointments of the bin that it was are void for good.
	n.agent, n.role, n.next = "", "", none
	if !n.dirty {
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
