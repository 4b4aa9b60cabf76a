package constraints_test

import (
	"reflect"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
)

// TestPrintsAsWritten: what was parsed prints as it was written, in one line; what was made prints canonically, also out
// of parts that were parsed.
func TestPrintsAsWritten(t *testing.T) {
	list := constraints.MustParse(" gen >= 3.000;rack = \"r1\"\n | !exists( gpu ) ;\r\nunique(\"rack\"); exclusive ")
	wide, either, unique, exclusive := list[0], list[1], list[2], list[3]
	for _, tt := range []struct {
		c    constraints.Constraint
		want string
	}{
		{wide, "gen >= 3.000"},
		{either, `rack = "r1"  | !exists( gpu )`},
		{unique, `unique("rack")`},
		{exclusive, "exclusive"},
		{constraints.Canonical(wide), "gen>=3"},
		{constraints.Canonical(exclusive), "exclusive"},
		{constraints.AtLeast("gen", 3000), "gen>=3"},
		{constraints.Not(wide), "!gen>=3"},
		{constraints.And(wide, either, unique), "gen>=3 & (rack=r1 | !exists(gpu)) & unique(rack)"},
		{constraints.Or(wide, either), "gen>=3 | rack=r1 | !exists(gpu)"},
		{constraints.Of("db", unique), "of(db,unique(rack))"},
		{constraints.Not(constraints.MustParse("! exclusive")[0]), "exclusive"},
	} {
		if got := tt.c.String(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
		if back := one(t, tt.want); !reflect.DeepEqual(constraints.Canonical(back), constraints.Canonical(tt.c)) {
			t.Errorf("%s reads back as something else", tt.want)
		}
	}
	if exclusive != constraints.Exclusive() || constraints.Canonical(unique) != constraints.Unique("rack") {
		t.Error("what is written canonically is not what the constructor makes")
	}
}

// TestWrittenIsTheSame: however it is written, a constraint reads, judges, forbids and scales down alike.
func TestWrittenIsTheSame(t *testing.T) {
	for _, tt := range spellings {
		for _, text := range tt.also {
			constraintstest.Test(t, one(t, text))
		}
	}
	standing, ok := one(t, "exclusive()").(constraints.Standing)
	if !ok || !reflect.DeepEqual(standing.Forbids("web"), constraints.Exclusive().(constraints.Standing).Forbids("web")) {
		t.Error("exclusive() forbids nothing")
	}
	rack := func(string) (string, bool) { return "r1", true }
	for _, text := range []string{"group_by(rack)", "group_by( rack )", "group_by( rack ) & exclusive"} {
		if got := constraints.ScaleDown(constraints.MustParse(text), []constraints.Instance{rack, rack}, 1); len(got) != 1 {
			t.Errorf("%s selects %v", text, got)
		}
	}
}

// TestWeightsAsWritten: a weight prints as it was written for as long as it is that weight.
func TestWeightsAsWritten(t *testing.T) {
	for _, text := range []string{"1*exclusive", "2.50 * exclusive", "2*rack = r1", "1e3*rack=r1"} {
		p := constraints.MustParsePreferences(text)[0]
		if p.String() != text {
			t.Errorf("%s prints as %s", text, p)
		}
		p.Weight = 7
		if want := "7*" + p.Constraint.String(); p.String() != want {
			t.Errorf("with another weight %s prints as %s, want %s", text, p, want)
		}
	}
}
