package placementtest

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// rules are what tasks require and prefer, in their text form.
var rules = []string{
	"rack=r1", "rack!=r1", "unique", "unique(rack)", "unique(hostname)", "exclusive", "private", "private(rack)",
	"max_per(rack,2)", "max_per_agent(2)", "max_per(zone,1)", "group_by(rack,0)", "group_by(hostname,2)", "balanced(rack,2)",
	"spread(rack,1,0)", "spread(hostname,1,2)", "cluster(rack)", "cluster(zone,z1)", "same(rack)", "near(g1,rack)", "near(g2)",
	"apart(g1,rack)", "apart(g2)", "available(1h)", "exists(gen)", "between(gen,1,2)", "in(rack,r1,r2)", "novel(a1,a2)",
	"of(g1,unique(rack))", "!unique(rack)", "rack=r1 | unique", "unique(rack) & max_per_agent(1)", "reserved(g1,a0)", "lifetime(gen,1h)",
}

func rule(g *generator) constraints.Constraint {
	if g.chance(0.2) {
		return probe{salt: uint64(g.r.IntN(3)), groups: pick(g, "g1", "g2", constraints.AnyGroup), by: pick(g, "", "rack", "hostname", "@agent", "zone")}
	}
	return constraints.Must(constraints.ParseOne(pick(g, rules...)))
}

// task makes a task without ID.
func (g *generator) task() placement.Task {
	t := placement.Task{Ports: g.ports()}
	var needs []resources.Quantity
	for _, name := range []string{"cpus", "mem", "disk"} {
		if g.chance(0.7) {
			needs = append(needs, resources.Quantity{Name: name, Amount: resources.Amount(g.r.IntN(12)) * 250})
		}
	}
	if g.chance(0.02) {
		needs = append(needs, resources.Quantity{Name: pick(g, "unobtainium", "cpus"), Amount: resources.MaxAmount / 2})
	}
	t.Needs, _ = resources.NewQuantities(needs...)
	if g.chance(0.2) {
		t.Value = float64(g.r.IntN(5))
	}
	if g.rules {
		g.demand(&t)
	}
	if g.rich {
		g.request(&t)
	}
	return t
}

func (g *generator) ports() ports.Request {
	var q ports.Request
	if !g.chance(0.35) {
		return q
	}
	q.Dynamic = g.r.IntN(4)
	q.Contiguous = g.chance(0.3)
	if g.chance(0.3) {
		q.Within = resources.MustRanges(pick(g, "[1-2005]", "[0-104,65000-65535]"))
	}
	if g.chance(0.3) {
		q.Fixed = slices.Clone(pick(g, []uint16{101}, []uint16{2, 1}, []uint16{1001, 100}, []uint16{65535}))
		if q.Validate() != nil {
			q.Within = resources.Ranges{}
		}
	}
	return q
}

// demand adds what tasks ask of each other.
func (g *generator) demand(t *placement.Task) {
	t.Group = pick(g, "", "g1", "g2", "g3")
	t.Owner = pick(g, "", "ann", "bob")
	if g.chance(0.3) {
		t.Priority = g.r.IntN(3) - 1
	}
	if g.chance(0.2) {
		t.Lasts = time.Duration(1+g.r.IntN(3)) * time.Hour
	}
	for g.chance(0.25) {
		t.Require = append(t.Require, rule(g))
	}
	for g.chance(0.2) {
		t.Prefer = append(t.Prefer, constraints.Preference{Constraint: rule(g), Weight: float64(g.r.IntN(3))})
	}
}

// request adds what is special to a task's capacity.
func (g *generator) request(t *placement.Task) {
	if g.roled && g.chance(0.3) {
		t.Role = pick(g, "web", "web/api", "batch", "nobody")
	}
	if g.chance(0.3) {
		t.Revocable = pick(g, placement.Only, placement.Prefer)
	}
	if g.chance(0.25) {
		t.Devices = append(t.Devices, g.device("gpu", pick(g, nil, []string{"V100"}, []string{"V100", ""})))
		if len(t.Devices[0].Models) > 0 && g.chance(0.3) {
			t.Devices = append(t.Devices, g.device("gpu", []string{"A10"}))
		}
		if g.chance(0.2) {
			t.Devices = append(t.Devices, g.device("fpga", nil))
		}
	}
	if g.chance(0.15) {
		q := placement.SetRequest{Name: "nics", Count: g.r.IntN(3)}
		if q.Count == 0 || g.chance(0.3) {
			q.Items = []string{pick(g, "n00", "n01", "n10")}
		}
		t.Sets = append(t.Sets, q)
	}
	for g.chance(0.15) && len(t.Disks) < 3 {
		t.Disks = append(t.Disks, g.disk())
	}
}

func (g *generator) device(kind string, models []string) placement.DeviceRequest {
	q := placement.DeviceRequest{Kind: kind, Models: models}
	if g.chance(0.4) {
		q.Count = 1 + g.r.IntN(2)
		return q
	}
	q.Share = resources.Amount(1+g.r.IntN(5)) * 200
	if g.chance(0.3) {
		q.Tag = pick(g, "x", "y")
		q.Share = resources.Amount(g.r.IntN(3)) * 250
	}
	return q
}

func (g *generator) disk() placement.DiskRequest {
	q := placement.DiskRequest{Kind: placement.DiskKind(1 + g.r.IntN(5)), Amount: resources.Amount(1 + g.r.IntN(4000))}
	switch q.Kind {
	case placement.VolumeDisk:
		q.ID = pick(g, "v1", "v2")
		if g.chance(0.5) {
			q.Amount = 0
		}
	case placement.RawDisk:
		q.ID = pick(g, "", "", "w1")
		q.Profile = pick(g, "", "fast")
	case placement.PathDisk, placement.MountDisk:
		q.Root = pick(g, "", "/d1")
	}
	return q
}

// gangs binds some tasks of one priority together.
func (g *generator) gangs(tasks []placement.Task) {
	if !g.rules || !g.chance(0.4) {
		return
	}
	for i := range tasks {
		if g.chance(0.3) {
			tasks[i].Gang = fmt.Sprintf("gang%d.%d", g.r.IntN(2), tasks[i].Priority)
		}
	}
}

// run makes a running task.
func (g *generator) run(i int, offers []placement.Offer) placement.Running {
	t := g.task()
	t.ID = placement.TaskID(fmt.Sprintf("r%d", i))
	h := placement.Running{Task: t, Agent: "elsewhere", Hostname: pick(g, "", "far"), Attributes: resources.MustAttributes("rack:r2;zone:z9")}
	if len(offers) == 0 || g.chance(0.2) {
		return h
	}
	o := pick(g, offers...)
	h.Agent, h.Role, h.Revocable = o.Agent, pick(g, o.Role, o.Role, "web"), t.Revocable == placement.Only
	for r := range o.Resources.All() {
		switch {
		case r.Name == "ports" && g.chance(0.5):
			h.Ports = append(h.Ports, uint16(min(r.Value.Ranges().At(0).Begin, math.MaxUint16)))
		case r.Value.Kind() == resources.KindSet && g.chance(0.5):
			h.Items = append(h.Items, placement.ItemGrant{Name: r.Name, Items: []string{r.Value.Set().At(0)}})
		case ownDisk(r) && g.chance(0.5):
			h.Items = append(h.Items, placement.ItemGrant{Name: "disk", Disk: &r})
		}
	}
	if len(o.Devices) > 0 && g.chance(0.5) {
		d := placement.DeviceGrant{Kind: o.Devices[0].Kind, Units: []int{0}, Whole: true}
		if g.chance(0.5) {
			d.Whole, d.Share, d.Tag = false, 300, pick(g, "", "x")
		}
		h.Devices = append(h.Devices, d)
	}
	return h
}
