package constraints

import (
	"strings"
	"unicode"
)

// written is a constraint that was read from a text other than the one it would print: it prints the text, so that a
// message says what its author wrote.
type written struct {
	Constraint
	text   string
	weight string // what stood before it in a preference, to the star
	factor float64
}

// Canonical returns the constraint as its constructor makes it. One that was parsed prints the text it was parsed from
// (gen >= 3.000), so two may be alike and print differently; their canonical forms print alike (gen>=3). Other
// constraints are returned as they are.
func Canonical(c Constraint) Constraint {
	if w, ok := c.(written); ok {
		return w.Constraint
	}
	return c
}

func (w written) String() string { return w.text }

func (w written) Forbids(group string) []Forbid { return forbids(w.Constraint, group) }

// oneLine puts a text in one line. No line ends inside a quoted word.
var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ")

// remember makes a preference print as it was written: its weight, if it has one, from start to middle, the rest from
// there to end.
func (p *parser) remember(pref Preference, start, middle, end int) Preference {
	source := func(from, to int) string { return strings.TrimFunc(oneLine.Replace(p.text[from:to]), unicode.IsSpace) }
	w := written{Constraint: pref.Constraint, text: source(middle, end)}
	if middle > start {
		w.weight, w.factor = oneLine.Replace(p.text[start:middle]), pref.Weight
	}
	if w.text != w.Constraint.String() || w.weight != "" && w.weight != pref.weightText() {
		pref.Constraint = w
	}
	return pref
}
