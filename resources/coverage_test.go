package resources

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// caseFile lists the conformance cases; it is not part of the project.
const caseFile = "../../shared/facts/mesos-resource-cases.md"

// coveredIDs are the conformance cases that the tables of this package must have rows for.
const coveredIDs = `
VAL 01 03 04 05 06 08 11 12 14 16 17 18 19 20 21 23 25 26 27 28 30 31 34 35 36 38
TXT 01 02 03 04 06 07 08 09 10 13 16 17 20 22 23 25 26 28 29 30 31 32 33 34 36 37 39 40 43
JSN 01 04 05 06 07 08 09 10 11 12 16 17 18 19 20
SCL 01 02 03 04 06 07 08 12 13 15 17 19 20 21 22 23 24 25
RNG 01 02 03 04 05 06 07 08 10 11 12 13 14 15 16 18 20 21 23
SET 01 03 04 05 06 07 08
RSV 03 04 05 06 08 11 12 13 14 15 16 17 18 19 22 24 26 28 29 30 32 33 34 36 37 38 39 41 42 43 44
PAR 01 02 04 05 06 07 09 10 12 13 14
DSK 01 02 03 04 05 06 07 08 10 13 15 16 18 20 21 22 23 25
SHR 01 05 06 07 08 10 11 12
FND 02 03 04 05 06 07 08 09 11 13 14 15 16 17 18 20
OPR 01 02 03 04 05 08 09 10 11 12 14 15 17 19
MST 02 03 05 08 09 10 11 12 13 14 15 17 18 19 21 23 24 25 26 27 29 30 31 32 33 34 35 36 37 38 39 40 41 42
ATR 01 02 05 07 09 10 11 12`

// rowIDs collects the ids of all tables.
func rowIDs() map[string]bool {
	ids := map[string]bool{}
	add := func(id string) {
		if id != "" {
			ids[id] = true
		}
	}
	for _, r := range valueCases {
		add(r.id)
	}
	for _, r := range parseCases {
		add(r.id)
	}
	for _, r := range printCases {
		add(r.id)
	}
	for _, r := range roleCases {
		add(r.id)
	}
	for _, r := range algebraCases {
		add(r.id)
	}
	for _, r := range rangeCases {
		add(r.id)
	}
	for _, r := range codeCases {
		add(r.id)
	}
	for _, r := range messageCases {
		add(r.id)
	}
	for _, r := range resourceCases {
		add(r.id)
	}
	for _, r := range applyCases {
		add(r.id)
	}
	for _, r := range judgeCases {
		add(r.id)
	}
	for _, r := range useCases {
		add(r.id)
	}
	return ids
}

func TestCaseCoverage(t *testing.T) {
	rows := rowIDs()
	covered := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(coveredIDs)) {
		words := strings.Fields(line)
		for _, n := range words[1:] {
			covered[words[0]+"-"+n] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(covered)) {
		if !rows[id] {
			t.Errorf("no row for the case %s", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if !covered[id] {
			t.Errorf("the case %s is not listed as covered", id)
		}
	}
	text, err := os.ReadFile(caseFile)
	if err != nil {
		t.Logf("%d cases covered; no file of cases to compare with: %v", len(rows), err)
		return
	}
	n, missing := 0, 0
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-Z]{3}-[0-9]+) \|`).FindAllSubmatch(text, -1) {
		n++
		if !rows[string(m[1])] {
			missing++
			t.Errorf("no row for the case %s of %s", m[1], caseFile)
		}
	}
	t.Logf("%d of the %d cases in the file are covered", n-missing, n)
}
