package constraints_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// marathonFile lists Marathon's cases; it is not part of the project.
const marathonFile = "../../shared/facts/marathon-and-cook.md"

// marathonIDs are the cases that tests must have rows for.
const marathonIDs = `M01 M02 M03 M05 M06 M11 M12 M13 M14 M15 M16 M17 M19 M20 M21 M23 M24 M25 M26 M27 M28 M30 M32 M33 M34 M35 M36 M37 M38 M39 M40`

// TestMarathonCoverage checks that every case of Marathon has a row that is called by its number.
func TestMarathonCoverage(t *testing.T) {
	var sources string
	for _, name := range []string{"marathon_test.go", "scaledown_test.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources += string(text)
	}
	for _, id := range strings.Fields(marathonIDs) {
		if !strings.Contains(sources, `{"`+id+" ") {
			t.Errorf("no test has a row for case %s", id)
		}
	}
	text, err := os.ReadFile(marathonFile)
	if err != nil {
		t.Skipf("the list of cases is not here: %v", err)
	}
	listed := regexp.MustCompile(`(?m)^\| (M\d+) \|`).FindAllStringSubmatch(string(text), -1)
	if len(listed) != len(strings.Fields(marathonIDs)) {
		t.Errorf("%d cases are listed, %d are wanted", len(listed), len(strings.Fields(marathonIDs)))
	}
	for _, m := range listed {
		if !strings.Contains(marathonIDs, m[1]) {
			t.Errorf("case %s is not wanted here", m[1])
		}
	}
}
