package clustersim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// ErrHistory is a recording that says too little, or things that cannot be.
var ErrHistory = errors.New("not a history of a cluster")

// History gathers from the rounds of a scheduler, as they were recorded, what happened to its cluster from outside, so that
// other packers can meet the same. What it knows it knows to the round:
//
//   - A task arrives in the first round in which it waits, or runs. One that waits again has been lost, and is the same one.
//   - It ends in the first round in which it neither runs nor waits. One that still runs in the last round lasts for as
//     long as it says, or a draw. One that ceases to wait without having run has been withdrawn, and is left out.
//   - An agent with standing offers is what those were at first. It fails in a round without them, and is back with them. One
//     with ordinary offers is, of each resource, what was offered of it and ran on it in the round in which that was most;
//     parts that other frameworks had all the time are not known, and it never fails.
type History struct {
	first, last time.Time
	rounds      int
	gaps        []time.Duration
	jobs        []*past
	byID        map[placement.TaskID]*past // that wait or run
	times       map[placement.TaskID]int   // that an id was used
	agents      []*pastAgent
	byAgent     map[placement.AgentID]*pastAgent
	outages     []Outage
	withdrawn   int
}

// Seen is a round as a history sees it. Its values are kept.
type Seen struct {
	Now     time.Time
	Offers  []placement.Offer
	Waiting []placement.Task // the tasks of the round, those that it placed among them
	Running []placement.Running
	Placed  []placement.Assignment
}

// past is a task from its arrival to its end.
type past struct {
	task               placement.Task
	arrived, ran       time.Duration // since the first round
	lasts              time.Duration
	running, withdrawn bool
	seen               int // the last round with it
}

// pastAgent is an agent as it was when there was most of it.
type pastAgent struct {
	id       placement.AgentID
	offers   []placement.Offer
	most     resources.Quantities
	standing bool
	seen     int // the last round with it
	outage   int // of outages, the one that lasts; or -1
}

// Add takes a round in. Rounds come in the order of their times. Errors wrap [ErrHistory].
func (h *History) Add(r Seen) error {
	switch {
	case r.Now.IsZero():
		return fmt.Errorf("clustersim: %w: a round has no time; see placement.WithNow", ErrHistory)
	case h.rounds == 0:
		h.first = r.Now
		h.byID, h.times, h.byAgent = map[placement.TaskID]*past{}, map[placement.TaskID]int{}, map[placement.AgentID]*pastAgent{}
	case r.Now.Before(h.last):
		return fmt.Errorf("clustersim: %w: a round at %v comes after one at %v", ErrHistory, r.Now, h.last)
	case r.Now.After(h.last):
		h.gaps = append(h.gaps, r.Now.Sub(h.last))
	}
	h.rounds++
	h.last = r.Now
	t := r.Now.Sub(h.first)
	for i := range r.Running {
		h.run(t, &r.Running[i].Task)
	}
	for i := range r.Waiting {
		j := h.job(t, &r.Waiting[i])
		j.running = false
	}
	h.end(t)
	for i := range r.Placed {
		if j := h.byID[r.Placed[i].Task]; j != nil {
			j.running, j.ran = true, t
		}
	}
	h.fleet(t, &r)
	return nil
}

// job is a task that is there in this round.
func (h *History) job(t time.Duration, task *placement.Task) *past {
	j := h.byID[task.ID]
	if j == nil {
		j = &past{task: *task, arrived: t}
		if h.times[task.ID]++; h.times[task.ID] > 1 {
			j.task.ID += placement.TaskID(fmt.Sprintf("#%d", h.times[task.ID]))
		}
		h.byID[task.ID] = j
		h.jobs = append(h.jobs, j)
	}
	j.seen = h.rounds
	return j
}

func (h *History) run(t time.Duration, task *placement.Task) {
	if j := h.job(t, task); !j.running {
		j.running, j.ran = true, t
	}
}

// end notes what is gone.
func (h *History) end(t time.Duration) {
	for id, j := range h.byID {
		if j.seen == h.rounds {
			continue
		}
		if delete(h.byID, id); j.running {
			j.lasts = max(time.Millisecond, t-j.ran)
		} else {
			j.withdrawn = true
			h.withdrawn++
		}
	}
}

// fleet notes the agents, and those that are gone or back.
func (h *History) fleet(t time.Duration, r *Seen) {
	var order []placement.AgentID
	offers := map[placement.AgentID][]placement.Offer{}
	for _, o := range r.Offers {
		if offers[o.Agent] == nil {
			order = append(order, o.Agent)
		}
		offers[o.Agent] = append(offers[o.Agent], o)
	}
	runs := map[placement.AgentID]resources.Quantities{}
	for i := range r.Running {
		x := &r.Running[i]
		runs[x.Agent] = runs[x.Agent].Plus(x.Task.Needs)
	}
	for _, id := range order {
		a := h.byAgent[id]
		if a == nil {
			a = &pastAgent{id: id, outage: -1}
			h.byAgent[id] = a
			h.agents = append(h.agents, a)
		}
		a.see(offers[id], runs[id])
		if a.seen = h.rounds; a.outage >= 0 {
			h.outages[a.outage].Until = t
			a.outage = -1
		}
	}
	for _, a := range h.agents {
		if a.standing && a.seen != h.rounds && a.outage < 0 {
			a.outage = len(h.outages)
			h.outages = append(h.outages, Outage{Agent: a.id, From: t})
		}
	}
}

// see takes in what there is of an agent.
func (a *pastAgent) see(offers []placement.Offer, runs resources.Quantities) {
	if a.standing {
		return
	}
	if offers[0].Standing {
		a.offers, a.standing = offers, true
		return
	}
	sum := runs
	for i := range offers {
		sum = sum.Plus(offers[i].Resources.Quantities())
	}
	if a.offers != nil && a.most.Contains(sum) {
		return
	}
	// Amounts that are only in some of the rounds are made up for, as plain resources.
	more := runs
	if missing := a.most.Minus(sum); !missing.IsEmpty() {
		more, sum = more.Plus(missing), sum.Plus(missing)
	}
	a.most, a.offers = sum, slices.Clone(offers)
	if add, err := resources.Parse(more.String()); err == nil {
		a.offers[0].Resources = a.offers[0].Resources.Plus(add)
	}
}

// Rounds is the number of rounds, and Withdrawn that of tasks left out.
func (h *History) Rounds() int    { return h.rounds }
func (h *History) Withdrawn() int { return h.withdrawn }

// Ordinary is the number of agents with ordinary offers, about which less is known.
func (h *History) Ordinary() (n int) {
	for _, a := range h.agents {
		if !a.standing {
			n++
		}
	}
	return n
}

// Every is how fast rounds follow each other: a tenth of them came as soon after the one before. Between the others nothing happened that
// takes a round, or rounds were not recorded.
func (h *History) Every() time.Duration {
	if len(h.gaps) == 0 {
		return time.Second
	}
	sorted := slices.Sorted(slices.Values(h.gaps))
	return max(time.Millisecond, sorted[len(sorted)/10].Round(time.Millisecond))
}

// Config is what happened: offers, arrivals, outages and duration; the first round is the one after the given time between rounds.
// Errors wrap [ErrHistory].
func (h *History) Config(every time.Duration) (Config, error) {
	c := Config{Every: every, Duration: h.last.Sub(h.first) + every}
	for _, j := range h.jobs {
		if !j.withdrawn {
			c.Arrivals = append(c.Arrivals, Arrival{At: every + j.arrived, Task: j.task, Lasts: j.lasts})
		}
	}
	for _, a := range h.agents {
		c.Offers = append(c.Offers, a.offers...)
	}
	for _, o := range h.outages {
		o.From += every
		if o.Until > 0 {
			o.Until += every
		}
		c.Outages = append(c.Outages, o)
	}
	if len(c.Arrivals) == 0 || len(c.Offers) == 0 {
		return c, fmt.Errorf("clustersim: %w: %d tasks on %d agents in %d rounds", ErrHistory, len(c.Arrivals), len(h.agents), h.rounds)
	}
	return c, nil
}
