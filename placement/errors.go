package placement

import (
	"errors"
	"fmt"
	"strings"
)

// The sentinels that input errors wrap; match them with [errors.Is].
var (
	// ErrDuplicate is an ID that occurs twice.
	ErrDuplicate = errors.New("duplicate id")
	// ErrNoID is an offer, agent or task without a name.
	ErrNoID = errors.New("missing id")
	// ErrBadAmount is an amount that is negative or too large, or one more than an agent can have of a name in all: 2^62 thousandths, offered and held.
	ErrBadAmount = errors.New("bad amount")
	// ErrBadRequest is a malformed request of a task.
	ErrBadRequest = errors.New("bad request")
	// ErrKind is one resource name with two kinds, such as cpus as a scalar and as a set.
	ErrKind = errors.New("one name with two kinds")
	// ErrUnusable is a resource in an offer that the offer's role cannot use.
	ErrUnusable = errors.New("resource not usable by the offer's role")
	// ErrStanding is a standing and an ordinary offer for one agent and role.
	ErrStanding = errors.New("standing and ordinary offers mixed")
	// ErrGang is a gang that cannot be as it is described.
	ErrGang = errors.New("bad gang")
	// ErrPolicy is a panic in a packer, scorer, constraint or port policy.
	ErrPolicy = errors.New("policy panicked")
	// ErrNotFound is something asked about that is not there: a task for [Explain], what a [Change] names.
	ErrNotFound = errors.New("not found")
)

// maxOffenders bounds how many offenders an [InputError] lists.
const maxOffenders = 100

// InputError lists what is wrong with the input of a call: all offenders, up to 100.
type InputError struct {
	Offenders []Offender
	// More is the number of further offenders left out of the list.
	More int
}

// Offender is one thing wrong with one input.
type Offender struct {
	// Where is "offers", "tasks" or "running", a list of a [Change], such as "drain", or of an option, such as "limits" or "headroom"; Index the
	// position there, and ID the name.
	Where string
	Index int
	ID    string
	// Err says what is wrong and wraps a sentinel.
	Err error
}

// String says which input it is, and what is wrong with it.
func (o Offender) String() string {
	return fmt.Sprintf("%s[%d] %q: %v", o.Where, o.Index, o.ID, o.Err)
}

// Error counts the offenders and names the first three.
func (e *InputError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "placement: %d bad input", len(e.Offenders)+e.More)
	if len(e.Offenders)+e.More > 1 {
		b.WriteByte('s')
	}
	for i, o := range e.Offenders {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(e.Offenders)+e.More-3)
			break
		}
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(o.String())
	}
	return b.String()
}

// Unwrap makes [errors.Is] find the sentinel of every offender listed.
func (e *InputError) Unwrap() []error {
	errs := make([]error, len(e.Offenders))
	for i, o := range e.Offenders {
		errs[i] = o.Err
	}
	return errs
}

func (e *InputError) add(where string, index int, id string, err error) {
	if len(e.Offenders) >= maxOffenders {
		e.More++
		return
	}
	e.Offenders = append(e.Offenders, Offender{where, index, id, err})
}

func (e *InputError) join(more *InputError) {
	for _, o := range more.Offenders {
		e.add(o.Where, o.Index, o.ID, o.Err)
	}
	e.More += more.More
}

func (e *InputError) orNil() error {
	if len(e.Offenders) == 0 {
		return nil
	}
	return e
}
