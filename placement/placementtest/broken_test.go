package placementtest

import (
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

type broken struct {
	name   string
	clause error
	breaks func(*fixture)
	also   []error
}

// TestVerifyRejects breaks a valid result in every way that a clause is about.
func TestVerifyRejects(t *testing.T) {
	seen := map[error]bool{}
	for _, list := range [][]broken{brokenAnswers, brokenPlaces, brokenPorts, brokenDevices, brokenItems, brokenRules, brokenPieces, brokenLimits, brokenGangs, brokenBatch, brokenTiers, brokenOvercommit} {
		for _, b := range list {
			seen[b.clause] = true
			t.Run(b.name, func(t *testing.T) { check(t, b.clause, b.breaks, b.also...) })
		}
	}
	for _, clause := range clauses {
		if !seen[clause] {
			t.Errorf("nothing breaks %v", clause)
		}
	}
}

var brokenAnswers = []broken{
	{"lost", ErrTasks, func(f *fixture) { f.Failures = nil }, nil},
	{"twice placed", ErrTasks, func(f *fixture) {
		again := *f.of("gang1")
		again.Order = len(f.Assignments)
		f.Assignments = append(f.Assignments, again)
	}, nil},
	{"placed and failed", ErrTasks, func(f *fixture) {
		f.Failures = slices.Insert(f.Failures, 0, placement.Failure{Task: "gang1", Why: &placement.Explanation{}})
	}, nil},
	{"unknown in assignments", ErrTasks, func(f *fixture) { f.of("scalar").Task = "nobody" }, nil},
	{"unknown in failures", ErrTasks, func(f *fixture) { f.Failures[0].Task = "nobody" }, nil},
	{"assignments out of order", ErrTasks, func(f *fixture) { f.Assignments[0], f.Assignments[1] = f.Assignments[1], f.Assignments[0] }, nil},
	{"failures out of order", ErrTasks, func(f *fixture) {
		f.unplace("scalar")
		slices.Reverse(f.Failures)
	}, nil},
	{"no reason", ErrWhy, func(f *fixture) { f.Failures[0].Why = nil }, nil},
	{"order twice", ErrOrder, func(f *fixture) { f.of("path").Order = f.of("mount").Order }, nil},
	{"order beyond", ErrOrder, func(f *fixture) { f.of("late").Order = len(f.Assignments) }, nil},
	{"order negative", ErrOrder, func(f *fixture) { f.of("scalar").Order = -1 }, nil},
	{"half a gang", ErrGang, func(f *fixture) { f.unplace("gang2") }, nil},
}

var brokenPlaces = []broken{
	{"unknown agent", ErrPlace, func(f *fixture) { f.of("gang1").Agent = "nowhere" }, nil},
	{"role without a bin", ErrPlace, func(f *fixture) { f.of("gang1").Role = "batch" }, nil},
	{"offer missing", ErrPlace, func(f *fixture) { f.of("gang1").Offers = []placement.OfferID{"o1"} }, nil},
	{"offer too many", ErrPlace, func(f *fixture) { f.of("gang1").Offers = []placement.OfferID{"o1", "o2", "o4"} }, nil},
	{"offers newest first", ErrPlace, func(f *fixture) { slices.Reverse(f.of("gang1").Offers) }, nil},
	{"offers of another agent", ErrPlace, func(f *fixture) { f.of("gang1").Offers = []placement.OfferID{"o3"} }, nil},
	{"offers of another role", ErrPlace, func(f *fixture) { f.of("gang1").Offers = []placement.OfferID{"o4"} }, nil},
	{"another role", ErrRole, func(f *fixture) {
		f.send("web2", "a", "", "o1", "o2")
		f.cut("web2", resources.MustParse("cpus:2"))
	}, nil},
	{"never on revocable", ErrRevocable, func(f *fixture) {
		f.of("gang1").Revocable = true
		f.cut("gang1", revocable("cpus:0.1"))
	}, nil},
	{"only on regular", ErrRevocable, func(f *fixture) {
		f.of("only").Revocable = false
		f.cut("only", resources.MustParse("cpus:2"))
	}, nil},
	{"too much of a regular scalar", ErrCapacity, func(f *fixture) {
		f.task("scalar").Needs = need("cpus:1;mem:1001")
	}, []error{ErrPieces}},
	{"too much of a revocable scalar", ErrCapacity, func(f *fixture) {
		f.task("only").Needs = need("cpus:6.001")
	}, []error{ErrPieces}},
	{"a name that is not there", ErrCapacity, func(f *fixture) {
		f.task("only").Needs = need("cpus:2;mem:1")
	}, []error{ErrPieces}},
	{"two bins of an agent are not one", ErrCapacity, func(f *fixture) {
		f.send("prefer", "a", "web", "o4")
		f.of("prefer").Revocable = false
		f.cut("prefer", resources.MustParse("cpus:2"))
	}, []error{ErrPieces}},
	{"what runs on a standing offer", ErrCapacity, func(f *fixture) {
		f.Offers[3].Standing = true
		f.opts = append(f.opts, WithRunning(placement.Running{Agent: "a", Role: "web", Task: placement.Task{ID: "r", Needs: need("cpus:1.5")}}))
	}, nil},
}

func revocable(text string) resources.Resources {
	var all []resources.Resource
	for r := range resources.MustParse(text).All() {
		r.Revocable = true
		all = append(all, r)
	}
	return resources.Must(all...)
}

func withPorts(id placement.TaskID, list ...uint16) func(*fixture) {
	return func(f *fixture) { f.of(id).Ports = list }
}

// The task "ports" has 110, 105 and 101 to 103; "more" has 100. Wrong numbers come with wrong pieces.
var brokenPorts = []broken{
	{"too few ports", ErrPorts, withPorts("ports", 110, 105, 101, 102), []error{ErrPieces}},
	{"too many ports", ErrPorts, withPorts("ports", 110, 105, 101, 102, 103, 104), []error{ErrPieces}},
	{"none", ErrPorts, withPorts("more"), []error{ErrPieces}},
	{"unasked", ErrPorts, withPorts("scalar", 111), []error{ErrPieces}},
	{"fixed ones missing", ErrPorts, withPorts("ports", 111, 105, 101, 102, 103), []error{ErrPieces}},
	{"fixed ones not in the order asked", ErrPorts, withPorts("ports", 105, 110, 101, 102, 103), nil},
	{"a gap", ErrPorts, withPorts("ports", 110, 105, 101, 102, 104), []error{ErrPieces}},
	{"descending", ErrPorts, withPorts("ports", 110, 105, 103, 102, 101), nil},
	{"outside", ErrPorts, withPorts("ports", 110, 105, 117, 118, 119), []error{ErrPieces}},
	{"one port twice in a task", ErrPorts, func(f *fixture) {
		f.task("ports").Ports.Contiguous = false
		f.of("ports").Ports = []uint16{110, 105, 101, 102, 110}
	}, []error{ErrPieces}},
	{"one port for two tasks", ErrPorts, withPorts("more", 102), []error{ErrPieces}},
	{"port not offered", ErrPorts, func(f *fixture) {
		f.task("more").Ports.Within = resources.Ranges{}
		f.of("more").Ports = []uint16{121}
	}, []error{ErrPieces}},
	{"port zero", ErrPorts, func(f *fixture) {
		f.Offers[0].Resources = f.Offers[0].Resources.Plus(resources.MustParse("ports:[0-0]"))
		f.task("more").Ports.Within = resources.Ranges{}
		f.of("more").Ports = []uint16{0}
	}, []error{ErrPieces}},
	{"port of a running task on a standing offer", ErrPorts, func(f *fixture) {
		f.Offers[0].Standing = true
		f.opts = append(f.opts, WithRunning(placement.Running{Agent: "a", Task: placement.Task{ID: "r"}, Ports: []uint16{105}}))
	}, nil},
}

func grant(id placement.TaskID, change func(*placement.DeviceGrant)) func(*fixture) {
	return func(f *fixture) { change(&f.of(id).Devices[0]) }
}

func unitOf(id placement.TaskID, unit int, name string) func(*fixture) {
	return grant(id, func(g *placement.DeviceGrant) { g.Units[0], g.IDs[0] = unit, name })
}

// "whole" has units 0 and 1, "share" and "beside" unit 2, "plain" unit 5.
var brokenDevices = []broken{
	{"no grant", ErrDevices, func(f *fixture) { f.of("whole").Devices = nil }, nil},
	{"unasked grant", ErrDevices, func(f *fixture) { f.of("scalar").Devices = f.of("plain").Devices }, nil},
	{"another kind", ErrDevices, grant("whole", func(g *placement.DeviceGrant) { g.Kind = "fpga" }), nil},
	{"not whole", ErrDevices, grant("whole", func(g *placement.DeviceGrant) { g.Whole = false }), nil},
	{"another share", ErrDevices, grant("share", func(g *placement.DeviceGrant) { g.Share = 100 }), nil},
	{"another tag", ErrDevices, grant("share", func(g *placement.DeviceGrant) { g.Tag = "y" }), nil},
	{"too few units", ErrDevices, grant("whole", func(g *placement.DeviceGrant) { g.Units, g.IDs = g.Units[:1], g.IDs[:1] }), nil},
	{"ids not parallel", ErrDevices, grant("whole", func(g *placement.DeviceGrant) { g.IDs = g.IDs[:1] }), nil},
	{"wrong id", ErrDevices, grant("whole", func(g *placement.DeviceGrant) { g.IDs[1] = "u0" }), nil},
	{"unit that is not there", ErrDevices, unitOf("plain", 7, "u7"), nil},
	{"negative unit", ErrDevices, unitOf("plain", -1, "u5"), nil},
	{"unit twice in a task", ErrDevices, unitOf("whole", 1, "u1"), nil},
	{"wrong model", ErrDevices, unitOf("plain", 3, "u3"), nil},
	{"whole unit that others use", ErrDevices, unitOf("whole", 4, "u4"), nil},
	{"share of a unit taken whole", ErrDevices, func(f *fixture) {
		f.task("plain").Devices[0].Models = nil
		unitOf("plain", 0, "0")(f)
	}, nil},
	{"whole unit that a sharer took before", ErrDevices, func(f *fixture) {
		unitOf("whole", 2, "u2")(f)
		f.task("whole").Devices[0].Models = nil
		f.last("whole")
	}, nil},
	{"too much of a unit", ErrDevices, func(f *fixture) {
		f.task("beside").Devices[0].Share = 401
		grant("beside", func(g *placement.DeviceGrant) { g.Share = 401 })(f)
	}, nil},
	{"too much of a unit others use", ErrDevices, func(f *fixture) {
		f.task("plain").Devices[0] = placement.DeviceRequest{Kind: "gpu", Share: 501}
		unitOf("plain", 4, "u4")(f)
		grant("plain", func(g *placement.DeviceGrant) { g.Share = 501 })(f)
	}, nil},
	{"beside another tag", ErrDevices, func(f *fixture) {
		f.task("beside").Devices[0].Tag = "y"
		grant("beside", func(g *placement.DeviceGrant) { g.Tag = "y" })(f)
	}, nil},
	{"without a tag beside one", ErrDevices, func(f *fixture) {
		f.task("beside").Devices[0].Tag = ""
		grant("beside", func(g *placement.DeviceGrant) { g.Tag = "" })(f)
	}, nil},
	{"unit a running task holds on a standing offer", ErrDevices, func(f *fixture) {
		f.Offers[0].Standing = true
		held := placement.DeviceGrant{Kind: "gpu", Units: []int{1}, Share: 100}
		f.opts = append(f.opts, WithRunning(placement.Running{Agent: "a", Task: placement.Task{ID: "r"}, Devices: []placement.DeviceGrant{held}}))
	}, nil},
}

// "set" has n3 and n1, "set2" n2.
var brokenItems = []broken{
	{"no items", ErrSets, func(f *fixture) { f.of("set").Items = nil }, []error{ErrPieces}},
	{"no disks", ErrDisks, func(f *fixture) { f.of("mount").Items = nil }, []error{ErrPieces}},
	{"another set", ErrSets, func(f *fixture) { f.of("set").Items[0].Name = "cards" }, []error{ErrPieces}},
	{"too few items", ErrSets, func(f *fixture) { f.of("set").Items[0].Items = []string{"n3"} }, []error{ErrPieces}},
	{"item asked for is missing", ErrSets, func(f *fixture) { f.of("set").Items[0].Items = []string{"n1", "n4"} }, []error{ErrPieces}},
	{"item not offered", ErrSets, func(f *fixture) { f.of("set").Items[0].Items = []string{"n3", "n9"} }, []error{ErrPieces}},
	{"item twice in a task", ErrSets, func(f *fixture) { f.of("set").Items[0].Items = []string{"n3", "n3"} }, []error{ErrPieces}},
	{"item for two tasks", ErrSets, func(f *fixture) { f.of("set2").Items[0].Items = []string{"n3"} }, []error{ErrPieces}},
	{"item a running task holds on a standing offer", ErrSets, func(f *fixture) {
		f.Offers[0].Standing = true
		held := placement.ItemGrant{Name: "nics", Items: []string{"n2"}}
		f.opts = append(f.opts, WithRunning(placement.Running{Agent: "a", Task: placement.Task{ID: "r"}, Items: []placement.ItemGrant{held}}))
	}, nil},
	{"items instead of a disk", ErrDisks, func(f *fixture) { f.of("mount").Items[0] = placement.ItemGrant{Name: "disk", Items: []string{"n4"}} }, []error{ErrPieces}},
	{"disk that is not there", ErrDisks, diskOf("mount", diskOfSize("50", &resources.DiskSource{Type: resources.DiskMount})), []error{ErrPieces}},
	{"part of a whole disk", ErrDisks, diskOf("mount", diskOfSize("20", &resources.DiskSource{Type: resources.DiskMount, Mount: &resources.Directory{Root: resources.Some("/m")}})), []error{ErrPieces}},
	{"disk of another kind", ErrDisks, func(f *fixture) { f.task("mount").Disks[0].Kind = placement.BlockDisk }, nil},
	{"disk too small", ErrDisks, func(f *fixture) { f.task("mount").Disks[0].Amount = 50001 }, nil},
	{"disk with another root", ErrDisks, func(f *fixture) { f.task("mount").Disks[0].Root = "/other" }, nil},
	{"disk with another id", ErrDisks, func(f *fixture) { f.task("raw").Disks[0].ID = "w2" }, nil},
	{"disk with another profile", ErrDisks, func(f *fixture) { f.task("raw").Disks[0].Profile = "slow" }, nil},
	{"another volume", ErrDisks, func(f *fixture) { f.task("volume").Disks[0].ID = "v2" }, nil},
	{"less of a pool than asked", ErrDisks, func(f *fixture) { f.task("path").Disks[0].Amount = 60001 }, nil},
	{"too much of a pool", ErrDisks, func(f *fixture) {
		f.task("path").Disks = append(f.task("path").Disks, f.task("path").Disks[0])
		f.of("path").Items = append(f.of("path").Items, f.of("path").Items[0])
	}, []error{ErrPieces}},
	{"whole disk twice in a task", ErrDisks, func(f *fixture) {
		f.task("mount").Disks = append(f.task("mount").Disks, f.task("mount").Disks[0])
		f.of("mount").Items = append(f.of("mount").Items, f.of("mount").Items[0])
	}, []error{ErrPieces}},
	{"whole disk for two tasks", ErrDisks, func(f *fixture) {
		f.task("scalar").Disks = f.task("mount").Disks
		f.of("scalar").Items = f.of("mount").Items
		f.cut("scalar", f.of("scalar").Pieces.Plus(f.of("mount").Pieces))
	}, []error{ErrPieces}},
	{"disk a running task holds on a standing offer", ErrDisks, func(f *fixture) {
		f.Offers[0].Standing = true
		f.opts = append(f.opts, WithRunning(placement.Running{Agent: "a", Task: placement.Task{ID: "r"}, Items: f.of("mount").Items}))
	}, nil},
}

func diskOf(id placement.TaskID, r resources.Resource) func(*fixture) {
	return func(f *fixture) { f.of(id).Items[0].Disk = &r }
}

func forbidRunning(require string) Option {
	list := parse(require)
	return WithRunning(placement.Running{Agent: "b", Task: placement.Task{ID: "r", Group: "runs", Require: list}})
}

var parse = require

var brokenRules = []broken{
	{"attribute", ErrConstraint, func(f *fixture) {
		f.send("rack", "b", "", "o3")
	}, nil},
	{"attribute changed by the latest offer", ErrConstraint, func(f *fixture) {
		f.Offers[3].Attributes = resources.MustAttributes("rack:r9")
	}, nil},
	{"placed before what it needs", ErrConstraint, func(f *fixture) { f.last("first") }, nil},
	{"exclusive beside others", ErrConstraint, func(f *fixture) {
		f.task("scalar").Needs = need("cpus:1")
		f.cut("scalar", resources.MustParse("cpus:1"))
		f.send("scalar", "b", "", "o3")
	}, nil},
	{"joins an exclusive task", ErrForbidden, func(f *fixture) { f.send("late", "b", "", "o3") }, nil},
	{"beyond a maximum", ErrForbidden, func(f *fixture) {
		f.task("second").Group = "max"
		f.last("second")
	}, nil},
	{"joins a running exclusive task", ErrForbidden, func(f *fixture) {
		f.task("alone").Require = nil
		f.opts = append(f.opts, forbidRunning("exclusive"))
	}, nil},
	{"not the group a running task shares with", ErrForbidden, func(f *fixture) {
		f.task("alone").Require = nil
		f.opts = append(f.opts, forbidRunning("private(rack)"))
	}, nil},
	{"a running task counts", ErrConstraint, func(f *fixture) { f.opts = append(f.opts, forbidRunning("")) }, nil},
}
