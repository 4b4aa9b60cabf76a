package offersim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/berth-go/berth/placement"
)

// master owns the agents and decides who is offered what. It is as strict as a real one: whoever names an offer
// that has ended, or mixes agents, gets an error, which ends the simulation.
type master struct {
	clock    *clock
	c        *Config
	rng      *rand.Rand
	whole    size   // all agents together
	free     []size // of each agent: neither used nor offered
	accounts []*account
	offers   map[placement.OfferID]*offer
	made     int
	order    []int // agents, shuffled anew in each allocation
}

// offer is part of an agent, lent to a framework.
type offer struct {
	id    placement.OfferID
	agent int
	what  size
	to    *account
}

// account is what the master knows of a framework.
type account struct {
	framework
	offered, used size
	filters       [][]filter // of each agent
	suppressed    bool
	grants        int // offers ever made; the fewer, the sooner its turn at equal shares
}

// framework is what the master tells one.
type framework interface {
	offered(list []*offer) error
	rescinded(o *offer) error
}

// filter holds back what a framework refused.
type filter struct {
	refused size
	until   time.Duration
}

func newMaster(c *Config, clock *clock, rng *rand.Rand) *master {
	m := &master{clock: clock, c: c, rng: rng, whole: sizeOf(c.Agent).times(c.Agents), offers: map[placement.OfferID]*offer{}}
	for i := range c.Agents {
		m.free = append(m.free, sizeOf(c.Agent))
		m.order = append(m.order, i)
	}
	return m
}

func (m *master) register(f framework) *account {
	a := &account{framework: f, filters: make([][]filter, m.c.Agents)}
	m.accounts = append(m.accounts, a)
	return a
}

// leastMem is the least memory worth an offer, and leastCPUs the least cpus: either suffices.
const (
	leastMem  = 32_000 // thousandths of a megabyte
	leastCPUs = 10
)

// allocate makes offers of all that is free, and comes again after the interval.
func (m *master) allocate() error {
	m.rng.Shuffle(len(m.order), func(i, j int) { m.order[i], m.order[j] = m.order[j], m.order[i] })
	fresh := make([][]*offer, len(m.accounts))
	for _, agent := range m.order {
		what := m.free[agent]
		if what[0] < leastCPUs && what[1] < leastMem {
			continue
		}
		to := m.next(agent, what)
		if to < 0 {
			continue
		}
		m.made++
		o := &offer{id: placement.OfferID(fmt.Sprint("offer-", m.made)), agent: agent, what: what, to: m.accounts[to]}
		m.offers[o.id] = o
		m.free[agent] = size{}
		o.to.offered = o.to.offered.plus(what)
		o.to.grants++
		fresh[to] = append(fresh[to], o)
		if m.c.OfferTimeout > 0 {
			m.clock.after(m.c.OfferTimeout, func() error { return m.expire(o) })
		}
	}
	for i, list := range fresh {
		if len(list) > 0 {
			if err := m.accounts[i].framework.offered(list); err != nil {
				return err
			}
		}
	}
	m.clock.after(m.c.Interval, m.allocate)
	return nil
}

// next is the framework that is offered what is free of an agent: the one with the least share of those that
// have not refused it.
func (m *master) next(agent int, what size) int {
	best := -1
	for i, a := range m.accounts {
		if a.suppressed || m.filtered(a, agent, what) {
			continue
		}
		if best < 0 || m.before(a, m.accounts[best]) {
			best = i
		}
	}
	return best
}

func (m *master) before(a, b *account) bool {
	x, y := a.used.plus(a.offered).of(m.whole), b.used.plus(b.offered).of(m.whole)
	if x != y {
		return x < y
	}
	return a.grants < b.grants
}

// filtered says whether a framework has refused all of this lately, and forgets what it refused long ago.
func (m *master) filtered(a *account, agent int, what size) bool {
	kept, found := a.filters[agent][:0], false
	for _, f := range a.filters[agent] {
		if f.until > m.clock.now {
			kept = append(kept, f)
			found = found || f.refused.contains(what)
		}
	}
	a.filters[agent] = kept
	return found
}

// accept uses offers of one agent for tasks. What they leave is free again, and held back from the framework for a time.
func (m *master) accept(a *account, ids []placement.OfferID, tasks []size, refuse time.Duration) error {
	rest, agent, err := m.take(a, ids)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if !rest.contains(t) {
			return fmt.Errorf("offersim: tasks of %v use more than the offers %v hold", tasks, ids)
		}
		rest = rest.minus(t)
		a.used = a.used.plus(t)
	}
	m.give(a, agent, rest, refuse)
	return nil
}

func (m *master) decline(a *account, ids []placement.OfferID, refuse time.Duration) error {
	for _, id := range ids {
		what, agent, err := m.take(a, []placement.OfferID{id})
		if err != nil {
			return err
		}
		m.give(a, agent, what, refuse)
	}
	return nil
}

// take ends offers.
func (m *master) take(a *account, ids []placement.OfferID) (sum size, agent int, err error) {
	agent = -1
	for _, id := range ids {
		o := m.offers[id]
		if o == nil || o.to != a || agent >= 0 && o.agent != agent {
			return sum, agent, fmt.Errorf("offersim: offers %v cannot be taken together: %s has ended, or is another's or of another agent", ids, id)
		}
		delete(m.offers, id)
		agent, sum = o.agent, sum.plus(o.what)
		a.offered = a.offered.minus(o.what)
	}
	return sum, agent, nil
}

func (m *master) give(a *account, agent int, what size, refuse time.Duration) {
	m.free[agent] = m.free[agent].plus(what)
	if what != (size{}) && refuse > 0 {
		a.filters[agent] = append(a.filters[agent], filter{what, m.clock.now + max(refuse, m.c.Interval)})
	}
}

// expire takes an offer back that nobody used or declined in time.
func (m *master) expire(o *offer) error {
	if m.offers[o.id] != o {
		return nil
	}
	if _, _, err := m.take(o.to, []placement.OfferID{o.id}); err != nil {
		return err
	}
	m.free[o.agent] = m.free[o.agent].plus(o.what)
	return o.to.framework.rescinded(o)
}

// ended takes note that a task has ended.
func (m *master) ended(a *account, agent int, what size) {
	a.used = a.used.minus(what)
	m.free[agent] = m.free[agent].plus(what)
}

// suppress ends offers to a framework; revive starts them again, and forgets what it refused.
func (m *master) suppress(a *account) { a.suppressed = true }

func (m *master) revive(a *account) {
	a.suppressed = false
	for i := range a.filters {
		a.filters[i] = a.filters[i][:0]
	}
}

// balanced checks that nothing of the cluster was lost or made.
func (m *master) balanced() error {
	var sum size
	for _, f := range m.free {
		sum = sum.plus(f)
	}
	for _, a := range m.accounts {
		sum = sum.plus(a.offered).plus(a.used)
	}
	if sum != m.whole {
		return fmt.Errorf("offersim: free, offered and used are %v together, not %v", sum, m.whole)
	}
	return nil
}
