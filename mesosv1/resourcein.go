package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// FromResources converts a list of resources, of an offer for example. A shared resource
// may occur more than once. It fails at the first one that does not make sense.
func FromResources(list []mesos.Resource) (resources.Resources, error) {
	out := make([]resources.Resource, len(list))
	for i := range list {
		var err error
		if out[i], err = FromResource(&list[i]); err != nil {
			return resources.Resources{}, withinItem("resources", i, list[i].Name, err)
		}
	}
	all, err := resources.New(out...)
	return all, within("resources", err)
}

// FromResource converts a resource. Its reservations may be in the form that can be
// refined (reservations), in the older one (role and reservation), or in both as the
// endpoints of Mesos write them, provided that both say the same.
//
// It asks for what Mesos asks for: see [resources.Resource.Validate], and package
// documentation for what cannot be expressed. Errors are of type [*Error].
func FromResource(m *mesos.Resource) (resources.Resource, error) {
	if m == nil {
		return resources.Resource{}, &Error{Err: fmt.Errorf("%w: resource", ErrMissing)}
	}
	r, err := resourceIn(m)
	if err == nil {
		err = within("", r.Validate())
	}
	if err != nil {
		return resources.Resource{}, named(m.Name, err)
	}
	return r, nil
}

func resourceIn(m *mesos.Resource) (resources.Resource, error) {
	r := resources.Resource{Name: m.Name, Revocable: m.Revocable != nil, Shared: m.Shared != nil}
	var err error
	if r.Value, err = resourceValue(m); err != nil {
		return r, err
	}
	if r.Reservations, err = reservationsIn(m); err != nil {
		return r, err
	}
	if r.AllocatedTo, err = allocationIn(m.AllocationInfo); err != nil {
		return r, within("allocation_info", err)
	}
	if p := m.ProviderID; p != nil {
		if r.Provider = p.Value; p.Value == "" {
			return r, within("provider_id.value", fmt.Errorf("%w: an empty ID", ErrInexpressible))
		}
	}
	if m.Disk != nil {
		if r.Disk, err = diskIn(m.Disk); err != nil {
			return r, within("disk", err)
		}
	}
	return r, nil
}

// resourceValue is the value of m. Beyond what makes a value it refuses what Mesos
// refuses in resources: a range that begins inside an earlier one, and a
// number other than 0 that rounds to 0.
func resourceValue(m *mesos.Resource) (resources.Value, error) {
	if m.Type == nil {
		return resources.Value{}, missing("type")
	}
	if *m.Type == mesos.TEXT {
		return resources.Value{}, within("type", fmt.Errorf("%w: a resource cannot be a text", resources.ErrKind))
	}
	v, err := union{kind: *m.Type, scalar: m.Scalar, ranges: m.Ranges, set: m.Set}.value()
	switch {
	case err != nil:
		return v, err
	case *m.Type == mesos.SCALAR && v.Amount() == 0 && m.Scalar.Value != 0:
		return v, within("scalar.value", fmt.Errorf("%w: %v is not 0, but less than a thousandth", resources.ErrAmount, m.Scalar.Value))
	case *m.Type == mesos.RANGES && v.Ranges().Len() != len(m.Ranges.Range):
		return v, within("ranges", checkOverlap(m.Ranges.Range))
	}
	return v, nil
}

// checkOverlap refuses a range that begins inside an earlier one, which is all that
// Mesos notices; other overlaps merge. Ranges that overlap always merge, so it
// is only called when ranges merged.
func checkOverlap(list []mesos.Value_Range) error {
	for i, x := range list {
		for _, y := range list[:i] {
			if y.Begin <= x.Begin && x.Begin <= y.End {
				return &Error{Field: fmt.Sprintf("range[%d]", i), Err: fmt.Errorf("%w: %d-%d overlaps %d-%d", resources.ErrRange, x.Begin, x.End, y.Begin, y.End)}
			}
		}
	}
	return nil
}

func allocationIn(a *mesos.Resource_AllocationInfo) (string, error) {
	if a == nil {
		return "", nil
	}
	if a.GetRole() == "" {
		return "", within("role", fmt.Errorf("%w: an allocation without a role", ErrInexpressible))
	}
	return *a.Role, nil
}
