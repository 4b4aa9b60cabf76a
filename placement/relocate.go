package placement

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Move is one running task that would go from one agent to another, or from one device unit to another of the same agent.
type Move struct {
	Task     TaskID
	From, To AgentID
	// Place is what it would get there. Its Order counts the moves of a plan.
	Place Assignment
}

// relocation is a round in which the running tasks that draw on standing offers are placed where they run, and can be moved.
type relocation struct {
	round *Round
	home  []BinIndex // per task of the round; NoBin for those that cannot be moved
	was   []placed   // what each task had at home
	fixed []bool     // per agent: something there cannot be moved
}

type placed struct {
	bin   BinIndex
	units []int32
}

// relocate makes the round. Tasks stay fixed that run on used-up offers or on agents out of service or whose gang is to be on one agent, and those that the round would not let
// in where they are: reality is as it is, but nothing can be said of moving them. Pending tasks are left out, and gangs and priorities do not matter:
// all run.
func (e *Engine) relocate(opts []Option) *relocation {
	c := e.configure(opts...)
	c.observer = nil
	c.limits, c.tiers, c.batch = nil, nil, 0 // a move changes nothing about them
	running := e.running()
	off := e.round.offAgents(&c)
	stuck := map[TaskID]bool{}
	for i := range running {
		h := &running[i]
		a := e.round.known(h.Agent)
		b := e.round.binFor(a, h.Role)
		stuck[h.Task.ID] = b < 0 || !e.round.bins[b].standing || (off != nil && off[a]) || h.Task.GangOneAgent
	}
	for {
		l := e.furnish(running, stuck, &c)
		again := false
		for t := range l.round.pending {
			if l.home[t] == NoBin {
				stuck[l.round.tasks[t].ID], again = true, true
			}
		}
		if !again {
			return l
		}
	}
}

// furnish places every task that is not stuck at home; home says NoBin where that failed.
func (e *Engine) furnish(running []Running, stuck map[TaskID]bool, c *config) *relocation {
	var tasks []Task
	var at, stay []Running
	for i := range running {
		if stuck[running[i].Task.ID] {
			stay = append(stay, running[i])
			continue
		}
		t := running[i].Task
		t.Priority, t.Gang, t.ReadyAt = 0, "", time.Time{}
		tasks = append(tasks, t)
		at = append(at, running[i])
	}
	r := newRound(intakeOf(e.Offers()), tasks, stay, 0, 1)
	r.begin(context.Background(), c)
	l := &relocation{round: r, home: make([]BinIndex, len(tasks)), was: make([]placed, len(tasks)), fixed: make([]bool, len(r.agents))}
	for i := range stay {
		l.fixed[r.known(stay[i].Agent)] = true
	}
	for t := range tasks {
		b := r.binFor(r.known(at[t].Agent), at[t].Role)
		l.home[t] = NoBin
		if b >= 0 && r.place(TaskIndex(t), BinIndex(b), r.bins[b].unitsOf(at[t].Devices)) {
			l.home[t] = BinIndex(b)
			if g := r.grantOf(int32(t)); g != nil {
				l.was[t].units = g.units
			}
		}
		l.was[t].bin = l.home[t]
	}
	r.floor = r.Mark()
	return l
}

// unitsOf finds the units that grants name; nil when there are none.
func (bn *bin) unitsOf(grants []DeviceGrant) []int32 {
	var units []int32
	for i := range grants {
		for _, index := range grants[i].Units {
			for j := range bn.units {
				if u := &bn.units[j]; u.kind == grants[i].Kind && u.index == index {
					units = append(units, int32(j))
				}
			}
		}
	}
	return units
}

// moves lists what is not where it was, in an order in which the moves can be made one after the other.
func (l *relocation) moves() []Move {
	r := l.round
	var away []int32
	for t := range l.home {
		if g := r.grantOf(int32(t)); r.spots[t].where != l.home[t] || (g != nil && !slices.Equal(g.units, l.was[t].units)) {
			away = append(away, int32(t))
		}
	}
	slices.SortFunc(away, func(x, y int32) int { return cmp.Compare(r.turn[x], r.turn[y]) })
	moves := make([]Move, len(away))
	for i, t := range away {
		p := r.assignment(t, int32(i))
		moves[i] = Move{Task: p.Task, From: r.agents[r.homes[l.home[t]].agent].id, To: p.Agent, Place: p}
	}
	return moves
}

// agentLoad is a candidate to be emptied.
type agentLoad struct {
	agent int32
	tasks int32
	used  float64
}

// loads are the agents on which everything can be moved.
func (l *relocation) loads() []agentLoad {
	r := l.round
	scale := r.columnScale()
	var all []agentLoad
	for a := range r.agents {
		ag := &r.agents[a]
		if l.fixed[a] || r.loads[a].off || len(ag.bins) == 0 {
			continue
		}
		load, standing := agentLoad{agent: int32(a), tasks: r.loads[a].tasks}, true
		for _, b := range ag.bins {
			standing = standing && r.bins[b].standing
			for c, part := range scale {
				load.used += float64(r.capacityRow(b)[c]-r.freeRow(b)[c]) * part
			}
		}
		if standing {
			all = append(all, load)
		}
	}
	return all
}

// emptying is a run of attempts to empty agents. Idle agents, and those emptied, are out of service: nothing goes there.
type emptying struct {
	*relocation
	scale []float64
	best  *Ranking
	// busy agents have taken something: they stay, so that no task is moved twice.
	busy []bool
	// failed are shapes that no agent has room for but, perhaps, the one it names.
	failed map[int32]int32
}

func (l *relocation) emptying() *emptying {
	r := l.round
	for a := range r.agents {
		if r.loads[a].tasks == 0 && !r.loads[a].off {
			r.sink(int32(a))
		}
	}
	return &emptying{l, r.columnScale(), r.RankBy(leastLeft()), make([]bool, len(r.agents)), map[int32]int32{}}
}

// empty moves all tasks of an agent to others that are in use, the largest first, each to where it leaves least; or changes nothing.
func (l *emptying) empty(a int32, most int) bool {
	r := l.round
	m := r.Mark()
	var tasks []TaskIndex
	free := len(r.books.vetoes) == 0
	for _, b := range r.agents[a].bins {
		for t := range r.On(BinIndex(b)) {
			tasks = append(tasks, t)
			free = free && len(r.ruleFor(t).require) == 0
		}
	}
	if len(tasks) > most {
		return false
	}
	size := func(t TaskIndex) (sum float64) {
		for c, part := range l.scale {
			sum += float64(r.shapeFor(t).need[0][c]) * part
		}
		return sum
	}
	slices.SortStableFunc(tasks, func(x, y TaskIndex) int { return cmp.Compare(size(y), size(x)) })
	moved := false
	if free {
		moved = l.moveFree(tasks, a)
	} else {
		moved = l.moveOneByOne(tasks, a)
	}
	if !moved {
		r.lift(a)
		r.Rollback(m)
		return false
	}
	if !r.loads[a].off {
		r.sink(a)
	}
	for _, t := range tasks {
		l.busy[r.homes[r.spots[t].where].agent] = true
	}
	return true
}

// moveFree moves tasks off an agent when nobody has requirements: then the agent can be put out of service first, and the index be asked.
func (l *emptying) moveFree(tasks []TaskIndex, a int32) bool {
	r := l.round
	if len(tasks) > 0 && l.hopeless(tasks[0], a) {
		return false
	}
	for _, t := range tasks {
		if !r.mayLeave(t) {
			return false
		}
		r.remove(t)
	}
	if !r.loads[a].off {
		r.sink(a)
	}
	for i, t := range tasks {
		b, ok := l.best.Best(t)
		if !ok && i == 0 {
			l.failed[r.states[t].shape] = a
		}
		if !ok || !r.place(t, b, nil) {
			return false
		}
	}
	return true
}

// hopeless says whether it is known that no agent but this one has room for the task: of what failed once, only the agent that was
// to be emptied then may have room. Room only shrinks from attempt to attempt.
func (l *emptying) hopeless(t TaskIndex, a int32) bool {
	r := l.round
	but, ok := l.failed[r.states[t].shape]
	if !ok {
		return false
	}
	if but >= 0 && but != a {
		for _, b := range r.agents[but].bins {
			if r.check(int32(t), b) >= 0 {
				return false
			}
		}
		l.failed[r.states[t].shape] = -1
	}
	return true
}

// moveOneByOne moves tasks off an agent such that each finds the others where they are, or will be.
func (l *emptying) moveOneByOne(tasks []TaskIndex, a int32) bool {
	r := l.round
	for _, t := range tasks {
		if !r.mayLeave(t) {
			return false
		}
		r.remove(t)
		best, least := NoBin, 0.0
		for _, b := range r.liveBins() {
			if to := r.homes[b].agent; to == a || r.check(int32(t), b) < 0 {
				continue
			}
			left := 0.0
			for c, part := range l.scale {
				left += float64(r.freeRow(b)[c]) * part
			}
			if best == NoBin || left < least {
				best, least = BinIndex(b), left
			}
		}
		if best == NoBin || !r.place(t, best, nil) {
			return false
		}
	}
	return true
}
