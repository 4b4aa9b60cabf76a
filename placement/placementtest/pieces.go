package placementtest

import (
	"slices"

	"github.com/berth-go/berth/resources"
)

// checkPieces takes the pieces of an assignment out of its bin's offers.
func (c *checker) checkPieces(p *place) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrPieces, format, args...) }
	if !c.pieces {
		if !p.a.Pieces.IsEmpty() {
			fail("%v, and none were asked for", p.a.Pieces)
		}
		return
	}
	c.checkSum(p)
	if !p.bin.cut {
		p.bin.left, p.bin.cut = p.bin.total.Minus(p.bin.held), true
	}
	own := p.a.Pieces.NonShared()
	if !p.bin.left.Contains(own) {
		fail("%v are not in what is left of its offers, %v", own, p.bin.left)
		return
	}
	for r := range p.a.Pieces.Shared().All() {
		if one, err := resources.New(r); err != nil || !p.bin.total.Contains(one) {
			fail("%v is not in its offers", r)
		}
	}
	p.bin.left = p.bin.left.Minus(own)
	if p.bin.guess {
		return // who knows which of them are left
	}
	for r := range own.All() {
		if r.Value.Kind() != resources.KindScalar || ownDisk(r) {
			continue
		}
		for rest := range p.bin.left.All() {
			if rest.Name == r.Name && rest.Revocable == r.Revocable && rest.Value.Kind() == r.Value.Kind() && !ownDisk(rest) && nearer(rest, r) {
				fail("%v was taken while %v is left, which is reserved more closely", r, rest)
			}
		}
	}
}

// nearer says that a is reserved more closely to the role of the bin than b. All that a bin has is
// reserved to its role, to an ancestor of it, or unreserved, so the longer name is the closer role.
func nearer(a, b resources.Resource) bool { return len(a.Role()) > len(b.Role()) }

// checkSum checks that the pieces are what the assignment says it takes.
func (c *checker) checkSum(p *place) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrPieces, format, args...) }
	var scalars []resources.Quantity
	var ports resources.Ranges
	var disks []resources.Resource
	sets := map[string]resources.Set{}
	items := 0
	for r := range p.a.Pieces.All() {
		kind := r.Value.Kind()
		plain := kind == resources.KindScalar && !ownDisk(r)
		if r.Revocable != (plain && p.a.Revocable) {
			fail("%v for an assignment with Revocable %v", r, p.a.Revocable)
		}
		switch {
		case plain:
			scalars = append(scalars, resources.Quantity{Name: r.Name, Amount: r.Value.Amount()})
		case kind == resources.KindScalar:
			disks = append(disks, r)
		case kind == resources.KindRanges && r.Name == "ports":
			ports = ports.Plus(r.Value.Ranges())
		case kind == resources.KindSet:
			sets[r.Name] = sets[r.Name].Plus(r.Value.Set())
			items += r.Value.Set().Len()
		default:
			fail("%v is nothing that was asked for", r)
		}
	}
	if sum, err := resources.NewQuantities(scalars...); err != nil || !sum.Equal(p.task.Needs) {
		fail("scalars amount to %v, needed are %v", sum, p.task.Needs)
	}
	if ports.Count() != uint64(len(p.a.Ports)) || slices.ContainsFunc(p.a.Ports, func(n uint16) bool { return !ports.Has(uint64(n)) }) {
		fail("ports are %v, granted are %v", ports, p.a.Ports)
	}
	c.checkItems(p, sets, items, disks)
}

// checkItems checks set items and disks against the grants.
func (c *checker) checkItems(p *place, sets map[string]resources.Set, items int, disks []resources.Resource) {
	fail := func(format string, args ...any) { c.report(p.a.Task, ErrPieces, format, args...) }
	granted := 0
	var want []resources.Resource
	for _, g := range p.a.Items {
		if g.Disk != nil {
			want = append(want, *g.Disk)
			continue
		}
		granted += len(g.Items)
		for _, item := range g.Items {
			if !sets[g.Name].Has(item) {
				fail("item %q of %s is granted and not there", item, g.Name)
			}
		}
	}
	if items != granted {
		fail("%d set items, granted are %d", items, granted)
	}
	have, err1 := resources.New(disks...)
	sum, err2 := resources.New(want...)
	if err1 != nil || err2 != nil || !have.Equal(sum) {
		fail("disks are %v, granted are %v", have, sum)
	}
}
