package workload

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Sequence is an order in which the pods of an openb file arrive.
type Sequence struct {
	Workload, Seed string
	Rows           []int // positions of pods, counted from 0; a pod may arrive more than once
}

const maxRow = 10_000_000

// ReadSequences reads orders of arrival, one a line: workload,seed,row row row … A file whose name ends in .gz
// is uncompressed. Rows are below pods, the number of pods there are.
func ReadSequences(file string, pods int) ([]Sequence, error) {
	in, err := open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readSequences(file, in, pods)
}

func readSequences(file string, in io.Reader, pods int) ([]Sequence, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	var all []Sequence
	for line := 1; lines.Scan(); line++ {
		text := strings.TrimSuffix(lines.Text(), "\r")
		if text == "" {
			continue
		}
		s, err := parseSequence(text, pods)
		if err != nil {
			return nil, &Error{File: file, Line: line, Why: err.Error()}
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		return nil, fileError(file, err)
	}
	if len(all) == 0 {
		return nil, &Error{File: file, Why: "is empty; a sequence file has one order a line: workload,seed,row row …"}
	}
	return all, nil
}

func parseSequence(text string, pods int) (Sequence, error) {
	parts := strings.SplitN(text, ",", 3)
	if len(parts) != 3 {
		return Sequence{}, fmt.Errorf("%s between commas; a line has workload,seed,row row …", plural(len(parts), "field"))
	}
	s := Sequence{Workload: parts[0], Seed: parts[1]}
	if err := checkName(s.Workload); err != nil {
		return s, fmt.Errorf("workload: %w", err)
	}
	for i, word := range strings.Fields(parts[2]) {
		row, err := parseCount(word, maxRow)
		if err != nil {
			return s, fmt.Errorf("row %d: %q %w", i+1, word, err)
		}
		if row >= pods {
			return s, fmt.Errorf("row %d: there is no pod %d; the tasks file has %s, counted from 0", i+1, row, plural(pods, "pod"))
		}
		s.Rows = append(s.Rows, row)
	}
	if len(s.Rows) == 0 {
		return s, errors.New("no rows")
	}
	return s, nil
}

// ReadInstances reads a vector packing file; see [ReadVBP].
func ReadInstances(file string) ([]Instance, error) {
	in, err := open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return ReadVBP(file, in)
}
