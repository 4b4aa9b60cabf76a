package constraints_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
)

// spellings lists canonical texts, and the ways in which they may also be written.
var spellings = []struct {
	want string
	also []string
}{
	{"rack=r1", []string{" rack = r1 ", `"rack"="r1"`, "(rack=r1)", "rack=r1;", "!!rack=r1", "!rack!=r1"}},
	{`rack="row 7"`, []string{`"rack" = "row\x207"`}},
	{`rack=""`, nil},
	{`"my rack"="a;b\"c"`, nil},
	{"exclusive=yes", nil},
	{"straße=nörd/7", nil},
	{"hostname=a1", nil},
	{"@agent=a1", nil},
	{"rack!=r1", []string{"!rack=r1", "!(rack=r1)"}},
	{"gen>=3", []string{"gen >= 3.000", `gen>="3"`}},
	{"gen<=-0.5", nil},
	{"gen>3", nil},
	{"gen<3", nil},
	{"!gen<3", nil},
	{"between(gen,3,7.5)", []string{"between( gen , 3.0 , 7.50 )"}},
	{"in(rack,r1,r2)", nil},
	{"!in(rack,r1,r2)", nil},
	{`in(rack,"",r2)`, nil},
	{"has(features,ssd)", nil},
	{"has(ports,8080)", nil},
	{"exists(gpu)", nil},
	{"!exists(gpu)", nil},
	{"is(gen,1.0)", nil},
	{`is(gen,"")`, nil},
	{"jdk~7", nil},
	{`jdk~"[6-8]"`, nil},
	{`jdk!~"\\[6-7\\]"`, []string{`!jdk~"\\[6-7\\]"`, `!!jdk!~"\\[6-7\\]"`}},
	{"unique(rack)", []string{"unique( rack )", `unique("rack")`}},
	{"unique", []string{"unique()", `unique("")`}},
	{"exclusive", []string{"exclusive()", "((exclusive))"}},
	{"private", nil},
	{"private(rack)", nil},
	{"cluster(rack)", []string{`cluster(rack,"")`}},
	{"cluster(rack,r1)", nil},
	{`cluster("",a1)`, nil},
	{"cluster", nil},
	{"group_by(rack)", []string{"group_by(rack,0)"}},
	{"group_by(rack,3)", []string{"group_by(rack,03)"}},
	{"max_per(rack,2)", nil},
	{`max_per("",2)`, nil},
	{"max_per_agent(20)", nil},
	{"balanced(zone)", []string{"balanced(zone,0)"}},
	{"balanced(zone,3)", nil},
	{`balanced("",3)`, nil},
	{"balanced", []string{`balanced("")`, `balanced("",0)`}},
	{"group_by", []string{`group_by("")`}},
	{"spread(zone,1)", []string{"spread(zone,1,0)"}},
	{"spread(zone,1,3)", nil},
	{"same(rack)", nil},
	{"near(cache)", nil},
	{"near(cache,rack)", nil},
	{`near("*",rack)`, nil},
	{"apart(noisy)", nil},
	{"apart(noisy,rack)", nil},
	{"novel", nil},
	{"novel(a7,a1)", nil},
	{"reserved(job7)", nil},
	{"reserved(job7,a2,a1)", nil},
	{"available", nil},
	{"available(1h30m)", []string{"available(90m)", "available(1.5h)"}},
	{"available(1h0m5s)", nil},
	{"lifetime(host-start-time,24h)", nil},
	{"lifetime(host-start-time,90ms)", nil},
	{"of(db,unique(rack))", nil},
	{"of(db,rack=r1 | balanced(zone,3))", nil},
	{"rack=r1 & unique(hostname)", []string{"rack=r1&unique(hostname)", "(rack=r1) & ((unique(hostname)))"}},
	{"a=1 & b=2 & c=3", []string{"a=1 & (b=2 & c=3)", "(a=1 & b=2) & c=3"}},
	{"a=1 | b=2 | c=3", []string{"a=1 | (b=2 | c=3)", "(a=1 | b=2) | c=3"}},
	{"a=1 | b=2 & c=3", []string{"a=1 | (b=2 & c=3)"}},
	{"(a=1 | b=2) & c=3", nil},
	{"!(a=1 | b=2) & c!=3", []string{"!(a=1 | b=2) & !c=3"}},
	{"!(a=1 & !exists(b))", nil},
	{"!unique(rack)", nil},
	{"reserved(job7,a1) & exists(gpu)", nil},
	{"novel(a1) | available", nil},
}

func TestRoundTrip(t *testing.T) {
	for _, tt := range spellings {
		first := one(t, tt.want)
		if got := first.String(); got != tt.want {
			t.Errorf("%s prints as %s", tt.want, got)
		}
		for _, text := range tt.also {
			got := one(t, text)
			if !reflect.DeepEqual(constraints.Canonical(got), first) {
				t.Errorf("%s is %v, want %s", text, constraints.Canonical(got), tt.want)
			}
			if written := strings.Trim(text, " ;"); got.String() != written {
				t.Errorf("%s prints as %s", text, got)
			}
		}
	}
}

// TestDocumentedForms reads back every constraint of the list in the package comment, and
// finds every name that can be written there.
func TestDocumentedForms(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^//\t(\S+)  +\S.*$`).FindAllStringSubmatch(string(source), -1)
	documented := map[string]bool{}
	for _, row := range table {
		c := one(t, row[1])
		documented[kindOf(c)] = true
		if c.String() != row[1] {
			t.Errorf("%s prints as %s", row[1], c)
		}
	}
	for _, s := range spellings {
		kind := kindOf(one(t, s.want))
		if kind != "constraints.and" && kind != "constraints.or" && !documented[kind] {
			t.Errorf("%s is not in the package comment", s.want)
		}
	}
}

func kindOf(c constraints.Constraint) string { return fmt.Sprintf("%T", c) }

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
		{"gen>=", "1:6: constraint syntax: a value expected at the end"},
		{"a=1 &", "1:6: constraint syntax: a constraint expected at the end"},
		{"a=1 || b=2", "1:6: constraint syntax: a constraint expected, not \"|\""},
		{"gen>=three", "1:6: not a valid constraint: \"three\" is not a number"},
		{"gen>=99999999999999", "1:6: not a valid constraint: \"99999999999999\" is not a number"},
		{"between(gen,7,3)", "1:1: not a valid constraint: nothing is between 7 and 3"},
		{"between(gen,7)", "1:1: not a valid constraint: too few arguments: it is written between(attribute,low,high)"},
		{"jdk~\"[\"", "1:5: not a valid constraint: error parsing regexp: missing closing ]: `[`"},
		{"jdk~\"a)|(b\"", "1:5: not a valid constraint: error parsing regexp: unexpected ): `a)|(b`"},
		{"jdk!~\"\"", "1:6: not a valid constraint: an empty regular expression"},
		{"jdk~\"((x{30}){30}){2}\"", "1:5: not a valid constraint: error parsing regexp: invalid repeat count: `{2}`"},
		{"jdk~\"" + strings.Repeat("(x{999}){1}", 20) + "\"", "1:5: not a valid constraint: regular expression too complex: it needs 20022 steps, at most 10000 are allowed"},
		{"jdk~" + strings.Repeat("x", 1025), "1:5: not a valid constraint: a regular expression of 1025 bytes, at most 1024 are allowed"},
		{"max_per(rack,two)", "1:14: not a valid constraint: \"two\" is not a whole number"},
		{"max_per(rack,2.5)", "1:14: not a valid constraint: \"2.5\" is not a whole number"},
		{"max_per(rack)", "1:1: not a valid constraint: too few arguments: it is written max_per(attribute,limit)"},
		{"max_per(rack,0)", "1:1: not a valid constraint: a maximum of 0 tasks accepts none"},
		{"max_per_agent(-1)", "1:1: not a valid constraint: a maximum of -1 tasks accepts none"},
		{"group_by(rack,-1)", "1:1: not a valid constraint: tasks cannot be spread over -1 values"},
		{"group_by(rack,inf)", "1:15: not a valid constraint: \"inf\" is not a whole number"},
		{"balanced(zone,-1)", "1:1: not a valid constraint: a minimum of -1 values"},
		{"spread(zone,0)", "1:1: not a valid constraint: a skew of at most 0 accepts none"},
		{"spread(zone,1,-1)", "1:1: not a valid constraint: a minimum of -1 values"},
		{"available(soon)", "1:11: not a valid constraint: \"soon\" is not a time such as 90m or 1h30m"},
		{"available(-1h)", "1:1: not a valid constraint: a negative time"},
		{"lifetime(start,0s)", "1:1: not a valid constraint: a lifetime of nothing"},
		{"exists()", "1:1: not a valid constraint: too few arguments: it is written exists(attribute)"},
		{`exists("")`, "1:8: not a valid constraint: an empty name: it is written exists(attribute)"},
		{"of(db,rack)", "1:7: not a valid constraint: no constraint is called \"rack\""},
		{"of(db,jdk~\"[\")", "1:11: not a valid constraint: error parsing regexp: missing closing ]: `[`"},
		{"rack=r1 | (gen>=x)", "1:17: not a valid constraint: \"x\" is not a number"},
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
	if got, want := strings.Join(texts, ";"), "exclusive;2 * rack=r1;0.25*unique;1e3*unique(rack)"; got != want {
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
