package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Look is how tables are drawn.
type Look struct {
	// Lines draws lines with box characters, for terminals; otherwise it is plain text for files and pipes.
	Lines bool
	// Bold sets headers in bold, with escape sequences.
	Bold bool
}

const (
	shownFills   = 5 // resources that get a column
	shownReasons = 3 // things that are named for each cause
)

// WriteTable writes a study for people. Numbers are medians of its samples; ± is half the distance between the quartiles.
func WriteTable(w io.Writer, s *Study, look Look) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", s.headline())
	if c := s.first(); c.Tasks > 0 && len(c.Resources) > 0 {
		fmt.Fprintf(&b, "%s\n", s.demandLine())
	}
	b.WriteByte('\n')
	b.WriteString(render(s.table(), s.columns(), look))
	b.WriteString("\n")
	s.writeReasons(&b)
	fmt.Fprintf(&b, "\n%s\n", s.Verdict())
	_, err := io.WriteString(w, b.String())
	return err
}

// headline says what was packed.
func (s *Study) headline() string {
	agents := count(s.median(func(c *Comparison) int { return c.Agents }), "agent")
	return fmt.Sprintf("%s: %s on %s, %s.", s.Name, s.tasksText(), agents, s.seedsText())
}

func (s *Study) seedsText() string {
	first, last := s.first().Seed, s.Samples[len(s.Samples)-1].Seed
	if first == last {
		return fmt.Sprintf("seed %d", first)
	}
	return fmt.Sprintf("seeds %d to %d", first, last)
}

func (s *Study) demandLine() string {
	return "Together the tasks ask for " + s.first().demandText() + " of the fleet."
}

func (c *Comparison) demandText() string {
	var parts []string
	for _, name := range c.Resources {
		parts = append(parts, percent(c.Demand[name])+" of the "+name)
	}
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return parts[0]
}

// fills are the resources that get a column.
func (s *Study) fills() []string {
	all := s.first().Resources
	return all[:min(shownFills, len(all))]
}

func (s *Study) header() []string {
	header := []string{"packer", "placed", "not\nplaced", "agents\nused", "lower\nbound", "gap"}
	for _, name := range s.fills() {
		header = append(header, "fill\n"+name)
	}
	return append(header, "ns per\ntask", "bytes\nper task", "allocs\nper task")
}

func (s *Study) columns() int { return len(s.header()) }

// rows are the cells of the table, a packer a row.
func (s *Study) rows() [][]string {
	var rows [][]string
	for _, p := range s.packers() {
		name := p
		if s.stopped(p) {
			name += " (stopped)"
		}
		row := []string{name, s.cell(p, placedOf), s.cell(p, failedOf), s.cell(p, agentsUsedOf), s.cell(p, lowerBoundOf),
			percent1(spreadOf(s.of(p, gapOf)).median)}
		for _, f := range s.fills() {
			row = append(row, percent(spreadOf(s.of(p, func(r *Result) float64 { return r.Fill[f] })).median))
		}
		allocs := spreadOf(s.of(p, func(r *Result) float64 { return r.AllocsPerTask })).median
		rows = append(rows, append(row, s.timeCell(p),
			s.countText(p, func(r *Result) float64 { return r.BytesPerTask }), strconv.FormatFloat(allocs, 'f', 2, 64)))
	}
	return rows
}

// cell is a median count with its spread, where the samples differ.
func (s *Study) cell(packer string, measure func(*Result) float64) string {
	return withSpread(spreadOf(s.of(packer, measure)))
}

// timeCell is the time of a task, with the spread over the samples, or over the runs of the only one.
func (s *Study) timeCell(packer string) string {
	if len(s.Samples) > 1 {
		return s.cell(packer, nsPerTaskOf)
	}
	r := s.first().result(packer)
	t := spread{median: r.NsPerTask}
	if walls := spreadOf(r.WallsMS); walls.median > 0 {
		t.half = walls.half / walls.median * r.NsPerTask
	}
	return withSpread(t)
}

func withSpread(x spread) string {
	text := thousands(int(math.Round(x.median)))
	if half := int(math.Ceil(x.half)); half > 0 {
		text += " ±" + thousands(half)
	}
	return text
}

func (s *Study) table() table.Writer {
	t := table.NewWriter()
	t.AppendHeader(cells(s.header()))
	for _, row := range s.rows() {
		t.AppendRow(cells(row))
	}
	return t
}

// render draws a table whose first column is text and whose others are numbers.
func render(t table.Writer, columns int, look Look) string {
	configs := make([]table.ColumnConfig, 0, columns)
	for i := 2; i <= columns; i++ {
		configs = append(configs, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	t.SetStyle(style(look))
	lines := strings.Split(t.Render(), "\n")
	width := 0
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
		if strings.Trim(line, "-") != "" {
			width = max(width, len(lines[i]))
		}
	}
	for i, line := range lines {
		if strings.Trim(line, "-") == "" && len(line) > width {
			lines[i] = line[:width] // the padding of the last column
		}
	}
	return strings.Join(lines, "\n")
}

func style(look Look) table.Style {
	s := table.StyleDefault
	if look.Lines {
		s = table.StyleLight
	}
	if look.Bold {
		s.Color.Header = text.Colors{text.Bold}
	}
	s.Format.Header = text.FormatDefault
	s.Options.DrawBorder = false
	s.Options.SeparateColumns = look.Lines
	if !look.Lines {
		s.Box.PaddingLeft, s.Box.PaddingRight = "", "  "
	}
	return s
}

// writeReasons says why tasks were not placed.
func (s *Study) writeReasons(b *strings.Builder) {
	reasons := s.reasons()
	if len(reasons) == 0 {
		return
	}
	b.WriteString("\nNot placed, by main reason")
	if len(s.Samples) > 1 {
		fmt.Fprintf(b, ", seed %d", s.first().Seed)
	}
	b.WriteString(":\n")
	width := 0
	for _, r := range reasons {
		width = max(width, len(r[0]))
	}
	for _, r := range reasons {
		fmt.Fprintf(b, "  %-*s %s\n", width+1, r[0]+":", r[1])
	}
}

// reasons are the packers that did not place all of the first sample, each with why.
func (s *Study) reasons() (all [][2]string) {
	for i := range s.first().Results {
		if r := &s.first().Results[i]; r.Failed > 0 {
			all = append(all, [2]string{r.Packer, r.reasonsText()})
		}
	}
	return all
}

// reasonsText counts the reasons by cause, and names what they are about where that is short.
func (r *Result) reasonsText() string {
	var causes []string
	tasks, abouts := map[string]int{}, map[string][]string{}
	for _, reason := range r.Reasons { // most frequent first
		if _, seen := tasks[reason.Cause]; !seen {
			causes = append(causes, reason.Cause)
		}
		tasks[reason.Cause] += reason.Tasks
		if reason.What != "" {
			abouts[reason.Cause] = append(abouts[reason.Cause], reason.What+": "+thousands(reason.Tasks))
		}
	}
	slices.SortStableFunc(causes, func(a, b string) int { return tasks[b] - tasks[a] })
	for i, cause := range causes {
		causes[i] = thousands(tasks[cause]) + " " + cause
		switch about := abouts[cause]; {
		case len(about) == 1:
			causes[i] += " (" + about[0][:strings.LastIndex(about[0], ": ")] + ")"
		case len(about) > shownReasons:
			causes[i] += " (" + strings.Join(about[:shownReasons-1], ", ") + " and " + thousands(len(about)-shownReasons+1) + " more)"
		case len(about) > 1:
			causes[i] += " (" + strings.Join(about, ", ") + ")"
		}
	}
	return strings.Join(causes, ", ")
}

func percent(x float64) string  { return strconv.FormatFloat(100*x, 'f', 0, 64) + "%" }
func percent1(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + "%" }

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}
