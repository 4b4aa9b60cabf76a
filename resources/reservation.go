package resources

import (
	"fmt"
	"slices"
)

// Reservation is one layer of a reservation stack. A static reservation was made in the
// agent's configuration, a dynamic one by an operation. Layers above the first are
// refinements: dynamic, and for a role strictly below the role beneath.
type Reservation struct {
	Role      string
	Dynamic   bool
	Principal Optional // who reserved
	Labels    Labels
}

// Equal reports whether all parts are equal, unset and empty being different.
func (r Reservation) Equal(o Reservation) bool {
	return r.Role == o.Role && r.Dynamic == o.Dynamic && r.Principal == o.Principal && r.Labels.Equal(o.Labels)
}

// String returns a text such as "(DYNAMIC,role,principal,{key: value})".
func (r Reservation) String() string {
	s := "(STATIC," + r.Role
	if r.Dynamic {
		s = "(DYNAMIC," + r.Role
	}
	if r.Principal.set {
		s += "," + r.Principal.text
	}
	if r.Labels.set {
		s += "," + r.Labels.String()
	}
	return s + ")"
}

// validateStack reports what is wrong with a reservation stack.
func validateStack(stack []Reservation) error {
	for i, r := range stack {
		if err := ValidateRole(r.Role); err != nil {
			return fmt.Errorf("%w: layer %d: %w", ErrReservation, i, err)
		}
		switch {
		case r.Role == "*":
			return fmt.Errorf(`%w: layer %d: role "*" cannot be reserved`, ErrReservation, i)
		case i == 0:
		case !r.Dynamic:
			return fmt.Errorf("%w: layer %d: a refinement cannot be static", ErrReservation, i)
		case !IsStrictSubrole(r.Role, stack[i-1].Role):
			return fmt.Errorf("%w: layer %d: role %q does not refine %q", ErrReservation, i, r.Role, stack[i-1].Role)
		}
	}
	return nil
}

// Role returns the role that r is reserved for now, which is that of the last layer; ""
// when it is not reserved.
func (r Resource) Role() string {
	if n := len(r.Reservations); n > 0 {
		return r.Reservations[n-1].Role
	}
	return ""
}

// Reserved reports whether r is reserved for role.
func (r Resource) Reserved(role string) bool {
	return len(r.Reservations) > 0 && r.Role() == role
}

// DynamicallyReserved reports whether the last layer of the stack is dynamic.
func (r Resource) DynamicallyReserved() bool {
	n := len(r.Reservations)
	return n > 0 && r.Reservations[n-1].Dynamic
}

// Refined reports whether the stack has more than one layer.
func (r Resource) Refined() bool { return len(r.Reservations) > 1 }

// AllocatableTo reports whether r may be offered to role: it is unreserved, or reserved
// for role or for an ancestor of it.
func (r Resource) AllocatableTo(role string) bool {
	if len(r.Reservations) == 0 {
		return true
	}
	own := r.Role()
	return role == own || IsStrictSubrole(role, own)
}

// PushReservation returns r with one more layer. It refuses what would not be a valid
// stack with [ErrReservation].
func (r Resource) PushReservation(res Reservation) (Resource, error) {
	r.Reservations = append(slices.Clip(r.Reservations), res)
	if err := r.Validate(); err != nil {
		return Resource{}, err
	}
	return r, nil
}

// PopReservation returns r without the last layer of its stack. It fails with
// [ErrReservation] when r is not reserved.
func (r Resource) PopReservation() (Resource, error) {
	n := len(r.Reservations)
	if n == 0 {
		return Resource{}, fmt.Errorf("%w: %v is not reserved", ErrReservation, r)
	}
	r.Reservations = slices.Clip(r.Reservations[:n-1])
	return r, nil
}
