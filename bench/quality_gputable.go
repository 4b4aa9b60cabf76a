package main

import (
	"fmt"
	"strings"

	"github.com/berth-go/berth/bench/report"
)

// gpuMean is the mean over the orders of arrival of a workload.
type gpuMean struct {
	first       *gpuResult
	sum         [2]float64
	count       [2]int
	seeds       []string
	tasks, time float64
}

// gpuTable has a row for each workload and packer; the results of one are consecutive.
func gpuTable(results []*gpuResult, look report.Look) string {
	var means []*gpuMean
	for _, r := range results {
		if n := len(means); n == 0 || means[n-1].first.Packer != r.Packer || means[n-1].first.Expects != r.Expects || means[n-1].first.Workload != r.Workload {
			means = append(means, &gpuMean{first: r})
		}
		means[len(means)-1].add(r)
	}
	header := []string{"workload and packer", "at 100 %", "bar", "reached", "at 130 %", "bar", "reached", "decisions\nper second", "at 130 %, by seed"}
	var rows [][]string
	for _, m := range means {
		name := m.first.Workload + ": " + m.first.Packer
		if m.first.Expects != "" {
			name += " (" + m.first.Expects + ")"
		}
		bar100, bar130 := gpuBars(m.first.Packer, m.first.Expects, m.first.Workload)
		row := []string{name}
		row = append(append(row, m.cells(0, bar100)...), m.cells(1, bar130)...)
		rows = append(rows, append(row, fmt.Sprintf("%.0f", m.tasks/max(m.time, 1e-9)), strings.Join(m.seeds, " ")))
	}
	return report.Grid(header, rows, look)
}

func (m *gpuMean) add(r *gpuResult) {
	for i, at := range []*float64{r.At100, r.At130} {
		if at != nil {
			m.sum[i] += *at
			m.count[i]++
		}
	}
	m.seeds = append(m.seeds, r.Seed+": "+figure(r.At130))
	m.tasks += float64(r.Tasks)
	m.time += float64(r.Tasks) / r.PerSecond
}

func (m *gpuMean) cells(i int, bar float64) []string {
	if m.count[i] == 0 {
		return []string{"-", "-", "-"}
	}
	mean := m.sum[i] / float64(m.count[i])
	if bar == 0 {
		return []string{fmt.Sprintf("%.2f", mean), "-", "-"}
	}
	reached := mean >= bar-0.005 // bars have two decimals
	return []string{fmt.Sprintf("%.2f", mean), fmt.Sprintf("%.2f", bar), yesNo(&reached)}
}
