package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/bench/report"
)

type scaleCmd struct {
	Agents    []int    `default:"1000,10000" placeholder:"N" help:"Sizes of the fleets for packing alone, with ten tasks an agent. Default: 1000,10000."`
	EndAgents int      `default:"10000" placeholder:"N" help:"Size of the fleet end to end and for the engine; 0 leaves both out. Default: 10000, what the bars are for."`
	Case      []string `placeholder:"REGEXP" sep:"none" help:"Of packing alone, only the cases whose names match; repeatable: match all."`
	Million   bool     `help:"Also one call of Assign for 100,000 agents and 1,000,000 tasks, in some gigabytes."`
	Full      bool     `help:"Also 100,000 agents and 1,000,000 tasks. Takes long, and some gigabytes."`
	Repeat    int      `default:"0" placeholder:"N" help:"Runs of each side, in turns; the fastest counts. Default: 2, of packing alone more if they are short."`
	Seed      uint64   `default:"1" help:"Seed of the fleets and tasks."`
	JSON      string   `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
}

// Help is what `scale --help` shows beside the flags.
func (scaleCmd) Help() string {
	return `
Packing alone is the time within the packer. The competitor is the fastest of three ways to
write a dense scan in plain Go, which validates, explains and returns nothing. Both sides run in turns in this process
and must come to the same assignments. In churn a task ends before each arrival; our side is then an engine and a
round for each arrival. Of long scans the competitor runs a sample. End to end is one call of placement.Assign from
offers to result.

Examples:

    go run ./bench scale
    go run ./bench scale --agents 1000 --end-agents 0
    go run ./bench scale --agents 100000 --end-agents 0 --case 'best fit.*distinct'
    go run ./bench scale --full
`
}

// scaleReport is all that a run of the command found.
type scaleReport struct {
	Clock   string        `json:"clock"`
	Packing []*packResult `json:"packing,omitempty"`
	End     []*endResult  `json:"end_to_end,omitempty"`
}

const maxScaleAgents = 1_000_000

func (c *scaleCmd) Run(ctx context.Context, s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	out, err := create(c.JSON, s.out)
	if err != nil {
		return err
	}
	defer out.close()
	r, err := c.measure(ctx, s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return err
	}
	if c.JSON != "-" {
		r.write(s.out)
	}
	return errors.Join(writeJSON(out, r), err)
}

func (c *scaleCmd) check() error {
	if c.EndAgents < 0 || c.EndAgents > maxScaleAgents {
		return usagef("--end-agents %d: must lie between 0 and %d", c.EndAgents, maxScaleAgents)
	}
	for _, n := range c.Agents {
		if n < 1 || n > maxScaleAgents {
			return usagef("--agents %d: must lie between 1 and %d", n, maxScaleAgents)
		}
	}
	if c.Repeat < 0 {
		return usagef("--repeat %d: cannot be negative", c.Repeat)
	}
	for _, text := range c.Case {
		if _, err := regexp.Compile(text); err != nil {
			return usagef("--case: %w", err)
		}
	}
	return nil
}

// cases are those of the table of package naive's workloads, row by row.
func (c *scaleCmd) cases() []scaleCase {
	sizes := c.Agents
	if c.Full {
		sizes = append(slices.Clone(sizes), 100_000)
	}
	var all []scaleCase
	add := func(one scaleCase) {
		for _, text := range c.Case {
			if !regexp.MustCompile(text).MatchString(one.String()) {
				return
			}
		}
		all = append(all, one)
	}
	for _, n := range sizes {
		for _, distinct := range []bool{false, true} {
			for _, kind := range naive.Kinds() {
				for _, rule := range naive.Rules() {
					add(scaleCase{rule: rule, distinct: distinct, kind: kind, agents: n})
				}
			}
		}
		if n > maxRuled {
			continue
		}
		for _, kind := range []naive.Kind{naive.Empty, naive.Full} {
			for _, rule := range naive.Rules() {
				add(scaleCase{rule: rule, rules: true, kind: kind, agents: n})
			}
		}
	}
	return all
}

// maxRuled is the largest fleet for which there are cases with requirements.
const maxRuled = 10_000

func (c *scaleCmd) measure(ctx context.Context, stderr io.Writer) (r scaleReport, err error) {
	runtime.LockOSThread() // for threadTime
	defer runtime.UnlockOSThread()
	r.Clock = clockName
	cases := c.cases()
	bar := newProgress(stderr, len(cases)+1)
	defer bar.stop()
	for _, one := range cases {
		bar.show(one.String())
		result, err := measureCase(ctx, one, c.Repeat, c.Seed)
		if err != nil {
			return r, err
		}
		r.Packing = append(r.Packing, result)
		bar.step()
	}
	if c.EndAgents > 0 {
		bar.show("end to end")
		if c.Repeat == 0 {
			c.Repeat = leastRepeats
		}
		if r.End, err = c.endToEnd(ctx); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *scaleReport) write(w io.Writer) {
	look := lookOf(w)
	fmt.Fprintf(w, "Packing alone, in %s:\n\n%s\n", r.Clock, packTable(r.Packing, look))
	if len(r.End) > 0 {
		fmt.Fprintf(w, "\nEnd to end and engine:\n\n%s\n", endTable(r.End, look))
	}
	fmt.Fprintf(w, "\n%s", r.verdict())
}

func packTable(results []*packResult, look report.Look) string {
	header := []string{"case", "agents", "placed %", "map\nns per task", "naive\nns per task", "naive ns per\nagent and task", "form", "berth\nns per task",
		"a round\nof its own", "times\nfaster", "must", "aim", "reached", "as naive"}
	bar := func(x float64) string {
		if x == 0 {
			return "-"
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	var rows [][]string
	for _, r := range results {
		same, round := fmt.Sprintf("%d of %d", r.Compared, r.Tasks), "-"
		if r.Compared == r.Tasks {
			same = "all"
		}
		if r.Differs {
			same = "DIFFERS"
		}
		if r.Round > 0 {
			round = fmt.Sprintf("%.0f", r.Round)
		}
		rows = append(rows, []string{r.Case, strconv.Itoa(r.Agents), fmt.Sprintf("%.1f", r.Placed), fmt.Sprintf("%.0f", r.Map), fmt.Sprintf("%.0f", r.Naive),
			fmt.Sprintf("%.2f", r.NaivePair), r.Form, fmt.Sprintf("%.0f", r.Berth), round, fmt.Sprintf("%.1f", r.Ratio), bar(r.Must), bar(r.Aim), yesNo(r.Reached), same})
	}
	return report.Grid(header, rows, look)
}

// verdict says plainly what is not reached.
func (r *scaleReport) verdict() string {
	text, bars, missed, slow, wrong := "", 0, "", "", ""
	for _, p := range r.Packing {
		name := fmt.Sprintf("  %s, %d agents: %.2f times", p.Case, p.Agents, p.Ratio)
		if p.Reached != nil {
			bars++
			if !*p.Reached {
				missed += fmt.Sprintf("%s, must be %g\n", name, p.Must)
			}
		}
		if p.Ratio < 1/1.1 {
			slow += name + "\n"
		}
		if p.Differs {
			wrong += name + "\n"
		}
	}
	for _, e := range r.End {
		if e.Reached != nil {
			bars++
			if !*e.Reached {
				missed += fmt.Sprintf("  %s: %s, must be %s\n", e.Case, e.Measured, e.Must)
			}
		}
	}
	if missed == "" {
		text = fmt.Sprintf("All of the %d bars are reached.\n", bars)
	} else {
		text = fmt.Sprintf("Of %d bars these are NOT reached:\n%s", bars, missed)
	}
	if slow != "" {
		text += "More than 10 % slower than the scan:\n" + slow
	}
	if wrong != "" {
		text += "NOT the assignments of the scan:\n" + wrong
	}
	return text
}

var began = time.Now()

// wallTime is what stands in for processor time where that is not to be had.
func wallTime() time.Duration { return time.Since(began) }
