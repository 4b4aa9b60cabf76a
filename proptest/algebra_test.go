package proptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/resources"
)

// algebra is what the laws are about. Tests of the laws replace parts of it by broken ones.
type algebra struct {
	plus, minus     func(a, b resources.Resources) resources.Resources
	contains, equal func(a, b resources.Resources) bool
	sum             func(...resources.Resources) resources.Resources
	quantities      func(resources.Resources) resources.Quantities
	text            func(resources.Resources) ([]byte, error)
	json            func(resources.Resources, resources.Format) ([]byte, error)
	apply           func(resources.Resources, resources.Operation) (resources.Resources, error)
}

func newAlgebra() algebra {
	return algebra{
		plus: resources.Resources.Plus, minus: resources.Resources.Minus,
		contains: resources.Resources.Contains, equal: resources.Resources.Equal,
		sum: resources.Sum, quantities: resources.Resources.Quantities,
		text: resources.Resources.MarshalText, json: resources.Resources.JSON, apply: resources.Resources.Apply,
	}
}

// algebraLaw is a law with what makes its cases. The condition is a function of what gens make.
type algebraLaw struct {
	name      string
	cases     int
	condition func(algebra) any
	gens      []gopter.Gen
}

var algebraLaws = []algebraLaw{
	{"plus commutes", 4000, commutes, []gopter.Gen{stocks(6), gen.UInt64()}},
	{"plus associates", 3000, associates, []gopter.Gen{stocks(5), stocks(5), stocks(5)}},
	{"minus undoes plus", 6000, undoes, []gopter.Gen{stocks(6), stocks(6)}},
	{"contains is a partial order", 4000, orders, []gopter.Gen{stocks(7), stocks(4), gen.UInt64()}},
	{"contains agrees with minus", 5000, agrees, []gopter.Gen{stocks(7), stocks(4), gen.UInt64()}},
	{"quantities add up", 5000, addsUp, []gopter.Gen{stocks(6), stocks(6)}},
	{"what is printed reads back", 4000, readsBack, []gopter.Gen{stocks(6)}},
	{"the old format reads back", 4000, downgrades, []gopter.Gen{stocks(5)}},
	{"operations conserve", 5000, conserves, []gopter.Gen{stocks(6), gen.UInt64()}},
	{"sum is repeated plus", 1500, sumsUp, []gopter.Gen{heaps(8)}},
	{"nothing mutates", 400, preserves, []gopter.Gen{stocks(6), stocks(6), gen.UInt64()}},
}

// TestAlgebra: the laws hold.
func TestAlgebra(t *testing.T) {
	for _, l := range algebraLaws {
		t.Run(l.name, func(t *testing.T) { law(t, l.cases, l.condition(newAlgebra()), l.gens...) })
	}
}

// commutes: the order of summands, or of the resources of one, does not matter.
func commutes(m algebra) any {
	return func(s stock, seed uint64) string {
		mk := newMaker(seed)
		cut := mk.IntN(len(s) + 1)
		a, b := s[:cut].sum(), s[cut:].sum()
		ab, ba := m.plus(a, b), m.plus(b, a)
		if !m.equal(ab, ba) {
			return fmt.Sprintf("a+b = %v\nb+a = %v", ab, ba)
		}
		if all := mk.like(s).sum(); !m.equal(ab, all) || !ab.Equal(all) {
			return fmt.Sprintf("a+b = %v\nall in another order = %v", ab, all)
		}
		return ""
	}
}

func associates(m algebra) any {
	return func(x, y, z stock) string {
		a, b, c := x.sum(), y.sum(), z.sum()
		if l, r := m.plus(m.plus(a, b), c), m.plus(a, m.plus(b, c)); !m.equal(l, r) {
			return fmt.Sprintf("(a+b)+c = %v\na+(b+c) = %v", l, r)
		}
		if d := differs(a, m.plus(a, resources.Resources{})) + differs(a, m.plus(resources.Resources{}, a)); d != "" {
			return "a+0 is not a: " + d
		}
		return ""
	}
}

// undoes: (a+b)-b is a exactly when a and b have no port and no item in common. What is the same in both is of the
// same identity and adds up: of resources that do not, there is a copy for each.
func undoes(m algebra) any {
	return func(x, y stock) string {
		a, b := x.sum(), y.sum()
		both := common(a, b, false)
		back := m.minus(m.plus(a, b), b)
		if m.equal(back, a) != (len(both) == 0) {
			return fmt.Sprintf("a = %v\nb = %v\n(a+b)-b = %v\nin common = %v", a, b, back, both)
		}
		// Where they overlap, the difference is what a has alone.
		if alone := m.minus(a, both.sum()); !m.equal(back, alone) {
			return fmt.Sprintf("(a+b)-b = %v\nwithout what is in common a = %v", back, alone)
		}
		return ""
	}
}

// common is what is both in a and in b without there being two of it: ports and items of one identity and, if so
// asked, shared volumes.
func common(a, b resources.Resources, shared bool) stock {
	var out stock
	seen := resources.Resources{}
	for x := range a.All() {
		for y := range b.All() {
			switch {
			case !x.SameIdentity(y):
			case x.Shared:
				if shared && x.Equal(y) && seen.Count(x) == 0 {
					out, seen = append(out, x), seen.Plus(stock{x}.sum())
				}
			case x.Whole():
			case x.Value.Kind() == resources.KindRanges:
				if both := x.Value.Ranges().Intersect(y.Value.Ranges()); !both.IsEmpty() {
					x.Value = resources.RangesOf(both)
					out = append(out, x)
				}
			case x.Value.Kind() == resources.KindSet:
				if both := x.Value.Set().Intersect(y.Value.Set()); !both.IsEmpty() {
					x.Value = resources.SetOf(both)
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// orders: contains is reflexive, antisymmetric up to Equal, and transitive.
func orders(m algebra) any {
	return func(x, y stock, seed uint64) string {
		mk := newMaker(seed)
		within := mk.some(x)
		deep, copied := mk.some(within).sum(), mk.like(x).sum()
		list := []resources.Resources{x.sum(), copied, within.sum(), deep, y.sum(), mk.some(y).sum(), {}}
		for _, a := range list {
			if !m.contains(a, a) || !m.contains(a, resources.Resources{}) {
				return fmt.Sprintf("%v does not contain itself, or nothing", a)
			}
			for _, b := range list {
				if both := m.contains(a, b) && m.contains(b, a); both != m.equal(a, b) || both != m.equal(b, a) {
					return fmt.Sprintf("a = %v\nb = %v\ncontain each other: %v, equal: %v, %v", a, b, both, m.equal(a, b), m.equal(b, a))
				}
				for _, c := range list {
					if m.contains(a, b) && m.contains(b, c) && !m.contains(a, c) {
						return fmt.Sprintf("a = %v contains\nb = %v, which contains\nc = %v, but a does not", a, b, c)
					}
				}
			}
		}
		if !m.contains(list[0], within.sum()) || !m.equal(list[0], copied) {
			return fmt.Sprintf("a = %v\ndoes not contain its part %v\nor is not %v", list[0], within.sum(), copied)
		}
		return ""
	}
}

// agrees: a contains b exactly when (a-b)+b is a, and when nothing of b is left without a; a-b is always part of a.
func agrees(m algebra) any {
	return func(x, y stock, seed uint64) string {
		a := x.sum()
		for _, b := range []resources.Resources{newMaker(seed).some(x).sum(), y.sum()} {
			rest := m.minus(a, b)
			has, whole, none := m.contains(a, b), m.equal(m.plus(rest, b), a), m.minus(b, a).IsEmpty()
			if has != whole || has != none || !m.contains(a, rest) || !m.contains(m.plus(a, b), b) {
				return fmt.Sprintf("a = %v\nb = %v\na-b = %v\na contains b: %v, (a-b)+b = a: %v, b-a = 0: %v", a, b, rest, has, whole, none)
			}
		}
		return ""
	}
}

// addsUp: the quantities of a+b are those of a and of b, but what is in common counts once.
func addsUp(m algebra) any {
	return func(x, y stock) string {
		a, b := x.sum(), y.sum()
		both := common(a, b, true)
		got, want := m.quantities(m.plus(a, b)).Plus(m.quantities(both.sum())), m.quantities(a).Plus(m.quantities(b))
		if !got.Equal(want) {
			return fmt.Sprintf("a = %v\nb = %v\nin common %v\na+b and what is in common: %v\na and b: %v", a, b, both, got, want)
		}
		if q := m.quantities(b); a.ContainsQuantities(q) != m.quantities(a).Contains(q) || m.contains(a, b) && !m.quantities(a).Contains(q) {
			return fmt.Sprintf("a = %v has %v\nb = %v has %v", a, m.quantities(a), b, q)
		}
		return ""
	}
}

// readsBack: a text and each JSON form that says everything read back as the very same, mount points and all.
func readsBack(m algebra) any {
	return func(s stock) string {
		r := s.sum()
		text, err := m.text(r)
		if err != nil {
			return err.Error()
		}
		var back resources.Resources
		if err := back.UnmarshalText(text); err != nil || differs(r, back) != "" {
			return fmt.Sprintf("%s: %v\n%s", text, err, differs(r, back))
		}
		for _, f := range []resources.Format{resources.FormatPost, resources.FormatEndpoint} {
			text, err := m.json(r, f)
			var back resources.Resources
			if err == nil {
				err = json.Unmarshal(text, &back)
			}
			if err != nil || differs(r, back) != "" {
				return fmt.Sprintf("%s: %v\n%s", text, err, differs(r, back))
			}
		}
		q := m.quantities(r)
		text, _ = q.MarshalText()
		var again resources.Quantities
		if err := again.UnmarshalText(text); err != nil || !again.Equal(q) {
			return fmt.Sprintf("%s: %v, %v", text, again, err)
		}
		return ""
	}
}

// downgrades: the old format expresses exactly what has no refined reservations, and reads back as the same but for
// the principals and labels of static reservations.
func downgrades(m algebra) any {
	return func(s stock) string {
		r := s.sum()
		text, err := m.json(r, resources.FormatPre)
		if refined := !r.Filter(resources.Resource.Refined).IsEmpty(); refined || err != nil {
			if !refined || !errors.Is(err, resources.ErrFormat) {
				return fmt.Sprintf("refined: %v, the error is %v", refined, err)
			}
			r = r.Filter(func(x resources.Resource) bool { return !x.Refined() })
			if text, err = m.json(r, resources.FormatPre); err != nil {
				return err.Error()
			}
		}
		var kept stock
		for x := range r.All() {
			if len(x.Reservations) > 0 && !x.DynamicallyReserved() {
				x.Reservations = []resources.Reservation{{Role: x.Role()}}
			}
			kept = append(kept, x)
		}
		var back resources.Resources
		if err := json.Unmarshal(text, &back); err != nil || differsAnyOrder(kept.sum(), back) != "" {
			return fmt.Sprintf("%s: %v\n%s", text, err, differsAnyOrder(kept.sum(), back))
		}
		again, err := m.json(back, resources.FormatPre)
		if err != nil || len(kept) == back.Len() && len(again) != len(text) {
			return fmt.Sprintf("%s\nthen %s, %v", text, again, err)
		}
		return ""
	}
}

// sumsUp: Sum is what adding one by one makes, mount points and all.
func sumsUp(m algebra) any {
	return func(heap []stock) string {
		var list []resources.Resources
		var want resources.Resources
		for _, s := range heap {
			list = append(list, s.sum())
			want = m.plus(want, s.sum())
		}
		got := m.sum(list...)
		if d := differsAnyOrder(want, got); d != "" || !m.equal(got, want) {
			return fmt.Sprintf("%v\nnot %v\n%s", got, want, d)
		}
		return ""
	}
}
