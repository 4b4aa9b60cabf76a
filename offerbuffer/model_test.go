package offerbuffer

import (
	"fmt"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
)

// modelOffer is an offer in the model.
type modelOffer struct {
	id, agent, role string
	since           time.Duration
	lent            bool
	declining       bool
	reason          Reason
	refuse          time.Duration
	asked           int // when the decline was asked for, as a number
}

// model is what a buffer is supposed to do, written as plainly as possible: one list of offers, scanned for every
// question. Its policy is a function of a whole bin.
type model struct {
	maxHold, refuse     time.Duration
	maxOffers, perAgent int
	policy              func(bin []*modelOffer, now time.Duration) bool

	now                                    time.Duration
	offers                                 []*modelOffer // in order of arrival
	drops                                  []string
	asked                                  int
	added, used, declined, rescinded, void uint64
}

func (m *model) find(id string) *modelOffer {
	for _, o := range m.offers {
		if o.id == id {
			return o
		}
	}
	return nil
}

func (m *model) remove(o *modelOffer) {
	m.offers = slices.DeleteFunc(m.offers, func(x *modelOffer) bool { return x == o })
}

func (m *model) add(t time.Duration, id, agent, role string) bool {
	m.now = max(m.now, t)
	if m.find(id) != nil {
		return false
	}
	held, ofAgent := 0, 0
	for _, o := range m.offers {
		if !o.declining {
			held++
			if o.agent == agent {
				ofAgent++
			}
		}
	}
	o := &modelOffer{id: id, agent: agent, role: role, since: m.now}
	m.offers = append(m.offers, o)
	m.added++
	switch {
	case m.maxOffers > 0 && held >= m.maxOffers:
		m.decline(o, TooMany, m.refuse)
	case m.perAgent > 0 && ofAgent >= m.perAgent:
		m.decline(o, TooManyOfAgent, m.refuse)
	}
	return true
}

func (m *model) decline(o *modelOffer, why Reason, refuse time.Duration) {
	if o.lent {
		m.drops = append(m.drops, o.id)
	}
	m.asked++
	o.lent, o.declining, o.reason, o.refuse, o.asked = false, true, why, refuse, m.asked
}

func (m *model) lose(o *modelOffer) {
	if o.lent {
		m.drops = append(m.drops, o.id)
	}
	m.remove(o)
}

func (m *model) rescind(id string) bool {
	o := m.find(id)
	if o == nil {
		return false
	}
	m.lose(o)
	m.rescinded++
	return true
}

func (m *model) voidWhere(lost func(*modelOffer) bool) {
	for _, o := range slices.Clone(m.offers) {
		if lost(o) {
			m.lose(o)
			m.void++
		}
	}
}

func (m *model) use(ids []string) bool {
	ok := true
	var lent []*modelOffer
	for i, id := range ids {
		o := m.find(id)
		if o == nil || !o.lent {
			ok = false
			continue
		}
		lent = append(lent, o)
		if slices.Contains(ids[:i], id) || o.agent != lent[0].agent || o.role != lent[0].role {
			ok = false
		}
	}
	for _, o := range lent {
		switch {
		case ok:
			m.remove(o)
			m.used++
		case o.lent:
			o.lent = false
			m.drops = append(m.drops, o.id)
		}
	}
	return ok
}

// text is what the model's Tick does, in the words of [describe].
func (m *model) tick(t time.Duration) string {
	m.now = max(m.now, t)
	for _, o := range m.offers {
		if !o.declining && o.since+m.maxHold <= m.now {
			m.decline(o, TooOld, m.refuse)
		}
	}
	var release []string
	done := map[string]bool{}
	for _, first := range m.offers {
		key := first.agent + "|" + first.role
		if first.declining || done[key] {
			continue
		}
		done[key] = true
		var bin []*modelOffer
		for _, o := range m.offers {
			if o.agent == first.agent && o.role == first.role && !o.declining {
				bin = append(bin, o)
			}
		}
		if !slices.ContainsFunc(bin, func(o *modelOffer) bool { return !o.lent }) || !m.policy(bin, m.now) {
			continue
		}
		for _, o := range bin {
			if !o.lent {
				o.lent = true
				release = append(release, o.id)
			}
		}
	}
	var declines []*modelOffer
	for _, o := range m.offers {
		if o.declining {
			declines = append(declines, o)
		}
	}
	slices.SortFunc(declines, func(a, b *modelOffer) int { return a.asked - b.asked })
	var calls []Decline
	for _, o := range declines {
		i := slices.IndexFunc(calls, func(d Decline) bool { return d.Reason == o.reason && d.Refuse == o.refuse })
		if i < 0 {
			i = len(calls)
			calls = append(calls, Decline{Reason: o.reason, Refuse: o.refuse})
		}
		calls[i].Offers = append(calls[i].Offers, placement.OfferID(o.id))
		m.remove(o)
		m.declined++
	}
	drops := m.drops
	m.drops = nil
	return fmt.Sprint("drop ", drops, " release ", release, " decline ", calls)
}

// describe is what actions say, without what the model leaves out.
func describe(a Actions) string {
	var release []string
	for _, o := range a.Release {
		release = append(release, string(o.ID))
	}
	return fmt.Sprint("drop ", a.Drop, " release ", release, " decline ", a.Decline)
}

// numbers are what both count.
func (m *model) numbers() [7]uint64 {
	lent := uint64(0)
	for _, o := range m.offers {
		if o.lent {
			lent++
		}
	}
	return [7]uint64{m.added, m.used, m.declined, m.rescinded, m.void, uint64(len(m.offers)), lent}
}

func numbersOf(s Stats) [7]uint64 {
	return [7]uint64{s.Added, s.Used, s.Declined, s.Rescinded, s.Void, uint64(s.Held), uint64(s.Lent)}
}

// rule is a policy, and what the model makes of it.
type rule struct {
	policy Policy
	model  func(bin []*modelOffer, now time.Duration) bool
}

func heldFor(d time.Duration) func([]*modelOffer, time.Duration) bool {
	return func(bin []*modelOffer, now time.Duration) bool { return bin[0].since+d <= now }
}

func atLeast(n int) func([]*modelOffer, time.Duration) bool {
	return func(bin []*modelOffer, now time.Duration) bool { return len(bin) >= n }
}

func three(offers []placement.Offer) bool { return len(offers) >= 3 }

// rules are the policies that models are tested with.
func rules() []rule {
	old, older, big := heldFor(3*time.Second), heldFor(8*time.Second), atLeast(3)
	return []rule{
		{AtOnce(), func([]*modelOffer, time.Duration) bool { return true }},
		{LongEnough(3 * time.Second), old},
		{BigEnough(three), big},
		{Any(LongEnough(3*time.Second), BigEnough(three)), func(b []*modelOffer, n time.Duration) bool { return old(b, n) || big(b, n) }},
		{All(LongEnough(3*time.Second), BigEnough(three)), func(b []*modelOffer, n time.Duration) bool { return old(b, n) && big(b, n) }},
		{Any(LongEnough(8*time.Second), All(BigEnough(three), LongEnough(3*time.Second))),
			func(b []*modelOffer, n time.Duration) bool { return older(b, n) || old(b, n) && big(b, n) }},
		{Any(), func([]*modelOffer, time.Duration) bool { return false }},
	}
}
