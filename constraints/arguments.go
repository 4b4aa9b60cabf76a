package constraints

import (
	"strconv"
	"time"

	"github.com/berth-go/berth/resources"
)

// arguments hands a builder its arguments from left to right and remembers the first that
// is wrong.
type arguments struct {
	p    *parser
	call node
	left []node
	form string
	err  error // with position
}

func (a *arguments) fail(pos int, err error) {
	if a.err == nil {
		a.err = errorAt(a.p.text, pos, err)
	}
}

// next returns the next argument; without one it fails if it must be there.
func (a *arguments) next(must bool) (node, bool) {
	if len(a.left) == 0 {
		if must {
			a.fail(a.call.pos, misuse("too few arguments: it is written %s", a.form))
		}
		return node{}, false
	}
	n := a.left[0]
	a.left = a.left[1:]
	return n, true
}

func (a *arguments) wordOf(n node) string {
	if n.kind != nodeWord && n.kind != nodeQuoted {
		a.fail(n.pos, misuse("a name or a value is expected here: it is written %s", a.form))
	}
	return n.name
}

// word is an argument that must be there and not be empty.
func (a *arguments) word() string {
	n, ok := a.next(true)
	if !ok {
		return ""
	}
	w := a.wordOf(n)
	if w == "" {
		a.fail(n.pos, misuse("an empty name: it is written %s", a.form))
	}
	return w
}

// optional is an argument that may be absent or empty.
func (a *arguments) optional() string {
	n, ok := a.next(false)
	if !ok {
		return ""
	}
	return a.wordOf(n)
}

// by is an attribute to count by; it must be there but may be empty.
func (a *arguments) by() string {
	n, ok := a.next(true)
	if !ok {
		return ""
	}
	return a.wordOf(n)
}

// value is one that must be there but may be empty.
func (a *arguments) value() string { return a.by() }

// rest is all that follows.
func (a *arguments) rest() []string {
	var words []string
	for {
		n, ok := a.next(false)
		if !ok {
			return words
		}
		words = append(words, a.wordOf(n))
	}
}

// integer is a whole number; absent is what it is when it is not there, and a negative
// absent says that it must be.
func (a *arguments) integer(absent int) int {
	n, ok := a.next(absent < 0)
	if !ok {
		return max(absent, 0)
	}
	i, err := parseInt(a.wordOf(n))
	if err != nil {
		a.fail(n.pos, err)
	}
	return i
}

func (a *arguments) amount() resources.Amount {
	n, ok := a.next(true)
	if !ok {
		return 0
	}
	amount, err := parseAmount(a.wordOf(n))
	if err != nil {
		a.fail(n.pos, err)
	}
	return amount
}

// duration is a time as Go writes it; 0 if it is not there and need not be.
func (a *arguments) duration(must bool) time.Duration {
	n, ok := a.next(must)
	if !ok {
		return 0
	}
	text := a.wordOf(n)
	d, err := time.ParseDuration(text)
	if err != nil {
		a.fail(n.pos, misuse("%q is not a time such as 90m or 1h30m", text))
	}
	return d
}

// constraint is an argument that is itself a constraint.
func (a *arguments) constraint() Constraint {
	n, ok := a.next(true)
	if !ok {
		return nil
	}
	c, err := a.p.build(n)
	if err != nil && a.err == nil {
		a.err = err
	}
	return c
}

func parseInt(text string) (int, error) {
	i, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, misuse("%q is not a whole number", text)
	}
	return int(i), nil
}

func parseAmount(text string) (resources.Amount, error) {
	a, err := resources.ParseAmount(text)
	if err != nil {
		return 0, misuse("%q is not a number", text)
	}
	return a, nil
}
