package resources

import (
	"fmt"
	"slices"
)

// transform applies f to every entry, which may change reservations and allocation only.
// Entries that it leaves as they are stay the same in memory too.
func (r Resources) transform(f func(Resource) (Resource, error)) (Resources, error) {
	out := make([]entry, len(r.e))
	for i, e := range r.e {
		x, err := f(e.resource())
		if err != nil {
			return Resources{}, err
		}
		if x.AllocatedTo != e.res.AllocatedTo || !slices.EqualFunc(x.Reservations, e.res.Reservations, Reservation.Equal) {
			e = newEntry(x)
		}
		out[i] = e
	}
	return collect(out), nil
}

// PushReservation returns r with one more layer on every entry. It fails with
// [ErrReservation] when that is not a valid stack for all of them.
func (r Resources) PushReservation(res Reservation) (Resources, error) {
	return r.transform(func(x Resource) (Resource, error) { return x.PushReservation(res) })
}

// PopReservation returns r without the last layer of every entry. It fails with
// [ErrReservation] when one is not reserved.
func (r Resources) PopReservation() (Resources, error) {
	return r.transform(Resource.PopReservation)
}

// ToUnreserved returns r with all reservations removed, static ones too.
func (r Resources) ToUnreserved() Resources {
	return must(r.transform(func(x Resource) (Resource, error) {
		x.Reservations = nil
		return x, nil
	}))
}

// Allocate returns r with every entry allocated to role, "" meaning to none.
func (r Resources) Allocate(role string) Resources {
	return must(r.transform(func(x Resource) (Resource, error) {
		x.AllocatedTo = role
		return x, nil
	}))
}

// Unallocate returns r with every entry allocated to no role.
func (r Resources) Unallocate() Resources { return r.Allocate("") }

// RoleResources are the resources that belong to a role.
type RoleResources struct {
	Role      string
	Resources Resources
}

// ByReservation splits the reserved resources of r by the role they are reserved for
// now, in the order of roles.
func (r Resources) ByReservation() []RoleResources {
	return r.Reserved("").byRole(func(e *entry) string { return e.res.Role() })
}

// ByAllocation splits r by the role that resources are allocated to, in the order of
// roles. It fails with [ErrAllocation] when one is not allocated.
func (r Resources) ByAllocation() ([]RoleResources, error) {
	for _, e := range r.e {
		if e.res.AllocatedTo == "" {
			return nil, fmt.Errorf("%w: %v is not allocated", ErrAllocation, e.resource())
		}
	}
	return r.byRole(func(e *entry) string { return e.res.AllocatedTo }), nil
}

func (r Resources) byRole(role func(*entry) string) []RoleResources {
	var roles []string
	for i := range r.e {
		roles = append(roles, role(&r.e[i]))
	}
	slices.Sort(roles)
	var out []RoleResources
	for _, name := range slices.Compact(roles) {
		out = append(out, RoleResources{name, r.filter(func(e *entry) bool { return role(e) == name })})
	}
	return out
}

// Names returns the names in r, sorted and without repetition.
func (r Resources) Names() []string {
	var out []string
	for _, e := range r.e {
		if n := len(out); n == 0 || out[n-1] != e.res.Name {
			out = append(out, e.res.Name)
		}
	}
	return out
}

// Total returns the sum or union of the values that r has of that name and kind,
// whatever their role or disk; a shared resource counts once.
func (r Resources) Total(name string, kind Kind) Value {
	total := Value{kind: kind}
	for i, e := range r.e {
		if e.res.Name != name || e.kind != kind || i > 0 && e.res.Shared && r.e[i-1].compare(&e) == 0 {
			continue
		}
		total = total.plus(e.value)
	}
	return total
}

// Match returns the first entry of the same identity as x, whatever its value.
func (r Resources) Match(x Resource) (Resource, bool) {
	key := newEntry(x).key
	for _, e := range r.e {
		if e.key == key {
			return e.resource(), true
		}
	}
	return Resource{}, false
}

// Overlaps reports whether r and o have a port or an item of a set in common, with
// the same identity: the same range under two reservations does not overlap.
func (r Resources) Overlaps(o Resources) bool {
	for i, j := 0, 0; i < len(r.e) && j < len(o.e); {
		switch c := r.e[i].compare(&o.e[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			a, b := r.e[i].value, o.e[j].value
			if !a.Ranges().Intersect(b.Ranges()).IsEmpty() || !a.Set().Intersect(b.Set()).IsEmpty() {
				return true
			}
			i, j = i+1, j+1
		}
	}
	return false
}

// CommonAncestor returns a with every reservation stack cut down to what all stacks of a
// and b have in common, counted from the lowest layer: the state from which both can be
// reached by reserving. It fails with [ErrConservation] when a and b differ in more
// than their reservations.
func CommonAncestor(a, b Resources) (Resources, error) {
	if !a.ToUnreserved().Equal(b.ToUnreserved()) {
		return Resources{}, fmt.Errorf("%w: %v and %v differ in more than reservations", ErrConservation, a, b)
	}
	if len(a.e) == 0 {
		return a, nil
	}
	common := a.e[0].res.Reservations
	for _, e := range slices.Concat(a.e, b.e) {
		n := 0
		for n < len(common) && n < len(e.res.Reservations) && common[n].Equal(e.res.Reservations[n]) {
			n++
		}
		common = common[:n]
	}
	return a.transform(func(x Resource) (Resource, error) {
		x.Reservations = common
		return x, nil
	})
}
