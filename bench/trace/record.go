package trace

import (
	"fmt"
	"maps"
	"slices"

	"github.com/berth-go/berth/placement"
)

// record is a copy of a round: what was given, and the result. Its slices are used again for the next one.
type record struct {
	number   uint64
	engine   bool
	packer   string
	settings placement.Settings
	ports    []policyOf
	offers   []placement.Offer
	tasks    []placement.Task
	running  []placement.Running
	result   placement.Result
	err      string
}

// policyOf is the text of the policy of an agent.
type policyOf struct {
	agent  placement.AgentID
	policy string
}

func (r *record) items() int { return len(r.offers) + len(r.tasks) + len(r.running) }

// given notes what a round is given. The lists are those of the round, which do not change until it ends; see copy.
func (r *record) given(in *placement.Input) error {
	r.engine, r.settings, r.packer = in.Engine, in.Settings, packerName(in.Settings.Packer)
	r.settings.Packer = nil
	r.settings.Weights = maps.Clone(r.settings.Weights)
	r.offers, r.tasks, r.running = in.Offers(), in.Tasks(), in.Running()
	return r.askPorts()
}

// spare are slices that were used before.
type spare struct {
	offers  []placement.Offer
	tasks   []placement.Task
	running []placement.Running
}

// copy makes the lists the record's own, in depth, because a caller of Assign may change them afterwards. The lists of an engine are
// made for the call, and its offers and tasks do not change.
func (r *record) copy(s *spare) {
	if r.engine {
		return
	}
	r.offers = append(s.offers[:0], r.offers...)
	r.tasks = append(s.tasks[:0], r.tasks...)
	r.running = append(s.running[:0], r.running...)
	r.deepen()
}

func (r *record) deepen() {
	for i := range r.offers {
		o := &r.offers[i]
		o.Devices = slices.Clone(o.Devices)
		if o.Unavailable != nil {
			w := *o.Unavailable
			o.Unavailable = &w
		}
	}
	for i := range r.tasks {
		deepen(&r.tasks[i])
	}
	for i := range r.running {
		h := &r.running[i]
		deepen(&h.Task)
		h.Ports = slices.Clone(h.Ports)
		h.Devices = slices.Clone(h.Devices)
		for j := range h.Devices {
			h.Devices[j].Units, h.Devices[j].IDs = slices.Clone(h.Devices[j].Units), slices.Clone(h.Devices[j].IDs)
		}
		h.Items = slices.Clone(h.Items)
		for j := range h.Items {
			h.Items[j].Items = slices.Clone(h.Items[j].Items)
		}
	}
}

func deepen(t *placement.Task) {
	t.Ports.Fixed = slices.Clone(t.Ports.Fixed)
	t.Require, t.Prefer = slices.Clone(t.Require), slices.Clone(t.Prefer)
	t.Devices, t.Sets, t.Disks = slices.Clone(t.Devices), slices.Clone(t.Sets), slices.Clone(t.Disks)
	for i := range t.Devices {
		t.Devices[i].Models = slices.Clone(t.Devices[i].Models)
	}
	for i := range t.Sets {
		t.Sets[i].Items = slices.Clone(t.Sets[i].Items)
	}
}

// askPorts asks for the policy of every agent with an offer.
func (r *record) askPorts() error {
	r.ports = r.ports[:0]
	if r.settings.Ports == nil {
		return nil
	}
	seen := make(map[placement.AgentID]bool, len(r.offers))
	for i := range r.offers {
		id := r.offers[i].Agent
		if seen[id] {
			continue
		}
		seen[id] = true
		text, err := r.settings.Ports(id).MarshalText()
		if err != nil {
			return err
		}
		r.ports = append(r.ports, policyOf{id, string(text)})
	}
	return nil
}

// output copies the result. What it refers to is read only by contract.
func (r *record) output(result placement.Result, err error) {
	assignments := append(r.result.Assignments[:0], result.Assignments...)
	failures := append(r.result.Failures[:0], result.Failures...)
	r.result, r.err = result, ""
	r.result.Assignments, r.result.Failures = assignments, failures
	if err != nil {
		r.err = err.Error()
	}
}

// forget lets go of what the copies refer to, and of very large ones altogether. What can be used again it gives to the spare.
func (r *record) forget(s *spare) {
	const keep = 1 << 16
	if !r.engine {
		*s = spare{emptied(r.offers, keep), emptied(r.tasks, keep), emptied(r.running, keep)}
	}
	*r = record{ports: r.ports[:0],
		result: placement.Result{Assignments: emptied(r.result.Assignments, keep), Failures: emptied(r.result.Failures, keep)}}
}

func emptied[T any](s []T, keep int) []T {
	if cap(s) > keep {
		return nil
	}
	clear(s)
	return s[:0]
}

func packerName(p placement.Packer) string {
	if s, ok := p.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("%T", p)
}
