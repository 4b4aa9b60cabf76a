package trace

import (
	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
)

// result writes a result but for its end. Failures share explanations, and so they do in the file.
func (e *encoder) result(r *placement.Result) {
	for i := range r.Assignments {
		m := e.assignment(&r.Assignments[i])
		e.frame.Assignments = append(e.frame.Assignments, m)
		e.wrote(m)
	}
	known := map[*placement.Explanation]uint32{nil: 0}
	for i := range r.Failures {
		f := &r.Failures[i]
		why, ok := known[f.Why]
		if !ok {
			why = uint32(len(known))
			known[f.Why] = why
			m := e.explanation(f.Why)
			e.frame.Explanations = append(e.frame.Explanations, m)
			e.wrote(m)
		}
		m := &tracepb.Failure{Task: e.text(string(f.Task)), Why: why}
		e.frame.Failures = append(e.frame.Failures, m)
		e.wrote(m)
	}
}

func (e *encoder) assignment(a *placement.Assignment) *tracepb.Assignment {
	return &tracepb.Assignment{
		Task: e.text(string(a.Task)), Agent: e.text(string(a.Agent)), Role: e.text(a.Role), Offers: texts(e, a.Offers), Ports: wide(a.Ports),
		Devices: messages(a.Devices, e.deviceGrant), Items: messages(a.Items, e.itemGrant),
		Revocable: a.Revocable, Order: int64(a.Order), Pieces: e.resources(a.Pieces),
	}
}

func (e *encoder) deviceGrant(g *placement.DeviceGrant) *tracepb.DeviceGrant {
	m := &tracepb.DeviceGrant{Kind: e.text(g.Kind), Ids: texts(e, g.IDs), Share: int64(g.Share), Whole: g.Whole, Tag: e.text(g.Tag)}
	for _, u := range g.Units {
		m.Units = append(m.Units, int64(u))
	}
	return m
}

func (e *encoder) itemGrant(g *placement.ItemGrant) *tracepb.ItemGrant {
	m := &tracepb.ItemGrant{Name: e.text(g.Name), Items: texts(e, g.Items)}
	if g.Disk != nil {
		m.Disk = e.resource(g.Disk)
	}
	return m
}

func (e *encoder) explanation(x *placement.Explanation) *tracepb.Explanation {
	m := &tracepb.Explanation{Agents: int64(x.Agents), Reasons: messages(x.Reasons, e.reason), Partial: x.Partial}
	if n := x.Nearest; n != nil {
		m.Nearest = &tracepb.Nearest{Agent: e.text(string(n.Agent)), Role: e.text(n.Role), Reasons: messages(n.Reasons, e.reason)}
		m.Nearest.Lacks = messages(n.Lacks, func(l *placement.Lack) *tracepb.Lack {
			return &tracepb.Lack{What: e.text(l.What), Asked: int64(l.Asked), Free: int64(l.Free), Capacity: int64(l.Capacity)}
		})
	}
	return m
}

func (e *encoder) reason(r *placement.Reason) *tracepb.Reason {
	return &tracepb.Reason{Cause: e.text(string(r.Cause)), What: e.text(r.What), Agents: int64(r.Agents)}
}

func (e *encoder) stats(s *placement.Stats) *tracepb.Stats {
	return &tracepb.Stats{Agents: int64(s.Agents), Bins: int64(s.Bins), Tasks: int64(s.Tasks), Placed: int64(s.Placed),
		AgentsUsed: int64(s.AgentsUsed), Shapes: int64(s.Shapes), Rules: int64(s.Rules), Steps: s.Steps,
		Packer: e.text(s.Packer), Choice: e.text(s.Choice)}
}
