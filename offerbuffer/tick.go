package offerbuffer

import (
	"cmp"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
)

// Actions is what is to be done, in this order: Drop, Release, and the others in any order. It is the caller's.
type Actions struct {
	// Drop names offers that were lent and have ended: the matcher forgets them. One that it has not got is to be ignored,
	// as [placement.Engine.RemoveOffers] does.
	Drop []placement.OfferID
	// Release are offers that are lent to the matcher now: those of a bin together, oldest first, and bins by their
	// oldest offers.
	Release []placement.Offer
	// Decline are calls to be sent.
	Decline []Decline
	// Inverse are inverse offers that came in, to be answered; DeclineInverse those to be declined.
	Inverse        []InverseOffer
	DeclineInverse []placement.OfferID
}

// IsEmpty says that there is nothing to be done.
func (a *Actions) IsEmpty() bool {
	return len(a.Drop) == 0 && len(a.Release) == 0 && len(a.Decline) == 0 && len(a.Inverse) == 0 && len(a.DeclineInverse) == 0
}

// Decline is one call that declines offers.
type Decline struct {
	Reason Reason
	// Refuse is for how long they shall not be offered again; zero: they may be at once.
	Refuse time.Duration
	Offers []placement.OfferID
}

// Reason says why an offer is declined.
type Reason string

// The reasons.
const (
	TooOld         Reason = "held for the maximum time"
	TooMany        Reason = "too many offers held"
	TooManyOfAgent Reason = "too many offers of the agent held"
	TooLargeShare  Reason = "too large a share of the cluster held"
	Asked          Reason = "asked to"
)

// Tick says what is to be done at a time. It costs what is due or has changed, at most times a logarithm, not what is held.
func (b *Buffer) Tick(now time.Time) Actions {
	t := b.advance(now)
	var a Actions
	for i := b.ages.oldest(); i != none && t-b.slots.at(i).since >= b.config.MaxHold; i = b.ages.oldest() {
		b.decline(i, TooOld, b.config.Refuse)
	}
	b.judge(t)
	a.Release = b.release()
	a.Decline = b.flushDeclines()
	if len(b.drops) > 0 {
		a.Drop = slices.Clone(b.drops)
		clear(b.drops)
		b.drops = b.drops[:0]
	}
	a.Inverse, a.DeclineInverse = b.inverse.due(t, b.config.MaxHold)
	return a
}

// Next is when Tick has something to do, if nothing happens before; false when never. While there is something to do it is
// the latest time told.
func (b *Buffer) Next() (at time.Time, ok bool) {
	if len(b.dirty) > 0 || len(b.drops) > 0 || len(b.declines) > 0 || b.inverse.pending() {
		return b.moment(b.now), true
	}
	var next time.Duration
	sooner := func(t time.Duration) {
		if !ok || t < next {
			next, ok = t, true
		}
	}
	if i := b.ages.oldest(); i != none {
		sooner(later(b.slots.at(i).since, b.config.MaxHold))
	}
	if a, any := b.soonest(); any {
		sooner(a.due)
	}
	if since, any := b.inverse.oldest(); any {
		sooner(later(since, b.config.MaxHold))
	}
	if !ok {
		return time.Time{}, false
	}
	return b.moment(next), true
}

// readyBin is a bin to be released, with the serial number of its oldest offer.
type readyBin struct {
	oldest uint64
	bin    int32
}

// judge asks the policy about every bin that is due or has changed, and notes those to be released.
func (b *Buffer) judge(t time.Duration) {
	for a, ok := b.soonest(); ok && a.due <= t; a, ok = b.soonest() {
		b.unschedule(a.bin)
		b.changed(a.bin)
	}
	for _, i := range b.dirty {
		n := &b.bins[i]
		n.dirty = false
		if n.count == 0 {
			b.freeBins = append(b.freeBins, i)
			continue
		}
		if n.waiting == 0 {
			b.unschedule(i)
			continue
		}
		v := b.ask(i, t)
		if v.Release {
			b.unschedule(i)
			b.ready = append(b.ready, readyBin{n.serial, i})
			b.counts.released(v.By, uint64(n.waiting))
		} else if again := v.Again.Sub(b.epoch); !v.Again.IsZero() && again > t {
			b.schedule(i, again)
		} else {
			b.unschedule(i)
		}
	}
	b.dirty = b.dirty[:0]
}

// ask asks the policy about a bin. One that panics must not lose the other bins' actions.
func (b *Buffer) ask(i int32, t time.Duration) (v Verdict) {
	defer func() {
		if recover() != nil {
			b.counts.Panics++
			v = Verdict{}
		}
	}()
	b.asked = Held{b, i, t}
	return b.config.Policy.Judge(&b.asked)
}

// release lends the offers that wait in the bins that are ready.
func (b *Buffer) release() []placement.Offer {
	if len(b.ready) == 0 {
		return nil
	}
	slices.SortFunc(b.ready, func(x, y readyBin) int { return cmp.Compare(x.oldest, y.oldest) })
	total := 0
	for _, r := range b.ready {
		total += int(b.bins[r.bin].waiting)
	}
	out := make([]placement.Offer, 0, total)
	for _, r := range b.ready {
		n := &b.bins[r.bin]
		from := len(out)
		for k := n.last; k != none && n.waiting > 0; k = b.slots.at(k).prev {
			if s := b.slots.at(k); s.state == waiting {
				s.state = lent
				n.waiting--
				out = append(out, *b.slots.offer(k))
			}
		}
		// They were found from the young end, where those that wait mostly are.
		slices.Reverse(out[from:])
	}
	b.counts.Released += uint64(total)
	b.counts.lent += total
	b.counts.waiting -= total
	b.ready = b.ready[:0]
	return out
}

// flushDeclines ends the offers to be declined, and makes one call for each reason and time.
func (b *Buffer) flushDeclines() []Decline {
	var out []Decline
	for _, d := range b.declines {
		s := b.slots.at(d.slot)
		if !d.live(s) {
			continue
		}
		c := &b.calls[d.call]
		if c.at == none {
			c.at = int32(len(out))
			out = append(out, Decline{c.reason, c.refuse, make([]placement.OfferID, 0, c.n)})
		}
		out[c.at].Offers = append(out[c.at].Offers, b.slots.offer(d.slot).ID)
		b.end(d.slot, &b.counts.Declined)
	}
	for _, d := range out {
		b.counts.declinedFor[d.Reason] += uint64(len(d.Offers))
	}
	b.calls = b.calls[:0]
	b.declines = b.declines[:0]
	return out
}
