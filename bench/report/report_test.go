package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func quantities(text string) resources.Resources {
	var all []resources.Resource
	for name, n := range resources.MustQuantities(text).All() {
		all = append(all, resources.Resource{Name: name, Value: resources.ScalarOf(n)})
	}
	return resources.Must(all...)
}

func gpus(n int, capacity resources.Amount) []placement.Device {
	units := make([]placement.Device, n)
	for i := range units {
		units[i] = placement.Device{Kind: "gpu", Capacity: capacity, Free: capacity}
	}
	return units
}

func TestLowerBound(t *testing.T) {
	offers := []placement.Offer{
		{ID: "1", Agent: "small", Resources: quantities("cpus:2;mem:10")},
		{ID: "2", Agent: "large", Resources: quantities("cpus:8;mem:10")},
		{ID: "3", Agent: "middle", Resources: quantities("cpus:3;mem:10")},
		{ID: "4", Agent: "middle", Resources: quantities("cpus:1"), Devices: gpus(2, 1000)},
	}
	whole := []placement.DeviceRequest{{Kind: "gpu", Count: 1}}
	share := []placement.DeviceRequest{{Kind: "gpu", Share: 500}}
	for _, c := range []struct {
		tasks []placement.Task
		want  int
	}{
		{nil, 0},
		{[]placement.Task{{}}, 0},
		{[]placement.Task{{Needs: resources.MustQuantities("cpus:8")}}, 1},
		{[]placement.Task{{Needs: resources.MustQuantities("cpus:8.001")}}, 2},
		{[]placement.Task{{Needs: resources.MustQuantities("cpus:12.001")}}, 3},
		{[]placement.Task{{Needs: resources.MustQuantities("cpus:1;mem:10.5")}}, 2},
		{[]placement.Task{{Devices: whole}, {Devices: share}}, 1},
		{[]placement.Task{{Needs: resources.MustQuantities("unheard:5")}}, 3},
	} {
		f := newFleet(offers)
		asked := amounts{}
		for i := range c.tasks {
			asked.add(f.asked(&c.tasks[i]))
		}
		if got := f.lowerBound(asked); got != c.want {
			t.Errorf("%v: at least %d agents, want %d", asked, got, c.want)
		}
	}
}

// No packing of a known optimum is beaten by the bound.
func TestLowerBoundIsValid(t *testing.T) {
	for _, g := range workload.Generators() {
		if g.Large {
			continue
		}
		w := g.Make(3)
		for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
			result, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(p), placement.WithExplain(0))
			if err != nil {
				t.Fatal(err)
			}
			r := New(w, 3).Add("p", result, Cost{})
			if r.LowerBound > r.AgentsUsed || r.LowerBound < 1 {
				t.Errorf("%s: lower bound %d, agents used %d", g.Name, r.LowerBound, r.AgentsUsed)
			}
			if r.AgentsUsed != result.Stats.AgentsUsed {
				t.Errorf("%s: %d agents used, the round counted %d", g.Name, r.AgentsUsed, result.Stats.AgentsUsed)
			}
		}
	}
}

// Whole units count with their own size, units are numbered over the agent and not over the role.
func TestUnits(t *testing.T) {
	w := &workload.Workload{Name: "w",
		Offers: []placement.Offer{
			{ID: "1", Agent: "a", Role: "x", Devices: gpus(2, 500)},
			{ID: "2", Agent: "a", Role: "y", Devices: gpus(1, 4000)},
			{ID: "3", Agent: "a", Role: "x", Devices: gpus(1, 500)},
		},
		Tasks: []placement.Task{
			{ID: "1", Role: "y", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 1}}},
			{ID: "2", Role: "x", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 3}}},
		},
	}
	result, err := placement.Assign(w.Offers, w.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	c := New(w, 0)
	r := c.Add("p", result, Cost{})
	if r.Placed != 2 || r.Fill["gpu"] != 1 || r.LowerBound != 1 {
		t.Errorf("got %+v", r)
	}
	var b strings.Builder
	if err := WriteAssignments(&b, c); err != nil {
		t.Fatal(err)
	}
	want := "packer,task,agent,ports,devices\np,1,a,,gpu:2\np,2,a,,gpu:0+1+3\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("assignments (-want +got):\n%s", diff)
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		ports []uint16
		want  string
	}{{nil, ""}, {[]uint16{7}, "7-7"}, {[]uint16{31005, 31001, 31000}, "31000-31001|31005-31005"}, {[]uint16{65535, 0}, "0-0|65535-65535"}} {
		if got := PortsText(c.ports); got != c.want {
			t.Errorf("ports %v are %q, want %q", c.ports, got, c.want)
		}
	}
	grants := []placement.DeviceGrant{
		{Kind: "gpu", Units: []int{0, 1}, Whole: true}, {Kind: "gpu", Units: []int{3}, Share: 460}, {Kind: "tag", Units: []int{0}}}
	if got := DevicesText(grants); got != "gpu:0+1 gpu:3@0.46 tag:0@0" {
		t.Errorf("devices are %q", got)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// stored is a comparison as if it had been read from a file.
func stored(results ...Result) *Study {
	c := &Comparison{Workload: "w", Agents: 100, Tasks: 10, Seed: 1, Results: results, Resources: []string{"cpus"}, Demand: map[string]float64{"cpus": 0.5}}
	for i := range c.Results {
		r := &c.Results[i]
		r.Failed = c.Tasks - r.Placed
		r.Fill = map[string]float64{"cpus": 0.25}
		for k := range 15 {
			r.WallsMS = append(r.WallsMS, r.NsPerTask*float64(100+k)/107)
		}
	}
	return NewStudy("w", c)
}

func TestTable(t *testing.T) {
	c := stored(Result{Packer: "best", Placed: 10, AgentsUsed: 4, LowerBound: 3, Gap: 1.0 / 3, NsPerTask: 1234.5, BytesPerTask: 10, AllocsPerTask: 0.125},
		Result{Packer: "worse", Placed: 5, AgentsUsed: 5, NsPerTask: 9, Reasons: []Reason{
			{"exhausted", "mem", 2}, {"devices", "1 whole gpu", 1}, {"exhausted", "cpus", 1}, {"not reached", "", 1}}})
	var b strings.Builder
	if err := WriteTable(&b, c, Look{}); err != nil {
		t.Fatal(err)
	}
	want := `w: 10 tasks on 100 agents, seed 1.
Together the tasks ask for 50% of the cpus of the fleet.

packer  placed     not  agents  lower    gap  fill     ns per     bytes    allocs
                placed    used  bound         cpus       task  per task  per task
----------------------------------------------------------------------------------
best        10       0       4      3  33.3%   25%  1,235 ±44        10      0.12
worse        5       5       5      0   0.0%   25%       9 ±1         0      0.00

Not placed, by main reason:
  worse: 3 exhausted (mem: 2, cpus: 1), 1 devices (1 whole gpu), 1 not reached

best places the most, all 10 tasks. It places 100.0% more tasks than worse (the fastest, 9 ns a task) and takes 137× the time.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	b.Reset()
	if err := WriteTable(&b, c, Look{Lines: true}); err != nil || !strings.Contains(b.String(), "│") || strings.Contains(b.String(), "\x1b") {
		t.Errorf("with lines and without bold: %v\n%s", err, b.String())
	}
	b.Reset()
	if err := WriteSummary(&b, NewStudy("two", c.first(), c.first()), Look{}); err != nil || !strings.Contains(b.String(), "2 workloads, w to w, seed 1.") {
		t.Errorf("summary: %v\n%s", err, b.String())
	}
}
