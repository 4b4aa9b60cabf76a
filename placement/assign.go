package placement

import (
	"context"
	"fmt"
)

// Assign decides where tasks run. It places tasks on the agents that the offers are parts of and
// answers, for every task, with an [Assignment] or with a [Failure]. The error is about bad input (an
// [*InputError]) or a panicking policy ([ErrPolicy]); then there is no result.
//
// Without options the packer is the one that [Auto] chooses, and Stats.Choice says why. The result is a function of the
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
	if err := c.validate(); err != nil {
		return Result{}, nil, err
	}
	in := newIntake(offers)
	if err := validate(in, tasks, c.running); err != nil {
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
		c.observer.RoundStarts(&Input{config: *c, offers: offers, tasks: tasks})
	}
	phase(PhaseBuild)
	r = newRound(in, tasks, c.running, 0, c.workers)
	r.begin(ctx, c)
	result, err = r.play(c, phase)
	return result, r, err
}

// play runs the round and reads the result off.
func (r *Round) play(c *config, phase func(Phase)) (Result, error) {
	phase(PhasePack)
	truncated := r.run(c.packer, c.order)
	phase(PhaseResult)
	result := r.result(c)
	result.Truncated = truncated
	if c.pieces {
		if err := r.cutPieces(&result); err != nil {
			return Result{}, err
		}
	}
	phase(PhaseExplain)
	r.explainFailures(&result, c.explain)
	return result, nil
}

// run lets the packer place the tasks of each priority in turn and says whether it was ended early.
func (r *Round) run(p Packer, o Order) (truncated bool) {
	priorities := r.waiting().priorities
	for _, priority := range priorities {
		r.priority = priority
		r.floor = r.Mark()
		if r.gangs {
			r.enqueue(AsGiven, len(priorities) == 1)
			r.leaveOutLost()
		}
		for choice := r.choice; ; r.choice = choice {
			r.enqueue(o, len(priorities) == 1)
			r.source.Seed(r.seed, uint64(priority)) // whatever other priorities there are
			p.Pack(r)
			if !r.settleGangs(p) {
				break
			}
		}
	}
	r.takeInLost()
	return r.Stopped()
}
