package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"github.com/berth-go/berth/bench/report"
)

// manyWorkloads is from how many workloads on one summary replaces a table each.
const manyWorkloads = 10

// output is where the results of a comparison go: the tables, and two files.
type output struct {
	table             io.Writer // nil when a file took standard output
	look              report.Look
	many              bool
	json, assignments *file
	comparisons       []*report.Comparison
}

// open opens the files before anything runs, so that a bad path does not cost the results.
func (c *compareCmd) open(s streams, workloads int) (*output, error) {
	if c.Assignments != "" && workloads != 1 {
		return nil, errors.New("--assignments takes one workload; choose it with --workload")
	}
	if c.JSON == "-" && c.Assignments == "-" {
		return nil, errors.New("--json and --assignments cannot both go to standard output")
	}
	if err := checkOutputs(c.files(), named{"--json", c.JSON}, named{"--assignments", c.Assignments}); err != nil {
		return nil, err
	}
	o := &output{table: s.out, look: lookOf(s.out), many: workloads >= manyWorkloads}
	var err error
	if o.json, err = create(c.JSON, s.out); err != nil {
		return nil, err
	}
	if o.assignments, err = create(c.Assignments, s.out); err != nil {
		return nil, err
	}
	if c.JSON == "-" || c.Assignments == "-" {
		o.table = nil
	}
	return o, nil
}

// named is a file as a flag names it.
type named struct{ flag, name string }

func (f *inputFlags) files() []named { return []named{{"--fleet", f.Fleet}, {"--tasks", f.Tasks}} }

// checkOutputs refuses to write over what was read, and over what is written beside it.
func checkOutputs(read []named, written ...named) error {
	for _, out := range written {
		for _, t := range read {
			if sameFile(out.name, t.name) {
				return fmt.Errorf("%s %s would overwrite the file of %s", out.flag, out.name, t.flag)
			}
		}
		read = append(read, out)
	}
	return nil
}

// sameFile says whether both names are of one regular file, whether it exists yet or not.
func sameFile(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX != nil || errY != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	return x.Mode().IsRegular() && os.SameFile(x, y)
}

func (o *output) add(c *report.Comparison) {
	o.comparisons = append(o.comparisons, c)
}

// finish writes everything.
func (o *output) finish() error {
	if o.table != nil {
		if err := o.writeTables(); err != nil {
			return err
		}
	}
	if o.json != nil && len(o.comparisons) > 0 {
		if err := report.WriteJSON(o.json, o.comparisons); err != nil {
			return err
		}
	}
	if o.assignments != nil && len(o.comparisons) > 0 {
		if err := report.WriteAssignments(o.assignments, o.comparisons[0]); err != nil {
			return err
		}
	}
	return o.close()
}

func (o *output) writeTables() error {
	studies := o.studies()
	for i, s := range studies {
		if i > 0 {
			fmt.Fprintln(o.table)
		}
		write := report.WriteTable
		if o.many {
			write = report.WriteSummary
		}
		if err := write(o.table, s, o.look); err != nil {
			return err
		}
	}
	if text := report.Advice(studies); text != "" {
		fmt.Fprintf(o.table, "\n%s\n", text)
	}
	return nil
}

// studies are the comparisons put together by workload; of many workloads, all together.
func (o *output) studies() []*report.Study {
	if o.many && len(o.comparisons) > 0 {
		return []*report.Study{report.NewStudy("", o.comparisons...)}
	}
	var all []*report.Study
	for i, c := range o.comparisons {
		if i == 0 || c.Workload != o.comparisons[i-1].Workload {
			all = append(all, report.NewStudy(c.Workload))
		}
		last := all[len(all)-1]
		last.Samples = append(last.Samples, c)
	}
	return all
}

func (o *output) close() error {
	err := errors.Join(o.json.close(), o.assignments.close())
	o.json, o.assignments = nil, nil
	return err
}

// file is a buffered file, or standard output.
type file struct {
	*bufio.Writer
	closer io.Closer // nil for standard output
}

// create creates a file; an empty name gives none and - standard output.
func create(name string, stdout io.Writer) (*file, error) {
	switch name {
	case "":
		return nil, nil
	case "-":
		return &file{bufio.NewWriter(stdout), nil}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	return &file{bufio.NewWriter(f), f}, nil
}

func (f *file) close() error {
	if f == nil {
		return nil
	}
	err := f.Flush()
	if f.closer != nil {
		err = errors.Join(err, f.closer.Close())
	}
	return err
}

// lookOf draws richly on terminals only, and in colour unless the user says no (https://no-color.org).
func lookOf(w io.Writer) report.Look {
	rich := isTerminal(w) && os.Getenv("TERM") != "dumb"
	return report.Look{Lines: rich, Bold: rich && os.Getenv("NO_COLOR") == ""}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
