package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/berth-go/berth/bench/clustersim"
	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/placement"
)

// simulateReport is all that a run of the command found.
type simulateReport struct {
	Workload string      `json:"workload"`
	Agents   int         `json:"agents"`
	Tasks    int         `json:"tasks"`
	Load     float64     `json:"load,omitempty"`
	Scarce   string      `json:"scarce"`
	Seed     uint64      `json:"seed"` // the first
	Seeds    int         `json:"seeds"`
	Results  []simulated `json:"results"`

	given    bool      // arrivals were not drawn
	arriving []float64 // tasks, a number a seed
}

// simulated is what came of a packer with a seed.
type simulated struct {
	Seed uint64 `json:"seed"`
	clustersim.Result
	// used is the part of the resource that is scarcest with this seed.
	used float64
}

func newSimulateReport(c *simulateCmd, first *simulation) *simulateReport {
	r := &simulateReport{Workload: first.workload.Name, Agents: first.workload.Agents(), Tasks: first.simulator.Arriving(), Load: c.Load,
		Scarce: first.simulator.Scarce(), Seed: c.Seed, Seeds: c.Seeds, Results: []simulated{}, given: c.Arrivals+c.Trace != ""}
	if r.given {
		r.Load = 0
	}
	return r
}

// all simulates seed by seed. What is done when the context ends stays.
func (r *simulateReport) all(ctx context.Context, load func(uint64) (*simulation, error), first *simulation, chosen []packer, bounds []placement.Option, record *file, stderr io.Writer) error {
	bar := newProgress(stderr, r.Seeds*len(chosen))
	defer bar.stop()
	for i := range r.Seeds {
		seed, one := r.Seed+uint64(i), first
		if i > 0 {
			var err error
			if one, err = load(seed); err != nil {
				return err
			}
		}
		r.arriving = append(r.arriving, float64(one.simulator.Arriving()))
		for _, p := range chosen {
			bar.show(p.name)
			if err := r.one(ctx, seed, one, p, bounds, record); err != nil {
				return err
			}
			bar.step()
		}
	}
	return nil
}

// one simulates one packer.
func (r *simulateReport) one(ctx context.Context, seed uint64, s *simulation, p packer, bounds []placement.Option, record *file) error {
	more := slices.Clone(bounds)
	var recorder *trace.Recorder
	if record != nil {
		recorder = trace.NewRecorder(record, trace.Options{All: true})
		more = append(more, placement.WithObserver(recorder))
	}
	result, err := s.simulator.Run(ctx, p.name, p.make(), more...)
	if recorder != nil {
		err = errors.Join(err, recorder.Close(), record.close())
	}
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case errors.Is(err, placement.ErrPolicy):
		return fmt.Errorf("packer %s: %w", p.name, err)
	case err != nil:
		return err
	}
	x := simulated{Seed: seed, Result: result}
	for _, u := range x.Used {
		if u.Name == s.simulator.Scarce() {
			x.used = u.Part
		}
	}
	r.Results = append(r.Results, x)
	return nil
}

// measures are the columns of the table, with their digits.
var measures = []struct {
	name   string
	digits int
	of     func(x *simulated) float64
}{
	{"used\n%", 1, func(x *simulated) float64 { return 100 * x.used }},
	{"wait: mean\ns", 1, meanWait},
	{"median\ns", 1, func(x *simulated) float64 { return x.Waits.Median }},
	{"99 % within\ns", 0, func(x *simulated) float64 { return x.Waits.P99 }},
	{"longest\ns", 0, func(x *simulated) float64 { return x.Waits.Longest }},
	{"starved", 0, func(x *simulated) float64 { return float64(x.Starved) }},
	{"waiting\nat the end", 0, func(x *simulated) float64 { return float64(x.Waiting) }},
	{"fragmented\n%", 1, func(x *simulated) float64 { return 100 * x.Fragmentation }},
	{"fair", 3, func(x *simulated) float64 { return x.Fairness }},
	{"worst got\n%", 1, func(x *simulated) float64 { return 100 * x.WorstGot }},
	{"lost", 0, func(x *simulated) float64 { return float64(x.Lost) }},
	{"ms a\nround", 2, func(x *simulated) float64 { return 1000 * x.RoundSeconds }},
}

func meanWait(x *simulated) float64 { return x.Waits.Mean }

func (r *simulateReport) write(w io.Writer) {
	load, seeds := "", fmt.Sprintf("seed %d", r.Seed)
	if r.Load > 0 {
		load = fmt.Sprintf(", load %g", r.Load)
	}
	if r.Seeds > 1 {
		seeds = fmt.Sprintf("seeds %d to %d", r.Seed, r.Seed+uint64(r.Seeds)-1)
	}
	fmt.Fprintf(w, "%s: %s tasks arrive on %d %s%s; they ask most of %s; %s.\n\n", r.Workload, report.Spread(r.arriving, 0), r.Agents,
		plural(uint64(r.Agents), "agent", "agents"), load, r.Scarce, seeds)
	if len(r.Results) == 0 {
		return
	}
	contest := r.contest()
	best := contest.Best()[0]
	header := []string{"packer"}
	for _, m := range measures {
		if header = append(header, m.name); len(header) == 3 && r.Seeds > 1 {
			header = append(header, "longer than\nwith "+best)
		}
	}
	var rows [][]string
	for _, p := range contest.Packers {
		row := []string{p}
		for _, m := range measures {
			if row = append(row, report.Spread(r.of(p, m.of), m.digits)); len(row) == 3 && r.Seeds > 1 {
				longer := "-"
				if p != best {
					longer = contest.More(p, best)
				}
				row = append(row, longer)
			}
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(w, "%s\n\n%s\n", report.Grid(header, rows, lookOf(w)), r.verdict(contest))
}

func (r *simulateReport) verdict(c *report.Contest) string {
	if r.given && len(c.Packers) > 1 {
		return "This is one course of events: another that is like it might well have packers in another order."
	}
	return c.Verdict("The mean wait", "s")
}

// of lists a measure of a packer, a number a seed.
func (r *simulateReport) of(packer string, measure func(*simulated) float64) (all []float64) {
	for i := range r.Results {
		if x := &r.Results[i]; x.Packer == packer {
			all = append(all, measure(x))
		}
	}
	return all
}

// contest compares the mean waits of the seeds that are complete; if none is, of what there is.
func (r *simulateReport) contest() *report.Contest {
	c := &report.Contest{}
	for i := range r.Results {
		if x := &r.Results[i]; x.Seed == r.Seed {
			c.Packers = append(c.Packers, x.Packer)
		}
	}
	for from := 0; from+len(c.Packers) <= len(r.Results); from += len(c.Packers) {
		var sample []float64
		for i := range c.Packers {
			sample = append(sample, meanWait(&r.Results[from+i]))
		}
		c.Samples = append(c.Samples, sample)
	}
	return c
}

func (r *simulateReport) writeCSV(f *file) error {
	if f == nil {
		return nil
	}
	w := csv.NewWriter(f)
	header := []string{"packer", "seed", "waits", "wait_mean_seconds", "wait_median_seconds", "wait_p99_seconds", "wait_longest_seconds", "starved", "waiting_at_end",
		"fragmentation", "fairness", "worst_owner", "worst_owner_got", "lost", "rounds", "round_seconds"}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	columns := len(header)
	for i := range r.Results {
		x := &r.Results[i]
		row := []string{x.Packer, strconv.FormatUint(x.Seed, 10), strconv.Itoa(x.Waits.Tasks), number(x.Waits.Mean), number(x.Waits.Median), number(x.Waits.P99),
			number(x.Waits.Longest), strconv.Itoa(x.Starved), strconv.Itoa(x.Waiting), number(x.Fragmentation), number(x.Fairness), x.Worst, number(x.WorstGot),
			strconv.Itoa(x.Lost), strconv.Itoa(x.Rounds), number(x.RoundSeconds)}
		if i == 0 {
			for _, u := range x.Used {
				header = append(header, "used_"+u.Name)
			}
			if err := w.Write(header); err != nil {
				return err
			}
		}
		for _, name := range header[columns:] {
			part := ""
			for _, u := range x.Used {
				if "used_"+u.Name == name {
					part = number(u.Part)
				}
			}
			row = append(row, part)
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), f.close())
}
