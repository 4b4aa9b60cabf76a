package constraints_test

import (
	"fmt"
	"iter"
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
		{"max_per(rack,3)", "web", "[{web rack false 2}]"},
		{"max_per(rack,3)", "", "[]"},
		{"max_per_agent(3)", "", "[{*  false 2}]"},
		{"private", "web", "[{web  true 0}]"},
		{"private(rack)", "", "[{* rack false 0}]"},
		{"apart(noisy,rack)", "web", "[{noisy rack false 0}]"},
		{"unique(rack) & rack!=r1 & exclusive", "web", "[{web rack false 0} {*  false 0}]"},
		{"rack=r1 & rack!=r2", "web", "[]"},
		{"of(db,unique(rack))", "web", "[{db rack false 0}]"},
		{"of(db,rack=r1)", "web", "[]"},
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

// TestMomentary lists those that hold when a task is placed and not longer.
func TestMomentary(t *testing.T) {
	for _, text := range []string{"rack=r1", "unique | exclusive", "!unique", "balanced(zone)", "group_by(rack)", "spread(zone,1)", "near(db)", "cluster(rack)"} {
		if _, stands := one(t, text).(constraints.Standing); stands {
			t.Errorf("%s stands", text)
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

// quiet is a source that does not allocate, as that of the round.
type quiet struct{ constraints.Source }

func (quiet) Agent() string               { return "a1" }
func (quiet) Hostname() string            { return "a1" }
func (quiet) Count(constraints.Count) int { return 2 }
func (quiet) Tally(constraints.Count) constraints.Tally {
	return constraints.Tally{Min: 1, Max: 2, Distinct: 2, Total: 3, First: "r1"}
}
func (quiet) Domains(string) int                              { return 3 }
func (quiet) GroupSize(string) int                            { return 9 }
func (quiet) Values(constraints.Count) iter.Seq2[string, int] { return two }

func two(yield func(string, int) bool) { _ = yield("r1", 2) && yield("r2", 1) }

func TestJudgeDoesNotAllocate(t *testing.T) {
	a1 := agent("a1", "rack:r1;gen:2.5;ports:[1-9]")
	a1.More = []resources.Attribute{{Name: "disks", Value: resources.SetOf(resources.MustSet("b", "a"))}, {Name: "n", Value: resources.TextOf("2.5")}}
	w := constraintstest.New(a1)
	c := w.Candidate("a1", "t", "web")
	c.Reset(quiet{w.Source("a1")}, "t", "web")
	for _, text := range []string{
		"rack=r1", "rack!=r1", "gen=2.5", `ports="[1-9]"`, `disks="{a,b}"`, "hostname=a1", "@agent=a1", "gen>=2", "n>=2", "rack>=2", "between(gen,1,2)",
		"in(rack,r2,r1)", "has(disks,b)", "has(ports,7)", "has(ports,x)", "exists(rack)", "is(gen,2.50)", "rack~r1", "unique(rack)", "exclusive",
		"private(rack)", "cluster(rack)", "group_by(rack)", "group_by(rack,4)", "group_by(rack,9)", "max_per(rack,2)", "max_per_agent(3)", "balanced(rack,2)",
		"spread(rack,1)", "same(rack)", "near(db,rack)", "apart(db,rack)", "novel(a2,a1)", "reserved(x,a2,a1)", "available", "lifetime(gen,1h)",
		"of(db,unique(rack))", "rack=r1 & unique(rack)", "rack=r1 | !unique(rack)",
	} {
		constraint := one(t, text)
		if n := testing.AllocsPerRun(100, func() { constraint.Judge(c) }); n != 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	w := constraintstest.New(agent("a1", "rack:r1;gen:2.5"))
	c := w.Candidate("a1", "t", "web")
	c.Reset(quiet{w.Source("a1")}, "t", "web")
	for _, text := range []string{"rack=r1", "gen=2.5", "gen>=2", "rack~r1", "unique(rack)", "group_by(rack,4)", "rack=r1 & unique(rack)"} {
		constraint := one(b, text)
		b.Run("constraint="+text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				constraint.Judge(c)
			}
		})
	}
}
