package resources

import (
	"errors"
	"strconv"
)

// Sentinels that the errors of this package wrap; test with [errors.Is].
var (
	ErrSyntax       = errors.New("bad syntax")                  // a text or JSON document does not have the expected form
	ErrAmount       = errors.New("bad amount")                  // not finite, negative where it may not be, or beyond the limit
	ErrRange        = errors.New("bad range")                   // begin after end, or overlapping ranges in a message
	ErrDuplicate    = errors.New("duplicate")                   // an item that must be unique is repeated
	ErrName         = errors.New("bad name")                    // an empty name, or one name with two kinds
	ErrKind         = errors.New("wrong kind of value")         // a value of a kind that is not supported here
	ErrRole         = errors.New("bad role")                    // not a valid role name
	ErrReservation  = errors.New("bad reservation")             // a reservation stack that cannot be
	ErrAllocation   = errors.New("bad allocation")              // allocation missing, or more than one allocation role
	ErrDisk         = errors.New("bad disk")                    // disk information that cannot be
	ErrShared       = errors.New("cannot be shared")            // only persistent volumes can be shared
	ErrRevocable    = errors.New("revocable resource")          // a use that revocable resources do not allow
	ErrFormat       = errors.New("format cannot express this")  // refined reservations in the old format, or mixed formats that disagree
	ErrNotContained = errors.New("not contained")               // an operation consumes what is not there
	ErrConservation = errors.New("totals would change")         // an operation would create or destroy resources
	ErrUnsupported  = errors.New("operation not supported")     // an operation that this function does not perform
	ErrOperation    = errors.New("invalid operation")           // an operation that the master would refuse
	ErrTask         = errors.New("invalid task resources")      // task resources that the master would refuse
	ErrFramework    = errors.New("invalid framework")           // framework information that the master would refuse
	ErrNotAllowed   = errors.New("not allowed in this context") // what operators cannot write at a command line
)

// ParseError says which part of a text could not be read, where it stands, and why.
type ParseError struct {
	What   string // what was being read, "resources" for example
	Token  string // the offending part
	Offset int    // where Token begins, in bytes from the start of the text
	Err    error  // why; wraps a sentinel of this package
}

// Error says what was read, the token that is wrong, where it stands, and why.
func (e *ParseError) Error() string {
	token := e.Token
	if len(token) > 64 {
		token = token[:61] + "..."
	}
	return "parsing " + e.What + ": " + strconv.Quote(token) + " at byte " + strconv.Itoa(e.Offset) + ": " + e.Err.Error()
}

// Unwrap returns e.Err.
func (e *ParseError) Unwrap() error { return e.Err }

// shifted moves the position of a ParseError, for parsers that read part of a larger text.
func shifted(err error, what string, by int) error {
	var p *ParseError
	if !errors.As(err, &p) {
		return err
	}
	return &ParseError{What: what, Token: p.Token, Offset: p.Offset + by, Err: p.Err}
}
