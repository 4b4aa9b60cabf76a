package resources

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// wantParseError checks that an error says where.
func wantParseError(t *testing.T, text string, err error) {
	t.Helper()
	var p *ParseError
	if !errors.As(err, &p) {
		t.Fatalf("%q: %v is no ParseError", text, err)
	}
	if p.Offset < 0 || p.Offset > len(text) || !strings.HasPrefix(text[p.Offset:], p.Token) {
		t.Fatalf("%q: the token %q is not at byte %d", text, p.Token, p.Offset)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range parseCases {
		f.Add(c.text, c.role)
	}
	f.Fuzz(func(t *testing.T, text, role string) {
		r, err := Parse(text, DefaultRole(role))
		if err != nil {
			wantParseError(t, text, err)
			return
		}
		checkInvariants(t, r)
		back, err := r.MarshalText()
		if err != nil && !utf8.ValidString(text+role) {
			return // what is not UTF-8 can be written as text only if that is of the short form
		}
		var again Resources
		if err == nil {
			err = again.UnmarshalText(back)
		}
		if err != nil || !again.Equal(r) {
			t.Fatalf("%q: %v is written as %q, and comes back as %v, %v", text, r, back, again, err)
		}
	})
}

func checkInvariants(t *testing.T, r Resources) {
	t.Helper()
	for i, x := range slices.Collect(r.All()) {
		if x.IsEmpty() || x.Validate() != nil {
			t.Fatalf("%v holds %v: %v", r, x, x.Validate())
		}
		if i > 0 {
			if c := r.e[i-1].compare(&r.e[i]); c > 0 || c == 0 && !r.e[i].whole {
				t.Fatalf("%v is not canonical", r)
			}
		}
	}
	if !r.Plus(r).Contains(r) || !r.Minus(r).IsEmpty() || !Must(slices.Collect(r.All())...).Equal(r) {
		t.Fatalf("%v breaks a law", r)
	}
}

func FuzzJSON(f *testing.F) {
	for _, c := range parseCases {
		f.Add([]byte(c.text))
	}
	for _, c := range messageCases {
		f.Add([]byte("[{" + c.kind + c.more + "}]"))
	}
	g := newGenerator(1)
	for range 50 {
		f.Add(must(rs(g.list(4)).MarshalJSON()))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Resources
		if err := r.UnmarshalJSON(text); err != nil {
			wantParseError(t, string(text), err)
			return
		}
		if !json.Valid(text) {
			t.Fatalf("%q is not JSON, but read as %v", text, r)
		}
		checkInvariants(t, r)
		for x := range r.All() {
			var again Resource
			if err := again.UnmarshalJSON(must(x.MarshalJSON())); err != nil || !again.Equal(x) {
				t.Fatalf("%q: %v comes back as %v, %v", text, x, again, err)
			}
		}
		for _, format := range []Format{FormatPost, FormatEndpoint, FormatPre} {
			b, err := r.JSON(format)
			if errors.Is(err, ErrFormat) && format == FormatPre {
				continue
			}
			var again Resources
			if err == nil {
				err = again.UnmarshalJSON(b)
			}
			static := format == FormatPre && !again.Equal(r) // loses principals of static reservations
			if err != nil || !again.Equal(r) && !static {
				t.Fatalf("%q: %v is written as %q, and comes back as %v, %v", text, r, b, again, err)
			}
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, c := range valueCases {
		f.Add(c.text)
	}
	f.Add("{1(,),B}")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseValue(text)
		if err != nil {
			wantParseError(t, text, err)
			return
		}
		written := v.String()
		back, err := ParseValue(written)
		if err != nil && v.Kind() == KindSet && strings.ContainsAny(written[1:len(written)-1], "()[]{}") {
			return // items in their order may have brackets that do not match
		}
		if err != nil || !back.Equal(v) {
			t.Fatalf("%q: %v %v comes back as %v %v, %v", text, v.Kind(), v, back.Kind(), back, err)
		}
		if !v.Contains(v) || v.compare(v) != 0 {
			t.Fatalf("%v is not part of itself", v)
		}
		r, err := ParseRanges(text)
		if (err == nil) != (v.Kind() == KindRanges) || err == nil && !r.Equal(v.Ranges()) {
			t.Fatalf("%q: %v %v, as ranges %v, %v", text, v.Kind(), v, r, err)
		}
	})
}

func FuzzAmount(f *testing.F) {
	for _, text := range []string{"", "1.5", "-2", "1e3", "0.0005", "-.0015", "70368744177.664", "1e-400", "1e400", "0x10", "1_0", "nan", "+-1", "9.9995", "41777003077.874497"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAmount(text)
		if err != nil {
			wantParseError(t, text, err)
			return
		}
		exact, _, err := big.ParseFloat(text, 10, 200, big.ToNearestEven)
		if err != nil { // an exponent that is too much even for a big.Float
			if a != 0 {
				t.Fatalf("%q is read as %v: %v", text, a, err)
			}
			return
		}
		near, _ := exact.Float64()
		off, _ := exact.Sub(exact, new(big.Float).Quo(big.NewFloat(float64(a)), big.NewFloat(1000).SetPrec(200))).Float64()
		// A half of a thousandth, and what the float64 nearest to the text and its product with 1000, which Mesos rounds, are off.
		if math.Abs(off) > 0.0005+math.Abs(near)*0x1p-51 {
			t.Fatalf("%q is read as %v", text, a)
		}
		if back, err := ParseAmount(a.String()); err != nil || back != a {
			t.Fatalf("%q: %v comes back as %v, %v", text, a, back, err)
		}
	})
}

func FuzzAttributes(f *testing.F) {
	for _, text := range []string{"", "a", "a:b", "rack:r1;gen:3;ports:[1-5];rack:r2;host:a:b", "a:-5;a:nan", "gpu:{0,1}", "x: 1 \ny:2", "a:[5-1]", "::", "a:4.9e-324"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAttributes(text)
		if err != nil {
			wantParseError(t, text, err)
			return
		}
		b, err := a.MarshalText()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var back Attributes
		if err := back.UnmarshalText(b); err != nil || !back.Equal(a) || !a.Contains(back) {
			t.Fatalf("%q: comes back as %v, %v", text, back, err)
		}
		for x := range a.All() {
			if _, ok := a.Get(x.Name); !ok {
				t.Fatalf("%q: no %q", text, x.Name)
			}
		}
	})
}

func FuzzQuantities(f *testing.F) {
	for _, text := range []string{"", "cpus:1", " cpus : 3.14 ; disk : 10 ", "cpus:1;cpus:2", "cpus:-1", "cpus:nan", "a:b", "ports:3,cpus:1", ":1", "a:1e20"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := ParseLimits(text); err == nil {
			if _, err := ParseLimits(l.String()); err != nil {
				t.Fatalf("%q: limits %v: %v", text, l, err)
			}
		}
		q, err := ParseQuantities(text)
		if err != nil {
			wantParseError(t, text, err)
			return
		}
		if back, err := ParseQuantities(q.String()); err != nil || !back.Equal(q) {
			t.Fatalf("%q: %v comes back as %v, %v", text, q, back, err)
		}
	})
}

func FuzzRole(f *testing.F) {
	for _, c := range roleCases {
		for _, role := range c.roles {
			f.Add(role, "a,"+role)
		}
	}
	f.Fuzz(func(t *testing.T, role, list string) {
		if err := ValidateRole(role); err == nil && role != "*" {
			for _, a := range RoleAncestors(role) {
				if err := ValidateRole(a); err != nil {
					t.Fatalf("%q is valid, its ancestor is not: %v", role, err)
				}
				if !IsStrictSubrole(role, a) || IsStrictSubrole(a, role) {
					t.Fatalf("%q is not below %q", role, a)
				}
			}
		}
		roles, err := ParseRoles(list)
		if err != nil {
			wantParseError(t, list, err)
		}
		for _, r := range roles {
			if ValidateRole(r) != nil {
				t.Fatalf("%q holds the bad role %q", list, r)
			}
		}
	})
}
