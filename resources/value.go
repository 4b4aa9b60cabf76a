package resources

import (
	"slices"
	"strings"
)

// Kind says what a [Value] is.
type Kind uint8

const (
	KindScalar Kind = iota // an Amount
	KindRanges             // Ranges of integers
	KindSet                // a Set of strings
	KindText               // a string; for attributes only
)

var kindNames = [...]string{"SCALAR", "RANGES", "SET", "TEXT"}

// String returns the name that Mesos uses: SCALAR, RANGES, SET or TEXT.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "UNKNOWN"
}

// Value is what there is of a resource, or the value of an attribute: an [Amount],
// [Ranges], a [Set], or a text. It is immutable; the zero value is the scalar 0.
type Value struct {
	kind   Kind
	amount Amount
	ranges []Range
	items  []string // of a set; the one text of a text
}

// ScalarOf returns a as a value.
func ScalarOf(a Amount) Value { return Value{amount: a} }

// RangesOf returns r as a value.
func RangesOf(r Ranges) Value { return Value{kind: KindRanges, ranges: r.r} }

// SetOf returns s as a value.
func SetOf(s Set) Value { return Value{kind: KindSet, items: s.s} }

// TextOf returns text as a value.
func TextOf(text string) Value { return Value{kind: KindText, items: []string{text}} }

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// Amount returns the amount of a scalar, and 0 for other kinds.
func (v Value) Amount() Amount { return v.amount }

// Ranges returns the ranges of v, none for other kinds.
func (v Value) Ranges() Ranges { return Ranges{v.ranges} }

// Set returns the set of v, empty for other kinds.
func (v Value) Set() Set {
	if v.kind != KindSet {
		return Set{}
	}
	return Set{v.items}
}

// Text returns the text of v, "" for other kinds.
func (v Value) Text() string {
	if v.kind != KindText {
		return ""
	}
	return v.items[0]
}

// IsEmpty reports whether v is the scalar 0 or has no ranges, items or characters.
func (v Value) IsEmpty() bool {
	switch v.kind {
	case KindScalar:
		return v.amount == 0
	case KindRanges:
		return len(v.ranges) == 0
	case KindSet:
		return len(v.items) == 0
	}
	return v.items[0] == ""
}

// Equal reports whether both are of the same kind and equal.
func (v Value) Equal(o Value) bool {
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case KindScalar:
		return v.amount == o.amount
	case KindRanges:
		return slices.Equal(v.ranges, o.ranges)
	}
	return slices.Equal(v.items, o.items)
}

// Contains reports whether both are of the same kind and o is part of v: no larger as a
// scalar, a subset as ranges or set, equal as a text.
func (v Value) Contains(o Value) bool {
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case KindScalar:
		return v.amount >= o.amount
	case KindRanges:
		return Ranges{v.ranges}.Contains(Ranges{o.ranges})
	case KindSet:
		return Set{v.items}.Contains(Set{o.items})
	}
	return v.items[0] == o.items[0]
}

// compare is a total order over values.
func (v Value) compare(o Value) int {
	if v.kind != o.kind {
		return int(v.kind) - int(o.kind)
	}
	switch {
	case v.amount < o.amount:
		return -1
	case v.amount > o.amount:
		return 1
	}
	if c := slices.CompareFunc(v.ranges, o.ranges, compareRange); c != 0 {
		return c
	}
	return slices.CompareFunc(v.items, o.items, strings.Compare)
}

// plus is the sum or union of values of one kind that is not text.
func (v Value) plus(o Value) Value {
	switch v.kind {
	case KindScalar:
		return Value{amount: addAmounts(v.amount, o.amount)}
	case KindRanges:
		return RangesOf(v.Ranges().Plus(o.Ranges()))
	}
	return SetOf(v.Set().Plus(o.Set()))
}

// minus is the difference of values of one kind that is not text; a scalar stops at 0.
func (v Value) minus(o Value) Value {
	switch v.kind {
	case KindScalar:
		return Value{amount: max(0, v.amount-o.amount)}
	case KindRanges:
		return RangesOf(v.Ranges().Minus(o.Ranges()))
	}
	return SetOf(v.Set().Minus(o.Set()))
}

// units is what v counts for in [Quantities]: integers and items count one each.
func (v Value) units() Amount {
	switch v.kind {
	case KindScalar:
		return v.amount
	case KindRanges:
		return countAmount(v.Ranges().Count())
	case KindSet:
		return countAmount(uint64(len(v.items)))
	}
	return 0
}

// String returns the value as Mesos prints it: "1.5", "[1-5, 9-9]", "{a, b}", or the
// text itself. Where items of a set have brackets, it may be a text that does not read
// back, as in Mesos, because the items stand in their order.
func (v Value) String() string { return string(v.append(nil)) }

func (v Value) append(b []byte) []byte {
	switch v.kind {
	case KindScalar:
		return v.amount.append(b)
	case KindRanges:
		return v.Ranges().append(b)
	case KindSet:
		return v.Set().append(b)
	}
	return append(b, v.items[0]...)
}
