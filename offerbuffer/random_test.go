package offerbuffer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// pair is a buffer beside its model. Each step does the same to both, and reports where they differ.
type pair struct {
	b    *Buffer
	m    *model
	now  time.Duration
	next int
}

func newPair(which, maxOffers, perAgent int) *pair {
	r := rules()[which%len(rules())]
	b, err := New(Config{Policy: r.policy, MaxHold: 10 * time.Second, MaxOffers: maxOffers, MaxPerAgent: perAgent, Refuse: time.Second})
	if err != nil {
		panic(err)
	}
	b.Tick(start)
	return &pair{b: b, m: &model{maxHold: 10 * time.Second, refuse: time.Second, maxOffers: maxOffers, perAgent: perAgent, policy: r.model}}
}

func offerOf(id, agent, role string) placement.Offer {
	return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(agent), Role: role}
}

func (p *pair) time() time.Time { return start.Add(p.now) }

func (p *pair) check(what string) string {
	if got, want := numbersOf(p.b.Stats()), p.m.numbers(); got != want {
		return fmt.Sprintf("after %s: added, used, declined, rescinded, void, held, lent are %v, should be %v", what, got, want)
	}
	return ""
}

func (p *pair) add(id, agent, role string) string {
	got, want := p.b.Add(p.time(), offerOf(id, agent, role)) == nil, p.m.add(p.now, id, agent, role)
	if got != want {
		return fmt.Sprintf("adding %s: %v, should be %v", id, got, want)
	}
	return p.check("adding " + id)
}

func (p *pair) rescind(id string) string {
	got, want := len(p.b.Rescind(placement.OfferID(id))) == 0, p.m.rescind(id)
	if got != want {
		return fmt.Sprintf("rescinding %s: %v, should be %v", id, got, want)
	}
	return p.check("rescinding " + id)
}

func (p *pair) use(ids ...string) string {
	var typed []placement.OfferID
	for _, id := range ids {
		typed = append(typed, placement.OfferID(id))
	}
	err := p.b.Used(typed...)
	if want := p.m.use(ids); (err == nil) != want {
		return fmt.Sprintf("using %v: %v, should be %v", ids, err, want)
	}
	return p.check(fmt.Sprint("using ", ids))
}

func (p *pair) decline(id string, refuse time.Duration) string {
	got := len(p.b.Decline(refuse, placement.OfferID(id))) == 0
	o := p.m.find(id)
	if want := o != nil && !o.declining; got != want {
		return fmt.Sprintf("declining %s: %v, should be %v", id, got, want)
	} else if want {
		p.m.decline(o, Asked, refuse)
	}
	return p.check("declining " + id)
}

func (p *pair) lose(agent string) string {
	p.b.AgentLost(placement.AgentID(agent))
	p.m.voidWhere(func(o *modelOffer) bool { return o.agent == agent })
	// The order in which drops of one event are named is the buffer's own.
	return p.sameDrops("losing " + agent)
}

func (p *pair) disconnect() string {
	p.b.Disconnected()
	p.m.voidWhere(func(*modelOffer) bool { return true })
	return p.sameDrops("disconnecting")
}

func (p *pair) sameDrops(what string) string {
	var got []string
	for _, id := range p.b.drops {
		got = append(got, string(id))
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(p.m.drops))
	if !slices.Equal(got, want) {
		return fmt.Sprintf("after %s: drops are %v, should be %v", what, got, want)
	}
	p.m.drops = p.m.drops[:0]
	for _, id := range p.b.drops {
		p.m.drops = append(p.m.drops, string(id))
	}
	return p.check(what)
}

// tick lets time go by. Before, nothing may be due that Next did not announce.
func (p *pair) tick(d time.Duration) string {
	if at, ok := p.b.Next(); d > 0 && (!ok || at.After(p.time())) {
		early := p.now + d - 1
		if ok {
			early = min(early, at.Sub(start)-1)
		}
		if a := p.b.Tick(start.Add(early)); !a.IsEmpty() {
			return fmt.Sprintf("%s at %v, but the next was announced for %v (%v)", describe(a), early, at, ok)
		}
	}
	p.now += d
	got, want := describe(p.b.Tick(p.time())), p.m.tick(p.now)
	if got != want {
		return fmt.Sprintf("tick at %v:\n %s, should be\n %s", p.now, got, want)
	}
	for _, o := range p.m.offers {
		if o.since+p.m.maxHold <= p.now {
			return fmt.Sprintf("tick at %v: %s is held since %v", p.now, o.id, o.since)
		}
	}
	return p.check("a tick")
}

// random does something.
func (p *pair) random(g *rand.Rand) string {
	id := func() string {
		if len(p.m.offers) == 0 || g.IntN(20) == 0 {
			return fmt.Sprint("o", g.IntN(p.next+2))
		}
		return p.m.offers[g.IntN(len(p.m.offers))].id
	}
	agent := fmt.Sprint("a", g.IntN(6))
	switch n := g.IntN(100); {
	case n < 40:
		p.next++
		name := fmt.Sprint("o", p.next)
		if g.IntN(30) == 0 {
			name = id()
		}
		return p.add(name, agent, []string{"", "", "r"}[g.IntN(3)])
	case n < 50:
		return p.rescind(id())
	case n < 65:
		ids := []string{id()}
		if o := p.m.find(ids[0]); o != nil {
			for _, x := range p.m.offers {
				if x != o && x.agent == o.agent && (x.role == o.role && x.lent || g.IntN(10) == 0) {
					ids = append(ids, x.id)
				}
			}
		}
		if g.IntN(20) == 0 {
			ids = append(ids, id())
		}
		return p.use(ids...)
	case n < 70:
		return p.decline(id(), time.Duration(g.IntN(3))*time.Second)
	case n < 72:
		return p.lose(agent)
	case n == 72 && g.IntN(4) == 0:
		return p.disconnect()
	case n == 73 && g.IntN(4) == 0:
		p.b.DeclineAll(0)
		for _, o := range p.m.offers {
			if !o.declining {
				p.m.decline(o, Asked, 0)
			}
		}
		return p.check("declining all")
	case n == 74:
		p.b.Reconsider()
		return ""
	default:
		return p.tick(time.Duration(g.IntN(4)) * 700 * time.Millisecond)
	}
}

// TestMillionEvents compares the buffer with the model over a million random events in all.
func TestMillionEvents(t *testing.T) {
	events := 1_000_000
	if testing.Short() {
		events = 50_000
	}
	limits := [][2]int{{0, 0}, {8, 0}, {0, 2}, {12, 4}}
	runs := len(rules()) * len(limits)
	for run := range runs {
		g := rand.New(rand.NewPCG(uint64(run), 11))
		l := limits[run/len(rules())]
		p := newPair(run, l[0], l[1])
		for k := range events/runs + 1 {
			if diff := p.random(g); diff != "" {
				t.Fatalf("run %d (%v, limits %v), event %d: %s", run, p.b.config.Policy, l, k, diff)
			}
		}
		p.tick(time.Hour)
		s := p.b.Stats()
		if s.Held != 0 || s.Bins != 0 || p.b.byID.used != 0 || p.b.agents.used != 0 || s.Ages.Total() != s.Added {
			t.Errorf("run %d: after an hour there is left: %+v", run, s)
		}
		if _, ok := p.b.Next(); ok {
			t.Errorf("run %d: an empty buffer wants a Tick", run)
		}
	}
}
