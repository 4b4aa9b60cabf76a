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
	items  *[]string // of a set; the one text of a text; nil where there are none. Few values have any, and the others are the shorter for it
}

// list is the items.
func (v Value) list() []string {
	if v.items == nil {
		return nil
	}
	return *v.items
}

// ScalarOf returns a as a value.
func ScalarOf(a Amount) Value { return Value{amount: a} }

// RangesOf returns r as a value.
func RangesOf(r Ranges) Value { return Value{kind: KindRanges, ranges: r.r} }

// SetOf returns s as a value.
func SetOf(s Set) Value {
	if s.s == nil {
		return Value{kind: KindSet}
	}
	return Value{kind: KindSet, items: &s.s}
}

// TextOf returns text as a value.
func TextOf(text string) Value {
	v := &struct {
		list []string
		one  [1]string
	}{one: [1]string{text}} // in one piece of memory
	v.list = v.one[:]
	return Value{kind: KindText, items: &v.list}
}

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
	return Set{v.list()}
}

// Text returns the text of v, "" for other kinds.
func (v Value) Text() string {
	if v.kind != KindText {
		return ""
	}
	return v.list()[0]
}

// IsEmpty reports whether v is the scalar 0 or has no ranges, items or characters.
func (v Value) IsEmpty() bool {
	switch v.kind {
	case KindScalar:
		return v.amount == 0
	case KindRanges:
		return len(v.ranges) == 0
	case KindSet:
		return len(v.list()) == 0
	}
	return v.list()[0] == ""
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
	return slices.Equal(v.list(), o.list())
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
		return Set{v.list()}.Contains(Set{o.list()})
	}
	return v.list()[0] == o.list()[0]
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
	return slices.CompareFunc(v.list(), o.list(), strings.Compare)
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
		return countAmount(uint64(len(v.list())))
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
	return append(b, v.list()[0]...)
}
