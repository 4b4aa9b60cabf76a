package main

import (
	"fmt"
	"io"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// inputFlags say what to place on what, and in which order. Commands share them.
type inputFlags struct {
	Fleet    string   `placeholder:"FILE" predictor:"file" help:"The agents, in the format chosen. Needs --tasks."`
	Tasks    string   `placeholder:"FILE" predictor:"file" help:"The tasks, in the format chosen. Files whose names end in .gz are uncompressed."`
	Format   string   `default:"csv" predictor:"format" help:"Format of the two files: csv, openb, marathon or vbp. See the list command."`
	Instance string   `placeholder:"NAME" help:"With --format vbp: take only this instance of the file."`
	Workload []string `placeholder:"NAME" predictor:"workload" help:"Built-in workloads, by name; all means all but the large ones. Default: mixed, gpu, rules and full."`
	Seed     uint64   `default:"1" help:"Seed of built-in workloads, and of everything random in a round."`
	Limit    int      `name:"limit-tasks" placeholder:"N" help:"Place only the first N tasks."`
	Order    string   `default:"given" predictor:"order" help:"Order of the tasks of one priority: given, priority, decreasing, sum, volume, product, drf or random."`
}

// source makes one workload when its turn comes, so that only one is in memory at a time. What was read from
// files is the same for every seed.
type source struct {
	name, about string // about says in some words what it is, or is empty
	load        func(seed uint64) (*workload.Workload, error)
}

func (f *inputFlags) order() (placement.Order, error) {
	order, err := placement.ParseOrder(f.Order)
	if err != nil {
		return order, unknown("order", f.Order, orderNames())
	}
	return order, nil
}

func orderNames() []string {
	var names []string
	for o := range placement.Orders() {
		names = append(names, o.String())
	}
	return names
}

// sources finds the workloads asked for. Files are read at once, so that a mistake in them shows before
// anything runs.
func (f *inputFlags) sources(stderr io.Writer) ([]source, error) {
	if f.Limit < 0 {
		return nil, usagef("--limit-tasks %d is negative", f.Limit)
	}
	if f.Fleet == "" && f.Tasks == "" {
		if f.Instance != "" {
			return nil, usagef("--instance needs --format vbp and --tasks")
		}
		return f.builtin()
	}
	if len(f.Workload) > 0 {
		return nil, usagef("--workload and files (--fleet, --tasks) exclude each other")
	}
	format, err := findFormat(f.Format)
	switch {
	case err != nil:
		return nil, err
	case f.Tasks == "":
		return nil, usagef("--fleet needs --tasks beside it")
	case f.Fleet == "" && !format.NoFleet:
		return nil, usagef("--tasks needs --fleet beside it")
	case f.Fleet != "" && format.NoFleet:
		return nil, usagef("format %s describes the fleet in the tasks file; leave out --fleet", format.Name)
	case f.Instance != "" && format.Name != "vbp":
		return nil, usagef("--instance needs --format vbp")
	}
	loaded, err := format.Read(workload.Source{Fleet: f.Fleet, Tasks: f.Tasks, Instance: f.Instance, Seed: f.Seed, Limit: f.Limit})
	if err != nil {
		return nil, err
	}
	var all []source
	for _, w := range loaded {
		for _, warning := range w.Warnings {
			fmt.Fprintf(stderr, "bench: warning: %s\n", warning)
		}
		all = append(all, source{w.Name, "", func(uint64) (*workload.Workload, error) { return w, nil }})
	}
	return all, nil
}

func (f *inputFlags) builtin() ([]source, error) {
	var all []source
	add := func(g workload.Generator) {
		about := g.Description
		if f.Limit > 0 {
			about += fmt.Sprintf("; of its tasks the first %d", f.Limit)
		}
		all = append(all, source{g.Name, about, func(seed uint64) (*workload.Workload, error) {
			w := g.Make(seed)
			w.Name = g.Name
			w.Limit(f.Limit)
			return w, nil
		}})
	}
	generators := workload.Generators()
	every := len(f.Workload) == 1 && f.Workload[0] == "all"
	if len(f.Workload) == 0 || every {
		for _, g := range generators {
			if !g.Large && (every || !g.Extra) {
				add(g)
			}
		}
		return all, nil
	}
next:
	for _, name := range f.Workload {
		for _, g := range generators {
			if g.Name == name {
				add(g)
				continue next
			}
		}
		return nil, unknown("workload", name, workloadNames())
	}
	return all, nil
}

// workloadNames are the names that --workload knows.
func workloadNames() []string {
	names := []string{"all"}
	for _, g := range workload.Generators() {
		names = append(names, g.Name)
	}
	return names
}

func findFormat(name string) (workload.Format, error) {
	for _, f := range workload.Formats() {
		if f.Name == name {
			return f, nil
		}
	}
	return workload.Format{}, unknown("format", name, formatNames())
}

func formatNames() []string {
	var names []string
	for _, f := range workload.Formats() {
		names = append(names, f.Name)
	}
	return names
}
