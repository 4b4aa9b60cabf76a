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

// output is where the results of a comparison go: the tables, and files.
type output struct {
	table       io.Writer // nil when a file took standard output
	look        report.Look
	many        bool
	files       []outputFile
	page        report.Page
	comparisons []*report.Comparison
	growth      map[string][]report.Growth // by workload
	about       map[string]string          // by workload
}

// outputFile is a file that the user asked for, and what goes into it.
type outputFile struct {
	*file
	write func(*output, io.Writer) error
}

// open opens the files before anything runs, so that a bad path does not cost the results.
func (c *compareCmd) open(s streams, workloads int) (*output, error) {
	if c.Assignments != "" && workloads != 1 {
		return nil, usagef("--assignments takes one workload; choose it with --workload")
	}
	var written []named
	for _, f := range c.outputs() {
		written = append(written, f.named)
	}
	if err := checkOutputs(c.files(), written...); err != nil {
		return nil, err
	}
	o := &output{table: s.out, look: lookOf(s.out), many: workloads >= manyWorkloads, growth: map[string][]report.Growth{}, about: map[string]string{}}
	for _, f := range c.outputs() {
		if f.name == "-" {
			o.table = nil
		}
		opened, err := create(f.name, s.out)
		if err != nil {
			return nil, errors.Join(err, o.close())
		}
		if opened != nil {
			o.files = append(o.files, outputFile{opened, f.write})
		}
	}
	return o, nil
}

// outputFlag is a flag that names a file to write, and what to write into it.
type outputFlag struct {
	named
	write func(*output, io.Writer) error
}

func (c *compareCmd) outputs() []outputFlag {
	return []outputFlag{
		{named{"--json", c.JSON}, func(o *output, w io.Writer) error { return report.WriteJSON(w, o.comparisons) }},
		{named{"--csv", c.CSV}, func(o *output, w io.Writer) error { return report.WriteCSV(w, o.comparisons) }},
		{named{"--markdown", c.Markdown}, func(o *output, w io.Writer) error { return report.WriteMarkdown(w, o.studies()) }},
		{named{"--html", c.HTML}, func(o *output, w io.Writer) error { return report.WriteHTML(w, o.studies(), o.page) }},
		{named{"--plot", c.Plot}, func(o *output, w io.Writer) error { return report.WritePlot(w, o.studies()[0]) }},
		{named{"--assignments", c.Assignments}, func(o *output, w io.Writer) error { return report.WriteAssignments(w, o.comparisons[0]) }},
	}
}

// named is a file as a flag names it.
type named struct{ flag, name string }

func (f *inputFlags) files() []named { return []named{{"--fleet", f.Fleet}, {"--tasks", f.Tasks}} }

// checkOutputs refuses to write over what was read, and over what is written beside it.
func checkOutputs(read []named, written ...named) error {
	for _, out := range written {
		for _, t := range read {
			switch {
			case out.name == "-" && t.name == "-":
				return usagef("%s and %s cannot both go to standard output", t.flag, out.flag)
			case sameFile(out.name, t.name):
				return usagef("%s %s would overwrite the file of %s", out.flag, out.name, t.flag)
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
	for _, f := range o.files {
		if len(o.comparisons) == 0 {
			break
		}
		if err := f.write(o, f); err != nil {
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
		return []*report.Study{report.NewStudy(fmt.Sprintf("%d workloads", len(o.comparisons)), o.comparisons...)}
	}
	var all []*report.Study
	for i, c := range o.comparisons {
		if i == 0 || c.Workload != o.comparisons[i-1].Workload {
			all = append(all, report.NewStudy(c.Workload))
			all[len(all)-1].About, all[len(all)-1].Growth = o.about[c.Workload], o.growth[c.Workload]
		}
		last := all[len(all)-1]
		last.Samples = append(last.Samples, c)
	}
	return all
}

func (o *output) close() error {
	var all []error
	for _, f := range o.files {
		all = append(all, f.close())
	}
	o.files = nil
	return errors.Join(all...)
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
