package offerbuffer

import (
	"errors"
	"math"
	"time"

	"github.com/berth-go/berth/placement"
)

// Buffer holds offers. The zero value is not ready; use [New]. A Buffer is for one goroutine at a time.
//
// Times are those that [Buffer.Add] and [Buffer.Tick] are told; one before the latest told counts as the latest. The same
// calls give the same actions, in the same order.
type Buffer struct {
	config  Config
	epoch   time.Time     // the first time told; all others are kept as differences to it
	now     time.Duration // the latest time told
	started bool

	slots    slots
	byID     index
	ages     ages
	bins     []bin
	freeBins []int32
	agents   index   // of the first of an agent's bins
	dirty    []int32 // bins the policy is to be asked about
	times    schedule
	serial   uint64
	scratch  []placement.Offer
	asked    Held       // the one that the policy sees
	ready    []readyBin // bins to be released by the Tick that runs

	drops    []placement.OfferID // ended while they were lent
	declines []pendingDecline
	calls    []declineCall
	share    share
	inverse  inverseOffers
	counts   counts
}

// pendingDecline is an offer that the next Tick declines, if it has not ended by then.
type pendingDecline struct {
	slot, call int32
	serial     uint64
}

// declineCall is a call that declines up to n offers, at some place of those of a Tick.
type declineCall struct {
	reason Reason
	refuse time.Duration
	n, at  int32
}

// New makes an empty buffer. Errors wrap [ErrConfig].
func New(c Config) (*Buffer, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	return &Buffer{
		config: c,
		byID:   newIndex(),
		agents: newIndex(),
		counts: newCounts(),
	}, nil
}

// Add takes offers over that came in at a time. The buffer keeps them and the slices in them, which must not
// change. An offer without an id or agent, one that is standing and one whose id is held already are refused; the
// others are taken all the same. The error is then the join of an [*Error] for each that was refused.
func (b *Buffer) Add(now time.Time, offers ...placement.Offer) error {
	t := b.advance(now)
	var errs []error
	for i := range offers {
		if err := b.add(t, &offers[i]); err != nil {
			errs = append(errs, &Error{offers[i].ID, err})
		}
	}
	return errors.Join(errs...)
}

func (b *Buffer) add(t time.Duration, o *placement.Offer) error {
	held, hash := b.find(o.ID)
	switch {
	case held != none:
		b.counts.Duplicates++
		return ErrDuplicate
	case o.ID == "", o.Agent == "":
		b.counts.Invalid++
		return ErrNoID
	case o.Standing:
		b.counts.Invalid++
		return ErrStanding
	}
	i := b.slots.take()
	b.serial++
	s := b.slots.at(i)
	*b.slots.offer(i) = *o
	s.since, s.serial, s.hash, s.state = t, b.serial, hash, waiting
	b.byID.insert(i, hash)
	b.counts.Added++
	if reason, over := b.overLimit(o); over {
		b.queueDecline(i, reason, b.config.Refuse)
		return nil
	}
	s.bin = b.binOf(o.Agent, o.Role)
	b.counts.waiting++
	b.enter(i)
	b.ages.add(&b.slots, i)
	b.share.add(&b.config, o, 1)
	return nil
}

// find is the slot of an offer, or none, and the hash of its id.
func (b *Buffer) find(id placement.OfferID) (slot int32, hash uint32) {
	hash = b.byID.hash(string(id))
	i, at := b.byID.first(hash)
	for i != none && b.slots.offer(i).ID != id {
		i, at = b.byID.next(hash, at)
	}
	return i, hash
}

// queueDecline marks a slot that is in no list for the next Tick to decline.
func (b *Buffer) queueDecline(i int32, reason Reason, refuse time.Duration) {
	s := b.slots.at(i)
	s.state = declining
	call := len(b.calls) - 1
	for call >= 0 && (b.calls[call].reason != reason || b.calls[call].refuse != refuse) {
		call--
	}
	if call < 0 {
		call = len(b.calls)
		b.calls = append(b.calls, declineCall{reason: reason, refuse: refuse, at: none})
	}
	b.calls[call].n++
	b.declines = append(b.declines, pendingDecline{i, int32(call), s.serial})
	b.counts.declining++
}

// detach takes an offer that waits or is lent out of the lists. One that is lent is to be dropped.
func (b *Buffer) detach(i int32, drop bool) {
	s := b.slots.at(i)
	if s.state == lent {
		b.counts.lent--
		if drop {
			b.drops = append(b.drops, b.slots.offer(i).ID)
		}
	} else {
		b.counts.waiting--
	}
	b.leave(i)
	b.ages.remove(&b.slots, i)
	b.share.add(&b.config, b.slots.offer(i), -1)
}

// end is the one place where an offer ends.
func (b *Buffer) end(i int32, how *uint64) {
	s := b.slots.at(i)
	if s.state == declining {
		b.counts.declining--
	}
	*how++
	b.counts.ages.observe(b.now - s.since)
	b.byID.remove(i, s.hash)
	b.slots.release(i)
}

// advance takes note of the time.
func (b *Buffer) advance(now time.Time) time.Duration {
	if !b.started {
		b.started, b.epoch = true, now
	}
	b.now = max(b.now, now.Sub(b.epoch))
	return b.now
}

// later is a time so much later, or the last there is.
func later(t, d time.Duration) time.Duration {
	if sum := t + d; sum >= t {
		return sum
	}
	return math.MaxInt64
}

func (b *Buffer) moment(t time.Duration) time.Time { return b.epoch.Add(t) }
