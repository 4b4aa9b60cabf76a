package main

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/placement"
)

// endResult is a figure end to end, beside what it is compared with.
type endResult struct {
	Case     string  `json:"case"`
	Agents   int     `json:"agents"`
	Tasks    int     `json:"tasks"`
	Placed   float64 `json:"placed_percent"`
	Beside   string  `json:"beside"`
	Measured string  `json:"measured"`
	Value    float64 `json:"value"`
	Must     string  `json:"must"`
	Reached  *bool   `json:"reached,omitempty"`
}

// endAgents is the size that the bars are for.
const endAgents = 10_000

// fenzoPerTask is the processor time Fenzo's cpu and memory bin packer takes for a task: 10,000 agents, 10,000 tasks.
const fenzoPerTask = 1200 * time.Microsecond

// shortRuns is how often a call of some milliseconds is made at least: what else the machine does decides over a single one, and for some
// seconds over all.
const shortRuns = 20

// judge says whether a bar is reached; there is none for other sizes.
func (e *endResult) judge(reached, barred bool) *endResult {
	if barred {
		e.Reached = &reached
	} else {
		e.Must += " (for other sizes)"
	}
	return e
}

func (c *scaleCmd) endToEnd(ctx context.Context) (all []*endResult, err error) {
	type part func(context.Context, int) ([]*endResult, error)
	for _, measure := range []part{c.assignAll, c.besideFenzo, c.engineRounds, c.million} {
		if ctx.Err() != nil {
			return all, errInterrupted
		}
		results, err := measure(ctx, c.EndAgents)
		if err != nil {
			return all, err
		}
		all = append(all, results...)
	}
	return all, nil
}

// assignCost is what one call of Assign takes, all included.
type assignCost struct {
	cpu, wall     time.Duration
	bytes, allocs uint64
}

func timeAssign(offers []placement.Offer, tasks []placement.Task, opts ...placement.Option) (placement.Result, assignCost, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, wall := processTime(), time.Now()
	r, err := placement.Assign(offers, tasks, opts...)
	cost := assignCost{cpu: processTime() - cpu, wall: time.Since(wall)}
	runtime.ReadMemStats(&after)
	cost.bytes, cost.allocs = after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
	return r, cost, err
}

// assignAll is everything Assign does against the packing alone of the scan.
func (c *scaleCmd) assignAll(_ context.Context, agents int) (all []*endResult, err error) {
	fleet, err := newScaleFleet(naive.Spec{Bins: agents, Tasks: 10 * agents, Shapes: scaleShapes, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	for _, rule := range []naive.Rule{naive.FirstFit, naive.Linear} {
		var least assignCost
		var placed int
		scan := time.Duration(1 << 62)
		for i := range c.Repeat {
			r, cost, err := timeAssign(fleet.offers, fleet.tasks, placement.WithPacker(scalePacker(rule, true)))
			if err != nil {
				return nil, err
			}
			if i == 0 || cost.cpu < least.cpu {
				least, placed = cost, r.Stats.Placed
			}
			_, t := fleet.w.Fastest(rule, fleet.choices(r), max(500, min(len(fleet.tasks), 50_000_000/agents)), 1, threadTime)
			scan = min(scan, t.PerTask*time.Duration(len(fleet.tasks)))
		}
		base := endResult{Case: "Assign, first fit", Agents: agents, Tasks: len(fleet.tasks), Placed: 100 * float64(placed) / float64(len(fleet.tasks))}
		if rule != naive.FirstFit {
			base.Case = "Assign, best fit"
		}
		share := 100 * float64(least.cpu) / float64(scan)
		part, bytes, allocs := base, base, base
		part.Beside, part.Value, part.Must = fmt.Sprintf("packing of naive: %v; ours in all: %v", round(scan), round(least.cpu)), share, "20 % of naive's packing"
		part.Measured = fmt.Sprintf("%.1f %%", share)
		bytes.Value = float64(least.bytes) / float64(max(placed, 1))
		bytes.Measured, bytes.Must = fmt.Sprintf("%.0f bytes", bytes.Value), "400 bytes a placed task"
		allocs.Value = float64(least.allocs) / float64(max(placed, 1))
		allocs.Measured, allocs.Must = fmt.Sprintf("%.2f allocs", allocs.Value), "3 allocations a placed task"
		barred := agents == endAgents
		// First fit stops at the first agent that fits, so that the competitor hardly works: the bar is for best fit.
		if rule != naive.FirstFit {
			all = append(all, part.judge(share <= 20, barred))
		} else {
			part.Must = "-"
			all = append(all, &part)
		}
		all = append(all, bytes.judge(bytes.Value <= 400, barred), allocs.judge(allocs.Value <= 3, barred))
	}
	return all, nil
}

// besideFenzo is a size for which Fenzo's processor time is known.
func (c *scaleCmd) besideFenzo(_ context.Context, agents int) ([]*endResult, error) {
	fleet, err := newScaleFleet(naive.Spec{Bins: agents, Tasks: agents, Shapes: scaleShapes, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	var least assignCost
	var placed int
	for i, start := 0, time.Now(); i < max(c.Repeat, shortRuns) || time.Since(start) < repeatFor; i++ {
		r, cost, err := timeAssign(fleet.offers, fleet.tasks, placement.WithPacker(placement.GreedyBy(placement.Filled("cpus", "mem"))))
		if err != nil {
			return nil, err
		}
		if i == 0 || cost.cpu < least.cpu {
			least, placed = cost, r.Stats.Placed
		}
	}
	perTask := least.cpu / time.Duration(len(fleet.tasks))
	ratio := float64(fenzoPerTask) / float64(max(perTask, 1))
	e := &endResult{Case: "Assign beside Fenzo", Agents: agents, Tasks: len(fleet.tasks), Placed: 100 * float64(placed) / float64(len(fleet.tasks)),
		Beside:   fmt.Sprintf("Fenzo, on another machine: %v a task; ours: %v", fenzoPerTask, perTask),
		Measured: fmt.Sprintf("%.0f times", ratio), Value: ratio, Must: "1000 times"}
	return []*endResult{e.judge(ratio >= 1000, agents == endAgents)}, nil
}

// million is the largest call, only where it or all was asked for.
func (c *scaleCmd) million(context.Context, int) ([]*endResult, error) {
	if !c.Full && !c.Million {
		return nil, nil
	}
	fleet, err := newScaleFleet(naive.Spec{Bins: 100_000, Tasks: 1_000_000, Shapes: scaleShapes, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	r, cost, err := timeAssign(fleet.offers, fleet.tasks)
	if err != nil {
		return nil, err
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	gigabytes := float64(memory.Sys) / 1e9
	e := &endResult{Case: "Assign, a million tasks", Agents: 100_000, Tasks: len(fleet.tasks), Placed: float64(r.Stats.Placed) / 1e4,
		Measured: fmt.Sprintf("%v, %.1f GB", round(cost.wall), gigabytes), Value: cost.wall.Seconds(), Must: "60 s and 8 GB",
		Beside: fmt.Sprintf("in %s: %v; memory is all the process ever had", clockName, round(cost.cpu))}
	return []*endResult{e.judge(cost.wall <= time.Minute && gigabytes <= 8, true)}, nil
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

func endTable(results []*endResult, look report.Look) string {
	header := []string{"case", "agents", "tasks", "placed %", "measured", "must", "reached", "beside"}
	var rows [][]string
	for _, e := range results {
		rows = append(rows, []string{e.Case, strconv.Itoa(e.Agents), strconv.Itoa(e.Tasks), fmt.Sprintf("%.1f", e.Placed),
			e.Measured, e.Must, yesNo(e.Reached), e.Beside})
	}
	return report.Grid(header, rows, look)
}
