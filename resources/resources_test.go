package resources

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestArithmetic(t *testing.T) {
	for _, tt := range []struct{ a, b, plus, minus string }{
		{"", "", "", ""},
		{"cpus:1", "", "cpus:1", "cpus:1"},
		{"", "cpus:1", "cpus:1", ""},
		{"cpus:1", "cpus:1", "cpus:2", ""},
		{"cpus:1", "cpus:2", "cpus:3", ""},
		{"cpus:1;mem:10", "mem:4", "cpus:1;mem:14", "cpus:1;mem:6"},
		{"cpus:1;cpus(a):1", "cpus(a):0.5", "cpus:1;cpus(a):1.5", "cpus:1;cpus(a):0.5"},
		{"cpus(b):1", "cpus(a):1", "cpus(a):1;cpus(b):1", "cpus(b):1"},
		{"ports:[1-5,8-9];ports(a):[20-30]", "ports:[4-8];ports(a):[25-40]", "ports:[1-9];ports(a):[20-40]", "ports:[1-3,9-9];ports(a):[20-24]"},
		{"disks:{a,b}", "disks:{b,c}", "disks:{a,b,c}", "disks:{a}"},
	} {
		a, b := MustParse(tt.a), MustParse(tt.b)
		if got := a.Plus(b); !got.Equal(MustParse(tt.plus)) {
			t.Errorf("%v plus %v = %v; want %v", a, b, got, tt.plus)
		}
		if got := a.Minus(b); !got.Equal(MustParse(tt.minus)) {
			t.Errorf("%v minus %v = %v; want %v", a, b, got, tt.minus)
		}
		if s := a.Plus(b); !s.Contains(a) || !s.Contains(b) {
			t.Errorf("%v does not contain %v and %v", s, a, b)
		}
	}
}

func TestReading(t *testing.T) {
	r := MustParse("mem:512;cpus:1;cpus(a):2;cpus(a/b):4;ports:[1-10]")
	if got, want := r.String(), "cpus:1; cpus(reservations: [(STATIC,a)]):2; cpus(reservations: [(STATIC,a/b)]):4; mem:512; ports:[1-10]"; got != want {
		t.Errorf("String = %q; want %q", got, want)
	}
	if got, want := r.Quantities().String(), "cpus:7;mem:512;ports:10"; got != want {
		t.Errorf("Quantities = %q; want %q", got, want)
	}
	for _, tt := range []struct {
		name string
		got  Resources
		want string
	}{
		{"reserved", r.Reserved("a"), "cpus(a):2"},
		{"reserved any", r.Reserved(""), "cpus(a):2;cpus(a/b):4"},
		{"unreserved", r.Unreserved(), "cpus:1;mem:512;ports:[1-10]"},
		{"allocatable", r.AllocatableTo("a"), "cpus:1;cpus(a):2;mem:512;ports:[1-10]"},
		{"allocatable below", r.AllocatableTo("a/b"), "cpus:1;cpus(a):2;cpus(a/b):4;mem:512;ports:[1-10]"},
		{"reserved within", r.ReservedWithin("a"), "cpus(a):2;cpus(a/b):4"},
		{"reserved within a subrole", r.ReservedWithin("a/b"), "cpus(a/b):4"},
		{"reserved within none", r.ReservedWithin("*"), ""},
		{"reserved within nothing", r.ReservedWithin(""), ""},
		{"allocated within none", r.AllocatedWithin(""), ""},
		{"named", r.Named("cpus"), "cpus:1;cpus(a):2;cpus(a/b):4"},
		{"revocable", r.Revocable(), ""},
		{"nonrevocable", r.NonRevocable(), "cpus:1;cpus(a):2;cpus(a/b):4;mem:512;ports:[1-10]"},
	} {
		if !tt.got.Equal(MustParse(tt.want)) {
			t.Errorf("%s: %v; want %s", tt.name, tt.got, tt.want)
		}
	}
	if again := Must(slices.Collect(r.All())...); !again.Equal(r) {
		t.Errorf("New(All) = %v; want %v", again, r)
	}
}

// TestOtherKinds asks values of each kind for what they are and for what they are not.
func TestOtherKinds(t *testing.T) {
	for kind, v := range []Value{ScalarOf(One), RangesOf(MustRanges("[1-2]")), SetOf(MustSet("a", "b")), TextOf("x")} {
		if int(v.Kind()) != kind || (v.Amount() == One) != (kind == 0) || (v.Ranges().Count() == 2) != (kind == 1) ||
			(v.Set().Len() == 2) != (kind == 2) || (v.Text() == "x") != (kind == 3) || v.IsEmpty() {
			t.Errorf("%v %v: %v, %v, %v, %q", v.Kind(), v, v.Amount(), v.Ranges(), v.Set(), v.Text())
		}
	}
}

// TestJSONNumbers reads what may stand for an unsigned integer, and for a number.
func TestJSONNumbers(t *testing.T) {
	for _, tt := range []struct{ integer, want string }{
		{"5", "[5-5]"}, {`"5"`, "[5-5]"}, {"5.0", "[5-5]"}, {"0", "[0-0]"}, {"5e2", "[500-500]"},
		{"9007199254740993", "[9007199254740993-9007199254740993]"},
		{"9007199254740992.0", "[9007199254740992-9007199254740992]"}, // 2^53, the last that a float64 surely says
		{"18446744073709551615", "[18446744073709551615-18446744073709551615]"},
		{`"18446744073709551615"`, "[18446744073709551615-18446744073709551615]"},
		{"9007199254740994.0", ""}, {"1.2e16", ""}, {"18446744073709551616", ""}, {"-1", ""}, {"-0.5", ""}, {"5.5", ""}, {`"x"`, ""}, {`"-1"`, ""}, {"true", ""}, {"[5]", ""},
	} {
		var r Resource
		err := r.UnmarshalJSON(fmt.Appendf(nil, `{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":%s,"end":%[1]s}]}}`, tt.integer))
		if tt.want == "" {
			if !errors.Is(err, ErrSyntax) {
				t.Errorf("%s: %v, %v", tt.integer, r, err)
			}
		} else if err != nil || r.Value.String() != tt.want {
			t.Errorf("%s: %v, %v; want %s", tt.integer, r.Value, err, tt.want)
		}
	}
	for number, want := range map[string]Amount{"1.5": 1500, `"1.5"`: 1500, `"1e3"`: 1000 * One, "2": 2 * One} {
		var r Resource
		if err := r.UnmarshalJSON(fmt.Appendf(nil, `{"name":"cpus","type":"SCALAR","scalar":{"value":%s}}`, number)); err != nil || r.Value.Amount() != want {
			t.Errorf("%s: %v, %v", number, r, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct {
		text   string
		want   error
		token  string
		offset int
	}{
		{"cpus", ErrSyntax, "cpus", 0},
		{"mem:1;cpus:1:2", ErrSyntax, "cpus:1:2", 6},
		{"cpus:abc", ErrKind, "cpus:abc", 0},
		{"cpus:1;ports:[1-2b]", ErrSyntax, "[1-2b]", 13},
		{"cpus:1;ports:[5-1]", ErrRange, "[5-1]", 13},
		{"cpus(a b):1", ErrRole, "cpus(a b):1", 0},
		{"cpus(a/):1", ErrRole, "cpus(a/):1", 0},
		{"cpus)(a:1", ErrSyntax, "cpus)(a", 0},
		{"disks:{a,a}", ErrDuplicate, "{a,a}", 6},
		{"cpus:0.0004", ErrAmount, "0.0004", 5},
		{"x:1;x:[1-2]", ErrName, "x:1;x:[1-2]", 0},
		{"(r):1", ErrName, "(r):1", 0},
	} {
		_, err := Parse(tt.text)
		var p *ParseError
		if !errors.Is(err, tt.want) || !errors.As(err, &p) || p.Token != tt.token || p.Offset != tt.offset {
			t.Errorf("Parse(%q): %v; want %v, token %q at %d", tt.text, err, tt.want, tt.token, tt.offset)
		}
	}
}

func TestRangesArithmetic(t *testing.T) {
	for _, tt := range []struct{ a, b, plus, minus, both string }{
		{"[1-5]", "[6-9]", "[1-9]", "[1-5]", "[]"},
		{"[1-10,20-30,40-50]", "[2-9,15-45,48-50]", "[1-10,15-50]", "[1-1,10-10,46-47]", "[2-9,20-30,40-45,48-50]"},
		{"[0-18446744073709551615]", "[5-6]", "[0-18446744073709551615]", "[0-4,7-18446744073709551615]", "[5-6]"},
		{"[5-6]", "[0-18446744073709551615]", "[0-18446744073709551615]", "[]", "[5-6]"},
		{"[18446744073709551615-18446744073709551615]", "[0-3]", "[0-3,18446744073709551615-18446744073709551615]", "[18446744073709551615-18446744073709551615]", "[]"},
	} {
		a, b := MustRanges(tt.a), MustRanges(tt.b)
		for _, x := range []struct {
			op   string
			got  Ranges
			want string
		}{{"plus", a.Plus(b), tt.plus}, {"plus", b.Plus(a), tt.plus}, {"minus", a.Minus(b), tt.minus}, {"intersect", a.Intersect(b), tt.both}} {
			if !x.got.Equal(MustRanges(x.want)) {
				t.Errorf("%v %s %v = %v; want %v", a, x.op, b, x.got, x.want)
			}
		}
	}
	r := MustRanges("[1-3,7-7]")
	if r.Count() != 4 || !r.Has(7) || r.Has(5) || r.Has(0) || r.Has(8) {
		t.Errorf("%v: wrong Count or Has", r)
	}
}

func TestAttributesReading(t *testing.T) {
	a := MustAttributes("rack:r1;gen:3;ports:[1-5];rack:r2;host:a:b")
	if v, ok := a.Get("rack"); !ok || v.Text() != "r1" {
		t.Errorf("rack = %v, %v", v, ok)
	}
	if v, _ := a.Get("host"); v.Text() != "a:b" {
		t.Errorf("host = %v", v)
	}
	if v, _ := a.Get("gen"); v.Amount() != 3*One {
		t.Errorf("gen = %v", v)
	}
	if got, want := a.String(), "rack:r1;gen:3;ports:[1-5];rack:r2;host:a:b"; got != want {
		t.Errorf("String = %q; want %q", got, want)
	}
	for _, text := range []string{"a", ":b", "a:", "a:{x}", "a:(", "a: "} {
		if _, err := ParseAttributes(text); err == nil {
			t.Errorf("ParseAttributes(%q): no error", text)
		}
	}
}

func TestFindKeepsWhatTheTargetSays(t *testing.T) {
	found, ok := rs("disk(r):10 +pv(1,there)").Find(rs("disk(s):10 +pv(1,wanted)"))
	if want := rs("disk(r):10 +pv(1,wanted)"); !ok || !slices.Equal(found.strict(), want.strict()) {
		t.Errorf("found %v; want %v", found, want)
	}
}

// Plain must say of an entry what At says, and only of entries of which nothing else is to be said.
func TestPlain(t *testing.T) {
	all := MustParse("cpus:4;mem(role):512;ports:[1-2];set:{a,b};disk:7").
		Plus(must(New(Resource{Name: "cpus", Value: ScalarOf(2000), Revocable: true}))).
		Plus(must(New(Resource{Name: "gpus", Value: ScalarOf(1000), AllocatedTo: "role"})))
	plain := 0
	for i := range all.Len() {
		name, value, ok := all.Plain(i)
		r := all.At(i)
		if alone := must(New(Resource{Name: r.Name, Value: r.Value})); ok != alone.Equal(must(New(r))) {
			t.Errorf("%v: Plain says %v", r, ok)
		}
		if ok {
			plain++
			if name != r.Name || !value.Equal(r.Value) {
				t.Errorf("%v: Plain says %q, %v", r, name, value)
			}
		}
	}
	if all.Len() != 7 || plain != 4 {
		t.Errorf("%d plain ones of %d entries, want 4 of 7", plain, all.Len())
	}
}
