package resources

import "fmt"

// Format is a JSON form of Mesos Resource messages. They differ in where they put
// reservations; readers of this package take all of them.
type Format uint8

const (
	// FormatPost is what Mesos has used since reservations can be refined: a list of
	// reservations. It expresses everything.
	FormatPost Format = iota
	// FormatPre is what was before: a role, "*" when unreserved, and a reservation when
	// it is dynamic. It cannot express refined reservations, and loses the principal and
	// labels of static ones.
	FormatPre
	// FormatEndpoint is that of Mesos's HTTP endpoints: FormatPost, and where
	// that is possible also FormatPre.
	FormatEndpoint
)

// UnmarshalJSON implements [encoding/json.Unmarshaler]: it reads a Mesos Resource
// message in any [Format], or in several as long as they agree, and validates it. Unknown
// fields are ignored, null is unset, and numbers may be written as strings. Errors are
// of type [*ParseError].
func (r *Resource) UnmarshalJSON(text []byte) error {
	n, err := parseJSON(text)
	if err != nil {
		return err
	}
	v, err := (&jsonReader{text: text}).checked(n)
	if err == nil {
		*r = v
	}
	return err
}

func (p *jsonReader) checked(n node) (Resource, error) {
	w, err := p.resource(n)
	if err != nil {
		return Resource{}, err
	}
	r, err := w.convert()
	if err == nil {
		err = w.checkFormat()
	}
	if err != nil {
		return Resource{}, p.fail(n, err)
	}
	return r, nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]: it reads an array of Mesos
// Resource messages; see [Resource.UnmarshalJSON]. A shared resource may occur more
// than once.
func (r *Resources) UnmarshalJSON(text []byte) error {
	n, err := parseJSON(text)
	if err != nil {
		return err
	}
	p := &jsonReader{text: text}
	list, ok := n.value.([]node)
	if !ok {
		return p.fail(n, fmt.Errorf("%w: an array is expected", ErrSyntax))
	}
	var all []entry
	for _, n := range list {
		x, err := p.checked(n)
		if err != nil {
			return err
		}
		if !x.IsEmpty() {
			all = append(all, newEntry(x))
		}
	}
	*r = collect(all)
	return nil
}
