package constraints

import (
	"slices"
	"strconv"

	"github.com/berth-go/berth/resources"
)

type in struct {
	attr   string
	values []string
}

// In wants the attribute to have one of the values, compared as text: in(rack,r1,r2). An
// agent without the attribute is refused. It scores 1 or 0. The values are few: they are
// compared one by one.
func In(attr, value string, more ...string) Constraint {
	return named(in{attr, append([]string{value}, more...)}, attr)
}

func (i in) String() string     { return callExactly("in", append([]string{i.attr}, i.values...)) }
func (i in) Reads(string) Reads { return readsAttribute(i.attr) }

func (i in) Judge(c *Candidate) Verdict {
	return pass(slices.ContainsFunc(i.values, func(v string) bool { return c.is(i.attr, v) }))
}

type has struct{ attr, item string }

// Has wants the attribute to contain the item: has(features,ssd). A set contains its items,
// ranges contain whole numbers, and any other value contains what it equals as text. An
// agent without the attribute is refused. It scores 1 or 0.
func Has(attr, item string) Constraint { return named(has{attr, item}, attr) }

func (h has) String() string     { return callExactly("has", []string{h.attr, h.item}) }
func (h has) Reads(string) Reads { return readsAttribute(h.attr) }

func (h has) Judge(c *Candidate) Verdict {
	v, ok := c.Attribute(h.attr)
	switch {
	case !ok:
		return Verdict{}
	case v.Kind() == resources.KindSet:
		return pass(v.Set().Has(h.item))
	case v.Kind() == resources.KindRanges:
		n, ok := wholeNumber(h.item)
		return pass(ok && v.Ranges().Has(n))
	}
	return pass(textIs(v, h.item))
}

// wholeNumber does not allocate, as an error of strconv would.
func wholeNumber(text string) (uint64, bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil
}

type exists struct{ attr string }

// Exists wants the agent to have the attribute, whatever its value: exists(gpu). It scores
// 1 or 0.
func Exists(attr string) Constraint { return named(exists{attr}, attr) }

func (e exists) String() string     { return callExactly("exists", []string{e.attr}) }
func (e exists) Reads(string) Reads { return readsAttribute(e.attr) }

func (e exists) Judge(c *Candidate) Verdict { return pass(c.has(e.attr)) }
