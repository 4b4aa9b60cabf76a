package trace

import (
	"fmt"
	"iter"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
)

// record is what is to be written of a round: what it was given, and the result, which is read only for everybody.
type record struct {
	number   uint64
	engine   bool
	packer   string
	settings placement.Settings
	ports    []policyOf
	lists    lists
	copies   copies
	snapshot *placement.Snapshot // of an engine, unless all is recorded; lists is either of the two
	result   placement.Result
	err      string
}

// lists are what a round is given: a [placement.Snapshot], or copies.
type lists interface {
	Offers() iter.Seq[*placement.Offer]
	Tasks() iter.Seq[*placement.Task]
	Running() iter.Seq[*placement.Running]
}

// policyOf is the policy of an agent.
type policyOf struct {
	agent  placement.AgentID
	policy ports.Policy
}

// take notes what a round is given, in full; see copies.own. What it asks of policies may panic.
func (r *record) take(in *placement.Input) {
	r.engine, r.settings = in.Engine, in.Settings()
	r.copies = copies{in.Offers(), in.Tasks(), in.Running()}
	r.lists = &r.copies
	r.askPorts(in.Ports())
}

// takeSnapshot notes the same of a round of an engine, in constant time; false when the engine is not ready for it.
func (r *record) takeSnapshot(in *placement.Input) (ok bool) {
	if r.snapshot, ok = in.Snapshot(); !ok {
		return false
	}
	r.engine, r.lists = true, r.snapshot
	r.askPorts(in.Ports())
	return true
}

// askPorts asks for the policy of every agent with an offer.
func (r *record) askPorts(policy func(placement.AgentID) ports.Policy) {
	if r.ports = r.ports[:0]; policy == nil {
		return
	}
	for o := range r.lists.Offers() {
		if n := len(r.ports); n == 0 || r.ports[n-1].agent != o.Agent {
			r.ports = append(r.ports, policyOf{o.Agent, policy(o.Agent)})
		}
	}
}

// finish works out what can wait until the round is over.
func (r *record) finish() {
	if r.snapshot != nil {
		r.settings = r.snapshot.Settings()
	}
	if r.packer = r.result.Stats.Packer; r.packer == "" { // the round failed
		r.packer = packerName(r.settings.Packer)
	}
}

// forget lets go of all that the record refers to.
func (r *record) forget() {
	if r.snapshot != nil {
		r.snapshot.Close()
	}
	*r = record{ports: emptied(r.ports)}
}

// emptied is a slice to be used again: new memory takes longer than what is copied there. It is nil when it would be far too large for what was in it.
func emptied[T any](s []T) []T {
	const few = 1 << 10
	if cap(s) > few && len(s) < cap(s)/4 {
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
