package resources

import (
	"fmt"
	"iter"
	"slices"
)

// Resources is a collection of resources: what an agent has, what an offer holds, what
// a task takes. It is immutable and canonical: entries of the same identity are merged,
// empty ones dropped, and the rest sorted by name, reservation and the other parts of
// the identity. Resources that can only be taken whole (see [Resource.Whole]) and
// shared ones do not merge; each copy is an entry. The zero value is empty.
type Resources struct {
	e []entry
}

// New returns the collection of r. Every resource must be valid; see
// [Resource.Validate] for the errors. It keeps no reference to r.
func New(r ...Resource) (Resources, error) {
	e := make([]entry, 0, len(r))
	for i, x := range r {
		if err := x.Validate(); err != nil {
			return Resources{}, fmt.Errorf("%d: %w", i, err)
		}
		if !x.IsEmpty() {
			e = append(e, newEntry(x))
		}
	}
	return collect(e), nil
}

// Must is [New] for resources known to be valid; it panics on others.
func Must(r ...Resource) Resources { return must(New(r...)) }

// collect sorts and merges e, which it may overwrite.
func collect(e []entry) Resources {
	if !slices.IsSortedFunc(e, compareEntries) {
		slices.SortStableFunc(e, compareEntries)
	}
	out := e[:0]
	for _, x := range e {
		n := len(out)
		if n == 0 || out[n-1].compare(&x) != 0 {
			out = append(out, x)
			continue
		}
		if last := &out[n-1]; !x.whole {
			last.value = last.value.plus(x.value)
		} else if x.res.Shared {
			out = append(out, *last) // copies of a shared resource are one resource
		} else {
			out = append(out, x)
		}
	}
	clear(e[len(out):])
	return Resources{out}
}

// Len returns the number of entries. A shared resource held n times is n entries.
func (r Resources) Len() int { return len(r.e) }

// At returns the i-th entry in canonical order. What the result refers to must not be
// written to.
func (r Resources) At(i int) Resource { return r.e[i].resource() }

// Plain returns name and value of the i-th entry, in canonical order, if there is nothing else to say of it: no reservation, no
// disk, not revocable. It is what most entries are, and cheaper than [Resources.At].
func (r Resources) Plain(i int) (name string, value Value, ok bool) {
	e := &r.e[i]
	return e.res.Name, e.value, e.plain
}

// All iterates over the entries in canonical order.
func (r Resources) All() iter.Seq[Resource] {
	return func(yield func(Resource) bool) {
		for _, e := range r.e {
			if !yield(e.resource()) {
				return
			}
		}
	}
}

// IsEmpty reports whether there is nothing.
func (r Resources) IsEmpty() bool { return len(r.e) == 0 }

// Equal reports whether both hold the same. Where volumes are mounted and who created
// them does not matter.
func (r Resources) Equal(o Resources) bool {
	return slices.EqualFunc(r.e, o.e, func(a, b entry) bool {
		return a.compare(&b) == 0 && a.value.Equal(b.value)
	})
}

// Quantities returns how much there is of each name, whatever its role, disk or kind.
// Ranges count the integers, sets the items, and a shared resource counts once.
func (r Resources) Quantities() Quantities {
	if len(r.e) == 0 {
		return Quantities{}
	}
	out := make([]Quantity, 0, len(r.e))
	for i := range r.e {
		e := &r.e[i]
		if i > 0 && e.res.Shared && r.e[i-1].compare(e) == 0 {
			continue
		}
		units := e.value.units()
		if n := len(out); n > 0 && out[n-1].Name == e.res.Name {
			out[n-1].Amount = addAmounts(out[n-1].Amount, units)
		} else {
			out = append(out, Quantity{e.res.Name, units})
		}
	}
	return Quantities{out}
}

// Count returns how often x, value included, occurs as an entry: the number of copies of
// a shared resource, and 0 or 1 for others.
func (r Resources) Count(x Resource) int {
	e := newEntry(x)
	i, found := slices.BinarySearchFunc(r.e, e, compareEntries)
	if !found || !r.e[i].value.Equal(x.Value) {
		return 0
	}
	n := 1
	for x.Shared && i+n < len(r.e) && r.e[i+n].compare(&e) == 0 {
		n++
	}
	return n
}

// String returns the collection as Mesos prints it: entries joined by "; ", copies of a
// shared resource as one entry with their number, "{}" when empty. [Resources.MarshalText]
// is the form that reads back.
func (r Resources) String() string {
	if len(r.e) == 0 {
		return "{}"
	}
	var b []byte
	for i := 0; i < len(r.e); {
		if i > 0 {
			b = append(b, "; "...)
		}
		e := r.e[i]
		b = e.resource().append(b)
		n := 1
		for e.res.Shared && i+n < len(r.e) && r.e[i+n].compare(&e) == 0 {
			n++
		}
		if e.res.Shared {
			b = fmt.Appendf(b, "<%d>", n)
		}
		i += n
	}
	return string(b)
}
