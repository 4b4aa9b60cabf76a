package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// reservationsIn reads the reservation stack in whichever form it is written.
func reservationsIn(m *mesos.Resource) ([]resources.Reservation, error) {
	if len(m.Reservations) == 0 {
		return oldReservation(m)
	}
	stack := make([]resources.Reservation, len(m.Reservations))
	for i := range m.Reservations {
		r := &m.Reservations[i]
		field := func(name string) string { return fmt.Sprintf("reservations[%d].%s", i, name) }
		switch {
		case r.Type == nil:
			return nil, missing(field("type"))
		case r.Role == nil:
			return nil, missing(field("role"))
		}
		switch *r.Type {
		case mesos.Resource_ReservationInfo_STATIC, mesos.Resource_ReservationInfo_DYNAMIC:
		default:
			return nil, unknown(field("type"), int32(*r.Type))
		}
		stack[i] = resources.Reservation{
			Role:      *r.Role,
			Dynamic:   *r.Type == mesos.Resource_ReservationInfo_DYNAMIC,
			Principal: optional(r.Principal),
			Labels:    labelsIn(r.Labels),
		}
	}
	return stack, checkForms(m, stack)
}

// oldReservation reads the form in which a resource has a role, "*" when it is not
// reserved, and a reservation when that is dynamic.
func oldReservation(m *mesos.Resource) ([]resources.Reservation, error) {
	role, old := m.GetRole(), m.Reservation
	switch {
	case old != nil && old.Type != nil:
		return nil, within("reservation.type", fmt.Errorf("%w: it belongs in reservations", resources.ErrFormat))
	case old != nil && old.Role != nil:
		return nil, within("reservation.role", fmt.Errorf("%w: it belongs in reservations", resources.ErrFormat))
	case role == "*" && old != nil:
		return nil, within("reservation", fmt.Errorf(`%w: the role "*" cannot be reserved`, resources.ErrReservation))
	case role == "*":
		return nil, nil
	case old == nil:
		return []resources.Reservation{{Role: role}}, nil
	}
	return []resources.Reservation{{
		Role: role, Dynamic: true, Principal: optional(old.Principal), Labels: labelsIn(old.Labels),
	}}, nil
}

// checkForms refuses an old form beside the new one that says something else.
func checkForms(m *mesos.Resource, stack []resources.Reservation) error {
	old, top := m.Reservation, stack[0]
	switch {
	case m.Role == nil && old == nil:
		return nil
	case len(stack) > 1:
		return within("role", fmt.Errorf("%w: role and reservation must be unset beside refined reservations", resources.ErrFormat))
	case m.Role != nil && *m.Role != top.Role:
		return within("role", fmt.Errorf("%w: role %q, but reserved for %q", resources.ErrFormat, *m.Role, top.Role))
	case !top.Dynamic && old != nil:
		return within("reservation", fmt.Errorf("%w: it must be unset beside a static one", resources.ErrFormat))
	case !top.Dynamic:
		return nil
	case m.Role == nil || old == nil:
		return within("reservation", fmt.Errorf("%w: role and reservation must be set together", resources.ErrFormat))
	case old.GetPrincipal() != top.Principal.String():
		return within("reservation.principal", fmt.Errorf("%w: principals %q and %q", resources.ErrFormat, old.GetPrincipal(), top.Principal))
	}
	a, b := labelsIn(old.Labels), top.Labels
	if a.Len() == 0 && b.Len() == 0 || a.Equal(b) {
		return nil
	}
	return within("reservation.labels", fmt.Errorf("%w: labels %v and %v", resources.ErrFormat, a, b))
}

// reservationsOut writes the form that can be refined.
func reservationsOut(stack []resources.Reservation) []mesos.Resource_ReservationInfo {
	if len(stack) == 0 {
		return nil
	}
	out := make([]mesos.Resource_ReservationInfo, len(stack))
	for i, r := range stack {
		role, kind := r.Role, mesos.Resource_ReservationInfo_STATIC
		if r.Dynamic {
			kind = mesos.Resource_ReservationInfo_DYNAMIC
		}
		out[i] = mesos.Resource_ReservationInfo{
			Type: &kind, Role: &role, Principal: pointer(r.Principal), Labels: labelsOut(r.Labels),
		}
	}
	return out
}
