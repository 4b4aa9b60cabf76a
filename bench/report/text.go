package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteMarkdown writes studies as tables for a page in Markdown.
func WriteMarkdown(w io.Writer, studies []*Study) error {
	var b strings.Builder
	for i, s := range studies {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "## %s\n\n%s %s\n\n%s\n\n%s\n", escapeMarkdown(s.Name), escapeMarkdown(s.headline()), s.caption(), s.markdownTable(), escapeMarkdown(s.Verdict()))
	}
	if text := Advice(studies); text != "" {
		fmt.Fprintf(&b, "\n%s\n", escapeMarkdown(text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Study) markdownTable() string {
	var b strings.Builder
	line := func(cells []string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + strings.ReplaceAll(escapeMarkdown(c), "\n", " ") + " |")
		}
		b.WriteString("\n")
	}
	line(s.header())
	b.WriteString("|---|" + strings.Repeat("--:|", len(s.header())-1) + "\n")
	for _, row := range s.rows() {
		line(row)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// escapeMarkdown keeps names from being read as markup.
func escapeMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`).Replace(text)
}

// WriteCSV writes every result: a line for each workload, seed and packer. The columns after allocs_per_task are the fill of
// each resource, empty where a workload has none of it.
func WriteCSV(w io.Writer, all []*Comparison) error {
	var resources []string
	seen := map[string]bool{}
	for _, c := range all {
		for _, name := range c.Resources {
			if !seen[name] {
				seen[name] = true
				resources = append(resources, name)
			}
		}
	}
	out := csv.NewWriter(w)
	header := []string{"workload", "seed", "agents", "tasks", "packer", "placed", "failed", "agents_used", "lower_bound", "gap", "wall_ms",
		"ns_per_task", "bytes_per_task", "allocs_per_task", "truncated"}
	for _, name := range resources {
		header = append(header, "fill_"+name)
	}
	out.Write(header)
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	for _, c := range all {
		for i := range c.Results {
			r := &c.Results[i]
			line := []string{c.Workload, strconv.FormatUint(c.Seed, 10), strconv.Itoa(c.Agents), strconv.Itoa(c.Tasks), r.Packer, strconv.Itoa(r.Placed),
				strconv.Itoa(r.Failed), strconv.Itoa(r.AgentsUsed), strconv.Itoa(r.LowerBound), number(r.Gap), number(r.WallMS), number(r.NsPerTask),
				number(r.BytesPerTask), number(r.AllocsPerTask), strconv.FormatBool(r.Truncated)}
			for _, name := range resources {
				fill, has := r.Fill[name]
				if !has {
					line = append(line, "")
					continue
				}
				line = append(line, number(fill))
			}
			out.Write(line)
		}
	}
	out.Flush()
	return out.Error()
}
