package offerbuffer

import (
	"errors"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
)

// InverseOffer is a master's request to give an agent back, for maintenance.
type InverseOffer struct {
	ID placement.OfferID
	// Agent may be empty: the master asks for resources anywhere.
	Agent       placement.AgentID
	Unavailable placement.Window
}

// inverseOffers are few, as many as there are agents in maintenance, and kept in the order in which they came.
type inverseOffers struct {
	held  []heldInverse
	fresh int // of held, at its end: not shown yet
	// declines are to be declined by the next Tick.
	declines []placement.OfferID
	counts   InverseStats
}

type heldInverse struct {
	offer InverseOffer
	since time.Duration
}

// InverseStats counts inverse offers. Added is the sum of all others but Duplicates and Unknown.
type InverseStats struct {
	Held                                       int
	Added, Answered, Declined, Rescinded, Void uint64
	Duplicates, Unknown                        uint64
}

// AddInverse takes inverse offers over. Each ends once, too: answered, declined after [Config.MaxHold] without an
// answer, rescinded or void. The next Tick shows them in [Actions.Inverse]. An offer without an id, or with one held
// already, is refused; the others are taken all the same.
func (b *Buffer) AddInverse(now time.Time, offers ...InverseOffer) error {
	t := b.advance(now)
	v := &b.inverse
	var errs []error
	for _, o := range offers {
		switch {
		case o.ID == "":
			errs = append(errs, &Error{o.ID, ErrNoID})
			continue
		case v.has(o.ID):
			v.counts.Duplicates++
			errs = append(errs, &Error{o.ID, ErrDuplicate})
			continue
		}
		v.counts.Added++
		v.held = append(v.held, heldInverse{o, t})
		v.fresh++
	}
	return errors.Join(errs...)
}

// Answered ends inverse offers that the scheduler accepted or declined by itself, and returns the ids that are not held.
func (b *Buffer) Answered(ids ...placement.OfferID) (unknown []placement.OfferID) {
	return b.inverse.endAll(ids, &b.inverse.counts.Answered)
}

// RescindInverse ends inverse offers that the master took back, and returns the ids that are not held.
func (b *Buffer) RescindInverse(ids ...placement.OfferID) (unknown []placement.OfferID) {
	return b.inverse.endAll(ids, &b.inverse.counts.Rescinded)
}

func (v *inverseOffers) index(id placement.OfferID) int {
	return slices.IndexFunc(v.held, func(h heldInverse) bool { return h.offer.ID == id })
}

func (v *inverseOffers) endAll(ids []placement.OfferID, how *uint64) (unknown []placement.OfferID) {
	for _, id := range ids {
		if i := v.index(id); i >= 0 {
			v.remove(i)
			*how++
		} else if i := slices.Index(v.declines, id); i >= 0 {
			v.declines = slices.Delete(v.declines, i, i+1)
			*how++
		} else {
			unknown = append(unknown, id)
			v.counts.Unknown++
		}
	}
	return unknown
}

func (v *inverseOffers) remove(i int) {
	if i >= len(v.held)-v.fresh {
		v.fresh--
	}
	v.held = slices.Delete(v.held, i, i+1)
}

func (v *inverseOffers) void(lost func(*InverseOffer) bool) {
	for i := 0; i < len(v.held); {
		if lost(&v.held[i].offer) {
			v.remove(i)
			v.counts.Void++
		} else {
			i++
		}
	}
	// Those to be declined are not worth their agents' names: the master ignores ids that it does not know.
}

func (v *inverseOffers) declineAll() {
	for len(v.held) > 0 {
		v.declines = append(v.declines, v.held[0].offer.ID)
		v.remove(0)
	}
}

func (v *inverseOffers) pending() bool { return v.fresh > 0 || len(v.declines) > 0 }

func (v *inverseOffers) oldest() (time.Duration, bool) {
	if len(v.held) == 0 {
		return 0, false
	}
	return v.held[0].since, true
}

func (v *inverseOffers) due(t, maxHold time.Duration) (show []InverseOffer, decline []placement.OfferID) {
	for len(v.held) > 0 && v.held[0].since+maxHold <= t {
		v.declines = append(v.declines, v.held[0].offer.ID)
		v.remove(0)
	}
	for _, h := range v.held[len(v.held)-v.fresh:] {
		show = append(show, h.offer)
	}
	v.fresh = 0
	decline, v.declines = v.declines, nil
	v.counts.Declined += uint64(len(decline))
	return show, decline
}

func (v *inverseOffers) has(id placement.OfferID) bool {
	return v.index(id) >= 0 || slices.Contains(v.declines, id)
}
