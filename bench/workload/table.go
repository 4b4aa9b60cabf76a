package workload

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table reads comma separated values with a header, and knows where every cell stands.
type table struct {
	file   string
	csv    *csv.Reader
	header []string
	cells  []string // the current record, valid until the next call of next
}

var (
	utf8Mark    = []byte{0xEF, 0xBB, 0xBF}
	utf16Little = []byte{0xFF, 0xFE}
	utf16Big    = []byte{0xFE, 0xFF}
)

// newTable reads the header. A byte order mark and Windows line ends are accepted.
func newTable(file string, r io.Reader) (*table, error) {
	in := bufio.NewReader(r)
	head, _ := in.Peek(3)
	switch {
	case bytes.HasPrefix(head, utf8Mark):
		in.Discard(len(utf8Mark))
	case bytes.HasPrefix(head, utf16Little), bytes.HasPrefix(head, utf16Big):
		return nil, &Error{File: file, Why: "is written in UTF-16; save it as UTF-8"}
	}
	t := &table{file: file, csv: csv.NewReader(in)}
	t.csv.FieldsPerRecord = -1 // next says it better
	t.csv.ReuseRecord = true
	header, err := t.csv.Read()
	if err == io.EOF {
		return nil, &Error{File: file, Why: "is empty; the first line must name the columns"}
	}
	if err != nil {
		return nil, t.broken(err)
	}
	t.header = append([]string(nil), header...)
	return t, t.checkHeader()
}

func (t *table) checkHeader() error {
	first := make(map[string]int, len(t.header))
	for i, name := range t.header {
		switch before, twice := first[name]; {
		case name == "":
			return t.headerError(i, fmt.Sprintf("column %d has no name", i+1))
		case !utf8.ValidString(name):
			return t.headerError(i, "is not valid UTF-8")
		case strings.TrimSpace(name) != name:
			return t.headerError(i, "has white space around its name")
		case twice:
			return t.headerError(i, fmt.Sprintf("duplicate column; it is column %d already", before+1))
		}
		first[name] = i
	}
	return nil
}

// column returns the position of a column, and -1 if there is none.
func (t *table) column(name string) int {
	for i, h := range t.header {
		if h == name {
			return i
		}
	}
	return -1
}

// next reads a record. It returns io.EOF after the last one.
func (t *table) next() error {
	cells, err := t.csv.Read()
	if err == io.EOF {
		return io.EOF
	}
	if err != nil {
		return t.broken(err)
	}
	t.cells = cells
	if len(cells) != len(t.header) {
		return t.lineError(fmt.Sprintf("the line has %s, the header has %d", plural(len(cells), "cell"), len(t.header)))
	}
	for i, c := range cells {
		if !utf8.ValidString(c) {
			return t.cellError(i, errors.New("is not valid UTF-8"))
		}
	}
	return nil
}

// line is the line on which the current record starts.
func (t *table) line() int {
	line, _ := t.csv.FieldPos(0)
	return line
}

func (t *table) lineError(why string) error {
	return &Error{File: t.file, Line: t.line(), Why: why}
}

// cellError says what is wrong with cell i of the current record.
func (t *table) cellError(i int, why error) error {
	line, column := t.csv.FieldPos(i)
	return &Error{File: t.file, Line: line, Column: column, Name: t.header[i], Text: t.cells[i], Why: why.Error()}
}

// headerError says what is wrong with cell i of the header. It must be called before next.
func (t *table) headerError(i int, why string) error {
	line, column := t.csv.FieldPos(i)
	return &Error{File: t.file, Line: line, Column: column, Text: t.header[i], Why: why}
}

// broken translates what encoding/csv says of broken quoting.
func (t *table) broken(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return fileError(t.file, err)
	}
	why := parse.Err.Error()
	switch parse.Err {
	case csv.ErrBareQuote:
		why = `a quote (") inside a cell that does not start with one; write "" inside a quoted cell`
	case csv.ErrQuote:
		why = `a quoted cell is not closed, or goes on after its closing quote (")`
	}
	return &Error{File: t.file, Line: parse.Line, Column: parse.Column, Why: why}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
