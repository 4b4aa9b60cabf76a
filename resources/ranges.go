package resources

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strconv"
)

// Range is the integers from Begin to End, both included.
type Range struct {
	Begin, End uint64
}

// String returns "begin-end", also for a single integer: "5-5".
func (r Range) String() string { return string(r.append(nil)) }

func (r Range) append(b []byte) []byte {
	b = strconv.AppendUint(b, r.Begin, 10)
	b = append(b, '-')
	return strconv.AppendUint(b, r.End, 10)
}

func compareRange(a, b Range) int {
	switch {
	case a.Begin < b.Begin:
		return -1
	case a.Begin > b.Begin:
		return 1
	case a.End < b.End:
		return -1
	case a.End > b.End:
		return 1
	}
	return 0
}

// Ranges is a set of unsigned integers, ports for example, as intervals. It is
// immutable and canonical: intervals are sorted, disjoint, and never adjacent. The zero
// value is empty. The operations on two Ranges are linear in their intervals.
type Ranges struct {
	r []Range
}

// NewRanges returns the union of r, in any order, overlapping or not. It refuses a
// range that begins after its end with [ErrRange]. It keeps no reference to r.
func NewRanges(r ...Range) (Ranges, error) {
	for i, x := range r {
		if x.Begin > x.End {
			return Ranges{}, fmt.Errorf("range %d: %w: %v begins after its end", i, ErrRange, x)
		}
	}
	return Ranges{coalesce(slices.Clone(r))}, nil
}

// coalesce sorts and merges r in place. An inverted range survives, unless an earlier
// one reaches over its begin, as in Mesos.
func coalesce(r []Range) []Range {
	if !slices.IsSortedFunc(r, compareRange) {
		slices.SortFunc(r, compareRange)
	}
	out := r[:0]
	for _, x := range r {
		if n := len(out); n > 0 && touches(out[n-1], x) {
			out[n-1].End = max(out[n-1].End, x.End)
		} else {
			out = append(out, x)
		}
	}
	return out
}

// touches reports whether x, which begins no earlier than last, overlaps or follows it
// directly. Begin-1 rather than End+1: the largest integer may end a range, whereas a
// begin of 0 has overlapped already.
func touches(last, x Range) bool { return x.Begin <= last.End || x.Begin-1 == last.End }

// ParseRanges reads a text such as "[8000-8099,9000-9000]" by the grammar of Mesos
// values, which forgives a lot; [ParseValue] says how much. Errors are of type
// [*ParseError].
func ParseRanges(text string) (Ranges, error) {
	v, err := ParseValue(text)
	if err == nil && v.kind != KindRanges {
		err = &ParseError{Token: text, Err: fmt.Errorf("%w: %v where ranges are expected", ErrKind, v.kind)}
	}
	return v.Ranges(), shifted(err, "ranges", 0)
}

// MustRanges is [ParseRanges] for texts known to be good; it panics on others.
func MustRanges(text string) Ranges { return must(ParseRanges(text)) }

// Len returns the number of intervals.
func (r Ranges) Len() int { return len(r.r) }

// At returns the i-th interval, from the lowest.
func (r Ranges) At(i int) Range { return r.r[i] }

// All iterates over the intervals in rising order.
func (r Ranges) All() iter.Seq[Range] { return slices.Values(r.r) }

// IsEmpty reports whether there are no integers.
func (r Ranges) IsEmpty() bool { return len(r.r) == 0 }

// Count returns the number of integers, or the largest uint64 if there is one more.
func (r Ranges) Count() uint64 {
	var n uint64
	for _, x := range r.r {
		if x.Begin == 0 && x.End == math.MaxUint64 {
			return math.MaxUint64
		}
		n += x.End - x.Begin + 1
	}
	return n
}

// Has reports whether n is in r, in O(log n).
func (r Ranges) Has(n uint64) bool {
	i := sort.Search(len(r.r), func(i int) bool { return r.r[i].End >= n })
	return i < len(r.r) && r.r[i].Begin <= n
}

// Contains reports whether every integer of o is in r.
func (r Ranges) Contains(o Ranges) bool {
	a := r.r
	for _, x := range o.r {
		for len(a) > 0 && a[0].End < x.Begin {
			a = a[1:]
		}
		if len(a) == 0 || a[0].Begin > x.Begin || a[0].End < x.End {
			return false
		}
	}
	return true
}

// Plus returns the union.
func (r Ranges) Plus(o Ranges) Ranges {
	if len(r.r) == 0 {
		return o
	}
	if len(o.r) == 0 {
		return r
	}
	return Ranges{appendUnion(make([]Range, 0, len(r.r)+len(o.r)), r.r, o.r)}
}

// appendUnion appends the union of a and b to out; at most len(a)+len(b) intervals.
func appendUnion(out, a, b []Range) []Range {
	start := len(out)
	for len(a) > 0 || len(b) > 0 {
		var x Range
		if len(b) == 0 || len(a) > 0 && a[0].Begin <= b[0].Begin {
			x, a = a[0], a[1:]
		} else {
			x, b = b[0], b[1:]
		}
		if n := len(out); n > start && touches(out[n-1], x) {
			out[n-1].End = max(out[n-1].End, x.End)
		} else {
			out = append(out, x)
		}
	}
	return out
}

// Minus returns the integers of r that are not in o.
func (r Ranges) Minus(o Ranges) Ranges {
	if len(r.r) == 0 || len(o.r) == 0 {
		return r
	}
	return Ranges{appendDifference(make([]Range, 0, len(r.r)+len(o.r)), r.r, o.r)}
}

// appendDifference appends a without b to out; at most len(a)+len(b) intervals.
func appendDifference(out, a, b []Range) []Range {
	for _, x := range a {
		for len(b) > 0 && b[0].End < x.Begin {
			b = b[1:]
		}
		for len(b) > 0 && b[0].Begin <= x.End {
			if x.Begin < b[0].Begin {
				out = append(out, Range{x.Begin, b[0].Begin - 1})
			}
			if b[0].End >= x.End {
				x.Begin = math.MaxUint64
				x.End = 0
				break
			}
			x.Begin = b[0].End + 1
			b = b[1:]
		}
		if x.Begin <= x.End {
			out = append(out, x)
		}
	}
	return out
}

// Intersect returns the integers that are in both.
func (r Ranges) Intersect(o Ranges) Ranges {
	var out []Range
	for a, b := r.r, o.r; len(a) > 0 && len(b) > 0; {
		if lo, hi := max(a[0].Begin, b[0].Begin), min(a[0].End, b[0].End); lo <= hi {
			out = append(out, Range{lo, hi})
		}
		if a[0].End < b[0].End {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return Ranges{out}
}

// Equal reports whether both hold the same integers.
func (r Ranges) Equal(o Ranges) bool { return slices.Equal(r.r, o.r) }

// String returns a text such as "[8000-8099, 9000-9000]"; "[]" when empty.
func (r Ranges) String() string { return string(r.append(nil)) }

func (r Ranges) append(b []byte) []byte {
	b = append(b, '[')
	for i, x := range r.r {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = x.append(b)
	}
	return append(b, ']')
}

// MarshalText implements [encoding.TextMarshaler] with the form of String.
func (r Ranges) MarshalText() ([]byte, error) { return r.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseRanges].
func (r *Ranges) UnmarshalText(text []byte) error {
	v, err := ParseRanges(string(text))
	if err == nil {
		*r = v
	}
	return err
}
