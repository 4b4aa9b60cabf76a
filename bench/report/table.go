package report

import (
	"fmt"
	"io"
	"math"
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
	shownReasons = 3 // reasons that are named for each packer
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
	header := table.Row{"packer", "placed", "not placed", "agents used", "lower bound", "gap"}
	for _, name := range fills {
		header = append(header, name+" fill")
	}
	header = append(header, "ns/task", "bytes/task", "allocs/task")
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
	configs := make([]table.ColumnConfig, 0, len(header))
	for i := 2; i <= len(header); i++ {
		configs = append(configs, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	t.SetStyle(style(look))
	return t.Render()
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

// writeReasons says why tasks were not placed, packers with the same reasons together.
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
		var parts []string
		rest := 0
		for k, reason := range r.Reasons {
			if k >= shownReasons {
				rest += reason.Tasks
				continue
			}
			parts = append(parts, thousands(reason.Tasks)+" "+reason.String())
		}
		if rest > 0 {
			parts = append(parts, thousands(rest)+" others")
		}
		fmt.Fprintf(b, "  %-*s %s\n", c.nameWidth()+1, r.Packer+":", strings.Join(parts, ", "))
	}
}

func (c *Comparison) nameWidth() int {
	width := 0
	for i := range c.Results {
		width = max(width, len(c.Results[i].Packer))
	}
	return width
}

// String is the reason without its count.
func (r Reason) String() string {
	if r.What == "" {
		return r.Cause
	}
	return r.Cause + " (" + r.What + ")"
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
