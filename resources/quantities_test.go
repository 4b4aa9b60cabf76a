package resources

import (
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// quantityModel is a set of quantities as a map, the slow and obvious way.
type quantityModel map[string]Amount

func (m quantityModel) of(t *testing.T) Quantities {
	var list []Quantity
	for name, a := range m {
		list = append(list, Quantity{name, a})
	}
	q, err := NewQuantities(list...)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (m quantityModel) clean() quantityModel {
	out := maps.Clone(m)
	maps.DeleteFunc(out, func(_ string, a Amount) bool { return a <= 0 })
	return out
}

// TestQuantitiesModel compares quantities with maps.
func TestQuantitiesModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	names := []string{"cpus", "disk", "gpus", "mem", "ports"}
	draw := func() quantityModel {
		m := quantityModel{}
		for _, name := range names {
			if rng.IntN(2) == 0 {
				m[name] = Amount(rng.IntN(4)) * One / 2
			}
		}
		return m
	}
	for range 3000 {
		a, b := draw(), draw()
		sum, difference, contains := maps.Clone(a), maps.Clone(a), true
		for name, x := range b {
			sum[name] += x
			difference[name] -= x
			contains = contains && a[name] >= x
		}
		qa, qb := a.of(t), b.of(t)
		if got := quantityModel(maps.Collect(qa.Plus(qb).All())); !maps.Equal(got, sum.clean()) {
			t.Fatalf("%v + %v = %v", qa, qb, got)
		}
		if got := quantityModel(maps.Collect(qa.Minus(qb).All())); !maps.Equal(got, difference.clean()) {
			t.Fatalf("%v - %v = %v", qa, qb, got)
		}
		if got := qa.Contains(qb); got != contains {
			t.Fatalf("%v contains %v: %v", qa, qb, got)
		}
		if got := qa.Equal(qb); got != maps.Equal(a.clean(), b.clean()) {
			t.Fatalf("%v equals %v: %v", qa, qb, got)
		}
		if qa.Len() != len(a.clean()) || qa.IsEmpty() != (qa.Len() == 0) {
			t.Fatalf("%v has %d names", qa, qa.Len())
		}
		last := ""
		for i := range qa.Len() {
			if x := qa.At(i); x.Name <= last || x.Amount != a[x.Name] || qa.Get(x.Name) != x.Amount {
				t.Fatalf("%v: %v at %d", qa, x, i)
			} else {
				last = x.Name
			}
		}
		if qa.Get("none") != 0 {
			t.Fatalf("%v has something of nothing", qa)
		}
	}
}

func TestNewQuantities(t *testing.T) {
	for _, tt := range []struct {
		list []Quantity
		want string
		err  error
	}{
		{list: nil},
		{list: []Quantity{{"b", One}, {"a", 1}, {"b", One / 2}, {"c", 0}}, want: "a:0.001;b:1.5"},
		{list: []Quantity{{"a", MaxAmount}}, want: "a:" + MaxAmount.String()},
		{list: []Quantity{{"a", MaxAmount - 1}, {"a", 1}}, want: "a:" + MaxAmount.String()},
		{list: []Quantity{{"a", MaxAmount}, {"a", 1}}, err: ErrAmount},
		{list: []Quantity{{"a", MaxAmount + 1}}, err: ErrAmount},
		{list: []Quantity{{"a", -1}}, err: ErrAmount},
		{list: []Quantity{{"a", 1}, {"", 1}}, err: ErrName},
	} {
		kept := slices.Clone(tt.list)
		q, err := NewQuantities(tt.list...)
		if !errors.Is(err, tt.err) || q.String() != tt.want || !slices.Equal(kept, tt.list) {
			t.Errorf("%v: %v, %v; want %s, %v", kept, q, err, tt.want, tt.err)
		}
	}
	most := Quantities{[]Quantity{{"a", math.MaxInt64 - 1}}}
	if got := most.Plus(Quantities{[]Quantity{{"a", 5}}}).Get("a"); got != math.MaxInt64 {
		t.Errorf("a sum beyond what there is: %d", got)
	}
}

// TestTextForms checks that what a text cannot say leaves the value as it was.
func TestTextForms(t *testing.T) {
	q, a, r := MustQuantities("cpus:1"), One, MustRanges("[1-2]")
	for what, err := range map[string]error{
		"quantities": q.UnmarshalText([]byte("cpus:x")), "amount": a.UnmarshalText([]byte("x")), "ranges": r.UnmarshalText([]byte("{1}")),
	} {
		var p *ParseError
		if !errors.As(err, &p) {
			t.Errorf("%s: %v", what, err)
		}
	}
	one, some, attributes := rone("cpus:1"), rs("cpus:1|mem:2"), MustAttributes("a:b")
	if err := attributes.UnmarshalText([]byte("::")); err == nil || !attributes.Equal(MustAttributes("a:b")) {
		t.Errorf("attributes: %v, %v", attributes, err)
	}
	for text, err := range map[string]error{"a resource": one.UnmarshalJSON([]byte(`{"name":"cpus"}`)), "no JSON": one.UnmarshalJSON([]byte("{")),
		"resources": some.UnmarshalJSON([]byte(`[{"name":"cpus"}]`)), "no array": some.UnmarshalJSON([]byte("{}")), "text": some.UnmarshalText([]byte("cpus"))} {
		if err == nil || !one.Equal(rone("cpus:1")) || !some.Equal(rs("cpus:1|mem:2")) {
			t.Errorf("%s: %v, %v, %v", text, err, one, some)
		}
	}
	if q.String() != "cpus:1" || a != One || r.String() != "[1-2]" {
		t.Errorf("changed: %v, %v, %v", q, a, r)
	}
	if q.UnmarshalText([]byte("mem:2")) != nil || a.UnmarshalText([]byte("2.5")) != nil || r.UnmarshalText([]byte("[3-4]")) != nil {
		t.Error("refused")
	}
	if q.String() != "mem:2" || a.String() != "2.5" || r.String() != "[3-4]" {
		t.Errorf("read: %v, %v, %v", q, a, r)
	}
}
