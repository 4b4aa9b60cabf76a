package constraints_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
)

// checkError expects an error that wraps a sentinel and points into the text.
func checkError(t *testing.T, text string, err error) {
	t.Helper()
	var at *constraints.ParseError
	if !errors.As(err, &at) || !errors.Is(err, constraints.ErrSyntax) && !errors.Is(err, constraints.ErrMisuse) {
		t.Fatalf("%q: %v is not a ParseError with a sentinel", text, err)
	}
	lines := strings.Split(text, "\n")
	if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1])+1 {
		t.Fatalf("%q: %v points outside", text, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range spellings {
		f.Add(s.want)
	}
	f.Add("2*unique(rack);\n0.5*rack=r1")
	f.Add("((((!!a=1&b")
	f.Add("\"\\xff\"=\"\\u00e4\"")
	w := constraintstest.New(agent("a1", "rack:r1;gen:2.5;ports:[1-9]"), agent("a2", ""))
	w.Place("web", "a1")
	f.Fuzz(func(t *testing.T, text string) {
		prefs, err := constraints.ParsePreferences(text)
		if err != nil {
			checkError(t, text, err)
			return
		}
		for _, p := range prefs {
			back, err := constraints.ParsePreferences(p.String())
			if err != nil || len(back) != 1 || back[0].String() != p.String() || back[0].Weight != p.Weight {
				t.Fatalf("%q: %v reads back as %v, %v", text, p, back, err)
			}
			if !strings.Contains(strings.NewReplacer("\r\n", " ", "\n", " ").Replace(text), p.String()) {
				t.Fatalf("%q: prints as %v", text, p)
			}
			plain := constraints.Canonical(p.Constraint)
			if again, err := constraints.ParseOne(plain.String()); err != nil || again.String() != plain.String() {
				t.Fatalf("%q: %v reads back as %v, %v", text, plain, again, err)
			}
			for _, id := range w.Agents() {
				a, b := w.Judge(p.Constraint, id, "web"), w.Judge(back[0].Constraint, id, "web")
				if a != b || !(a.Score >= 0 && a.Score <= 1) {
					t.Fatalf("%q: %v judges %v, read back it judges %v", text, p, a, b)
				}
			}
		}
	})
}
