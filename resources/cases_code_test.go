package resources

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func compact(s string) string { return strings.ReplaceAll(s, " ", "") }

func boolText(b bool) string { return fmt.Sprint(b) }

// codeCases: what needs a few steps. The outcome is compared as printed.
var codeCases = []struct {
	id   string
	want string
	got  func() any
}{
	{"SCL-01", "true", func() any {
		build := func() Resources { return rs("cpus:3").Plus(rs("mem:45")) }
		return build().Equal(build())
	}},
	{"SCL-13", "true 1.001", func() any {
		a := rs("cpus:1.001")
		b := a.Plus(a).Plus(a).Minus(a).Minus(a)
		return fmt.Sprint(b.Equal(a), b.Quantities().Get("cpus").Float64())
	}},
	{"SCL-15", "true", func() any {
		a := rs("cpus:1.001")
		sum := a
		for range 100_000 {
			sum = sum.Plus(a)
		}
		for range 100_000 {
			sum = sum.Minus(a)
		}
		return sum.Equal(a)
	}},
	{"SCL-17", "1.502", func() any { return rs("cpus:1.5015").Quantities().Get("cpus") }},
	{"SCL-19", "1", func() any { return rs("mem:1.9").Quantities().Get("mem").Whole() }},
	{"SCL-21", "bad amount", refused(func() error { _, err := AmountOf(math.NaN()); return err }, ErrAmount)},
	{"SCL-22", "bad amount", refused(func() error { _, err := AmountOf(math.Inf(1)); return err }, ErrAmount)},
	{"SCL-23", "[cpus ports] SCALAR RANGES", func() any {
		r := rs("cpus(role1):2|cpus:4|ports:[1-10]|ports:[11-20]")
		return fmt.Sprint(r.Names(), r.At(0).Value.Kind(), " ", r.At(2).Value.Kind())
	}},

	{"RNG-21", "[1-5, 7-10]", func() any { return must(NewRanges(Range{1, 4}, Range{3, 5}, Range{7, 8}, Range{8, 10})) }},

	{"SET-07", "true", func() any { return MustSet("a", "b").Equal(MustSet("b", "a")) }}, // deviation
	{"SET-08", "{a, b}", func() any { return rs("s(a):{a}|s:{b}").Total("s", KindSet) }},

	{"RSV-30", `"role":"*" | "role":"foo" | "role":"bar","reservation":{"principal":"p1"}`, func() any {
		var out []string
		for _, r := range rlist("cpus:1 | cpus:1 +S(foo) | cpus:1 +D(bar,p1)") {
			text := string(must(r.JSON(FormatPre)))
			out = append(out, strings.TrimSuffix(text[strings.Index(text, `"role"`):], "}"))
		}
		return strings.Join(out, " | ")
	}},
	{"RSV-32", "cpus(reservations: [(STATIC,foo)]):1 cpus(reservations: [(DYNAMIC,bar,p)]):1", func() any {
		return fmt.Sprint(message1(`"role":"foo"`), " ", message1(`"role":"bar","reservation":{"principal":"p"}`))
	}},
	{"RSV-33", "true", func() any { return message1(`"role":"a"`).Equal(rone("cpus:1 +S(a)")) }},
	{"RSV-34", "cpus(reservations: [(DYNAMIC,role,p)]):1", func() any {
		return must(rs("cpus:1").PushReservation(Reservation{Role: "role", Dynamic: true, Principal: Some("p")}))
	}},
	{"RSV-36", "false", func() any { return message1(`"role":"r"`).DynamicallyReserved() }},
	{"RSV-37", "cpus(reservations: [(DYNAMIC,foo)]):1", func() any {
		return must(CommonAncestor(rs("cpus:1 +D(foo) +D(foo/bar)"), rs("cpus:1 +D(foo) +D(foo/baz)")))
	}},
	{"RSV-42", "true true", func() any {
		return fmt.Sprint(IsStrictSubrole("foo/bar", "foo"), IsStrictSubrole("foo/bar/baz", "foo"))
	}},
	{"RSV-43", "false false false", func() any {
		return fmt.Sprint(IsStrictSubrole("foo", "foo"), IsStrictSubrole("bar", "foo"), IsStrictSubrole("foobar", "foo"))
	}},
	{"RSV-44", "[a/b/c a/b a]", func() any { return RoleAncestors("a/b/c/d") }},

	{"PAR-09", "[{* cpus(allocated: *):1} {role1 cpus(allocated: role1):2} {role2 cpus(allocated: role2)(reservations: [(STATIC,role2)]):3}]", func() any {
		return must(rs("cpus:1 +alloc(*)|cpus:2 +alloc(role1)|cpus(role2):3 +alloc(role2)").ByAllocation())
	}},

	{"SHR-06", "true true", func() any {
		s := rs("disk(r):8 +pv(1,p) +shared")
		r1, r2 := s.Plus(s).Plus(s).Plus(s), s.Plus(s).Plus(s)
		return fmt.Sprint(r1.Plus(r2).Minus(r1).Equal(r2), r2.Minus(r1).Plus(r1).Equal(r1))
	}},

	{"FND-08", "cpus:10 cpus:3.14 cpus:3.14;disk:10", func() any {
		return fmt.Sprint(MustQuantities("cpus:10"), " ", MustQuantities("cpus:3.14"), " ", MustQuantities(" cpus : 3.14 ; disk : 10 "))
	}},
	{"FND-09", " cpus:11.5;ports:3", func() any {
		return fmt.Sprint(MustQuantities("cpus:0"), " ", MustQuantities("ports:3;cpus:1;cpus:10.5"))
	}},

	{"ATR-01", "SCALAR RANGES 2 TEXT rack1,rack2", func() any {
		a := MustAttributes("cpus:45.55;ports:[10000-20000, 30000-50000];rack:rack1,rack2")
		return fmt.Sprint(a.At(0).Value.Kind(), " ", a.At(1).Value.Kind(), " ", a.At(1).Value.Ranges().Len(), " ", a.At(2).Value.Kind(), " ", a.At(2).Value)
	}},
	{"ATR-02", "attr1=foo:bar attr2=baz:qux:", func() any {
		a := MustAttributes("attr1:foo:bar;attr2:baz:qux:")
		return fmt.Sprint(a.At(0), " ", a.At(1))
	}},
	{"ATR-05", "wrong kind of value", refused(func() error { _, err := ParseAttributes("gpu:{0,1}"); return err }, ErrKind)},
	{"ATR-07", "TEXT TEXT", func() any {
		a := MustAttributes("a:-5;a:nan")
		return fmt.Sprint(a.At(0).Value.Kind(), " ", a.At(1).Value.Kind())
	}},
	{"ATR-09", "true", func() any {
		return MustAttributes("rack:rack1;dedicated:customer1;dedicated:customer2").
			Equal(MustAttributes("dedicated:customer2;rack:rack1;dedicated:customer1"))
	}},
	{"ATR-10", "false false", func() any {
		a := MustAttributes("a:1")
		return fmt.Sprint(a.Equal(MustAttributes("a:x")), a.Equal(Attributes{}))
	}},
	{"ATR-11", "true", func() any { return MustAttributes("a:x;a:x;b:y").Equal(MustAttributes("a:x;b:y;b:y")) }},
	{"ATR-12", "x", func() any {
		v, _ := MustAttributes("a:x;a:y").Get("a")
		return v
	}},
}

// message1 reads a message for one CPU with more fields.
func message1(more string) Resource {
	var r Resource
	if err := r.UnmarshalJSON([]byte(`{"name":"cpus","type":"SCALAR","scalar":{"value":1},` + more + `}`)); err != nil {
		panic(err)
	}
	return r
}

// refused calls f, and returns want as text if that is what f fails with.
func refused(f func() error, want error) func() any {
	return func() any {
		err := f()
		if errors.Is(err, want) {
			return want
		}
		return err
	}
}

func TestCodeCases(t *testing.T) {
	for _, tt := range codeCases {
		t.Run(tt.id, func(t *testing.T) {
			if got := fmt.Sprint(tt.got()); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// messageCases: a JSON message, and what is wrong with it.
var messageCases = []struct {
	id, kind, more string
	want           error
}{
	{id: "RNG-23", kind: `"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":2},{"begin":3,"end":4}]}`},
	{id: "", kind: `"name":"ports","type":"RANGES","ranges":{"range":[{"begin":10,"end":100},{"begin":5,"end":6},{"begin":20,"end":30}]}`, want: ErrRange},
	{id: "", kind: `"name":"ports","type":"RANGES","ranges":{"range":[{"begin":20,"end":30},{"begin":5,"end":6},{"begin":10,"end":100}]}`},
	{id: "RSV-15"},
	{id: "RSV-15", more: `"reservations":[{"type":"STATIC","role":"role"}]`},
	{id: "RSV-15", more: `"reservations":[{"type":"DYNAMIC","role":"role","principal":"p"}]`},
	{id: "RSV-15", more: `"reservations":[{"type":"DYNAMIC","role":"role","labels":{"labels":[{"key":"k"}]}}]`},
	{id: "RSV-16"},
	{id: "RSV-16", more: `"role":"*"`},
	{id: "RSV-16", more: `"role":"foo"`},
	{id: "RSV-16", more: `"role":"foo","reservation":{"principal":"p"}`},
	{id: "RSV-17", more: `"role":"*","reservation":{}`, want: ErrReservation},
	{id: "RSV-18", more: `"role":"foo","reservation":{"type":"DYNAMIC"}`, want: ErrFormat},
	{id: "RSV-18", more: `"role":"foo","reservation":{"role":"foo"}`, want: ErrFormat},
	{id: "RSV-19", more: `"reservations":[{"type":"STATIC","role":"foo"},{"type":"STATIC","role":"foo/bar"}]`, want: ErrReservation},
	{id: "RSV-22", more: `"reservations":[{"type":"STATIC","role":"role1"},{"type":"DYNAMIC","role":"role2"}]`, want: ErrReservation},
	{id: "RSV-24", more: `"reservations":[{"type":"DYNAMIC","role":"eng"},{"type":"DYNAMIC","role":"eng/backend/db"}]`},
	{id: "RSV-26", more: `"role":"r1","reservation":{"principal":"p1"},"reservations":[{"type":"DYNAMIC","role":"r1","principal":"p1"}]`},
	{id: "RSV-28", more: `"role":"a/b","reservation":{},"reservations":[{"type":"DYNAMIC","role":"a"},{"type":"DYNAMIC","role":"a/b"}]`, want: ErrFormat},
	{id: "", more: `"role":"a","reservation":{},"reservations":[{"type":"DYNAMIC","role":"a"},{"type":"DYNAMIC","role":"a/b"}]`, want: ErrFormat},
	{id: "", more: `"role":"a","reservations":[{"type":"STATIC","role":"a"},{"type":"DYNAMIC","role":"a/b"}]`, want: ErrFormat},
	{id: "RSV-29", more: `"role":"a","reservation":{"labels":{"labels":[{"key":"x"}]}},"reservations":[{"type":"DYNAMIC","role":"a","labels":{"labels":[{"key":"y"}]}}]`, want: ErrFormat},
	{id: "", more: `"role":"b","reservations":[{"type":"STATIC","role":"a"}]`, want: ErrFormat},
	{id: "", more: `"role":"a","reservation":{},"reservations":[{"type":"STATIC","role":"a"}]`, want: ErrFormat},
	{id: "", more: `"role":"a","reservations":[{"type":"DYNAMIC","role":"a"}]`, want: ErrFormat},
	{id: "", more: `"role":"a","reservation":{"principal":"p"},"reservations":[{"type":"DYNAMIC","role":"a"}]`, want: ErrFormat},
	{id: "", more: `"reservations":[{"role":"a"}]`, want: ErrReservation},
	{id: "", more: `"reservations":[{"type":"UNKNOWN","role":"a"}]`, want: ErrReservation},
	{id: "", more: `"set":{"item":["a"]}`, want: ErrKind},
	{id: "", kind: `"name":"cpus","type":"SCALAR"`, want: ErrKind},
	{id: "", kind: `"name":"cpus","type":"TEXT"`, want: ErrKind},
	{id: "", kind: `"name":"cpus","type":"SCALAR","scalar":{"value":0.0004}`, want: ErrAmount},
	{id: "", kind: `"name":"cpus","type":"SCALAR","scalar":{"value":-1}`, want: ErrAmount},
}

func TestMessageCases(t *testing.T) {
	for _, tt := range messageCases {
		t.Run(rowName(tt.id, tt.kind+tt.more), func(t *testing.T) {
			if tt.kind == "" {
				tt.kind = `"name":"cpus","type":"SCALAR","scalar":{"value":1}`
			}
			if tt.more != "" {
				tt.kind += ","
			}
			var r Resource
			err := r.UnmarshalJSON([]byte("{" + tt.kind + tt.more + "}"))
			if !errors.Is(err, tt.want) {
				t.Errorf("%v; want %v", err, tt.want)
			}
		})
	}
}

// resourceCases: resources, and what is wrong with them as such.
var resourceCases = []struct {
	id, resource string
	want         error
}{
	{"DSK-01", "cpus:2 +disk", ErrDisk},
	{"DSK-02", "disk(role):10 +pv(1,path)", nil},
	{"DSK-02", "disk(role):10 +pv(1,path) +src(PATH,m)", nil},
	{"DSK-02", "disk(role):10 +pv(1,path) +src(MOUNT,m)", nil},
	{"DSK-02", "disk:10 +vol(path)", nil},
	{"DSK-03", "disk:10 +src(RAW,path=m)", ErrDisk},
	{"DSK-03", "disk:10 +src(RAW,mount=m)", ErrDisk},
	{"DSK-03", "disk:10 +src(BLOCK,path=m)", ErrDisk},
	{"DSK-03", "disk:10 +src(BLOCK,mount=m)", ErrDisk},
	{"DSK-04", "disk:10 +src(UNKNOWN)", ErrDisk},
	{"SHR-12", "cpus:1 +shared", ErrShared},
	{"SHR-12", "disk:1 +shared", ErrShared},
	{"", "disk:1 +vol(p) +shared", ErrShared},
	{"", "cpus:text", ErrKind},
	{"", "cpus(*):1", ErrReservation},
}

func TestResourceCases(t *testing.T) {
	for _, tt := range resourceCases {
		t.Run(rowName(tt.id, tt.resource), func(t *testing.T) {
			if err := rone(tt.resource).Validate(); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v; want %v", tt.resource, err, tt.want)
			}
			if _, err := New(rone(tt.resource)); !errors.Is(err, tt.want) {
				t.Errorf("New(%s): %v; want %v", tt.resource, err, tt.want)
			}
		})
	}
	if !slices.Equal(must(ParseRoles("a,,b,")), []string{"a", "b"}) {
		t.Error("ParseRoles keeps empty parts")
	}
}
