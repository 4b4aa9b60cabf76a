package report

import (
	"fmt"
	"io"
	"math"

	"github.com/jedib0t/go-pretty/v6/table"
)

// WriteSummary writes a study of many workloads, as of all instances of a set: sums, and means of the gaps.
func WriteSummary(w io.Writer, s *Study, look Look) error {
	all := s.Samples
	t := table.NewWriter()
	t.AppendHeader(table.Row{"packer", "workloads", "placed", "not\nplaced", "agents\nused", "lower\nbound", "mean\ngap", "at the\nbound", "ns per\ntask"})
	for _, name := range s.packers() {
		var n, placed, failed, used, bound, tight int
		var gap, ns float64
		for _, c := range all {
			r := c.result(name)
			if r == nil {
				continue
			}
			n++
			placed, failed, used, bound = placed+r.Placed, failed+r.Failed, used+r.AgentsUsed, bound+r.LowerBound
			gap, ns = gap+r.Gap, ns+r.NsPerTask
			if r.Gap == 0 {
				tight++
			}
		}
		t.AppendRow(table.Row{name, thousands(n), thousands(placed), thousands(failed), thousands(used), thousands(bound),
			percent1(gap / float64(n)), thousands(tight), thousands(int(math.Round(ns / float64(n))))})
	}
	_, err := fmt.Fprintf(w, "%s, %s to %s, seed %d.\n\n%s\n\n%s\n", count(len(all), "workload"),
		all[0].Workload, all[len(all)-1].Workload, all[0].Seed, render(t, 9, look), s.Verdict())
	return err
}
