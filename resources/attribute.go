package resources

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Attribute is something that is known about an agent: a name and a scalar, ranges or
// text.
type Attribute struct {
	Name  string
	Value Value
}

// String returns "name=value", as Mesos prints attributes.
func (a Attribute) String() string { return a.Name + "=" + a.Value.String() }

// Equal reports whether names and values are equal.
func (a Attribute) Equal(b Attribute) bool { return a.Name == b.Name && a.Value.Equal(b.Value) }

// Attributes are the attributes of an agent, in the order in which they were given. It
// is immutable; the zero value is empty. A name may occur more than once, and the first
// one counts.
type Attributes struct {
	a []Attribute
}

// NewAttributes makes Attributes of a. It refuses empty names ([ErrName]) and sets and
// empty texts ([ErrKind]), which Mesos does not support. It keeps no reference to a.
func NewAttributes(a ...Attribute) (Attributes, error) {
	for i, x := range a {
		if err := x.validate(); err != nil {
			return Attributes{}, fmt.Errorf("attribute %d: %w", i, err)
		}
	}
	return Attributes{slices.Clone(a)}, nil
}

func (a Attribute) validate() error {
	switch {
	case a.Name == "":
		return fmt.Errorf("%w: empty", ErrName)
	case a.Value.kind == KindSet:
		return fmt.Errorf("%s: %w: an attribute cannot be a set", a.Name, ErrKind)
	case a.Value.kind == KindText && a.Value.Text() == "":
		return fmt.Errorf("%s: %w: an attribute cannot be an empty text", a.Name, ErrKind)
	}
	return nil
}

// ParseAttributes reads a text such as "rack:r1;gen:3;ports:[1-5]". Parts are separated
// by ';' or a line break, empty parts are skipped, and the first ':' of a part ends the
// name, so a value may hold others. [ParseValue] describes the values; blanks in them
// are dropped, those in names are not. Errors are of type [*ParseError].
func ParseAttributes(text string) (Attributes, error) {
	var out []Attribute
	for tok := range tokens(text, ";\n") {
		fail := func(t token, err error) (Attributes, error) {
			return Attributes{}, &ParseError{What: "attributes", Token: t.text, Offset: t.at, Err: err}
		}
		name, value, ok := strings.Cut(tok.text, ":")
		if !ok || name == "" || value == "" {
			return fail(tok, fmt.Errorf("%w: a name, ':' and a value are expected", ErrSyntax))
		}
		v, err := ParseValue(value)
		if err != nil {
			return Attributes{}, shifted(err, "attributes", tok.at+len(name)+1)
		}
		a := Attribute{name, v}
		if err := a.validate(); err != nil {
			return fail(tok, err)
		}
		out = append(out, a)
	}
	return Attributes{out}, nil
}

// MustAttributes is [ParseAttributes] for texts known to be good; it panics on others.
func MustAttributes(text string) Attributes { return must(ParseAttributes(text)) }

// Len returns the number of attributes.
func (a Attributes) Len() int { return len(a.a) }

// At returns the i-th attribute in the order given.
func (a Attributes) At(i int) Attribute { return a.a[i] }

// All iterates over the attributes in the order given.
func (a Attributes) All() iter.Seq[Attribute] { return slices.Values(a.a) }

// Get returns the value of the first attribute called name.
func (a Attributes) Get(name string) (Value, bool) {
	for i := range a.a {
		if a.a[i].Name == name {
			return a.a[i].Value, true
		}
	}
	return Value{}, false
}

// Contains reports whether every attribute of o is also in a, however often.
func (a Attributes) Contains(o Attributes) bool {
	for _, x := range o.a {
		if !slices.ContainsFunc(a.a, x.Equal) {
			return false
		}
	}
	return true
}

// Equal reports whether both have equally many attributes and contain each other, in
// any order. As in Mesos it does not count repetitions: x, x, y equals x, y, y.
func (a Attributes) Equal(o Attributes) bool {
	if len(a.a) != len(o.a) {
		return false
	}
	same := func(x, y Attribute) bool { return x.Name == y.Name && x.Value.Equal(y.Value) }
	return len(a.a) == 0 || &a.a[0] == &o.a[0] || slices.EqualFunc(a.a, o.a, same) || (a.Contains(o) && o.Contains(a))
}

// String returns a text such as "rack:r1;gen:3", which [ParseAttributes] reads back as
// long as names and texts hold no separators.
func (a Attributes) String() string {
	var b []byte
	for i, x := range a.a {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(append(b, x.Name...), ':')
		b = x.Value.append(b)
	}
	return string(b)
}

// MarshalText implements [encoding.TextMarshaler] with the form of String. It fails
// with [ErrSyntax] when that would not read back as the same attributes.
func (a Attributes) MarshalText() ([]byte, error) {
	text := a.String()
	back, err := ParseAttributes(text)
	if err != nil || !slices.EqualFunc(a.a, back.a, Attribute.Equal) {
		return nil, fmt.Errorf("%w: the attributes %q cannot be written as text", ErrSyntax, text)
	}
	return []byte(text), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseAttributes].
func (a *Attributes) UnmarshalText(text []byte) error {
	v, err := ParseAttributes(string(text))
	if err == nil {
		*a = v
	}
	return err
}
