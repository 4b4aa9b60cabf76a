package resources

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Limits says how much there may be of some names. A name without a limit is not
// limited, so unlike in [Quantities] a zero means something. It is immutable and sorted by name; the zero
// value limits nothing.
type Limits struct {
	q []Quantity
}

// NewLimits makes Limits of l. It refuses empty and repeated names, and amounts that are
// negative or beyond [MaxAmount]. It keeps no reference to l.
func NewLimits(l ...Quantity) (Limits, error) {
	s := slices.Clone(l)
	slices.SortStableFunc(s, func(a, b Quantity) int { return strings.Compare(a.Name, b.Name) })
	for i, x := range s {
		switch {
		case x.Name == "":
			return Limits{}, fmt.Errorf("limit: %w: empty", ErrName)
		case x.Amount < 0 || x.Amount > MaxAmount:
			return Limits{}, fmt.Errorf("limit %s: %w: %v is not between 0 and %v", x.Name, ErrAmount, x.Amount, MaxAmount)
		case i > 0 && s[i-1].Name == x.Name:
			return Limits{}, fmt.Errorf("limit %s: %w", x.Name, ErrDuplicate)
		}
	}
	return Limits{s}, nil
}

// ParseLimits reads a text such as "cpus:2;mem:512". Errors are of type [*ParseError].
func ParseLimits(text string) (Limits, error) {
	var l []Quantity
	for tok := range tokens(text, ";") {
		name, a, err := parseQuantity("limits", tok)
		if err != nil {
			return Limits{}, err
		}
		l = append(l, Quantity{name, a})
	}
	out, err := NewLimits(l...)
	if err != nil {
		return Limits{}, &ParseError{What: "limits", Token: text, Err: err}
	}
	return out, nil
}

// MustLimits is [ParseLimits] for texts known to be good; it panics on others.
func MustLimits(text string) Limits { return must(ParseLimits(text)) }

// Len returns the number of limits.
func (l Limits) Len() int { return len(l.q) }

// All iterates over names and limits in the order of names.
func (l Limits) All() iter.Seq2[string, Amount] { return Quantities(l).All() }

// Get returns the limit of name, and whether there is one.
func (l Limits) Get(name string) (Amount, bool) {
	for _, x := range l.q {
		if x.Name == name {
			return x.Amount, true
		}
	}
	return 0, false
}

// String returns a text such as "cpus:2;mem:512".
func (l Limits) String() string { return Quantities(l).String() }
