package constraints_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
	"github.com/berth-go/berth/resources"
)

// verdicts judges all agents of a world: y or n for each.
func verdicts(w *constraintstest.World, c constraints.Constraint, group string) string {
	text := ""
	for _, id := range w.Agents() {
		if w.Judge(c, id, group).OK {
			text += "y"
		} else {
			text += "n"
		}
	}
	return text
}

// TestAttributes judges constraints that look at attributes only.
func TestAttributes(t *testing.T) {
	set := func(id string, items ...string) constraintstest.Agent {
		return constraintstest.Agent{ID: id, More: []resources.Attribute{{Name: "x", Value: resources.SetOf(resources.MustSet(items...))}}}
	}
	w := constraintstest.New(agent("a1", "x:2"), agent("a2", "x:3.5"), agent("a3", "x:-1"), agent("a4", "x:v3"), agent("a5", "x:[3-7,9-9]"),
		set("a6", "3", "ssd"), agent("a7", ""), constraintstest.Agent{ID: "a8", More: []resources.Attribute{{Name: "x", Value: resources.TextOf("3")}}})
	for _, tt := range []struct{ text, want string }{
		{"x>=2", "yynnnnny"}, {"x>2", "nynnnnny"}, {"x<3.5", "ynynnnny"}, {"x<=3.5", "yyynnnny"}, {"x<=-1", "nnynnnnn"},
		{"between(x,2,3)", "ynnnnnny"}, {"between(x,-1,-1)", "nnynnnnn"},
		{"!x>=2", "nnyyyyyn"},
		{"x=3", "nnnnnnny"}, {"x!=3", "yyyyyyyn"}, {`x="[3-7,9-9]"`, "nnnnynnn"}, {`x="{3,ssd}"`, "nnnnnynn"},
		{"in(x,2,v3,3)", "ynnynnny"}, {"!in(x,2,v3)", "nyynyyyy"},
		{"has(x,3)", "nnnnyyny"}, {"has(x,9)", "nnnnynnn"}, {"has(x,8)", "nnnnnnnn"}, {"has(x,ssd)", "nnnnnynn"}, {"has(x,2)", "ynnnnnnn"},
		{"exists(x)", "yyyyyyny"}, {"!exists(x)", "nnnnnnyn"}, {"exists(hostname)", "yyyyyyyy"}, {"exists(@agent)", "yyyyyyyy"},
		{`x~"v\\d"`, "nnnynnnn"}, {`x~"v|\\[.*"`, "nnnnynnn"}, {`x!~"v\\d"`, "yyynyyyy"}, {`hostname~"a[1-3]"`, "yyynnnnn"}, {`x~"3|ssd"`, "nnnnnnny"},
		{"x=2 | x=v3", "ynnynnnn"}, {"exists(x) & !x=2", "nyyyyyny"}, {"!(exists(x) & x!=2)", "ynnnnnyn"},
		{"novel(a1,a8)", "nyyyyyyn"}, {"reserved(db,a1,a2)", "nnyyyyyy"}, {"reserved(web,a1,a2)", "yyyyyyyy"},
	} {
		if got := verdicts(w, one(t, tt.text), "web"); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestHostnameWins shows that an attribute called hostname is never seen, and that an agent
// without host name has no such attribute.
func TestHostnameWins(t *testing.T) {
	liar := agent("a1", "hostname:elsewhere;@agent:other")
	liar.Hostname = "here"
	w := constraintstest.New(liar)
	for text, want := range map[string]string{
		"hostname=here": "y", "hostname=elsewhere": "n", "@hostname=here": "y", "@agent=a1": "y", "@agent=other": "n", `hostname!=""`: "y",
	} {
		if got := verdicts(w, one(t, text), ""); got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
	c := w.Candidate("a1", "t", "g")
	if v, ok := c.Value("hostname"); v != "here" || !ok {
		t.Errorf("hostname is %q, %v", v, ok)
	}
	if v, ok := c.Attribute("@agent"); v.Text() != "a1" || !ok {
		t.Errorf("@agent is %v, %v", v, ok)
	}
	if _, ok := c.Attribute(""); ok {
		t.Error("there is an attribute without a name")
	}
}

// TestCounts judges constraints that count tasks, in a world where web has two tasks in
// rack r1 and one in r2, db one in r2 and one on an agent without a rack, and r3 is empty.
func TestCounts(t *testing.T) {
	w := constraintstest.New(agent("a1", "rack:r1"), agent("a2", "rack:r1"), agent("b1", "rack:r2"), agent("b2", "rack:r2"), agent("c1", "rack:r3"), agent("d1", ""))
	for _, p := range [][2]string{{"web", "a1"}, {"web", "a2"}, {"web", "b1"}, {"db", "b2"}, {"db", "d1"}} {
		w.Place(p[0], p[1])
	}
	for _, tt := range []struct{ text, group, want string }{
		{"unique(rack)", "web", "nnnnyn"}, {"unique(rack)", "db", "yynnyn"}, {"unique(rack)", "new", "yyyyyn"}, {"unique", "web", "nnnyyy"},
		{"max_per(rack,2)", "web", "nnyyyn"}, {"max_per(rack,3)", "web", "yyyyyn"}, {`max_per("",1)`, "db", "yyynyn"}, {"max_per(rack,1)", "", "yyyyyn"},
		{"max_per_agent(1)", "web", "nnnnyn"}, {"max_per_agent(2)", "", "yyyyyy"},
		{"exclusive", "web", "nnnnyn"},
		{"private", "web", "yyynyn"}, {"private(rack)", "web", "yynnyn"}, {"private(rack)", "db", "nnnnyn"}, {"private", "", "nnnnyn"}, {"private", "db", "nnnyyy"},
		{"near(db)", "web", "nnnyny"}, {"near(db,rack)", "web", "nnyynn"}, {"near(web,rack)", "web", "yyyynn"}, {"near(new,rack)", "new", "yyyyyn"},
		{"near(new,rack)", "web", "nnnnnn"}, {`near("*",rack)`, "", "yyyynn"},
		{"apart(db)", "web", "yyynyn"}, {"apart(db,rack)", "web", "yynnyy"}, {"apart(web,rack)", "web", "nnnnyy"}, {`apart("*",rack)`, "", "nnnnyy"},
		{"same(rack)", "web", "yyyynn"}, {"same(rack)", "db", "nnyyny"}, {"same(rack)", "", "yyyyyy"}, {"same", "db", "nnnyny"},
		{"cluster(rack)", "web", "yynnnn"}, {"cluster(rack)", "db", "nnyynn"}, {"cluster", "web", "ynnnnn"}, {"cluster", "", "yyyyyy"}, {"cluster(rack)", "", "yyyyyn"},
		{"cluster", "new", "yyyyyy"}, {`cluster("",c1)`, "web", "nnnnyn"},
		{"balanced(rack)", "web", "nnyyyn"}, {"balanced(rack)", "db", "yyyyyn"}, {"balanced(rack,2)", "db", "yynnyn"}, {"balanced(rack)", "", "yyyyyn"},
		{"group_by(rack)", "web", "nnyyyn"}, {"group_by(rack)", "", "yyyyyn"},
		{"spread(rack,1)", "web", "nnnnyn"}, {"spread(rack,2)", "web", "nnyyyn"}, {"spread(rack,3)", "web", "yyyyyn"}, {"spread(rack,1)", "", "yyyyyn"},
		{"of(db,unique(rack))", "web", "yynnyn"}, {"of(db,max_per(rack,2))", "web", "yyyyyn"}, {"of(web,same(rack))", "db", "yyyynn"},
		{"of(db,reserved(db,a1))", "web", "yyyyyy"},
		{"!unique(rack)", "web", "yyyyny"},
	} {
		if got := verdicts(w, one(t, tt.text), tt.group); got != tt.want {
			t.Errorf("%s for group %q: got %s, want %s", tt.text, tt.group, got, tt.want)
		}
	}
}

// TestSpreadDomains are the cases of Kubernetes' topology spread constraints: every value
// that agents have counts, and with fewer values than wanted the least filled is taken to
// be empty.
func TestSpreadDomains(t *testing.T) {
	for _, tt := range []struct{ text, placed, want string }{
		{"spread(zone,1)", "", "yyy"},
		{"spread(zone,1)", "a", "nyy"},
		{"spread(zone,1)", "ab", "nny"},
		{"spread(zone,1)", "abc", "yyy"},
		{"spread(zone,2)", "aab", "nyy"},
		{"spread(zone,2)", "aabc", "yyy"},
		{"spread(zone,1,3)", "abc", "yyy"},
		{"spread(zone,1,4)", "abc", "nnn"}, // there are three
		{"spread(zone,2,4)", "abc", "yyy"},
	} {
		w := constraintstest.New(agent("a", "zone:za"), agent("b", "zone:zb"), agent("c", "zone:zc"))
		for _, id := range tt.placed {
			w.Place("web", string(id))
		}
		if got := verdicts(w, one(t, tt.text), "web"); got != tt.want {
			t.Errorf("%s after %q: got %s, want %s", tt.text, tt.placed, got, tt.want)
		}
	}
}

func TestScores(t *testing.T) {
	w := constraintstest.New(agent("a", "zone:za;gen:2"), agent("b", "zone:zb;gen:3"), agent("c", "zone:zc"), agent("d", ""))
	for _, id := range []string{"a", "a", "a", "b"} {
		w.Place("web", id)
	}
	for _, tt := range []struct{ text, want string }{
		{"zone=za", "[1 0 0 0]"}, {"zone!=za", "[0 1 1 1]"}, {"gen>=3", "[0 1 0 0]"},
		{"unique(zone)", "[0.25 0.5 1 0]"}, {"exclusive", "[0.25 0.5 1 1]"}, {"private", "[1 1 1 1]"},
		{"max_per(zone,2)", "[0.3333333333333333 1 1 0]"}, {"max_per_agent(3)", "[0.5 1 1 1]"},
		{"balanced(zone)", "[0.16666666666666666 0.5 1 0]"}, {"group_by(zone)", "[0.16666666666666666 0.5 1 0]"},
		{"group_by(zone,2)", "[0.16666666666666666 0.5 0 0]"}, {"spread(zone,1)", "[0.16666666666666666 0.5 1 0]"},
		{"near(web,zone)", "[0.75 0.5 0 0]"}, {"apart(web,zone)", "[0.25 0.5 1 1]"}, {"same(zone)", "[1 1 0 0]"},
		{"zone=za & unique(zone)", "[0.25 0 0 0]"}, {"zone=zc | unique(zone)", "[0.25 0.5 1 0]"}, {"!unique(zone)", "[0.75 0.5 0 1]"},
	} {
		var scores []float64
		for _, id := range w.Agents() {
			scores = append(scores, w.Judge(one(t, tt.text), id, "web").Score)
		}
		if got := fmt.Sprint(scores); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestAvailable(t *testing.T) {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	window := func(from, to time.Duration) *constraintstest.Window {
		w := &constraintstest.Window{Start: noon.Add(from)}
		if to != 0 {
			w.End = noon.Add(to)
		}
		return w
	}
	w := constraintstest.New(
		constraintstest.Agent{ID: "never down"},
		constraintstest.Agent{ID: "in 2h", Down: window(2*time.Hour, 3*time.Hour)},
		constraintstest.Agent{ID: "in 2h for good", Down: window(2*time.Hour, 0)},
		constraintstest.Agent{ID: "since 1h", Down: window(-time.Hour, time.Hour)},
		constraintstest.Agent{ID: "until now", Down: window(-time.Hour, -time.Nanosecond)},
		constraintstest.Agent{ID: "since 1h for good", Down: window(-time.Hour, 0)},
	)
	for _, tt := range []struct {
		text  string
		lasts time.Duration
		want  string
	}{
		{"available", 0, "yyynyn"},
		{"available", 2 * time.Hour, "yyynyn"},
		{"available", 2*time.Hour + 1, "ynnnyn"},
		{"available(3h)", time.Hour, "ynnnyn"},
		{"available(1h)", 3 * time.Hour, "ynnnyn"},
	} {
		w.Now, w.Lasts = noon, tt.lasts
		if got := verdicts(w, one(t, tt.text), ""); got != tt.want {
			t.Errorf("%s for a task of %v: got %s, want %s", tt.text, tt.lasts, got, tt.want)
		}
	}
	w.Now = time.Time{}
	if got := verdicts(w, one(t, "available"), ""); got != "ynnnnn" {
		t.Errorf("without a time: got %s", got)
	}
}

// TestNil shows that a forgotten constraint accepts nothing, wherever it is forgotten.
func TestNil(t *testing.T) {
	w := constraintstest.New(agent("a", "rack:r1"))
	r1 := constraints.Equals("rack", "r1")
	for _, c := range []constraints.Constraint{constraints.And(r1, nil), constraints.Or(nil, nil), constraints.Of("g", nil)} {
		if w.Judge(c, "a", "web").OK {
			t.Errorf("%v accepts", c)
		}
		constraintstest.Test(t, c)
	}
	if !w.Judge(constraints.Or(r1, nil), "a", "web").OK {
		t.Error("or")
	}
}

func TestMust(t *testing.T) {
	if got := constraints.Must(constraints.MaxPer("rack", 2)).String(); got != "max_per(rack,2)" {
		t.Error(got)
	}
	for name, f := range map[string]func(){
		"Must":                 func() { constraints.Must(constraints.MaxPer("rack", 0)) },
		"MustParse":            func() { constraints.MustParse("rack=") },
		"MustParsePreferences": func() { constraints.MustParsePreferences("x*rack=1") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", name)
				}
			}()
			f()
		}()
	}
}

// TestConstructors makes what the text form makes in other ways.
func TestConstructors(t *testing.T) {
	two, half := 2*resources.One, resources.One/2
	for _, c := range []struct {
		made constraints.Constraint
		want string
	}{
		{constraints.AtLeast("gen", two), "gen>=2"},
		{constraints.AtMost("gen", -half), "gen<=-0.5"},
		{constraints.MoreThan("gen", half), "gen>0.5"},
		{constraints.LessThan("gen", two), "gen<2"},
		{constraints.Must(constraints.Between("gen", half, two)), "between(gen,0.5,2)"},
		{constraints.Not(constraints.Not(constraints.Unique(""))), "unique"},
		{constraints.Not(constraints.Must(constraints.Like("a", "x"))), "a!~x"},
		{constraints.Not(constraints.And(constraints.Exclusive(), constraints.Or(constraints.Exists("a"), constraints.Has("b", "")))), `!(exclusive & (exists(a) | has(b,"")))`},
		{constraints.Must(constraints.Available(90 * time.Minute)), "available(1h30m)"},
	} {
		if got := c.made.String(); got != c.want || one(t, c.want).String() != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if p := (constraints.Preference{Constraint: constraints.Exclusive()}); p.Factor() != 1 || p.String() != "exclusive" {
		t.Errorf("without a weight: %v, %v", p.Factor(), p)
	}
	if got := (constraints.Preference{Weight: 2}).String(); got != "2*?" {
		t.Errorf("without a constraint: %s", got)
	}
}

// TestOperandsAreKept shows that a constraint does not change when the slice it was made
// from does.
func TestOperandsAreKept(t *testing.T) {
	agents := []string{"a1", "a2"}
	values := []string{"r2", "r3"}
	list := []constraints.Constraint{constraints.Novel(agents...), constraints.Reserved("x", agents...), constraints.In("rack", "r1", values...)}
	before := fmt.Sprint(list)
	agents[0], values[0] = "changed", "changed"
	if after := fmt.Sprint(list); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
