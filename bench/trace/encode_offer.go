package trace

import (
	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func (e *encoder) offer(o *placement.Offer) *tracepb.Offer {
	m := &tracepb.Offer{Id: e.text(string(o.ID)), Agent: e.text(string(o.Agent)), Role: e.text(o.Role), Hostname: e.text(o.Hostname),
		Resources: e.resources(o.Resources), Attributes: e.attributes(o.Attributes), Standing: o.Standing}
	m.Devices = messages(o.Devices, func(d *placement.Device) *tracepb.Device {
		return &tracepb.Device{Kind: e.text(d.Kind), Id: e.text(d.ID), Model: e.text(d.Model),
			Capacity: int64(d.Capacity), Free: int64(d.Free), Tag: e.text(d.Tag)}
	})
	if w := o.Unavailable; w != nil {
		m.Unavailable = &tracepb.Window{Start: moment(w.Start), End: moment(w.End)}
	}
	return m
}

func (e *encoder) attributes(a resources.Attributes) []*tracepb.Attribute {
	var list []*tracepb.Attribute
	for x := range a.All() {
		list = append(list, &tracepb.Attribute{Name: e.text(x.Name), Value: e.value(x.Value)})
	}
	return list
}

func (e *encoder) value(v resources.Value) *tracepb.Value {
	switch v.Kind() {
	case resources.KindRanges:
		return &tracepb.Value{Kind: &tracepb.Value_Ranges{Ranges: ranges(v.Ranges())}}
	case resources.KindSet:
		set := &tracepb.Set{}
		for item := range v.Set().All() {
			set.Items = append(set.Items, e.text(item))
		}
		return &tracepb.Value{Kind: &tracepb.Value_Set{Set: set}}
	case resources.KindText:
		return &tracepb.Value{Kind: &tracepb.Value_Text{Text: e.text(v.Text())}}
	}
	return &tracepb.Value{Kind: &tracepb.Value_Amount{Amount: int64(v.Amount())}}
}

func ranges(r resources.Ranges) *tracepb.Ranges {
	m := &tracepb.Ranges{Bounds: make([]uint64, 0, 2*r.Len())}
	for x := range r.All() {
		m.Bounds = append(m.Bounds, x.Begin, x.End)
	}
	return m
}

func (e *encoder) resources(r resources.Resources) []*tracepb.Resource {
	if r.IsEmpty() {
		return nil
	}
	list := make([]*tracepb.Resource, 0, r.Len())
	for x := range r.All() {
		list = append(list, e.resource(&x))
	}
	return list
}

func (e *encoder) resource(r *resources.Resource) *tracepb.Resource {
	return &tracepb.Resource{Name: e.text(r.Name), Value: e.value(r.Value), Reservations: messages(r.Reservations, e.reservation),
		AllocatedTo: e.text(r.AllocatedTo), Provider: e.text(r.Provider), Disk: e.disk(r.Disk), Revocable: r.Revocable, Shared: r.Shared}
}

func (e *encoder) reservation(r *resources.Reservation) *tracepb.Reservation {
	return &tracepb.Reservation{Role: e.text(r.Role), Dynamic: r.Dynamic, Principal: e.optional(r.Principal), Labels: e.labels(r.Labels)}
}

func (e *encoder) labels(l resources.Labels) *tracepb.Labels {
	if !l.IsSet() {
		return nil
	}
	m := &tracepb.Labels{}
	for i := range l.Len() {
		m.Labels = append(m.Labels, &tracepb.Label{Key: e.text(l.At(i).Key), Value: e.optional(l.At(i).Value)})
	}
	return m
}

func (e *encoder) disk(d *resources.Disk) *tracepb.Disk {
	if d == nil {
		return nil
	}
	m := &tracepb.Disk{}
	if s := d.Source; s != nil {
		m.Source = &tracepb.DiskSource{Type: e.text(s.Type.String()), Path: e.directory(s.Path), Mount: e.directory(s.Mount),
			Vendor: e.optional(s.Vendor), Id: e.optional(s.ID), Profile: e.optional(s.Profile), Metadata: e.labels(s.Metadata)}
	}
	if p := d.Persistence; p != nil {
		m.Persistence = &tracepb.Persistence{Id: e.text(p.ID), Principal: e.optional(p.Principal)}
	}
	if v := d.Volume; v != nil {
		m.Volume = &tracepb.Volume{ContainerPath: e.text(v.ContainerPath), HostPath: e.optional(v.HostPath), ReadOnly: v.ReadOnly}
	}
	return m
}

func (e *encoder) directory(d *resources.Directory) *tracepb.Directory {
	if d == nil {
		return nil
	}
	return &tracepb.Directory{Root: e.optional(d.Root)}
}
