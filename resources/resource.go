package resources

import (
	"fmt"
	"slices"
)

// Resource is one named resource with everything that distinguishes it: 4 CPUs reserved
// for a role, a range of ports, a persistent volume. It is a plain struct for building
// and reading; a [Resources] made of it keeps its own copies.
type Resource struct {
	Name         string
	Value        Value         // scalar, ranges or set
	Reservations []Reservation // the stack, lowest layer first; empty when unreserved
	AllocatedTo  string        // the role it is allocated (offered) to; "" when unallocated
	Provider     string        // the resource provider; "" for the agent itself
	Disk         *Disk         // for the name "disk" only; nil when there is nothing to say
	Revocable    bool          // may be taken away at any time
	Shared       bool          // may be used by several tasks at once; persistent volumes only
}

// Validate reports what is wrong with r as a resource, nil if nothing. A resource of
// which there is nothing (0, no ranges, no items) is valid. What the master asks beyond
// this is in [ValidateResources].
func (r Resource) Validate() error {
	if r.Name == "" {
		return fmt.Errorf("resource: %w: empty", ErrName)
	}
	if err := r.validate(); err != nil {
		return fmt.Errorf("resource %s: %w", r.Name, err)
	}
	return nil
}

func (r Resource) validate() error {
	switch r.Value.kind {
	case KindScalar:
		if r.Value.amount < 0 || r.Value.amount > MaxHeld {
			return fmt.Errorf("%w: %v is not between 0 and %v", ErrAmount, r.Value.amount, MaxHeld)
		}
	case KindText:
		return fmt.Errorf("%w: a resource cannot be a text", ErrKind)
	}
	if r.Disk != nil {
		if err := r.Disk.validate(r.Name); err != nil {
			return err
		}
	}
	if err := validateStack(r.Reservations); err != nil {
		return err
	}
	if r.Shared && (r.Name != "disk" || r.Disk == nil || r.Disk.Persistence == nil) {
		return fmt.Errorf("%w: only persistent volumes can", ErrShared)
	}
	return nil
}

// IsEmpty reports whether there is nothing of r.
func (r Resource) IsEmpty() bool { return r.Value.IsEmpty() }

// Persistent reports whether r is a persistent volume.
func (r Resource) Persistent() bool { return r.Disk != nil && r.Disk.Persistence != nil }

// Whole reports whether r can only be taken as a whole: a persistent volume, or a
// MOUNT, BLOCK or identified RAW disk. Other resources of the same identity add up.
func (r Resource) Whole() bool { return r.Disk.whole() }

// SameIdentity reports whether r and o are the same but for their values: name, kind,
// reservations, allocation, provider, disk, and being revocable or shared.
func (r Resource) SameIdentity(o Resource) bool {
	return r.Name == o.Name && r.Value.kind == o.Value.kind && r.AllocatedTo == o.AllocatedTo &&
		r.Provider == o.Provider && r.Revocable == o.Revocable && r.Shared == o.Shared &&
		slices.EqualFunc(r.Reservations, o.Reservations, Reservation.Equal) && r.Disk.Equal(o.Disk)
}

// Equal reports whether r and o have the same identity and value. Where volumes are
// mounted and who created them does not matter.
func (r Resource) Equal(o Resource) bool { return r.SameIdentity(o) && r.Value.Equal(o.Value) }

// Shrink returns r reduced to target, and whether that was possible. What is not a
// scalar, or not larger than target, stays as it is; a larger one that can only be taken
// whole is returned as it is, with false.
func (r Resource) Shrink(target Amount) (Resource, bool) {
	if r.Value.kind != KindScalar || r.Value.amount <= target {
		return r, true
	}
	if r.Whole() {
		return r, false
	}
	r.Value = ScalarOf(max(0, target))
	return r, true
}

// String returns the resource as Mesos prints it, for example
// "disk(allocated: a)(reservations: [(STATIC,a)])[MOUNT:/mnt1]:100".
func (r Resource) String() string { return string(r.append(nil)) }

func (r Resource) append(b []byte) []byte {
	b = append(b, r.Name...)
	if r.AllocatedTo != "" {
		b = append(append(append(b, "(allocated: "...), r.AllocatedTo...), ')')
	}
	for i, res := range r.Reservations {
		if i == 0 {
			b = append(b, "(reservations: ["...)
		} else {
			b = append(b, ',')
		}
		b = append(b, res.String()...)
	}
	if len(r.Reservations) > 0 {
		b = append(b, "])"...)
	}
	if r.Disk != nil {
		b = append(append(append(b, '['), r.Disk.String()...), ']')
	}
	if r.Revocable {
		b = append(b, "{REV}"...)
	}
	if r.Shared {
		b = append(b, "<SHARED>"...)
	}
	return r.Value.append(append(b, ':'))
}
