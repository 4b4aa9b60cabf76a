package workload

import (
	"fmt"
	"slices"
	"strings"
)

// Columns that have a meaning of their own. A column with any other plain name is a scalar resource.
var (
	fleetColumns = []string{"agent", "hostname", "role", "ports", "disks"}
	taskColumns  = []string{"id", "group", "owner", "priority", "value", "role", "gang", "revocable", "count",
		"require", "prefer", "ports", "sets", "disks"}
	fleetPrefixes = []string{"attr", "device", "revocable"}
	taskPrefixes  = []string{"device"}
)

// standardNames are resources everybody has. They are never taken for a misspelt column.
var standardNames = []string{"cpus", "mem", "disk", "gpus"}

// heading is one column's header, understood.
type heading struct {
	prefix string // "attr", "device", "revocable", or empty
	name   string
}

// grammar is what a header may hold.
type grammar struct {
	key      string   // the column that must be there
	columns  []string // with a meaning of their own
	prefixes []string
	others   []string        // the other file's columns: most often the two files were swapped
	known    map[string]bool // resources that exist, so not misspelt
}

// headings understands the header.
func (t *table) headings(g grammar) ([]heading, error) {
	key := g.key
	found := make([]heading, len(t.header))
	for i, text := range t.header {
		h, why := g.parse(text)
		if why != "" {
			return nil, t.headerError(i, why)
		}
		found[i] = h
	}
	if t.column(key) < 0 {
		why := fmt.Sprintf("no column %s", key)
		for _, h := range t.header {
			if strings.EqualFold(h, key) {
				why += fmt.Sprintf("; column names are in lower case, so write %s for %s", key, h)
			}
		}
		return nil, &Error{File: t.file, Line: 1, Why: why}
	}
	return found, nil
}

func (g grammar) parse(text string) (heading, string) {
	prefix, name, prefixed := strings.Cut(text, ":")
	if prefixed {
		if !slices.Contains(g.prefixes, prefix) {
			return heading{}, fmt.Sprintf("unknown column; before a colon can stand %s", orList(g.prefixes))
		}
		if err := checkName(name); err != nil {
			return heading{}, fmt.Sprintf("the name after the colon %v", err)
		}
		if prefix == "revocable" && !validResource(name) {
			return heading{}, "is not the name of a resource"
		}
		return heading{prefix, name}, ""
	}
	switch {
	case slices.Contains(g.columns, text):
		return heading{name: text}, ""
	case slices.Contains(g.others, text):
		return heading{}, fmt.Sprintf("unknown column here; it belongs in the other file (columns of this one: %s)", strings.Join(g.columns, ", "))
	case !validResource(text):
		return heading{}, "unknown column; it is not the name of a resource either (letters, digits and . _ - /, a letter first); columns are separated by commas"
	}
	if meant := nearest(text, g.columns); meant != "" && !g.known[text] && !slices.Contains(standardNames, text) {
		return heading{}, fmt.Sprintf("unknown column; do you mean %s?", meant)
	}
	return heading{name: text}, ""
}

func validResource(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9') && !strings.ContainsRune("._-/", rune(c))) {
			return false
		}
	}
	return name != ""
}

func orList(words []string) string {
	switch n := len(words); {
	case n == 0:
		return "nothing"
	case n == 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
}

// nearest returns the first candidate that one slip of the fingers turns into text (two in a long
// word, none but of case in a very short one), or "".
func nearest(text string, candidates []string) string {
	for _, c := range candidates {
		allowed := 1
		switch {
		case len(c) <= 3:
			allowed = 0
		case len(c) > 5:
			allowed = 2
		}
		if text != c && slips(text, c) <= allowed {
			return c
		}
	}
	return ""
}

// slips is the Levenshtein distance, ignoring case, with a swap of neighbours counting as one.
func slips(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	older, old, row := rows[0], rows[1], rows[2]
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(b)]
}
