package placement

import (
	"fmt"
	"slices"

	"github.com/berth-go/berth/placement/internal/par"
)

// question is what failures with one answer have in common.
type question struct {
	shape, rule int32
	gang        string // of a task whose gang failed
}

// answers remembers explanations from round to round.
type answers struct {
	byQuestion map[question]*Explanation
	current    bool // no answer was dropped since failures were last explained
	// byShape finds the usual answer for a shape without a map.
	byShape []usualAnswer
	// credit is how many steps may go into looking at old questions again: as many as bins changed.
	credit, seen int64
	order        []question
}

type usualAnswer struct {
	question
	why *Explanation
}

// explainFailures gives every failure its explanation: one for each combination of shape and rule,
// as far as the budget goes. A negative budget is the economical one of an engine: a question is looked at
// when it first comes up, and again, one after the other, when as much has changed as looking costs.
func (r *Round) explainFailures(res *Result, budget int64) {
	if len(res.Failures) == 0 {
		return
	}
	known, economical := &r.answers, budget < 0
	if economical {
		known.refresh(r)
		budget = defaultExplain
		if r.repeats(res) && known.current {
			return
		}
	} else {
		known = &answers{}
	}
	if old := r.backlog.failures; len(old) > 0 && &old[0] == &res.Failures[0] {
		res.Failures = slices.Clone(old) // the list was handed out before
	}
	if known.byQuestion == nil {
		known.byQuestion = map[question]*Explanation{}
	}
	notReached := &Explanation{Reasons: []Reason{{Cause: CauseNotReached}}, Partial: true}
	asked := inquiry{answers: known, budget: budget, cost: int64(max(1, r.offering)), few: !economical && len(res.Failures) < fewFailures}
	why := asked.why
	if r.objects() {
		why = asked.whyHeld
	}
	i := 0
	for _, t := range r.pending {
		if r.spots[t].where != NoBin {
			continue
		}
		if res.Truncated && r.states[t].reached != r.number && r.reachedAll != r.number {
			res.Failures[i].Why = notReached
		} else {
			res.Failures[i].Why = why(r, t)
		}
		i++
	}
	asked.answer(r)
	known.current = true
	if economical && r.mayRepeat(res) {
		r.backlog.failures = slices.Clip(res.Failures)
	}
}

// mayRepeat says whether the failures of the next round will be these, if nothing finds a place in it, either, and no
// question is looked at again.
func (r *Round) mayRepeat(res *Result) bool {
	return r.placed == 0 && !res.Truncated && !r.gangs && !r.objects()
}

// repeats says whether the failures are those of an earlier round.
func (r *Round) repeats(res *Result) bool { return r.backlog.failures != nil && r.mayRepeat(res) }

// inquiry collects the questions that have no answer yet, each with what it may cost.
type inquiry struct {
	*answers
	budget, cost int64
	open         []openQuestion
	few          bool // not worth a table by shape
	held         map[heldQuestion]*heldAnswer
	heldOrder    []*heldAnswer
}

// whyHeld is why, for tasks that something may stand against whatever agents say.
func (k *inquiry) whyHeld(r *Round, t TaskIndex) *Explanation {
	objections := r.objections(t)
	early := r.early(t)
	if len(objections) == 0 {
		return k.why(r, t)
	}
	q := heldQuestion{objections: fmt.Sprint(objections)}
	if !early {
		q.question = r.question(t)
	}
	a := k.held[q]
	if a == nil {
		a = &heldAnswer{base: &Explanation{}, why: &Explanation{}, objections: objections}
		if early {
			a.objections = objections[:1] // nothing else was looked at
		} else {
			a.base = k.why(r, t)
		}
		if k.held == nil {
			k.held = map[heldQuestion]*heldAnswer{}
		}
		k.held[q] = a
		k.heldOrder = append(k.heldOrder, a)
	}
	return a.why
}

// question is what the task has in common with others of the same answer.
func (r *Round) question(t TaskIndex) question {
	q := question{shape: r.states[t].shape, rule: r.states[t].rule}
	if r.gangs && (r.states[t].barred == r.number || r.tasks[t].GangOneAgent) {
		q.gang = r.tasks[t].Gang
	}
	return q
}

type openQuestion struct {
	task   TaskIndex
	budget int64
	why    *Explanation // to be filled in
}

// heldQuestion is what failures have in common that something stands against whatever agents say. Its answer is of one round.
type heldQuestion struct {
	question
	objections string
}

type heldAnswer struct {
	base, why  *Explanation
	objections []Reason
}

func (k *inquiry) why(r *Round, t TaskIndex) *Explanation {
	q := r.question(t)
	if k.few {
		return k.whyOf(q, t)
	}
	for int(q.shape) >= len(k.byShape) {
		k.byShape = append(k.byShape, make([]usualAnswer, len(r.shaper.shapes)-len(k.byShape))...)
	}
	usual := &k.byShape[q.shape]
	if usual.why != nil && usual.question == q {
		return usual.why
	}
	why := k.whyOf(q, t)
	usual.question, usual.why = q, why
	return why
}

// fewFailures are so few that a table of all shapes does not pay.
const fewFailures = 16

func (k *inquiry) whyOf(q question, t TaskIndex) *Explanation {
	why, ok := k.byQuestion[q]
	if !ok {
		why = &Explanation{}
		k.open = append(k.open, openQuestion{t, min(k.cost, k.budget), why})
		k.budget -= min(k.cost, k.budget)
		k.byQuestion[q] = why
		k.order = append(k.order, q)
	}
	return why
}

// answer works out what is open: questions without requirements in parallel, because they only read, and
// then the others, whose constraints may have counters brought up to date.
func (k *inquiry) answer(r *Round) {
	r.largest()
	var plain []openQuestion
	for _, q := range k.open {
		if len(r.ruleFor(q.task).require) == 0 {
			plain = append(plain, q)
		}
	}
	par.Do(len(plain), r.workers, func(i int) { plain[i].answer(r) })
	for _, q := range k.open {
		if len(r.ruleFor(q.task).require) > 0 {
			q.answer(r)
		}
	}
	for _, a := range k.heldOrder {
		*a.why = *a.base.with(a.objections)
	}
}

func (q *openQuestion) answer(r *Round) { *q.why = *r.explain(int32(q.task), q.budget) }

// refresh drops the answers that it is time to give anew. As steps are looks at agents, and credit is
// earned by changes of bins, this costs no more than a constant times what changed.
func (k *answers) refresh(r *Round) {
	k.credit += r.changes - k.seen
	k.seen = r.changes
	cost := int64(max(1, r.offering))
	for k.credit >= cost && len(k.order) > 0 {
		k.credit -= cost
		q := k.order[0]
		k.order = k.order[1:]
		delete(k.byQuestion, q)
		k.current = false
		if int(q.shape) < len(k.byShape) {
			k.byShape[q.shape].why = nil
		}
	}
	k.credit = min(k.credit, cost*int64(len(k.order)))
}
