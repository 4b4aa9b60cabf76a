package resources

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unsafe"
)

// Quantity is an amount of something by name.
type Quantity struct {
	Name   string
	Amount Amount
}

// Quantities says how much of each name, whatever its role, disk or kind: what a task
// needs, or what a collection of resources adds up to. It is immutable, sorted by name,
// and holds no zero and no negative amounts. The zero value is empty.
type Quantities struct {
	q []Quantity
}

// NewQuantities makes Quantities of q. Amounts of the same name are summed and zeros
// dropped. It refuses empty names ([ErrName]), and negative amounts and amounts or sums
// beyond [MaxAmount] ([ErrAmount]). It keeps no reference to q.
func NewQuantities(q ...Quantity) (Quantities, error) {
	for i, x := range q {
		if x.Name == "" {
			return Quantities{}, fmt.Errorf("quantity %d: %w: empty", i, ErrName)
		}
		if x.Amount < 0 || x.Amount > MaxAmount {
			return Quantities{}, fmt.Errorf("quantity %d: %s: %w: %v is not between 0 and %v", i, x.Name, ErrAmount, x.Amount, MaxAmount)
		}
	}
	s := slices.Clone(q)
	slices.SortStableFunc(s, func(a, b Quantity) int { return strings.Compare(a.Name, b.Name) })
	out := s[:0]
	for _, x := range s {
		if x.Amount == 0 {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Name == x.Name {
			if out[n-1].Amount += x.Amount; out[n-1].Amount > MaxAmount {
				return Quantities{}, fmt.Errorf("%s: %w: the sum is beyond %v", x.Name, ErrAmount, MaxAmount)
			}
			continue
		}
		out = append(out, x)
	}
	return Quantities{out}, nil
}

// ParseQuantities reads a text such as "cpus:2;mem:512.5". Blanks around names and
// inside numbers are ignored, empty parts are skipped, and the same name may come twice. Errors
// are of type [*ParseError].
func ParseQuantities(text string) (Quantities, error) {
	var q []Quantity
	for tok := range tokens(text, ";") {
		name, a, err := parseQuantity("quantities", tok)
		if err != nil {
			return Quantities{}, err
		}
		q = append(q, Quantity{name, a})
	}
	out, err := NewQuantities(q...)
	if err != nil {
		return Quantities{}, &ParseError{What: "quantities", Token: text, Err: err}
	}
	return out, nil
}

// parseQuantity reads "name : number".
func parseQuantity(what string, tok token) (string, Amount, error) {
	fail := func(t token, err error) (string, Amount, error) {
		return "", 0, &ParseError{What: what, Token: t.text, Offset: t.at, Err: err}
	}
	name, value, ok := pair(tok)
	if !ok {
		return fail(tok, fmt.Errorf("%w: missing or extra ':'", ErrSyntax))
	}
	v, err := parseRaw(value.text)
	if err != nil {
		return fail(value, err)
	}
	if v.kind != KindScalar {
		return fail(value, fmt.Errorf("%w: only a number that is not negative will do", ErrKind))
	}
	a, err := AmountOf(v.f)
	if err != nil {
		return fail(value, err)
	}
	n := strings.TrimSpace(name.text)
	if n == "" {
		return fail(tok, fmt.Errorf("%w: empty", ErrName))
	}
	return n, a, nil
}

// MustQuantities is [ParseQuantities] for texts known to be good; it panics on others.
func MustQuantities(text string) Quantities { return must(ParseQuantities(text)) }

// Len returns the number of names.
func (q Quantities) Len() int { return len(q.q) }

// At returns the i-th quantity in the order of names.
func (q Quantities) At(i int) Quantity { return q.q[i] }

// All iterates over names and amounts in the order of names.
func (q Quantities) All() iter.Seq2[string, Amount] {
	return func(yield func(string, Amount) bool) {
		for _, x := range q.q {
			if !yield(x.Name, x.Amount) {
				return
			}
		}
	}
}

// Get returns the amount of name, 0 when there is none. It searches in O(log n).
func (q Quantities) Get(name string) Amount {
	i, ok := slices.BinarySearchFunc(q.q, name, func(x Quantity, name string) int { return strings.Compare(x.Name, name) })
	if !ok {
		return 0
	}
	return q.q[i].Amount
}

// IsEmpty reports whether there is nothing.
func (q Quantities) IsEmpty() bool { return len(q.q) == 0 }

// Plus returns the sums by name. Sums saturate at the largest int64.
func (q Quantities) Plus(o Quantities) Quantities {
	if len(q.q) == 0 {
		return o
	}
	if len(o.q) == 0 {
		return q
	}
	out := make([]Quantity, 0, len(q.q)+len(o.q))
	a, b := q.q, o.q
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0].Name, b[0].Name); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, Quantity{a[0].Name, addAmounts(a[0].Amount, b[0].Amount)})
			a, b = a[1:], b[1:]
		}
	}
	return Quantities{append(append(out, a...), b...)}
}

// Minus returns the differences by name; what would be zero or less vanishes.
func (q Quantities) Minus(o Quantities) Quantities {
	if len(q.q) == 0 || len(o.q) == 0 {
		return q
	}
	out := make([]Quantity, 0, len(q.q))
	b := o.q
	for _, x := range q.q {
		for len(b) > 0 && b[0].Name < x.Name {
			b = b[1:]
		}
		if len(b) > 0 && b[0].Name == x.Name {
			x.Amount -= b[0].Amount
		}
		if x.Amount > 0 {
			out = append(out, x)
		}
	}
	return Quantities{out}
}

// Contains reports whether q has at least as much of every name as o.
func (q Quantities) Contains(o Quantities) bool {
	a := q.q
	for _, x := range o.q {
		for len(a) > 0 && a[0].Name < x.Name {
			a = a[1:]
		}
		if len(a) == 0 || a[0].Name != x.Name || a[0].Amount < x.Amount {
			return false
		}
	}
	return true
}

// Equal reports whether both hold the same amounts.
func (q Quantities) Equal(o Quantities) bool {
	return unsafe.SliceData(q.q) == unsafe.SliceData(o.q) && len(q.q) == len(o.q) || slices.Equal(q.q, o.q)
}

// String returns a text such as "cpus:2;mem:512.5", which [ParseQuantities] reads back
// as long as the names hold no separators and the amounts are within [MaxAmount].
func (q Quantities) String() string { return string(q.append(nil)) }

func (q Quantities) append(b []byte) []byte {
	for i, x := range q.q {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(append(b, x.Name...), ':')
		b = x.Amount.append(b)
	}
	return b
}

// MarshalText implements [encoding.TextMarshaler] with the form of String.
func (q Quantities) MarshalText() ([]byte, error) { return q.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseQuantities].
func (q *Quantities) UnmarshalText(text []byte) error {
	v, err := ParseQuantities(string(text))
	if err == nil {
		*q = v
	}
	return err
}
