package trace

import (
	"fmt"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func (d *decoder) assignment(m *tracepb.Assignment) placement.Assignment {
	return placement.Assignment{
		Task: placement.TaskID(d.text(m.Task)), Agent: placement.AgentID(d.text(m.Agent)), Role: d.text(m.Role),
		Offers: list[placement.OfferID](d, m.Offers), Ports: d.ports(m.Ports),
		Devices: each(m.Devices, d.deviceGrant), Items: each(m.Items, d.itemGrant),
		Revocable: m.Revocable, Order: d.int(m.Order), Pieces: d.resources(m.Pieces),
	}
}

func (d *decoder) deviceGrant(m *tracepb.DeviceGrant) placement.DeviceGrant {
	return placement.DeviceGrant{Kind: d.text(m.Kind), Units: each(m.Units, d.int), IDs: list[string](d, m.Ids),
		Share: resources.Amount(m.Share), Whole: m.Whole, Tag: d.text(m.Tag)}
}

func (d *decoder) itemGrant(m *tracepb.ItemGrant) placement.ItemGrant {
	g := placement.ItemGrant{Name: d.text(m.Name), Items: list[string](d, m.Items)}
	if m.Disk != nil {
		disk := d.resource(m.Disk)
		g.Disk = &disk
	}
	return g
}

func (d *decoder) failure(m *tracepb.Failure) placement.Failure {
	f := placement.Failure{Task: placement.TaskID(d.text(m.Task))}
	switch {
	case int(m.Why) > len(d.why):
		d.fail(fmt.Errorf("explanation %d of %d", m.Why, len(d.why)))
	case m.Why > 0:
		f.Why = d.why[m.Why-1]
	}
	return f
}

func (d *decoder) explanation(m *tracepb.Explanation) *placement.Explanation {
	x := &placement.Explanation{Agents: d.int(m.Agents), Reasons: each(m.Reasons, d.reason), Partial: m.Partial}
	if n := m.Nearest; n != nil {
		x.Nearest = &placement.Nearest{Agent: placement.AgentID(d.text(n.Agent)), Role: d.text(n.Role), Reasons: each(n.Reasons, d.reason)}
		x.Nearest.Lacks = each(n.Lacks, func(m *tracepb.Lack) placement.Lack {
			return placement.Lack{What: d.text(m.What), Asked: resources.Amount(m.Asked), Free: resources.Amount(m.Free),
				Capacity: resources.Amount(m.Capacity)}
		})
	}
	return x
}

func (d *decoder) reason(m *tracepb.Reason) placement.Reason {
	return placement.Reason{Cause: placement.Cause(d.text(m.Cause)), What: d.text(m.What), Agents: d.int(m.Agents)}
}

func (d *decoder) stats(m *tracepb.Stats) placement.Stats {
	return placement.Stats{Agents: d.int(m.GetAgents()), Bins: d.int(m.GetBins()), Tasks: d.int(m.GetTasks()), Placed: d.int(m.GetPlaced()),
		AgentsUsed: d.int(m.GetAgentsUsed()), Shapes: d.int(m.GetShapes()), Rules: d.int(m.GetRules()), Steps: m.GetSteps(),
		Packer: d.text(m.GetPacker()), Choice: d.text(m.GetChoice())}
}
