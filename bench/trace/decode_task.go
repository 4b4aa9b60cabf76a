package trace

import (
	"time"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func (d *decoder) task(m *tracepb.Task) placement.Task {
	revocable, err := placement.ParseRevocable(d.text(m.GetRevocable()))
	return placement.Task{
		ID: placement.TaskID(d.text(m.GetId())), Group: d.text(m.GetGroup()), Owner: d.text(m.GetOwner()),
		Needs: d.quantities(m.GetNeeds()), Ports: d.portRequest(m.GetPorts()), Devices: each(m.GetDevices(), d.deviceRequest),
		Sets: each(m.GetSets(), d.setRequest), Disks: each(m.GetDisks(), d.diskRequest),
		Role: d.text(m.GetRole()), Revocable: must(d, revocable, err), Require: each(m.GetRequire(), d.constraint),
		Prefer: each(m.GetPrefer(), func(m *tracepb.Preference) constraints.Preference {
			return constraints.Preference{Constraint: d.constraint(m.Constraint), Weight: m.Weight}
		}),
		Priority: d.int(m.GetPriority()), Value: m.GetValue(), Gang: d.text(m.GetGang()), Lasts: time.Duration(m.GetLasts()),
		GangMin: d.int(m.GetGangMin()), GangOneAgent: m.GetGangOneAgent(), ReadyAt: d.moment(m.GetReadyAt()),
	}
}

func (d *decoder) quantities(list []*tracepb.Quantity) resources.Quantities {
	q, err := resources.NewQuantities(each(list, func(m *tracepb.Quantity) resources.Quantity {
		return resources.Quantity{Name: d.text(m.Name), Amount: resources.Amount(m.Amount)}
	})...)
	return must(d, q, err)
}

func (d *decoder) portRequest(m *tracepb.PortRequest) ports.Request {
	if m == nil {
		return ports.Request{}
	}
	return ports.Request{Fixed: d.ports(m.Fixed), Dynamic: d.int(m.Dynamic), Contiguous: m.Contiguous, Within: d.ranges(m.Within)}
}

func (d *decoder) deviceRequest(m *tracepb.DeviceRequest) placement.DeviceRequest {
	return placement.DeviceRequest{Kind: d.text(m.Kind), Count: d.int(m.Count), Share: resources.Amount(m.Share),
		Models: list[string](d, m.Models), Tag: d.text(m.Tag)}
}

func (d *decoder) setRequest(m *tracepb.SetRequest) placement.SetRequest {
	return placement.SetRequest{Name: d.text(m.Name), Count: d.int(m.Count), Items: list[string](d, m.Items)}
}

func (d *decoder) diskRequest(m *tracepb.DiskRequest) placement.DiskRequest {
	kind, err := placement.ParseDiskKind(d.text(m.Kind))
	return placement.DiskRequest{Kind: must(d, kind, err), Amount: resources.Amount(m.Amount),
		ID: d.text(m.Id), Root: d.text(m.Root), Profile: d.text(m.Profile)}
}

func (d *decoder) running(m *tracepb.Running) placement.Running {
	return placement.Running{
		Task: d.task(m.Task), Agent: placement.AgentID(d.text(m.Agent)), Hostname: d.text(m.Hostname), Attributes: d.attributes(m.Attributes),
		Role: d.text(m.Role), Ports: d.ports(m.Ports), Devices: each(m.Devices, d.deviceGrant), Items: each(m.Items, d.itemGrant),
		Revocable: m.Revocable, Pieces: d.resources(m.Pieces),
	}
}
