package trace

import (
	"errors"
	"fmt"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func (d *decoder) offer(m *tracepb.Offer) placement.Offer {
	o := placement.Offer{ID: placement.OfferID(d.text(m.Id)), Agent: placement.AgentID(d.text(m.Agent)), Role: d.text(m.Role),
		Hostname: d.text(m.Hostname), Resources: d.resources(m.Resources), Attributes: d.attributes(m.Attributes), Standing: m.Standing}
	o.Devices = each(m.Devices, func(m *tracepb.Device) placement.Device {
		return placement.Device{Kind: d.text(m.Kind), ID: d.text(m.Id), Model: d.text(m.Model),
			Capacity: resources.Amount(m.Capacity), Free: resources.Amount(m.Free), Tag: d.text(m.Tag)}
	})
	if w := m.Unavailable; w != nil {
		o.Unavailable = &placement.Window{Start: d.moment(w.Start), End: d.moment(w.End)}
	}
	return o
}

func (d *decoder) attributes(list []*tracepb.Attribute) resources.Attributes {
	all := each(list, func(m *tracepb.Attribute) resources.Attribute {
		return resources.Attribute{Name: d.text(m.Name), Value: d.value(m.Value)}
	})
	a, err := resources.NewAttributes(all...)
	return must(d, a, err)
}

func (d *decoder) value(m *tracepb.Value) resources.Value {
	switch v := m.GetKind().(type) {
	case *tracepb.Value_Amount:
		return resources.ScalarOf(resources.Amount(v.Amount))
	case *tracepb.Value_Ranges:
		return resources.RangesOf(d.ranges(v.Ranges))
	case *tracepb.Value_Set:
		set, err := resources.NewSet(list[string](d, v.Set.GetItems())...)
		return resources.SetOf(must(d, set, err))
	case *tracepb.Value_Text:
		return resources.TextOf(d.text(v.Text))
	}
	d.fail(errors.New("a value of no kind"))
	return resources.Value{}
}

func (d *decoder) ranges(m *tracepb.Ranges) resources.Ranges {
	bounds := m.GetBounds()
	if len(bounds)%2 != 0 {
		d.fail(fmt.Errorf("%d bounds of ranges", len(bounds)))
		return resources.Ranges{}
	}
	all := make([]resources.Range, len(bounds)/2)
	for i := range all {
		all[i] = resources.Range{Begin: bounds[2*i], End: bounds[2*i+1]}
	}
	r, err := resources.NewRanges(all...)
	return must(d, r, err)
}

func (d *decoder) resources(list []*tracepb.Resource) resources.Resources {
	r, err := resources.New(each(list, d.resource)...)
	return must(d, r, err)
}

func (d *decoder) resource(m *tracepb.Resource) resources.Resource {
	return resources.Resource{Name: d.text(m.Name), Value: d.value(m.Value), Reservations: each(m.Reservations, d.reservation),
		AllocatedTo: d.text(m.AllocatedTo), Provider: d.text(m.Provider), Disk: d.disk(m.Disk), Revocable: m.Revocable, Shared: m.Shared}
}

func (d *decoder) reservation(m *tracepb.Reservation) resources.Reservation {
	return resources.Reservation{Role: d.text(m.Role), Dynamic: m.Dynamic, Principal: d.optional(m.Principal), Labels: d.labels(m.Labels)}
}

func (d *decoder) labels(m *tracepb.Labels) resources.Labels {
	if m == nil {
		return resources.Labels{}
	}
	return resources.NewLabels(each(m.Labels, func(m *tracepb.Label) resources.Label {
		return resources.Label{Key: d.text(m.Key), Value: d.optional(m.Value)}
	})...)
}

var diskTypes = []resources.DiskType{resources.DiskUnknown, resources.DiskPath, resources.DiskMount, resources.DiskBlock, resources.DiskRaw}

func (d *decoder) disk(m *tracepb.Disk) *resources.Disk {
	if m == nil {
		return nil
	}
	disk := &resources.Disk{}
	if s := m.Source; s != nil {
		disk.Source = &resources.DiskSource{Path: d.directory(s.Path), Mount: d.directory(s.Mount), Vendor: d.optional(s.Vendor),
			ID: d.optional(s.Id), Profile: d.optional(s.Profile), Metadata: d.labels(s.Metadata)}
		for _, t := range diskTypes {
			if t.String() == d.text(s.Type) {
				disk.Source.Type = t
			}
		}
	}
	if p := m.Persistence; p != nil {
		disk.Persistence = &resources.Persistence{ID: d.text(p.Id), Principal: d.optional(p.Principal)}
	}
	if v := m.Volume; v != nil {
		disk.Volume = &resources.Volume{ContainerPath: d.text(v.ContainerPath), HostPath: d.optional(v.HostPath), ReadOnly: v.ReadOnly}
	}
	return disk
}

func (d *decoder) directory(m *tracepb.Directory) *resources.Directory {
	if m == nil {
		return nil
	}
	return &resources.Directory{Root: d.optional(m.Root)}
}
