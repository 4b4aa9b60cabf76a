// Package report says what came of a comparison: as tables for people, as JSON and as a list of
// assignments for other programs. It works on plain data, so that a result that was stored or
// recorded somewhere else is reported like a fresh one.
//
// Everything but the measured times and memory is a function of the workload, the seed and the
// packers.
package report

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// Comparison is one workload and what each packer made of it.
type Comparison struct {
	Workload string   `json:"workload"`
	Agents   int      `json:"agents"`
	Tasks    int      `json:"tasks"`
	Seed     uint64   `json:"seed"`
	Results  []Result `json:"results"`

	// Demand is what all tasks ask for, as a share of the whole fleet.
	Demand map[string]float64 `json:"-"`
	// Resources are the names in Demand and in Fill, in the order in which to show them.
	Resources []string `json:"-"`

	w     *workload.Workload
	f     *fleet
	tasks map[placement.TaskID]*placement.Task
}

// Result is what one packer made of a workload.
type Result struct {
	Packer     string `json:"packer"`
	Placed     int    `json:"placed"`
	Failed     int    `json:"failed"`
	AgentsUsed int    `json:"agents_used"`
	// LowerBound: no packer can place these tasks on fewer agents. Gap is how many more were used,
	// as a share of it.
	LowerBound int     `json:"lower_bound"`
	Gap        float64 `json:"gap"`
	// Fill is the used share of each resource of the agents used.
	Fill map[string]float64 `json:"fill"`
	// WallMS is the median of WallsMS, the runs in the order in which they were done.
	WallMS        float64   `json:"wall_ms"`
	WallsMS       []float64 `json:"walls_ms"`
	NsPerTask     float64   `json:"ns_per_task"`
	BytesPerTask  float64   `json:"bytes_per_task"`
	AllocsPerTask float64   `json:"allocs_per_task"`
	// Reasons say why tasks were not placed, each counted by its main reason, the most frequent first.
	Reasons []Reason `json:"reasons"`
	// Truncated says that the run was interrupted; what was placed until then is valid.
	Truncated bool `json:"truncated,omitempty"`

	Assignments []placement.Assignment `json:"-"`
	// Loads are how full each agent is, in the order of the offers: the largest used share of a resource; at least
	// some trace of it where a task is.
	Loads []float64 `json:"-"`
	// Yardstick marks a packer that others are measured by, and that nobody is advised to use.
	Yardstick bool `json:"-"`
	// Default marks the packer that the library takes where none is named.
	Default bool `json:"-"`
}

// Reason is a counted reason.
type Reason struct {
	Cause string `json:"cause"`
	What  string `json:"what"`
	Tasks int    `json:"tasks"`
}

// Cost is what the runs of a packer took: each of them, and the median of their memory.
type Cost struct {
	Walls         []time.Duration
	Bytes, Allocs uint64
}

// New starts the report on a workload.
func New(w *workload.Workload, seed uint64) *Comparison {
	f := newFleet(w.Offers)
	c := &Comparison{Workload: w.Name, Agents: len(f.agents), Tasks: len(w.Tasks), Seed: seed, Results: []Result{}, w: w, f: f}
	c.tasks = make(map[placement.TaskID]*placement.Task, len(w.Tasks))
	demand := amounts{}
	for i := range w.Tasks {
		t := &w.Tasks[i]
		c.tasks[t.ID] = t
		demand.add(f.asked(t))
	}
	c.Resources = f.names(demand)
	c.Demand = make(map[string]float64, len(c.Resources))
	for _, name := range c.Resources {
		c.Demand[name] = share(demand[name], f.total[name])
	}
	return c
}

// Add reports what a packer made of the workload.
func (c *Comparison) Add(packer string, result placement.Result, cost Cost) *Result {
	r := Result{
		Packer:    packer,
		Placed:    len(result.Assignments),
		Failed:    c.Tasks - len(result.Assignments),
		Reasons:   reasons(result.Failures),
		Truncated: result.Truncated,
	}
	c.measure(&r, result.Assignments)
	tasks := float64(max(1, c.Tasks))
	for _, wall := range cost.Walls {
		r.WallsMS = append(r.WallsMS, round(float64(wall)/float64(time.Millisecond), 6))
	}
	wall := spreadOf(r.WallsMS).median
	r.WallMS = round(wall, 3)
	r.NsPerTask = round(wall*float64(time.Millisecond)/tasks, 1)
	r.BytesPerTask = round(float64(cost.Bytes)/tasks, 1)
	r.AllocsPerTask = round(float64(cost.Allocs)/tasks, 3)
	c.Results = append(c.Results, r)
	return &c.Results[len(c.Results)-1]
}

// Forget lets go of the workload: the report needs it no more once all results are added, and what stays in
// memory makes the runs after it slower.
func (c *Comparison) Forget() { c.w, c.f, c.tasks = nil, nil, nil }

// measure works out how many agents the assignments use, how many they need, and how full those are.
func (c *Comparison) measure(r *Result, assignments []placement.Assignment) {
	asked, taken, held := amounts{}, amounts{}, amounts{}
	used := make(map[placement.AgentID]amounts)
	r.Assignments = make([]placement.Assignment, len(assignments))
	for i := range assignments {
		a := &assignments[i]
		t := c.tasks[a.Task]
		asked.add(c.f.asked(t))
		takes := c.f.taken(t, a)
		taken.add(takes)
		if used[a.Agent] == nil {
			used[a.Agent] = amounts{}
			held.add(c.f.agents[a.Agent])
		}
		used[a.Agent].add(takes)
		r.Assignments[i] = c.f.onAgent(*a)
	}
	r.AgentsUsed = len(used)
	r.Loads = c.f.loads(used)
	r.LowerBound = c.f.lowerBound(asked)
	if len(assignments) == c.Tasks {
		r.LowerBound = max(r.LowerBound, c.w.Optimum)
	}
	if r.LowerBound > 0 {
		r.Gap = round(float64(r.AgentsUsed)/float64(r.LowerBound)-1, 6)
	}
	r.Fill = make(map[string]float64, len(c.Resources))
	for _, name := range c.Resources {
		r.Fill[name] = share(taken[name], held[name])
	}
}

// result is what a packer made of the workload; nil if it did not run.
func (c *Comparison) result(packer string) *Result {
	for i := range c.Results {
		if c.Results[i].Packer == packer {
			return &c.Results[i]
		}
	}
	return nil
}

func reasons(failures []placement.Failure) []Reason {
	count := map[Reason]int{}
	for _, f := range failures {
		main := f.Why.Main()
		count[Reason{Cause: string(main.Cause), What: main.What}]++
	}
	all := make([]Reason, 0, len(count))
	for r, n := range count {
		r.Tasks = n
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Tasks, a.Tasks), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.What, b.What))
	})
	return all
}

// round keeps some decimals: the rest would only be noise in a file.
func round(x float64, decimals int) float64 {
	p := math.Pow10(decimals)
	return math.Round(x*p) / p
}
