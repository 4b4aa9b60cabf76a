package placement_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// slowNode is an agent as packers by potential see it, kept as plainly as can be: the independent twin
// of what the package does with kits, states, memos and orders.
type slowNode struct {
	id             placement.AgentID
	free, capacity map[string]resources.Amount
	units          []slowUnit
}

type slowUnit struct {
	placement.Device
	users int
}

func newSlowNode(o *placement.Offer) *slowNode {
	n := &slowNode{id: o.Agent, free: map[string]resources.Amount{}, capacity: map[string]resources.Amount{}}
	for name, a := range o.Resources.Quantities().All() {
		n.free[name], n.capacity[name] = a, a
	}
	for _, d := range o.Devices {
		u := slowUnit{Device: d}
		if d.Free < d.Capacity || d.Tag != "" {
			u.users = 1
		}
		n.units = append(n.units, u)
	}
	return n
}

func (n *slowNode) scalarsFit(t *placement.Task) bool {
	for name, a := range t.Needs.All() {
		if n.free[name] < a {
			return false
		}
	}
	return true
}

func (u *slowUnit) wanted(q *placement.DeviceRequest) bool {
	return u.Kind == q.Kind && (len(q.Models) == 0 || slices.Contains(q.Models, u.Model))
}

func (u *slowUnit) room(q *placement.DeviceRequest) bool {
	idle := u.users == 0 && u.Free == u.Capacity
	if q.Count > 0 {
		return u.wanted(q) && idle
	}
	return u.wanted(q) && u.Free >= q.Share && (u.users == 0 || u.Tag == q.Tag)
}

// choices lists every way to take units for the requests, in lexicographic order.
func (n *slowNode) choices(reqs []placement.DeviceRequest) [][]int {
	if len(reqs) == 0 {
		return [][]int{nil}
	}
	q := &reqs[0]
	var all [][]int
	var pick func(from int, got []int)
	pick = func(from int, got []int) {
		if len(got) == max(q.Count, 1) {
			for _, rest := range n.choices(reqs[1:]) {
				all = append(all, slices.Concat(got, rest))
			}
			return
		}
		for j := from; j < len(n.units); j++ {
			if n.units[j].room(q) {
				pick(j+1, append(slices.Clone(got), j))
			}
		}
	}
	pick(0, nil)
	return all
}

func (n *slowNode) with(t *placement.Task, units []int) *slowNode {
	m := &slowNode{id: n.id, free: map[string]resources.Amount{}, capacity: n.capacity, units: slices.Clone(n.units)}
	for name, a := range n.free {
		m.free[name] = a - t.Needs.Get(name)
	}
	for _, q := range t.Devices {
		for range max(q.Count, 1) {
			u := &m.units[units[0]]
			if q.Count > 0 {
				u.Free = 0
			} else {
				u.Free -= q.Share
			}
			u.users++
			u.Tag = q.Tag
			units = units[1:]
		}
	}
	return m
}

// slowScore rates a node before and after a task.
type slowScore func(before, after *slowNode) float64

// slowPack places tasks one by one and says where each goes: the node, then the units; nil for nowhere.
func slowPack(offers []placement.Offer, tasks []placement.Task, score slowScore) [][]int {
	var nodes []*slowNode
	for i := range offers {
		nodes = append(nodes, newSlowNode(&offers[i]))
	}
	var out [][]int
	for i := range tasks {
		t := &tasks[i]
		var best []int
		bestScore := 0.0
		for at, n := range nodes {
			if !n.scalarsFit(t) {
				continue
			}
			for _, units := range n.choices(t.Devices) {
				if s := score(n, n.with(t, units)); best == nil || s > bestScore {
					best, bestScore = append([]int{at}, units...), s
				}
			}
		}
		if best != nil {
			nodes[best[0]] = nodes[best[0]].with(t, best[1:])
		}
		out = append(out, best)
	}
	return out
}

// deviceWorld makes a small fleet with devices of two kinds, in part used by others, and tasks for it.
func deviceWorld(seed uint64) ([]placement.Offer, []placement.Task) {
	rng := rand.New(rand.NewPCG(seed, 8))
	models := []string{"", "new", "old"}
	tags := []string{"", "", "", "red", "blue"}
	if seed%3 == 0 {
		tags = tags[:1]
	}
	var offers []placement.Offer
	for i := range 3 + rng.IntN(5) {
		o := placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
			Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", 4+4*rng.IntN(4), 16+16*rng.IntN(3)))}
		model := models[rng.IntN(3)]
		for j := range rng.IntN(5) {
			if seed%4 == 1 && rng.IntN(3) == 0 {
				model = models[rng.IntN(3)]
			}
			d := placement.Device{Kind: "gpu", Model: model, Capacity: resources.One, Free: resources.One}
			if model == "old" {
				d.Capacity, d.Free = 2*resources.One, 2*resources.One
			}
			if j == 0 && rng.IntN(4) == 0 {
				d.Free, d.Tag = d.Free/2, append(tags, "foreign")[rng.IntN(len(tags)+1)]
			}
			o.Devices = append(o.Devices, d)
		}
		if seed%5 < 2 {
			for range rng.IntN(3) {
				o.Devices = append(o.Devices, placement.Device{Kind: "nic", Capacity: resources.One, Free: resources.One})
			}
		}
		offers = append(offers, o)
	}
	var tasks []placement.Task
	for i := range 60 {
		t := placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)),
			Needs: resources.MustQuantities(fmt.Sprintf("cpus:%g;mem:%d", 0.5*float64(1+rng.IntN(5)), 1+3*rng.IntN(3)))}
		q := placement.DeviceRequest{Kind: "gpu"}
		switch rng.IntN(8) {
		case 0, 1, 2:
			q.Share, q.Tag = resources.Amount(100+100*rng.IntN(9)), tags[rng.IntN(len(tags))]
		case 3, 4:
			q.Count = 1
		case 5:
			q.Count = 2
		default:
			q.Kind = ""
		}
		if rng.IntN(5) == 0 {
			q.Models = models[1+rng.IntN(2):][:1]
		}
		if q.Kind != "" && seed%7 > 0 {
			t.Devices = append(t.Devices, q)
		}
		if seed%5 < 2 && rng.IntN(5) == 0 {
			t.Devices = append(t.Devices, placement.DeviceRequest{Kind: "nic", Share: resources.Amount(200 + 300*rng.IntN(2))})
		}
		tasks = append(tasks, t)
	}
	return offers, tasks
}

// sameAsSlow compares what a packer does with its slow twin.
func sameAsSlow(t *testing.T, name string, offers []placement.Offer, tasks []placement.Task, p placement.Packer, score slowScore) {
	t.Helper()
	res, err := placement.Assign(offers, tasks, placement.WithPacker(p))
	if err != nil {
		t.Fatal(err)
	}
	got := map[placement.TaskID]string{}
	for i := range res.Assignments {
		a := &res.Assignments[i]
		text := string(a.Agent)
		for _, g := range a.Devices {
			text += fmt.Sprint(" ", g.Kind, g.Units)
		}
		got[a.Task] = text
	}
	for i, to := range slowPack(offers, tasks, score) {
		want := ""
		if to != nil {
			o := &offers[to[0]]
			want = string(o.Agent)
			units := to[1:]
			for _, q := range tasks[i].Devices {
				var positions []int
				for range max(q.Count, 1) {
					positions = append(positions, positionOfKind(o, units[0]))
					units = units[1:]
				}
				want += fmt.Sprint(" ", q.Kind, positions)
			}
		}
		if got[tasks[i].ID] != want {
			t.Fatalf("%s: %s goes to %q, its slow twin says %q", name, tasks[i].ID, got[tasks[i].ID], want)
		}
	}
}

// positionOfKind is a unit's position among those of its kind.
func positionOfKind(o *placement.Offer, unit int) (at int) {
	for j := range unit {
		if o.Devices[j].Kind == o.Devices[unit].Kind {
			at++
		}
	}
	return at
}
