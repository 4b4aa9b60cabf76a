package placement

import (
	"iter"
	"slices"

	"github.com/berth-go/berth/placement/internal/par"
	"github.com/berth-go/berth/resources"
)

// portsName is the name of the ranges resource that port requests draw on.
const portsName = "ports"

// fleet is the offers of a call pooled into bins, with the scalars of all bins as dense rows.
//
// An engine keeps one fleet over many rounds: bins die when their offers leave, and new ones are
// appended as long as there are spare rows. Rows never move, because indexes look at them.
type fleet struct {
	offers []Offer // bins refer to them by position; read only here
	binAt  []int32 // per offer: its bin; -1: it has left
	in     *intake // while bins are being filled from it
	agents []agent
	byID   agentIndex
	bins   []bin
	loads  []load             // per agent
	homes  []agentRole        // per bin
	ports  []resources.Ranges // per bin: those that are free
	none   *extras            // stays as it is
	// live are the bins that are not dead, in order, but for those of buried, which died since.
	live, buried []int32

	// columns are the visible ones; every row has one more, the count of free ports.
	columns  []column
	colIndex map[column]int32
	stride   int
	// usual are the scalars of the first offers, in order, and usualIndex their columns: most offers list
	// the same ones, which saves looking them up.
	usual      []column
	usualIndex []int32
	slab       slab
	free       []int64 // a row a bin, and the spare rows; thousandths
	capacity   []int64
	// top is the largest capacity of a live bin in each visible column, and tops how many bins have it, nil as long as they are not counted; no
	// columns means unknown.
	top       []int64
	tops      []int32
	roles     map[string]int32
	roleNames []string
	sets      map[string]bool // names of sets offered
	least     []leastUnit
	// offering is the number of agents with bins, used that of those with tasks placed in this round.
	offering, used int
	// shifts counts how often the capacity of a bin may have changed.
	shifts int
	// lives counts how often an agent came to life or ceased to have offers and tasks.
	lives int
}

type agent struct {
	id          AgentID
	hostname    string
	attributes  resources.Attributes
	unavailable *Window
	bins        []int32
	// running is the last running task on it, -1 none.
	running int32
}

// load is the part of an agent that every placement reads.
type load struct {
	// tasks counts the placed and running tasks on it; placed only those of this round.
	tasks, placed int32
	// off: it takes no tasks, see Round.disable.
	off bool
}

// agentRole is the part of a bin that every placement reads: the agent, and the number of the role.
type agentRole struct{ agent, role int32 }

// deadRole is the role of a bin whose offers have left.
const deadRole = -3

// bin is all offers of one agent with one role: what may be accepted together.
type bin struct {
	standing bool
	crowded  bool  // tasks that run hold more of it than there is
	role     int32 // its number, which stays when it dies
	first    int32 // the position of its first offer in the call
	*extras        // that of the fleet, without anything, where there are none
}

// from yields the positions of the bin's offers in the call, in order.
func (bn *bin) from() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if !yield(bn.first) {
			return
		}
		for _, i := range bn.more {
			if !yield(i) {
				return
			}
		}
	}
}

// extras is what most bins do not have.
type extras struct {
	more []int32 // positions of its offers but the first
	// reserved is the free part of those ports that are reserved to the role (all of them are in
	// everReserved): taken first, where it suffices.
	reserved, everReserved resources.Ranges
	units                  []unit
	sets                   []offeredSet
	disks                  []offeredDisk
}

// own is the bin's extras, to be added to.
func (f *fleet) own(bn *bin) *extras {
	if bn.extras == f.none {
		bn.extras = &extras{}
	}
	return bn.extras
}

type unit struct {
	kind, model, id string
	// index is the position among the bin's units of the kind.
	index          int
	capacity, free resources.Amount
	tag            string
	users          int32
}

type offeredSet struct {
	name                         string
	free, reserved, everReserved resources.Set
}

type binKey struct {
	agent AgentID
	role  string
}

// newFleet pools the offers, but for those that were pooled while they were taken in, and leaves room for spare more bins. Running tasks
// are only looked at for what they hold; they have to be brought in afterwards.
func newFleet(in *intake, running []Running, spare, workers int) *fleet {
	f, offers := in.fleet, in.offers
	if f == nil {
		f = emptyFleet(in, spare)
		f.poolUpTo(len(offers))
	}
	f.slab = slab{}
	for i := range offers {
		if i == 1 && in.uniform() {
			break
		}
		if i == 0 || !in.isAlike(int32(i)) || len(offers[i].Devices) > 0 {
			f.nameColumns(&offers[i])
		}
	}
	f.nameHeld(running)
	f.sortColumns()
	in.columns = f.usualIndex
	if f.areRows(in) {
		f.capacity, f.free, f.ports = in.rows, slices.Clone(in.rows), in.ports
	} else {
		f.ports = make([]resources.Ranges, cap(f.bins))
		f.free = make([]int64, cap(f.bins)*f.stride)
		f.capacity = make([]int64, cap(f.bins)*f.stride)
		par.Do(len(f.bins), workers, func(b int) { f.fill(int32(b)) })
	}
	f.in = nil
	return f
}

// emptyFleet has room for the offers of an intake and for spare more bins.
func emptyFleet(in *intake, spare int) *fleet {
	n := len(in.offers)
	return &fleet{
		in:       in,
		none:     &extras{},
		offers:   in.offers,
		roles:    map[string]int32{},
		sets:     map[string]bool{},
		agents:   make([]agent, 0, n),
		loads:    make([]load, 0, n),
		bins:     make([]bin, 0, n+spare),
		binAt:    make([]int32, 0, n+spare),
		homes:    make([]agentRole, 0, n+spare),
		live:     make([]int32, 0, n+spare),
		colIndex: map[column]int32{},
		slab:     newSlab(n),
	}
}

// poolUpTo pools the offers before the n-th that are not pooled yet. They need not have been found to be valid.
func (f *fleet) poolUpTo(n int) {
	for i := len(f.binAt); i < n; i++ {
		if f.byID.comesNew(f.offers[i].Agent, len(f.agents)) {
			f.found(int32(i))
		} else {
			f.pool(int32(i), -1)
		}
	}
}

// areRows says whether the bins are the offers, and their rows just what was taken in.
func (f *fleet) areRows(in *intake) bool {
	if !in.uniform() || cap(f.bins) != len(in.offers) || len(f.bins) != len(in.offers) || f.stride != in.cols {
		return false
	}
	for at, c := range f.usualIndex {
		if int(c) != at {
			return false
		}
	}
	return true
}

// pool adds an offer to its bin, which it makes if it must. The agent is -1 if it is to be looked up. The bin has to be filled afterwards.
func (f *fleet) pool(index, a int32) int32 {
	o, before := &f.offers[index], len(f.agents)
	if a < 0 {
		a = f.agent(o.Agent)
	}
	ag := &f.agents[a]
	if ag.unavailable = o.Unavailable; int(a) == before || f.in != nil { // else they are the same, see Round.attributesChange
		ag.hostname, ag.attributes = hostnameOf(o.Hostname, o.Agent), o.Attributes
	}
	role := f.roleOf(o.Role)
	b := f.binOf(a, role)
	if b < 0 {
		b = int32(len(f.bins))
		if len(ag.bins) == 0 {
			f.offering++
			if ag.running < 0 {
				f.lives++
			}
		}
		f.bins = f.bins[:b+1] // room has been made, and cleared
		bn := &f.bins[b]
		bn.role, bn.standing, bn.first, bn.extras = role, o.Standing, index, f.none
		f.homes = append(f.homes, agentRole{a, role})
		if ag.bins == nil {
			ag.bins = f.slab.one(b)
		} else {
			ag.bins = append(ag.bins, b)
		}
		f.live = append(f.live, b)
	} else {
		x := f.own(&f.bins[b])
		x.more = append(x.more, index)
	}
	f.binAt = append(f.binAt, b) // offers are pooled in their order
	return b
}

// found is pool for an offer of an agent that is new, in a fleet that has room for it.
func (f *fleet) found(index int32) {
	o, a, b := &f.offers[index], int32(len(f.agents)), int32(len(f.bins))
	f.byID.last = o.Agent
	f.agents, f.loads = f.agents[:a+1], f.loads[:a+1] // room has been made, and cleared
	ag := &f.agents[a]
	ag.id, ag.hostname, ag.attributes, ag.unavailable, ag.running = o.Agent, hostnameOf(o.Hostname, o.Agent), o.Attributes, o.Unavailable, -1
	ag.bins = f.slab.one(b)
	role := f.roleOf(o.Role)
	f.bins = f.bins[:b+1]
	bn := &f.bins[b]
	bn.role, bn.standing, bn.first, bn.extras = role, o.Standing, index, f.none
	f.homes, f.live, f.binAt = append(f.homes, agentRole{a, role}), append(f.live, b), append(f.binAt, b)
	f.offering++
	f.lives++
}

// roleBy is the number of a role, if it has one. Bins that follow each other are mostly of one.
func (f *fleet) roleBy(name string) (role int32, ok bool) {
	if n := len(f.homes); n > 0 {
		if last := f.homes[n-1].role; last >= 0 && f.roleNames[last] == name {
			return last, true
		}
	}
	role, ok = f.roles[name]
	return role, ok
}

// roleOf interns a role.
func (f *fleet) roleOf(name string) int32 {
	role, ok := f.roleBy(name)
	if !ok {
		role = int32(len(f.roles))
		f.roles[name] = role
		f.roleNames = append(f.roleNames, name)
	}
	return role
}

// binOf is the agent's bin of the role, or -1.
func (f *fleet) binOf(a, role int32) int32 {
	for _, b := range f.agents[a].bins {
		if f.homes[b].role == role {
			return b
		}
	}
	return -1
}

// binNamed is binOf by the name of the role.
func (f *fleet) binNamed(a int32, role string) int32 {
	if role, ok := f.roleBy(role); ok {
		return f.binOf(a, role)
	}
	return -1
}

// roleOn is the role of a bin.
func (f *fleet) roleOn(b int32) string { return f.roleNames[f.bins[b].role] }

func hostnameOf(name string, id AgentID) string {
	if name == "" {
		return string(id)
	}
	return name
}

func (f *fleet) freeRow(b int32) []int64 {
	i := int(b) * f.stride
	return f.free[i : i+f.stride : i+f.stride]
}

// takeRow takes a row out of what is free on a bin, and giveRow gives it back. Mostly there are at least four columns, and a loop over them
// costs more than what it does.
func (f *fleet) takeRow(b int32, need []int64) {
	free := f.free[int(b)*f.stride:][:len(need)]
	i := 0
	if len(need) >= 4 {
		have, take := (*[4]int64)(free), (*[4]int64)(need)
		have[0], have[1], have[2], have[3] = have[0]-take[0], have[1]-take[1], have[2]-take[2], have[3]-take[3]
		i = 4
	}
	for ; i < len(need); i++ {
		free[i] -= need[i]
	}
}

func (f *fleet) giveRow(b int32, need []int64) {
	free := f.free[int(b)*f.stride:][:len(need)]
	i := 0
	if len(need) >= 4 {
		have, give := (*[4]int64)(free), (*[4]int64)(need)
		have[0], have[1], have[2], have[3] = have[0]+give[0], have[1]+give[1], have[2]+give[2], have[3]+give[3]
		i = 4
	}
	for ; i < len(need); i++ {
		free[i] += need[i]
	}
}

func (f *fleet) capacityRow(b int32) []int64 {
	i := int(b) * f.stride
	return f.capacity[i : i+f.stride : i+f.stride]
}

// bury marks a bin as dead: its offers have left.
func (f *fleet) bury(b int32) {
	f.shifts++
	bn := &f.bins[b]
	ag := &f.agents[f.homes[b].agent]
	at := slices.Index(ag.bins, b)
	ag.bins = slices.Delete(ag.bins, at, at+1)
	if len(ag.bins) == 0 {
		f.offering--
		if ag.running < 0 {
			f.lives++
		}
	}
	*bn = bin{role: bn.role, extras: f.none}
	f.ports[b] = resources.Ranges{}
	f.homes[b].role = deadRole
	f.lowerTop(b)
	clear(f.capacityRow(b))
	clear(f.freeRow(b))
	f.buried = append(f.buried, b)
}

// liveBins are the bins that are not dead, in order. Read only.
func (f *fleet) liveBins() []int32 {
	if len(f.buried) > 0 {
		slices.Sort(f.buried)
		dead := f.buried
		f.live = slices.DeleteFunc(f.live, func(b int32) bool {
			if len(dead) == 0 || dead[0] != b {
				return false
			}
			dead = dead[1:]
			return true
		})
		f.buried = f.buried[:0]
	}
	return f.live
}
