// Package workload makes the input of a comparison: a fleet, as offers, and the tasks to be placed
// on it. It reads files that people have and generates workloads from a seed.
//
// One file is one format or one generator. Readers are strict: whatever they do not understand is
// an error that names the file, the line, the column, the text and the reason, because a silently
// ignored cell makes a comparison worthless. Nothing here depends on a clock or on the order of a
// map: the same files or the same seed give the same workload.
package workload

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/berth-go/berth/placement"
)

// ErrInput is wrapped by every error about the contents of a file.
var ErrInput = errors.New("bad input file")

// Error is what is wrong in one place of a file. Line and Column count from 1, Column in bytes; zero
// means that the error is about the whole file or the whole line.
type Error struct {
	File         string
	Line, Column int
	// Name is the header of the column; Text the cell, as it stands there. Both may be empty.
	Name, Text string
	Why        string
}

// Error is one line: FILE:LINE:COLUMN, the cell, and why.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": ")
	if e.Name != "" {
		fmt.Fprintf(&b, "column %s: ", e.Name)
	}
	if e.Text != "" {
		fmt.Fprintf(&b, "%s: ", quote(e.Text))
	}
	b.WriteString(e.Why)
	return b.String()
}

// Unwrap returns [ErrInput].
func (e *Error) Unwrap() error { return ErrInput }

// quote shows a cell on one line and cuts very long ones.
func quote(text string) string {
	const limit = 60
	if len(text) > limit {
		return fmt.Sprintf("%.*q…", limit, text)
	}
	return fmt.Sprintf("%q", text)
}

// Workload is a fleet and its tasks.
type Workload struct {
	Name   string
	Offers []placement.Offer
	Tasks  []placement.Task
	// Optimum is the fewest agents that hold all tasks, where the source knows it; zero: unknown.
	Optimum int
	// Warnings are remarks for the user about input that is valid but looks like a mistake.
	Warnings []string

	fleetFile, tasksFile  string
	offerLines, taskLines []int
}

// Agents is the number of different agents.
func (w *Workload) Agents() int {
	seen := make(map[placement.AgentID]struct{}, len(w.Offers))
	for _, o := range w.Offers {
		seen[o.Agent] = struct{}{}
	}
	return len(seen)
}

// Limit keeps the first n tasks; n of zero or less keeps all.
func (w *Workload) Limit(n int) {
	if n > 0 && n < len(w.Tasks) {
		w.Tasks = w.Tasks[:n]
	}
}

// Explain turns an error of placement about this workload into one that names the lines of the files it came from.
// Other errors are returned as they are.
func (w *Workload) Explain(err error) error {
	var input *placement.InputError
	if !errors.As(err, &input) || len(input.Offenders) == 0 {
		return err
	}
	first := input.Offenders[0]
	why := fmt.Sprintf("%s: %v", quote(first.ID), first.Err)
	if more := len(input.Offenders) + input.More - 1; more > 0 {
		why += fmt.Sprintf(" (and %d more)", more)
	}
	switch {
	case first.Where == "tasks" && first.Index < len(w.taskLines):
		return &Error{File: w.tasksFile, Line: w.taskLines[first.Index], Why: why}
	case first.Where == "offers" && first.Index < len(w.offerLines):
		return &Error{File: w.fleetFile, Line: w.offerLines[first.Index], Why: why}
	}
	return fmt.Errorf("%s: %s %s", w.Name, first.Where, why)
}

// open opens a file for reading and uncompresses it when its name ends in .gz.
func open(file string) (io.ReadCloser, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fileError(file, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, &Error{File: file, Why: "is a directory, not a file"}
	}
	if !strings.HasSuffix(file, ".gz") {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fileError(file, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// fileError says in which file reading failed, without the verb and the path that os puts in front.
func fileError(file string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", file, err)
}
