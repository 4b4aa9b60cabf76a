package placement

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// AgentShape is a sort of agent that could be had.
type AgentShape struct {
	// Name is what a plan calls it.
	Name string
	// Offer is what one such agent would offer; its ID, Agent and, where that is empty, Hostname are made up.
	Offer Offer
	// Max is how many there are to be had; zero: any number.
	Max int
	// Cost is what one costs, in whatever unit; zero means 1.
	Cost float64
}

// ScaleUp says which agents would place the backlog.
type ScaleUp struct {
	// Counts is how many of each shape, in the order of the shapes given; Cost is what they cost in all.
	Counts []int
	Cost   float64
	// Offers are those of the new agents, each named "new:", the shape's name and a number from 0.
	Offers []Offer
	// Result is the round with the new agents; its failures are tasks that none of the shapes would take.
	Result Result
}

// PlanScaleUp says how many agents of which known shape would place the backlog. The backlog is first placed as [Engine.Assign] would place it;
// what is left then, of each priority the largest first, fills up new agents, always one of the shape that takes most for its cost: tasks
// are measured by the mean part that they are of all that is left, over the columns. In the end each new agent is exchanged for the cheapest shape that
// takes the same tasks. It is a heuristic for a problem, variable sized vector bin packing, that is NP-hard.
//
// Everything goes through [Round.Place]: requirements, limits and gangs hold for the plan as they do for a round, and a task that no agent could help
// stays a failure. The engine stays as it is. Errors are [ErrBadRequest] for a shape without a name, with the name of another or with a bad cost, [InputError] for a bad offer, and [ErrPolicy]. The
// time is that of two fresh rounds, and of a look, for each new agent and each shape, at each different question that the backlog asks.
func (e *Engine) PlanScaleUp(shapes []AgentShape, opts ...Option) (ScaleUp, error) {
	if err := checkShapes(shapes); err != nil {
		return ScaleUp{}, err
	}
	ctx := context.Background()
	base, err := e.Try(ctx, Change{}, append(slices.Clone(opts), WithExplain(0), func(c *config) { c.pieces = false })...)
	if err != nil {
		return ScaleUp{}, err
	}
	g := growth{shapes: shapes, place: make(map[TaskID]Assignment, len(base.Assignments)), ready: make([]int, len(shapes))}
	for _, a := range base.Assignments {
		g.place[a.Task] = a
	}
	for s := range shapes {
		g.ready[s] = g.most(s, min(len(base.Failures), firstReady))
	}
	for {
		offers := g.offers()
		g.reset(offers)
		res, err := e.Try(ctx, Change{Offers: offers}, append(slices.Clone(opts), WithPacker(PackerFunc(g.pack)), WithBudget(0))...)
		if err != nil {
			return ScaleUp{}, err
		}
		plan := g.plan(offers, res)
		if !g.more(&plan, len(base.Failures)) {
			plan.Result.Stats.Packer = base.Stats.Packer
			return plan, nil
		}
	}
}

// firstReady is how many agents of a shape are made ready before it is known how many are needed.
const firstReady = 64

func checkShapes(shapes []AgentShape) error {
	names := map[string]bool{}
	for i, s := range shapes {
		switch {
		case s.Name == "" || names[s.Name]:
			return fmt.Errorf("placement: %w: shapes[%d] is named %q, which is empty or another one's name", ErrBadRequest, i, s.Name)
		case !(s.Cost >= 0) || math.IsInf(s.Cost, 0):
			return fmt.Errorf("placement: %w: shapes[%d] %q has cost %v", ErrBadRequest, i, s.Name, s.Cost)
		}
		names[s.Name] = true
	}
	return nil
}

// growth is the search for new agents.
type growth struct {
	shapes []AgentShape
	place  map[TaskID]Assignment // where tasks go without new agents
	ready  []int                 // per shape, how many agents the round has
	shape  map[AgentID]int
	// Of the round at work: the bins of new agents, by shape.
	bins [][]BinIndex
}

func (g *growth) most(s, n int) int {
	if m := g.shapes[s].Max; m > 0 {
		return min(m, n)
	}
	return n
}

func (g *growth) cost(s int) float64 { return cmp.Or(g.shapes[s].Cost, 1) }

// offers are those of all agents that are ready.
func (g *growth) offers() []Offer {
	var all []Offer
	for s := range g.shapes {
		for i := range g.ready[s] {
			o := g.shapes[s].Offer
			name := fmt.Sprintf("new:%s:%d", g.shapes[s].Name, i)
			o.ID, o.Agent = OfferID(name), AgentID(name)
			all = append(all, o)
		}
	}
	return all
}

func (g *growth) reset(offers []Offer) {
	g.shape = make(map[AgentID]int, len(offers))
	i := 0
	for s := range g.shapes {
		for range g.ready[s] {
			g.shape[offers[i].Agent] = s
			i++
		}
	}
}

// plan keeps of the offers those that are used.
func (g *growth) plan(offers []Offer, res Result) ScaleUp {
	used := map[AgentID]bool{}
	for i := range res.Assignments {
		used[res.Assignments[i].Agent] = true
	}
	p := ScaleUp{Counts: make([]int, len(g.shapes)), Result: res}
	for _, o := range offers {
		if used[o.Agent] {
			s := g.shape[o.Agent]
			p.Counts[s]++
			p.Cost += g.cost(s)
			p.Offers = append(p.Offers, o)
		}
	}
	return p
}

// more makes more agents ready of shapes that ran out; false when there is no need to.
func (g *growth) more(p *ScaleUp, need int) (again bool) {
	for s, n := range p.Counts {
		if n < g.ready[s] || g.most(s, need) == g.ready[s] {
			continue
		}
		g.ready[s] = g.most(s, min(need, 4*n))
		again = true
	}
	return again
}

// pack places what was placed without new agents there again, and then the rest on new ones.
func (g *growth) pack(r *Round) {
	if g.bins = nil; len(g.shapes) > 0 {
		g.bins = make([][]BinIndex, len(g.shapes))
	}
	old := map[binKey]BinIndex{}
	for b := range r.Bins() {
		agent, role := r.Agent(b)
		if s, fresh := g.shape[agent]; fresh {
			g.bins[s] = append(g.bins[s], b)
		} else {
			old[binKey{agent, role}] = b
		}
	}
	var again, left []TaskIndex
	for t := range r.Pending() {
		if _, ok := g.place[r.tasks[t].ID]; ok {
			again = append(again, t)
		} else {
			left = append(left, t)
		}
	}
	slices.SortFunc(again, func(x, y TaskIndex) int {
		return cmp.Compare(g.place[r.tasks[x].ID].Order, g.place[r.tasks[y].ID].Order)
	})
	for _, t := range again {
		a := g.place[r.tasks[t].ID]
		if b, ok := old[binKey{a.Agent, a.Role}]; !ok || !r.Place(t, b) {
			left = append(left, t) // a new agent's attribute may count
		}
	}
	g.fill(r, batches(r, left))
	g.exchange(r)
}

// batch is tasks that ask the same: of one shape and rule.
type batch struct {
	tasks []TaskIndex
	size  float64 // of one of them
}

// batches sorts tasks by what they ask, the largest first.
func batches(r *Round, left []TaskIndex) []*batch {
	total := make([]float64, r.stride)
	at := map[question]*batch{}
	var all []*batch
	for _, t := range left {
		for c, n := range r.shapeFor(t).need[0] {
			total[c] += float64(n)
		}
		q := question{shape: r.states[t].shape, rule: r.states[t].rule}
		x := at[q]
		if x == nil {
			x = &batch{}
			at[q] = x
			all = append(all, x)
		}
		x.tasks = append(x.tasks, t)
	}
	for _, x := range all {
		for c, n := range r.shapeFor(x.tasks[0]).need[0] {
			if n > 0 {
				x.size += float64(n) / total[c]
			}
		}
	}
	slices.SortStableFunc(all, func(x, y *batch) int { return cmp.Compare(y.size, x.size) })
	return all
}

// fill opens new agents, one after the other, until none takes anything.
func (g *growth) fill(r *Round, left []*batch) {
	for s := range g.bins {
		for _, b := range g.bins[s] {
			if r.Used(b) { // by tasks of a higher priority
				fillBin(r, b, left)
			}
		}
	}
	for {
		for _, x := range left {
			x.tasks = slices.DeleteFunc(x.tasks, func(t TaskIndex) bool { return r.spots[t].where != NoBin })
		}
		left = slices.DeleteFunc(left, func(x *batch) bool { return len(x.tasks) == 0 })
		best, rate := NoBin, 0.0
		for s := range g.bins {
			b := unused(r, g.bins[s])
			if b == NoBin {
				continue
			}
			m := r.Mark()
			n, taken := fillBin(r, b, left)
			r.Rollback(m)
			if x := taken / g.cost(s); n > 0 && (best == NoBin || x > rate) {
				best, rate = b, x
			}
		}
		if best == NoBin {
			return
		}
		fillBin(r, best, left)
	}
}

func unused(r *Round, bins []BinIndex) BinIndex {
	for _, b := range bins {
		if !r.Used(b) {
			return b
		}
	}
	return NoBin
}

// fillBin places what it can on one bin, the largest first, and returns how many tasks that was, and their size. Of tasks that ask the same, none is tried after
// one that did not fit there; one that a limit refuses is passed over.
func fillBin(r *Round, b BinIndex, left []*batch) (n int, taken float64) {
	for _, x := range left {
		for _, t := range x.tasks {
			if r.Place(t, b) {
				n++
				taken += x.size
			} else if r.fit(r.shapeFor(t), int32(b)) < 0 || !r.allowed(int32(t), int32(b)) {
				break
			}
		}
	}
	return n, taken
}

// exchange moves the tasks of each new agent to one of the cheapest shape that takes them all.
func (g *growth) exchange(r *Round) {
	byCost := make([]int, len(g.shapes))
	for s := range byCost {
		byCost[s] = s
	}
	slices.SortStableFunc(byCost, func(x, y int) int { return cmp.Compare(g.cost(x), g.cost(y)) })
	for s := range g.bins {
		for _, b := range g.bins[s] {
			for _, cheap := range byCost {
				if !r.Used(b) || g.cost(cheap) >= g.cost(s) {
					break
				}
				if to := unused(r, g.bins[cheap]); to != NoBin {
					moveAll(r, b, to)
				}
			}
		}
	}
}

// moveAll moves all tasks of a bin to another, or none.
func moveAll(r *Round, from, to BinIndex) {
	m := r.Mark()
	for _, t := range slices.Collect(r.On(from)) {
		if !r.Move(t, to) {
			r.Rollback(m)
			return
		}
	}
}
