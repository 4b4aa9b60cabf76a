package placement

import "github.com/berth-go/berth/resources"

// intake is offers with what most of them hold laid out densely: plain scalars and ports, in the order in which the first offer lists them. The
// resources of an offer lie in many places of memory, so that they are read once, here, and what is like the first is not
// looked at again.
type intake struct {
	offers []Offer
	layout resources.Layout // of the first offer
	cols   int
	rows   []int64 // a row of cols an offer: the scalars of the layout, and how many ports; thousandths
	ports  []resources.Ranges
	alike  []bool // which offers hold nothing but what the layout says, with amounts that may be; none where it does not pay
	plain  int    // how many of them are alike and have no devices
	simple []bool // which tasks are known to be simple; as many as there are tasks, or none
}

// isSimple says whether a task may be entered by what it needs alone, see simple.
func (in *intake) isSimple(task int) bool { return task < len(in.simple) && in.simple[task] }

// simple says whether a task asks for nothing but scalars of no role, of any agent and at any time. Most do, and a task is long: when it has been looked through
// once, that is all that has to be known.
func simple(t *Task) bool {
	asks := len(t.Group) + len(t.Role) + len(t.Gang) + len(t.Require) + len(t.Prefer) + len(t.Devices) + len(t.Sets) + len(t.Disks)
	return asks == 0 && t.Priority == 0 && t.Revocable == Never && t.Ports.IsZero() && t.ReadyAt.IsZero()
}

// fewOffers are so few that they are read one by one.
const fewOffers = 16

// newIntake makes room for what the offers hold; none is read yet.
func newIntake(offers []Offer) *intake {
	in := &intake{offers: offers}
	if len(offers) < fewOffers || !in.sketch(&offers[0]) {
		return in
	}
	in.cols = in.layout.Scalars() + 1
	in.rows = make([]int64, len(offers)*in.cols)
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

// sketch takes the layout of an offer; false when the offer holds anything but scalars and ports.
func (in *intake) sketch(o *Offer) (ok bool) {
	if in.layout, ok = o.Resources.Layout(); !ok || o.Resources.Len() > maxUsual {
		return false
	}
	for j := range o.Resources.Len() {
		if name, value, _ := o.Resources.Plain(j); value.Kind() == resources.KindRanges && name != portsName {
			return false
		}
	}
	return true
}

// read lays out what an offer holds, if it is alike.
func (in *intake) read(i int) bool {
	if in.alike == nil {
		return false
	}
	o, row := &in.offers[i], in.row(int32(i))
	if !in.layout.Read(o.Resources, row, in.ports[i:i+1]) {
		return false
	}
	row[len(row)-1] = countPorts(in.ports[i])
	if in.alike[i] = true; len(o.Devices) == 0 {
		in.plain++
	}
	return true
}

// row is what an offer that is alike holds.
func (in *intake) row(i int32) []int64 {
	return in.rows[int(i)*in.cols : (int(i)+1)*in.cols]
}

// isAlike says whether the offer has been read. The zero intake has read none.
func (in *intake) isAlike(i int32) bool { return in != nil && int(i) < len(in.alike) && in.alike[i] }

// portsOf are the ports of an offer that is alike.
func (in *intake) portsOf(i int32) resources.Ranges {
	if !in.isAlike(i) {
		return resources.Ranges{}
	}
	return in.ports[i]
}

// uniform says that all offers are alike and have no devices.
func (in *intake) uniform() bool { return in.plain > 0 && in.plain == len(in.offers) }
