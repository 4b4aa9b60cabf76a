package placement

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Preemption is a plan: the running tasks that would have to end for a pending task to be placed, and where it would go. Nobody ends
// anything; carrying a plan out is the caller's part, see [Engine.Ended].
type Preemption struct {
	Task  TaskID
	Agent AgentID
	Role  string
	// Victims run on the agent and have to end; those that the policy gives up first come first. Empty: the task fits there now.
	Victims []TaskID
	// Cost is what the policy says that ending the victims costs, in sum; of a plan of [Engine.Rebalance], see there.
	Cost float64
	// Smallest says that no plan with fewer victims exists, and none with as many that costs less.
	Smallest bool
}

// PreemptionPolicy says which running tasks may be ended for a pending one, and what each of them costs. The zero value
// lets no task be ended.
type PreemptionPolicy struct {
	cost func(k *eviction, t int32) float64
}

// LowerPriority lets a task end those of a lower [Task.Priority], at the cost of their priority: of two plans with as many
// victims, the one is taken whose victims' priorities have the smaller sum.
func LowerPriority() PreemptionPolicy {
	return PreemptionPolicy{func(k *eviction, t int32) float64 {
		if p := k.round.states[t].priority; p < k.round.states[k.task].priority {
			return float64(p)
		}
		return math.NaN()
	}}
}

// PreemptBy is the policy that a function gives: whether a victim may be ended for a task, and what that costs. It must be pure,
// is called once or a few times for each running task, and must not change or keep the tasks. A cost that is not a number means that
// the victim may not be ended; costs may be negative.
func PreemptBy(cost func(task, victim *Task) (cost float64, may bool)) PreemptionPolicy {
	return PreemptionPolicy{func(k *eviction, t int32) float64 {
		if c, may := cost(k.of(k.task), k.of(t)); may {
			return c
		}
		return math.NaN()
	}}
}

// PlanPreemption finds the smallest and least unfair set of running tasks whose end would let a pending task in: as few
// as possible; of as few, the set that costs least; then the one on the agent whose oldest offer came first; there, of tasks that cost
// the same, those that started last. All victims run on the agent that the task would go to: a task elsewhere is never
// ended, even where a requirement counts it. What a victim holds of an ordinary offer is taken to come back as [Engine.Try] says.
//
// Every plan has passed the gate that [Round.Place] is: scalars, ports, devices, sets and disks as they would be without the victims,
// the requirements of the task, the standing ones of those that stay, and limits. What passes the gate may still lose its place to
// other pending tasks; hand in the task alone, or as the one of highest priority. A gang is not planned for: its tasks are
// looked at one by one.
//
// There is no plan (ok is false) when no allowed set on any agent lets the task in. The engine stays as it is, to the byte. The options are those of a round:
// the time, say. Errors are [ErrNotFound] and [ErrPolicy].
//
// Finding a smallest set is a covering problem, NP-hard in the number of tasks on one agent. The search looks at sets in the order of their
// size, skips agents that cannot do better by their row sums, and looks at some thousand sets on an agent at most; one
// with more is searched greedily: no victim of such a plan can be spared, but Smallest is false. The time is linear in agents and running tasks
// otherwise.
func (e *Engine) PlanPreemption(id TaskID, policy PreemptionPolicy, opts ...Option) (plan Preemption, ok bool, err error) {
	defer recovered(&err)
	k, undo, err := e.evicting(id, opts)
	if err != nil {
		return Preemption{}, false, err
	}
	defer undo()
	if k.cost = policy.cost; k.cost == nil {
		return Preemption{}, false, nil
	}
	k.bound()
	plan, ok = k.fewest()
	return plan, ok, nil
}

// recovered turns a panic of a policy into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("placement: %w: %v", ErrPolicy, p)
	}
}

// eviction is a search for victims. It reads the round and leaves it as it was.
type eviction struct {
	engine *Engine
	round  *Round
	config config
	off    []bool // per agent; nil: none
	task   int32
	shape  *shape
	cost   func(k *eviction, t int32) float64 // NaN: not to be ended
	slots  []slot
	// slotOf is the slot of a bin, and used that of an agent and role without one; -1: none.
	slotOf []int32
	used   map[agentRole]int32
	slacks map[agentRole][]int64 // see slack
	needs  [][]int64
	// monotone says that ending more tasks never makes a requirement of the task refuse.
	monotone bool
	tenants  []tenant // of the slot looked at, see lodge
	scratch  []int64
}

// slot is where the task could go: a bin, or what would become one when tasks end that run on used-up offers.
type slot struct {
	agentRole
	bin     int32 // -1 when there is none yet
	tenants int32 // that may be ended
	// least is how many victims it takes at least, by row sums, and cheapest the least cost of one that may be ended.
	least    int32
	cheapest float64
	seen     bool // whether it was asked if ending all would do
	looks    int  // at sets, so far
}

// tenant is a running task that may be ended.
type tenant struct {
	task int32
	cost float64
	// need is what its end frees, at most.
	need []int64
}

// evicting prepares the search for one pending task. What it changes in the round, the time, undo sets back.
func (e *Engine) evicting(id TaskID, opts []Option) (k *eviction, undo func(), err error) {
	t, ok := e.tasks.find(string(id))
	if !ok || !e.round.isTask(TaskIndex(t)) {
		return nil, nil, fmt.Errorf("placement: %w: %q is not pending", ErrNotFound, id)
	}
	r := e.round
	k = &eviction{engine: e, round: r, config: e.configure(opts...), task: t, shape: r.shapeFor(TaskIndex(t)), used: map[agentRole]int32{}}
	if err := k.config.validate(); err != nil {
		return nil, nil, err
	}
	k.off = r.offAgents(&k.config)
	before := r.now
	r.now = k.config.now
	r.keepQuotas(&k.config)
	r.makeElastic(&k.config)
	k.slotOf = make([]int32, len(r.bins))
	for i := range k.slotOf {
		k.slotOf[i] = -1
	}
	k.slots = make([]slot, 0, len(r.live))
	for _, b := range r.liveBins() {
		h := r.homes[b]
		if k.shape.goesTo(h.role) && !k.isOff(h.agent) {
			k.slotOf[b] = int32(len(k.slots))
			k.slots = append(k.slots, slot{agentRole: h, bin: b})
		}
	}
	return k, func() { r.now = before }, nil
}

func (k *eviction) of(t int32) *Task { return &k.round.tasks[t] }

func (k *eviction) isOff(a int32) bool { return k.off != nil && k.off[a] }

// slotFor is the slot in which a running task's end frees something, or -1. Those without a bin are made when first met.
func (k *eviction) slotFor(t, a int32) int32 {
	r := k.round
	if b := r.spots[t].where; b != NoBin {
		return k.slotOf[b]
	}
	if k.isOff(a) {
		return -1
	}
	role := r.links[t].ranRole
	if h := r.held[t]; h != nil {
		known := false
		if role, known = r.roles[h.Role]; !known {
			role = noSuch
		}
	}
	name := ""
	if role >= 0 {
		name = r.roleNames[role]
	}
	if b := r.binFor(a, name); b >= 0 && (r.bins[b].standing || r.homes[b].role == role) {
		return k.slotOf[b]
	}
	if role < 0 || !k.shape.goesTo(role) {
		return -1
	}
	key := agentRole{a, role}
	s, ok := k.used[key]
	if !ok {
		s = int32(len(k.slots))
		k.used[key] = s
		k.slots = append(k.slots, slot{agentRole: key, bin: -1})
	}
	return s
}

// frees is the most that a running task's end can free, as a row. Devices it holds count by what it asked for.
func (k *eviction) frees(t int32) []int64 {
	r := k.round
	if s := r.shapeFor(TaskIndex(t)); s.variants == 1 {
		return s.need[0]
	}
	return r.shapeOfRunning(t)
}

// lodge lists the tenants of a slot: the cheapest first, then those that started last.
func (k *eviction) lodge(s *slot) []tenant {
	r := k.round
	k.tenants = k.tenants[:0]
	for t := r.agents[s.agent].running; t >= 0; t = r.links[t].next {
		if at := k.slotFor(t, s.agent); at < 0 || &k.slots[at] != s {
			continue
		}
		if c := k.cost(k, t); c == c {
			k.tenants = append(k.tenants, tenant{t, c, k.frees(t)})
		}
	}
	slices.SortFunc(k.tenants, func(x, y tenant) int {
		if c := cmp.Compare(x.cost, y.cost); c != 0 {
			return c
		}
		return cmp.Compare(r.turn[y.task], r.turn[x.task])
	})
	return k.tenants
}

// free is what is left of a slot now; nil where there is no bin.
func (k *eviction) free(s *slot) []int64 {
	if s.bin < 0 {
		return k.slack(s)
	}
	if row, ok := k.round.sunk[s.bin]; ok {
		return row
	}
	return k.round.freeRow(s.bin)
}

// slack is by how much a slot without a bin would differ, by overcommit and headroom, from the sum of what its tasks free; nil without them.
func (k *eviction) slack(s *slot) []int64 {
	r := k.round
	if r.elastic == nil {
		return nil
	}
	if row, known := k.slacks[s.agentRole]; known {
		return row
	}
	key, row := s.agentRole, make([]int64, r.stride)
	for t := r.agents[key.agent].running; t >= 0; t = r.links[t].next {
		if at := k.slotFor(t, key.agent); at >= 0 && k.slots[at].agentRole == key {
			for c, n := range k.frees(t) {
				row[c] += n
			}
		}
	}
	all := slices.Clone(row)
	clear(row)
	for i := range r.elastic.columns {
		c := &r.elastic.columns[i]
		row[c.at] = c.of(all[c.at]) - all[c.at]
	}
	if k.slacks == nil {
		k.slacks = map[agentRole][]int64{}
	}
	k.slacks[key] = row
	return row
}

// plan is the answer: victims are tasks.
func (k *eviction) plan(s *slot, victims []int32, cost float64) Preemption {
	p := Preemption{Task: k.of(k.task).ID, Agent: k.round.agents[s.agent].id, Role: k.round.roleNames[s.role], Cost: cost}
	for _, v := range victims {
		p.Victims = append(p.Victims, k.of(v).ID)
	}
	return p
}
