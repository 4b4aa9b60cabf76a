package report

import (
	"cmp"
	"slices"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// amounts are sums by resource: scalars by name (regular and revocable together), port numbers as
// "ports", devices by kind. Set items and disks other than the plain root disk are not counted.
type amounts map[string]resources.Amount

const portsName = "ports"

func (a amounts) add(b amounts) {
	for name, n := range b {
		a[name] += n
	}
}

func (a amounts) addOffer(o *placement.Offer) {
	for p := range o.Resources.All() {
		switch {
		case p.Disk != nil && (p.Disk.Source != nil || p.Disk.Persistence != nil):
		case p.Value.Kind() == resources.KindScalar:
			a[p.Name] += p.Value.Amount()
		case p.Value.Kind() == resources.KindRanges && p.Name == portsName:
			a[portsName] += resources.Amount(min(p.Value.Ranges().Count(), 1<<16)) * resources.One
		}
	}
	for _, d := range o.Devices {
		a[deviceName(d.Kind)] += d.Free
	}
}

// deviceName keeps a kind of device apart from a scalar that usually has the same name.
func deviceName(kind string) string {
	switch kind {
	case "cpus", "mem", "disk", "gpus", portsName:
		return "device:" + kind
	}
	return kind
}

// fleet is what each agent has to give.
type fleet struct {
	agents map[placement.AgentID]amounts
	order  []placement.AgentID // as their offers came
	total  amounts
	units  map[unitsOf][]unit
	// smallest is the least that a whole unit of a kind can be.
	smallest map[string]resources.Amount
}

// unitsOf names the units of one kind that may be used together: those of an agent's offers of one role.
type unitsOf struct {
	agent placement.AgentID
	role  string
	kind  string
}

// unit is a device: its position among all units of its kind on the agent, and its size.
type unit struct {
	position int
	size     resources.Amount
}

func newFleet(offers []placement.Offer) *fleet {
	f := &fleet{
		agents:   make(map[placement.AgentID]amounts, len(offers)),
		total:    amounts{},
		units:    map[unitsOf][]unit{},
		smallest: map[string]resources.Amount{},
	}
	counted := map[unitsOf]int{}
	for i := range offers {
		o := &offers[i]
		if f.agents[o.Agent] == nil {
			f.agents[o.Agent] = amounts{}
			f.order = append(f.order, o.Agent)
		}
		f.agents[o.Agent].addOffer(o)
		f.total.addOffer(o)
		for _, d := range o.Devices {
			onAgent := unitsOf{agent: o.Agent, kind: d.Kind}
			key := unitsOf{o.Agent, o.Role, d.Kind}
			f.units[key] = append(f.units[key], unit{counted[onAgent], d.Capacity})
			counted[onAgent]++
			if least, seen := f.smallest[d.Kind]; !seen || d.Capacity < least {
				f.smallest[d.Kind] = d.Capacity
			}
		}
	}
	return f
}

// asked is the least that a task takes, wherever it goes.
func (f *fleet) asked(t *placement.Task) amounts {
	a := askedScalars(t)
	for _, d := range t.Devices {
		a[deviceName(d.Kind)] += d.Share + resources.Amount(d.Count)*f.smallest[d.Kind]
	}
	return a
}

// taken is what a task takes where it went.
func (f *fleet) taken(t *placement.Task, at *placement.Assignment) amounts {
	a := askedScalars(t)
	for _, g := range at.Devices {
		a[deviceName(g.Kind)] += g.Share
		if !g.Whole {
			continue
		}
		units := f.units[unitsOf{at.Agent, at.Role, g.Kind}]
		for _, u := range g.Units {
			a[deviceName(g.Kind)] += units[u].size
		}
	}
	return a
}

func askedScalars(t *placement.Task) amounts {
	a := amounts{}
	for name, n := range t.Needs.All() {
		a[name] += n
	}
	if n := t.Ports.Count(); n > 0 {
		a[portsName] += resources.Amount(n) * resources.One
	}
	return a
}

// onAgent counts the units of an assignment over the whole agent instead of over one role's share of it.
func (f *fleet) onAgent(at placement.Assignment) placement.Assignment {
	at.Devices = slices.Clone(at.Devices)
	for i, g := range at.Devices {
		units := f.units[unitsOf{at.Agent, at.Role, g.Kind}]
		positions := make([]int, len(g.Units))
		for k, u := range g.Units {
			positions[k] = units[u].position
		}
		at.Devices[i].Units = positions
	}
	return at
}

// loads are the largest share of a resource that is used on each agent.
func (f *fleet) loads(used map[placement.AgentID]amounts) []float64 {
	const trace = 1e-6 // of an agent whose tasks ask for nothing that is counted
	loads := make([]float64, len(f.order))
	for i, id := range f.order {
		u := used[id]
		if u == nil {
			continue
		}
		loads[i] = trace
		for name, n := range u {
			if has := f.agents[id][name]; has > 0 && name != portsName {
				loads[i] = max(loads[i], float64(n)/float64(has))
			}
		}
	}
	return loads
}

// names are the resources to report, in the order people expect: all that the fleet has, but ports
// only if somebody asks for them.
func (f *fleet) names(demand amounts) []string {
	var all []string
	for name := range f.total {
		if name != portsName || demand[name] > 0 {
			all = append(all, name)
		}
	}
	expected := []string{portsName, "disk", "mem", "cpus"}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(slices.Index(expected, b)-slices.Index(expected, a), cmp.Compare(a, b))
	})
	return all
}

// lowerBound is a number of agents that no placement of tasks that ask for this can go below: for
// each resource alone, the largest agents are filled to the brim. It ignores that tasks cannot be cut,
// that they need resources together, and every constraint, so the true minimum may be far above it.
func (f *fleet) lowerBound(asked amounts) int {
	most := 0
	for name, sum := range asked {
		sizes := make([]resources.Amount, 0, len(f.agents))
		for _, a := range f.agents {
			sizes = append(sizes, a[name])
		}
		slices.Sort(sizes)
		n := 0
		for n < len(sizes) && sum > 0 {
			n++
			sum -= sizes[len(sizes)-n]
		}
		most = max(most, n)
	}
	return most
}

// share is a part of a whole; of nothing, nothing is used.
func share(part, whole resources.Amount) float64 {
	if whole == 0 {
		return 0
	}
	return round(float64(part)/float64(whole), 6)
}
