package constraints

import (
	"strings"

	"github.com/berth-go/berth/resources"
)

type comparison struct {
	attr  string
	op    byte // '<', '>', tokenAtMost or tokenAtLeast
	bound resources.Amount
}

// AtLeast wants a number of at least bound: gen>=3. The attribute is a scalar, or a text
// that is a decimal number. An agent without the attribute, or with anything else in it, is
// refused. It scores 1 or 0.
func AtLeast(attr string, bound resources.Amount) Constraint {
	return named(comparison{attr, tokenAtLeast, bound}, attr)
}

// AtMost is like [AtLeast] but wants at most bound: gen<=3.
func AtMost(attr string, bound resources.Amount) Constraint {
	return named(comparison{attr, tokenAtMost, bound}, attr)
}

// MoreThan is like [AtLeast] but wants more than bound: gen>3.
func MoreThan(attr string, bound resources.Amount) Constraint {
	return named(comparison{attr, '>', bound}, attr)
}

// LessThan is like [AtLeast] but wants less than bound: gen<3.
func LessThan(attr string, bound resources.Amount) Constraint {
	return named(comparison{attr, '<', bound}, attr)
}

func (n comparison) String() string {
	op := string(rune(n.op))
	switch n.op {
	case tokenAtLeast:
		op = ">="
	case tokenAtMost:
		op = "<="
	}
	return quote(n.attr) + op + n.bound.String()
}

func (n comparison) Reads(string) Reads { return readsAttribute(n.attr) }

func (n comparison) Judge(c *Candidate) Verdict {
	a, ok := c.number(n.attr)
	switch n.op {
	case '<':
		ok = ok && a < n.bound
	case '>':
		ok = ok && a > n.bound
	case tokenAtMost:
		ok = ok && a <= n.bound
	default:
		ok = ok && a >= n.bound
	}
	return pass(ok)
}

type between struct {
	attr      string
	low, high resources.Amount
}

// Between wants a number from low to high, both included: between(gen,3,7). It treats
// attributes as [AtLeast] does. A low above high is an error that wraps [ErrMisuse].
func Between(attr string, low, high resources.Amount) (Constraint, error) {
	if attr == "" {
		return nil, errNameless
	}
	if low > high {
		return nil, misuse("nothing is between %v and %v", low, high)
	}
	return between{attr, low, high}, nil
}

func (b between) String() string     { return call("between", b.attr, b.low.String(), b.high.String()) }
func (b between) Reads(string) Reads { return readsAttribute(b.attr) }

func (b between) Judge(c *Candidate) Verdict {
	a, ok := c.number(b.attr)
	return pass(ok && b.low <= a && a <= b.high)
}

// number is the value of an attribute that is a number or reads like one.
func (c *Candidate) number(name string) (resources.Amount, bool) {
	v, ok := c.Attribute(name)
	switch {
	case !ok:
		return 0, false
	case v.Kind() == resources.KindScalar:
		return v.Amount(), true
	case v.Kind() != resources.KindText || strings.Trim(v.Text(), "+-.0123456789eE") != "":
		return 0, false // decided here because an error from parsing would allocate
	}
	a, err := resources.ParseAmount(v.Text())
	return a, err == nil
}

func readsAttribute(name string) Reads { return Reads{Attributes: []string{name}, Shrinks: true} }
