package mesosv1

import (
	"flag"
	"fmt"
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
	fmt.Println("| case | berth ns | mesos-go ns | faster | berth allocs | mesos-go allocs |")
	fmt.Println("|---|--:|--:|--:|--:|--:|")
	for _, size := range algebraSizes {
		for _, c := range algebraCases(t, size.entries, size.ranges) {
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
			fmt.Printf("| %s | %.0f | %.0f | %.0f× | %d | %d |\n", c.name, perOp(ours), perOp(theirs),
				perOp(theirs)/perOp(ours), ours.AllocsPerOp(), theirs.AllocsPerOp())
		}
	}
}

func perOp(r testing.BenchmarkResult) float64 { return float64(r.T.Nanoseconds()) / float64(r.N) }
