package report

import "github.com/jedib0t/go-pretty/v6/table"

// Grid draws a table; all columns but the first are numbers. A header may have line breaks.
func Grid(header []string, rows [][]string, look Look) string {
	t := table.NewWriter()
	t.AppendHeader(cells(header))
	for _, row := range rows {
		t.AppendRow(cells(row))
	}
	return render(t, len(header), look)
}

func cells(texts []string) table.Row {
	row := make(table.Row, len(texts))
	for i, s := range texts {
		row[i] = s
	}
	return row
}
