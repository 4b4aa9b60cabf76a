package resources

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ParseValue reads a value by the grammar of Mesos. Blanks (but not tabs) are ignored
// everywhere. What begins with '[' is ranges, what begins with '{' is a set, a number
// that is not negative is a scalar, and anything else is a text; "-1", "nan" and "0x10"
// are texts.
//
// The grammar forgives much: within ranges any run of brackets, commas and dashes
// separates, so "[1,2]" is 1 to 2; bounds may be hexadecimal; ranges may overlap; items
// of a set may repeat. Refused are unbalanced brackets, an odd number of bounds, bounds that are no
// uint64, ranges that begin after their end, and numbers beyond [MaxHeld]. Errors are
// of type [*ParseError].
func ParseValue(text string) (Value, error) {
	raw, err := parseRaw(text)
	var v Value
	if err == nil {
		v, err = raw.value(false)
	}
	if err != nil {
		return Value{}, &ParseError{What: "value", Token: text, Err: err}
	}
	return v, nil
}

// rawValue is a value as written: not rounded, and perhaps with inverted ranges,
// overlapping ranges or repeated items.
type rawValue struct {
	kind   Kind
	f      float64
	ranges []Range
	items  []string
}

// value makes the canonical value. When strict it refuses what Mesos refuses in a
// resource: a number that is not zero but rounds to zero, and repeated items.
func (r rawValue) value(strict bool) (Value, error) {
	switch r.kind {
	case KindScalar:
		a, err := amountWithin(r.f, MaxHeld)
		if err == nil && (a < 0 || a == 0 && r.f != 0 && strict) {
			err = fmt.Errorf("%w: %v is not at least 0.001", ErrAmount, r.f)
		}
		return ScalarOf(a), err
	case KindRanges:
		rs, err := NewRanges(r.ranges...)
		return RangesOf(rs), err
	case KindSet:
		items := slices.Clone(r.items)
		slices.Sort(items)
		if !strict {
			items = slices.Compact(items)
		}
		s, err := NewSet(items...)
		return SetOf(s), err
	}
	return TextOf(r.items[0]), nil
}

func parseRaw(text string) (rawValue, error) {
	t := strings.ReplaceAll(text, " ", "")
	if t == "" {
		return rawValue{}, fmt.Errorf("%w: empty value", ErrSyntax)
	}
	for _, p := range []string{"{}", "[]", "()"} {
		if !balanced(t, p[0], p[1]) {
			return rawValue{}, fmt.Errorf("%w: mismatched brackets %s", ErrSyntax, p)
		}
	}
	for _, open := range "[{" {
		switch i := strings.IndexRune(t, open); {
		case i > 0:
			return rawValue{}, fmt.Errorf("%w: '%c' in the middle", ErrSyntax, open)
		case i == 0 && open == '[':
			return parseRawRanges(t)
		case i == 0:
			return rawValue{kind: KindSet, items: slices.Collect(fields(t, "{},\n"))}, nil
		}
	}
	f, ok := parseFloat(t)
	switch abs := math.Abs(f); {
	case !ok, math.Signbit(f) && abs >= 0x1p-1022:
		return rawValue{kind: KindText, items: []string{t}}, nil
	case abs > 0 && abs < 0x1p-1022:
		return rawValue{}, fmt.Errorf("%w: subnormal number", ErrAmount)
	}
	return rawValue{f: f}, nil
}

func parseRawRanges(t string) (rawValue, error) {
	bounds := slices.Collect(fields(t, "[]-,\n"))
	if len(bounds)%2 != 0 {
		return rawValue{}, fmt.Errorf("%w: an odd number of range bounds", ErrSyntax)
	}
	r := make([]Range, len(bounds)/2)
	for i, s := range bounds {
		n, ok := parseUint(s)
		if !ok {
			return rawValue{}, fmt.Errorf("%w: %q is not an unsigned 64 bit integer", ErrSyntax, s)
		}
		if i%2 == 0 {
			r[i/2].Begin = n
		} else {
			r[i/2].End = n
		}
	}
	return rawValue{kind: KindRanges, ranges: coalesce(r)}, nil
}

// parseUint reads a decimal number, perhaps with a '+', or a hexadecimal one with 0x.
func parseUint(s string) (uint64, bool) {
	base := 10
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		s, base = s[2:], 16
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	n, err := strconv.ParseUint(s, base, 64)
	return n, err == nil
}

func balanced(t string, open, end byte) bool {
	depth := 0
	for i := range len(t) {
		switch t[i] {
		case open:
			depth++
		case end:
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// fields yields the non-empty parts of t between any of the separators.
func fields(t, separators string) iter.Seq[string] {
	return strings.FieldsFuncSeq(t, func(r rune) bool { return strings.ContainsRune(separators, r) })
}

// token is a part of a text and where it begins.
type token struct {
	text string
	at   int
}

// tokens yields the non-empty parts of text between any of the separators.
func tokens(text, separators string) iter.Seq[token] {
	return func(yield func(token) bool) {
		for at := 0; at < len(text); {
			n := strings.IndexAny(text[at:], separators)
			if n < 0 {
				n = len(text) - at
			}
			if n > 0 && !yield(token{text[at : at+n], at}) {
				return
			}
			at += n + 1
		}
	}
}

// pair splits "name:value"; a run of colons counts as one, also before and after.
func pair(t token) (name, value token, ok bool) {
	n := 0
	for part := range tokens(t.text, ":") {
		part.at += t.at
		switch n++; n {
		case 1:
			name = part
		case 2:
			value = part
		}
	}
	return name, value, n == 2
}
