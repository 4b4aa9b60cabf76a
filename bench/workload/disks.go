package workload

import (
	"errors"
	"fmt"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Disks other than the plain root disk have one text form, in fleets and in tasks: mount:1000,
// path:500 root=/data, raw:200 id=r1 profile=fast, volume:ID size=100, joined by semicolons. Amounts
// are in MB. In a fleet it is what there is, in tasks what is asked for.

// parseDisks reads what a task asks for.
func parseDisks(text string) ([]placement.DiskRequest, error) {
	var all []placement.DiskRequest
	for part := range strings.SplitSeq(text, ";") {
		d, err := parseDisk(part)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
		all = append(all, d)
	}
	return all, nil
}

// parseFleetDisks reads what an agent has.
func parseFleetDisks(text string) ([]resources.Resource, error) {
	requests, err := parseDisks(text)
	if err != nil {
		return nil, err
	}
	var all []resources.Resource
	for _, d := range requests {
		if d.Amount == 0 {
			return nil, fmt.Errorf("volume %s has no size", d.ID)
		}
		all = append(all, resources.Resource{Name: "disk", Value: resources.ScalarOf(d.Amount), Disk: offeredDisk(d)})
	}
	return all, nil
}

// offeredDisk is the disk that meets a request exactly.
func offeredDisk(d placement.DiskRequest) *resources.Disk {
	if d.Kind == placement.VolumeDisk {
		return &resources.Disk{
			Persistence: &resources.Persistence{ID: d.ID},
			Volume:      &resources.Volume{ContainerPath: "data"},
		}
	}
	source := &resources.DiskSource{}
	if d.ID != "" {
		source.ID = resources.Some(d.ID)
	}
	if d.Profile != "" {
		source.Profile = resources.Some(d.Profile)
	}
	var root *resources.Directory
	if d.Root != "" {
		root = &resources.Directory{Root: resources.Some(d.Root)}
	}
	switch d.Kind {
	case placement.PathDisk:
		source.Type, source.Path = resources.DiskPath, root
	case placement.MountDisk:
		source.Type, source.Mount = resources.DiskMount, root
	case placement.BlockDisk:
		source.Type = resources.DiskBlock
	default:
		source.Type = resources.DiskRaw
	}
	return &resources.Disk{Source: source}
}

func parseDisk(text string) (d placement.DiskRequest, err error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return d, errors.New("must be written as mount:1000, path:500 root=/data, volume:ID, …")
	}
	kind, first, _ := strings.Cut(words[0], ":")
	if d.Kind, err = placement.ParseDiskKind(kind); err != nil {
		return d, errors.New("the kind of disk before the colon must be path, mount, block, raw or volume")
	}
	if d.Kind == placement.VolumeDisk {
		if d.ID = first; first == "" {
			return d, errors.New("a volume needs an id: volume:ID")
		}
	} else if d.Amount, err = parseDiskAmount(first); err != nil {
		return d, err
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		if err := setDisk(&d, key, value); err != nil {
			return d, err
		}
	}
	return d, nil
}

func setDisk(d *placement.DiskRequest, key, value string) (err error) {
	directory := d.Kind == placement.PathDisk || d.Kind == placement.MountDisk
	volume := d.Kind == placement.VolumeDisk
	switch {
	case value == "":
		return fmt.Errorf("nothing after %s=", key)
	case key == "root" && directory:
		d.Root = value
	case key == "profile" && !volume:
		d.Profile = value
	case key == "id" && d.Kind == placement.RawDisk:
		d.ID = value
	case key == "size" && volume:
		d.Amount, err = parseDiskAmount(value)
	default:
		return fmt.Errorf("%s= does not apply to a %s disk (root= is for path and mount, id= for raw, size= for volume, profile= for all but volume)", key, d.Kind)
	}
	return err
}

func parseDiskAmount(text string) (resources.Amount, error) {
	amount, err := parseAmount(text)
	if err != nil {
		return 0, fmt.Errorf("amount %q %w", text, err)
	}
	if amount == 0 {
		return 0, errors.New("amount is zero")
	}
	return amount, nil
}
