package resources

import (
	"fmt"
	"slices"
)

// Framework is what the master knows about a framework, as far as resources are
// concerned.
type Framework struct {
	ID              string // "" before registration
	User            string
	Principal       Optional
	Role            Optional // for frameworks without MultiRole
	Roles           []string // for frameworks with MultiRole
	Checkpoint      bool
	MultiRole       bool // has the capability MULTI_ROLE
	SharedResources bool // has the capability SHARED_RESOURCES
}

// roles returns the roles the framework is subscribed to.
func (f *Framework) roles() []string {
	if f.MultiRole {
		return f.Roles
	}
	if f.Role.set {
		return []string{f.Role.text}
	}
	return []string{"*"}
}

// Validate reports why the master would not subscribe the framework, nil if it would.
// Errors wrap [ErrFramework].
func (f *Framework) Validate() error {
	bad := func(err error) error { return fmt.Errorf("%w: %w", ErrFramework, err) }
	switch {
	case f.MultiRole && f.Role.set:
		return bad(fmt.Errorf("%w: role must be unset when there may be several", ErrRole))
	case !f.MultiRole && len(f.Roles) > 0:
		return bad(fmt.Errorf("%w: roles must be unset without the capability MULTI_ROLE", ErrRole))
	}
	for i, role := range f.roles() {
		if err := ValidateRole(role); err != nil {
			return bad(err)
		}
		if slices.Contains(f.Roles[:min(i, len(f.Roles))], role) {
			return bad(fmt.Errorf("%w: the role %q", ErrDuplicate, role))
		}
	}
	if f.ID != "" {
		if err := ValidateID(f.ID); err != nil {
			return bad(err)
		}
	}
	return nil
}

// ValidateUpdate reports why the master would not let the framework become next, nil if
// it would: the principal, the user and checkpointing cannot change. Errors wrap
// [ErrFramework].
func (f *Framework) ValidateUpdate(next *Framework) error {
	switch {
	case f.Principal != next.Principal:
		return fmt.Errorf("%w: the principal cannot change", ErrFramework)
	case f.User != next.User:
		return fmt.Errorf("%w: the user cannot change from %q to %q", ErrFramework, f.User, next.User)
	case f.Checkpoint != next.Checkpoint:
		return fmt.Errorf("%w: checkpointing cannot change", ErrFramework)
	}
	return nil
}
