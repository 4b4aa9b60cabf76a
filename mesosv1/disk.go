package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// diskTypes maps the numbers of DiskInfo.Source.Type; DiskUnknown is not valid.
var diskTypes = [...]resources.DiskType{
	mesos.Resource_DiskInfo_Source_UNKNOWN: resources.DiskUnknown,
	mesos.Resource_DiskInfo_Source_PATH:    resources.DiskPath,
	mesos.Resource_DiskInfo_Source_MOUNT:   resources.DiskMount,
	mesos.Resource_DiskInfo_Source_BLOCK:   resources.DiskBlock,
	mesos.Resource_DiskInfo_Source_RAW:     resources.DiskRaw,
}

func diskIn(m *mesos.Resource_DiskInfo) (*resources.Disk, error) {
	d := new(resources.Disk)
	if p := m.Persistence; p != nil {
		d.Persistence = &resources.Persistence{ID: p.ID, Principal: optional(p.Principal)}
	}
	var err error
	if d.Volume, err = volumeIn(m.Volume); err != nil {
		return nil, within("volume", err)
	}
	if d.Source, err = sourceIn(m.Source); err != nil {
		return nil, within("source", err)
	}
	return d, nil
}

func volumeIn(v *mesos.Volume) (*resources.Volume, error) {
	switch {
	case v == nil:
		return nil, nil
	case v.Image != nil:
		return nil, within("image", fmt.Errorf("%w: the volume of a disk with an image", ErrInexpressible))
	case v.Source != nil:
		return nil, within("source", fmt.Errorf("%w: the volume of a disk with a source of its own", ErrInexpressible))
	case v.Mode == nil:
		return nil, missing("mode")
	case *v.Mode != mesos.RW && *v.Mode != mesos.RO:
		return nil, unknown("mode", int32(*v.Mode))
	}
	return &resources.Volume{
		ContainerPath: v.ContainerPath, HostPath: optional(v.HostPath), ReadOnly: *v.Mode == mesos.RO,
	}, nil
}

func sourceIn(s *mesos.Resource_DiskInfo_Source) (*resources.DiskSource, error) {
	if s == nil {
		return nil, nil
	}
	if s.Type <= 0 || int(s.Type) >= len(diskTypes) {
		return nil, unknown("type", int32(s.Type))
	}
	out := &resources.DiskSource{
		Type:     diskTypes[s.Type],
		Vendor:   optional(s.Vendor),
		ID:       optional(s.ID),
		Profile:  optional(s.Profile),
		Metadata: labelsIn(s.Metadata),
	}
	if s.Path != nil {
		out.Path = &resources.Directory{Root: optional(s.Path.Root)}
	}
	if s.Mount != nil {
		out.Mount = &resources.Directory{Root: optional(s.Mount.Root)}
	}
	return out, nil
}

func diskOut(d *resources.Disk) *mesos.Resource_DiskInfo {
	if d == nil {
		return nil
	}
	out := &mesos.Resource_DiskInfo{Source: sourceOut(d.Source)}
	if p := d.Persistence; p != nil {
		out.Persistence = &mesos.Resource_DiskInfo_Persistence{ID: p.ID, Principal: pointer(p.Principal)}
	}
	if v := d.Volume; v != nil {
		mode := mesos.RW
		if v.ReadOnly {
			mode = mesos.RO
		}
		out.Volume = &mesos.Volume{Mode: &mode, ContainerPath: v.ContainerPath, HostPath: pointer(v.HostPath)}
	}
	return out
}

func sourceOut(s *resources.DiskSource) *mesos.Resource_DiskInfo_Source {
	if s == nil {
		return nil
	}
	out := &mesos.Resource_DiskInfo_Source{
		Vendor:   pointer(s.Vendor),
		ID:       pointer(s.ID),
		Profile:  pointer(s.Profile),
		Metadata: labelsOut(s.Metadata),
	}
	for n, t := range diskTypes {
		if t == s.Type {
			out.Type = mesos.Resource_DiskInfo_Source_Type(n)
		}
	}
	if s.Path != nil {
		out.Path = &mesos.Resource_DiskInfo_Source_Path{Root: pointer(s.Path.Root)}
	}
	if s.Mount != nil {
		out.Mount = &mesos.Resource_DiskInfo_Source_Mount{Root: pointer(s.Mount.Root)}
	}
	return out
}
