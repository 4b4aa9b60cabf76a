package workload

import (
	"fmt"
	"slices"
	"strings"
)

// Source says which files to read, and how.
type Source struct {
	Fleet, Tasks string // names of files
	Instance     string // vector packing: the instance wanted; empty: all
	Seed         uint64 // for formats that shuffle
	Limit        int    // keep the first tasks only; zero: all
}

// Format is a format of input files.
type Format struct {
	Name, Description string
	// NoFleet says that the tasks file describes the fleet too.
	NoFleet bool
	Read    func(Source) ([]*Workload, error)
}

// Formats returns all formats. A new one is a line here and a file beside this one.
func Formats() []Format {
	return []Format{
		{Name: "csv", Description: "comma separated values with a header; see `list formats`", Read: readCSV},
		{Name: "openb", Description: "the nodes and pods of the Alibaba GPU trace of 2023", Read: readOpenb},
		{Name: "marathon", Description: "application definitions of Marathon, JSON, on a fleet in csv", Read: readMarathonFiles},
		{Name: "vbp", Description: "vector packing instances; --tasks alone, see also --instance", NoFleet: true, Read: readVBPFile},
	}
}

func readCSV(s Source) ([]*Workload, error) {
	fleet, err := openFleet(s.Fleet)
	if err != nil {
		return nil, err
	}
	in, err := open(s.Tasks)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	tasks, unknown, err := readTasks(s.Tasks, in, fleet.kinds, s.Limit)
	if err != nil {
		return nil, err
	}
	w := &Workload{Name: s.Tasks, Offers: fleet.offers, Tasks: tasks.tasks,
		fleetFile: s.Fleet, tasksFile: s.Tasks, offerLines: fleet.lines, taskLines: tasks.lines}
	w.warn(unknown, fleet)
	return []*Workload{w}, nil
}

// openFleet reads a fleet file in csv.
func openFleet(path string) (*fleet, error) {
	in, err := open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readFleet(path, in)
}

// warn points at resources that tasks ask for and no agent has: valid, but perhaps misspelt.
func (w *Workload) warn(unknown []string, f *fleet) {
	var known []string
	for name := range f.kinds {
		known = append(known, name)
	}
	slices.Sort(known)
	for _, name := range unknown {
		text := fmt.Sprintf("%s: column %s: no agent in %s has such a resource, so every task that asks for it will fail",
			w.tasksFile, name, w.fleetFile)
		if meant := nearest(name, known); meant != "" {
			text += fmt.Sprintf("; do you mean %s?", meant)
		}
		w.Warnings = append(w.Warnings, text)
	}
}

func readOpenb(s Source) ([]*Workload, error) {
	in, err := open(s.Fleet)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	w := &Workload{Name: s.Tasks, fleetFile: s.Fleet, tasksFile: s.Tasks}
	if w.Offers, w.offerLines, err = readOpenbNodes(s.Fleet, in); err != nil {
		return nil, err
	}
	in, err = open(s.Tasks)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	w.Tasks, w.taskLines, err = readOpenbPods(s.Tasks, in, s.Limit)
	return []*Workload{w}, err
}

func readVBPFile(s Source) ([]*Workload, error) {
	in, err := open(s.Tasks)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	instances, err := ReadVBP(s.Tasks, in)
	if err != nil {
		return nil, err
	}
	var all []*Workload
	for _, instance := range instances {
		if s.Instance != "" && instance.Name != s.Instance {
			continue
		}
		w, err := instance.Workload(s.Seed)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s.Tasks, instance.Name, err)
		}
		w.Limit(s.Limit)
		all = append(all, w)
	}
	if len(all) == 0 {
		var names []string
		for _, instance := range instances[:min(5, len(instances))] {
			names = append(names, instance.Name)
		}
		return nil, fmt.Errorf("%s has no instance %q; it has %d, such as %s", s.Tasks, s.Instance, len(instances), strings.Join(names, ", "))
	}
	return all, nil
}
