package placement

import (
	"slices"
	"strconv"

	"github.com/berth-go/berth/resources"
)

// fill makes the rows and items of a bin what its offers say.
func (f *fleet) fill(b int32) {
	bn := &f.bins[b]
	if i := bn.first; bn.extras == f.none && f.in.isAlike(i) && len(f.offers[i].Devices) == 0 {
		f.fillAlike(b, i)
		return
	}
	f.ports[b], bn.crowded = resources.Ranges{}, false
	if bn.extras != f.none {
		*bn.extras = extras{more: bn.more, units: bn.units[:0], sets: bn.sets[:0], disks: bn.disks[:0]}
	}
	f.lowerTop(b)
	capacity, free := f.capacityRow(b), f.freeRow(b)
	clear(capacity)
	for i := range bn.from() {
		o := &f.offers[i]
		if f.in.isAlike(i) {
			for at, amount := range f.in.row(i)[:f.in.cols-1] {
				capacity[f.in.columns[at]] += amount
			}
			f.ports[b] = f.ports[b].Plus(f.in.portsOf(i))
		} else {
			f.poolResources(b, o, capacity)
		}
		for j := range o.Devices {
			f.poolDevice(bn, &o.Devices[j])
		}
	}
	capacity[f.stride-1] = countPorts(f.ports[b])
	copy(free, capacity)
	for i := range bn.units {
		u := &bn.units[i]
		c := f.colIndex[column{u.kind, deviceColumn}]
		free[c] += int64(u.free)
		capacity[c] += int64(u.capacity)
	}
	f.raiseTop(b)
}

// fillAlike is fill for a bin of one offer that is alike and has no devices.
func (f *fleet) fillAlike(b, i int32) {
	bn, row := &f.bins[b], f.in.row(i)
	f.ports[b], bn.crowded = f.in.portsOf(i), false
	f.lowerTop(b)
	capacity := f.capacityRow(b)
	clear(capacity)
	for at, c := range f.in.columns[:len(row)-1] {
		capacity[c] = row[at]
	}
	capacity[len(capacity)-1] = row[len(row)-1]
	copy(f.freeRow(b), capacity)
	f.raiseTop(b)
}

// poolResources adds the resources of an offer to its bin, the scalars to the bin's row.
func (f *fleet) poolResources(b int32, o *Offer, row []int64) {
	at := 0
	for j := range o.Resources.Len() {
		if name, value, ok := o.Resources.Plain(j); ok && value.Kind() == resources.KindScalar {
			row[f.indexOf(at, column{name, regularColumn})] += int64(value.Amount())
			at++
			continue
		}
		r := o.Resources.At(j)
		switch {
		case r.Value.Kind() != resources.KindScalar:
			f.poolItems(b, r)
		case isDiskItem(r):
			f.own(&f.bins[b]).addDisk(r)
		default:
			row[f.indexOf(at, scalarColumn(r.Name, r.Revocable))] += int64(r.Value.Amount())
			at++
		}
	}
}

// poolItems adds ports and set items. Revocable ones are left out: see [RevocablePolicy].
func (f *fleet) poolItems(b int32, r resources.Resource) {
	bn := &f.bins[b]
	if r.Revocable {
		return
	}
	reserved := len(r.Reservations) > 0
	switch r.Value.Kind() {
	case resources.KindRanges:
		if r.Name != portsName {
			return
		}
		f.ports[b] = f.ports[b].Plus(r.Value.Ranges())
		if reserved {
			x := f.own(bn)
			x.everReserved = x.everReserved.Plus(r.Value.Ranges())
			x.reserved = x.everReserved
		}
	case resources.KindSet:
		x := f.own(bn)
		i := slices.IndexFunc(x.sets, func(s offeredSet) bool { return s.name == r.Name })
		if i < 0 {
			i = len(x.sets)
			x.sets = append(x.sets, offeredSet{name: r.Name})
		}
		x.sets[i].free = x.sets[i].free.Plus(r.Value.Set())
		if reserved {
			x.sets[i].everReserved = x.sets[i].everReserved.Plus(r.Value.Set())
			x.sets[i].reserved = x.sets[i].everReserved
		}
	}
}

func (f *fleet) poolDevice(bn *bin, d *Device) {
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
	x := f.own(bn)
	x.units = append(x.units, u)
}

func countPorts(r resources.Ranges) int64 {
	var n int64
	for i := range r.Len() {
		iv := r.At(i)
		first, last := max(iv.Begin, 1), min(iv.End, maxPort)
		if first <= last {
			n += int64(last - first + 1)
		}
	}
	return n
}

const maxPort = 65535
