package mesosv1

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// encode returns the bytes of a message.
func encode(t testing.TB, m interface{ Marshal() ([]byte, error) }) []byte {
	t.Helper()
	b, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A resource in the form that this package writes comes back byte for byte.
func TestResourceRoundTrip(t *testing.T) {
	for seed := range uint64(5000) {
		m := newMaker(seed).resource([]string{"disk", "x"}[seed%2])
		r, err := FromResource(&m)
		if err != nil {
			t.Fatalf("seed %d: %v\n%v", seed, err, m)
		}
		back, err := ToResource(r)
		if err != nil {
			t.Fatalf("seed %d: %v\n%v", seed, err, r)
		}
		if want, got := encode(t, &m), encode(t, &back); !bytes.Equal(got, want) {
			t.Fatalf("seed %d:\n got %v\nwant %v", seed, &back, &m)
		}
	}
}

// A list comes back as the same messages in canonical order, unless some of them merge;
// then quantities are what they were.
func TestResourcesRoundTrip(t *testing.T) {
	merged := 0
	for seed := range uint64(3000) {
		g := newMaker(seed)
		var list []mesos.Resource
		var want [][]byte
		var total resources.Resources
		for range g.IntN(7) {
			m := g.resource([]string{"disk", "x", "y"}[g.IntN(3)])
			list = append(list, m)
			want = append(want, encode(t, &m))
			one, err := FromResources([]mesos.Resource{m})
			if err != nil {
				t.Fatal(err)
			}
			total = total.Plus(one)
		}
		rs, err := FromResources(list)
		if err != nil {
			t.Fatal(err)
		}
		if !rs.Equal(total) {
			t.Fatalf("seed %d: %v is not the sum %v", seed, rs, total)
		}
		back, err := ToResources(rs)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := FromResources(back); err != nil || !again.Equal(rs) {
			t.Fatalf("seed %d: %v, then %v (%v)", seed, rs, again, err)
		}
		if len(back) < len(list) {
			merged++
			continue
		}
		var got [][]byte
		for i := range back {
			got = append(got, encode(t, &back[i]))
		}
		slices.SortFunc(want, bytes.Compare)
		slices.SortFunc(got, bytes.Compare)
		if !slices.EqualFunc(got, want, bytes.Equal) && !sharedCopies(rs) {
			t.Fatalf("seed %d:\n got %v\nwant %v", seed, back, list)
		}
	}
	if merged == 0 || merged > 1500 {
		t.Errorf("%d of 3000 lists merge; the test is not what it should be", merged)
	}
}

// sharedCopies reports whether r holds copies of a shared volume, which are one resource
// with one mount point.
func sharedCopies(r resources.Resources) bool {
	for x := range r.Shared().All() {
		if r.Count(x) > 1 {
			return true
		}
	}
	return false
}

func TestOfferRoundTrip(t *testing.T) {
	for seed := range uint64(3000) {
		m := newMaker(seed).offer(int(seed))
		before := encode(t, &m)
		o, err := FromOffer(&m)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if _, err := placement.Assign([]placement.Offer{o.Offer}, nil); err != nil {
			t.Fatalf("seed %d: a round refuses it: %v", seed, err)
		}
		back, err := ToOffer(o)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !bytes.Equal(encode(t, &back), before) {
			t.Fatalf("seed %d:\n got %v\nwant %v", seed, &back, &m)
		}
		if !bytes.Equal(encode(t, &m), before) {
			t.Fatalf("seed %d: the message was changed", seed)
		}
	}
}

// What is converted does not change when the message does.
func TestNothingShared(t *testing.T) {
	for seed := range uint64(300) {
		m := newMaker(seed).offer(1)
		var twin mesos.Offer
		if err := twin.Unmarshal(encode(t, &m)); err != nil {
			t.Fatal(err)
		}
		o, err := FromOffer(&m)
		if err != nil {
			t.Fatal(err)
		}
		scribble(&m)
		back, err := ToOffer(o)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encode(t, &back), encode(t, &twin)) {
			t.Fatalf("seed %d:\n got %v\nwant %v", seed, &back, &twin)
		}
		scribble(&back)
		if again, err := ToOffer(o); err != nil || !bytes.Equal(encode(t, &again), encode(t, &twin)) {
			t.Fatalf("seed %d: the offer changed with a message made of it", seed)
		}
	}
}

// scribble overwrites what an offer refers to.
func scribble(o *mesos.Offer) {
	for i := range o.Resources {
		r := &o.Resources[i]
		for j := range r.GetRanges().GetRange() {
			r.Ranges.Range[j].Begin = 0
		}
		for j := range r.GetSet().GetItem() {
			r.Set.Item[j] = "!"
		}
		if d := r.Disk; d != nil && d.Source != nil {
			for j := range d.Source.GetMetadata().GetLabels() {
				d.Source.Metadata.Labels[j].Key = "!"
			}
			d.Source.Type = 0
		}
		r.Name = "!"
		if r.AllocationInfo != nil {
			*r.AllocationInfo.Role = "!"
		}
	}
	for i := range o.Attributes {
		o.Attributes[i].Name = "!"
	}
	if o.URL != nil {
		o.URL.Scheme = "!"
		for i := range o.URL.Query {
			o.URL.Query[i].Key = "!"
		}
		for _, p := range []*string{o.URL.Path, o.URL.Fragment, o.URL.Address.IP, o.URL.Address.Hostname} {
			if p != nil {
				*p = "!"
			}
		}
	}
}

// The JSON reader of package resources and this package judge the same messages alike,
// whatever their form.
func TestAgreesWithJSON(t *testing.T) {
	good := 0
	for seed := range uint64(8000) {
		g := newMaker(seed)
		g.wild = true
		m := g.resource([]string{"disk", "x"}[seed%2])
		text, err := json.Marshal(&m)
		if err != nil {
			t.Fatal(err)
		}
		var want resources.Resource
		wantErr := json.Unmarshal(text, &want)
		got, err := FromResource(&m)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("seed %d: %v, but the JSON reader says %v\n%s", seed, err, wantErr, text)
		}
		if err != nil {
			continue
		}
		good++
		if !got.Equal(want) || got.String() != want.String() {
			t.Fatalf("seed %d: %v, but the JSON reader says %v\n%s", seed, got, want, text)
		}
	}
	t.Logf("%d of 8000 messages are valid", good)
	if good < 500 || good > 7500 {
		t.Error("the test is not what it should be")
	}
}

func TestScalarsExact(t *testing.T) {
	for f, want := range map[float64]resources.Amount{
		1.0005: 1001, 1.2345: 1235, 1.5011: 1501, 4.0005: 4000, 0.0005: 1, 0.1 + 0.2: 300, 1e9 + 0.001: 1e12 + 1,
		math.Ldexp(1, 39): resources.Amount(1) << 39 * 1000,
	} {
		m := mesos.Resource{Name: "cpus", Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: f}}
		r, err := FromResource(&m)
		if err != nil || r.Value.Amount() != want {
			t.Errorf("%v: got %d, want %d (%v)", f, r.Value.Amount(), want, err)
		}
	}
}
