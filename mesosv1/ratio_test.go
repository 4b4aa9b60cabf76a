package mesosv1

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var ratios = flag.Bool("ratios", false, "measure both libraries and print the table of docs/benchmarks.md")

// TestRatios prints how much faster package resources is than mesos-go, case by case, as
// the table in docs/benchmarks.md. Both sides of a case are measured in turns, three
// times, and the fastest counts, so that a busy machine disturbs both alike.
//
//	go test ./mesosv1/ -run TestRatios -ratios -benchtime=100ms
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
				rows = append(rows, "| "+c.name[:strings.Index(c.name, "/entries=")]+" |")
			}
			rows[j] += " " + compare(c) + " |"
		}
	}
	fmt.Println(head)
	fmt.Println(rule)
	fmt.Println(strings.Join(rows, "\n"))
}

// compare measures both sides of c and returns a cell of the table.
func compare(c algebraCase) string {
	var ours, theirs testing.BenchmarkResult
	for i := range 3 {
		a := testing.Benchmark(func(b *testing.B) { loop(b, c.berth) })
		b := testing.Benchmark(func(b *testing.B) { loop(b, c.mesos) })
		if i == 0 || perOp(a) < perOp(ours) {
			ours = a
		}
		if i == 0 || perOp(b) < perOp(theirs) {
			theirs = b
		}
	}
	return fmt.Sprintf("**%.0f×** %.2f µs, %d : %.0f µs, %d", perOp(theirs)/perOp(ours),
		perOp(ours)/1000, ours.AllocsPerOp(), perOp(theirs)/1000, theirs.AllocsPerOp())
}

func perOp(r testing.BenchmarkResult) float64 { return float64(r.T.Nanoseconds()) / float64(r.N) }
