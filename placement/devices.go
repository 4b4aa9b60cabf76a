package placement

import (
	"slices"

	"github.com/berth-go/berth/resources"
)

// accepts says whether the unit is of the kind and model asked for.
func (u *unit) accepts(q *DeviceRequest) bool {
	return u.kind == q.Kind && (len(q.Models) == 0 || slices.Contains(q.Models, u.model))
}

// idle says that nobody uses the unit.
func (u *unit) idle() bool { return u.users == 0 && u.free == u.capacity }

// room says whether the unit can take the request now: a whole unit must be idle, a share must fit
// beside sharers with the same tag.
func (u *unit) room(q *DeviceRequest) bool {
	if q.Count > 0 {
		return u.idle()
	}
	return u.free >= q.Share && (u.users == 0 || u.tag == q.Tag)
}

// chooseUnits finds units for every request: for a share the unit with least left that fits, for
// whole units the smallest idle ones, ties by lowest position. Requests of one kind name disjoint
// models, so what one takes the next never wanted. Units are appended to dst in the order of the requests.
func (bn *bin) chooseUnits(reqs []DeviceRequest, dst []int32) ([]int32, bool) {
	for i := range reqs {
		q := &reqs[i]
		if q.Count == 0 {
			best := bn.bestShare(q)
			if best < 0 {
				return dst, false
			}
			dst = append(dst, best)
			continue
		}
		start := len(dst)
		for j := range bn.units {
			if u := &bn.units[j]; u.accepts(q) && u.idle() {
				dst = append(dst, int32(j))
			}
		}
		got := dst[start:]
		if len(got) < q.Count {
			return dst, false
		}
		if !bn.sameCapacity(got) {
			slices.SortStableFunc(got, func(a, b int32) int {
				return int(bn.units[a].capacity - bn.units[b].capacity)
			})
		}
		dst = dst[:start+q.Count]
	}
	return dst, true
}

func (bn *bin) sameCapacity(units []int32) bool {
	for _, j := range units {
		if bn.units[j].capacity != bn.units[units[0]].capacity {
			return false
		}
	}
	return true
}

func (bn *bin) bestShare(q *DeviceRequest) int32 {
	best := int32(-1)
	for j := range bn.units {
		u := &bn.units[j]
		if !u.accepts(q) || !u.room(q) {
			continue
		}
		if best < 0 || better(u, &bn.units[best], q) {
			best = int32(j)
		}
	}
	return best
}

// better says whether a sharer should go on unit u rather than on o: beside others of its tag
// rather than alone, then where least is left.
func better(u, o *unit, q *DeviceRequest) bool {
	if q.Tag != "" && (u.users > 0) != (o.users > 0) {
		return u.users > 0
	}
	return u.free < o.free
}

// hasUnits is chooseUnits without the choice: it allocates nothing.
func (bn *bin) hasUnits(reqs []DeviceRequest) bool {
	for i := range reqs {
		q := &reqs[i]
		n := max(q.Count, 1)
		for j := range bn.units {
			if u := &bn.units[j]; u.accepts(q) && u.room(q) {
				if n--; n == 0 {
					break
				}
			}
		}
		if n > 0 {
			return false
		}
	}
	return true
}

// validUnits says whether units, chosen by a packer, meet the requests: the right number for each, in
// order, no unit twice, each with room.
func (bn *bin) validUnits(reqs []DeviceRequest, units []int32) bool {
	i := 0
	for k := range reqs {
		q := &reqs[k]
		for range max(q.Count, 1) {
			if i >= len(units) {
				return false
			}
			j := units[i]
			if j < 0 || int(j) >= len(bn.units) || slices.Contains(units[:i], j) {
				return false
			}
			if u := &bn.units[j]; !u.accepts(q) || !u.room(q) {
				return false
			}
			i++
		}
	}
	return i == len(units)
}

// takeUnits takes the units of every request out of the bin. The free amounts in the row are the
// caller's: they were subtracted with the need.
func (bn *bin) takeUnits(reqs []DeviceRequest, units []int32) {
	i := 0
	for k := range reqs {
		q := &reqs[k]
		for range max(q.Count, 1) {
			u := &bn.units[units[i]]
			if q.Count > 0 {
				u.free = 0
			} else {
				u.free -= q.Share
			}
			u.users++
			u.tag = q.Tag
			i++
		}
	}
}

// returnUnits undoes takeUnits.
func (bn *bin) returnUnits(reqs []DeviceRequest, units []int32) {
	i := 0
	for k := range reqs {
		q := &reqs[k]
		for range max(q.Count, 1) {
			u := &bn.units[units[i]]
			if q.Count > 0 {
				u.free = u.capacity
			} else {
				u.free += q.Share
			}
			if u.users--; u.users == 0 {
				u.tag = ""
			}
			i++
		}
	}
}

// grantUnits describes what was taken.
func (bn *bin) grantUnits(reqs []DeviceRequest, units []int32) []DeviceGrant {
	if len(reqs) == 0 {
		return nil
	}
	grants := make([]DeviceGrant, len(reqs))
	i := 0
	for k := range reqs {
		q := &reqs[k]
		n := max(q.Count, 1)
		g := DeviceGrant{Kind: q.Kind, Share: q.Share, Whole: q.Count > 0, Tag: q.Tag, Units: make([]int, n), IDs: make([]string, n)}
		for m := range n {
			u := &bn.units[units[i]]
			g.Units[m], g.IDs[m] = u.index, u.id
			i++
		}
		grants[k] = g
	}
	return grants
}

// deviceNeed is the least that a request can take of its device column on any bin.
func (f *fleet) deviceNeed(q *DeviceRequest) int64 {
	if q.Count == 0 {
		return int64(q.Share)
	}
	least := f.leastUnit(q)
	if least > 0 && int64(q.Count) > int64(resources.MaxAmount/least) {
		return int64(resources.MaxAmount) // more than any bin has, and no overflow
	}
	return int64(max(least, 0)) * int64(q.Count)
}

// leastUnit is the capacity of the smallest unit that a request accepts, -1 if there is none. It is remembered as long as the
// fleet: where units of a kind differ in capacity, an engine makes another fleet when any come or go.
func (f *fleet) leastUnit(q *DeviceRequest) resources.Amount {
	for i := range f.least {
		if l := &f.least[i]; l.kind == q.Kind && slices.Equal(l.models, q.Models) {
			return l.capacity
		}
	}
	least := resources.Amount(-1)
	for b := range f.bins {
		for j := range f.bins[b].units {
			if u := &f.bins[b].units[j]; u.accepts(q) && (least < 0 || u.capacity < least) {
				least = u.capacity
			}
		}
	}
	if least >= 0 && len(f.least) < maxLeast {
		f.least = append(f.least, leastUnit{q.Kind, q.Models, least})
	}
	return least
}

// leastUnit is an answer of [fleet.leastUnit].
type leastUnit struct {
	kind     string
	models   []string
	capacity resources.Amount
}

// maxLeast bounds what is remembered, so that looking it up stays cheap.
const maxLeast = 64
