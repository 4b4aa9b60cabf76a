package ports

import (
	"errors"
	"fmt"

	"github.com/berth-go/berth/resources"
)

// maxPort is the largest port number there is.
const maxPort = 65535

// ErrRequest is wrapped by every error of [Request.Validate].
var ErrRequest = errors.New("bad port request")

// Request says which ports a task needs. The zero Request needs none. A Request is read
// only and never kept by this package.
type Request struct {
	// Fixed are port numbers the task must have, in the order in which it wants them
	// reported.
	Fixed []uint16
	// Dynamic is how many further ports it needs, whichever they are. Port 0 is never one
	// of them.
	Dynamic int
	// Contiguous asks that the Dynamic ports follow one another without a gap. It does not
	// concern Fixed.
	Contiguous bool
	// Within bounds all ports of the request, Fixed and Dynamic. Empty means anywhere.
	Within resources.Ranges
}

// IsZero reports whether the request asks for no port at all.
func (r Request) IsZero() bool { return len(r.Fixed) == 0 && r.Dynamic == 0 }

// Count returns how many ports [Take] hands out for the request.
func (r Request) Count() int { return len(r.Fixed) + max(r.Dynamic, 0) }

// Validate reports what no set of free ports could satisfy: a fixed port asked for twice or
// outside Within, a negative number of dynamic ports, or more ports than exist. It wraps
// [ErrRequest]. A request that does not validate never fits; Take and Fits need no earlier
// call of Validate.
func (r Request) Validate() error {
	if r.Dynamic < 0 {
		return fmt.Errorf("%w: %d dynamic ports", ErrRequest, r.Dynamic)
	}
	if r.Dynamic > maxPort {
		return fmt.Errorf("%w: %d dynamic ports, more than there are", ErrRequest, r.Dynamic)
	}
	var seen portSet
	for i, p := range r.Fixed {
		if !seen.add(p) {
			return fmt.Errorf("%w: fixed port %d (number %d) is asked for twice", ErrRequest, p, i+1)
		}
		if !r.allows(p) {
			return fmt.Errorf("%w: fixed port %d is outside %v", ErrRequest, p, r.Within)
		}
	}
	return nil
}

func (r Request) allows(p uint16) bool { return r.Within.IsEmpty() || r.Within.Has(uint64(p)) }
