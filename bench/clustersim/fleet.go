package clustersim

import (
	"slices"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// fleet are the books of the simulation, kept beside those of the engine: what is free where.
type fleet struct {
	agents []*agent
	byID   map[placement.AgentID]int
	total  map[string]resources.Amount // by column: of all agents that work
	used   map[string]resources.Amount // of that, by tasks of the simulation
}

// agent is what one has, and what of it is free.
type agent struct {
	id             placement.AgentID
	offers         []placement.Offer
	capacity, free map[string]resources.Amount
	units          map[string][]unit
	tasks          []placement.TaskID // running, in the order of their starts
	down           bool
}

// unit is a unit of a device.
type unit struct {
	model          string
	capacity, free resources.Amount
}

// deviceColumn is the column of a kind of device, which may be called as a resource is.
func deviceColumn(kind string) string { return "device:" + kind }

func newFleet(offers []placement.Offer) *fleet {
	f := &fleet{byID: map[placement.AgentID]int{}, total: map[string]resources.Amount{}, used: map[string]resources.Amount{}}
	for _, o := range offers {
		i, ok := f.byID[o.Agent]
		if !ok {
			i = len(f.agents)
			f.byID[o.Agent] = i
			f.agents = append(f.agents, &agent{id: o.Agent, capacity: map[string]resources.Amount{}, free: map[string]resources.Amount{}, units: map[string][]unit{}})
		}
		o.Standing = true
		f.agents[i].add(o)
	}
	for _, a := range f.agents {
		f.count(a, 1)
	}
	return f
}

func (a *agent) add(o placement.Offer) {
	a.offers = append(a.offers, o)
	for r := range o.Resources.All() {
		if r.Value.Kind() == resources.KindScalar {
			a.capacity[r.Name] += r.Value.Amount()
			a.free[r.Name] += r.Value.Amount()
		}
	}
	for _, d := range o.Devices {
		a.units[d.Kind] = append(a.units[d.Kind], unit{d.Model, d.Capacity, d.Free})
		a.capacity[deviceColumn(d.Kind)] += d.Capacity
		a.free[deviceColumn(d.Kind)] += d.Free
	}
}

// count adds an agent to the total, or takes it away.
func (f *fleet) count(a *agent, sign resources.Amount) {
	for name, amount := range a.capacity {
		f.total[name] += sign * amount
	}
}

// needsOf is what a task asks for by column: scalars, and devices in amounts of whole units.
func needsOf(t *placement.Task) map[string]resources.Amount {
	needs := map[string]resources.Amount{}
	for name, amount := range t.Needs.All() {
		needs[name] += amount
	}
	for _, q := range t.Devices {
		needs[deviceColumn(q.Kind)] += q.Share + resources.Amount(q.Count)*resources.One
	}
	return needs
}

// take takes what an assignment says; give gives it back.
func (f *fleet) take(x *placement.Assignment, t *placement.Task) {
	a := f.agents[f.byID[x.Agent]]
	f.move(a, x, t, 1)
	a.tasks = append(a.tasks, t.ID)
}

func (f *fleet) give(x *placement.Assignment, t *placement.Task) {
	a := f.agents[f.byID[x.Agent]]
	f.move(a, x, t, -1)
	a.tasks = slices.DeleteFunc(a.tasks, func(id placement.TaskID) bool { return id == t.ID })
}

func (f *fleet) move(a *agent, x *placement.Assignment, t *placement.Task, sign resources.Amount) {
	for name, amount := range t.Needs.All() {
		a.free[name] -= sign * amount
		f.used[name] += sign * amount
	}
	for _, g := range x.Devices {
		column := deviceColumn(g.Kind)
		for _, u := range g.Units {
			n := g.Share
			if g.Whole {
				n = a.units[g.Kind][u].capacity
			}
			a.units[g.Kind][u].free -= sign * n
			a.free[column] -= sign * n
			f.used[column] += sign * n
		}
	}
}

// fits says whether a task would fit on an agent by its scalars and devices.
func (a *agent) fits(t *placement.Task) bool {
	for name, amount := range t.Needs.All() {
		if a.free[name] < amount {
			return false
		}
	}
	for i := range t.Devices {
		if !a.hasUnits(&t.Devices[i]) {
			return false
		}
	}
	return true
}

func (a *agent) hasUnits(q *placement.DeviceRequest) bool {
	whole := 0
	for _, u := range a.units[q.Kind] {
		if len(q.Models) > 0 && !slices.Contains(q.Models, u.model) {
			continue
		}
		if q.Count == 0 && u.free >= q.Share {
			return true
		}
		if u.free == u.capacity {
			whole++
		}
	}
	return q.Count > 0 && whole >= q.Count
}

// rate is how many jobs a second make the load, and the column that runs out first; ties go to the first name.
func (f *fleet) rate(demand map[string]float64, load float64) (rate float64, scarce string) {
	names := make([]string, 0, len(demand))
	for name := range demand {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if demand[name] <= 0 || f.total[name] == 0 {
			continue
		}
		if r := load * float64(f.total[name]) / demand[name]; scarce == "" || r < rate {
			rate, scarce = r, name
		}
	}
	return rate, scarce
}
