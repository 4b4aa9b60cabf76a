package mesosv1

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ptr[T any](v T) *T { return &v }

// goodOffer is an offer with four resources, for tests to spoil.
func goodOffer() mesos.Offer {
	scalar := func(name string, f float64) mesos.Resource {
		return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: f}}
	}
	ports := mesos.Resource{Name: "ports", Type: mesos.RANGES.Enum(), Ranges: &mesos.Value_Ranges{Range: []mesos.Value_Range{{Begin: 1, End: 5}, {Begin: 8, End: 9}}}}
	volume := scalar("disk", 100)
	volume.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: ptr("web")}}
	volume.Disk = &mesos.Resource_DiskInfo{
		Persistence: &mesos.Resource_DiskInfo_Persistence{ID: "v"},
		Volume:      &mesos.Volume{Mode: mesos.RW.Enum(), ContainerPath: "data"},
		Source:      &mesos.Resource_DiskInfo_Source{Type: mesos.Resource_DiskInfo_Source_MOUNT},
	}
	return mesos.Offer{
		ID: mesos.OfferID{Value: "o1"}, AgentID: mesos.AgentID{Value: "a1"}, Hostname: "h1",
		AllocationInfo: &mesos.Resource_AllocationInfo{Role: ptr("web")},
		Resources:      []mesos.Resource{scalar("cpus", 4), scalar("mem", 1024), ports, volume},
		Attributes:     []mesos.Attribute{{Name: "rack", Type: mesos.TEXT, Text: &mesos.Value_Text{Value: "r1"}}},
	}
}

// Every row spoils a good offer, and names the error word for word.
func TestOfferErrors(t *testing.T) {
	rows := []struct {
		spoil func(*mesos.Offer)
		is    error
		want  string
	}{
		{func(o *mesos.Offer) { o.ID.Value = "" }, ErrMissing, `id.value: missing`},
		{func(o *mesos.Offer) { o.AgentID.Value = "" }, ErrMissing, `offer "o1": agent_id.value: missing`},
		{func(o *mesos.Offer) { o.AllocationInfo.Role = nil }, ErrInexpressible, `offer "o1": allocation_info.role: cannot be expressed: an allocation without a role`},
		{func(o *mesos.Offer) { o.Resources[1].Name = "" }, resources.ErrName, `offer "o1": resources[1]: resource: bad name: empty`},
		{func(o *mesos.Offer) { o.Resources[1].Type = nil }, ErrMissing, `offer "o1": resources[1].type ("mem"): missing`},
		{func(o *mesos.Offer) { *o.Resources[1].Type = 9 }, ErrEnum, `offer "o1": resources[1].type ("mem"): unknown enum value: 9`},
		{func(o *mesos.Offer) { *o.Resources[1].Type = -1 }, ErrEnum, `offer "o1": resources[1].type ("mem"): unknown enum value: -1`},
		{func(o *mesos.Offer) { *o.Resources[1].Type = mesos.TEXT }, resources.ErrKind, `offer "o1": resources[1].type ("mem"): wrong kind of value: a resource cannot be a text`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar = nil }, resources.ErrKind, `offer "o1": resources[1] ("mem"): wrong kind of value: a SCALAR must have a value of that kind only`},
		{func(o *mesos.Offer) { o.Resources[1].Set = &mesos.Value_Set{} }, resources.ErrKind, `offer "o1": resources[1] ("mem"): wrong kind of value: a SCALAR must have a value of that kind only`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar.Value = math.NaN() }, resources.ErrAmount, `offer "o1": resources[1].scalar.value ("mem"): bad amount: NaN is not a number between -1125899906842.624 and 1125899906842.624`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar.Value = math.Inf(-1) }, resources.ErrAmount, `resources[1].scalar.value ("mem"): bad amount: -Inf`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar.Value = 0.0004 }, resources.ErrAmount, `resources[1].scalar.value ("mem"): bad amount: 0.0004 is not 0, but less than a thousandth`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar.Value = -1 }, resources.ErrAmount, `resources[1] ("mem"): resource mem: bad amount: -1`},
		{func(o *mesos.Offer) { o.Resources[1].Scalar.Value = 1e11 }, placement.ErrBadAmount, `offer "o1": resources ("mem"): bad amount: 100000000000 is more than 70368744177.664`},
		{func(o *mesos.Offer) { o.Resources[2].Ranges.Range[1].Begin = 10 }, resources.ErrRange, `offer "o1": resources[2].ranges.range[1] ("ports"): bad range: 10-9 begins after its end`},
		{func(o *mesos.Offer) { o.Resources[2].Ranges.Range[1].Begin = 4 }, resources.ErrRange, `offer "o1": resources[2].ranges.range[1] ("ports"): bad range: 4-9 overlaps 1-5`},
		{func(o *mesos.Offer) {
			o.Resources[2] = mesos.Resource{Name: "s", Type: mesos.SET.Enum(), Set: &mesos.Value_Set{Item: []string{"x", "x"}}}
		}, resources.ErrDuplicate, `offer "o1": resources[2].set ("s"): set: duplicate: item "x"`},
		{func(o *mesos.Offer) { o.Resources[2].Name = "mem" }, placement.ErrKind, `offer "o1": resources ("mem"): one name with two kinds: SCALAR and RANGES`},
		{func(o *mesos.Offer) { o.Resources[0].ProviderID = &mesos.ResourceProviderID{} }, ErrInexpressible, `resources[0].provider_id.value ("cpus"): cannot be expressed: an empty ID`},
		{func(o *mesos.Offer) { o.Resources[0].AllocationInfo = &mesos.Resource_AllocationInfo{} }, ErrInexpressible, `resources[0].allocation_info.role ("cpus"): cannot be expressed`},
		{func(o *mesos.Offer) {
			o.Resources[0].AllocationInfo = &mesos.Resource_AllocationInfo{Role: ptr("db")}
		}, placement.ErrUnusable, `offer "o1": resources ("cpus"): resource not usable by the offer's role: allocated to "db", the offer to "web"`},
		{func(o *mesos.Offer) { o.Resources[0].Role = ptr("db") }, placement.ErrUnusable, `resources ("cpus"): resource not usable by the offer's role: reserved for "db", the offer's role is "web"`},
		{func(o *mesos.Offer) { o.Resources[0].Role = ptr("") }, resources.ErrRole, `resources[0] ("cpus"): resource cpus: bad reservation: layer 0: bad role: empty`},
		{func(o *mesos.Offer) { o.Resources[0].Reservation = &mesos.Resource_ReservationInfo{} }, resources.ErrReservation, `resources[0].reservation ("cpus"): bad reservation: the role "*" cannot be reserved`},
		{func(o *mesos.Offer) {
			o.Resources[0].Reservation = &mesos.Resource_ReservationInfo{Role: ptr("web")}
		}, resources.ErrFormat, `resources[0].reservation.role ("cpus"): format cannot express this: it belongs in reservations`},
		{func(o *mesos.Offer) { o.Resources[3].Role = ptr("db") }, resources.ErrFormat, `resources[3].role ("disk"): format cannot express this: role "db", but reserved for "web"`},
		{func(o *mesos.Offer) { o.Resources[3].Reservations[0].Role = nil }, ErrMissing, `resources[3].reservations[0].role ("disk"): missing`},
		{func(o *mesos.Offer) { o.Resources[3].Reservations[0].Type = nil }, ErrMissing, `resources[3].reservations[0].type ("disk"): missing`},
		{func(o *mesos.Offer) { *o.Resources[3].Reservations[0].Type = 7 }, ErrEnum, `resources[3].reservations[0].type ("disk"): unknown enum value: 7`},
		{func(o *mesos.Offer) { o.Resources[0].Disk = o.Resources[3].Disk }, resources.ErrDisk, `resources[0] ("cpus"): resource cpus: bad disk: cpus is not a disk`},
		{func(o *mesos.Offer) { o.Resources[3].Disk.Source.Type = 0 }, ErrEnum, `resources[3].disk.source.type ("disk"): unknown enum value: 0`},
		{func(o *mesos.Offer) { o.Resources[3].Disk.Source.Type = 5 }, ErrEnum, `resources[3].disk.source.type ("disk"): unknown enum value: 5`},
		{func(o *mesos.Offer) { o.Resources[3].Disk.Volume.Mode = nil }, ErrMissing, `resources[3].disk.volume.mode ("disk"): missing`},
		{func(o *mesos.Offer) { *o.Resources[3].Disk.Volume.Mode = 0 }, ErrEnum, `resources[3].disk.volume.mode ("disk"): unknown enum value: 0`},
		{func(o *mesos.Offer) { o.Resources[3].Disk.Volume.Image = &mesos.Image{} }, ErrInexpressible, `resources[3].disk.volume.image ("disk"): cannot be expressed: the volume of a disk with an image`},
		{func(o *mesos.Offer) { o.Resources[3].Disk.Volume.Source = &mesos.Volume_Source{} }, ErrInexpressible, `resources[3].disk.volume.source ("disk"): cannot be expressed`},
		{func(o *mesos.Offer) { o.Resources[0].Shared = &mesos.Resource_SharedInfo{} }, resources.ErrShared, `resources[0] ("cpus"): resource cpus: cannot be shared`},
		{func(o *mesos.Offer) { o.Attributes[0].Name = "" }, resources.ErrName, `offer "o1": attributes[0]: attribute 0: bad name: empty`},
		{func(o *mesos.Offer) { o.Attributes[0].Text = nil }, resources.ErrKind, `attributes[0] ("rack"): wrong kind of value: a TEXT must have a value of that kind only`},
		{func(o *mesos.Offer) { o.Attributes[0].Type = 4 }, ErrEnum, `attributes[0].type ("rack"): unknown enum value: 4`},
		{func(o *mesos.Offer) {
			o.Attributes[0] = mesos.Attribute{Name: "s", Type: mesos.SET, Set: &mesos.Value_Set{Item: []string{"x"}}}
		}, resources.ErrKind, `attributes[0] ("s"): `},
		{func(o *mesos.Offer) { o.Attributes[0].Name = "@zone" }, ErrInexpressible, `attributes[0] ("@zone"): cannot be expressed: the name is kept for the domain`},
		{func(o *mesos.Offer) { o.Domain = &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{}} }, ErrInexpressible, `offer "o1": domain.fault_domain.region.name: cannot be expressed`},
		{func(o *mesos.Offer) {
			o.Unavailability = &mesos.Unavailability{Duration: &mesos.DurationInfo{Nanoseconds: -1}}
		}, ErrWindow, `offer "o1": unavailability.duration: window ends before it begins: -1 ns`},
	}
	for i, row := range rows {
		o := goodOffer()
		if _, err := FromOffer(&o); err != nil {
			t.Fatalf("the good offer: %v", err)
		}
		row.spoil(&o)
		_, err := FromOffer(&o)
		if !errors.Is(err, row.is) {
			t.Errorf("%d: %v does not wrap %v", i, err, row.is)
			continue
		}
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "mesosv1: ") || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%d: got  %v\nwant … %s …", i, err, row.want)
		}
	}
}

func TestNil(t *testing.T) {
	if _, err := FromOffer(nil); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if _, err := FromResource(nil); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	for _, f := range []func() error{
		func() error { _, err := FromOffers(nil); return err },
		func() error { _, err := FromResources(nil); return err },
		func() error { _, err := FromAttributes(nil); return err },
	} {
		if err := f(); err != nil {
			t.Error(err)
		}
	}
}

// One bad offer does not lose the others.
func TestFromOffers(t *testing.T) {
	list := []mesos.Offer{goodOffer(), goodOffer(), goodOffer()}
	for i := range list {
		list[i].ID.Value = fmt.Sprint("o", i)
	}
	list[1].Resources[0].Scalar.Value = math.NaN()
	got, err := FromOffers(list)
	if len(got) != 2 || got[0].ID != "o0" || got[1].ID != "o2" {
		t.Errorf("got %v", got)
	}
	var e *Error
	if !errors.As(err, &e) || e.Offer != "o1" || e.Field != "resources[0].scalar.value" || e.Name != "cpus" || !errors.Is(e, resources.ErrAmount) {
		t.Errorf("got %v", err)
	}
}

// What Mesos has no field for is refused on the way out.
func TestInexpressible(t *testing.T) {
	m := goodOffer()
	for name, spoil := range map[string]func(*Offer){
		"Devices":           func(o *Offer) { o.Devices = []placement.Device{{Kind: "gpu"}} },
		"Standing":          func(o *Offer) { o.Standing = true },
		"domain":            func(o *Offer) { o.Attributes = resources.MustAttributes("@zone:z1") },
		"attributes[1]":     func(o *Offer) { o.Attributes = resources.MustAttributes("@zone:z1;@zone:z2") },
		"attributes[0]":     func(o *Offer) { o.Attributes = resources.MustAttributes("@region:1.5;@zone:z") },
		"Unavailable.Start": func(o *Offer) { o.Unavailable = &placement.Window{} },
		"Unavailable.End":   func(o *Offer) { o.Unavailable = &placement.Window{Start: time.Unix(0, 0), End: time.Unix(1<<34, 0)} },
		"resources[1].scalar.value": func(o *Offer) {
			half := resources.Must(resources.Resource{Name: "mem", Value: resources.ScalarOf(resources.MaxHeld)})
			o.Resources = resources.MustParse("cpus:1").Plus(half).Plus(half)
		},
	} {
		o, err := FromOffer(&m)
		if err != nil {
			t.Fatal(err)
		}
		spoil(&o)
		_, err = ToOffer(o)
		var e *Error
		if !errors.As(err, &e) || e.Offer != "o1" || e.Field != name || !errors.Is(err, ErrInexpressible) && !errors.Is(err, resources.ErrAmount) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := ToResource(resources.Resource{Name: "x", Value: resources.TextOf("t")}); !errors.Is(err, resources.ErrKind) {
		t.Errorf("a text as a resource: %v", err)
	}
	if _, err := ToOffer(Offer{}); !errors.Is(err, ErrMissing) {
		t.Errorf("an offer without an ID: %v", err)
	}
}
