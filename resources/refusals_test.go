package resources

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// TestMustPanics: the Must functions panic on what their twins refuse, and on nothing else.
func TestMustPanics(t *testing.T) {
	for name, must := range map[string]func(text string){
		"1":               func(s string) { MustAmount(s) },
		"[1-2]":           func(s string) { MustRanges(s) },
		"cpus:1":          func(s string) { MustParse(s) },
		"mem:1":           func(s string) { MustQuantities(s) },
		"mem:2":           func(s string) { MustLimits(s) },
		"rack:r1;gen:4":   func(s string) { MustAttributes(s) },
		"a,b":             func(s string) { MustSet(strings.Split(s, ",")...) },
		"a resource name": func(s string) { Must(Resource{Name: strings.TrimPrefix(s, "::"), Value: ScalarOf(One)}) },
	} {
		panics := func(text string) (yes bool) {
			defer func() { yes = recover() != nil }()
			must(text)
			return false
		}
		if panics(name) {
			t.Errorf("%s: panics", name)
		}
		if bad := "::"; name != "a,b" && !panics(bad) {
			t.Errorf("%s: %q is taken", name, bad)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an item twice is taken")
		}
	}()
	MustSet("a", "a")
}

func TestValidateID(t *testing.T) {
	for id, ok := range map[string]bool{
		"a": true, "...": true, "a b": true, "ä": true, strings.Repeat("x", 255): true,
		"": false, ".": false, "..": false, "a/b": false, `a\b`: false, "a\x1f": false, "\x7f": false, strings.Repeat("x", 256): false,
	} {
		if err := ValidateID(id); (err == nil) != ok || err != nil && !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// TestMessagesSay: errors name what is at odds.
func TestMessagesSay(t *testing.T) {
	for want, err := range map[string]error{
		`the roles "r" and "s"`:     ValidateTask(rlist("cpus:1 +alloc(r)|mem:1 +alloc(s)")),
		`the providers "X" and "Y"`: ValidateOperation(Unreserve{rlist("cpus:1 +D(a) +rp(X)|mem:1 +D(a) +rp(Y)")}, asOperator),
		`"cpus" is both`:            checkMessage("cpus:1;cpus:{a}"),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; it should say: %s", err, want)
		}
	}
	var r Resources
	if err := r.UnmarshalJSON([]byte(`[{"name":`)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half a text: %v", err)
	}
}

func checkMessage(text string) error {
	_, err := Parse(text)
	return err
}

func TestNewLimits(t *testing.T) {
	for _, tt := range []struct {
		list []Quantity
		want string
		err  error
	}{
		{list: nil},
		{list: []Quantity{{"mem", 0}, {"cpus", MaxAmount}}, want: "cpus:" + MaxAmount.String() + ";mem:0"},
		{list: []Quantity{{"cpus", -1}}, err: ErrAmount},
		{list: []Quantity{{"cpus", MaxAmount + 1}}, err: ErrAmount},
		{list: []Quantity{{"", One}}, err: ErrName},
		{list: []Quantity{{"cpus", One}, {"mem", One}, {"cpus", One}}, err: ErrDuplicate},
	} {
		l, err := NewLimits(tt.list...)
		if !errors.Is(err, tt.err) || err == nil && (l.String() != tt.want || l.Len() != len(tt.list)) {
			t.Errorf("%v: %v, %v; want %s, %v", tt.list, l, err, tt.want, tt.err)
		}
	}
}

func TestLimitsGet(t *testing.T) {
	l := MustLimits("cpus:2;mem:0")
	for name, want := range map[string]Amount{"cpus": 2 * One, "mem": 0, "disk": 0, "": 0} {
		if got, ok := l.Get(name); got != want || ok != (name == "cpus" || name == "mem") {
			t.Errorf("%q: %v, %v", name, got, ok)
		}
	}
}

// TestMarshalTextForms: operators' form where that says everything, JSON where it does not.
func TestMarshalTextForms(t *testing.T) {
	for resources, want := range map[string]string{
		"":                            "",
		"cpus:4":                      "cpus:4",
		"ports(web):[1-2,4-4]|cpus:4": "cpus:4;ports(web):[1-2, 4-4]",
		"zones:{b,a}":                 "zones:{a, b}",
		"cpus:4 +rev":                 `[{"name":"cpus","type":"SCALAR","scalar":{"value":4},"revocable":{}}]`,
	} {
		r := rs(resources)
		got, err := r.MarshalText()
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", resources, got, err, want)
		}
		var back Resources
		if err := back.UnmarshalText(got); err != nil || !back.Equal(r) {
			t.Errorf("%s comes back as %v, %v", got, back, err)
		}
	}
}

func TestNewAttributes(t *testing.T) {
	for _, bad := range []struct {
		a   Attribute
		err error
	}{
		{Attribute{"", ScalarOf(One)}, ErrName}, {Attribute{"a", SetOf(MustSet("x"))}, ErrKind}, {Attribute{"a", TextOf("")}, ErrKind},
	} {
		if _, err := NewAttributes(Attribute{"ok", TextOf("x")}, bad.a); !errors.Is(err, bad.err) {
			t.Errorf("%v: %v", bad.a, err)
		}
	}
	a, err := NewAttributes(Attribute{"n", ScalarOf(0)}, Attribute{"r", RangesOf(MustRanges("[1-2]"))})
	if err != nil || a.String() != "n:0;r:[1-2]" && a.Len() != 2 {
		t.Errorf("%v, %v", a, err)
	}
	odd, err := NewAttributes(Attribute{"a", TextOf("x;b:y")})
	if _, bad := odd.MarshalText(); err != nil || !errors.Is(bad, ErrSyntax) {
		t.Errorf("%v is written as text: %v, %v", odd, err, bad)
	}
}

func TestShrinkOne(t *testing.T) {
	for _, tt := range []struct {
		resource string
		target   Amount
		want     string
		ok       bool
	}{
		{"cpus:4", 3 * One, "cpus:3", true},
		{"cpus:4", 4 * One, "cpus:4", true},
		{"cpus:4", 5 * One, "cpus:4", true},
		{"cpus:4", -1, "cpus:0", true},
		{"ports:[1-9]", One, "ports:[1-9]", true},
		{"disk:4 +src(MOUNT,m)", One, "disk:4 +src(MOUNT,m)", false},
		{"disk:4 +src(MOUNT,m)", 4 * One, "disk:4 +src(MOUNT,m)", true},
	} {
		got, ok := rone(tt.resource).Shrink(tt.target)
		if ok != tt.ok || !got.Equal(rone(tt.want)) {
			t.Errorf("%s to %v: %v, %v; want %s, %v", tt.resource, tt.target, got, ok, tt.want, tt.ok)
		}
	}
}

func TestMatch(t *testing.T) {
	r := rs("cpus:1|cpus(a):2|mem:3")
	for _, tt := range []struct {
		asked, want string
		ok          bool
	}{{"cpus:9", "cpus:1", true}, {"cpus(a):9", "cpus(a):2", true}, {"mem:1", "mem:3", true}, {"cpus(b):1", "", false}, {"disk:1", "", false}} {
		got, ok := r.Match(rone(tt.asked))
		if ok != tt.ok || ok && !got.Equal(rone(tt.want)) {
			t.Errorf("%s: %v, %v; want %s", tt.asked, got, ok, tt.want)
		}
	}
}

// TestValuesByKind compares values of all kinds with each other.
func TestValuesByKind(t *testing.T) {
	ordered := []Value{ // smaller ones first, as they are sorted
		ScalarOf(0), ScalarOf(1), ScalarOf(One), RangesOf(Ranges{}), RangesOf(MustRanges("[1-2]")), RangesOf(MustRanges("[1-2,4-4]")), RangesOf(MustRanges("[1-3]")),
		SetOf(MustSet("a")), SetOf(MustSet("a", "b")), SetOf(MustSet("b")), TextOf("a"), TextOf("b"),
	}
	parts := map[[2]int]bool{{1, 0}: true, {2, 0}: true, {2, 1}: true, {4, 3}: true, {5, 3}: true, {6, 3}: true, {5, 4}: true, {6, 4}: true, {8, 7}: true, {8, 9}: true}
	for i, v := range ordered {
		for j, o := range ordered {
			if c := v.compare(o); (c < 0) != (i < j) || (c > 0) != (i > j) {
				t.Errorf("%v %v compares to %v %v: %d", v.Kind(), v, o.Kind(), o, c)
			}
			if v.Equal(o) != (i == j) {
				t.Errorf("%v %v equals %v %v: %v", v.Kind(), v, o.Kind(), o, v.Equal(o))
			}
			if got := v.Contains(o); got != (i == j || parts[[2]int{i, j}]) {
				t.Errorf("%v %v contains %v %v: %v", v.Kind(), v, o.Kind(), o, got)
			}
		}
	}
}
