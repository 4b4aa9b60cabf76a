package mesosv1

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"
)

var ratios = flag.Bool("ratios", false, "measure both libraries and print the table of docs/benchmarks.md")

// rowNames are what the table calls the operations.
var rowNames = map[string]string{
	"op=plus/with=task":      "plus, a task's resources",
	"op=plus/with=offer":     "plus, another offer",
	"op=minus/with=task":     "minus, a task's resources",
	"op=minus/with=offer":    "minus, all but a task",
	"op=contains/with=task":  "contains a task's resources",
	"op=contains/with=offer": "contains all but a task",
	"op=sum/offers=16":       "sum of 16 offers",
	"op=quantities":          "quantities by name",
	"op=flatten":             "flatten (to unreserved)",
}

// TestRatios prints how much faster package resources is than mesos-go, as the table in
// docs/benchmarks.md. Both sides of a case run in turns in the same process, forty windows
// of a millisecond each, and the fastest window counts: that is what the work costs when
// nothing else disturbs it. It leaves out most garbage collection, of which mesos-go
// causes more.
//
//	go test ./mesosv1/ -run TestRatios -ratios -v
func TestRatios(t *testing.T) {
	if !*ratios {
		t.Skip("run with -ratios")
	}
	head, rule := "| operation |", "|---|"
	var rows []string
	for i, size := range algebraSizes {
		head += fmt.Sprintf(" %d entries, %d ranges |", size.entries, size.ranges)
		rule += "--:|"
		for j, c := range algebraCases(t, size.entries, size.ranges) {
			if i == 0 {
				operation, _, _ := strings.Cut(c.name, "/entries=")
				rows = append(rows, "| "+rowNames[operation]+" |")
			}
			ratio, cell := compare(c)
			rows[j] += " " + cell + " |"
			if c.bar > 0 && ratio < c.bar {
				t.Errorf("%s: %.1f times faster than mesos-go, less than %v", c.name, ratio, c.bar)
			}
		}
	}
	fmt.Println(head)
	fmt.Println(rule)
	fmt.Println(strings.Join(rows, "\n"))
}

// compare measures both sides of c; it returns how much faster ours is, and a cell of
// the table.
func compare(c algebraCase) (ratio float64, cell string) {
	nOurs, nTheirs := perWindow(c.berth), perWindow(c.mesos)
	ours, theirs := time.Hour, time.Hour
	for range 40 {
		ours = min(ours, window(c.berth, nOurs))
		theirs = min(theirs, window(c.mesos, nTheirs))
	}
	a, b := float64(ours)/float64(nOurs), float64(theirs)/float64(nTheirs)
	return b / a, fmt.Sprintf("**%.0f×** %.2f µs, %.0f : %.1f µs, %.0f", b/a,
		a/1000, testing.AllocsPerRun(5, c.berth), b/1000, testing.AllocsPerRun(5, c.mesos))
}

// perWindow returns how many calls of f take about a millisecond.
func perWindow(f func()) int {
	n := 1
	for n < 1<<20 && window(f, n) < time.Millisecond {
		n *= 2
	}
	return n
}

func window(f func(), n int) time.Duration {
	start := time.Now()
	for range n {
		f()
	}
	return time.Since(start)
}
