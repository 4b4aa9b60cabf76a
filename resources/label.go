package resources

import (
	"slices"
	"strings"
)

// Optional is a string that may be unset, which is not the same as empty. The zero
// value is unset. Optionals compare with ==.
type Optional struct {
	text string
	set  bool
}

// Some returns a set Optional that holds text.
func Some(text string) Optional { return Optional{text, true} }

// Get returns the text, and whether it is set.
func (o Optional) Get() (text string, ok bool) { return o.text, o.set }

// IsSet reports whether o is set, perhaps to the empty string.
func (o Optional) IsSet() bool { return o.set }

// String returns the text, "" when unset.
func (o Optional) String() string { return o.text }

// Label is a key with an optional value, attached to reservations and disks.
type Label struct {
	Key   string
	Value Optional
}

// Labels is a list of labels that may be unset, which is not the same as empty. It is
// immutable; the zero value is unset. Order is kept but does not matter.
type Labels struct {
	l   []Label
	set bool
}

// NewLabels returns Labels that are set, and hold l. It keeps no reference to l.
func NewLabels(l ...Label) Labels { return Labels{slices.Clone(l), true} }

// IsSet reports whether l is set, perhaps to no labels.
func (l Labels) IsSet() bool { return l.set }

// Len returns the number of labels.
func (l Labels) Len() int { return len(l.l) }

// At returns the i-th label in the order given.
func (l Labels) At(i int) Label { return l.l[i] }

// Equal reports whether both are set to the same labels, each equally often and in any
// order, or both unset. As in Mesos, a label without a value equals one with an empty
// value.
func (l Labels) Equal(o Labels) bool {
	return l.set == o.set && slices.EqualFunc(l.sorted(), o.sorted(), func(a, b Label) bool {
		return compareLabel(a, b) == 0
	})
}

func (l Labels) sorted() []Label {
	if slices.IsSortedFunc(l.l, compareLabel) {
		return l.l
	}
	s := slices.Clone(l.l)
	slices.SortStableFunc(s, compareLabel)
	return s
}

func compareLabel(a, b Label) int {
	if c := strings.Compare(a.Key, b.Key); c != 0 {
		return c
	}
	return strings.Compare(a.Value.text, b.Value.text)
}

// String returns a text such as "{key: value, key}".
func (l Labels) String() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, x := range l.l {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(x.Key)
		if v, ok := x.Value.Get(); ok {
			b.WriteString(": " + v)
		}
	}
	b.WriteByte('}')
	return b.String()
}
