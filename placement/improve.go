package placement

import (
	"fmt"
	"math"
	"slices"

	"github.com/berth-go/berth/placement/internal/search"
)

// Improve wraps a packer and uses what budget is left to do better than it: to place more value, and then to
// use fewer agents that nothing runs on. That is its objective, in this order, and measured by it the result is never worse
// than that of the packer alone.
//
// The budget is that of the round: steps ([WithBudget]) or the context ([AssignContext]); with neither it is
// [DefaultImproveSteps]. Stopping early gives the best found so far. With steps alone the result is deterministic; a
// context makes it depend on time.
//
// The tasks that need only scalars and any ports, belong to no gang, and whose requirements do not count other tasks are
// improved by a goal-driven search in a consistent neighbourhood
// (Buljubašić and Vasquez: "Consistent neighborhood search for one-dimensional bin packing and two-dimensional vector packing", C&OR
// 2016) with exact fills and column generation, started from the packer's result or, if they are better, from that of
// constructive heuristics under many weights of the columns (Panigrahy et al. 2011). Where there are others, half of the budget
// goes before that into ejection chains through the round itself, which may move any task but those of gangs. Preferences are no
// part of the objective. Stats.Choice says what was gained, and whether the result is proved to use as few agents as possible.
func Improve(p Packer) Packer { return &improver{p} }

// DefaultImproveSteps is the budget of [Improve] in a round that has none: about a tenth of a second.
const DefaultImproveSteps = 1 << 25

type improver struct{ inner Packer }

func (p *improver) String() string { return "improve(" + packerName(p.inner) + ")" }

// Pack implements [Packer].
func (p *improver) Pack(r *Round) {
	p.inner.Pack(r)
	if r.Stopped() {
		return
	}
	before := r.objective()
	if slices.ContainsFunc(r.queue, func(t TaskIndex) bool { return !r.movable(t) }) {
		r.eject(r.spare() / 2)
	}
	optimal := r.rearrange()
	after := r.objective()
	r.choice = fmt.Sprintf("for more value placed, then fewer agents: value %+g, agents %+d against %s alone",
		after.value-before.value, after.agents-before.agents, packerName(p.inner))
	if optimal {
		r.choice += "; no packing uses fewer"
	}
}

// spare is how many steps are left to improve a result.
func (r *Round) spare() int64 {
	switch {
	case r.budget > 0:
		return r.budget - r.steps
	case r.ctx.Done() == nil:
		return DefaultImproveSteps
	}
	return math.MaxInt64
}

// rearrange searches for a better packing of the tasks that only rows and what the agent is decide about, and
// says whether all tasks are such, and none better exists.
func (r *Round) rearrange() (optimal bool) {
	im := r.improvement()
	if len(im.tasks) == 0 || r.Stopped() {
		return false
	}
	best := im.search(search.Options{Seed: r.seed, Steps: r.spare(), Stop: r.Stopped}, &r.steps)
	if best == nil {
		return false
	}
	before, start := r.objective(), r.Mark()
	im.apply(r, best.Bin)
	if !r.objective().beats(before) {
		r.Rollback(start)
	}
	return best.Optimal && len(im.tasks) == len(r.pending)
}

// objective is what a result is measured by.
type objective struct {
	value  float64
	agents int // that only tasks of this round are on
}

func (o objective) beats(other objective) bool {
	return o.value > other.value || (o.value == other.value && o.agents < other.agents)
}

func (r *Round) objective() objective {
	var o objective
	for _, t := range r.pending {
		if r.spots[t].where != NoBin {
			o.value += r.Value(t)
		}
	}
	for _, b := range r.liveBins() {
		a := r.homes[b].agent
		if l := &r.loads[a]; l.placed > 0 && l.placed == l.tasks && r.agents[a].bins[0] == b {
			o.agents++
		}
	}
	return o
}

// improvement is the part of a round that can be improved, as a problem on dense rows.
type improvement struct {
	problem search.Problem
	tasks   []TaskIndex // item by item
	bins    []int32     // of the problem's bins
	start   []int32
}

// improvement describes the bins as they would be without the tasks that may be moved.
func (r *Round) improvement() *improvement {
	im := &improvement{}
	for _, t := range r.queue {
		if r.movable(t) {
			im.tasks = append(im.tasks, t)
		}
	}
	if len(im.tasks) == 0 {
		return im
	}
	p := &im.problem
	p.Columns = r.stride
	at := make(map[int32]int32, len(r.liveBins()))
	others := make([]int32, len(r.agents)) // tasks on the agent that stay
	for a := range r.agents {
		others[a] = r.loads[a].tasks
	}
	for i, b := range r.liveBins() {
		at[b] = int32(i)
		im.bins = append(im.bins, b)
		p.Free = append(p.Free, r.freeRow(b)...)
	}
	shapes := map[int32]int32{}
	for _, t := range im.tasks {
		s := r.shapeFor(t)
		id, ok := shapes[r.states[t].shape]
		if !ok {
			id = int32(len(shapes))
			shapes[r.states[t].shape] = id
			p.Need = append(p.Need, s.need[0]...)
		}
		p.Shape = append(p.Shape, id)
		p.Value = append(p.Value, r.Value(t))
		bin := search.None
		if b := r.spots[t].where; b != NoBin {
			bin = at[int32(b)]
			for c, n := range s.need[0] {
				p.Free[int(bin)*p.Columns+c] += n
			}
			others[r.homes[b].agent]--
		}
		im.start = append(im.start, bin)
	}
	for _, b := range im.bins {
		p.InUse = append(p.InUse, others[r.homes[b].agent] > 0)
	}
	im.restrict(r)
	return im
}

// movable says whether the search can move the task about: nothing but rows and what the agent is
// decide where it fits.
func (r *Round) movable(t TaskIndex) bool {
	s, ru := r.shapeFor(t), r.ruleFor(t)
	return s.plain && s.variants == 1 && !s.missing[0] && s.role != noSuch && r.tasks[t].Gang == "" && r.states[t].barred != r.number &&
		len(ru.counts) == 0 && len(ru.vetoes) == 0 && !r.books.allOrdered && !r.books.groups[ru.group].ordered
}

// restrict has the problem respect roles, requirements and the vetoes of tasks that stay. Tasks of one
// shape's role and one rule are allowed alike.
func (im *improvement) restrict(r *Round) {
	type class struct{ role, rule int32 }
	classes := map[class]int32{}
	first := []TaskIndex{}
	free := true
	for _, t := range im.tasks {
		c := class{r.shapeFor(t).role, r.states[t].rule}
		id, ok := classes[c]
		if !ok {
			id = int32(len(classes))
			classes[c] = id
			first = append(first, t)
			free = free && c.role == anyRole && len(r.ruleFor(t).require) == 0 && len(r.books.vetoes) == 0
		}
		im.problem.Rule = append(im.problem.Rule, id)
	}
	if free {
		im.problem.Rule = nil
		return
	}
	allowed := make([][]int8, len(first)) // by class and bin: 0 not known, 1 yes, -1 no
	im.problem.Allowed = func(item, bin int32) bool {
		id := im.problem.Rule[item]
		if allowed[id] == nil {
			allowed[id] = make([]int8, len(im.bins))
		}
		known := &allowed[id][bin]
		if *known == 0 {
			*known = -1
			t, b := first[id], im.bins[bin]
			if r.shapeFor(t).goesTo(r.homes[b].role) && r.allowed(int32(t), b) {
				*known = 1
			}
		}
		return *known > 0
	}
}

func (im *improvement) search(o search.Options, spent *int64) *search.Result {
	if o.Steps <= 0 {
		return nil
	}
	best, err := search.Improve(&im.problem, im.start, o)
	if err != nil {
		return nil // only a malformed problem, and this one is not
	}
	*spent += best.Steps
	return &best
}

// apply carries a packing over to the round: first everything that moves is taken off, then it is
// put where it belongs. What the gate refuses goes to the first bin that takes it.
func (im *improvement) apply(r *Round, bins []int32) {
	for i, t := range im.tasks {
		if bins[i] != im.start[i] && im.start[i] != search.None {
			r.Remove(t)
		}
	}
	for i, t := range im.tasks {
		if bins[i] != search.None && r.spots[t].where == NoBin {
			r.Place(t, BinIndex(im.bins[bins[i]]))
		}
	}
	for i, t := range im.tasks {
		if bins[i] == search.None || r.spots[t].where != NoBin {
			continue
		}
		for _, b := range im.bins {
			if r.Place(t, BinIndex(b)) {
				break
			}
		}
	}
}
