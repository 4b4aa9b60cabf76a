package placement_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func oneTask(change func(*placement.Task)) []placement.Task {
	t := placement.Task{ID: "t"}
	change(&t)
	return []placement.Task{{ID: "good"}, t}
}

func oneOffer(change func(*placement.Offer)) []placement.Offer {
	o := placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:1")}
	change(&o)
	return []placement.Offer{{ID: "good", Agent: "b", Resources: resources.MustParse("cpus:1")}, o}
}

func withDevice(d placement.Device) []placement.Offer {
	return oneOffer(func(o *placement.Offer) { o.Devices = []placement.Device{d} })
}

func requesting(d ...placement.DeviceRequest) []placement.Task {
	return oneTask(func(t *placement.Task) { t.Devices = d })
}

func wantingSet(s ...placement.SetRequest) []placement.Task {
	return oneTask(func(t *placement.Task) { t.Sets = s })
}

func wantingDisk(d ...placement.DiskRequest) []placement.Task {
	return oneTask(func(t *placement.Task) { t.Disks = d })
}

func huge(t *testing.T) resources.Quantities {
	q, err := resources.NewQuantities(resources.Quantity{Name: "cpus", Amount: resources.MaxAmount})
	if err != nil {
		t.Fatal(err)
	}
	return q.Plus(q)
}

// TestInputErrors: what is an error and no failure. Every input has one good offer or task and one bad one.
func TestInputErrors(t *testing.T) {
	const (
		offers = "offers"
		tasks  = "tasks"
	)
	reserved := resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(1000), Reservations: []resources.Reservation{{Role: "web"}}})
	allocated := resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(1000), AllocatedTo: "web"})
	tooMuch := resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.MaxAmount + 1)})
	whole := placement.Device{Kind: "gpu", ID: "0", Capacity: 1000, Free: 1000}
	many := make([]placement.DiskRequest, 17)
	for i := range many {
		many[i] = placement.DiskRequest{Kind: placement.PathDisk, Amount: 1}
	}
	for _, c := range []struct {
		name   string
		offers []placement.Offer
		tasks  []placement.Task
		want   error
		where  string
	}{
		{"offer without an ID", oneOffer(func(o *placement.Offer) { o.ID = "" }), nil, placement.ErrNoID, offers},
		{"offer without an agent", oneOffer(func(o *placement.Offer) { o.Agent = "" }), nil, placement.ErrNoID, offers},
		{"offer twice", oneOffer(func(o *placement.Offer) { o.ID = "good" }), nil, placement.ErrDuplicate, offers},
		{"too much", oneOffer(func(o *placement.Offer) { o.Resources = tooMuch }), nil, placement.ErrBadAmount, offers},
		{"one name, two kinds", oneOffer(func(o *placement.Offer) { o.Resources = resources.MustParse("cpus:{1,2}") }), nil, placement.ErrKind, offers},
		{"one name, two kinds in one offer", oneOffer(func(o *placement.Offer) {
			o.Resources = resources.MustParse("x:{1}").Plus(resources.MustParse("x:[1-2]"))
		}), nil, placement.ErrKind, offers},
		{"reserved to others", oneOffer(func(o *placement.Offer) { o.Resources = reserved }), nil, placement.ErrUnusable, offers},
		{"reserved to a child", oneOffer(func(o *placement.Offer) { o.Resources, o.Role = resources.MustParse("cpus(web/api):1"), "web" }), nil, placement.ErrUnusable, offers},
		{"allocated to others", oneOffer(func(o *placement.Offer) { o.Resources, o.Role = allocated, "batch" }), nil, placement.ErrUnusable, offers},
		{"standing and not", oneOffer(func(o *placement.Offer) { o.Agent, o.Standing = "b", true }), nil, placement.ErrStanding, offers},
		{"device without a kind", withDevice(placement.Device{Capacity: 1000}), nil, placement.ErrNoID, offers},
		{"device of nothing", withDevice(placement.Device{Kind: "gpu"}), nil, placement.ErrBadAmount, offers},
		{"device of less than nothing", withDevice(placement.Device{Kind: "gpu", Capacity: -1, Free: -1}), nil, placement.ErrBadAmount, offers},
		{"device with more free than there is", withDevice(placement.Device{Kind: "gpu", Capacity: 1000, Free: 1001}), nil, placement.ErrBadAmount, offers},
		{"device with a negative rest", withDevice(placement.Device{Kind: "gpu", Capacity: 1000, Free: -1}), nil, placement.ErrBadAmount, offers},
		{"huge device", withDevice(placement.Device{Kind: "gpu", Capacity: resources.MaxAmount + 1}), nil, placement.ErrBadAmount, offers},
		{"device twice", oneOffer(func(o *placement.Offer) { o.Devices = []placement.Device{whole, whole} }), nil, placement.ErrDuplicate, offers},

		{"task without an ID", nil, oneTask(func(t *placement.Task) { t.ID = "" }), placement.ErrNoID, tasks},
		{"task twice", nil, oneTask(func(t *placement.Task) { t.ID = "good" }), placement.ErrDuplicate, tasks},
		{"need beyond the limit", nil, oneTask(func(x *placement.Task) { x.Needs = huge(t) }), placement.ErrBadAmount, tasks},
		{"value no number", nil, oneTask(func(t *placement.Task) { t.Value = math.NaN() }), placement.ErrBadRequest, tasks},
		{"infinite value", nil, oneTask(func(t *placement.Task) { t.Value = math.Inf(1) }), placement.ErrBadRequest, tasks},
		{"negative value", nil, oneTask(func(t *placement.Task) { t.Value = -1 }), placement.ErrBadRequest, tasks},
		{"group of all", nil, oneTask(func(t *placement.Task) { t.Group = constraints.AnyGroup }), placement.ErrBadRequest, tasks},
		{"no such policy", nil, oneTask(func(t *placement.Task) { t.Revocable = 3 }), placement.ErrBadRequest, tasks},
		{"lasts less than nothing", nil, oneTask(func(t *placement.Task) { t.Lasts = -1 }), placement.ErrBadRequest, tasks},
		{"negative ports", nil, oneTask(func(t *placement.Task) { t.Ports.Dynamic = -1 }), ports.ErrRequest, tasks},
		{"port twice", nil, oneTask(func(t *placement.Task) { t.Ports.Fixed = []uint16{1, 1} }), placement.ErrBadRequest, tasks},
		{"port outside", nil, oneTask(func(t *placement.Task) {
			t.Ports = ports.Request{Fixed: []uint16{1}, Within: resources.MustRanges("[2-3]")}
		}), ports.ErrRequest, tasks},
		{"more ports than exist", nil, oneTask(func(t *placement.Task) { t.Ports.Dynamic = 1 << 20 }), ports.ErrRequest, tasks},
		{"no requirement", nil, oneTask(func(t *placement.Task) { t.Require = []constraints.Constraint{nil} }), placement.ErrBadRequest, tasks},
		{"no preference", nil, oneTask(func(t *placement.Task) { t.Prefer = []constraints.Preference{{}} }), placement.ErrBadRequest, tasks},
		{"weight no number", nil, oneTask(func(t *placement.Task) {
			t.Prefer = []constraints.Preference{{Constraint: constraints.Exclusive(), Weight: math.NaN()}}
		}), placement.ErrBadRequest, tasks},
		{"negative weight", nil, oneTask(func(t *placement.Task) {
			t.Prefer = []constraints.Preference{{Constraint: constraints.Exclusive(), Weight: -1}}
		}), placement.ErrBadRequest, tasks},
		{"device request without a kind", nil, requesting(placement.DeviceRequest{Count: 1}), placement.ErrBadRequest, tasks},
		{"device request for nothing", nil, requesting(placement.DeviceRequest{Kind: "gpu"}), placement.ErrBadRequest, tasks},
		{"negative units", nil, requesting(placement.DeviceRequest{Kind: "gpu", Count: -1}), placement.ErrBadRequest, tasks},
		{"negative share", nil, requesting(placement.DeviceRequest{Kind: "gpu", Share: -1}), placement.ErrBadAmount, tasks},
		{"huge share", nil, requesting(placement.DeviceRequest{Kind: "gpu", Share: resources.MaxAmount + 1}), placement.ErrBadAmount, tasks},
		{"units and share", nil, requesting(placement.DeviceRequest{Kind: "gpu", Count: 1, Share: 1}), placement.ErrBadRequest, tasks},
		{"whole units with a tag", nil, requesting(placement.DeviceRequest{Kind: "gpu", Count: 1, Tag: "x"}), placement.ErrBadRequest, tasks},
		{"overlapping models", nil, requesting(placement.DeviceRequest{Kind: "gpu", Count: 1}, placement.DeviceRequest{Kind: "gpu", Count: 1, Models: []string{"A10"}}), placement.ErrBadRequest, tasks},
		{"too many device requests", nil, requesting(make([]placement.DeviceRequest, 17)...), placement.ErrBadRequest, tasks},
		{"set without a name", nil, wantingSet(placement.SetRequest{Count: 1}), placement.ErrBadRequest, tasks},
		{"set request for nothing", nil, wantingSet(placement.SetRequest{Name: "s"}), placement.ErrBadRequest, tasks},
		{"negative items", nil, wantingSet(placement.SetRequest{Name: "s", Count: -1}), placement.ErrBadRequest, tasks},
		{"item twice", nil, wantingSet(placement.SetRequest{Name: "s", Items: []string{"a", "a"}}), placement.ErrBadRequest, tasks},
		{"set twice", nil, wantingSet(placement.SetRequest{Name: "s", Count: 1}, placement.SetRequest{Name: "s", Count: 1}), placement.ErrBadRequest, tasks},
		{"too many set requests", nil, wantingSet(make([]placement.SetRequest, 17)...), placement.ErrBadRequest, tasks},
		{"disk without a kind", nil, wantingDisk(placement.DiskRequest{Amount: 1}), placement.ErrBadRequest, tasks},
		{"disk of an unknown kind", nil, wantingDisk(placement.DiskRequest{Kind: 6, Amount: 1}), placement.ErrBadRequest, tasks},
		{"disk of nothing", nil, wantingDisk(placement.DiskRequest{Kind: placement.MountDisk}), placement.ErrBadRequest, tasks},
		{"negative disk", nil, wantingDisk(placement.DiskRequest{Kind: placement.MountDisk, Amount: -1}), placement.ErrBadAmount, tasks},
		{"huge disk", nil, wantingDisk(placement.DiskRequest{Kind: placement.MountDisk, Amount: resources.MaxAmount + 1}), placement.ErrBadAmount, tasks},
		{"volume without an ID", nil, wantingDisk(placement.DiskRequest{Kind: placement.VolumeDisk}), placement.ErrBadRequest, tasks},
		{"too many disks", nil, wantingDisk(many...), placement.ErrBadRequest, tasks},
		{"gang of two priorities", nil, []placement.Task{{ID: "one", Gang: "g"}, {ID: "t", Gang: "g", Priority: 1}}, placement.ErrGang, tasks},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := placement.Assign(c.offers, c.tasks)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			var list *placement.InputError
			if !errors.As(err, &list) || len(list.Offenders) == 0 || list.More != 0 {
				t.Fatalf("%#v lists no offenders", err)
			}
			for _, o := range list.Offenders {
				if o.Where != c.where || o.Index != 1 {
					t.Errorf("offender %v, want %s[1]", o, c.where)
				}
			}
			if res.Assignments != nil || res.Failures != nil {
				t.Error("there is a result as well")
			}
		})
	}
}

func TestRunningErrors(t *testing.T) {
	for _, c := range []struct {
		name    string
		running placement.Running
		want    error
	}{
		{"without an agent", placement.Running{Task: placement.Task{ID: "r"}}, placement.ErrNoID},
		{"without an ID", placement.Running{Agent: "a"}, placement.ErrNoID},
		{"with the ID of a task", placement.Running{Agent: "a", Task: placement.Task{ID: "t"}}, placement.ErrDuplicate},
		{"negative share", placement.Running{Agent: "a", Task: placement.Task{ID: "r"}, Devices: []placement.DeviceGrant{{Share: -1}}}, placement.ErrBadAmount},
		{"beyond the limit", placement.Running{Agent: "a", Task: placement.Task{ID: "r", Needs: huge(t)}}, placement.ErrBadAmount},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := placement.Assign(nil, []placement.Task{{ID: "t"}}, placement.WithRunning(c.running))
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), "running[0]") {
				t.Errorf("got %v, want %v about running[0]", err, c.want)
			}
		})
	}
}

// TestManyOffenders: all are counted, the first hundred listed.
func TestManyOffenders(t *testing.T) {
	_, err := placement.Assign(make([]placement.Offer, 40), make([]placement.Task, 200))
	var list *placement.InputError
	if !errors.As(err, &list) {
		t.Fatal(err)
	}
	// An offer lacks an ID and an agent.
	if len(list.Offenders) != 100 || list.More != 2*40+200-100 {
		t.Errorf("%d offenders and %d more", len(list.Offenders), list.More)
	}
	text := err.Error()
	if !strings.Contains(text, "280 bad inputs") || !strings.Contains(text, "and 277 more") || len(text) > 400 {
		t.Errorf("the message is %q", text)
	}
}

// TestFailuresNotErrors: what is no error but a failure, with its cause.
func TestFailuresNotErrors(t *testing.T) {
	offers := []placement.Offer{{
		ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4;ports:[1-3];nics:{n1,n2}"),
		Devices: []placement.Device{{Kind: "gpu", Capacity: 1000, Free: 1000}},
	}}
	most, _ := resources.NewQuantities(resources.Quantity{Name: "cpus", Amount: resources.MaxAmount})
	for _, c := range []struct {
		name   string
		offers []placement.Offer
		task   placement.Task
		want   placement.Cause
	}{
		{"no offers", nil, placement.Task{}, placement.CauseNoOffers},
		{"unknown resource", offers, placement.Task{Needs: resources.MustQuantities("gas:1")}, placement.CauseUnknown},
		{"unknown revocable resource", offers, placement.Task{Needs: resources.MustQuantities("cpus:1"), Revocable: placement.Only}, placement.CauseUnknown},
		{"name of a set as a scalar", offers, placement.Task{Needs: resources.MustQuantities("nics:1")}, placement.CauseUnknown},
		{"unknown role", offers, placement.Task{Role: "web"}, placement.CauseRole},
		{"unknown volume", offers, placement.Task{Disks: []placement.DiskRequest{{Kind: placement.VolumeDisk, ID: "v"}}}, placement.CauseDisk},
		{"unknown kind of device", offers, placement.Task{Devices: []placement.DeviceRequest{{Kind: "fpga", Count: 1}}}, placement.CauseUnknown},
		{"unknown set", offers, placement.Task{Sets: []placement.SetRequest{{Name: "s", Count: 1}}}, placement.CauseUnknown},
		{"too big", offers, placement.Task{Needs: resources.MustQuantities("cpus:4.001")}, placement.CauseTooSmall},
		{"far too big", offers, placement.Task{Needs: most}, placement.CauseTooSmall},
		{"too many ports", offers, placement.Task{Ports: ports.Request{Dynamic: 65535}}, placement.CauseTooSmall},
		{"a port that is not there", offers, placement.Task{Ports: ports.Request{Fixed: []uint16{4}}}, placement.CausePorts},
		{"too many units", offers, placement.Task{Devices: []placement.DeviceRequest{{Kind: "gpu", Count: math.MaxInt}}}, placement.CauseTooSmall},
		{"too large a share", offers, placement.Task{Devices: []placement.DeviceRequest{{Kind: "gpu", Share: resources.MaxAmount}}}, placement.CauseTooSmall},
		{"a model that is not there", offers, placement.Task{Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 1, Models: []string{"A10"}}}}, placement.CauseDevices},
		{"too many items", offers, placement.Task{Sets: []placement.SetRequest{{Name: "nics", Count: math.MaxInt, Items: []string{"n1"}}}}, placement.CauseSet},
		{"attribute that is not there", offers, placement.Task{Require: []constraints.Constraint{constraints.Equals("rack", "r1")}}, placement.CauseConstraint},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.task.ID = "t"
			tasks := []placement.Task{c.task}
			res, err := placement.Assign(c.offers, tasks)
			if err != nil {
				t.Fatal(err)
			}
			if err := placementtest.Verify(c.offers, tasks, res); err != nil {
				t.Error(err)
			}
			if len(res.Failures) != 1 || res.Failures[0].Why.Main().Cause != c.want {
				t.Errorf("got %v, want %v", res.Failures, c.want)
			}
			a, err := placement.Explain(c.offers, tasks, "t")
			if err != nil || a.Why.Main().Cause != c.want {
				t.Errorf("explained with %v, %v", a.Why, err)
			}
		})
	}
}

// TestNothing: nothing to place, nowhere, and tasks and agents of nothing.
func TestNothing(t *testing.T) {
	empty := []placement.Offer{{ID: "o", Agent: "a"}}
	for _, c := range []struct {
		offers       []placement.Offer
		tasks        []placement.Task
		placed, lost int
	}{
		{nil, nil, 0, 0},
		{empty, nil, 0, 0},
		{nil, []placement.Task{{ID: "t"}}, 0, 1},
		{empty, []placement.Task{{ID: "t"}, {ID: "u"}}, 2, 0},
		{empty, []placement.Task{{ID: "t", Require: []constraints.Constraint{constraints.Exclusive()}}, {ID: "u"}}, 1, 1},
		{empty, []placement.Task{{ID: "t", Needs: resources.MustQuantities("cpus:0.001")}}, 0, 1},
	} {
		for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit(), placement.Spread(), placement.Random(), nil} {
			res, err := placement.Assign(c.offers, c.tasks, placement.WithPacker(p), placement.WithPieces(), nil)
			if err == nil {
				err = placementtest.Verify(c.offers, c.tasks, res, placementtest.WithPieces())
			}
			if err != nil || len(res.Assignments) != c.placed || len(res.Failures) != c.lost {
				t.Errorf("%v of %d tasks on %d offers: %d placed, %d not; %v", p, len(c.tasks), len(c.offers), len(res.Assignments), len(res.Failures), err)
			}
		}
	}
}

// angry is a constraint that panics on one agent.
type angry struct{ constraints.Constraint }

func (angry) String() string { return "angry" }
func (angry) Judge(c *constraints.Candidate) constraints.Verdict {
	panic(fmt.Sprintf("at %s", c.Agent()))
}

// TestPolicyPanics: whoever panics, there is an error that says so, and no result.
func TestPolicyPanics(t *testing.T) {
	offers, tasks := agents("cpus:1", "cpus:1"), taskNeeding("cpus:1", "cpus:1")
	strict := taskNeeding("cpus:1")
	strict[0].Require = []constraints.Constraint{angry{constraints.Exclusive()}}
	fond := taskNeeding("cpus:1")
	fond[0].Prefer = []constraints.Preference{{Constraint: angry{constraints.Exclusive()}}}
	large := taskNeeding("cpus:2")
	large[0].Require = strict[0].Require
	wanting := taskNeeding("cpus:1")
	wanting[0].Ports.Dynamic = 1
	for _, c := range []struct {
		name   string
		offers []placement.Offer
		tasks  []placement.Task
		opts   []placement.Option
	}{
		{"packer", offers, tasks, []placement.Option{placement.WithPacker(placement.PackerFunc(func(*placement.Round) { panic("no") }))}},
		{"scorer", offers, tasks, []placement.Option{placement.WithPacker(placement.Greedy(func(_, _, _ placement.Row) float64 { panic("no") }))}},
		{"requirement", offers, strict, nil},
		{"requirement while explaining", offers, large, nil},
		{"preference", offers, fond, nil},
		{"port policy", agents("cpus:1;ports:[1-9]"), wanting, []placement.Option{placement.WithPorts(func(placement.AgentID) ports.Policy { panic("no") })}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := placement.Assign(c.offers, c.tasks, c.opts...)
			if !errors.Is(err, placement.ErrPolicy) || res.Assignments != nil || res.Failures != nil {
				t.Errorf("got %v, %v", res, err)
			}
			a, err := placement.Explain(c.offers, c.tasks, "t0", c.opts...)
			if !errors.Is(err, placement.ErrPolicy) || a.Assignment != nil || a.Why != nil {
				t.Errorf("Explain: got %v, %v", a, err)
			}
		})
	}
}

func TestExplainUnknown(t *testing.T) {
	if _, err := placement.Explain(nil, nil, "t"); !errors.Is(err, placement.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
