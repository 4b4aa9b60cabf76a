package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// NewVolume is a persistent volume to be made.
type NewVolume struct {
	// ID is unique among the volumes of the role on the agent.
	ID string
	// Path is where the volume appears in the container.
	Path string
	// Kind is placement.PathDisk or placement.MountDisk for a volume on such a disk, zero for the root disk.
	Kind placement.DiskKind
	// Amount is how much of the disk, in MB. Zero: all that the task takes of it in one piece. A MOUNT disk is
	// taken whole in any case.
	Amount resources.Amount
	// Shared lets several tasks use the volume at once. It needs the capability SHARED_RESOURCES.
	Shared bool
}

// convert plans the reservations and volumes of a task, and works out what it has after them.
func (p *plan) convert(t *item) error {
	t.has = t.assignment.Pieces.Allocate(p.role())
	if t.launch.Keep != nil {
		if err := p.keep(t); err != nil {
			return err
		}
	}
	for i := range t.launch.Volumes {
		if err := p.makeVolume(t, &t.launch.Volumes[i]); err != nil {
			return err
		}
	}
	return nil
}

// keep reserves what a task takes. An operation is for one resource provider; most often there is one only, the agent
// itself.
func (p *plan) keep(t *item) error {
	role := p.role()
	layer := resources.Reservation{Role: role, Dynamic: true, Principal: p.principal(), Labels: t.launch.Keep.Labels}
	var providers []string
	ops := map[string][]resources.Resource{}
	var after []resources.Resource
	for r := range t.has.All() {
		if r.Role() == role || r.Shared || r.Persistent() {
			after = append(after, r)
			continue
		}
		reserved, err := r.PushReservation(layer)
		if err != nil {
			return fmt.Errorf("reserving %v: %w", r, err)
		}
		if ops[r.Provider] == nil {
			providers = append(providers, r.Provider)
		}
		ops[r.Provider] = append(ops[r.Provider], reserved)
		after = append(after, reserved)
	}
	for _, provider := range providers {
		op := resources.Reserve{Resources: ops[provider]}
		if err := p.apply(op); err != nil {
			return err
		}
		wire, err := p.wireList(op.Resources)
		if err != nil {
			return err
		}
		p.reserve = append(p.reserve, mesos.Offer_Operation{
			Type: mesos.Offer_Operation_RESERVE, Reserve: &mesos.Offer_Operation_Reserve{Resources: wire},
		})
	}
	var err error
	t.has, err = resources.New(after...)
	return err
}

// makeVolume turns disk that a task has into a volume.
func (p *plan) makeVolume(t *item, v *NewVolume) error {
	disk, ok := diskFor(t.has, v)
	if !ok {
		return fmt.Errorf("%w: volume %q of %v MB", ErrVolume, v.ID, v.Amount)
	}
	volume := disk
	volume.Disk = &resources.Disk{
		Persistence: &resources.Persistence{ID: v.ID, Principal: p.principal()},
		Volume:      &resources.Volume{ContainerPath: v.Path},
	}
	if disk.Disk != nil {
		volume.Disk.Source = disk.Disk.Source
	}
	volume.Shared = v.Shared
	op := resources.Create{Volumes: []resources.Resource{volume}}
	if err := p.apply(op); err != nil {
		return err
	}
	wire, err := p.wireList(op.Volumes)
	if err != nil {
		return err
	}
	p.create = append(p.create, mesos.Offer_Operation{
		Type: mesos.Offer_Operation_CREATE, Create: &mesos.Offer_Operation_Create{Volumes: wire},
	})
	was, err := resources.New(disk)
	if err != nil {
		return err
	}
	is, err := resources.New(volume)
	if err != nil {
		return err
	}
	t.has = t.has.Minus(was).Plus(is)
	p.volumes = p.volumes.Plus(is)
	return nil
}

// diskFor finds the disk for a volume among what a task has: reserved disk first, and the smallest piece that does.
func diskFor(has resources.Resources, v *NewVolume) (best resources.Resource, ok bool) {
	for r := range has.All() {
		if r.Name != "disk" || r.Value.Kind() != resources.KindScalar || r.Shared || r.Persistent() || kindOf(r) != v.Kind {
			continue
		}
		if r.Value.Amount() < v.Amount {
			continue
		}
		better := !ok || r.Value.Amount() < best.Value.Amount()
		if v.Amount == 0 {
			better = !ok || r.Value.Amount() > best.Value.Amount()
		}
		if ok && (r.Role() == "") != (best.Role() == "") {
			better = best.Role() == ""
		}
		if better {
			best, ok = r, true
		}
	}
	if ok && v.Amount > 0 && !best.Whole() {
		best.Value = resources.ScalarOf(v.Amount)
	}
	return best, ok
}

func kindOf(r resources.Resource) placement.DiskKind {
	if r.Disk == nil || r.Disk.Source == nil {
		return 0
	}
	switch r.Disk.Source.Type {
	case resources.DiskPath:
		return placement.PathDisk
	case resources.DiskMount:
		return placement.MountDisk
	case resources.DiskBlock:
		return placement.BlockDisk
	default:
		return placement.RawDisk
	}
}

// apply checks an operation as the master would, and does it to what is left.
func (p *plan) apply(op resources.Operation) error {
	err := resources.ValidateOperation(op, resources.OperationContext{
		Principal:    p.principal(),
		Framework:    &resources.Framework{MultiRole: true, Roles: []string{p.role()}, SharedResources: true},
		Agent:        resources.AgentCapabilities{HierarchicalRole: true, ReservationRefinement: true, ResizeVolume: true},
		Checkpointed: p.volumes,
		Accept:       true,
	})
	if err != nil {
		return err
	}
	p.left, err = p.left.Apply(op)
	return err
}

func (p *plan) principal() resources.Optional {
	if p.accepter.Principal == "" {
		return resources.Optional{}
	}
	return resources.Some(p.accepter.Principal)
}

func (p *plan) wireList(list []resources.Resource) ([]mesos.Resource, error) {
	all, err := resources.New(list...)
	if err != nil {
		return nil, err
	}
	return p.wire(all)
}
