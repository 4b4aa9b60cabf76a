package placement

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/berth-go/berth/ports"
)

// Assign decides where tasks run. It places tasks on the agents that the offers are parts of and
// answers, for every task, with an [Assignment] or with a [Failure]. The error is about bad input (an
// [*InputError]) or a panicking policy ([ErrPolicy]); then there is no result.
//
// Without options tasks are placed by best fit in the order given. The result is a function of the
// arguments: same input, same result. The slices are read during the call only; nothing of them is kept or changed.
func Assign(offers []Offer, tasks []Task, opts ...Option) (Result, error) {
	return AssignContext(context.Background(), offers, tasks, opts...)
}

// AssignContext is [Assign] that ends early when the context does: with a valid result in which
// Truncated is set.
func AssignContext(ctx context.Context, offers []Offer, tasks []Task, opts ...Option) (Result, error) {
	c := newConfig(opts)
	result, _, err := assign(ctx, offers, tasks, &c)
	return result, err
}

func assign(ctx context.Context, offers []Offer, tasks []Task, c *config) (result Result, r *Round, err error) {
	if err := validate(offers, tasks, c.running); err != nil {
		return Result{}, nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			result, r, err = Result{}, nil, fmt.Errorf("placement: %w: %v", ErrPolicy, p)
		}
		if c.observer != nil {
			c.observer.RoundEnds(result, err)
		}
	}()
	phase := func(p Phase) {
		if c.observer != nil {
			c.observer.PhaseStarts(p)
		}
	}
	if c.observer != nil {
		c.observer.RoundStarts(offers, tasks)
	}
	phase(PhaseBuild)
	r = newRound(ctx, offers, tasks, c)
	phase(PhasePack)
	truncated := r.run(c.packer, c.order)
	phase(PhaseResult)
	result = r.result(c)
	if c.pieces {
		if err := cutPieces(offers, r, &result); err != nil {
			return Result{}, nil, err
		}
	}
	result.Truncated = truncated
	phase(PhaseExplain)
	r.explainFailures(&result, c.explain)
	return result, r, nil
}

func newRound(ctx context.Context, offers []Offer, tasks []Task, c *config) *Round {
	f := newFleet(offers)
	f.admit(c.running)
	n := len(tasks)
	r := &Round{
		fleet: f, books: newBooks(f), tasks: tasks, running: c.running,
		shapeOf: make([]int32, n), ruleOf: make([]int32, n),
		where: make([]BinIndex, n), variant: make([]int8, n), turn: make([]int32, n),
		onBin: make([]int32, len(f.bins)), nextOn: make([]int32, n), prevOn: make([]int32, n),
		tier: make([]int32, n), reached: make([]bool, n), barred: make([]bool, n),
		now: c.now, policies: c.ports, policy: map[int32]ports.Policy{}, seed: c.seed, budget: c.budget, ctx: ctx,
	}
	r.look.books, r.look.round = r.books, r
	shapes, rules := newShaper(f), newRuler(r.books)
	granting := false
	for i := range tasks {
		r.shapeOf[i] = shapes.of(&tasks[i])
		r.ruleOf[i] = rules.of(&tasks[i])
		r.where[i] = NoBin
	}
	for i := range c.running {
		r.books.addRunning(rules, &c.running[i])
	}
	r.shapes, r.rules = shapes.shapes, rules.rules
	for i := range r.ruleOf {
		r.books.groups[r.rules[r.ruleOf[i]].group].size++
	}
	for i := range r.shapes {
		granting = granting || !r.shapes[i].plain || r.shapes[i].nports > 0
	}
	if granting {
		r.grant = make([]*grant, n)
	}
	for b := range r.onBin {
		r.onBin[b] = -1
	}
	r.failed = make([]int, len(r.shapes))
	r.accept = r.accepts
	if c.watch != "" {
		r.watch = &watch{task: c.watch}
	}
	return r
}

// run lets the packer place the tasks of each priority in turn and says whether it was ended early.
func (r *Round) run(p Packer, o Order) (truncated bool) {
	for tier := range int32(r.priorities()) {
		r.present = tier
		r.enqueue(o)
		r.floor = r.Mark()
		for {
			r.rand = rand.New(rand.NewPCG(r.seed, uint64(tier)))
			p.Pack(r)
			if !r.settleGangs() {
				break
			}
		}
	}
	return r.Stopped()
}

// settleGangs makes sure that every gang of the present priority is placed whole or not at all. It
// returns true when the run was rolled back and must be repeated, without a gang that did not fit.
func (r *Round) settleGangs() (again bool) {
	short := r.shortGangs()
	if len(short) == 0 {
		return false
	}
	if r.Stopped() {
		// There is nothing left to repeat the run with: keep what was done before the first
		// placement of a gang that stayed incomplete.
		for len(short) > 0 && r.Mark() > r.floor {
			r.Rollback(r.Mark() - 1)
			short = r.shortGangs()
		}
		return false
	}
	r.Rollback(r.floor)
	failed := short[:1]
	if r.gangRuns++; r.gangRuns > maxGangRuns {
		failed = short
	}
	for _, t := range r.queue {
		for _, g := range failed {
			if r.tasks[t].Gang == g {
				r.barred[t] = true
			}
		}
	}
	return true
}

// maxGangRuns bounds how often a run is repeated to leave out one failed gang at a time; after that
// all that failed are left out together.
const maxGangRuns = 16

// shortGangs are the gangs of the present priority that are placed in part, in the order of their
// first tasks.
func (r *Round) shortGangs() []string {
	type state struct{ in, out int }
	var names []string
	gangs := map[string]*state{}
	for _, t := range r.queue {
		name := r.tasks[t].Gang
		if name == "" {
			continue
		}
		g := gangs[name]
		if g == nil {
			g = &state{}
			gangs[name] = g
			names = append(names, name)
		}
		if r.where[t] == NoBin {
			g.out++
		} else {
			g.in++
		}
	}
	short := names[:0]
	for _, name := range names {
		if g := gangs[name]; g.in > 0 && g.out > 0 {
			short = append(short, name)
		}
	}
	return short
}
