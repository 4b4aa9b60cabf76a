package placement

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/berth-go/berth/ports"
)

// newRound builds a round from valid input, with room for spare more bins.
func newRound(in *intake, tasks []Task, running []Running, spare, workers int) *Round {
	f := newFleet(in, running, spare, workers)
	for i := range running {
		f.know(&running[i])
	}
	b := newBooks(f)
	r := &Round{fleet: f, books: b, shaper: newShaper(f), ruler: newRuler(b), number: 1}
	r.look.books, r.look.round = b, r
	r.accept = r.accepts
	r.rand = rand.New(&r.source)
	if len(running) > 0 {
		all := make([]Task, 0, len(tasks)+len(running))
		all = append(all, tasks...)
		for i := range running {
			all = append(all, running[i].Task)
		}
		tasks = all
	}
	n := len(tasks)
	r.tasks = tasks
	r.spots, r.states = make([]spot, 0, n), make([]taskState, 0, n)
	r.turn, r.ranOn = make([]int32, 0, n), make([]int32, 0, n)
	r.pending = make([]TaskIndex, 0, n-len(running))
	shapes := make([]int32, len(in.demands.first)) // per demand, plus one
	for i := range tasks {
		if d := in.number(i); d < 0 {
			r.enter(&tasks[i])
		} else if shape := shapes[d] - 1; shape >= 0 {
			r.shaper.shapes[shape].tasks++
			r.listSimple(shape)
		} else {
			shapes[d] = r.shaper.ofScalars(&tasks[i], "", Never) + 1
			r.list(shapes[d]-1, r.ruler.ofNone(&tasks[i]), 0)
		}
	}
	for i := range n - len(running) {
		r.pending = append(r.pending, TaskIndex(i))
	}
	r.recountFresh()
	for i := range running {
		r.start(int32(n-len(running)+i), &running[i])
	}
	for b := range f.bins {
		if len(running) > 0 && f.agents[f.homes[b].agent].running >= 0 {
			r.refill(int32(b))
		}
	}
	return r
}

// know brings in the agent of a running task, which may have no offers.
func (f *fleet) know(h *Running) {
	if _, ok := f.agentBy(h.Agent); ok {
		return
	}
	a := f.agent(h.Agent)
	f.agents[a].hostname, f.agents[a].attributes = hostnameOf(h.Hostname, h.Agent), h.Attributes
}

// enter gives the next task its place in the tables.
func (r *Round) enter(t *Task) {
	at := r.list(r.shaper.of(t), r.ruler.of(t), t.Priority)
	r.timed = r.timed || !t.ReadyAt.IsZero()
	if t.Gang != "" {
		r.gangs = true
		r.joinGang(at, t.Gang)
	}
}

// list lists the next task.
func (r *Round) list(shape, id int32, priority int) (at int32) {
	at = int32(len(r.states))
	if g := &r.books.groups[r.ruler.rules[id].group]; g.name != "" {
		g.size++
		g.members = append(g.members, at)
	}
	r.listAs(shape, id, priority)
	for len(r.failed) < len(r.shaper.shapes) {
		r.failed = append(r.failed, failing{})
	}
	return at
}

// listSimple is list for a simple task, when others of its shape were listed.
func (r *Round) listSimple(shape int32) { r.listAs(shape, r.ruler.none-1, 0) }

func (r *Round) listAs(shape, rule int32, priority int) {
	sh := &r.shaper.shapes[shape]
	r.spots = append(r.spots, spot{NoBin, sh.row})
	r.turn, r.ranOn = append(r.turn, neverPlaced), append(r.ranOn, notRunning)
	r.states = append(r.states, taskState{shape: shape, row: sh.row, plain: sh.bare, rule: rule, priority: priority})
	r.population++
}

// begin prepares for a round.
func (r *Round) begin(ctx context.Context, c *config) {
	r.ctx, r.ends, r.stopped = ctx, ctx.Done() != nil, false
	r.workers = c.workers
	r.now, r.seed, r.budget, r.steps = c.now, c.seed, c.budget, 0
	r.policies, r.policy = c.ports, nil
	if c.ports != nil {
		r.policy = map[int32]ports.Policy{}
	}
	r.used, r.vetted = 0, vetted{task: -1}
	r.batch, r.enough = c.batch, c.enough
	if r.timed || r.gangs {
		r.holdBack()
	}
	if r.gangs {
		r.gangFate = map[string]string{}
		r.meetGangs()
	}
	r.order, r.weights, r.tiers, r.fair = c.order, c.weights, c.tiers, nil
	r.placed, r.gangRuns, r.choice, r.floor, r.linked, r.lost = 0, 0, "", 0, false, r.lost[:0]
	r.undo, r.formers, r.backs = slices.Grow(r.undo[:0], len(r.pending)), r.formers[:0], r.backs[:0]
	r.touched = slices.Grow(r.touched, len(r.pending))
	r.makeElastic(c)
	r.disable(c)
	r.keepQuotas(c)
	r.watch = nil
	if c.watch != "" {
		r.watch = &watch{task: c.watch}
	}
}

// start makes a task a running one.
func (r *Round) start(t int32, h *Running) {
	a := r.known(h.Agent)
	if r.held == nil {
		r.held = map[int32]*Running{}
	}
	r.held[t] = h
	r.turn[t] = r.turns
	r.turns++
	r.books.count(r.ruleFor(TaskIndex(t)), a, 1)
	r.runOn(t, a)
	if r.gangs {
		r.countGang(t, a, 1)
	}
	if r.quotas != nil {
		r.quotas.count(r, t, 1)
	}
}

// runOn puts a task on its agent's list of running ones.
func (r *Round) runOn(t, a int32) {
	ag := &r.agents[a]
	if ag.running < 0 && len(ag.bins) == 0 {
		r.lives++
	}
	r.ranOn[t], r.spots[t] = a, r.spots[t].foreign()
	l := r.linkOf(t)
	l.next, l.prev = ag.running, -1
	if ag.running >= 0 {
		r.links[ag.running].prev = t
	}
	ag.running = t
}

// refill makes a bin what its offers and the tasks running on it say. No task may be placed on it in
// this round.
func (r *Round) refill(b int32) {
	a := r.homes[b].agent
	var on []int32
	for t := r.agents[a].running; t >= 0; t = r.links[t].next {
		if int32(r.spots[t].where) == b {
			r.settle(t)
		}
		on = append(on, t)
	}
	r.fill(b)
	for i := len(on) - 1; i >= 0; i-- {
		if r.spots[on[i]].where != NoBin {
			continue // it holds what it has of another bin
		}
		if h := r.runningTask(on[i]); r.binFor(a, h.Role) == b {
			r.hold(b, h)
		}
	}
	r.stretch(b)
	for _, t := range on {
		if row := r.drawnRow(t, b); row >= 0 {
			r.spots[t] = spot{BinIndex(b), row}.foreign()
		}
	}
}

// drawnRow is the number of the need row that a running task draws on a standing bin, as if this Round had placed it there: what it holds can then be
// given back without filling the bin anew. It is -1 where the task holds more than scalars or what it holds does not come to that.
func (r *Round) drawnRow(t, b int32) int32 {
	h, bn := r.held[t], &r.bins[b]
	if h == nil || !bn.standing || bn.crowded || r.roleOn(b) != h.Role || r.elastic != nil || r.spots[t].where != NoBin ||
		!r.states[t].plain || len(h.Ports)+len(h.Devices)+len(h.Items) > 0 {
		return -1
	}
	s := r.shapeFor(TaskIndex(t))
	for v := range s.variants {
		if s.revocable[v] == h.Revocable && !s.missing[v] {
			return s.row + int32(v)
		}
	}
	return -1
}

// drawAtOnce has a task that was just started draw on its standing bin at once, if it can.
func (r *Round) drawAtOnce(t int32) bool {
	b := r.binFor(r.ranOn[t], r.held[t].Role)
	if b < 0 {
		return false
	}
	r.lift(r.ranOn[t])
	row := r.drawnRow(t, b)
	if row < 0 || !covers(r.freeRow(b), r.shaper.needRow(row)) {
		return false
	}
	r.takeRow(b, r.shaper.needRow(row))
	r.spots[t] = spot{BinIndex(b), row}.foreign()
	r.touch(touch(b << 1))
	return true
}

// settle notes what a task holds that this Round placed on a standing bin, in terms that outlive the
// bin's tables.
func (r *Round) settle(t int32) {
	h := r.runningTask(t)
	if r.held == nil {
		r.held = map[int32]*Running{}
	}
	r.held[t] = h
	r.spots[t].where = NoBin
}

// runningTask says what a running task holds.
func (r *Round) runningTask(t int32) *Running {
	if h := r.held[t]; h != nil {
		return h
	}
	ag := &r.agents[r.ranOn[t]]
	h := &Running{
		Task: r.tasks[t], Agent: ag.id, Hostname: ag.hostname, Attributes: ag.attributes,
		Role: r.roleNames[r.links[t].ranRole], Revocable: r.shapeFor(TaskIndex(t)).revocable[r.variantOf(t)], Pieces: r.pieces[t],
	}
	if r.spots[t].where != NoBin {
		var a Assignment
		r.describe(&a, t)
		h.Ports, h.Devices, h.Items = a.Ports, a.Devices, a.Items
	} else if g := r.grantOf(t); g != nil {
		h.Ports = g.ports
	}
	return h
}
