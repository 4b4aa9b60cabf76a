package placement

import (
	"slices"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// Fits says whether [Round.Place] would place the task on the bin now.
func (r *Round) Fits(t TaskIndex, b BinIndex) bool {
	if !r.isTask(t) || !r.isBin(b) {
		return false
	}
	r.steps++
	return r.check(int32(t), int32(b)) >= 0
}

// vetted is a task and a bin that have passed [Round.check], as the first variant of the shape, when so many bins had changed:
// what [Round.First] or [Ranking.Best] answered last. As long as no more have, they would pass again.
type vetted struct {
	task, bin int32
	changes   int64
}

// vet notes the answer to a question, but where it may be another variant that fits.
func (r *Round) vet(t TaskIndex, b BinIndex) {
	if r.finding.shape.variants == 1 {
		r.vetted = vetted{int32(t), int32(b), r.changes}
	}
}

// check is the gate: limits, capacity, ports, sets, devices and disks, the vetoes of those already there, and
// every requirement. It returns the variant of the shape that fits, or -1.
func (r *Round) check(t, b int32) int8 {
	if !r.admits(TaskIndex(t)) {
		return -1
	}
	v := r.fit(r.shapeFor(TaskIndex(t)), b)
	if v >= 0 && !r.allowed(t, b) {
		return -1
	}
	return v
}

// allowed says whether the agent's tasks and the task's requirements let it go to the bin.
func (r *Round) allowed(t, b int32) bool { return r.allowedOn(t, r.homes[b].agent) }

func (r *Round) allowedOn(t, a int32) bool {
	return !r.loads[a].off && (!r.gangs || r.gangAllows(t, a)) && r.permits(t, a)
}

// permits says so of an agent that takes tasks.
func (r *Round) permits(t, a int32) bool {
	ru := r.ruleFor(TaskIndex(t))
	if len(r.books.vetoes) > 0 && r.books.forbidden(ru.group, a) >= 0 {
		return false
	}
	return r.passes(ru.judges, t, a)
}

// show points the candidate at an agent, for a task to judge.
func (r *Round) show(t, a int32) {
	r.look.agent, r.look.task, r.look.rule = a, t, r.ruleFor(TaskIndex(t))
	r.asking.Reset(&r.look, string(r.tasks[t].ID), r.tasks[t].Group)
}

// Place puts a task of the present priority on a bin, or refuses: when the task does not fit there
// now, breaks a requirement of its own or of a task already there, is placed already, or is not of the
// present priority. Device units are chosen by best fit, lowest position first.
func (r *Round) Place(t TaskIndex, b BinIndex) bool { return r.PlaceOn(t, b, nil) }

// PlaceOn is [Round.Place] with the device units chosen by the caller: for every request of the task
// in order, as many units as it asks for, as positions in the bin's list of devices. Nil leaves
// the choice to the round.
func (r *Round) PlaceOn(t TaskIndex, b BinIndex, units []int32) bool {
	if !r.isTask(t) || !r.present(t) || r.states[t].barred == r.number {
		return false
	}
	return r.place(t, b, units)
}

func (r *Round) place(t TaskIndex, b BinIndex, units []int32) bool {
	if !r.isBin(b) || r.spots[t].where != NoBin {
		return false
	}
	r.steps++
	v := int8(0)
	if r.vetted != (vetted{int32(t), int32(b), r.changes}) {
		v = r.check(int32(t), int32(b))
	}
	if v < 0 || (units != nil && !r.bins[b].validUnits(r.shapeFor(TaskIndex(t)).devices, units)) {
		return false
	}
	if r.turn[t] != neverPlaced {
		r.formers = append(r.formers, former{len(r.undo), r.turn[t], r.spots[t].took})
	}
	row := r.states[t].row + int32(v)
	r.spots[t], r.turn[t] = spot{b, row}, r.turns
	r.turns++
	r.take(int32(t), int32(b), row, units)
	if r.linked {
		r.link(int32(t))
	}
	r.log(change{int32(t), b})
	if len(r.books.vetoes) > 0 {
		r.fence.placed(r, int32(t), int32(b))
	}
	return true
}

// take moves what the task needs, a need row and what its shape says, out of the bin and counts it.
func (r *Round) take(t, b, row int32, units []int32) {
	need := r.shaper.needRow(row)
	if r.takeRow(b, need); r.shaper.rows >= manyRows {
		r.abridge(t, need)
	}
	if !r.states[t].plain {
		s := r.shapeFor(TaskIndex(t))
		g := r.newGrant(s, b, units)
		r.bins[b].takeItemsOf(s, g)
		r.settleDevices(s, b, g, -1)
		r.setGrant(t, g)
	}
	r.tally(t, b, 1)
}

// taken is the row that the task takes, or took.
func (r *Round) taken(t int32) []int64 {
	return r.shaper.needRow(r.spots[t].row())
}

func (r *Round) setGrant(t int32, g *grant) {
	for len(r.grant) <= int(t) {
		r.grant = append(r.grant, make([]*grant, len(r.states)-len(r.grant))...)
	}
	r.grant[t] = g
}

// grantOf is what the task took beyond scalars; nil when that is nothing.
func (r *Round) grantOf(t int32) *grant {
	if int(t) < len(r.grant) {
		return r.grant[t]
	}
	return nil
}

func (r *Round) tally(t, b, n int32) {
	f := r.fleet
	a := f.homes[b].agent
	ag := &f.loads[a]
	if len(r.books.counters)+len(r.books.vetoes) == 0 {
		ag.tasks += n // all there is to count
	} else {
		r.books.count(r.ruleFor(TaskIndex(t)), a, n)
	}
	if ag.placed += n; ag.placed == 0 {
		f.used--
	} else if ag.placed == n {
		f.used++
	}
	r.placed += int(n)
	if r.gangs {
		r.countGang(t, a, n)
	}
	if r.quotas != nil {
		r.quotas.count(r, t, int64(n))
	}
	if r.fair != nil && r.fair.concerns(r.states[t].priority) {
		r.fair.changed(t, r.taken(t), int64(n))
	}
	r.touch(touch(b<<1 | (1-n)>>1))
}

// newGrant chooses what a task that fits gets beyond scalars. Its ports are taken already.
func (r *Round) newGrant(s *shape, b int32, units []int32) *grant {
	bn := &r.bins[b]
	g := r.blankGrant()
	if s.nports > 0 {
		g.ports = r.takePorts(b, s.ports, r.portPolicy(r.homes[b].agent))
	}
	if len(s.devices) > 0 {
		if units == nil {
			units, _ = bn.chooseUnits(s.devices, nil)
		}
		g.units = slices.Clone(units)
	}
	if len(s.disks) > 0 {
		var choice [maxRequests]int32
		bn.chooseDisks(s.disks, &choice)
		g.disks = slices.Clone(choice[:len(s.disks)])
	}
	if len(s.sets) > 0 {
		g.items = make([][]string, len(s.sets))
		for i := range s.sets {
			g.items[i] = bn.chooseItems(&s.sets[i])
		}
	}
	return g
}

func (r *Round) portPolicy(a int32) ports.Policy {
	if r.policies == nil {
		return ports.LowestFirst()
	}
	p, ok := r.policy[a]
	if !ok {
		p = r.policies(r.agents[a].id)
		r.policy[a] = p
	}
	return p
}

// grantSlab is how many grants are made at a time.
const grantSlab = 128

func (r *Round) blankGrant() *grant {
	if len(r.blank) == 0 {
		r.blank = make([]grant, min(grantSlab, max(8, len(r.pending))))
	}
	g := &r.blank[0]
	r.blank = r.blank[1:]
	return g
}

// takePorts takes the numbers out of the reserved part alone, if that has enough.
func (f *fleet) takePorts(b int32, q ports.Request, p ports.Policy) []uint16 {
	bn, free := &f.bins[b], &f.ports[b]
	if !bn.reserved.IsEmpty() {
		if taken, rest, ok := ports.Take(bn.reserved, q, p); ok {
			bn.reserved, *free = rest, free.Minus(portRanges(taken))
			return taken
		}
	}
	taken, rest, _ := ports.Take(*free, q, p)
	if *free = rest; !bn.reserved.IsEmpty() {
		bn.reserved = bn.reserved.Minus(portRanges(taken))
	}
	return taken
}

func (f *fleet) losePorts(b int32, gone resources.Ranges) {
	f.ports[b] = f.ports[b].Minus(gone)
	if bn := &f.bins[b]; !bn.reserved.IsEmpty() {
		bn.reserved = bn.reserved.Minus(gone)
	}
}

// takeGrant takes again what a grant says.
func (f *fleet) takeGrant(b int32, s *shape, g *grant) {
	if len(g.ports) > 0 {
		f.losePorts(b, portRanges(g.ports))
	}
	f.bins[b].takeItemsOf(s, g)
}

func (bn *bin) takeItemsOf(s *shape, g *grant) {
	bn.takeUnits(s.devices, g.units)
	for i := range s.sets {
		bn.takeItems(s.sets[i].Name, g.items[i])
	}
	for i, d := range g.disks {
		bn.disks[d].take(s.disks[i].Amount)
	}
}

func (f *fleet) returnGrant(b int32, s *shape, g *grant) {
	bn := &f.bins[b]
	if len(g.ports) > 0 {
		back := portRanges(g.ports)
		f.ports[b] = f.ports[b].Plus(back)
		if !bn.everReserved.IsEmpty() {
			bn.reserved = bn.reserved.Plus(back.Intersect(bn.everReserved))
		}
	}
	bn.returnUnits(s.devices, g.units)
	for i := range s.sets {
		bn.returnItems(s.sets[i].Name, g.items[i])
	}
	for i, d := range g.disks {
		bn.disks[d].giveBack(s.disks[i].Amount)
	}
}

// settleDevices corrects the device columns where the whole units taken amount to more than the
// least that the shape's row says.
func (r *Round) settleDevices(s *shape, b int32, g *grant, sign int64) {
	row, i := r.freeRow(b), 0
	for k := range s.devices {
		q := &s.devices[k]
		if q.Count == 0 {
			i++
			continue
		}
		sum := -s.whole[k]
		for range q.Count {
			sum += int64(r.bins[b].units[g.units[i]].capacity)
			i++
		}
		row[r.colIndex[column{q.Kind, deviceColumn}]] += sign * sum
	}
}

func portRanges(taken []uint16) resources.Ranges {
	rs := make([]resources.Range, 0, 4)
	for _, p := range taken {
		if n := len(rs); n > 0 && rs[n-1].End+1 == uint64(p) {
			rs[n-1].End++
			continue
		}
		rs = append(rs, resources.Range{Begin: uint64(p), End: uint64(p)})
	}
	ranges, err := resources.NewRanges(rs...)
	if err != nil {
		panic("placement: ports taken are no ranges: " + err.Error())
	}
	return ranges
}
