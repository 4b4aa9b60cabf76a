package trace

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// filler sets every field of a value to something that is not zero and, where it can be, unlike all others.
type filler struct {
	t *testing.T
	n int
}

func (f *filler) next() int { f.n++; return f.n }

// opaque makes values of types that are not filled field by field.
func (f *filler) opaque(typ reflect.Type) any {
	n := f.next()
	switch typ {
	case reflect.TypeFor[time.Time]():
		return time.Unix(int64(n), 5).In(time.FixedZone("", 3600))
	case reflect.TypeFor[resources.Resources]():
		r := f.disk(n)
		return resources.Must(r)
	case reflect.TypeFor[*resources.Resource]():
		r := f.disk(n)
		return &r
	case reflect.TypeFor[resources.Attributes]():
		a, err := resources.NewAttributes(resources.Attribute{Name: fmt.Sprint("a\xff", n), Value: resources.TextOf("x\xfe")},
			resources.Attribute{Name: "n", Value: resources.ScalarOf(5)}, resources.Attribute{Name: "r", Value: resources.RangesOf(resources.MustRanges("[1-5, 9-9]"))})
		if err != nil {
			f.t.Fatal(err)
		}
		return a
	case reflect.TypeFor[resources.Quantities]():
		return resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:0.001", n))
	case reflect.TypeFor[resources.Ranges]():
		return resources.MustRanges(fmt.Sprintf("[%d-%d, 18446744073709551615-18446744073709551615]", n, n))
	case reflect.TypeFor[constraints.Constraint]():
		return constraints.MustParse(fmt.Sprintf("max_per(rack,%d)", n))[0]
	case reflect.TypeFor[placement.Packer]():
		return Named(fmt.Sprint("p", n))
	case reflect.TypeFor[placement.Order]():
		return placement.DRF
	case reflect.TypeFor[placement.RevocablePolicy]():
		return placement.Prefer
	case reflect.TypeFor[placement.DiskKind]():
		return placement.VolumeDisk
	}
	return nil
}

// disk has every part that a resource can have.
func (f *filler) disk(n int) resources.Resource {
	some := resources.Some
	return resources.Resource{Name: "disk", Value: resources.ScalarOf(resources.Amount(n)), AllocatedTo: "a/b", Provider: "p", Revocable: true, Shared: true,
		Reservations: []resources.Reservation{{Role: "a", Principal: some(""), Labels: resources.NewLabels(
			resources.Label{Key: "k", Value: some("v")}, resources.Label{Key: "k"})}, {Role: "a/b", Dynamic: true, Labels: resources.NewLabels()}},
		Disk: &resources.Disk{
			Source: &resources.DiskSource{Type: resources.DiskMount, Path: &resources.Directory{}, Mount: &resources.Directory{Root: some("/m")},
				Vendor: some("v"), ID: some("i"), Profile: some("f"), Metadata: resources.NewLabels(resources.Label{Key: "m"})},
			Persistence: &resources.Persistence{ID: fmt.Sprint("id", n), Principal: some("me")},
			Volume:      &resources.Volume{ContainerPath: "c", HostPath: some("h"), ReadOnly: true},
		}}
}

func (f *filler) fill(v reflect.Value, path string) {
	if o := f.opaque(v.Type()); o != nil {
		v.Set(reflect.ValueOf(o))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("%s %d\xff", path, f.next()))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.next()))
	case reflect.Uint16, reflect.Uint64:
		v.SetUint(uint64(f.next()))
	case reflect.Float64:
		v.SetFloat(float64(f.next()) / 3)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), path)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, path)
		f.fill(value, path)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Field(i).CanSet() {
				f.t.Fatalf("%s: this test cannot fill a %s", path, v.Type())
			}
			f.fill(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Func: // of ports; see TestRoundTrip
	default:
		f.t.Fatalf("%s: this test cannot fill a %s", path, v.Type())
	}
}

// TestNoFieldForgotten fills every field that a round has, writes and reads it. A field that is new and is not carried fails it.
func TestNoFieldForgotten(t *testing.T) {
	f := &filler{t: t}
	var want Round
	f.fill(reflect.ValueOf(&want.Settings).Elem(), "settings")
	want.Settings.Ports = func(placement.AgentID) ports.Policy { return ports.BestFit() }
	f.fill(reflect.ValueOf(&want.Offers).Elem(), "offer")
	f.fill(reflect.ValueOf(&want.Tasks).Elem(), "task")
	f.fill(reflect.ValueOf(&want.Running).Elem(), "running")
	f.fill(reflect.ValueOf(&want.Result).Elem(), "result")
	want.Number, want.Engine, want.Err = 7, true, "e\xff"
	r := record{number: 7, engine: true, packer: want.Packer(), settings: want.Settings, lists: &copies{want.Offers, want.Tasks, want.Running},
		result: want.Result, err: want.Err, ports: []policyOf{{"a", ports.BestFit()}}}
	var e encoder
	if err := e.frames(discard{}, func() {
		e.round(&r)
		d := newDecoder(nil)
		if done, err := d.frame(e.frame, true); err != nil || !done {
			t.Fatal(done, err)
		}
		if got := d.round.Settings.Ports; got == nil || got("a").String() != "bestfit" || got("b").String() != "lowest" {
			t.Error("port policies are lost")
		}
		d.round.Settings.Ports, want.Settings.Ports = nil, nil
		if diff := cmp.Diff(&want, d.round, cmp.Exporter(func(reflect.Type) bool { return true }),
			cmp.Comparer(func(a, b constraints.Constraint) bool { return a.String() == b.String() })); diff != "" {
			t.Errorf("written -, read +:\n%s", diff)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
