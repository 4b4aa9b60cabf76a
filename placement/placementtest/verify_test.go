package placementtest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// clauses are all clauses of Verify.
var clauses = []error{
	ErrTasks, ErrWhy, ErrPlace, ErrRole, ErrRevocable, ErrCapacity, ErrPorts, ErrDevices,
	ErrSets, ErrDisks, ErrGang, ErrOrder, ErrConstraint, ErrForbidden, ErrPieces, ErrLimit, ErrReady, ErrBatch, ErrTier,
}

func need(text string) resources.Quantities { return resources.MustQuantities(text) }

func require(text string) []constraints.Constraint {
	list, err := constraints.Parse(text)
	if err != nil {
		panic(err)
	}
	return list
}

func diskOfSize(amount string, source *resources.DiskSource) resources.Resource {
	return resources.Resource{Name: "disk", Value: resources.ScalarOf(resources.MustAmount(amount)), Disk: &resources.Disk{Source: source}}
}

// world has one of everything, on two agents; the first has two bins, one of them of two offers.
func world() Input {
	volume := diskOfSize("10", nil)
	volume.Disk.Persistence = &resources.Persistence{ID: "v1"}
	other := volume
	other.Disk = &resources.Disk{Persistence: &resources.Persistence{ID: "v2"}}
	path := diskOfSize("100", &resources.DiskSource{Type: resources.DiskPath})
	mount := diskOfSize("50", &resources.DiskSource{Type: resources.DiskMount, Mount: &resources.Directory{Root: resources.Some("/m")}})
	raw := diskOfSize("30", &resources.DiskSource{Type: resources.DiskRaw, ID: resources.Some("w1"), Profile: resources.Some("fast")})
	revocable := resources.Resource{Name: "cpus", Value: resources.ScalarOf(8 * resources.One), Revocable: true}
	unit := func(id, model string) placement.Device {
		return placement.Device{Kind: "gpu", ID: id, Model: model, Capacity: resources.One, Free: resources.One}
	}
	used := unit("u4", "V100")
	used.Free = 500
	return Input{
		Offers: []placement.Offer{
			{ID: "o1", Agent: "a", Hostname: "ha", Attributes: resources.MustAttributes("rack:r1"),
				Resources: resources.MustParse("cpus:4;mem:1000;ports:[100-120];nics:{n1,n2,n3,n4}").Plus(resources.Must(volume, other, path, mount, raw, revocable)),
				Devices:   []placement.Device{unit("", "V100"), unit("u1", "V100"), unit("u2", "A10"), unit("u3", "A10"), used, unit("u5", "K80"), unit("u6", "K80")}},
			{ID: "o2", Agent: "a", Hostname: "ha", Attributes: resources.MustAttributes("rack:r1"), Resources: resources.MustParse("cpus:6")},
			{ID: "o3", Agent: "b", Attributes: resources.MustAttributes("rack:r2"), Resources: resources.MustParse("cpus:10;mem:1000;ports:[200-210]")},
			{ID: "o4", Agent: "a", Role: "web", Hostname: "ha", Attributes: resources.MustAttributes("rack:r1"), Resources: resources.MustParse("cpus:2;cpus(web):3;mem:100")},
		},
		Tasks: []placement.Task{
			{ID: "scalar", Needs: need("cpus:1;mem:100")},
			{ID: "ports", Needs: need("cpus:0.1"), Ports: ports.Request{Fixed: []uint16{110, 105}, Dynamic: 3, Contiguous: true, Within: resources.MustRanges("[101-118]")}},
			{ID: "more", Ports: ports.Request{Dynamic: 1, Within: resources.MustRanges("[100-120]")}},
			{ID: "whole", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 2, Models: []string{"V100"}}}},
			{ID: "share", Devices: []placement.DeviceRequest{{Kind: "gpu", Share: 600, Models: []string{"A10"}, Tag: "x"}}},
			{ID: "beside", Devices: []placement.DeviceRequest{{Kind: "gpu", Share: 300, Models: []string{"A10"}, Tag: "x"}}},
			{ID: "plain", Devices: []placement.DeviceRequest{{Kind: "gpu", Share: 300, Models: []string{"K80"}}}},
			{ID: "set", Sets: []placement.SetRequest{{Name: "nics", Count: 1, Items: []string{"n3"}}}},
			{ID: "set2", Sets: []placement.SetRequest{{Name: "nics", Count: 1}}},
			{ID: "mount", Disks: []placement.DiskRequest{{Kind: placement.MountDisk, Amount: 20000, Root: "/m"}}},
			{ID: "path", Disks: []placement.DiskRequest{{Kind: placement.PathDisk, Amount: 60000}}},
			{ID: "volume", Disks: []placement.DiskRequest{{Kind: placement.VolumeDisk, ID: "v1"}}},
			{ID: "raw", Disks: []placement.DiskRequest{{Kind: placement.RawDisk, Amount: 20000, ID: "w1", Profile: "fast"}}},
			{ID: "gang1", Gang: "g", Needs: need("cpus:0.1")},
			{ID: "gang2", Gang: "g", Needs: need("cpus:0.1")},
			{ID: "web", Role: "web", Needs: need("cpus:2")},
			{ID: "web2", Role: "web", Needs: need("cpus:2")},
			{ID: "only", Revocable: placement.Only, Needs: need("cpus:2")},
			{ID: "prefer", Revocable: placement.Prefer, Needs: need("cpus:2")},
			{ID: "rack", Needs: need("cpus:0.1"), Require: require("rack=r1")},
			{ID: "first", Group: "pair", Needs: need("cpus:0.1")},
			{ID: "second", Needs: need("cpus:0.1"), Require: require("near(pair)")},
			{ID: "max1", Group: "max", Needs: need("cpus:0.1"), Require: require("max_per(hostname,2)")},
			{ID: "max2", Group: "max", Needs: need("cpus:0.1")},
			{ID: "alone", Needs: need("cpus:5"), Require: require("exclusive")},
			{ID: "late", Needs: need("cpus:0.1")},
			{ID: "huge", Needs: need("cpus:1000")},
		},
	}
}

// fixture is the valid result of the world, all of it the caller's own.
type fixture struct {
	Input
	placement.Result
	opts []Option
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{Input: world(), opts: []Option{WithPieces()}}
	var err error
	f.Result, err = placement.Assign(f.Offers, f.Tasks, placement.WithPacker(placement.FirstFit()), placement.WithPieces())
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Assignments {
		a := &f.Assignments[i]
		a.Offers, a.Ports, a.Devices, a.Items = slices.Clone(a.Offers), slices.Clone(a.Ports), slices.Clone(a.Devices), slices.Clone(a.Items)
		for j := range a.Devices {
			a.Devices[j].Units, a.Devices[j].IDs = slices.Clone(a.Devices[j].Units), slices.Clone(a.Devices[j].IDs)
		}
		for j := range a.Items {
			a.Items[j].Items = slices.Clone(a.Items[j].Items)
			if d := a.Items[j].Disk; d != nil {
				own := *d
				a.Items[j].Disk = &own
			}
		}
	}
	return f
}

func (f *fixture) of(id placement.TaskID) *placement.Assignment {
	for i := range f.Assignments {
		if f.Assignments[i].Task == id {
			return &f.Assignments[i]
		}
	}
	panic("not placed: " + id)
}

func (f *fixture) task(id placement.TaskID) *placement.Task {
	return &f.Tasks[slices.IndexFunc(f.Tasks, func(t placement.Task) bool { return t.ID == id })]
}

// unplace makes an assignment a failure.
func (f *fixture) unplace(id placement.TaskID) {
	at := f.of(id).Order
	f.Assignments = slices.DeleteFunc(f.Assignments, func(a placement.Assignment) bool { return a.Task == id })
	for i := range f.Assignments {
		if f.Assignments[i].Order > at {
			f.Assignments[i].Order--
		}
	}
	f.Failures = slices.Insert(f.Failures, 0, placement.Failure{Task: id, Why: &placement.Explanation{}})
}

// send moves a task, as it is, to another bin.
func (f *fixture) send(id placement.TaskID, agent placement.AgentID, role string, offers ...placement.OfferID) {
	a := f.of(id)
	a.Agent, a.Role, a.Offers = agent, role, offers
}

// last gives a task the last place in the order.
func (f *fixture) last(id placement.TaskID) {
	at := f.of(id).Order
	for i := range f.Assignments {
		if f.Assignments[i].Order > at {
			f.Assignments[i].Order--
		}
	}
	f.of(id).Order = len(f.Assignments) - 1
}

func (f *fixture) cut(id placement.TaskID, pieces resources.Resources) { f.of(id).Pieces = pieces }

func (f *fixture) verify() error {
	return Verify(f.Offers, f.Tasks, f.Result, append(f.opts, WithNow(time.Time{}))...)
}

func TestVerifyAccepts(t *testing.T) {
	f := newFixture(t)
	limited(placement.Limit{Owner: "max", Tasks: 2, Most: bound("cpus", "0.2")})(f)
	tiered(bound("cpus", "50"), placement.Bucket{Owner: "idle", Guarantee: bound("cpus", "49")}, placement.Bucket{Owner: "max", Guarantee: bound("cpus", "0.3")})(f)
	f.opts = append(f.opts, WithBatch(len(f.Assignments)))
	if err := f.verify(); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Failures); n != 1 {
		t.Fatalf("%d failures, wanted the huge task alone: %v", n, f.Failures)
	}
}

// check breaks a valid result and wants errors of one clause, and of no other but those allowed with it.
func check(t *testing.T, clause error, breaks func(*fixture), also ...error) {
	t.Helper()
	f := newFixture(t)
	breaks(f)
	err := f.verify()
	if !errors.Is(err, clause) {
		t.Fatalf("got %v, want %v", err, clause)
	}
	for _, other := range clauses {
		if other != clause && errors.Is(err, other) && !slices.Contains(also, other) {
			t.Errorf("%v is reported, too: %v", other, err)
		}
	}
	var v *Violation
	if !errors.As(err, &v) || v.Task == "" || v.Detail == "" {
		t.Errorf("%v names no task or gives no detail", err)
	}
	if fmt.Sprint(v) == "" {
		t.Error("a violation prints nothing")
	}
}
