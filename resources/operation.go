package resources

import (
	"errors"
	"fmt"
)

// Operation changes what resources are without changing how much there is of them. The
// operations are [Reserve], [Unreserve], [Create], [Destroy], [GrowVolume] and
// [ShrinkVolume], which [Resources.Apply] performs, and [CreateDisk] and [DestroyDisk],
// whose outcome only the resource provider knows.
//
// As in Mesos, Apply ignores resources in an operation that are not valid;
// [ValidateOperation] refuses them.
type Operation interface {
	// conversions returns what Apply replaces by what.
	conversions() ([]conversion, error)
	// check is the part of ValidateOperation that depends on the operation.
	check(ctx *OperationContext) error
}

// Reserve adds a layer to the reservation stacks of resources.
type Reserve struct {
	Resources []Resource // as they shall be
	Source    []Resource // as they are; if empty, Resources without their last layer
}

// Unreserve removes the last layer from the reservation stacks of resources.
type Unreserve struct {
	Resources []Resource // as they are
}

// Create makes persistent volumes of reserved disks.
type Create struct {
	Volumes []Resource // as they shall be
}

// Destroy makes persistent volumes plain disks again.
type Destroy struct {
	Volumes []Resource // as they are
}

// GrowVolume adds disk to a persistent volume.
type GrowVolume struct {
	Volume, Addition Resource
}

// ShrinkVolume frees part of a persistent volume.
type ShrinkVolume struct {
	Volume   Resource
	Subtract Amount
}

// CreateDisk makes a MOUNT or BLOCK disk of a RAW one.
type CreateDisk struct {
	Source        Resource
	Target        DiskType
	TargetProfile Optional // set exactly if Source has no profile
}

// DestroyDisk makes a RAW disk of a MOUNT or BLOCK one, or gives a RAW one back.
type DestroyDisk struct {
	Source Resource
}

// conversion replaces consumed by converted.
type conversion struct {
	consumed, converted Resources
	after               func(Resources) error // an extra condition on the result; may be nil
}

// Apply returns r after op. It fails, and nothing is half done, with [ErrNotContained]
// when r does not hold what op consumes, with [ErrOperation] when op makes no sense,
// with [ErrUnsupported] when no one but a resource provider knows the result, and with
// [ErrConservation] when cpus, gpus, mem, disk or ports would become more, less or
// others.
//
// Apply does not ask whether the master would accept op; [ValidateOperation] does.
func (r Resources) Apply(op Operation) (Resources, error) {
	if op == nil {
		return Resources{}, fmt.Errorf("%w: no operation", ErrUnsupported)
	}
	cs, err := op.conversions()
	if err != nil {
		if !errors.Is(err, ErrUnsupported) {
			err = fmt.Errorf("%w: %w", ErrOperation, err)
		}
		return Resources{}, fmt.Errorf("apply %T: %w", op, err)
	}
	result := r
	for _, c := range cs {
		if !result.Contains(c.consumed) {
			return Resources{}, fmt.Errorf("apply %T: %w: %v in %v", op, ErrNotContained, c.consumed, result)
		}
		result = result.Minus(c.consumed).Plus(c.converted)
		if c.after == nil {
			continue
		}
		if err := c.after(result); err != nil {
			return Resources{}, fmt.Errorf("apply %T: %w", op, err)
		}
	}
	for _, name := range []string{"cpus", "gpus", "mem", "disk", "ports"} {
		kind := KindScalar
		if name == "ports" {
			kind = KindRanges
		}
		if was, is := r.Total(name, kind), result.Total(name, kind); !was.Equal(is) {
			return Resources{}, fmt.Errorf("apply %T: %w: %s from %v to %v", op, ErrConservation, name, was, is)
		}
	}
	return result, nil
}

func (op Reserve) conversions() ([]conversion, error) {
	converted, consumed := validOnly(op.Resources...), validOnly(op.Source...)
	if len(op.Source) == 0 {
		var err error
		if consumed, err = converted.PopReservation(); err != nil {
			return nil, err
		}
	}
	return []conversion{{consumed: consumed, converted: converted}}, nil
}

// validOnly makes a collection of what is valid in list. Mesos drops the rest silently.
func validOnly(list ...Resource) Resources {
	var e []entry
	for _, r := range list {
		if r.Validate() == nil && !r.IsEmpty() {
			e = append(e, newEntry(r))
		}
	}
	return collect(e)
}

func (op Unreserve) conversions() ([]conversion, error) {
	return each(op.Resources, func(r Resource) (c conversion, err error) {
		c.consumed = validOnly(r)
		c.converted, err = c.consumed.PopReservation()
		return c, err
	})
}

func (op Create) conversions() ([]conversion, error) {
	return each(op.Volumes, func(v Resource) (conversion, error) {
		return conversion{consumed: validOnly(plainDisk(v)), converted: validOnly(v)}, nil
	})
}

func (op Destroy) conversions() ([]conversion, error) {
	return each(op.Volumes, func(v Resource) (conversion, error) {
		volume := validOnly(v)
		return conversion{volume, validOnly(plainDisk(v)), func(result Resources) error {
			if !volume.IsEmpty() && result.Contains(volume) {
				return fmt.Errorf("%w: there are more copies of the shared volume %v", ErrOperation, v)
			}
			return nil
		}}, nil
	})
}

func (op GrowVolume) conversions() ([]conversion, error) {
	if op.Volume.Provider != "" || op.Addition.Provider != "" {
		return nil, fmt.Errorf("%w: the disk belongs to a resource provider", ErrUnsupported)
	}
	grown := op.Volume
	grown.Value = ScalarOf(addAmounts(op.Volume.Value.amount, op.Addition.Value.amount))
	return []conversion{{consumed: validOnly(op.Volume, op.Addition), converted: validOnly(grown)}}, nil
}

func (op ShrinkVolume) conversions() ([]conversion, error) {
	if op.Volume.Provider != "" {
		return nil, fmt.Errorf("%w: the disk belongs to a resource provider", ErrUnsupported)
	}
	shrunk, freed := op.Volume, plainDisk(op.Volume)
	shrunk.Value = ScalarOf(op.Volume.Value.amount - op.Subtract)
	freed.Value = ScalarOf(op.Subtract)
	return []conversion{{consumed: validOnly(op.Volume), converted: validOnly(shrunk, freed)}}, nil
}

func (CreateDisk) conversions() ([]conversion, error)  { return nil, ErrUnsupported }
func (DestroyDisk) conversions() ([]conversion, error) { return nil, ErrUnsupported }

func each(list []Resource, convert func(Resource) (conversion, error)) ([]conversion, error) {
	out := make([]conversion, len(list))
	for i, r := range list {
		var err error
		if out[i], err = convert(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// plainDisk returns v as it is without the persistent volume.
func plainDisk(v Resource) Resource {
	v.Shared = false
	if v.Disk != nil && v.Disk.Source != nil {
		v.Disk = &Disk{Source: v.Disk.Source}
	} else {
		v.Disk = nil
	}
	return v
}
