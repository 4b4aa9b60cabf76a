package resources

import (
	"fmt"
	"slices"
	"strings"
)

// AgentCapabilities are the abilities of an agent that operations may need.
type AgentCapabilities struct {
	HierarchicalRole      bool
	ReservationRefinement bool
	ResizeVolume          bool
}

// OperationContext is what the master knows when it judges an operation.
type OperationContext struct {
	Principal    Optional          // who asks, if that is known
	Framework    *Framework        // nil when an operator asks
	Agent        AgentCapabilities // of the agent that has the resources
	Checkpointed Resources         // what is reserved or persistent on that agent
	Used         Resources         // what tasks and executors use there
	Accept       bool              // the operation comes with an ACCEPT call
}

// ValidateOperation reports why the master would refuse op, nil if it would not. It
// does not look at authorization, nor whether the resources are offered; see
// [Resources.Apply] for the latter. Errors wrap [ErrOperation] and mostly another
// sentinel as well.
func ValidateOperation(op Operation, ctx OperationContext) error {
	if op == nil {
		return fmt.Errorf("%w: none", ErrOperation)
	}
	if err := op.check(&ctx); err != nil {
		return fmt.Errorf("%w: %T: %w", ErrOperation, op, err)
	}
	return nil
}

func (op Reserve) check(ctx *OperationContext) error {
	if ctx.Accept && len(op.Source) > 0 {
		return fmt.Errorf("%w: an ACCEPT call cannot name the source", ErrUnsupported)
	}
	if err := checkList(op.Resources); err != nil {
		return err
	}
	if ctx.Framework != nil {
		if err := validateSingleAllocation(op.Resources); err != nil {
			return err
		}
	}
	for _, r := range op.Resources {
		if err := checkReserve(r, ctx); err != nil {
			return err
		}
	}
	if len(op.Source) == 0 {
		return nil
	}
	return op.checkSource()
}

func checkReserve(r Resource, ctx *OperationContext) error {
	if !r.DynamicallyReserved() {
		return fmt.Errorf("%w: %v is not dynamically reserved", ErrReservation, r)
	}
	if err := checkAgent(r, ctx); err != nil {
		return err
	}
	if own := r.Reservations[len(r.Reservations)-1].Principal; ctx.Principal.set && own != ctx.Principal {
		return fmt.Errorf("%w: the principal of %v is not %q", ErrReservation, r, ctx.Principal)
	}
	switch {
	case ctx.Framework == nil && r.AllocatedTo != "":
		return fmt.Errorf("%w: %v is allocated, and operators reserve only what is not", ErrAllocation, r)
	case ctx.Framework == nil:
	case !slices.Contains(ctx.Framework.roles(), r.AllocatedTo):
		return fmt.Errorf("%w: the framework does not have the role %q", ErrAllocation, r.AllocatedTo)
	case r.AllocatedTo != r.Role():
		return fmt.Errorf("%w: %v is reserved for another role than it is allocated to", ErrAllocation, r)
	}
	return nil
}

// checkSource wants source and target to have uniform stacks and to be otherwise equal.
func (op Reserve) checkSource() error {
	if err := checkList(op.Source); err != nil {
		return err
	}
	for _, list := range [][]Resource{op.Source, op.Resources} {
		for _, r := range list {
			if !slices.EqualFunc(r.Reservations, list[0].Reservations, Reservation.Equal) {
				return fmt.Errorf("%w: not all of the same stack", ErrReservation)
			}
		}
	}
	source, err := New(op.Source...)
	if err != nil {
		return err
	}
	target, err := New(op.Resources...)
	if err != nil {
		return err
	}
	if !source.ToUnreserved().Equal(target.ToUnreserved()) {
		return fmt.Errorf("%w: source and target differ in more than reservations", ErrConservation)
	}
	return nil
}

func (op Unreserve) check(*OperationContext) error {
	if err := checkList(op.Resources); err != nil {
		return err
	}
	for _, r := range op.Resources {
		if !r.DynamicallyReserved() {
			return fmt.Errorf("%w: %v is not dynamically reserved", ErrReservation, r)
		}
		if r.Persistent() {
			return fmt.Errorf("%w: %v must be destroyed first", ErrDisk, r)
		}
	}
	return nil
}

func (op Create) check(ctx *OperationContext) error {
	if err := checkList(op.Volumes); err != nil {
		return err
	}
	if err := validatePersistent(op.Volumes); err != nil {
		return err
	}
	if ctx.Framework != nil {
		if err := validateSingleAllocation(op.Volumes); err != nil {
			return err
		}
	}
	volumes, err := New(op.Volumes...)
	if err != nil {
		return err
	}
	if err := validateUniqueIDs(ctx.Checkpointed.Plus(volumes)); err != nil {
		return err
	}
	for _, v := range op.Volumes {
		if v.Shared && ctx.Framework != nil && !ctx.Framework.SharedResources {
			return fmt.Errorf("%w: the framework lacks SHARED_RESOURCES", ErrShared)
		}
		if err := checkAgent(v, ctx); err != nil {
			return err
		}
		if own := v.Disk.Persistence.Principal; ctx.Principal.set && own != ctx.Principal {
			return fmt.Errorf("%w: the principal of %v is not %q", ErrDisk, v, ctx.Principal)
		}
	}
	return nil
}

func (op Destroy) check(ctx *OperationContext) error {
	if err := ValidateResources(op.Volumes); err != nil {
		return err
	}
	if err := validatePersistent(op.Volumes); err != nil {
		return err
	}
	volumes, err := New(op.Volumes...)
	if err != nil {
		return err
	}
	volumes = volumes.Unallocate()
	own := volumes.Filter(func(r Resource) bool { return r.Provider == "" })
	if !ctx.Checkpointed.Contains(own) {
		return fmt.Errorf("%w: no such persistent volumes on the agent", ErrNotContained)
	}
	used := ctx.Used.Unallocate()
	for v := range volumes.All() {
		if used.Count(v) > 0 {
			return fmt.Errorf("%w: %v is in use", ErrDisk, v)
		}
	}
	return nil
}

func (op GrowVolume) check(ctx *OperationContext) error {
	if err := checkVolume(op.Volume, ctx); err != nil {
		return err
	}
	if err := ValidateResources([]Resource{op.Addition}); err != nil {
		return err
	}
	if op.Addition.Value.amount <= 0 {
		return fmt.Errorf("%w: nothing is added", ErrAmount)
	}
	if op.Addition.Provider != "" {
		return fmt.Errorf("%w: the addition belongs to a resource provider", ErrUnsupported)
	}
	plain := plainDisk(op.Volume)
	if plain.Whole() || !plain.SameIdentity(op.Addition) {
		return fmt.Errorf("%w: %v cannot become part of %v", ErrDisk, op.Addition, op.Volume)
	}
	return nil
}

func (op ShrinkVolume) check(ctx *OperationContext) error {
	if err := checkVolume(op.Volume, ctx); err != nil {
		return err
	}
	if s := op.Volume.Disk.Source; s != nil && s.Type == DiskMount {
		return fmt.Errorf("%w: a MOUNT disk cannot shrink", ErrDisk)
	}
	if op.Subtract <= 0 || op.Subtract >= op.Volume.Value.amount {
		return fmt.Errorf("%w: %v is not more than nothing and less than %v", ErrAmount, op.Subtract, op.Volume.Value)
	}
	return nil
}

// checkVolume is what growing and shrinking ask of the volume.
func checkVolume(v Resource, ctx *OperationContext) error {
	if err := ValidateResources([]Resource{v}); err != nil {
		return err
	}
	if err := validatePersistent([]Resource{v}); err != nil {
		return err
	}
	switch {
	case v.Provider != "":
		return fmt.Errorf("%w: %v belongs to a resource provider", ErrUnsupported, v)
	case v.Shared:
		return fmt.Errorf("%w: %v is shared", ErrUnsupported, v)
	case !ctx.Agent.ResizeVolume:
		return fmt.Errorf("%w: the agent lacks RESIZE_VOLUME", ErrUnsupported)
	}
	return nil
}

func (op CreateDisk) check(*OperationContext) error {
	if err := checkDisk(op.Source); err != nil {
		return err
	}
	switch s := op.Source.Disk.Source; {
	case s.Type != DiskRaw:
		return fmt.Errorf("%w: %v is not RAW", ErrDisk, op.Source)
	case op.Target != DiskMount && op.Target != DiskBlock:
		return fmt.Errorf("%w: the target is %v, not MOUNT or BLOCK", ErrDisk, op.Target)
	case s.Profile.set == op.TargetProfile.set:
		return fmt.Errorf("%w: exactly one of source and target must have a profile", ErrDisk)
	}
	return nil
}

func (op DestroyDisk) check(*OperationContext) error {
	if err := checkDisk(op.Source); err != nil {
		return err
	}
	switch s := op.Source.Disk.Source; {
	case s.Type != DiskMount && s.Type != DiskBlock && s.Type != DiskRaw:
		return fmt.Errorf("%w: %v is not MOUNT, BLOCK or RAW", ErrDisk, op.Source)
	case !s.ID.set:
		return fmt.Errorf("%w: %v has no ID", ErrDisk, op.Source)
	case op.Source.Persistent():
		return fmt.Errorf("%w: the persistent volume %v must be destroyed first", ErrDisk, op.Source)
	}
	return nil
}

// checkDisk is what creating and destroying disks ask of the source.
func checkDisk(r Resource) error {
	if err := ValidateResources([]Resource{r}); err != nil {
		return err
	}
	if r.Provider == "" {
		return fmt.Errorf("%w: %v does not belong to a resource provider", ErrDisk, r)
	}
	if r.Disk == nil || r.Disk.Source == nil {
		return fmt.Errorf("%w: %v has no source", ErrDisk, r)
	}
	return nil
}

func checkList(list []Resource) error {
	if err := ValidateResources(list); err != nil {
		return err
	}
	return validateSingleProvider(list)
}

// checkAgent wants the agent to understand the reservations of r.
func checkAgent(r Resource, ctx *OperationContext) error {
	if strings.Contains(r.Role(), "/") && !ctx.Agent.HierarchicalRole {
		return fmt.Errorf("%w: the agent lacks HIERARCHICAL_ROLE", ErrUnsupported)
	}
	if r.Refined() && !ctx.Agent.ReservationRefinement {
		return fmt.Errorf("%w: the agent lacks RESERVATION_REFINEMENT", ErrUnsupported)
	}
	return nil
}
