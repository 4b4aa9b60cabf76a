package placement

import (
	"cmp"
	"slices"

	"github.com/berth-go/berth/resources"
)

// offeredDisk is a disk that is not the plain root disk: taken whole, or a pool that is drawn from.
type offeredDisk struct {
	resource resources.Resource
	kind     DiskKind
	pool     bool
	// shared volumes can be used by any number of tasks.
	shared bool
	free   resources.Amount
	users  int32
}

// isDiskItem says whether a resource is counted as a disk of its own rather than in the column
// "disk": it has a source or is a persistent volume.
func isDiskItem(r resources.Resource) bool {
	return r.Disk != nil && (r.Disk.Source != nil || r.Disk.Persistence != nil)
}

func (x *extras) addDisk(r resources.Resource) {
	if r.Revocable {
		return
	}
	d := offeredDisk{resource: r, free: r.Value.Amount(), shared: r.Shared, pool: !r.Whole()}
	switch {
	case r.Disk.Persistence != nil:
		d.kind = VolumeDisk
	case r.Disk.Source.Type == resources.DiskPath:
		d.kind = PathDisk
	case r.Disk.Source.Type == resources.DiskMount:
		d.kind = MountDisk
	case r.Disk.Source.Type == resources.DiskBlock:
		d.kind = BlockDisk
	case r.Disk.Source.Type == resources.DiskRaw:
		d.kind = RawDisk
	default:
		return
	}
	x.disks = append(x.disks, d)
}

// suits says whether the disk is of the sort asked for and large enough, were it free.
func (d *offeredDisk) suits(q *DiskRequest) bool {
	if d.kind != q.Kind || d.resource.Value.Amount() < q.Amount {
		return false
	}
	if q.Kind == VolumeDisk {
		return d.resource.Disk.Persistence.ID == q.ID
	}
	return (q.ID == "" || q.ID == diskSourceID(d.resource)) &&
		(q.Root == "" || q.Root == diskRoot(d.resource)) &&
		(q.Profile == "" || q.Profile == diskProfile(d.resource))
}

// room says whether the disk can take the request now, with extra already drawn from it by
// other requests of the same task.
func (d *offeredDisk) room(q *DiskRequest, extra resources.Amount, taken bool) bool {
	switch {
	case d.shared:
		return true
	case d.pool:
		return d.free-extra >= q.Amount
	default:
		return d.users == 0 && !taken
	}
}

// chooseDisks finds a disk for every request, or reports that there is none. It tries, request by
// request, the smallest disks first and goes back where that leads nowhere, so that it finds a
// choice whenever one exists. Choice i is the disk for request i.
func (bn *bin) chooseDisks(reqs []DiskRequest, choice *[maxRequests]int32) bool {
	if len(reqs) == 0 {
		return true
	}
	if len(reqs) == 1 { // the usual case, without sorting
		best := int32(-1)
		for i := range bn.disks {
			d := &bn.disks[i]
			if d.suits(&reqs[0]) && d.room(&reqs[0], 0, false) && (best < 0 || d.free < bn.disks[best].free) {
				best = int32(i)
			}
		}
		choice[0] = best
		return best >= 0
	}
	return bn.searchDisks(reqs, 0, choice)
}

func (bn *bin) searchDisks(reqs []DiskRequest, i int, choice *[maxRequests]int32) bool {
	if i == len(reqs) {
		return true
	}
	q := &reqs[i]
	var fit []int32
	for j := range bn.disks {
		d := &bn.disks[j]
		if !d.suits(q) {
			continue
		}
		extra, taken := resources.Amount(0), false
		for k := range i {
			if choice[k] == int32(j) {
				extra, taken = extra+reqs[k].Amount, true
			}
		}
		if d.room(q, extra, taken) {
			fit = append(fit, int32(j))
		}
	}
	slices.SortStableFunc(fit, func(a, b int32) int { return cmp.Compare(bn.disks[a].free, bn.disks[b].free) })
	for k, j := range fit {
		if k > 0 && bn.disks[fit[k-1]].alike(&bn.disks[j]) {
			continue // it failed with its twin
		}
		choice[i] = j
		if bn.searchDisks(reqs, i+1, choice) {
			return true
		}
	}
	return false
}

// alike says that two whole disks are interchangeable for every request without an ID or a root.
// It is used only to prune the search, and errs on the side of no.
func (d *offeredDisk) alike(o *offeredDisk) bool {
	return !d.pool && !o.pool && d.kind == o.kind && d.kind != VolumeDisk && d.free == o.free && d.users == o.users &&
		diskSourceID(d.resource) == "" && diskSourceID(o.resource) == "" &&
		diskRoot(d.resource) == diskRoot(o.resource) && diskProfile(d.resource) == diskProfile(o.resource)
}

// takeDisk and returnDisk move the amount of a request out of a disk and back into it.
func (d *offeredDisk) take(amount resources.Amount) {
	d.users++
	if d.pool {
		d.free -= amount
	}
}

func (d *offeredDisk) giveBack(amount resources.Amount) {
	d.users--
	if d.pool {
		d.free += amount
	}
}

// granted is the resource that a task holds of the disk: all of it, or the amount out of a pool.
func (d *offeredDisk) granted(amount resources.Amount) *resources.Resource {
	r := d.resource
	if d.pool {
		r.Value = resources.ScalarOf(amount)
	}
	return &r
}

func diskSourceID(r resources.Resource) string {
	if r.Disk.Source == nil {
		return ""
	}
	return r.Disk.Source.ID.String()
}

func diskProfile(r resources.Resource) string {
	if r.Disk.Source == nil {
		return ""
	}
	return r.Disk.Source.Profile.String()
}

func diskRoot(r resources.Resource) string {
	if r.Disk.Source == nil {
		return ""
	}
	for _, d := range []*resources.Directory{r.Disk.Source.Path, r.Disk.Source.Mount} {
		if d != nil {
			return d.Root.String()
		}
	}
	return ""
}

// sameDisk says whether a resource that a task holds is of this disk.
func (d *offeredDisk) sameDisk(held *resources.Resource) bool {
	return held.Disk != nil && d.resource.SameIdentity(*held)
}
