package resources

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// Every deliberate difference from Mesos has a test here and a reason in
// docs/algebra.md.

func TestDeviationNoNaN(t *testing.T) {
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := AmountOf(f); !errors.Is(err, ErrAmount) {
			t.Errorf("AmountOf(%v): %v", f, err)
		}
	}
	var r Resource
	for _, text := range []string{"NaN", "Infinity", "-Infinity", "nan", "inf"} {
		if err := r.UnmarshalJSON([]byte(`{"name":"cpus","type":"SCALAR","scalar":{"value":"` + text + `"}}`)); !errors.Is(err, ErrSyntax) {
			t.Errorf("a scalar of %s: %v", text, err)
		}
	}
}

func TestDeviationCanonicalOrder(t *testing.T) {
	list := rlist("mem:1|cpus(b):1|cpus:1 +rev|cpus(a):1 +D(a/b)|cpus(a):1|disk:1 +src(MOUNT,m)|cpus:1|disk:1|ports:[1-2]")
	want := Must(list...)
	for range len(list) {
		list = append(list[1:], list[0])
		got := Must(list...)
		if got.String() != want.String() {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if m := got.Minus(rs("cpus(a):1")).Plus(rs("cpus(a):1")); m.String() != want.String() {
			t.Errorf("order changes: %v", m)
		}
	}
	// Entries that have become alike merge, where Mesos leaves them apart.
	if got := rs("cpus:1 +alloc(a)|cpus:2 +alloc(b)").Unallocate(); got.Len() != 1 {
		t.Errorf("Unallocate leaves %v", got)
	}
	// What was found depends on what is there, not on the order of adding.
	a, b := rlist("cpus(a):1|cpus(b):1"), rlist("cpus(b):1|cpus(a):1")
	fa, _ := Must(a...).Find(rs("cpus:0.5"))
	fb, _ := Must(b...).Find(rs("cpus:0.5"))
	if !fa.Equal(fb) {
		t.Errorf("found %v or %v", fa, fb)
	}
	// Ranges are merged when read, so a port cannot be there twice.
	var r Resources
	text := `[{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":3,"end":9},{"begin":1,"end":5}]}}]`
	if err := r.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if got := r.Minus(rs("ports:[4-4]")).String(); got != "ports:[1-3, 5-9]" {
		t.Errorf("port 4 taken from %v leaves %v", r, got)
	}
	if got := r.Quantities().String(); got != "ports:9" {
		t.Errorf("quantities %v", got)
	}
}

func TestDeviationWholeDisksAreCounted(t *testing.T) {
	for _, disk := range []string{"disk:10 +src(MOUNT,m)", "disk:10 +src(BLOCK,id=i)", "disk:10 +src(RAW,id=i)"} {
		one, two := rs(disk), rs(disk+"|"+disk)
		if one.Contains(two) || one.Equal(two) {
			t.Errorf("%v contains or equals itself twice", one)
		}
		if !two.Contains(two) || !two.Minus(one).Equal(one) || two.Len() != 2 {
			t.Errorf("%v is not two disks", two)
		}
	}
}

func TestDeviationSetsIgnoreOrder(t *testing.T) {
	a := Resource{Name: "x", Value: SetOf(MustSet("a", "b"))}
	b := Resource{Name: "x", Value: SetOf(MustSet("b", "a"))}
	if !a.Equal(b) || Must(a).Count(b) != 1 {
		t.Errorf("%v and %v differ", a, b)
	}
}

func TestDeviationLabelsAreCounted(t *testing.T) {
	x, y := Label{Key: "a"}, Label{Key: "b"}
	xx, xy := NewLabels(x, x), NewLabels(x, y)
	if xx.Equal(xy) || xy.Equal(xx) {
		t.Errorf("%v equals %v", xx, xy)
	}
	if !xy.Equal(NewLabels(y, x)) {
		t.Error("order matters")
	}
	if got := rs("cpus:1 +D(a,p,k=v,k=v)").Plus(rs("cpus:1 +D(a,p,k=v,j=w)")); got.Len() != 2 {
		t.Errorf("merged: %v", got)
	}
}

func TestDeviationFindDeducts(t *testing.T) {
	have := rs("cpus:2 +S(a)")
	targets := rs("cpus:2 +S(b)|cpus:2 +S(c)")
	if found, ok := have.Find(targets); ok {
		t.Errorf("found %v in %v", found, have)
	}
	if found, ok := rs("cpus(a):2|cpus:2").Find(targets); !ok || !found.Equal(rs("cpus(a):2|cpus:2")) {
		t.Errorf("found %v, %v", found, ok)
	}
}

func TestDeviationLargestRange(t *testing.T) {
	r := MustRanges("[0-18446744073709551615,5-6]")
	if r.Len() != 1 || !r.Contains(MustRanges("[5-6]")) {
		t.Errorf("not merged: %v", r)
	}
	if got := MustRanges("[18446744073709551614-18446744073709551615]").Plus(MustRanges("[0-1]")).Len(); got != 2 {
		t.Errorf("%d intervals", got)
	}
	if got := MustRanges("[0-18446744073709551615]").Minus(MustRanges("[18446744073709551615-18446744073709551615]")).String(); got != "[0-18446744073709551614]" {
		t.Errorf("got %v", got)
	}
}

func TestDeviationErrorsInsteadOfAborts(t *testing.T) {
	errs := map[string]error{}
	for _, text := range []string{"a", ":b", "a:", "a:{x}", "a:(x", "a:4.9e-324"} {
		_, errs["attributes "+text] = ParseAttributes(text)
	}
	_, errs["pop"] = rs("cpus:1").PopReservation()
	_, errs["push"] = rs("cpus(a):1").PushReservation(Reservation{Role: "b", Dynamic: true})
	_, errs["allocations"] = rs("cpus:1").ByAllocation()
	_, errs["apply"] = rs("disk(r):10 +pv(1,p)").Apply(ShrinkVolume{rone("disk(r):10 +pv(1,p)"), 11 * One})
	_, errs["parse"] = Parse(`[{"name":"x","type":"SCALAR","scalar":{"value":1},"reservation":{}}]`)
	for what, err := range errs {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestLimitsOfAmounts(t *testing.T) {
	over := (MaxAmount + 1).String()
	if _, err := ParseAmount(over); !errors.Is(err, ErrAmount) {
		t.Errorf("ParseAmount(%s): %v", over, err)
	}
	if _, err := NewQuantities(Quantity{"x", MaxAmount + 1}); !errors.Is(err, ErrAmount) {
		t.Errorf("NewQuantities: %v", err)
	}
	if _, err := NewQuantities(Quantity{"x", MaxAmount}, Quantity{"x", 1}); !errors.Is(err, ErrAmount) {
		t.Errorf("a sum in NewQuantities: %v", err)
	}
	for _, a := range []Amount{MaxHeld, MaxHeld - 1, MaxHeld - 999, MaxHeld/3 + 1} {
		r := Must(Resource{Name: "x", Value: ScalarOf(a)})
		text := must(r.MarshalText())
		var back Resources
		if err := back.UnmarshalText(text); err != nil || !back.Equal(r) {
			t.Errorf("%s comes back as %v, %v", text, back, err)
		}
	}
	if err := (Resource{Name: "x", Value: ScalarOf(MaxHeld + 1)}).Validate(); !errors.Is(err, ErrAmount) {
		t.Errorf("beyond MaxHeld: %v", err)
	}
	r := Must(Resource{Name: "x", Value: ScalarOf(MaxHeld)})
	for range 20 {
		r = r.Plus(r)
	}
	if got := r.Quantities().Get("x"); got != math.MaxInt64 {
		t.Errorf("sums do not saturate: %d", got)
	}
}

func TestReadingShared(t *testing.T) {
	r := rs("disk(r):8 +pv(1,p) +shared|disk(r):8 +pv(1,other) +shared")
	if got := slices.Collect(r.All()); len(got) != 2 || got[1].Disk.Volume.ContainerPath != got[0].Disk.Volume.ContainerPath {
		t.Errorf("copies of one resource differ: %v", r)
	}
}

func TestLimitsOfMessages(t *testing.T) {
	deep := func(n int) string {
		return `[{"name":"x","type":"SCALAR","scalar":{"value":1},"unknown":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}]`
	}
	var r Resources
	if err := r.UnmarshalJSON([]byte(deep(maxDepth - 2))); err != nil || !r.Equal(rs("x:1")) {
		t.Errorf("%v, %v", r, err)
	}
	if err := r.UnmarshalJSON([]byte(deep(1_000_000))); !errors.Is(err, ErrSyntax) {
		t.Errorf("a million levels: %v", err)
	}
	const disk = `{"name":"disk","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"STATIC","role":"r"}],"disk":{"persistence":{"id":"1"},"volume":{"container_path":"p","mode":"RW"`
	for text, want := range map[string]string{
		`{"name":"x","type":"SCALAR","scalar":{"value":1},"allocation_info":{}}`:       "x:1",
		`{"name":"x","type":"SCALAR","scalar":{"value":1},"provider_id":{"value":""}}`: "x:1",
		disk + `,"image":{"type":"DOCKER"},"source":{"type":"HOST_PATH"}}}}`:           "disk(r):1 +pv(1,p)",
		`{"name":"x","type":"SCALAR","scalar":{"value":9000000000000.001}}`:            "",
	} {
		err := r.UnmarshalJSON([]byte("[" + text + "]"))
		if want == "" {
			if !errors.Is(err, ErrAmount) {
				t.Errorf("%s: %v", text, err)
			}
		} else if err != nil || !slices.Equal(r.strict(), rs(want).strict()) {
			t.Errorf("%s: %v, %v", text, r, err)
		}
	}
}
