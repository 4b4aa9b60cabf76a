package placement

import (
	"github.com/berth-go/berth/resources"
)

// binFor is the agent's bin of the role, or else its first, or -1.
func (f *fleet) binFor(a int32, role string) int32 {
	bins := f.agents[a].bins
	for _, b := range bins {
		if f.roleOn(b) == role {
			return b
		}
	}
	if len(bins) > 0 {
		return bins[0]
	}
	return -1
}

func (f *fleet) hold(b int32, h *Running) {
	bn, row := &f.bins[b], f.capacityRow(b)
	f.lowerTop(b)
	defer f.raiseTop(b)
	if bn.standing {
		row = f.freeRow(b)
	}
	for name, amount := range h.Task.Needs.All() {
		c, ok := f.colIndex[scalarColumn(name, h.Revocable)]
		switch {
		case !ok:
		case bn.standing:
			bn.crowded = bn.crowded || row[c] < int64(amount)
			row[c] = max(0, row[c]-int64(amount)) // reality wins: more may be in use than there is
		default:
			row[c] += int64(amount)
		}
	}
	if !bn.standing {
		return
	}
	f.holdPorts(b, h.Ports)
	row[f.stride-1] = countPorts(f.ports[b])
	for i := range h.Devices {
		f.holdUnits(b, &h.Devices[i])
	}
	for i := range h.Items {
		bn.holdItem(&h.Items[i])
	}
}

func (f *fleet) holdPorts(b int32, held []uint16) {
	if len(held) == 0 {
		return
	}
	f.losePorts(b, portRanges(held))
}

func (f *fleet) holdUnits(b int32, g *DeviceGrant) {
	bn, row := &f.bins[b], f.freeRow(b)
	c, ok := f.colIndex[column{g.Kind, deviceColumn}]
	if !ok {
		return
	}
	for _, index := range g.Units {
		for j := range bn.units {
			u := &bn.units[j]
			if u.kind != g.Kind || u.index != index {
				continue
			}
			held := min(g.Share, u.free)
			if g.Whole {
				held = u.free
			}
			u.free -= held
			row[c] -= int64(held)
			u.users++
			u.tag = g.Tag
		}
	}
}

func (bn *bin) holdItem(g *ItemGrant) {
	if g.Disk == nil {
		if s := bn.set(g.Name); s != nil {
			gone := setOf(g.Items)
			s.free, s.reserved = s.free.Minus(gone), s.reserved.Minus(gone)
		}
		return
	}
	if d := bn.heldDisk(g.Disk); d != nil {
		d.take(min(g.Disk.Value.Amount(), d.free))
	}
}

// heldDisk is the disk that a running task holds: one just like it, else one that differs in size alone.
func (bn *bin) heldDisk(held *resources.Resource) *offeredDisk {
	var other *offeredDisk
	for i := range bn.disks {
		d := &bn.disks[i]
		if !d.sameDisk(held) || (!d.pool && d.users > 0) {
			continue
		}
		if d.pool || d.resource.Value.Equal(held.Value) {
			return d
		}
		if other == nil {
			other = d
		}
	}
	return other
}

// setOf is a set of items that may repeat.
func setOf(items []string) resources.Set {
	var s resources.Set
	for _, item := range items {
		s = s.Plus(resources.MustSet(item))
	}
	return s
}
