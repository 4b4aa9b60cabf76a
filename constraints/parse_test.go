package constraints_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
)

// TestRoundTrip lists texts as they are printed, and the ways in which they may also be written.
func TestRoundTrip(t *testing.T) {
	for _, tt := range []struct {
		want string
		also []string
	}{
		{"rack=r1", []string{" rack = r1 ", `"rack"="r1"`, "(rack=r1)", "rack=r1;"}},
		{`rack="row 7"`, []string{`"rack" = "row\x207"`}},
		{`rack=""`, nil},
		{`"my rack"="a;b\"c"`, nil},
		{"exclusive=yes", nil},
		{"straße=nörd/7", nil},
		{"unique(rack)", []string{"unique( rack )", `unique("rack")`}},
		{"unique", []string{"unique()", `unique("")`}},
		{"exclusive", []string{"exclusive()", "((exclusive))"}},
	} {
		first := one(t, tt.want)
		if got := first.String(); got != tt.want {
			t.Errorf("%s prints as %s", tt.want, got)
		}
		for _, text := range tt.also {
			if got := one(t, text); !reflect.DeepEqual(got, first) {
				t.Errorf("%s is %v, want %s", text, got, tt.want)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{";", "1:1: constraint syntax: a constraint expected, not \";\""},
		{"rack=r1;;exclusive", "1:9: constraint syntax: a constraint expected, not \";\""},
		{"rack=", "1:6: constraint syntax: a value expected at the end"},
		{"rack==r1", "1:6: constraint syntax: a value expected, not \"=\""},
		{"rack=r1 exclusive", "1:9: constraint syntax: ';' or the end expected, not \"exclusive\""},
		{"=r1", "1:1: constraint syntax: a constraint expected, not \"=\""},
		{"(rack=r1", "1:9: constraint syntax: ')' expected at the end"},
		{"unique(rack", "1:12: constraint syntax: ',' or ')' expected at the end"},
		{"rack=r1;\nunique(räck) ?", "2:14: constraint syntax: unexpected character '?'"},
		{`rack="r1`, "1:6: constraint syntax: unfinished or malformed string"},
		{strings.Repeat("(", 200) + "exclusive", "1:101: constraint syntax: nested more than 100 deep"},
		{"exclusive; uniqe(rack)", "1:12: not a valid constraint: no constraint is called \"uniqe\""},
		{"rack", "1:1: not a valid constraint: no constraint is called \"rack\""},
		{`"rack"`, "1:1: not a valid constraint: \"rack\" is a value, not a constraint"},
		{`""=r1`, "1:1: not a valid constraint: an attribute without a name"},
		{"unique(rack,zone)", "1:13: not a valid constraint: too many arguments: it is written unique(attribute)"},
		{"unique(rack=r1)", "1:8: not a valid constraint: a name or a value is expected here: it is written unique(attribute)"},
		{"exclusive(rack)", "1:11: not a valid constraint: too many arguments: it is written exclusive"},
		{"2*rack=r1", "1:1: not a valid constraint: a requirement has no weight"},
	} {
		_, err := constraints.Parse(tt.text)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.text, err, tt.want)
			continue
		}
		sentinel := constraints.ErrMisuse
		if strings.Contains(tt.want, "syntax") {
			sentinel = constraints.ErrSyntax
		}
		var at *constraints.ParseError
		if !errors.Is(err, sentinel) || !errors.As(err, &at) {
			t.Errorf("%q: %v is not a ParseError that wraps %v", tt.text, err, sentinel)
		}
	}
}

func TestParseBlank(t *testing.T) {
	for _, text := range []string{"", "  \n\t"} {
		if list, err := constraints.Parse(text); len(list) != 0 || err != nil {
			t.Errorf("%q: %v, %v", text, list, err)
		}
		if _, err := constraints.ParseOne(text); !errors.Is(err, constraints.ErrSyntax) {
			t.Errorf("%q as one constraint: %v", text, err)
		}
	}
	if _, err := constraints.ParseOne("exclusive;unique"); !errors.Is(err, constraints.ErrSyntax) {
		t.Errorf("two constraints as one: %v", err)
	}
}

func TestWeights(t *testing.T) {
	prefs, err := constraints.ParsePreferences("exclusive;2 * rack=r1;0.25*unique;1e3*unique(rack)")
	if err != nil {
		t.Fatal(err)
	}
	var weights []float64
	var texts []string
	for _, p := range prefs {
		weights = append(weights, p.Weight)
		texts = append(texts, p.String())
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
	if want := []float64{1, 2, 0.25, 1000}; !reflect.DeepEqual(weights, want) {
		t.Errorf("weights %v, want %v", weights, want)
	}
	if got, want := strings.Join(texts, ";"), "exclusive;2*rack=r1;0.25*unique;1000*unique(rack)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, text := range []string{"0*exclusive", "-1*exclusive", "NaN*exclusive", "Inf*exclusive", "2e9*exclusive", "two*exclusive"} {
		if _, err := constraints.ParsePreferences(text); !errors.Is(err, constraints.ErrMisuse) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, p := range []constraints.Preference{{}, {Constraint: constraints.Exclusive(), Weight: -1}} {
		if err := p.Validate(); !errors.Is(err, constraints.ErrMisuse) {
			t.Errorf("%v: %v", p, err)
		}
	}
}
