package placement

import (
	"iter"

	"github.com/berth-go/berth/resources"
)

// known is what the tables of a round were made for: what goes beyond it needs new tables.
type known struct {
	fleet *fleet
	kinds map[string]resources.Kind
	units map[unitModel]resources.Amount
	// several holds the kinds of device of which there are units of several capacities.
	several map[string]bool
	// last is what the last offer listed that was looked at: most offers list the same, which saves looking it up.
	last []listed
	// pattern is that of an offer of which everything is known, and so everything of offers that are alike, until kinds are recalled.
	pattern pattern
	listed  int // how many resources that offer lists: an offer that lists more makes a pattern for more offers
}

type listed struct {
	name            string
	kind            resources.Kind
	revocable, disk bool
}

// again says whether the last offer listed the same at this position, and takes note of it.
func (k *known) again(i int, is listed) bool {
	for i >= len(k.last) {
		k.last = append(k.last, listed{})
	}
	same := k.last[i] == is
	k.last[i] = is
	return same
}

type unitModel struct{ kind, model string }

func newKnown(f *fleet) known {
	return known{fleet: f, kinds: map[string]resources.Kind{}, units: map[unitModel]resources.Amount{}, several: map[string]bool{}}
}

// learn takes note of what an offer has, and reports whether there is something new in it. Alike says that its resources
// are like the pattern.
func (k *known) learn(o *Offer, alike bool) (fresh bool) {
	_, ok := k.fleet.roleBy(o.Role)
	if fresh = !ok; !alike {
		fresh = k.learnResources(o) || fresh
	}
	for i := range o.Devices {
		d := &o.Devices[i]
		m := unitModel{d.Kind, d.Model}
		capacity, ok := k.units[m]
		if !ok {
			fresh = true
			k.units[m] = d.Capacity
		} else if capacity != d.Capacity {
			k.several[d.Kind] = true
		}
		for other, c := range k.units {
			if other.kind == d.Kind && c != d.Capacity {
				k.several[d.Kind] = true
			}
		}
	}
	return fresh || k.mixed(o.Devices)
}

func (k *known) learnResources(o *Offer) (fresh bool) {
	for i := range o.Resources.Len() {
		if name, value, ok := o.Resources.Plain(i); ok && i < len(k.last) && k.last[i] == (listed{name: name, kind: value.Kind()}) {
			continue
		}
		r := o.Resources.At(i)
		if k.again(i, listed{r.Name, r.Value.Kind(), r.Revocable, isDiskItem(r)}) {
			continue
		}
		k.kinds[r.Name] = r.Value.Kind()
		switch r.Value.Kind() {
		case resources.KindScalar:
			_, ok := k.fleet.colIndex[scalarColumn(r.Name, r.Revocable)]
			fresh = fresh || (!ok && !isDiskItem(r))
		case resources.KindSet:
			fresh = fresh || !k.fleet.sets[r.Name]
		}
	}
	if !fresh && o.Resources.Len() > k.listed {
		k.imitate(o)
	}
	return fresh
}

// imitate makes the pattern that of an offer of which everything is known, if it is one for others.
func (k *known) imitate(o *Offer) {
	p, ok := patternOf(o)
	if !ok {
		return
	}
	for i := range o.Resources.Len() {
		if name, value, _ := o.Resources.Plain(i); value.Kind() == resources.KindScalar {
			p.columns = append(p.columns, k.fleet.colIndex[scalarColumn(name, false)])
		}
	}
	k.pattern, k.listed = p, o.Resources.Len()
}

// mixed says whether any of the devices is of a kind with several capacities: rows of shapes then
// depend on which units there are.
func (k *known) mixed(devices []Device) bool {
	for i := range devices {
		if k.several[devices[i].Kind] {
			return true
		}
	}
	return false
}

// recall makes the kinds of resources known those of the offers that are held.
func (k *known) recall(held iter.Seq[*Offer]) {
	clear(k.kinds)
	k.last, k.pattern, k.listed = k.last[:0], pattern{}, 0
	for o := range held {
		for r := range o.Resources.All() {
			k.kinds[r.Name] = r.Value.Kind()
		}
	}
}
