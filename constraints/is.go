package constraints

import (
	"math"
	"strconv"
	"strings"
)

type is struct{ attr, value, text string }

// Is is Marathon's IS: like [Equals], but a value that is written as a number equals the
// attribute however either is written: is(gen,1.0) accepts 1. Such a value is rounded to
// three decimals, halves to the even one. Negative numbers are compared as text.
func Is(attr, value string) Constraint {
	return named(is{attr, value, normalNumber(value)}, attr)
}

func (i is) String() string     { return callExactly("is", []string{i.attr, i.value}) }
func (i is) Reads(string) Reads { return readsAttribute(i.attr) }

func (i is) Judge(c *Candidate) Verdict { return pass(c.is(i.attr, i.text)) }

// normalNumber writes digits, with or without a fraction, as ValueText does, and returns
// any other text as it is.
func normalNumber(text string) string {
	whole, fraction, dot := strings.Cut(text, ".")
	if !isDigits(whole) || dot && !isDigits(fraction) {
		return text
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return text
	}
	rounded := strconv.FormatFloat(f, 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(rounded, "0"), ".")
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
