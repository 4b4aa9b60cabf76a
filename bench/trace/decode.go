package trace

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// decoder turns the frames of one round into a [Round]. The first error stays.
type decoder struct {
	resolve Resolver
	table   []string
	round   *Round
	known   map[constraintText]constraints.Constraint
	why     []*placement.Explanation
	err     error
}

type constraintText struct{ typ, text string }

func newDecoder(resolve Resolver) *decoder {
	return &decoder{resolve: resolve, table: []string{""}, round: &Round{}, known: map[constraintText]constraints.Constraint{}}
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// must is for values that may not be what they should.
func must[T any](d *decoder, v T, err error) T {
	if err != nil {
		d.fail(err)
	}
	return v
}

func (d *decoder) text(i uint32) string {
	if int(i) >= len(d.table) {
		d.fail(fmt.Errorf("string %d of %d", i, len(d.table)))
		return ""
	}
	return d.table[i]
}

func list[S ~string](d *decoder, at []uint32) []S {
	if len(at) == 0 {
		return nil
	}
	out := make([]S, len(at))
	for i, s := range at {
		out[i] = S(d.text(s))
	}
	return out
}

func (d *decoder) optional(i *uint32) resources.Optional {
	if i == nil {
		return resources.Optional{}
	}
	return resources.Some(d.text(*i))
}

func each[M, T any](list []M, value func(M) T) []T {
	if len(list) == 0 {
		return nil
	}
	out := make([]T, len(list))
	for i, m := range list {
		out[i] = value(m)
	}
	return out
}

func (d *decoder) ports(list []uint32) []uint16 {
	return each(list, func(n uint32) uint16 {
		if n > math.MaxUint16 {
			d.fail(fmt.Errorf("port %d", n))
		}
		return uint16(n)
	})
}

func (d *decoder) int(n int64) int {
	if int64(int(n)) != n {
		d.fail(fmt.Errorf("number %d is too large for this machine", n))
	}
	return int(n)
}

func (d *decoder) moment(m *tracepb.Time) time.Time {
	if m == nil {
		return time.Time{}
	}
	t := time.Unix(m.Seconds, int64(m.Nanoseconds)).UTC()
	if m.Offset != 0 {
		t = t.In(time.FixedZone("", int(m.Offset)))
	}
	return t
}

// frame takes in one frame; done says that it was the last.
func (d *decoder) frame(f *tracepb.Frame, first bool) (done bool, err error) {
	if first != (f.Start != nil) || f.Header != nil || f.Footer != nil {
		return false, errors.New("frames out of order")
	}
	for _, s := range f.Strings {
		d.table = append(d.table, string(s))
	}
	r := d.round
	if s := f.Start; s != nil {
		r.Number, r.Engine, r.Settings = s.Number, s.Engine, d.settings(s.Settings)
	}
	r.Offers = append(r.Offers, each(f.Offers, d.offer)...)
	r.Tasks = append(r.Tasks, each(f.Tasks, d.task)...)
	r.Running = append(r.Running, each(f.Running, d.running)...)
	d.why = append(d.why, each(f.Explanations, d.explanation)...)
	r.Result.Assignments = append(r.Result.Assignments, each(f.Assignments, d.assignment)...)
	r.Result.Failures = append(r.Result.Failures, each(f.Failures, d.failure)...)
	if end := f.End; end != nil {
		r.Result.Truncated, r.Result.Stats, r.Err = end.Truncated, d.stats(end.Stats), d.text(end.Error)
	}
	return f.End != nil, d.err
}

// constraint finds the constraint that a text, and perhaps a type, stand for. What nobody knows becomes an [Unresolved].
func (d *decoder) constraint(m *tracepb.Constraint) constraints.Constraint {
	key := constraintText{d.text(m.GetType()), d.text(m.GetText())}
	if c, ok := d.known[key]; ok {
		return c
	}
	c, err := constraints.ParseOne(key.text)
	if err != nil || key.typ != "" {
		c = nil
	}
	if c == nil && d.resolve != nil {
		if c, err = d.resolve(key.typ, key.text); err != nil {
			d.fail(fmt.Errorf("constraint %s of type %s: %w", key.text, key.typ, err))
		}
	}
	if c == nil {
		u := Unresolved{Type: key.typ, Text: key.text}
		d.round.Unresolved = append(d.round.Unresolved, u)
		c = u
	}
	d.known[key] = c
	return c
}

func (d *decoder) settings(m *tracepb.Settings) placement.Settings {
	order, err := placement.ParseOrder(d.text(m.GetOrder()))
	s := placement.Settings{Packer: Named(d.text(m.GetPacker())), Order: must(d, order, err), Seed: m.GetSeed(), Budget: m.GetBudget(),
		Now: d.moment(m.GetNow()), Pieces: m.GetPieces(), Explain: m.GetExplain(),
		GroupBy: d.text(m.GetGroupBy()), ActiveGroups: list[string](d, m.GetActiveGroups())}
	s.Weights, s.Overcommit = d.weights(m.GetWeights()), d.weights(m.GetOvercommit())
	d.bounds(&s, m)
	s.Disabled = each(m.GetDisabled(), func(x *tracepb.Disabled) placement.Disabled {
		return placement.Disabled{Agent: placement.AgentID(d.text(x.Agent)), Until: d.moment(x.Until)}
	})
	if m.GetHasPorts() {
		policies := make(map[placement.AgentID]ports.Policy, len(m.Ports))
		for _, p := range m.Ports {
			var policy ports.Policy
			if err := policy.UnmarshalText([]byte(d.text(p.Policy))); err != nil {
				d.fail(err)
			}
			policies[placement.AgentID(d.text(p.Agent))] = policy
		}
		s.Ports = func(id placement.AgentID) ports.Policy { return policies[id] }
	}
	return s
}
