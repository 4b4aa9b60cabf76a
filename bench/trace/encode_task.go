package trace

import (
	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func (e *encoder) task(t *placement.Task) *tracepb.Task {
	return &tracepb.Task{
		Id: e.text(string(t.ID)), Group: e.text(t.Group), Owner: e.text(t.Owner),
		Needs: e.quantities(t.Needs), Ports: portRequest(&t.Ports),
		Devices: messages(t.Devices, e.deviceRequest), Sets: messages(t.Sets, e.setRequest), Disks: messages(t.Disks, e.diskRequest),
		Role: e.text(t.Role), Revocable: e.text(t.Revocable.String()),
		Require: messages(t.Require, func(c *constraints.Constraint) *tracepb.Constraint { return e.constraint(*c) }),
		Prefer: messages(t.Prefer, func(p *constraints.Preference) *tracepb.Preference {
			return &tracepb.Preference{Constraint: e.constraint(p.Constraint), Weight: p.Weight}
		}),
		Priority: int64(t.Priority), Value: t.Value, Gang: e.text(t.Gang), Lasts: int64(t.Lasts),
		GangMin: int64(t.GangMin), GangOneAgent: t.GangOneAgent, ReadyAt: moment(t.ReadyAt),
	}
}

func (e *encoder) quantities(q resources.Quantities) []*tracepb.Quantity {
	if q.IsEmpty() {
		return nil
	}
	list := make([]*tracepb.Quantity, 0, q.Len())
	for name, a := range q.All() {
		list = append(list, &tracepb.Quantity{Name: e.text(name), Amount: int64(a)})
	}
	return list
}

func portRequest(q *ports.Request) *tracepb.PortRequest {
	if q.IsZero() && !q.Contiguous && q.Within.IsEmpty() {
		return nil
	}
	m := &tracepb.PortRequest{Fixed: wide(q.Fixed), Dynamic: int64(q.Dynamic), Contiguous: q.Contiguous}
	if !q.Within.IsEmpty() {
		m.Within = ranges(q.Within)
	}
	return m
}

func (e *encoder) deviceRequest(q *placement.DeviceRequest) *tracepb.DeviceRequest {
	return &tracepb.DeviceRequest{Kind: e.text(q.Kind), Count: int64(q.Count), Share: int64(q.Share), Models: texts(e, q.Models), Tag: e.text(q.Tag)}
}

func (e *encoder) setRequest(q *placement.SetRequest) *tracepb.SetRequest {
	return &tracepb.SetRequest{Name: e.text(q.Name), Count: int64(q.Count), Items: texts(e, q.Items)}
}

func (e *encoder) diskRequest(q *placement.DiskRequest) *tracepb.DiskRequest {
	return &tracepb.DiskRequest{Kind: e.text(q.Kind.String()), Amount: int64(q.Amount), Id: e.text(q.ID), Root: e.text(q.Root), Profile: e.text(q.Profile)}
}

func (e *encoder) running(r *placement.Running) *tracepb.Running {
	return &tracepb.Running{
		Task: e.task(&r.Task), Agent: e.text(string(r.Agent)), Hostname: e.text(r.Hostname), Attributes: e.attributes(r.Attributes),
		Role: e.text(r.Role), Ports: wide(r.Ports), Devices: messages(r.Devices, e.deviceGrant), Items: messages(r.Items, e.itemGrant),
		Revocable: r.Revocable, Pieces: e.resources(r.Pieces),
	}
}
