package resources

import (
	"fmt"
	"strings"
)

// ParseOption changes how [Parse] reads.
type ParseOption func(*parser)

type parser struct {
	role string // for resources that name none
}

// DefaultRole reserves resources that name no role for role, statically. The default is
// "*", which leaves them unreserved.
func DefaultRole(role string) ParseOption { return func(p *parser) { p.role = role } }

// Parse reads resources as operators write them for an agent: parts
// "name:value" or "name(role):value" separated by ';', for example
// "cpus:4;mem(web):1024;ports:[8000-8099]"; [ParseValue] describes the values. Blanks around names and
// roles do not matter, empty parts are skipped, and repeated names add up. A role makes
// a static reservation.
//
// A JSON array of Mesos Resource messages is read as well; nothing else can express
// disks and providers. Persistent volumes, revocable resources, dynamic
// reservations, and one name with two kinds are refused. See
// [Resources.UnmarshalText] for a reader that takes everything.
//
// Errors are of type [*ParseError].
func Parse(text string, options ...ParseOption) (Resources, error) {
	p := parser{role: "*"}
	for _, o := range options {
		o(&p)
	}
	var r Resources
	n, err := parseJSON([]byte(text))
	if list, ok := n.value.([]node); ok && err == nil {
		r, err = p.messages([]byte(text), list)
	} else {
		r, err = p.simple(text)
	}
	if err != nil {
		return Resources{}, err
	}
	if err := checkWritten(r); err != nil {
		return Resources{}, &ParseError{What: "resources", Token: text, Err: err}
	}
	return r, nil
}

// MustParse is [Parse] for texts known to be good; it panics on others.
func MustParse(text string) Resources { return must(Parse(text)) }

// messages reads Resource messages as Mesos reads them at a command line: an old
// format beside the new one is ignored.
func (p parser) messages(text []byte, list []node) (Resources, error) {
	var all []entry
	reader := &jsonReader{text: text}
	for _, n := range list {
		w, err := reader.resource(n)
		if err != nil {
			return Resources{}, err
		}
		if !w.role.set && len(w.reservations) == 0 {
			w.role = Some(p.role)
		}
		r, err := w.convert()
		if err != nil {
			return Resources{}, reader.fail(n, err)
		}
		if !r.IsEmpty() {
			all = append(all, newEntry(r))
		}
	}
	return collect(all), nil
}

// simple reads the form with parentheses and semicolons.
func (p parser) simple(text string) (Resources, error) {
	var all []entry
	for tok := range tokens(text, ";") {
		r, err := p.resource(tok)
		if err != nil {
			return Resources{}, err
		}
		if !r.IsEmpty() {
			all = append(all, newEntry(r))
		}
	}
	return collect(all), nil
}

// resource reads "name(role):value".
func (p parser) resource(tok token) (Resource, error) {
	fail := func(t token, err error) (Resource, error) {
		return Resource{}, &ParseError{What: "resources", Token: t.text, Offset: t.at, Err: err}
	}
	left, right, ok := pair(tok)
	if !ok {
		return fail(tok, fmt.Errorf("%w: missing or extra ':'", ErrSyntax))
	}
	name, role := left.text, p.role
	if open := strings.IndexByte(name, '('); open >= 0 {
		end := strings.IndexByte(name, ')')
		if end < open {
			return fail(left, fmt.Errorf("%w: mismatched parentheses", ErrSyntax))
		}
		name, role = name[:open], strings.TrimSpace(name[open+1:end])
	}
	raw, err := parseRaw(right.text)
	if err != nil {
		return fail(right, err)
	}
	r := Resource{Name: strings.TrimSpace(name)}
	if r.Value, err = raw.value(true); err != nil {
		return fail(right, err)
	}
	if role != "*" {
		r.Reservations = []Reservation{{Role: role}}
	}
	if err := r.Validate(); err != nil {
		return fail(tok, err)
	}
	return r, nil
}

// checkWritten refuses what operators may not write.
func checkWritten(r Resources) error {
	for i, e := range r.e {
		switch {
		case e.res.Persistent():
			return fmt.Errorf("%w: %v is a persistent volume", ErrNotAllowed, e.resource())
		case e.res.Revocable:
			return fmt.Errorf("%w: %v is revocable", ErrNotAllowed, e.resource())
		case e.res.DynamicallyReserved():
			return fmt.Errorf("%w: %v is dynamically reserved", ErrNotAllowed, e.resource())
		case i > 0 && r.e[i-1].res.Name == e.res.Name && r.e[i-1].kind != e.kind:
			return fmt.Errorf("%w: %q is both %v and %v", ErrName, e.res.Name, r.e[i-1].kind, e.kind)
		}
	}
	return nil
}

// MarshalText implements [encoding.TextMarshaler]. The text is of the operators' form
// where that says everything, such as "cpus:4;ports(web):[8000-8099]", and a JSON array
// otherwise. [Resources.UnmarshalText] reads both back.
func (r Resources) MarshalText() ([]byte, error) {
	var b []byte
	for i, e := range r.e {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, e.res.Name...)
		if role := e.res.Role(); role != "" {
			b = append(append(append(b, '('), role...), ')')
		}
		b = e.value.append(append(b, ':'))
	}
	if back, err := Parse(string(b)); err == nil && back.Equal(r) {
		return b, nil
	}
	return r.JSON(FormatPost)
}

// UnmarshalText implements [encoding.TextUnmarshaler]. It reads the operators' form like
// [Parse], and JSON arrays like [Resources.UnmarshalJSON], that is without the
// restrictions that apply to operators.
func (r *Resources) UnmarshalText(text []byte) error {
	if n, err := parseJSON(text); err == nil {
		if _, ok := n.value.([]node); ok {
			return r.UnmarshalJSON(text)
		}
	}
	v, err := Parse(string(text))
	if err == nil {
		*r = v
	}
	return err
}
