package placement

import "github.com/berth-go/berth/resources"

// intake is offers with what most of them hold laid out densely: plain scalars and ports, as the pattern lists them. The
// resources of an offer lie in many places of memory, so that they are read once, here, and what is like the pattern is not
// looked at again.
type intake struct {
	pattern
	demands
	offers []Offer
	fleet  *fleet  // what they are pooled in while they are looked at; nil where they are not
	first  int32   // the position of the first of them in those of the fleet
	rows   []int64 // a row of cols an offer: the scalars of the layout, and how many ports; thousandths
	ports  []resources.Ranges
	alike  []bool // which offers hold nothing but what the layout says, with amounts that may be; none where it does not pay
	plain  int    // how many of them are alike and have no devices
}

// pattern is what most offers list.
type pattern struct {
	layout  resources.Layout
	cols    int     // scalars, and one for ports; zero without a layout
	columns []int32 // those of the scalars in the fleet that the offers go to
}

// fewOffers are so few that they are read one by one.
const fewOffers = 16

// newIntake makes room for what the offers of a fleet to be made hold, by the pattern of the first; none is read yet.
func newIntake(offers []Offer) *intake {
	var p pattern
	if len(offers) >= fewOffers {
		p, _ = patternOf(&offers[0])
	}
	in := &intake{}
	in.take(p, offers, 0)
	return in
}

// take makes room for what offers hold, whatever others were there before.
func (in *intake) take(p pattern, offers []Offer, first int32) {
	in.pattern, in.offers, in.first, in.plain = p, offers, first, 0
	n := len(offers)
	if p.cols == 0 {
		n = 0
	}
	clear(in.ports)
	in.rows, in.ports, in.alike = zeroed(in.rows, n*p.cols), zeroed(in.ports, n), zeroed(in.alike, n)
}

// zeroed is a list of n zero values, in the memory of another that is not needed any more, if it is large enough.
func zeroed[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}

// intakeOf reads offers that are known to be valid.
func intakeOf(offers []Offer) *intake {
	in := newIntake(offers)
	for i := range in.alike {
		in.read(i)
	}
	return in
}

// patternOf is the pattern of an offer; false when the offer holds anything but scalars and ports.
func patternOf(o *Offer) (p pattern, ok bool) {
	layout, ok := o.Resources.Layout()
	if !ok || o.Resources.Len() > maxUsual {
		return pattern{}, false
	}
	for j := range o.Resources.Len() {
		if name, value, _ := o.Resources.Plain(j); value.Kind() == resources.KindRanges && name != portsName {
			return pattern{}, false
		}
	}
	return pattern{layout: layout, cols: layout.Scalars() + 1}, true
}

// read lays out what an offer holds, if it is alike.
func (in *intake) read(i int) bool {
	if i >= len(in.alike) {
		return false
	}
	o, row := &in.offers[i], in.rows[i*in.cols:(i+1)*in.cols]
	if !in.layout.Read(o.Resources, row, in.ports[i:i+1]) {
		return false
	}
	row[len(row)-1] = countPorts(in.ports[i])
	if in.alike[i] = true; len(o.Devices) == 0 {
		in.plain++
	}
	return true
}

// row is what the offer at a position in the fleet, one that is alike, holds.
func (in *intake) row(i int32) []int64 {
	at := int(i-in.first) * in.cols
	return in.rows[at : at+in.cols]
}

// isAlike says whether the offer at a position in the fleet was read and is alike. Without an intake none is.
func (in *intake) isAlike(i int32) bool {
	return in != nil && uint(i-in.first) < uint(len(in.alike)) && in.alike[i-in.first]
}

// portsOf are the ports of an offer that is alike.
func (in *intake) portsOf(i int32) resources.Ranges {
	if !in.isAlike(i) {
		return resources.Ranges{}
	}
	return in.ports[i-in.first]
}

// uniform says that all offers are alike and have no devices.
func (in *intake) uniform() bool { return in.plain > 0 && in.plain == len(in.offers) }
