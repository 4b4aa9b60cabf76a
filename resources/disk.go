package resources

import "fmt"

// Disk says more about a resource named "disk": where it comes from, whether a
// persistent volume occupies it, and where that is mounted. A resource with an empty
// Disk is different from one without.
type Disk struct {
	Source      *DiskSource  // nil for the root disk
	Persistence *Persistence // nil when there is no persistent volume
	Volume      *Volume      // where the volume is mounted
}

// Persistence identifies a persistent volume, uniquely per role and agent.
type Persistence struct {
	ID        string
	Principal Optional // who created it; not part of the identity
}

// Volume says where a volume appears in a container. It is not part of the identity of
// a resource.
type Volume struct {
	ContainerPath string
	HostPath      Optional
	ReadOnly      bool
}

// DiskType says what a disk is and how it may be divided.
type DiskType uint8

const (
	DiskUnknown DiskType = iota // not valid
	DiskPath                    // a directory; divisible
	DiskMount                   // a file system of its own; taken whole
	DiskBlock                   // a block device; taken whole
	DiskRaw                     // without an ID a storage pool, divisible; with one a disk, taken whole
)

var diskTypeNames = [...]string{"UNKNOWN", "PATH", "MOUNT", "BLOCK", "RAW"}

// String returns the name that Mesos uses, "PATH" for example.
func (t DiskType) String() string {
	if int(t) < len(diskTypeNames) {
		return diskTypeNames[t]
	}
	return diskTypeNames[0]
}

// DiskSource says what a disk is made of. Every part belongs to the identity, and unset
// is not the same as empty.
type DiskSource struct {
	Type     DiskType
	Path     *Directory // for DiskPath only
	Mount    *Directory // for DiskMount only
	Vendor   Optional
	ID       Optional
	Profile  Optional
	Metadata Labels
}

// Directory is where a disk is found on the agent.
type Directory struct {
	Root Optional
}

func (d *Directory) equal(o *Directory) bool {
	return d == o || d != nil && o != nil && *d == *o
}

// Equal reports whether all parts are equal, unset and empty being different.
func (s *DiskSource) Equal(o *DiskSource) bool {
	if s == nil || o == nil {
		return s == o
	}
	return s.Type == o.Type && s.Path.equal(o.Path) && s.Mount.equal(o.Mount) && s.Vendor == o.Vendor &&
		s.ID == o.ID && s.Profile == o.Profile && s.Metadata.Equal(o.Metadata)
}

// Equal reports whether both are the same disk: the sources are equal, and the
// persistent volumes have the same ID. The mount point does not matter.
func (d *Disk) Equal(o *Disk) bool {
	if d == nil || o == nil {
		return d == o
	}
	if (d.Persistence == nil) != (o.Persistence == nil) || d.Persistence != nil && d.Persistence.ID != o.Persistence.ID {
		return false
	}
	return d.Source.Equal(o.Source)
}

// whole reports whether the disk is taken as a whole or not at all.
func (d *Disk) whole() bool {
	if d == nil {
		return false
	}
	if d.Persistence != nil {
		return true
	}
	if d.Source == nil {
		return false
	}
	switch d.Source.Type {
	case DiskMount, DiskBlock:
		return true
	case DiskRaw:
		return d.Source.ID.set
	}
	return false
}

func (d *Disk) clone() *Disk {
	if d == nil {
		return nil
	}
	c := &Disk{copied(d.Source), copied(d.Persistence), copied(d.Volume)}
	if c.Source != nil {
		c.Source.Path, c.Source.Mount = copied(c.Source.Path), copied(c.Source.Mount)
	}
	return c
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

func (d *Disk) validate(name string) error {
	if name != "disk" {
		return fmt.Errorf("%w: %s is not a disk", ErrDisk, name)
	}
	if d.Source == nil {
		return nil
	}
	switch d.Source.Type {
	case DiskPath, DiskMount:
	case DiskBlock, DiskRaw:
		if d.Source.Path != nil || d.Source.Mount != nil {
			return fmt.Errorf("%w: a %v disk has no path and no mount", ErrDisk, d.Source.Type)
		}
	default:
		return fmt.Errorf("%w: unknown type of disk source", ErrDisk)
	}
	return nil
}

// String returns what Mesos prints between brackets, "MOUNT:/mnt1,id1:path1" for
// example.
func (d *Disk) String() string {
	var s string
	if d.Source != nil {
		s = d.Source.String()
	}
	if d.Persistence != nil {
		if s != "" {
			s += ","
		}
		s += d.Persistence.ID
	}
	if d.Volume != nil {
		s += ":" + d.Volume.String()
	}
	return s
}

// String returns a text such as "MOUNT:/mnt1" or "RAW(vendor,id,profile)".
func (s *DiskSource) String() string {
	t := s.Type.String()
	if s.ID.set || s.Profile.set {
		t += "(" + s.Vendor.text + "," + s.ID.text + "," + s.Profile.text + ")"
	}
	dir := s.Path
	if s.Type == DiskMount {
		dir = s.Mount
	}
	if dir != nil && dir.Root.set {
		t += ":" + dir.Root.text
	}
	return t
}

// String returns a text such as "path" or "/host:path:rw".
func (v *Volume) String() string {
	if !v.HostPath.set {
		return v.ContainerPath
	}
	mode := ":rw"
	if v.ReadOnly {
		mode = ":ro"
	}
	return v.HostPath.text + ":" + v.ContainerPath + mode
}
