package placement

import "github.com/berth-go/berth/resources"

// intake is offers with what most of them hold laid out densely: plain scalars and ports, in the order in which the first offer lists them. The
// resources of an offer lie in many places of memory, so that they are read once, here, and what is like the first is not
// looked at again.
type intake struct {
	offers  []Offer
	pattern []listed // of the first offer
	scalars int      // of pattern
	amounts []int64  // a row of scalars an offer
	ports   []resources.Ranges
	alike   []bool // which offers hold nothing but what pattern says, with amounts that may be; none where it does not pay
}

// fewOffers are so few that they are read one by one.
const fewOffers = 16

// newIntake makes room for what the offers hold; none is read yet.
func newIntake(offers []Offer) *intake {
	in := &intake{offers: offers}
	if len(offers) < fewOffers || !in.sketch(&offers[0]) {
		return in
	}
	in.amounts = make([]int64, len(offers)*in.scalars)
	in.ports = make([]resources.Ranges, len(offers))
	in.alike = make([]bool, len(offers))
	return in
}

// intakeOf reads offers that are known to be valid.
func intakeOf(offers []Offer) *intake {
	in := newIntake(offers)
	for i := range in.alike {
		in.read(i)
	}
	return in
}

// sketch makes the pattern; false when the offer holds anything else.
func (in *intake) sketch(o *Offer) bool {
	for j := range o.Resources.Len() {
		name, value, ok := o.Resources.Plain(j)
		is := listed{name: name, kind: value.Kind()}
		for _, earlier := range in.pattern {
			ok = ok && earlier.name != name // of two kinds
		}
		switch {
		case !ok || len(in.pattern) == maxUsual:
			return false
		case is.kind == resources.KindScalar:
			in.scalars++
		case is.kind != resources.KindRanges || name != portsName:
			return false
		}
		in.pattern = append(in.pattern, is)
	}
	return true
}

// read lays out what an offer holds, if it is alike.
func (in *intake) read(i int) bool {
	if in.alike == nil {
		return false
	}
	row, all := in.amounts[i*in.scalars:(i+1)*in.scalars], in.offers[i].Resources
	j, at := 0, 0
	for _, is := range in.pattern {
		if j == all.Len() {
			break
		}
		name, value, ok := all.Plain(j)
		if kind := value.Kind(); ok && kind == is.kind && name == is.name {
			j++
			if kind == resources.KindRanges {
				in.ports[i] = value.Ranges()
			} else if row[at] = int64(value.Amount()); row[at] < 0 || row[at] > int64(resources.MaxAmount) {
				return false
			}
		}
		if is.kind == resources.KindScalar {
			at++
		}
	}
	in.alike[i] = j == all.Len()
	return in.alike[i]
}

// row is what an offer that is alike holds of the scalars of the pattern.
func (in *intake) row(i int32) []int64 {
	return in.amounts[int(i)*in.scalars : (int(i)+1)*in.scalars]
}

// isAlike says whether the offer has been read. The zero intake has read none.
func (in *intake) isAlike(i int32) bool { return in != nil && int(i) < len(in.alike) && in.alike[i] }
