package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// gpuResult is what one packer did with one order of arrival. Allocations are parts of all GPUs, in percent; those of
// a load that was not reached are missing.
type gpuResult struct {
	Workload  string   `json:"workload"`
	Seed      string   `json:"seed"`
	Packer    string   `json:"packer"`
	Expects   string   `json:"workload_known,omitempty"` // given or learned
	At100     *float64 `json:"allocated_at_100_percent,omitempty"`
	At130     *float64 `json:"allocated_at_130_percent,omitempty"`
	Arrived   float64  `json:"arrived_percent"`
	Tasks     int      `json:"tasks"`
	Placed    int      `json:"placed"`
	PerSecond float64  `json:"decisions_per_second"`
}

// gpuTrace is a tasks file with its orders of arrival.
type gpuTrace struct {
	load      *workload.Workload
	expected  placement.Workload
	sequences []workload.Sequence
	gpus      resources.Amount
}

type gpuRun struct {
	traces  []gpuTrace
	packers []contender
	seed    uint64
}

func (c *qualityCmd) gpuRun(chosen qualityPackers) (*gpuRun, error) {
	r := &gpuRun{packers: chosen.gpu, seed: c.Seed}
	format, err := findFormat("openb")
	if err != nil {
		return nil, err
	}
	for i, file := range c.OpenbSeq {
		tasks := c.OpenbTasks[min(i, len(c.OpenbTasks)-1)]
		all, err := format.Read(workload.Source{Fleet: c.OpenbFleet, Tasks: tasks})
		if err != nil {
			return nil, err
		}
		t := gpuTrace{load: all[0]}
		if t.sequences, err = workload.ReadSequences(file, len(t.load.Tasks)); err != nil {
			return nil, err
		}
		if c.Limit > 0 {
			t.sequences = t.sequences[:min(c.Limit, len(t.sequences))]
		}
		if t.expected, err = placement.WorkloadOf(t.load.Tasks); err != nil {
			return nil, t.load.Explain(err)
		}
		if err := t.prepare(c.OpenbFleet); err != nil {
			return nil, err
		}
		r.traces = append(r.traces, t)
	}
	return r, nil
}

// prepare makes the nodes standing offers in the order of their names, and counts their GPUs.
func (t *gpuTrace) prepare(fleet string) error {
	slices.SortFunc(t.load.Offers, func(a, b placement.Offer) int { return strings.Compare(string(a.Agent), string(b.Agent)) })
	for i := range t.load.Offers {
		t.load.Offers[i].Standing = true
		for _, d := range t.load.Offers[i].Devices {
			t.gpus += d.Capacity
		}
	}
	if t.gpus == 0 {
		return fmt.Errorf("%s: no node has a GPU", fleet)
	}
	return nil
}

func (r *gpuRun) steps() (n int) {
	for _, t := range r.traces {
		n += len(t.sequences) * len(r.packers)
	}
	return n
}

func (r *gpuRun) run(ctx context.Context, bar *bar) (all []*gpuResult, err error) {
	for i := range r.traces {
		for _, p := range r.packers {
			for k := range r.traces[i].sequences {
				s := &r.traces[i].sequences[k]
				bar.show(s.Workload + " " + s.Seed + ": " + p.name)
				result, err := r.traces[i].stream(ctx, s, p, r.seed)
				if err != nil {
					return all, err
				}
				all = append(all, result)
				bar.step()
			}
		}
	}
	return all, nil
}

// stream hands the tasks of an order to an engine, one by one.
func (t *gpuTrace) stream(ctx context.Context, s *workload.Sequence, p contender, seed uint64) (*gpuResult, error) {
	result := &gpuResult{Workload: s.Workload, Seed: s.Seed, Packer: p.name, Expects: p.how, Tasks: len(s.Rows)}
	e := placement.NewEngine(placement.WithPacker(p.make(t.expected)), placement.WithExplain(0))
	if err := e.AddOffers(t.load.Offers...); err != nil {
		return nil, t.load.Explain(err)
	}
	var arrived, used resources.Amount
	percent := func(a resources.Amount) *float64 {
		f := 100 * a.Float64() / t.gpus.Float64()
		return &f
	}
	start := processTime()
	for i, row := range s.Rows {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		task := t.load.Tasks[row]
		task.ID = placement.TaskID(fmt.Sprintf("%d.pod-%d", i, row))
		// Every round seeds afresh, so that with one seed for all random choices would be the same in each.
		placed, err := decide(e, task, placement.WithSeed(seed+uint64(i)))
		if err != nil {
			return nil, fmt.Errorf("packer %s: %w", p.name, err)
		}
		gpu := gpuOf(&task)
		arrived += gpu
		if placed {
			used += gpu
			result.Placed++
		}
		if result.At100 == nil && arrived >= t.gpus {
			result.At100 = percent(used)
		}
		if result.At130 == nil && 10*arrived >= 13*t.gpus {
			result.At130 = percent(used)
		}
	}
	// An order that was cut just short of the load is meant to reach it.
	if result.At130 == nil && 100*arrived >= 129*t.gpus {
		result.At130 = percent(used)
	}
	result.Arrived = *percent(arrived)
	result.PerSecond = float64(len(s.Rows)) / max((processTime()-start).Seconds(), 1e-9)
	return result, nil
}

func decide(e *placement.Engine, task placement.Task, opts ...placement.Option) (placed bool, err error) {
	if err := e.Submit(task); err != nil {
		return false, err
	}
	// The context of the program would tell packers that their time is limited.
	round, err := e.Assign(context.Background(), opts...)
	if err != nil {
		return false, err
	}
	if len(round.Assignments) == 0 {
		e.Withdraw(task.ID)
	}
	return len(round.Assignments) > 0, nil
}

func gpuOf(t *placement.Task) (sum resources.Amount) {
	for _, d := range t.Devices {
		sum += d.Share + resources.Amount(d.Count)*resources.One
	}
	return sum
}
