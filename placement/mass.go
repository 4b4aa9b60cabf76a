package placement

import (
	"fmt"

	"github.com/berth-go/berth/resources"
)

// mass is the sum of amounts of whatever name, or more than noBound. As long as all there is comes to no more than that, nothing an agent has
// can, and no sum or difference of rows overflows; where it does come to more, each agent is looked at.
type mass uint64

func (m mass) plus(o mass) mass { return min(m+o, noBound+1) }

func (m mass) tooMuch() bool { return m > noBound }

// massOfOffer is all that an offer that is valid has of scalars and of devices.
func massOfOffer(o *Offer) (m mass) {
	for j := range o.Resources.Len() {
		if _, value, ok := o.Resources.Plain(j); ok {
			m = m.plus(mass(value.Amount()))
		} else {
			m = m.plus(mass(o.Resources.At(j).Value.Amount()))
		}
	}
	for j := range o.Devices {
		m = m.plus(mass(o.Devices[j].Capacity))
	}
	return m
}

// massOfRunning is all that tasks hold of scalars.
func massOfRunning(running []Running) (m mass) {
	for i := range running {
		for _, amount := range running[i].Task.Needs.All() {
			m = m.plus(mass(amount))
		}
	}
	return m
}

// mass is that of the offers, which are valid.
func (in *intake) mass() (m mass) {
	if in.uniform() {
		for _, n := range in.rows {
			m = m.plus(mass(n))
		}
		return m
	}
	for i := range in.offers {
		m = m.plus(massOfOffer(&in.offers[i]))
	}
	return m
}

// heldBy is what an agent has of one column.
type heldBy struct {
	agent AgentID
	column
}

// agentSums are what agents have of each column, offered or held by tasks that run.
type agentSums map[heldBy]mass

// add reports the column of which the agent has too much then.
func (s agentSums) add(a AgentID, c column, amount resources.Amount) error {
	k := heldBy{a, c}
	if s[k] = s[k].plus(mass(amount)); s[k].tooMuch() {
		return fmt.Errorf("%w: agent %q has more than %s of %q in all", ErrBadAmount, a, resources.Amount(noBound), c)
	}
	return nil
}

// offer adds what an offer has, running what a task holds.
func (s agentSums) offer(o *Offer) (err error) {
	for r := range o.Resources.All() {
		if r.Value.Kind() == resources.KindScalar && err == nil {
			err = s.add(o.Agent, scalarColumn(r.Name, r.Revocable), r.Value.Amount())
		}
	}
	for j := range o.Devices {
		if err == nil {
			err = s.add(o.Agent, column{o.Devices[j].Kind, deviceColumn}, o.Devices[j].Capacity)
		}
	}
	return err
}

func (s agentSums) running(h *Running) (err error) {
	for name, amount := range h.Task.Needs.All() {
		if err == nil {
			err = s.add(h.Agent, scalarColumn(name, h.Revocable), amount)
		}
	}
	return err
}

// validateSums checks that no agent has too much of anything, when all else is valid.
func validateSums(errs *InputError, in *intake, running []Running) {
	if few := noBound / int(resources.MaxAmount); in.uniform() && len(in.rows) <= few && len(running) == 0 {
		return // as most calls can see without adding anything up
	}
	if m := in.mass().plus(massOfRunning(running)); !m.tooMuch() {
		return
	}
	all := agentSums{}
	for i := range in.offers {
		if err := all.offer(&in.offers[i]); err != nil {
			errs.add("offers", i, string(in.offers[i].ID), err)
		}
	}
	for i := range running {
		if err := all.running(&running[i]); err != nil {
			errs.add("running", i, string(running[i].Task.ID), err)
		}
	}
}

// weigh makes the engine's mass that of what it holds, if with more it would be too much: offers that left count until then. It reports whether
// it is too much all the same.
func (e *Engine) weigh(more mass) (tooMuch bool) {
	if !e.mass.plus(more).tooMuch() {
		return false
	}
	e.mass = massOfRunning(e.running())
	for o := range e.heldOffers() {
		e.mass = e.mass.plus(massOfOffer(o))
	}
	return e.mass.plus(more).tooMuch()
}

// checkSums returns which offers, valid in all else, give an agent too much; nil when none does. Then the engine's mass is with them.
func (e *Engine) checkSums(errs *InputError, offers []Offer) (bad []bool) {
	more := e.intake.mass()
	if e.weigh(more) {
		all := e.heldSums()
		for i := range offers {
			if err := all.offer(&offers[i]); err != nil {
				errs.add("offers", i, string(offers[i].ID), err)
				if bad == nil {
					bad = make([]bool, len(offers))
				}
				bad[i] = true
			}
		}
	}
	if bad == nil {
		e.mass = e.mass.plus(more)
	}
	return bad
}

// checkHeld is checkSums for a task that runs; false when its agent would have too much.
func (e *Engine) checkHeld(errs *InputError, i int, h *Running) bool {
	more := massOfRunning([]Running{*h})
	if e.weigh(more) {
		all := e.heldSums()
		if err := all.running(h); err != nil {
			errs.add("running", i, string(h.Task.ID), err)
			return false
		}
	}
	e.mass = e.mass.plus(more)
	return true
}

// heldSums are the sums of what the engine holds.
func (e *Engine) heldSums() agentSums {
	all := agentSums{}
	for o := range e.heldOffers() {
		_ = all.offer(o) // which was checked
	}
	running := e.running()
	for i := range running {
		_ = all.running(&running[i])
	}
	return all
}
