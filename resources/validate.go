package resources

import (
	"fmt"
	"strings"
)

// ValidateResources reports why the master would refuse a list of resources wherever it
// sees one, nil if it would not. It asks for more than [Resource.Validate]: GPUs add up
// to a whole number; disk information says something; a persistent volume is regular
// and reserved, has a mount point but no host path, and a good ID; and what is
// dynamically reserved is not revocable.
func ValidateResources(list []Resource) error {
	valid, err := New(list...)
	if err != nil {
		return err
	}
	gpus := valid.Total("gpus", KindScalar).amount
	// Mesos truncates a binary product here, and so accepts 1.001 GPUs.
	if int64(gpus.Float64()*1000)%1000 != 0 {
		return fmt.Errorf("%w: gpus add up to %v, which is not a whole number", ErrAmount, gpus)
	}
	for i, r := range list {
		if err := r.validateUse(); err != nil {
			return fmt.Errorf("%d: %v: %w", i, r, err)
		}
	}
	return nil
}

// validateUse is what the master asks of one resource beyond Validate.
func (r Resource) validateUse() error {
	if d := r.Disk; d != nil {
		switch {
		case d.Persistence == nil && d.Volume != nil:
			return fmt.Errorf("%w: a mount point without persistence", ErrDisk)
		case d.Persistence == nil && d.Source == nil:
			return fmt.Errorf("%w: empty", ErrDisk)
		case d.Persistence == nil:
		case r.Revocable:
			return fmt.Errorf("%w: a persistent volume cannot be revocable", ErrRevocable)
		case len(r.Reservations) == 0:
			return fmt.Errorf("%w: a persistent volume must be reserved", ErrDisk)
		case d.Volume == nil:
			return fmt.Errorf("%w: a persistent volume needs a mount point", ErrDisk)
		case d.Volume.HostPath.set:
			return fmt.Errorf("%w: a persistent volume cannot have a host path", ErrDisk)
		default:
			if err := ValidateID(d.Persistence.ID); err != nil {
				return fmt.Errorf("%w: persistence: %w", ErrDisk, err)
			}
		}
	}
	if r.DynamicallyReserved() && r.Revocable {
		return fmt.Errorf("%w: it cannot be dynamically reserved", ErrRevocable)
	}
	return nil
}

// ValidateID reports what is wrong with id as an identifier in Mesos: it has 1 to 255
// bytes, is not "." or "..", and holds no control character, '/' or '\'. Errors wrap
// [ErrName].
func ValidateID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("%w: an ID must not be empty", ErrName)
	case len(id) > 255:
		return fmt.Errorf("%w: an ID of %d bytes; 255 are allowed", ErrName, len(id))
	case id == ".", id == "..":
		return fmt.Errorf("%w: the ID %q", ErrName, id)
	case strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c == 0x7f || c == '/' || c == '\\' }):
		return fmt.Errorf("%w: the ID %q has a control character or slash", ErrName, id)
	}
	return nil
}

// validateSingleProvider wants all resources to belong to one resource provider, or all
// to the agent itself.
func validateSingleProvider(list []Resource) error {
	if len(list) == 0 {
		return fmt.Errorf("%w: no resources", ErrOperation)
	}
	for _, r := range list[1:] {
		if r.Provider != list[0].Provider {
			return fmt.Errorf("%w: resources of the providers %q and %q", ErrOperation, list[0].Provider, r.Provider)
		}
	}
	return nil
}

// validatePersistent wants all resources to be writable persistent volumes.
func validatePersistent(list []Resource) error {
	for _, r := range list {
		switch {
		case !r.Persistent():
			return fmt.Errorf("%w: %v is not a persistent volume", ErrDisk, r)
		case r.Disk.Volume == nil:
			return fmt.Errorf("%w: %v has no mount point", ErrDisk, r)
		case r.Disk.Volume.ReadOnly:
			return fmt.Errorf("%w: %v is read-only", ErrDisk, r)
		}
	}
	return nil
}

// validateUniqueIDs wants persistence IDs to be unique per role.
func validateUniqueIDs(r Resources) error {
	seen := map[[2]string]bool{}
	volumes := r.PersistentVolumes()
	for i, e := range volumes.e {
		if i > 0 && e.res.Shared && volumes.e[i-1].compare(&e) == 0 {
			continue
		}
		id := [2]string{e.res.Role(), e.res.Disk.Persistence.ID}
		if seen[id] {
			return fmt.Errorf("%w: the persistence ID %q in role %q", ErrDuplicate, id[1], id[0])
		}
		seen[id] = true
	}
	return nil
}

// validateSingleAllocation wants all resources to be allocated to one role.
func validateSingleAllocation(list []Resource) error {
	for _, r := range list {
		if r.AllocatedTo == "" {
			return fmt.Errorf("%w: %v is not allocated to a role", ErrAllocation, r)
		}
		if r.AllocatedTo != list[0].AllocatedTo {
			return fmt.Errorf("%w: resources allocated to the roles %q and %q", ErrAllocation, list[0].AllocatedTo, r.AllocatedTo)
		}
	}
	return nil
}

// validateNoMix wants no name to be revocable here and regular there.
func validateNoMix(r Resources) error {
	for _, name := range r.Names() {
		n := r.Named(name)
		if rev := n.Revocable(); !rev.IsEmpty() && rev.Len() < n.Len() {
			return fmt.Errorf("%w: %s is used both revocable and not", ErrRevocable, name)
		}
	}
	return nil
}
