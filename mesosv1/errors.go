package mesosv1

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Sentinels that errors of this package wrap, besides those of packages resources and
// placement; test with [errors.Is].
var (
	ErrMissing       = errors.New("missing")                      // a message or a field that must be there is not
	ErrEnum          = errors.New("unknown enum value")           // a number that the enum of a field does not have
	ErrInexpressible = errors.New("cannot be expressed")          // the other side has no place for it
	ErrWindow        = errors.New("window ends before it begins") // an unavailability of negative duration
)

// Error says where in a message something is wrong, and why.
type Error struct {
	// Offer is the ID of the offer, "" outside an offer.
	Offer string
	// Field is the path to the field, "resources[2].ranges.range[0]" for example, "" for
	// the message itself.
	Field string
	// Name is the name of the resource or attribute at fault, "" when there is none.
	Name string
	// Err says what is wrong with what, and wraps a sentinel.
	Err error
}

// Error names offer, field and resource as far as they are known, and says what is wrong:
// mesosv1: offer "o1": resources[2].name ("cpus"): …
func (e *Error) Error() string {
	b := []byte("mesosv1: ")
	if e.Offer != "" {
		b = append(strconv.AppendQuote(append(b, "offer "...), e.Offer), ": "...)
	}
	b = append(b, e.Field...)
	if e.Name != "" {
		b = append(strconv.AppendQuote(append(b, " ("...), e.Name), ')')
	}
	if e.Field != "" || e.Name != "" {
		b = append(b, ": "...)
	}
	return string(append(b, e.Err.Error()...))
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// Errors are the errors of several offers, in their order.
type Errors []*Error

// Error has one line for each error.
func (e Errors) Error() string {
	var b strings.Builder
	for i, x := range e {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Error())
	}
	return b.String()
}

// Unwrap makes [errors.Is] and [errors.As] look at every one.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, x := range e {
		out[i] = x
	}
	return out
}

// asError returns err as an Error that may be changed. It does not look through other
// errors, whose text would be lost.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		c := *e
		return &c
	}
	return &Error{Err: err}
}

// within returns err moved below field. It is nil when err is.
func within(field string, err error) error {
	if err == nil {
		return nil
	}
	e := asError(err)
	switch {
	case e.Field == "":
		e.Field = field
	case field != "":
		e.Field = field + "." + e.Field
	}
	return e
}

// withinItem is within for the i-th item of a list, called name.
func withinItem(list string, i int, name string, err error) error {
	if err == nil {
		return nil
	}
	return named(name, within(fmt.Sprintf("%s[%d]", list, i), err))
}

// named returns err with the name of what is wrong, unless it has one.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	e := asError(err)
	if e.Name == "" {
		e.Name = name
	}
	return e
}

// inOffer returns err with the ID of the offer it concerns.
func inOffer(id string, err error) error {
	if err == nil {
		return nil
	}
	e := asError(err)
	e.Offer = id
	return e
}

// missing is the error for a field that must be set.
func missing(field string) error { return &Error{Field: field, Err: ErrMissing} }

// unknown is the error for an enum number without a name.
func unknown(field string, n int32) error {
	return &Error{Field: field, Err: fmt.Errorf("%w: %d", ErrEnum, n)}
}
