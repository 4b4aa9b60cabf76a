package placement

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/berth-go/berth/resources"
)

// AddOffers hands offers to the engine. Bad ones are refused, see [InputError]; the others are taken all the
// same. It costs what is added, except when something is new to the fleet (a resource name, a role,
// a device model, an attribute that changed) or rows run out: then the engine is built anew.
func (e *Engine) AddOffers(offers ...Offer) error {
	var errs InputError
	good, agents := e.checkOffers(&errs, offers)
	if errors.Is(&errs, ErrKind) {
		// What was offered under that name may have left in the meantime.
		e.known.recall(e.heldOffers())
		errs = InputError{}
		good, agents = e.checkOffers(&errs, offers)
	}
	if len(good) == 0 {
		return errs.orNil()
	}
	r := e.round
	anew := false
	for i := range good {
		anew = e.known.learn(&good[i]) || r.attributesChange(agents[i], &good[i]) || anew
	}
	switch {
	case anew:
		e.rebuild(good)
		return errs.orNil()
	case cap(r.bins)-len(r.bins) < len(good):
		e.renumber(good)
		return errs.orNil()
	}
	changed := make([]int32, 0, len(good))
	r.slab = newSlab(len(good))
	r.offers = withRoom(r.offers, len(good))
	for i := range good {
		at := int32(len(r.offers))
		r.offers = append(r.offers, good[i])
		e.offers.add(string(good[i].ID), at)
		e.held++
		changed = append(changed, r.pool(at, agents[i]))
	}
	r.slab = slab{}
	r.books.meet()
	for _, b := range changed {
		r.refresh(r.homes[b].agent, b)
	}
	return errs.orNil()
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

// checkOffers returns the good ones, and their agents, -1 for those that are not known.
func (e *Engine) checkOffers(errs *InputError, offers []Offer) (good []Offer, agents []int32) {
	check := newOfferCheck(offers)
	check.base = e.known.kinds
	agents = make([]int32, len(offers))
	held := make([]bool, len(offers))
	for i := range offers {
		_, held[i] = e.offers.find(string(offers[i].ID))
	}
	for i := range offers {
		agents[i], _ = e.round.agentBy(offers[i].Agent)
	}
	all := true
	for i := range offers {
		o := &offers[i]
		before := len(errs.Offenders) + errs.More
		if held[i] {
			errs.add("offers", i, string(o.ID), fmt.Errorf("%w: offer %q is held already", ErrDuplicate, o.ID))
		}
		if agents[i] >= 0 && e.recallAgent(agents[i], o, &check) {
			errs.add("offers", i, string(o.ID), mixedOffers(o))
		}
		check.offer(errs, i, o)
		switch fine := len(errs.Offenders)+errs.More == before; {
		case fine:
			if !all {
				agents[len(good)] = agents[i]
				good = append(good, *o)
			}
		case all:
			good, all = slices.Clone(offers[:i]), false
		}
	}
	if all {
		return offers, agents
	}
	return good, agents
}

// recallAgent tells the check what is held of the offer's agent already, and says whether the check cannot see that it is of
// the other sort.
func (e *Engine) recallAgent(a int32, o *Offer, check *offerCheck) (mixed bool) {
	r := e.round
	if b := r.binOf(a, o.Role); b >= 0 {
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
		for _, i := range r.bins[b].from {
			for _, d := range r.offers[i].Devices {
				if d.ID != "" {
					check.units[unitKey{o.Agent, d.Kind, d.ID}] = struct{}{}
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
	for k, id := range ids { // by themselves: what this does is mostly to wait for memory, which many can do at once
		rows[k], _ = e.offers.remove(string(id))
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
		if len(bn.from) == 1 {
			r.close(b)
			continue
		}
		r.release(b)
		at := slices.Index(bn.from, i)
		bn.from = slices.Delete(bn.from, at, at+1)
		bn.offers = slices.Delete(slices.Clone(bn.offers), at, at+1)
		if at == 0 {
			anew = true // the bin's place in the order is that of its next offer now
		}
		r.shifts++
		r.refill(b)
		r.renewed(b)
	}
	if anew {
		e.rebuild(nil)
	}
	return unknown
}

// known is what the tables of a round were made for: what goes beyond it needs new tables.
type known struct {
	fleet *fleet
	kinds map[string]resources.Kind
	units map[unitModel]resources.Amount
	// several holds the kinds of device of which there are units of several capacities.
	several map[string]bool
	// last is what the last offer listed: most offers list the same, which saves looking it up.
	last []listed
}

type listed struct {
	name            string
	kind            resources.Kind
	revocable, disk bool
}

// again says whether the last offer listed the same at this position, and takes note of it.
func (k *known) again(i int, is listed) bool {
	for i >= len(k.last) {
		k.last = append(k.last, listed{})
	}
	same := k.last[i] == is
	k.last[i] = is
	return same
}

type unitModel struct{ kind, model string }

func newKnown(f *fleet) known {
	return known{fleet: f, kinds: map[string]resources.Kind{}, units: map[unitModel]resources.Amount{}, several: map[string]bool{}}
}

// learn takes note of what an offer has, and reports whether there is something new in it.
func (k *known) learn(o *Offer) (fresh bool) {
	if _, ok := k.fleet.roles[o.Role]; !ok {
		fresh = true
	}
	for i := range o.Resources.Len() {
		if name, value, ok := o.Resources.Plain(i); ok && i < len(k.last) && k.last[i] == (listed{name: name, kind: value.Kind()}) {
			continue
		}
		r := o.Resources.At(i)
		if k.again(i, listed{r.Name, r.Value.Kind(), r.Revocable, isDiskItem(r)}) {
			continue
		}
		k.kinds[r.Name] = r.Value.Kind()
		switch r.Value.Kind() {
		case resources.KindScalar:
			_, ok := k.fleet.colIndex[scalarColumn(r.Name, r.Revocable)]
			fresh = fresh || (!ok && !isDiskItem(r))
		case resources.KindSet:
			fresh = fresh || !k.fleet.sets[r.Name]
		}
	}
	for i := range o.Devices {
		d := &o.Devices[i]
		m := unitModel{d.Kind, d.Model}
		capacity, ok := k.units[m]
		if !ok {
			fresh = true
			k.units[m] = d.Capacity
		} else if capacity != d.Capacity {
			k.several[d.Kind] = true
		}
		for other, c := range k.units {
			if other.kind == d.Kind && c != d.Capacity {
				k.several[d.Kind] = true
			}
		}
	}
	return fresh || k.mixed(o.Devices)
}

// mixed says whether any of the devices is of a kind with several capacities: rows of shapes then
// depend on which units there are.
func (k *known) mixed(devices []Device) bool {
	for i := range devices {
		if k.several[devices[i].Kind] {
			return true
		}
	}
	return false
}

// recall makes the kinds of resources known those of the offers that are held.
func (k *known) recall(held iter.Seq[*Offer]) {
	clear(k.kinds)
	k.last = k.last[:0]
	for o := range held {
		for r := range o.Resources.All() {
			k.kinds[r.Name] = r.Value.Kind()
		}
	}
}
