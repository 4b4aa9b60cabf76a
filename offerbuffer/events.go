package offerbuffer

import (
	"errors"
	"fmt"
	"time"

	"github.com/berth-go/berth/placement"
)

// Rescind ends offers that the master took back, and returns the ids that are not held, which are counted: a
// rescind may cross with a decline, or with the loss of the agent.
func (b *Buffer) Rescind(ids ...placement.OfferID) (unknown []placement.OfferID) {
	for _, id := range ids {
		i, _ := b.find(id)
		if i == none {
			unknown = append(unknown, id)
			b.counts.Unknown++
			continue
		}
		b.lose(i, &b.counts.Rescinded)
	}
	return unknown
}

// lose ends an offer that is gone: nothing is declined.
func (b *Buffer) lose(i int32, how *uint64) {
	if b.slots.at(i).state != declining {
		b.detach(i, true)
	}
	b.end(i, how)
}

// AgentLost makes all offers of an agent void, inverse ones included.
func (b *Buffer) AgentLost(agent placement.AgentID) {
	for {
		n, _ := b.agent(agent)
		if n == none {
			break
		}
		b.lose(b.bins[n].first, &b.counts.Void)
	}
	for _, d := range b.declines {
		if s := b.slots.at(d.slot); d.live(s) && b.slots.offer(d.slot).Agent == agent {
			b.lose(d.slot, &b.counts.Void)
		}
	}
	b.inverse.void(func(o *InverseOffer) bool { return o.Agent == agent })
}

// Disconnected makes all offers void, inverse ones included: the master has forgotten them, or will have.
func (b *Buffer) Disconnected() {
	for i := b.ages.oldest(); i != none; i = b.ages.oldest() {
		b.lose(i, &b.counts.Void)
	}
	for _, d := range b.declines {
		if d.live(b.slots.at(d.slot)) {
			b.lose(d.slot, &b.counts.Void)
		}
	}
	b.inverse.void(func(*InverseOffer) bool { return true })
}

// live says whether the offer that was to be declined has not ended.
func (d *pendingDecline) live(s *slot) bool { return s.state == declining && s.serial == d.serial }

// Used ends offers that the matcher has used and taken out of its own books, all together in one ACCEPT. Call it before the
// call is sent, once for each, and send it only if there is no error: the master would refuse the whole of it.
//
// On an error nothing is used. It is the join of an [*Error] for every offer that has ended ([ErrUnknown]), has
// not been released ([ErrNotReleased]), is named twice ([ErrTwice]) or is of another agent or role than the
// first ([ErrMixed]). Those of the offers that were lent wait again: the policy releases them once more.
func (b *Buffer) Used(ids ...placement.OfferID) error {
	var errs []error
	slots := make([]int32, 0, 8)
	fail := func(id placement.OfferID, err error) { errs = append(errs, &Error{id, err}) }
	for k, id := range ids {
		i, _ := b.find(id)
		switch {
		case i == none:
			b.counts.Unknown++
			fail(id, ErrUnknown)
			continue
		case b.slots.at(i).state == declining:
			b.counts.Unknown++
			fail(id, fmt.Errorf("%w: it is being declined", ErrUnknown))
			continue
		case b.slots.at(i).state == waiting:
			fail(id, ErrNotReleased)
			continue
		}
		slots = append(slots, i)
		for _, other := range ids[:k] {
			if other == id {
				b.counts.Duplicates++
				fail(id, ErrTwice)
				break
			}
		}
		if b.slots.at(i).bin != b.slots.at(slots[0]).bin {
			fail(id, ErrMixed)
		}
	}
	if len(errs) > 0 {
		for _, i := range slots {
			b.takeBack(i)
		}
		return errors.Join(errs...)
	}
	for _, i := range slots {
		b.detach(i, false)
		b.end(i, &b.counts.Used)
	}
	return nil
}

// takeBack makes an offer wait that was lent. The drop is for matchers that have it still.
func (b *Buffer) takeBack(i int32) {
	s := b.slots.at(i)
	if s.state != lent {
		return
	}
	b.drops = append(b.drops, b.slots.offer(i).ID)
	s.state = waiting
	b.counts.lent--
	b.counts.waiting++
	b.bins[s.bin].waiting++
	b.changed(s.bin)
}

// Decline has the next Tick decline offers, with a time for which they shall not be offered again; less than zero
// stands for that of [Config.Refuse]. It is for offers that the matcher refused or has no use for. It returns
// the ids that are not held, or are being declined already.
func (b *Buffer) Decline(refuse time.Duration, ids ...placement.OfferID) (unknown []placement.OfferID) {
	if refuse < 0 {
		refuse = b.config.Refuse
	}
	for _, id := range ids {
		i, _ := b.find(id)
		if i == none || b.slots.at(i).state == declining {
			unknown = append(unknown, id)
			b.counts.Unknown++
			continue
		}
		b.decline(i, Asked, refuse)
	}
	return unknown
}

// DeclineAll has the next Tick decline everything that is held, inverse offers included, before a scheduler stops for
// example.
func (b *Buffer) DeclineAll(refuse time.Duration) {
	if refuse < 0 {
		refuse = b.config.Refuse
	}
	for i := b.ages.oldest(); i != none; i = b.ages.oldest() {
		b.decline(i, Asked, refuse)
	}
	b.inverse.declineAll()
}

func (b *Buffer) decline(i int32, reason Reason, refuse time.Duration) {
	b.detach(i, true)
	b.queueDecline(i, reason, refuse)
}

// Reconsider has the next Tick ask the policy about every bin of which offers wait, because what it asks for has changed:
// tasks were submitted, say. It costs what is held.
func (b *Buffer) Reconsider() {
	for i := range b.bins {
		b.changed(int32(i))
	}
}
