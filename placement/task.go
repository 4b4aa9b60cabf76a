package placement

import (
	"fmt"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// TaskID names a task. It is unique among all tasks of one call, running ones included.
type TaskID string

// Task is one thing to be started, and all that placement needs to know of it. The zero value of
// every field but ID asks for nothing: such a task is placed on any agent.
type Task struct {
	ID TaskID
	// Group is what constraints count together. Empty: the task is in no group.
	Group string
	// Owner is whose share and limits the task counts against. Empty means Group.
	Owner string

	// Needs are the scalar resources, by name. A name that no agent offers makes a failure.
	Needs resources.Quantities
	Ports ports.Request
	// Devices may name a kind more than once only for disjoint sets of models.
	Devices []DeviceRequest
	Sets    []SetRequest
	Disks   []DiskRequest

	// Role restricts the task to bins of that role. Empty: any.
	Role      string
	Revocable RevocablePolicy

	// Require must hold where the task is placed; Prefer only ranks. Both are read, not kept.
	Require []constraints.Constraint
	Prefer  []constraints.Preference

	// Priority: all tasks of a higher priority are tried before any of a lower one.
	Priority int
	// Value is what placing the task is worth to packers that choose among tasks. Zero means 1.
	Value float64
	// Gang: the tasks of one gang, all of one Priority, are placed all together or not at all. Empty: none. Of a gang that is not placed nothing is
	// left: nothing is held, counted or forbidden for it, and no packer weighs it; but it is pending, and so what its owner is guaranteed stays free.
	Gang string
	// GangMin lets a part of the gang be placed that, with the tasks of it that run, is at least so many; the others are failures and may
	// follow in a later round. A gang of fewer tasks fails. Zero: all that are pending. The same for all of the gang.
	GangMin int
	// GangOneAgent has all tasks of the gang go to one agent, where those of it that run are, if any. The same for all of the gang.
	GangOneAgent bool
	// ReadyAt is when the task may be placed at the earliest, by the time of [WithNow]; until then it is a failure. Zero: at once. A gang waits for
	// all of its tasks, or for as many as there must be.
	ReadyAt time.Time
	// Lasts is how long the task is expected to run; zero means unknown.
	Lasts time.Duration
}

// RevocablePolicy says whether a task may run on revocable resources, which can be taken back at
// any time. It is about the scalars in Needs: a task draws all it needs from one of the two sorts;
// ports, set items, disks and devices are always regular ones.
type RevocablePolicy uint8

const (
	// Never uses regular resources alone. It is the zero value.
	Never RevocablePolicy = iota
	// Only uses revocable resources alone.
	Only
	// Prefer uses revocable resources where they suffice, and else regular ones. On each agent
	// revocable is tried first; a packer still chooses the agent.
	Prefer
)

var revocableNames = [...]string{Never: "never", Only: "only", Prefer: "prefer"}

// String returns "never", "only" or "prefer".
func (p RevocablePolicy) String() string {
	if int(p) < len(revocableNames) {
		return revocableNames[p]
	}
	return fmt.Sprintf("RevocablePolicy(%d)", uint8(p))
}

// ParseRevocable is the inverse of [RevocablePolicy.String]. The empty text is Never.
func ParseRevocable(text string) (RevocablePolicy, error) {
	if text == "" {
		return Never, nil
	}
	for i, name := range revocableNames {
		if text == name {
			return RevocablePolicy(i), nil
		}
	}
	return Never, fmt.Errorf("%w: revocable policy %q is none of never, only, prefer", ErrBadRequest, text)
}

// DeviceRequest asks for Count whole units of a kind, or, where Count is zero, for Share of one
// unit that other tasks may use too.
type DeviceRequest struct {
	Kind string
	// Count is the number of whole units; zero asks for a share.
	Count int
	// Share is how much of one unit to take. A zero share is allowed with a Tag: it only joins.
	Share resources.Amount
	// Models restricts which models will do. Empty: any.
	Models []string
	// Tag: share a unit only with tasks of the same tag. A task without a tag shares only with
	// tasks without one.
	Tag string
}

// SetRequest asks for items of a set resource: the ones named, and Count more of any.
type SetRequest struct {
	Name  string
	Count int
	Items []string
}

// DiskKind is the sort of disk a [DiskRequest] asks for. (The plain root disk is a scalar like any
// other: ask for it in Task.Needs, under the name "disk".)
type DiskKind uint8

const (
	// PathDisk is a directory on a disk, shared by those who use it: the amount asked is drawn.
	PathDisk DiskKind = iota + 1
	// MountDisk is a whole mounted disk of at least the amount asked.
	MountDisk
	// BlockDisk is a whole block device of at least the amount asked.
	BlockDisk
	// RawDisk is a storage pool, of which the amount asked is drawn, or a pre-existing raw disk
	// (one with an id), taken whole when it has at least that amount.
	RawDisk
	// VolumeDisk is a persistent volume, named by ID. The task goes where the volume is.
	VolumeDisk
)

var diskNames = [...]string{PathDisk: "path", MountDisk: "mount", BlockDisk: "block", RawDisk: "raw", VolumeDisk: "volume"}

// String returns "path", "mount", "block", "raw" or "volume".
func (k DiskKind) String() string {
	if k > 0 && int(k) < len(diskNames) {
		return diskNames[k]
	}
	return fmt.Sprintf("DiskKind(%d)", uint8(k))
}

// ParseDiskKind is the inverse of [DiskKind.String].
func ParseDiskKind(text string) (DiskKind, error) {
	for i, name := range diskNames {
		if i > 0 && text == name {
			return DiskKind(i), nil
		}
	}
	return 0, fmt.Errorf("%w: disk kind %q is none of path, mount, block, raw, volume", ErrBadRequest, text)
}

// DiskRequest asks for one disk. Several requests of a task are met by different whole disks; pools
// may serve several of them.
type DiskRequest struct {
	Kind DiskKind
	// Amount is in MB, as all disk amounts. It must be positive, except for a volume, where zero
	// means any size.
	Amount resources.Amount
	// ID is the persistence id of a volume (required), or the source id of a raw disk.
	ID string
	// Root restricts a path or mount disk to one root directory. Empty: any.
	Root string
	// Profile restricts to disks of one profile. Empty: any.
	Profile string
}
