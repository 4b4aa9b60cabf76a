package offersim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/placement"
)

// tenant is Berth's framework. It declines what a round leaves of the offers released to it, and while nothing waits it wants no
// offers: it declines all it holds and says so to the master, until the next task.
type tenant struct {
	s       *simulation
	account *account
	buffer  *offerbuffer.Buffer
	engine  *placement.Engine
	tasks   map[placement.TaskID]*task
	waiting []*task // the order of arrival
	largest placement.TaskID
	counts  map[*Class]int
	wake    time.Duration // when the next step is to be, so far

	big, small         []wait
	launched, declines int
}

// task is one of the tenant's, with what becomes of it.
type task struct {
	id      placement.TaskID
	class   *Class
	arrived time.Duration
	lasts   time.Duration
	done    bool
}

// wait is how long a task waited until it was launched, or that it was not.
type wait struct {
	d        time.Duration
	launched bool
}

func newTenant(s *simulation, p Policy) (*tenant, error) {
	c := s.c
	t := &tenant{s: s, tasks: map[placement.TaskID]*task{}, counts: map[*Class]int{}, wake: -1,
		engine: placement.NewEngine(placement.WithPacker(placement.FirstFit()), placement.WithOrder(placement.Decreasing), placement.WithExplain(0))}
	var err error
	t.buffer, err = offerbuffer.New(offerbuffer.Config{
		Policy:  p.make(t.engine.Wants, func(offers []placement.Offer) bool { return t.engine.WantsFor(offers, t.largest) }),
		MaxHold: c.MaxHold, MaxShare: c.MaxShare, Refuse: c.Refuse,
	})
	if err != nil {
		return nil, fmt.Errorf("offersim: %w", err)
	}
	t.buffer.SetCluster(s.master.whole.resources().Quantities())
	t.account = s.master.register(t)
	s.master.suppress(t.account)
	return t, nil
}

// submits has tasks of a class arrive.
func (t *tenant) submits(class *Class, rng *rand.Rand) {
	var arrive func() error
	arrive = func() error {
		t.counts[class]++
		name := "small"
		if class == &t.s.c.Big {
			name = "big"
		}
		one := &task{id: placement.TaskID(fmt.Sprint(name, "-", t.counts[class])), class: class, arrived: t.s.clock.now, lasts: exponential(rng, class.Lasts)}
		t.s.clock.after(exponential(rng, class.Every), arrive)
		return t.submit(one)
	}
	t.s.clock.after(exponential(rng, class.Every), arrive)
}

func (t *tenant) submit(one *task) error {
	t.tasks[one.id] = one
	if len(t.waiting) == 0 {
		t.s.master.revive(t.account)
	}
	t.waiting = append(t.waiting, one)
	t.chooseLargest()
	if err := t.engine.Submit(placement.Task{ID: one.id, Needs: one.class.Needs}); err != nil {
		return err
	}
	t.buffer.Reconsider()
	return t.step()
}

// chooseLargest finds the task that waits for the largest share of an agent, the oldest of equals.
func (t *tenant) chooseLargest() {
	t.largest = ""
	most := 0.0
	for _, w := range t.waiting {
		if share := sizeOf(w.class.Needs).of(sizeOf(t.s.c.Agent)); share > most {
			t.largest, most = w.id, share
		}
	}
}

func (t *tenant) offered(list []*offer) error {
	offers := make([]placement.Offer, len(list))
	for i, o := range list {
		offers[i] = placement.Offer{ID: o.id, Agent: agentID(o.agent), Resources: o.what.resources()}
	}
	if err := t.buffer.Add(t.s.time(), offers...); err != nil {
		return err
	}
	return t.step()
}

func (t *tenant) rescinded(o *offer) error {
	t.buffer.Rescind(o.id)
	return t.step()
}

// step does what is due, until nothing is, and sees to it that it is called again.
func (t *tenant) step() error {
	for {
		a := t.buffer.Tick(t.s.time())
		if a.IsEmpty() {
			break
		}
		t.engine.RemoveOffers(a.Drop...)
		for _, d := range a.Decline {
			t.declines += len(d.Offers)
			if err := t.s.master.decline(t.account, d.Offers, d.Refuse); err != nil {
				return err
			}
		}
		if len(a.Release) == 0 {
			continue
		}
		if err := t.engine.AddOffers(a.Release...); err != nil {
			return err
		}
		if err := t.round(); err != nil {
			return err
		}
	}
	if at, ok := t.buffer.Next(); ok {
		if due := at.Sub(began); t.wake <= t.s.clock.now || due < t.wake {
			t.wake = due
			t.s.clock.at(due, t.step)
		}
	}
	return nil
}

// round places what can be placed, launches it, and gives the rest back.
func (t *tenant) round() error {
	result, err := t.engine.Assign(context.Background(), placement.WithNow(t.s.time()))
	if err != nil {
		return err
	}
	for len(result.Assignments) > 0 {
		first := result.Assignments[0]
		var same, others []placement.Assignment
		for _, a := range result.Assignments {
			if a.Agent == first.Agent {
				same = append(same, a)
			} else {
				others = append(others, a)
			}
		}
		if err := errors.Join(t.buffer.Used(first.Offers...), t.launch(same)); err != nil {
			return err
		}
		result.Assignments = others
	}
	t.forgetLaunched()
	var left []placement.OfferID
	for _, o := range t.engine.Offers() {
		left = append(left, o.ID)
	}
	t.buffer.Decline(-1, left...)
	if len(t.waiting) == 0 {
		t.buffer.DeclineAll(-1)
		t.s.master.suppress(t.account)
	}
	return nil
}

// launch accepts the offers of an agent for the tasks placed there.
func (t *tenant) launch(list []placement.Assignment) error {
	var needs []size
	var agent int
	for _, a := range list {
		one := t.tasks[a.Task]
		one.done = true
		needs = append(needs, sizeOf(one.class.Needs))
		agent = t.s.master.offers[a.Offers[0]].agent
		t.note(one, true)
		t.s.clock.after(one.lasts, func() error {
			t.engine.Ended(one.id)
			t.s.master.ended(t.account, agent, sizeOf(one.class.Needs))
			delete(t.tasks, one.id)
			return nil
		})
	}
	if t.s.measuring() {
		t.launched += len(list)
	}
	return t.s.master.accept(t.account, list[0].Offers, needs, t.s.c.Refuse)
}

func (t *tenant) forgetLaunched() {
	kept := t.waiting[:0]
	for _, w := range t.waiting {
		if !w.done {
			kept = append(kept, w)
		}
	}
	t.waiting = kept
	old := t.largest
	t.chooseLargest()
	if t.largest != old {
		t.buffer.Reconsider()
	}
}

// note records how long a task waited, if it is one of those watched.
func (t *tenant) note(one *task, launched bool) {
	if c := t.s.c; one.arrived < c.Warmup || one.arrived >= c.Warmup+c.Duration {
		return
	}
	w := wait{t.s.clock.now - one.arrived, launched}
	if w.d > t.s.c.Patience {
		w = wait{t.s.c.Patience, false}
	}
	if one.class == &t.s.c.Big {
		t.big = append(t.big, w)
	} else {
		t.small = append(t.small, w)
	}
}
