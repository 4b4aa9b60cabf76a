package resources

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// snapshot copies everything that r holds, hidden parts too.
func snapshot(r Resources) []Resource {
	out := []Resource{}
	for x := range r.All() {
		x.Reservations = slices.Clone(x.Reservations)
		x.Disk = x.Disk.clone()
		x.Value.ranges = slices.Clone(x.Value.ranges)
		items := slices.Clone(x.Value.list())
		x.Value.items = &items
		out = append(out, x)
	}
	return out
}

var compareAll = cmp.Options{
	cmp.AllowUnexported(Value{}, Optional{}, Labels{}),
	cmpopts.EquateEmpty(),
}

// TestNothingMutates performs every operation and looks at the operands again, spare
// capacity of their slices included.
func TestNothingMutates(t *testing.T) {
	g := newGenerator(11)
	for range 500 {
		a, b := rs(g.list(6)), rs(g.list(6))
		was, bWas := snapshot(a), snapshot(b)
		spare := slices.Clone(a.e[len(a.e):cap(a.e)])
		a.Plus(b)
		a.Minus(b)
		a.Plus(b).Minus(a).Plus(b)
		a.Contains(b)
		a.Equal(b)
		a.Find(b)
		a.Filter(func(r Resource) bool { return r.Revocable }).Plus(b)
		a.Unreserved().Plus(b)
		a.Named("cpus").Minus(b)
		a.ShrinkTo(MustQuantities("cpus:1;ports:2;zones:1;disk:10")).Plus(b)
		a.ToUnreserved().Plus(b)
		a.Allocate("z").Plus(b)
		_, _ = a.PopReservation()
		_, _ = a.PushReservation(Reservation{Role: "x/y/z/w", Dynamic: true})
		_, _ = CommonAncestor(a, b)
		for x := range a.All() {
			_, _ = a.Apply(Unreserve{[]Resource{x}})
			_, _ = a.Apply(Destroy{[]Resource{x}})
			_ = append(x.Reservations, Reservation{Role: "appended"})
			_, _ = x.PushReservation(Reservation{Role: "x/y/z/w", Dynamic: true})
		}
		if d := cmp.Diff(was, snapshot(a), compareAll); d != "" {
			t.Fatalf("the left operand changed:\n%s", d)
		}
		if d := cmp.Diff(bWas, snapshot(b), compareAll); d != "" {
			t.Fatalf("the right operand changed:\n%s", d)
		}
		for i, e := range a.e[len(a.e):cap(a.e)] {
			if e.identity != spare[i].identity {
				t.Fatal("something was written behind the left operand")
			}
		}
	}
}

// TestInputIsCopied modifies what a collection was made of.
func TestInputIsCopied(t *testing.T) {
	list := rlist("disk:10 +S(x) +D(x/y,p,k=v) +src(PATH,/p) +pv(one,/data)")
	r := Must(list...)
	was := snapshot(r)
	list[0].Reservations[0].Role = "changed"
	list[0].Disk.Persistence.ID = "changed"
	list[0].Disk.Source.Path.Root = Some("changed")
	list[0].Disk.Volume.ContainerPath = "changed"
	if d := cmp.Diff(was, snapshot(r), compareAll); d != "" {
		t.Errorf("the collection changed:\n%s", d)
	}
	ranges := []Range{{1, 5}, {7, 9}}
	rr := must(NewRanges(ranges...))
	ranges[0].End = 100
	if rr.String() != "[1-5, 7-9]" {
		t.Errorf("the ranges changed: %v", rr)
	}
}

// TestLaws checks what must hold for all collections.
func TestLaws(t *testing.T) {
	g := newGenerator(12)
	for range 2000 {
		a, b, c := rs(g.list(5)), rs(g.list(5)), rs(g.list(5))
		ab := a.Plus(b)
		for law, holds := range map[string]bool{
			"a+b = b+a":             ab.Equal(b.Plus(a)),
			"(a+b)+c = a+(b+c)":     ab.Plus(c).Equal(a.Plus(b.Plus(c))),
			"a+b contains a":        ab.Contains(a),
			"a+0 = a":               a.Plus(Resources{}).Equal(a),
			"a-a = 0":               a.Minus(a).IsEmpty(),
			"a contains a-b":        a.Contains(a.Minus(b)),
			"a>=b and b>=a iff a=b": (a.Contains(b) && b.Contains(a)) == a.Equal(b),
			"new(all) = a":          Must(slices.Collect(a.All())...).Equal(a),
			"b>=a leaves nothing":   !b.Contains(a) || a.Minus(b).IsEmpty(),
			"filters split":         a.Unreserved().Plus(a.Reserved("")).Equal(a),
			"revocable or not":      a.Revocable().Plus(a.NonRevocable()).Equal(a),
			"found is contained":    foundIsContained(a, b),
			"shrunk is contained":   a.Contains(a.ShrinkTo(MustQuantities("cpus:1;mem:1;ports:3;zones:1;disk:11"))),
			"equal prints equal":    !a.Equal(b) || a.String() == b.String(),
			"canonical":             slices.IsSortedFunc(ab.e, compareEntries),
			"merged like a new one": sameAs(ab, slices.Concat(slices.Collect(a.All()), slices.Collect(b.All()))),
		} {
			if !holds {
				t.Errorf("%s does not hold for\na = %v\nb = %v\nc = %v", law, a, b, c)
			}
		}
		if a.Contains(b) && !a.Minus(b).Plus(b).Equal(a) {
			t.Errorf("a-b+b is not a for\na = %v\nb = %v", a, b)
		}
	}
}

func sameAs(r Resources, list []Resource) bool { return Must(list...).String() == r.String() }

func foundIsContained(a, b Resources) bool {
	found, ok := a.Find(b)
	return !ok || a.Contains(found) && found.ToUnreserved().Equal(b.ToUnreserved())
}

// TestRoundTrips writes and reads everything in every form.
func TestRoundTrips(t *testing.T) {
	g := newGenerator(13)
	for range 1000 {
		r := rs(g.list(6))
		text := must(r.MarshalText())
		var back Resources
		if err := back.UnmarshalText(text); err != nil || !slices.Equal(back.strict(), r.strict()) {
			t.Fatalf("text %s comes back as %v, %v", text, back, err)
		}
		for _, f := range []Format{FormatPost, FormatEndpoint, FormatPre} {
			b, err := r.JSON(f)
			if err != nil {
				if f == FormatPre && !r.Filter(Resource.Refined).IsEmpty() {
					continue
				}
				t.Fatal(err)
			}
			if !json.Valid(b) {
				t.Fatalf("not JSON: %s", b)
			}
			var back Resources
			if err := json.Unmarshal(b, &back); err != nil || !slices.Equal(back.strict(), r.strict()) {
				t.Fatalf("format %d %s comes back as %v, %v", f, b, back, err)
			}
			if again := must(back.JSON(f)); !bytes.Equal(again, b) {
				t.Fatalf("written differently: %s and %s", b, again)
			}
		}
		q := r.Quantities()
		if back, err := ParseQuantities(q.String()); err != nil || !back.Equal(q) {
			t.Fatalf("quantities %v come back as %v, %v", q, back, err)
		}
	}
}

func TestNotUTF8(t *testing.T) {
	r := Must(Resource{Name: "a\xff", Value: ScalarOf(One)})
	if _, err := r.MarshalJSON(); err == nil {
		t.Error("written as JSON although it is not UTF-8")
	}
	text, err := r.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back Resources
	if err := back.UnmarshalText(text); err != nil || !back.Equal(r) {
		t.Errorf("%q comes back as %v, %v", text, back, err)
	}
}

// TestTextOfTwoKinds: operators cannot write one name with two kinds, so such a text must be JSON to read back.
func TestTextOfTwoKinds(t *testing.T) {
	r := Must(Resource{Name: "x", Value: ScalarOf(One)}, Resource{Name: "x", Value: SetOf(MustSet("a"))})
	text := must(r.MarshalText())
	var back Resources
	if err := back.UnmarshalText(text); err != nil || !back.Equal(r) {
		t.Errorf("%s comes back as %v, %v", text, back, err)
	}
}
