package placementtest

import (
	"slices"
	"strconv"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// agent is a machine as its latest offer, or its first running task, describes it.
type agent struct {
	id         placement.AgentID
	hostname   string
	attributes resources.Attributes
	window     *placement.Window
}

type binKey struct {
	agent placement.AgentID
	role  string
}

// bin is all offers of one agent and role, and what is left of them.
type bin struct {
	agent    int
	role     string
	offers   []placement.OfferID
	standing bool
	scalars  map[scalarKey]resources.Amount
	ports    resources.Ranges
	taken    map[uint16]placement.TaskID // ports handed out
	units    []*unit
	sets     map[string]resources.Set
	used     map[itemKey]placement.TaskID // set items handed out
	disks    []*disk

	// total and left are the concrete resources, for pieces.
	total, left resources.Resources
	cut         bool
	// guess: tasks run on this standing bin that do not say which pieces they hold.
	held  resources.Resources
	guess bool
}

type scalarKey struct {
	name      string
	revocable bool
}

type itemKey struct{ set, item string }

// unit is one device.
type unit struct {
	placement.Device
	index int  // among the bin's units of the kind
	busy  bool // somebody used it before this call
	whole placement.TaskID
	tags  []string // of all who use it
}

// disk is one disk that is not the plain root disk.
type disk struct {
	resource resources.Resource
	kind     placement.DiskKind
	pool     bool
	left     resources.Amount
	user     placement.TaskID
	busy     bool
}

// fold pools the offers into bins.
func (c *checker) fold() {
	c.agentOf = make(map[placement.AgentID]int, len(c.offers))
	c.binOf = make(map[binKey]int, len(c.offers))
	for i := range c.offers {
		o := &c.offers[i]
		a := c.agent(o.Agent)
		c.agents[a] = agent{o.Agent, o.Hostname, o.Attributes, o.Unavailable}
		if o.Hostname == "" {
			c.agents[a].hostname = string(o.Agent)
		}
		key := binKey{o.Agent, o.Role}
		b, ok := c.binOf[key]
		if !ok {
			b = len(c.bins)
			c.binOf[key] = b
			c.bins = append(c.bins, bin{agent: a, role: o.Role, scalars: map[scalarKey]resources.Amount{}})
		}
		c.bins[b].add(o)
	}
}

func (c *checker) agent(id placement.AgentID) int {
	a, ok := c.agentOf[id]
	if !ok {
		a = len(c.agents)
		c.agentOf[id] = a
		c.agents = append(c.agents, agent{id: id})
	}
	return a
}

func (b *bin) add(o *placement.Offer) {
	b.offers = append(b.offers, o.ID)
	b.standing = b.standing || o.Standing
	b.total = b.total.Plus(o.Resources)
	for r := range o.Resources.All() {
		switch kind := r.Value.Kind(); {
		case ownDisk(r):
			if !r.Revocable {
				b.disks = append(b.disks, newDisk(r))
			}
		case kind == resources.KindScalar:
			b.scalars[scalarKey{r.Name, r.Revocable}] += r.Value.Amount()
		case r.Revocable: // only scalars are ever used when revocable
		case kind == resources.KindRanges && r.Name == "ports":
			b.ports = b.ports.Plus(r.Value.Ranges())
		case kind == resources.KindSet:
			if b.sets == nil {
				b.sets = map[string]resources.Set{}
			}
			b.sets[r.Name] = b.sets[r.Name].Plus(r.Value.Set())
		}
	}
	for _, d := range o.Devices {
		u := &unit{Device: d, busy: d.Free != d.Capacity || d.Tag != ""}
		for _, other := range b.units {
			if other.Kind == d.Kind {
				u.index++
			}
		}
		if u.ID == "" {
			u.ID = strconv.Itoa(u.index)
		}
		if u.busy {
			u.tags = append(u.tags, d.Tag)
		}
		b.units = append(b.units, u)
	}
}

// ownDisk says whether a resource is a disk by itself and no part of the scalar "disk".
func ownDisk(r resources.Resource) bool {
	return r.Disk != nil && (r.Disk.Persistence != nil || r.Disk.Source != nil)
}

func newDisk(r resources.Resource) *disk {
	d := &disk{resource: r, left: r.Value.Amount(), pool: !r.Whole()}
	if r.Disk.Persistence != nil {
		d.kind = placement.VolumeDisk
		return d
	}
	d.kind = map[resources.DiskType]placement.DiskKind{
		resources.DiskPath: placement.PathDisk, resources.DiskMount: placement.MountDisk,
		resources.DiskBlock: placement.BlockDisk, resources.DiskRaw: placement.RawDisk,
	}[r.Disk.Source.Type]
	return d
}

// hold counts the running tasks: on a standing bin, what they hold is not free.
func (c *checker) hold() {
	for i := range c.running {
		h := &c.running[i]
		if _, known := c.agentOf[h.Agent]; !known {
			a := c.agent(h.Agent)
			c.agents[a].hostname, c.agents[a].attributes = h.Hostname, h.Attributes
			if h.Hostname == "" {
				c.agents[a].hostname = string(h.Agent)
			}
		}
		if b := c.heldBin(h); b != nil && b.standing {
			b.hold(h)
		}
	}
}

// heldBin is where a running task is: the bin of its role, or else the first of its agent.
func (c *checker) heldBin(h *placement.Running) *bin {
	if b, ok := c.binOf[binKey{h.Agent, h.Role}]; ok {
		return &c.bins[b]
	}
	for i := range c.bins {
		if c.agents[c.bins[i].agent].id == h.Agent {
			return &c.bins[i]
		}
	}
	return nil
}

func (b *bin) hold(h *placement.Running) {
	b.held = b.held.Plus(h.Pieces)
	b.guess = b.guess || h.Pieces.IsEmpty()
	for name, amount := range h.Task.Needs.All() {
		if have, ok := b.scalars[scalarKey{name, h.Revocable}]; ok {
			b.scalars[scalarKey{name, h.Revocable}] = max(0, have-amount)
		}
	}
	for _, p := range h.Ports {
		b.ports = b.ports.Minus(single(p))
	}
	for _, g := range h.Devices {
		for _, u := range b.units {
			if u.Kind != g.Kind || !slices.Contains(g.Units, u.index) {
				continue
			}
			u.busy = true
			u.tags = append(u.tags, g.Tag)
			if u.Free = max(0, u.Free-g.Share); g.Whole {
				u.Free = 0
			}
		}
	}
	for _, g := range h.Items {
		if g.Disk != nil {
			b.holdDisk(g.Disk)
			continue
		}
		for _, item := range g.Items {
			if have, ok := b.sets[g.Name]; ok {
				b.sets[g.Name] = have.Minus(resources.MustSet(item))
			}
		}
	}
}

// holdDisk marks the disk that a running task holds: the very same, or else one of the same identity.
func (b *bin) holdDisk(held *resources.Resource) {
	for _, same := range []func(resources.Resource) bool{held.Equal, held.SameIdentity} {
		for _, d := range b.disks {
			switch {
			case !same(d.resource) || (d.busy && !d.pool):
				continue
			case d.pool:
				d.left = max(0, d.left-held.Value.Amount())
			default:
				d.busy = true
			}
			return
		}
	}
}

func single(port uint16) resources.Ranges {
	r, _ := resources.NewRanges(resources.Range{Begin: uint64(port), End: uint64(port)})
	return r
}
