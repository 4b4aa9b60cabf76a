package placement

import (
	"errors"
	"fmt"
	"slices"
)

// AddOffers hands offers to the engine. Bad ones are refused, see [InputError]; the others are taken all the
// same. It costs what is added, except when something is new to the fleet (a resource name, a role,
// a device model, an attribute that changed) or rows run out: then the engine is built anew.
func (e *Engine) AddOffers(offers ...Offer) error {
	var errs InputError
	agents, bad := e.checkOffers(&errs, offers)
	if errors.Is(&errs, ErrKind) {
		// What was offered under that name may have left in the meantime.
		e.known.recall(e.heldOffers())
		errs = InputError{}
		agents, bad = e.checkOffers(&errs, offers)
	}
	for bad != nil {
		good := make([]Offer, 0, len(offers))
		for i := range offers {
			if !bad[i] {
				good = append(good, offers[i])
			}
		}
		offers = good
		agents, bad = e.checkOffers(&InputError{}, offers)
	}
	e.takeIn(offers, agents)
	e.intake.take(pattern{}, nil, 0)
	return errs.orNil()
}

// takeIn takes offers that were checked, of which the intake holds what is alike.
func (e *Engine) takeIn(offers []Offer, agents []int32) {
	r := e.round
	anew := false
	for i := range offers {
		anew = e.known.learn(&offers[i], e.intake.isAlike(e.intake.first+int32(i))) || r.attributesChange(agents[i], &offers[i]) || anew
	}
	switch {
	case anew:
		e.rebuild(offers)
	case cap(r.bins)-len(r.bins) < len(offers):
		e.renumber(offers)
	default:
		e.pool(offers, agents)
	}
}

// pool brings offers into the tables, in which there is nothing new but agents, -1.
func (e *Engine) pool(offers []Offer, agents []int32) {
	r := e.round
	first := len(r.offers)
	r.offers = append(withRoom(r.offers, len(offers)), offers...)
	e.held += len(offers)
	r.slab = newSlab(len(offers))
	anew := false
	changed := make([]int32, len(offers))
	for i := range offers {
		changed[i] = r.pool(int32(first+i), agents[i])
		// A new agent may have several offers that do not agree.
		anew = anew || agents[i] < 0 && r.attributesChange(r.homes[changed[i]].agent, &offers[i])
	}
	r.slab = slab{}
	if anew {
		e.rebuild(nil)
		return
	}
	r.books.meet()
	r.in = &e.intake
	for i, b := range changed {
		if i+1 == len(changed) || changed[i+1] != b { // once is enough for many offers of one agent
			r.refresh(r.homes[b].agent, b)
		}
	}
	r.in = nil
}

// refresh fills a bin anew, and those beside it when running tasks may count against another one now.
func (r *Round) refresh(a, b int32) {
	r.lift(a)
	r.shifts++
	if r.agents[a].running < 0 {
		r.fill(b)
		r.stretch(b)
		r.renewed(b)
		return
	}
	for _, b := range r.agents[a].bins {
		r.refill(b)
		r.renewed(b)
	}
}

// renewed tells indexes that a bin's rows are new.
func (r *Round) renewed(b int32) {
	r.epoch++
	r.touch(touch(b<<1 | 1))
}

// checkOffers returns the agents of offers, -1 for those that are not known, and which offers are bad; nil when none is. Then the intake has read
// them, and their IDs are those of the rows they are to have.
func (e *Engine) checkOffers(errs *InputError, offers []Offer) (agents []int32, bad []bool) {
	first := int32(len(e.round.offers))
	e.intake.take(e.known.pattern, offers, first)
	twice := 0
	for i, hash := range e.offers.ahead(len(offers), func(i int) string { return string(offers[i].ID) }) {
		if !e.offers.addBy(hash, string(offers[i].ID), first+int32(i)) {
			twice++
		}
	}
	agents = e.round.agentsOf(offers)
	check := offerCheck{base: e.known.kinds}
	for i := range offers {
		o := &offers[i]
		before := len(errs.Offenders) + errs.More
		row := first + int32(i)
		if twice > 0 {
			row, _ = e.offers.find(string(o.ID))
		}
		if row < first {
			errs.add("offers", i, string(o.ID), fmt.Errorf("%w: offer %q is held already", ErrDuplicate, o.ID))
		}
		check.sort(offers, i)
		if agents[i] >= 0 && e.recallAgent(agents[i], o, &check) {
			errs.add("offers", i, string(o.ID), mixedOffers(o))
		}
		check.offer(errs, i, o, row < first || row == first+int32(i), e.intake.read(i))
		if len(errs.Offenders)+errs.More > before {
			if bad == nil {
				bad = make([]bool, len(offers))
			}
			bad[i] = true
		}
	}
	if bad == nil {
		bad = e.checkSums(errs, offers)
	}
	if bad == nil {
		return agents, nil
	}
	for i := range offers {
		if row, ok := e.offers.find(string(offers[i].ID)); ok && row >= first {
			e.offers.remove(string(offers[i].ID))
		}
	}
	return agents, bad
}

// offerID is the ID that the table of offers has for a row, which may be one of those that are being added.
func (e *Engine) offerID(row int32) string {
	if at := int(row - e.intake.first); at >= 0 && at < len(e.intake.offers) {
		return string(e.intake.offers[at].ID)
	}
	return string(e.round.offers[row].ID)
}

// recallAgent tells the check what is held of the offer's agent already, and says whether the check cannot see that it is of
// the other sort.
func (e *Engine) recallAgent(a int32, o *Offer, check *offerCheck) (mixed bool) {
	r := e.round
	if b := r.binNamed(a, o.Role); b >= 0 {
		if check.bins != nil {
			check.bins[binKey{o.Agent, o.Role}] = r.bins[b].standing
		} else {
			mixed = r.bins[b].standing != o.Standing
		}
	}
	if len(o.Devices) == 0 {
		return mixed
	}
	for _, b := range r.agents[a].bins {
		for i := range r.bins[b].from() {
			for _, d := range r.offers[i].Devices {
				if d.ID != "" {
					check.meets(unitKey{o.Agent, d.Kind, d.ID})
				}
			}
		}
	}
	return mixed
}

// attributesChange says whether an agent would be another to constraints. One that is not known, -1, would not.
func (r *Round) attributesChange(a int32, o *Offer) bool {
	if a < 0 {
		return false
	}
	ag := &r.agents[a]
	return ag.hostname != hostnameOf(o.Hostname, o.Agent) || !ag.attributes.Equal(o.Attributes)
}

// RemoveOffers takes offers back: rescinded, declined or expired ones. It returns the ids that were not
// held. Tasks that run on a standing offer go on.
func (e *Engine) RemoveOffers(ids ...OfferID) (unknown []OfferID) {
	r := e.round
	anew := false
	rows := make([]int32, len(ids))
	for k, hash := range e.offers.ahead(len(ids), func(k int) string { return string(ids[k]) }) {
		rows[k], _ = e.offers.removeBy(hash, string(ids[k]))
	}
	for k, i := range rows {
		if i < 0 {
			unknown = append(unknown, ids[k])
			continue
		}
		b := r.binAt[i]
		anew = anew || e.known.mixed(r.offers[i].Devices)
		bn := &r.bins[b]
		r.lift(r.homes[b].agent)
		e.vacateOffer(i)
		if len(bn.more) == 0 {
			r.close(b)
			continue
		}
		r.release(b)
		at := slices.Index(bn.more, i)
		if at < 0 {
			at, bn.first = 0, bn.more[0]
			anew = true // the bin's place in the order is that of its next offer now
		}
		bn.more = slices.Delete(bn.more, at, at+1)
		r.shifts++
		r.refill(b)
		r.renewed(b)
	}
	if anew {
		e.rebuild(nil)
	}
	return unknown
}
