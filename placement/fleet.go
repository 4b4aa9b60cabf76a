package placement

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/berth-go/berth/resources"
)

// portsName is the name of the ranges resource that port requests draw on.
const portsName = "ports"

// fleet is the offers of a call pooled into bins, with the scalars of all bins as dense rows.
type fleet struct {
	agents  []agent
	offered int // the agents that offers are of: those before any known only from running tasks
	bins    []bin
	byID    map[AgentID]int32

	// columns are the visible ones; every row has one more, the count of free ports.
	columns  []column
	colIndex map[column]int32
	stride   int
	free     []int64 // a row a bin, thousandths
	capacity []int64
	roles    map[string]int32
	kinds    map[string]bool // kinds of device offered
	sets     map[string]bool // names of sets offered
}

// column is what one position of a row counts.
type column struct {
	name string
	sort columnSort
}

type columnSort uint8

const (
	regularColumn columnSort = iota
	revocableColumn
	deviceColumn
)

// String is the column's name as users read it.
func (c column) String() string {
	switch c.sort {
	case revocableColumn:
		return "revocable " + c.name
	case deviceColumn:
		return "device:" + c.name
	}
	return c.name
}

type agent struct {
	id          AgentID
	hostname    string
	attributes  resources.Attributes
	unavailable *Window
	bins        []int32
	// tasks counts the placed and running tasks on it; placed only those of this call.
	tasks, placed int32
}

// bin is all offers of one agent with one role: what may be accepted together.
type bin struct {
	agent    int32
	roleID   int32
	standing bool
	role     string
	offers   []OfferID
	from     []int32 // positions of the offers in the call
	ports    resources.Ranges
	// reserved is the free part of those ports that are reserved to the role (all of them are in
	// everReserved): taken first, where it suffices.
	reserved, everReserved resources.Ranges
	units                  []unit
	sets                   []offeredSet
	disks                  []offeredDisk
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

func newFleet(offers []Offer) *fleet {
	f := &fleet{
		byID:     make(map[AgentID]int32, len(offers)),
		roles:    map[string]int32{},
		kinds:    map[string]bool{},
		sets:     map[string]bool{},
		agents:   make([]agent, 0, len(offers)),
		bins:     make([]bin, 0, len(offers)),
		colIndex: map[column]int32{},
	}
	f.nameColumns(offers)
	byKey := make(map[binKey]int32, len(offers))
	for i := range offers {
		f.pool(&offers[i], int32(i), byKey)
	}
	f.offered = len(f.agents)
	f.free = slices.Clone(f.capacity)
	for b := range f.bins {
		f.countDevices(int32(b))
		f.freeRow(int32(b))[f.stride-1] = countPorts(f.bins[b].ports)
		copy(f.capacityRow(int32(b))[f.stride-1:], f.freeRow(int32(b))[f.stride-1:])
	}
	return f
}

// nameColumns gives every scalar and kind of device that is offered a column: regular before
// revocable before devices, by name.
func (f *fleet) nameColumns(offers []Offer) {
	last := column{}
	see := func(c column) {
		if c == last {
			return
		}
		last = c
		if _, ok := f.colIndex[c]; !ok {
			f.colIndex[c] = 0
			f.columns = append(f.columns, c)
		}
	}
	for i := range offers {
		for r := range offers[i].Resources.All() {
			if r.Value.Kind() == resources.KindScalar && !isDiskItem(r) {
				see(scalarColumn(r.Name, r.Revocable))
			}
		}
		for j := range offers[i].Devices {
			see(column{offers[i].Devices[j].Kind, deviceColumn})
		}
	}
	slices.SortFunc(f.columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.name, b.name))
	})
	for i, c := range f.columns {
		f.colIndex[c] = int32(i)
	}
	f.stride = len(f.columns) + 1
}

func scalarColumn(name string, revocable bool) column {
	if revocable {
		return column{name, revocableColumn}
	}
	return column{name, regularColumn}
}

// pool adds one offer to its bin.
func (f *fleet) pool(o *Offer, index int32, byKey map[binKey]int32) {
	a, ok := f.byID[o.Agent]
	if !ok {
		a = int32(len(f.agents))
		f.byID[o.Agent] = a
		f.agents = append(f.agents, agent{id: o.Agent})
	}
	ag := &f.agents[a]
	ag.hostname, ag.attributes, ag.unavailable = o.Hostname, o.Attributes, o.Unavailable
	if o.Hostname == "" {
		ag.hostname = string(o.Agent)
	}
	b, ok := byKey[binKey{o.Agent, o.Role}]
	if !ok {
		b = int32(len(f.bins))
		byKey[binKey{o.Agent, o.Role}] = b
		role, ok := f.roles[o.Role]
		if !ok {
			role = int32(len(f.roles))
			f.roles[o.Role] = role
		}
		f.bins = append(f.bins, bin{agent: a, role: o.Role, roleID: role})
		f.capacity = append(f.capacity, make([]int64, f.stride)...)
		ag.bins = append(ag.bins, b)
	}
	bn := &f.bins[b]
	bn.offers = append(bn.offers, o.ID)
	bn.from = append(bn.from, index)
	bn.standing = bn.standing || o.Standing
	row := f.capacityRow(b)
	for r := range o.Resources.All() {
		switch {
		case r.Value.Kind() != resources.KindScalar:
			f.poolItems(bn, r)
		case isDiskItem(r):
			bn.addDisk(r)
		default:
			row[f.colIndex[scalarColumn(r.Name, r.Revocable)]] += int64(r.Value.Amount())
		}
	}
	for i := range o.Devices {
		f.poolDevice(bn, &o.Devices[i])
	}
}

// poolItems adds ports and set items. Revocable ones are left out: see [RevocablePolicy].
func (f *fleet) poolItems(bn *bin, r resources.Resource) {
	if r.Revocable {
		return
	}
	reserved := len(r.Reservations) > 0
	switch r.Value.Kind() {
	case resources.KindRanges:
		if r.Name != portsName {
			return
		}
		bn.ports = bn.ports.Plus(r.Value.Ranges())
		if reserved {
			bn.everReserved = bn.everReserved.Plus(r.Value.Ranges())
			bn.reserved = bn.everReserved
		}
	case resources.KindSet:
		f.sets[r.Name] = true
		i := slices.IndexFunc(bn.sets, func(s offeredSet) bool { return s.name == r.Name })
		if i < 0 {
			i = len(bn.sets)
			bn.sets = append(bn.sets, offeredSet{name: r.Name})
		}
		bn.sets[i].free = bn.sets[i].free.Plus(r.Value.Set())
		if reserved {
			bn.sets[i].everReserved = bn.sets[i].everReserved.Plus(r.Value.Set())
			bn.sets[i].reserved = bn.sets[i].everReserved
		}
	}
}

func (f *fleet) poolDevice(bn *bin, d *Device) {
	f.kinds[d.Kind] = true
	index := 0
	for i := range bn.units {
		if bn.units[i].kind == d.Kind {
			index++
		}
	}
	u := unit{kind: d.Kind, model: d.Model, id: d.ID, index: index, capacity: d.Capacity, free: d.Free, tag: d.Tag}
	if u.id == "" {
		u.id = strconv.Itoa(index)
	}
	if u.free < u.capacity || u.tag != "" {
		u.users = 1 // somebody who is not ours and will not leave in this round
	}
	bn.units = append(bn.units, u)
}

// countDevices brings the device columns of a bin up to its units.
func (f *fleet) countDevices(b int32) {
	free, capacity := f.freeRow(b), f.capacityRow(b)
	for i := range f.bins[b].units {
		u := &f.bins[b].units[i]
		c := f.colIndex[column{u.kind, deviceColumn}]
		free[c] += int64(u.free)
		capacity[c] += int64(u.capacity)
	}
}

func countPorts(r resources.Ranges) int64 {
	var n int64
	for iv := range r.All() {
		first, last := max(iv.Begin, 1), min(iv.End, maxPort)
		if first <= last {
			n += int64(last - first + 1)
		}
	}
	return n
}

const maxPort = 65535

func (f *fleet) freeRow(b int32) []int64 {
	i := int(b) * f.stride
	return f.free[i : i+f.stride : i+f.stride]
}

func (f *fleet) capacityRow(b int32) []int64 {
	i := int(b) * f.stride
	return f.capacity[i : i+f.stride : i+f.stride]
}
