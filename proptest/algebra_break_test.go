package proptest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/resources"
)

// preserves: nothing that is done with a and b changes them, what they are part of, or what they were made of.
func preserves(m algebra) any {
	return func(x, y stock, seed uint64) string {
		mk := newMaker(seed)
		all := x.sum()
		views := []resources.Resources{all, all.Unreserved(), all.Reserved(""), all.Named("ports"), y.sum(), mk.some(x).sum()}
		list := slices.Clone(x)
		given := fmt.Sprint(list)
		var were [][]facts
		for _, v := range views {
			were = append(were, factsOf(v))
		}
		for _, a := range views {
			for _, b := range views {
				m.use(mk, a, b)
			}
		}
		resources.Must(list...)
		for i, v := range views {
			if d := diffFacts(were[i], factsOf(v)); d != "" {
				return fmt.Sprintf("operand %d changed:\n%s", i, d)
			}
			// The keys that nobody sees must still be those of what everybody sees.
			if again, err := resources.New(slices.Collect(v.All())...); err != nil || !again.Equal(v) {
				return fmt.Sprintf("operand %d is not what it seems: %v, made again %v, %v", i, v, again, err)
			}
		}
		if now := fmt.Sprint(list); now != given {
			return fmt.Sprintf("the list was %s\nis %s", given, now)
		}
		return ""
	}
}

// use does with a and b all that can be done.
func (m algebra) use(mk maker, a, b resources.Resources) {
	ab := m.plus(a, b)
	m.plus(m.minus(ab, a), m.minus(a, b))
	m.sum(a, b, a, ab)
	m.contains(a, b)
	m.equal(a, b)
	m.quantities(a)
	a.Find(b)
	a.ShrinkTo(m.quantities(b)).Plus(b)
	a.ToUnreserved().Plus(b)
	a.Allocate("z").Plus(b)
	a.ByReservation()
	_, _ = a.PopReservation()
	_, _ = a.PushReservation(mk.layer(nil, true))
	_, _ = resources.CommonAncestor(a, b)
	_, _ = m.text(a)
	for _, f := range []resources.Format{resources.FormatPre, resources.FormatPost, resources.FormatEndpoint} {
		_, _ = m.json(a, f)
	}
	for x := range b.All() {
		_, _ = m.apply(a, resources.Unreserve{Resources: stock{x}})
		_, _ = m.apply(a, resources.Destroy{Volumes: stock{x}})
		_, _ = m.apply(a, resources.ShrinkVolume{Volume: x, Subtract: 1})
		_, _ = x.PushReservation(mk.layer(x.Reservations, true))
		_ = append(x.Reservations, resources.Reservation{Role: "appended"})
		for _, way := range deals {
			if d, ok := way(mk, x); ok {
				_, _ = m.apply(a, d.op)
			}
		}
	}
}

// brokenAlgebras are, for each law, algebras that break it.
var brokenAlgebras = map[string][]func(*algebra){
	"plus commutes": {
		func(m *algebra) {
			m.plus = func(a, b resources.Resources) resources.Resources { return a.Plus(b.Minus(a)) }
		},
		func(m *algebra) { m.plus = func(a, b resources.Resources) resources.Resources { return a } },
	},
	"plus associates": {
		func(m *algebra) {
			m.plus = func(a, b resources.Resources) resources.Resources { return a.Plus(a).Plus(b) }
		},
		func(m *algebra) { // sums of more than seven entries lose the last
			m.plus = func(a, b resources.Resources) resources.Resources {
				if ab := a.Plus(b); ab.Len() <= 7 {
					return ab
				}
				return a.Plus(stock(slices.Collect(b.All())[1:]).sum())
			}
		},
	},
	"minus undoes plus": {
		func(m *algebra) { m.minus = func(a, b resources.Resources) resources.Resources { return a } },
		func(m *algebra) { // copies of a shared volume go at once
			m.minus = func(a, b resources.Resources) resources.Resources {
				return a.Minus(b).Filter(func(x resources.Resource) bool { return !x.Shared || b.Count(x) == 0 })
			}
		},
		func(m *algebra) { // ports and items stay
			m.minus = func(a, b resources.Resources) resources.Resources { return a.Minus(b.Scalars()) }
		},
		func(m *algebra) { // ports and items that overlap are there twice
			m.equal = func(a, b resources.Resources) bool { return a.Scalars().Equal(b.Scalars()) }
		},
	},
	"contains is a partial order": {
		func(m *algebra) { // as in Mesos: one disk contains itself twice
			m.contains = func(a, b resources.Resources) bool {
				for x := range b.All() {
					if !a.Contains(stock{x}.sum()) {
						return false
					}
				}
				return true
			}
		},
		func(m *algebra) {
			m.contains = func(a, b resources.Resources) bool { return a.ContainsQuantities(b.Quantities()) }
		},
		func(m *algebra) {
			m.contains = func(a, b resources.Resources) bool { return a.Len() >= b.Len() && !a.Equal(b) }
		},
		func(m *algebra) { m.equal = func(a, b resources.Resources) bool { return differs(a, b) == "" } },
		func(m *algebra) { // not transitive
			m.contains = func(a, b resources.Resources) bool { return a.Contains(b) && (b.IsEmpty() || a.Len()-b.Len() < 3) }
		},
	},
	"contains agrees with minus": {
		func(m *algebra) {
			m.contains = func(a, b resources.Resources) bool { return a.ContainsQuantities(b.Quantities()) }
		},
		func(m *algebra) { m.minus = func(a, b resources.Resources) resources.Resources { return a } },
		func(m *algebra) {
			m.minus = func(a, b resources.Resources) resources.Resources { return resources.Resources{} }
		},
	},
	"quantities add up": {
		func(m *algebra) { // shared volumes are counted by copy
			m.quantities = func(r resources.Resources) resources.Quantities {
				var q resources.Quantities
				for x := range r.All() {
					q = q.Plus(stock{x}.sum().Quantities())
				}
				return q
			}
		},
		func(m *algebra) { // names are forgotten that are more than one entry
			m.quantities = func(r resources.Resources) resources.Quantities {
				return r.Filter(func(x resources.Resource) bool { return r.Named(x.Name).Len() == 1 }).Quantities()
			}
		},
	},
	"what is printed reads back": {
		func(m *algebra) {
			m.text = func(r resources.Resources) ([]byte, error) { return []byte(r.String()), nil }
		},
		func(m *algebra) { m.json = without(`"container_path":"logs"`, `"container_path":"data"`) },
		func(m *algebra) { m.json = without(`"value":"v"`, `"value":""`) },
	},
	"the old format reads back": {
		func(m *algebra) { m.json = without(`"role":"b"`, `"role":"a"`) },
		func(m *algebra) { m.json = without(`"principal":"ops"`, `"principal":""`) },
		func(m *algebra) { // refined reservations lose layers
			m.json = func(r resources.Resources, f resources.Format) ([]byte, error) {
				return r.Filter(func(x resources.Resource) bool { return !x.Refined() }).JSON(f)
			}
		},
	},
	"operations conserve": {
		func(m *algebra) {
			m.apply = unlike(func(r resources.Resources) resources.Resources { return stock(slices.Collect(r.All())[1:]).sum() })
		},
		func(m *algebra) {
			m.apply = unlike(func(r resources.Resources) resources.Resources { return r.Plus(r) })
		},
		func(m *algebra) {
			m.apply = unlike(func(r resources.Resources) resources.Resources { return r.Allocate("a") })
		},
		func(m *algebra) { m.apply = unlike(resources.Resources.ToUnreserved) },
		func(m *algebra) { // what only a provider can do is done
			m.apply = func(r resources.Resources, op resources.Operation) (resources.Resources, error) {
				if _, ok := op.(resources.CreateDisk); ok {
					return r, nil
				}
				return r.Apply(op)
			}
		},
	},
	"sum is repeated plus": {
		func(m *algebra) {
			m.sum = func(l ...resources.Resources) resources.Resources { return resources.Sum(l[:max(0, len(l)-1)]...) }
		},
		func(m *algebra) { // more than 64 are too many
			m.sum = func(l ...resources.Resources) resources.Resources { return resources.Sum(l[:min(64, len(l))]...) }
		},
		func(m *algebra) { // the last copy says where it is mounted
			m.sum = func(l ...resources.Resources) resources.Resources {
				l = slices.Clone(l)
				slices.Reverse(l)
				return resources.Sum(l...)
			}
		},
	},
	"nothing mutates": {
		func(m *algebra) { // it writes to a stack
			m.plus = func(a, b resources.Resources) resources.Resources {
				for x := range a.All() {
					if len(x.Reservations) > 1 {
						x.Reservations[1].Principal = resources.Some("changed")
					}
				}
				return a.Plus(b)
			}
		},
		func(m *algebra) { // it writes to a disk
			m.contains = func(a, b resources.Resources) bool {
				for x := range b.All() {
					if x.Persistent() {
						x.Disk.Volume.ContainerPath = "changed"
					}
				}
				return a.Contains(b)
			}
		},
		func(m *algebra) { // it writes to what was handed to an operation
			m.apply = func(r resources.Resources, op resources.Operation) (resources.Resources, error) {
				if o, ok := op.(resources.Destroy); ok && o.Volumes[0].Disk != nil && o.Volumes[0].Disk.Source != nil {
					o.Volumes[0].Disk.Source.Vendor = resources.Some("changed")
				}
				return r.Apply(op)
			}
		},
	},
}

// without is JSON with something replaced.
func without(old, by string) func(resources.Resources, resources.Format) ([]byte, error) {
	return func(r resources.Resources, f resources.Format) ([]byte, error) {
		text, err := r.JSON(f)
		return bytes.ReplaceAll(text, []byte(old), []byte(by)), err
	}
}

// unlike is Apply followed by something.
func unlike(then func(resources.Resources) resources.Resources) func(resources.Resources, resources.Operation) (resources.Resources, error) {
	return func(r resources.Resources, op resources.Operation) (resources.Resources, error) {
		after, err := r.Apply(op)
		if err == nil && !after.IsEmpty() {
			after = then(after)
		}
		return after, err
	}
}

// TestAlgebraBreak checks that every law can fail.
func TestAlgebraBreak(t *testing.T) {
	for _, l := range algebraLaws {
		if len(brokenAlgebras[l.name]) == 0 {
			t.Errorf("nothing breaks the law that %s", l.name)
		}
		for i, breakIt := range brokenAlgebras[l.name] {
			m := newAlgebra()
			breakIt(&m)
			if broken(1, l.cases, l.condition(m), l.gens...) == "" {
				t.Errorf("%s: broken algebra %d passes", l.name, i)
			}
		}
	}
}
