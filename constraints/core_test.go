package constraints_test

import (
	"fmt"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
	"github.com/berth-go/berth/resources"
)

// agent makes an agent from an attribute text; its host name is its ID.
func agent(id, attributes string) constraintstest.Agent {
	return constraintstest.Agent{ID: id, Attributes: resources.MustAttributes(attributes)}
}

// one parses a single constraint.
func one(t testing.TB, text string) constraints.Constraint {
	t.Helper()
	c, err := constraints.ParseOne(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return c
}

func ExampleParse() {
	list, err := constraints.Parse("rack=r1; unique(hostname); exclusive")
	if err != nil {
		fmt.Println(err)
		return
	}
	world := constraintstest.New(agent("a1", "rack:r1"), agent("a2", "rack:r2"))
	for _, c := range list {
		fmt.Println(c, world.Judge(c, "a1", "web").OK, world.Judge(c, "a2", "web").OK)
	}
	// Output:
	// rack=r1 true false
	// unique(hostname) true true
	// exclusive true true
}

func ExampleParsePreferences() {
	prefs, err := constraints.ParsePreferences("rack=r1; 2*unique(rack)")
	fmt.Println(prefs, err)
	_, err = constraints.ParsePreferences("rack=r1;\n  x*unique(rack)")
	fmt.Println(err)
	// Output:
	// [rack=r1 2*unique(rack)] <nil>
	// 2:3: not a valid constraint: weight "x" is not a number
}

// TestCore judges the three oldest constraints in one small world.
func TestCore(t *testing.T) {
	w := constraintstest.New(agent("a1", "rack:r1;gen:2"), agent("a2", "rack:r1;gen:2.5"), agent("a3", "rack:r2"), agent("a4", ""))
	w.Place("web", "a1")
	w.Place("db", "a3")
	w.Place("", "a4")
	for _, tt := range []struct {
		text, group string
		ok          string // verdict on a1 to a4: y or n
		score       [4]float64
	}{
		{"rack=r1", "", "yynn", [4]float64{1, 1, 0, 0}},
		{"gen=2", "", "ynnn", [4]float64{1, 0, 0, 0}},
		{"gen=2.5", "", "nynn", [4]float64{0, 1, 0, 0}},
		{"hostname=a4", "", "nnny", [4]float64{0, 0, 0, 1}},
		{"@agent=a2", "", "nynn", [4]float64{0, 1, 0, 0}},
		{"unique(rack)", "web", "nnyn", [4]float64{.5, .5, 1, 0}},
		{"unique(rack)", "db", "yynn", [4]float64{1, 1, .5, 0}},
		{"unique(rack)", "", "yyyn", [4]float64{1, 1, 1, 0}},
		{"unique(hostname)", "web", "nyyy", [4]float64{.5, 1, 1, 1}},
		{"unique", "web", "nyyy", [4]float64{.5, 1, 1, 1}},
		{"exclusive", "web", "nynn", [4]float64{.5, 1, .5, .5}},
	} {
		c := one(t, tt.text)
		for i, id := range w.Agents() {
			want := constraints.Verdict{OK: tt.ok[i] == 'y', Score: tt.score[i]}
			if got := w.Judge(c, id, tt.group); got != want {
				t.Errorf("%s, group %q, on %s: got %v, want %v", tt.text, tt.group, id, got, want)
			}
		}
	}
}

func TestForbids(t *testing.T) {
	for _, tt := range []struct{ text, group, want string }{
		{"unique(rack)", "web", "[{web rack false 0}]"},
		{"unique(rack)", "", "[]"},
		{"unique", "web", "[{web  false 0}]"},
		{"exclusive", "web", "[{*  false 0}]"},
		{"exclusive", "", "[{*  false 0}]"},
	} {
		standing, ok := one(t, tt.text).(constraints.Standing)
		if !ok {
			t.Fatalf("%s does not stand", tt.text)
		}
		if got := fmt.Sprint(standing.Forbids(tt.group)); got != tt.want {
			t.Errorf("%s, group %q: got %s, want %s", tt.text, tt.group, got, tt.want)
		}
	}
}

func TestValueText(t *testing.T) {
	for _, tt := range []struct {
		value resources.Value
		want  string
	}{
		{resources.TextOf("r1"), "r1"},
		{resources.ScalarOf(0), "0"},
		{resources.ScalarOf(resources.One), "1"},
		{resources.ScalarOf(1001), "1.001"},
		{resources.ScalarOf(1010), "1.01"},
		{resources.ScalarOf(-1500), "-1.5"},
		{resources.ScalarOf(-1), "-0.001"},
		{resources.RangesOf(resources.MustRanges("[9-9,1-5]")), "[1-5,9-9]"},
		{resources.RangesOf(resources.Ranges{}), "[]"},
		{resources.SetOf(resources.MustSet("b", "a")), "{a,b}"},
	} {
		if got := constraints.ValueText(tt.value); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestJudgeDoesNotAllocate(t *testing.T) {
	a1 := agent("a1", "rack:r1;gen:2.5;ports:[1-9]")
	a1.More = []resources.Attribute{{Name: "disks", Value: resources.SetOf(resources.MustSet("b", "a"))}}
	w := constraintstest.New(a1)
	c := w.Candidate("a1", "t", "")
	for _, text := range []string{
		"rack=r1", "gen=2.5", `ports="[1-9]"`, `disks="{a,b}"`, "hostname=a1", "unique(rack)",
	} {
		constraint := one(t, text)
		if n := testing.AllocsPerRun(100, func() { constraint.Judge(c) }); n != 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}
