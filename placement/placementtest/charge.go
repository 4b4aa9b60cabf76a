package placementtest

import (
	"slices"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func (c *checker) chargePorts(p *place) {
	q, got := &p.task.Ports, p.a.Ports
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrPorts, format, args...) }
	if len(got) != len(q.Fixed)+q.Dynamic {
		fail("%d ports for %d fixed and %d dynamic", len(got), len(q.Fixed), q.Dynamic)
		return
	}
	if !slices.Equal(got[:len(q.Fixed)], q.Fixed) {
		fail("ports %v do not begin with %v", got, q.Fixed)
	}
	dynamic := got[len(q.Fixed):]
	for i, port := range dynamic {
		if port == 0 {
			fail("port 0 for a dynamic one")
		}
		if i > 0 && port <= dynamic[i-1] {
			fail("dynamic ports %v do not ascend", dynamic)
		}
		if q.Contiguous && i > 0 && port != dynamic[i-1]+1 {
			fail("dynamic ports %v have a gap", dynamic)
		}
	}
	for _, port := range got {
		if !q.Within.IsEmpty() && !q.Within.Has(uint64(port)) {
			fail("port %d is outside %v", port, q.Within)
		}
		if !p.bin.ports.Has(uint64(port)) {
			fail("port %d is not free on agent %q", port, p.a.Agent)
		}
		if other, twice := p.bin.taken[port]; twice {
			fail("port %d of agent %q is handed out to %q as well", port, p.a.Agent, other)
			continue
		}
		if p.bin.taken == nil {
			p.bin.taken = map[uint16]placement.TaskID{}
		}
		p.bin.taken[port] = p.a.Task
	}
}

func (c *checker) chargeDevices(p *place) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrDevices, format, args...) }
	if len(p.a.Devices) != len(p.task.Devices) {
		fail("%d Devices for %d requests", len(p.a.Devices), len(p.task.Devices))
		return
	}
	mine := map[*unit]bool{}
	for i := range p.task.Devices {
		q, g := &p.task.Devices[i], &p.a.Devices[i]
		if g.Kind != q.Kind || g.Tag != q.Tag || g.Share != q.Share || g.Whole != (q.Count > 0) {
			fail("Devices[%d] is %+v for the request %+v", i, *g, *q)
			continue
		}
		if len(g.Units) != max(q.Count, 1) || len(g.IDs) != len(g.Units) {
			fail("Devices[%d] has %d units and %d ids for the request %+v", i, len(g.Units), len(g.IDs), *q)
			continue
		}
		for k, index := range g.Units {
			u := p.bin.unit(g.Kind, index)
			switch {
			case u == nil:
				fail("agent %q has no %s %d", p.a.Agent, g.Kind, index)
				continue
			case u.ID != g.IDs[k]:
				fail("%s %d of agent %q is called %q, not %q", g.Kind, index, p.a.Agent, u.ID, g.IDs[k])
			case mine[u]:
				fail("%s %d is there twice", g.Kind, index)
				continue
			case len(q.Models) > 0 && !slices.Contains(q.Models, u.Model):
				fail("%s %d of agent %q is a %q, none of %q", g.Kind, index, p.a.Agent, u.Model, q.Models)
			}
			mine[u] = true
			c.chargeUnit(p, q, u)
		}
	}
}

func (b *bin) unit(kind string, index int) *unit {
	for _, u := range b.units {
		if u.Kind == kind && u.index == index {
			return u
		}
	}
	return nil
}

// chargeUnit takes a unit whole, or a share of it.
func (c *checker) chargeUnit(p *place, q *placement.DeviceRequest, u *unit) {
	fail := func(format string, args ...any) {
		c.report(p.a.Task, ErrDevices, "%s %d of agent %q "+format, append([]any{u.Kind, u.index, p.a.Agent}, args...)...)
	}
	switch {
	case u.whole != "":
		fail("is taken whole by %q", u.whole)
	case q.Count > 0 && (u.busy || len(u.tags) > 0):
		fail("is taken whole, but others use it")
	case q.Count > 0:
		u.whole, u.Free = p.a.Task, 0
	case q.Share > u.Free:
		fail("has %v left, %v are taken", u.Free, q.Share)
	case len(u.tags) > 0 && !slices.Contains(u.tags, q.Tag):
		fail("is used by tasks with the tag %q, not %q", u.tags[0], q.Tag)
	default:
		u.Free -= q.Share
		if len(u.tags) == 0 {
			u.tags = append(u.tags, q.Tag)
		}
	}
}

func (c *checker) chargeSet(p *place, q *placement.SetRequest, g *placement.ItemGrant) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrSets, format, args...) }
	if g.Name != q.Name || g.Disk != nil {
		fail("items of %q for the request %+v", g.Name, *q)
		return
	}
	if len(g.Items) != len(q.Items)+q.Count {
		fail("%d items for the request %+v", len(g.Items), *q)
	}
	for _, item := range q.Items {
		if !slices.Contains(g.Items, item) {
			fail("item %q of %s is missing", item, q.Name)
		}
	}
	for _, item := range g.Items {
		if !p.bin.sets[q.Name].Has(item) {
			fail("item %q of %s is not free on agent %q", item, q.Name, p.a.Agent)
		}
		k := itemKey{q.Name, item}
		if other, twice := p.bin.used[k]; twice {
			fail("item %q of %s on agent %q is handed out to %q as well", item, q.Name, p.a.Agent, other)
			continue
		}
		if p.bin.used == nil {
			p.bin.used = map[itemKey]placement.TaskID{}
		}
		p.bin.used[k] = p.a.Task
	}
}

// chargeDisk takes a disk, or part of a pool. Own are the whole disks this task has already.
func (c *checker) chargeDisk(p *place, q *placement.DiskRequest, g *placement.ItemGrant, own map[*disk]bool) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrDisks, format, args...) }
	if g.Name != "disk" || g.Disk == nil {
		fail("no disk for the request %+v", *q)
		return
	}
	d := p.bin.find(g.Disk, own)
	if d == nil {
		fail("agent %q has no free disk %v", p.a.Agent, g.Disk)
		return
	}
	if why := unsuited(d, q); why != "" {
		fail("disk %v for the request %+v: %s", g.Disk, *q, why)
	}
	amount := g.Disk.Value.Amount()
	switch {
	case d.resource.Shared:
	case d.pool && amount != q.Amount:
		fail("%v MB of pool %v for the request %+v", amount, d.resource, *q)
	case d.pool:
		d.left -= amount
	default:
		d.user, own[d] = p.a.Task, true
	}
}

// find is the disk meant by a grant: of whole ones one that nobody uses, of pools one with enough left.
func (b *bin) find(g *resources.Resource, own map[*disk]bool) *disk {
	for _, d := range b.disks {
		switch {
		case !d.resource.SameIdentity(*g):
		case d.pool && d.left >= g.Value.Amount():
			return d
		case !d.pool && d.resource.Equal(*g) && !own[d] && (d.resource.Shared || (d.user == "" && !d.busy)):
			return d
		}
	}
	return nil
}

// unsuited says what about the disk is not as requested.
func unsuited(d *disk, q *placement.DiskRequest) string {
	if d.kind != q.Kind {
		return "it is a " + d.kind.String() + " disk"
	}
	if d.resource.Value.Amount() < q.Amount {
		return "it is too small"
	}
	if q.Kind == placement.VolumeDisk {
		if d.resource.Disk.Persistence.ID != q.ID {
			return "it is another volume"
		}
		return ""
	}
	source := d.resource.Disk.Source
	root := ""
	if source.Path != nil {
		root = source.Path.Root.String()
	} else if source.Mount != nil {
		root = source.Mount.Root.String()
	}
	switch {
	case q.ID != "" && q.ID != source.ID.String():
		return "it has another id"
	case q.Root != "" && q.Root != root:
		return "it has another root"
	case q.Profile != "" && q.Profile != source.Profile.String():
		return "it has another profile"
	}
	return ""
}
