package resources

import (
	"fmt"
	"iter"
	"slices"
)

// Set is a set of strings. It is immutable and sorted; the zero value is empty. The
// operations on two sets are linear in their items.
type Set struct {
	s []string
}

// NewSet returns the set of items. It refuses repeated items with [ErrDuplicate]. It
// keeps no reference to items.
func NewSet(items ...string) (Set, error) {
	s := slices.Clone(items)
	slices.Sort(s)
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] {
			return Set{}, fmt.Errorf("set: %w: item %q", ErrDuplicate, s[i])
		}
	}
	return Set{s}, nil
}

// MustSet is [NewSet] for items known to be different; it panics on others.
func MustSet(items ...string) Set { return must(NewSet(items...)) }

// Len returns the number of items.
func (s Set) Len() int { return len(s.s) }

// At returns the i-th item in sorted order.
func (s Set) At(i int) string { return s.s[i] }

// All iterates over the items in sorted order.
func (s Set) All() iter.Seq[string] { return slices.Values(s.s) }

// IsEmpty reports whether there are no items.
func (s Set) IsEmpty() bool { return len(s.s) == 0 }

// Has reports whether item is in s, in O(log n).
func (s Set) Has(item string) bool {
	_, ok := slices.BinarySearch(s.s, item)
	return ok
}

// Contains reports whether every item of o is in s.
func (s Set) Contains(o Set) bool {
	a := s.s
	for _, x := range o.s {
		for len(a) > 0 && a[0] < x {
			a = a[1:]
		}
		if len(a) == 0 || a[0] != x {
			return false
		}
	}
	return true
}

// Plus returns the union.
func (s Set) Plus(o Set) Set {
	if len(s.s) == 0 {
		return o
	}
	if len(o.s) == 0 {
		return s
	}
	out := make([]string, 0, len(s.s)+len(o.s))
	a, b := s.s, o.s
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return Set{append(append(out, a...), b...)}
}

// Minus returns the items of s that are not in o.
func (s Set) Minus(o Set) Set {
	if len(s.s) == 0 || len(o.s) == 0 {
		return s
	}
	return Set{s.pick(o, false)}
}

// Intersect returns the items that are in both.
func (s Set) Intersect(o Set) Set { return Set{s.pick(o, true)} }

// pick returns the items of s that are in o, or those that are not.
func (s Set) pick(o Set, in bool) []string {
	var out []string
	b := o.s
	for _, x := range s.s {
		for len(b) > 0 && b[0] < x {
			b = b[1:]
		}
		if (len(b) > 0 && b[0] == x) == in {
			out = append(out, x)
		}
	}
	return out
}

// Equal reports whether both hold the same items.
func (s Set) Equal(o Set) bool { return slices.Equal(s.s, o.s) }

// String returns a text such as "{a, b}"; "{}" when empty.
func (s Set) String() string { return string(s.append(nil)) }

func (s Set) append(b []byte) []byte {
	b = append(b, '{')
	for i, x := range s.s {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, x...)
	}
	return append(b, '}')
}
