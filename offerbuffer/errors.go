package offerbuffer

import (
	"errors"
	"fmt"

	"github.com/berth-go/berth/placement"
)

// Sentinels that errors of this package wrap; test with [errors.Is].
var (
	ErrConfig      = errors.New("bad configuration")
	ErrNoID        = errors.New("no id")
	ErrDuplicate   = errors.New("is held already")
	ErrTwice       = errors.New("is named twice")
	ErrStanding    = errors.New("is standing: it stays, so there is nothing to hold")
	ErrUnknown     = errors.New("is not held: it was never added, or has ended")
	ErrNotReleased = errors.New("has not been released")
	ErrMixed       = errors.New("cannot be accepted together: they differ in agent or role")
)

// Error says which offer is refused, and why.
type Error struct {
	Offer placement.OfferID
	// Err is or wraps a sentinel.
	Err error
}

// Error names the offer and says what is wrong with it.
func (e *Error) Error() string { return fmt.Sprintf("offerbuffer: offer %q %v", e.Offer, e.Err) }

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }
