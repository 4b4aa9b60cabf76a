package placement

import (
	"cmp"
	"slices"
)

// result reads the round off.
func (r *Round) result(c *config) Result {
	res := Result{Stats: r.stats(c.packer)}
	res.Assignments = make([]Assignment, 0, r.placed)
	if c.explain < 0 && r.placed == 0 && r.backlog.failures != nil {
		res.Failures = r.backlog.failures
		return res
	}
	if failed := len(r.pending) - r.placed; failed > 0 {
		res.Failures = make([]Failure, 0, failed)
	}
	r.addresses.empty(r.used)
	inTurn, last := true, int32(-1)
	for _, t := range r.pending {
		if r.spots[t].where == NoBin {
			res.Failures = append(res.Failures, Failure{Task: r.tasks[t].ID})
			continue
		}
		n := len(res.Assignments)
		res.Assignments = res.Assignments[:n+1]
		r.locate(&res.Assignments[n], int32(t), n)
		if !r.states[t].plain {
			r.describe(&res.Assignments[n], int32(t))
		}
		inTurn, last = inTurn && r.turn[t] > last, r.turn[t]
	}
	if !inTurn {
		for order, i := range r.sequence() {
			res.Assignments[i].Order = order
		}
	}
	return res
}

// sequence lists the positions of the assignments in the order in which they were made.
func (r *Round) sequence() []int32 {
	if r.placed == 0 {
		return nil
	}
	turns := make([]int32, 0, r.placed)
	for _, t := range r.pending {
		if r.spots[t].where != NoBin {
			turns = append(turns, r.turn[t])
		}
	}
	sequence := make([]int32, len(turns))
	for i := range sequence {
		sequence[i] = int32(i)
	}
	if !slices.IsSorted(turns) {
		slices.SortFunc(sequence, func(a, b int32) int { return cmp.Compare(turns[a], turns[b]) })
	}
	return sequence
}

func (r *Round) assignment(t, order int32) (a Assignment) {
	r.locate(&a, t, int(order))
	r.describe(&a, t)
	return a
}

// locate fills in where a task goes, in what is blank.
func (r *Round) locate(a *Assignment, t int32, order int) {
	at := r.address(int32(r.spots[t].where))
	a.Task, a.Agent, a.Role, a.Offers = r.tasks[t].ID, at.agent, at.role, at.offers
	a.Order, a.Revocable = order, r.shapeFor(TaskIndex(t)).revocable[r.variantOf(t)]
}

// describe fills in what a task gets beyond scalars, in what is blank.
func (r *Round) describe(a *Assignment, t int32) {
	g := r.grantOf(t)
	if g == nil {
		return
	}
	s, bn := r.shapeFor(TaskIndex(t)), &r.bins[r.spots[t].where]
	a.Ports = g.ports
	a.Devices = bn.grantUnits(s.devices, g.units)
	for i := range g.items {
		a.Items = append(a.Items, ItemGrant{Name: s.sets[i].Name, Items: g.items[i]})
	}
	for i, d := range g.disks {
		a.Items = append(a.Items, ItemGrant{Name: "disk", Disk: bn.disks[d].granted(s.disks[i].Amount)})
	}
}

func (r *Round) stats(p Packer) Stats {
	return Stats{
		Agents: r.offering, AgentsUsed: r.used, Bins: len(r.live) - len(r.buried), Tasks: len(r.pending), Placed: r.placed,
		Shapes: len(r.shaper.shapes), Rules: len(r.ruler.rules), Steps: r.steps, Packer: packerName(p), Choice: r.choice,
	}
}
