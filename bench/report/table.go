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

// WriteTable writes a comparison for people.
func WriteTable(w io.Writer, c *Comparison, look Look) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s on %s, seed %d.\n", c.Workload, count(c.Tasks, "task"), count(c.Agents, "agent"), c.Seed)
	if c.Tasks > 0 && len(c.Resources) > 0 {
		fmt.Fprintf(&b, "Together the tasks ask for %s of the fleet.\n", c.demandText())
	}
	b.WriteByte('\n')
	b.WriteString(c.render(look))
	b.WriteString("\n")
	c.writeReasons(&b)
	fmt.Fprintf(&b, "\n%s\n", c.Verdict())
	_, err := io.WriteString(w, b.String())
	return err
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

func (c *Comparison) render(look Look) string {
	t := table.NewWriter()
	fills := c.Resources[:min(shownFills, len(c.Resources))]
	header := table.Row{"packer", "placed", "not\nplaced", "agents\nused", "lower\nbound", "gap"}
	for _, name := range fills {
		header = append(header, "fill\n"+name)
	}
	header = append(header, "ns per\ntask", "bytes\nper task", "allocs\nper task")
	t.AppendHeader(header)
	for i := range c.Results {
		r := &c.Results[i]
		name := r.Packer
		if r.Truncated {
			name += " (stopped)"
		}
		row := table.Row{name, thousands(r.Placed), thousands(r.Failed), thousands(r.AgentsUsed), thousands(r.LowerBound), percent1(r.Gap)}
		for _, f := range fills {
			row = append(row, percent(r.Fill[f]))
		}
		t.AppendRow(append(row, thousands(int(math.Round(r.NsPerTask))), thousands(int(math.Round(r.BytesPerTask))),
			strconv.FormatFloat(r.AllocsPerTask, 'f', 2, 64)))
	}
	return draw(t, len(header), look)
}

// draw renders a table whose first column is text and whose others are numbers.
func draw(t table.Writer, columns int, look Look) string {
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
func (c *Comparison) writeReasons(b *strings.Builder) {
	started := false
	for i := range c.Results {
		r := &c.Results[i]
		if r.Failed == 0 {
			continue
		}
		if !started {
			started = true
			b.WriteString("\nNot placed, by main reason:\n")
		}
		fmt.Fprintf(b, "  %-*s %s\n", c.nameWidth()+1, r.Packer+":", r.reasonsText())
	}
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

func (c *Comparison) nameWidth() int {
	width := 0
	for i := range c.Results {
		width = max(width, len(c.Results[i].Packer))
	}
	return width
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
