package mesosv1

import (
	"fmt"
	"math"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// union is the value of a resource or an attribute: one of four, chosen by kind.
type union struct {
	kind   mesos.Value_Type
	scalar *mesos.Value_Scalar
	ranges *mesos.Value_Ranges
	set    *mesos.Value_Set
	text   *mesos.Value_Text
}

// value converts u. The value of its kind must be there, and no other.
func (u union) value() (resources.Value, error) {
	there := [...]bool{mesos.SCALAR: u.scalar != nil, mesos.RANGES: u.ranges != nil, mesos.SET: u.set != nil, mesos.TEXT: u.text != nil}
	if u.kind < 0 || int(u.kind) >= len(there) {
		return resources.Value{}, unknown("type", int32(u.kind))
	}
	for kind, ok := range there {
		if ok != (kind == int(u.kind)) {
			return resources.Value{}, fmt.Errorf("%w: a %v must have a value of that kind only", resources.ErrKind, u.kind)
		}
	}
	switch u.kind {
	case mesos.SCALAR:
		a, err := amount(u.scalar.Value)
		return resources.ScalarOf(a), within("scalar.value", err)
	case mesos.RANGES:
		return rangesIn(u.ranges.Range)
	case mesos.SET:
		s, err := resources.NewSet(u.set.Item...)
		return resources.SetOf(s), within("set", err)
	}
	return resources.TextOf(u.text.Value), nil
}

// amount converts f like [resources.AmountOf], but up to [resources.MaxHeld]: what is
// offered may be a sum.
func amount(f float64) (resources.Amount, error) {
	r := math.Round(f * 1000)
	if !(math.Abs(r) <= float64(resources.MaxHeld)) { // also catches NaN
		return 0, fmt.Errorf("%w: %v is not a number between -%v and %v", resources.ErrAmount, f, resources.MaxHeld, resources.MaxHeld)
	}
	return resources.Amount(r), nil
}

func rangesIn(list []mesos.Value_Range) (resources.Value, error) {
	in := make([]resources.Range, len(list))
	for i, r := range list {
		if r.Begin > r.End {
			return resources.Value{}, &Error{
				Field: fmt.Sprintf("ranges.range[%d]", i),
				Err:   fmt.Errorf("%w: %d-%d begins after its end", resources.ErrRange, r.Begin, r.End),
			}
		}
		in[i] = resources.Range{Begin: r.Begin, End: r.End}
	}
	out, err := resources.NewRanges(in...)
	return resources.RangesOf(out), within("ranges", err)
}

// unionOf converts v.
func unionOf(v resources.Value) (union, error) {
	switch v.Kind() {
	case resources.KindScalar:
		a := v.Amount()
		if a < -resources.MaxHeld || a > resources.MaxHeld {
			return union{}, within("scalar.value", fmt.Errorf("%w: %v is not between -%v and %v", resources.ErrAmount, a, resources.MaxHeld, resources.MaxHeld))
		}
		return union{kind: mesos.SCALAR, scalar: &mesos.Value_Scalar{Value: a.Float64()}}, nil
	case resources.KindRanges:
		r := v.Ranges()
		out := make([]mesos.Value_Range, r.Len())
		for i := range out {
			x := r.At(i)
			out[i] = mesos.Value_Range{Begin: x.Begin, End: x.End}
		}
		return union{kind: mesos.RANGES, ranges: &mesos.Value_Ranges{Range: out}}, nil
	case resources.KindSet:
		s := v.Set()
		out := make([]string, s.Len())
		for i := range out {
			out[i] = s.At(i)
		}
		return union{kind: mesos.SET, set: &mesos.Value_Set{Item: out}}, nil
	}
	return union{kind: mesos.TEXT, text: &mesos.Value_Text{Value: v.Text()}}, nil
}

// optional converts a string that may be unset.
func optional(p *string) resources.Optional {
	if p == nil {
		return resources.Optional{}
	}
	return resources.Some(*p)
}

// pointer converts a string that may be unset.
func pointer(o resources.Optional) *string {
	if text, ok := o.Get(); ok {
		return &text
	}
	return nil
}

func labelsIn(l *mesos.Labels) resources.Labels {
	if l == nil {
		return resources.Labels{}
	}
	out := make([]resources.Label, len(l.Labels))
	for i, x := range l.Labels {
		out[i] = resources.Label{Key: x.Key, Value: optional(x.Value)}
	}
	return resources.NewLabels(out...)
}

func labelsOut(l resources.Labels) *mesos.Labels {
	if !l.IsSet() {
		return nil
	}
	out := &mesos.Labels{Labels: make([]mesos.Label, l.Len())}
	for i := range out.Labels {
		x := l.At(i)
		out.Labels[i] = mesos.Label{Key: x.Key, Value: pointer(x.Value)}
	}
	return out
}
