package resources

import "fmt"

// wireResource is a Resource message as it was received, in whichever format. Mesos has
// had three: before reservation refinement (role and reservation), after (reservations),
// and that of its endpoints (both).
type wireResource struct {
	name         string
	kind         Kind
	scalar       *float64
	ranges       *[]Range
	set          *[]string
	role         Optional
	reservation  *wireReservation // of the old format: principal and labels
	reservations []wireReservation
	rest         Resource // what is the same in every format
}

type wireReservation struct {
	kind      int // index in reservationKinds
	hasKind   bool
	role      Optional
	principal Optional
	labels    Labels
}

var reservationKinds = []string{"UNKNOWN", "STATIC", "DYNAMIC"}

var volumeModes = []string{"RW", "RO"}

const (
	reservedStatic  = 1
	reservedDynamic = 2
)

func (p *jsonReader) resource(n node) (wireResource, error) {
	var err error
	m := p.message(n, &err)
	w := wireResource{name: m.text(m.need("name")), role: m.optional("role")}
	w.kind = Kind(m.enum(m.need("type"), kindNames[:]...))
	if s, ok := m.message("scalar"); ok {
		w.scalar = new(float64)
		*w.scalar = s.float(s.need("value"))
	}
	if s, ok := m.message("ranges"); ok {
		w.ranges = new([]Range)
		for _, n := range s.list("range") {
			x := p.message(n, &err)
			*w.ranges = append(*w.ranges, Range{x.uint(x.need("begin")), x.uint(x.need("end"))})
		}
	}
	if s, ok := m.message("set"); ok {
		w.set = new([]string)
		for _, n := range s.list("item") {
			*w.set = append(*w.set, m.text(n))
		}
	}
	if r, ok := m.message("reservation"); ok {
		w.reservation = new(wireReservation)
		*w.reservation = r.reservation()
	}
	for _, n := range m.list("reservations") {
		w.reservations = append(w.reservations, p.message(n, &err).reservation())
	}
	if a, ok := m.message("allocation_info"); ok {
		w.rest.AllocatedTo = a.optional("role").text
	}
	if id, ok := m.message("provider_id"); ok {
		w.rest.Provider = id.text(id.need("value"))
	}
	if d, ok := m.message("disk"); ok {
		w.rest.Disk = d.disk()
	}
	_, w.rest.Revocable = m.message("revocable")
	_, w.rest.Shared = m.message("shared")
	return w, err
}

func (m message) reservation() wireReservation {
	r := wireReservation{role: m.optional("role"), principal: m.optional("principal"), labels: m.labels("labels")}
	if n, ok := m.get("type"); ok {
		r.kind, r.hasKind = m.enum(n, reservationKinds...), true
	}
	return r
}

func (m message) labels(name string) Labels {
	l, ok := m.message(name)
	if !ok {
		return Labels{}
	}
	out := Labels{set: true}
	for _, n := range l.list("labels") {
		x := m.p.message(n, m.err)
		out.l = append(out.l, Label{x.text(x.need("key")), x.optional("value")})
	}
	return out
}

func (m message) disk() *Disk {
	d := new(Disk)
	if p, ok := m.message("persistence"); ok {
		d.Persistence = &Persistence{p.text(p.need("id")), p.optional("principal")}
	}
	if v, ok := m.message("volume"); ok {
		d.Volume = &Volume{
			ContainerPath: v.text(v.need("container_path")),
			HostPath:      v.optional("host_path"),
			ReadOnly:      v.enum(v.need("mode"), volumeModes...) == 1,
		}
	}
	if s, ok := m.message("source"); ok {
		d.Source = &DiskSource{
			Type:     DiskType(s.enum(s.need("type"), diskTypeNames[:]...)),
			Path:     s.directory("path"),
			Mount:    s.directory("mount"),
			Vendor:   s.optional("vendor"),
			ID:       s.optional("id"),
			Profile:  s.optional("profile"),
			Metadata: s.labels("metadata"),
		}
	}
	return d
}

func (m message) directory(name string) *Directory {
	d, ok := m.message(name)
	if !ok {
		return nil
	}
	return &Directory{d.optional("root")}
}

// value makes the value, which must be of the kind that the message names. When strict
// it refuses what Mesos refuses in a resource.
func (w *wireResource) value(strict bool) (Value, error) {
	fits := func(want bool, unwanted ...bool) error {
		for _, u := range unwanted {
			want = want && !u
		}
		if !want {
			return fmt.Errorf("%w: a %v must have a value of that kind only", ErrKind, w.kind)
		}
		return nil
	}
	scalar, ranges, set := w.scalar != nil, w.ranges != nil, w.set != nil
	switch w.kind {
	case KindScalar:
		if err := fits(scalar, ranges, set); err != nil {
			return Value{}, err
		}
		return rawValue{f: *w.scalar}.value(strict)
	case KindRanges:
		if err := fits(ranges, scalar, set); err != nil {
			return Value{}, err
		}
		if err := checkOverlap(*w.ranges); err != nil && strict {
			return Value{}, err
		}
		return rawValue{kind: KindRanges, ranges: *w.ranges}.value(strict)
	case KindSet:
		if err := fits(set, scalar, ranges); err != nil {
			return Value{}, err
		}
		return rawValue{kind: KindSet, items: *w.set}.value(strict)
	}
	return Value{}, fmt.Errorf("%w: %v", ErrKind, w.kind)
}

// checkOverlap refuses a range that begins inside an earlier one, which is all that
// Mesos notices; other overlaps merge.
func checkOverlap(r []Range) error {
	var end uint64 // of all that came before
	for i, x := range r {
		if i > 0 && x.Begin <= end { // never, as Mesos writes them
			for _, y := range r[:i] {
				if y.Begin <= x.Begin && x.Begin <= y.End {
					return fmt.Errorf("%w: %v overlaps %v", ErrRange, x, y)
				}
			}
		}
		end = max(end, x.End)
	}
	return nil
}

// convert makes a valid Resource of whichever format without comparing formats that are
// both there: reservations win over role and reservation.
func (w *wireResource) convert() (Resource, error) {
	if w.name == "" {
		return Resource{}, fmt.Errorf("%w: empty", ErrName)
	}
	v, err := w.value(true)
	if err != nil {
		return Resource{}, err
	}
	r, err := w.upgrade()
	if err != nil {
		return Resource{}, err
	}
	r.Value = v
	return r, r.validate()
}

// upgrade makes a Resource of whichever format, without its value and not validated.
func (w *wireResource) upgrade() (Resource, error) {
	r := w.rest
	r.Name = w.name
	for i, x := range w.reservations {
		if !x.hasKind || x.kind == 0 || !x.role.set {
			return r, fmt.Errorf("%w: layer %d: type and role must be set", ErrReservation, i)
		}
		r.Reservations = append(r.Reservations, Reservation{x.role.text, x.kind == reservedDynamic, x.principal, x.labels})
	}
	switch {
	case len(w.reservations) > 0:
	case !w.role.set || w.role.text == "*":
		if w.reservation != nil {
			return r, fmt.Errorf(`%w: role "*" cannot be reserved`, ErrReservation)
		}
	case w.reservation == nil:
		r.Reservations = []Reservation{{Role: w.role.text}}
	default:
		r.Reservations = []Reservation{{w.role.text, true, w.reservation.principal, w.reservation.labels}}
	}
	return r, nil
}

// checkFormat refuses parts of the old format that disagree with the new one, or that
// the old format does not allow.
func (w *wireResource) checkFormat() error {
	old := w.reservation
	if len(w.reservations) == 0 {
		if old != nil && (old.hasKind || old.role.set) {
			return fmt.Errorf("%w: type and role of a reservation belong in reservations", ErrFormat)
		}
		return nil
	}
	if len(w.reservations) > 1 {
		if w.role.set || old != nil {
			return fmt.Errorf("%w: role and reservation must be unset beside refined reservations", ErrFormat)
		}
		return nil
	}
	r := w.reservations[0]
	switch {
	case w.role.set && w.role.text != r.role.text:
		return fmt.Errorf("%w: role %q, but reserved for %q", ErrFormat, w.role.text, r.role.text)
	case r.kind == reservedStatic && old != nil:
		return fmt.Errorf("%w: reservation must be unset beside a static one", ErrFormat)
	case r.kind != reservedDynamic:
	case w.role.set != (old != nil):
		return fmt.Errorf("%w: role and reservation must be set together", ErrFormat)
	case old == nil:
	case old.principal.text != r.principal.text:
		return fmt.Errorf("%w: principals %q and %q", ErrFormat, old.principal.text, r.principal.text)
	case !(Labels{old.labels.l, true}).Equal(Labels{r.labels.l, true}):
		return fmt.Errorf("%w: labels %v and %v", ErrFormat, old.labels, r.labels)
	}
	return nil
}
