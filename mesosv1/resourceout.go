package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// ToResources converts r to a list in canonical order; a shared resource held n times
// occurs n times. It fails with [resources.ErrAmount] when a sum is beyond
// [resources.MaxHeld], where a float64 is no longer exact.
func ToResources(r resources.Resources) ([]mesos.Resource, error) {
	out := make([]mesos.Resource, r.Len())
	for i := range out {
		var err error
		if out[i], err = resourceOut(r.At(i)); err != nil {
			return nil, withinItem("resources", i, r.At(i).Name, err)
		}
	}
	return out, nil
}

// ToResource converts a resource. Reservations are written in the form that can be
// refined. It fails for what [resources.Resource.Validate] refuses. Errors are of type
// [*Error].
func ToResource(r resources.Resource) (mesos.Resource, error) {
	if err := r.Validate(); err != nil {
		return mesos.Resource{}, named(r.Name, within("", err))
	}
	m, err := resourceOut(r)
	if err != nil {
		return mesos.Resource{}, named(r.Name, err)
	}
	return m, nil
}

// resourceOut converts a resource that is valid but for its amount.
func resourceOut(r resources.Resource) (mesos.Resource, error) {
	u, err := unionOf(r.Value)
	if err != nil {
		return mesos.Resource{}, err
	}
	if u.text != nil {
		return mesos.Resource{}, fmt.Errorf("%w: a resource cannot be a text", resources.ErrKind)
	}
	m := mesos.Resource{
		Name:         r.Name,
		Type:         u.kind.Enum(),
		Scalar:       u.scalar,
		Ranges:       u.ranges,
		Set:          u.set,
		Reservations: reservationsOut(r.Reservations),
		Disk:         diskOut(r.Disk),
	}
	if r.AllocatedTo != "" {
		role := r.AllocatedTo
		m.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &role}
	}
	if r.Provider != "" {
		m.ProviderID = &mesos.ResourceProviderID{Value: r.Provider}
	}
	if r.Revocable {
		m.Revocable = &mesos.Resource_RevocableInfo{}
	}
	if r.Shared {
		m.Shared = &mesos.Resource_SharedInfo{}
	}
	return m, nil
}
