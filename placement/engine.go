package placement

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
)

// Engine places tasks over many rounds on a fleet that changes: offers come and go, tasks are
// submitted, start and end. What a round costs follows what changed since the last one; a backlog that finds no place costs
// almost nothing again.
//
// Each [Engine.Assign] gives the result that a fresh [Assign] would give on the offers held, in the order
// in which they came, the pending tasks, in the order in which they were submitted, and the running tasks.
//
// An ordinary offer is consumed when it is used: it leaves the engine with all other offers of its bin,
// and what is left of it comes back, as in Mesos, as a new offer. A standing offer is the whole agent and stays; tasks
// draw on it until they end. Running tasks count for constraints and for capacity until [Engine.Ended].
//
// The zero value is not ready; use [NewEngine]. An Engine is for one goroutine at a time and reads no clock.
type Engine struct {
	options []Option
	round   *Round
	offers  *idTable // of round.offers
	held    int      // offers that have not left
	mass    mass     // no less than that of the offers held and of what running tasks hold, see Engine.weigh
	tasks   *idTable // of round.tasks
	gangs   map[string]*gangOf
	gone    int // tasks that left holes in the tables
	known   known
	intake  intake // of the offers that are being added
	// disabled and active say which agents take tasks, see Engine.Disable and Engine.SetActiveGroups.
	disabled disabledSet
	active   Option
	tries    map[TaskID]int // how often tasks failed, see WithBackoff
	asked    []TaskIndex    // one pending task for each question, see Wants; nil when out of date
	askedOf  *quotas        // which they were found with
	owners   owned
	roster   *roster // nil until a snapshot is asked for
	input    Input   // of the round, for its observer
}

type gangOf struct {
	gangTerms
	tasks int
}

// NewEngine makes an engine without offers and tasks. The options are those of every round; those
// given to [Engine.Assign] come after them. [WithRunning] has no effect: see [Engine.Started].
func NewEngine(opts ...Option) *Engine {
	e := &Engine{options: slices.Clone(opts), gangs: map[string]*gangOf{}}
	e.build(nil, nil, nil)
	return e
}

// minSpare is the least number of spare rows an engine's fleet has for bins to come.
const minSpare = 64

// build makes the round anew. The offers, tasks and running tasks are the engine's own from here on.
func (e *Engine) build(offers []Offer, tasks []Task, running []Running) {
	number := int32(1)
	if e.round != nil {
		number = e.round.number
	}
	in := intakeOf(offers)
	e.round = newRound(in, tasks, running, max(minSpare, len(offers)), 1)
	e.round.faultIn()
	e.round.number = number
	if e.roster != nil {
		e.roster = rosterOf(e.round, running)
	}
	e.held, e.gone, e.asked = len(offers), 0, nil
	e.mass = in.mass().plus(massOfRunning(running))
	e.intake.take(pattern{}, nil, 0)
	e.offers = newIDTable(len(offers), e.offerID)
	e.known = newKnown(e.round.fleet)
	for i := range offers {
		e.offers.add(string(offers[i].ID), int32(i))
		e.known.learn(&offers[i], i > 0 && in.isAlike(int32(i)))
	}
	e.tasks = newIDTable(len(e.round.tasks), func(t int32) string { return string(e.round.tasks[t].ID) })
	for t := range e.round.tasks {
		e.tasks.add(string(e.round.tasks[t].ID), int32(t))
	}
}

// rebuild makes the round anew out of what it holds, and more offers. Explanations are forgotten.
func (e *Engine) rebuild(more []Offer) {
	r := e.round
	n := e.held + len(more)
	offers := make([]Offer, 0, n+max(minSpare, n)) // as many may come as there will be room for bins
	for o := range e.heldOffers() {
		offers = append(offers, *o)
	}
	offers = append(offers, more...)
	tasks := make([]Task, 0, len(r.pending))
	for _, t := range r.pending {
		tasks = append(tasks, r.tasks[t])
	}
	e.build(offers, tasks, e.running())
}

// renumber is rebuild where nothing is new: the tables are full or mostly holes. Explanations stand.
func (e *Engine) renumber(more []Offer) {
	old := e.round
	first := make(map[question]int, len(old.answers.order))
	for i, t := range old.pending {
		if q := (question{shape: old.states[t].shape, rule: old.states[t].rule}); old.answers.byQuestion[q] != nil {
			if _, ok := first[q]; !ok {
				first[q] = i
			}
		}
	}
	e.rebuild(more)
	k := &e.round.answers
	k.credit = old.answers.credit + old.changes - old.answers.seen
	k.byQuestion = make(map[question]*Explanation, len(first))
	for _, was := range old.answers.order {
		i, ok := first[was]
		if !ok {
			continue
		}
		t := e.round.pending[i]
		q := question{shape: e.round.states[t].shape, rule: e.round.states[t].rule}
		k.byQuestion[q] = old.answers.byQuestion[was]
		k.order = append(k.order, q)
	}
}

// Running lists the running tasks, those that started first before the others.
func (e *Engine) Running() []Running { return e.running() }

func (e *Engine) running() []Running {
	r := e.round
	var order []int32
	for t := range r.spots {
		a := r.ranOn[t]
		if a >= 0 {
			order = append(order, int32(t))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(r.turn[a], r.turn[b]) })
	all := make([]Running, len(order))
	for i, t := range order {
		all[i] = *r.runningTask(t)
	}
	return all
}

// Offers lists the offers held, oldest first.
func (e *Engine) Offers() []Offer {
	all := make([]Offer, 0, e.held)
	for o := range e.heldOffers() {
		all = append(all, *o)
	}
	return all
}

// heldOffers yields the offers that have not left, oldest first.
func (e *Engine) heldOffers() iter.Seq[*Offer] {
	return func(yield func(*Offer) bool) {
		r := e.round
		for i, b := range r.binAt {
			if b >= 0 && !yield(&r.offers[i]) {
				return
			}
		}
	}
}

// Pending lists the tasks that wait for a place, in the order in which they were submitted.
func (e *Engine) Pending() []Task {
	all := make([]Task, len(e.round.pending))
	for i, t := range e.round.pending {
		all[i] = e.round.tasks[t]
	}
	return all
}

// Assign runs a round and commits it: used offers leave, placed tasks run until [Engine.Ended], which
// is to be called for a launch that failed, too. When the context ends early the result is valid, partial and
// Truncated, and committed as well. After an error ([ErrPolicy]) nothing has changed.
//
// Explaining a large backlog in every round would cost far more than the round itself. So a failure is explained
// when its like first comes up, and anew after as much has changed as explaining costs; in between the old
// explanation stands. [Engine.Why] looks at once, and [WithExplain] has every round explain within its budget.
func (e *Engine) Assign(ctx context.Context, opts ...Option) (Result, error) {
	c := e.configure(opts...)
	if err := c.validate(); err != nil {
		return Result{}, err
	}
	e.tidy()
	r := e.round
	result, err := e.play(ctx, &c)
	if err != nil {
		r.abandon()
		return Result{}, err
	}
	e.backOff(&result, &c)
	e.commit(&result, c.pieces)
	if r.timed {
		e.asked = nil
	}
	e.forgetDisables(c.now)
	return result, nil
}

func (e *Engine) play(ctx context.Context, c *config) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = Result{}, fmt.Errorf("placement: %w: %v", ErrPolicy, p)
		}
		if c.observer != nil {
			c.observer.RoundEnds(result, err)
		}
	}()
	if c.observer != nil {
		e.input = Input{Engine: true, config: *c, engine: e}
		c.observer.RoundStarts(&e.input)
	}
	e.round.begin(ctx, c)
	return e.round.play(c, func(p Phase) {
		if c.observer != nil {
			c.observer.PhaseStarts(p)
		}
	})
}

// Why says why a pending task has no place, as things stand: all agents are looked at. The options are those of a
// round: the time, say.
func (e *Engine) Why(id TaskID, opts ...Option) (why *Explanation, err error) {
	t, ok := e.tasks.find(string(id))
	if !ok || !e.round.isTask(TaskIndex(t)) {
		return nil, fmt.Errorf("placement: %w: %q is not pending", ErrNotFound, id)
	}
	defer func() {
		if p := recover(); p != nil {
			why, err = nil, fmt.Errorf("placement: %w: %v", ErrPolicy, p)
		}
	}()
	c := e.configure(opts...)
	if err := c.validate(); err != nil {
		return nil, err
	}
	e.round.begin(context.Background(), &c)
	return e.round.explainAll(TaskIndex(t)), nil
}

// tidy rebuilds the round when most of its tables are holes, after as many tasks as it costs.
func (e *Engine) tidy() {
	r := e.round
	if e.gone > max(1024, len(r.tasks)/2, len(r.bins)) || len(r.offers) > 1024 && e.held < len(r.offers)/4 {
		e.renumber(nil)
	}
}
