package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/berth-go/berth/bench/clustersim"
	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

type simulateCmd struct {
	inputFlags
	boundFlags
	Packers    []string      `placeholder:"NAME" predictor:"packer" help:"Packers to compare, by name. Default: all but portfolio and the knapsacks, which take long."`
	Load       float64       `default:"0.9" placeholder:"X" help:"Part of the fleet that the tasks would use if each ran as it arrives. Default: 0.9."`
	Lasts      time.Duration `default:"20m" placeholder:"TIME" help:"Mean duration of tasks that do not say how long they last. Default: 20m."`
	Duration   time.Duration `default:"3h" placeholder:"TIME" help:"Virtual time that is measured. Default: 3h."`
	Warmup     time.Duration `default:"1h" placeholder:"TIME" help:"Virtual time before that, in which the fleet fills. Default: 1h."`
	Every      time.Duration `default:"10s" placeholder:"TIME" help:"Virtual time between rounds. Default: 10s."`
	FailsAfter time.Duration `default:"0s" placeholder:"TIME" help:"Mean time until an agent fails; 0s: never. Default: 0s."`
	BackAfter  time.Duration `default:"10m" placeholder:"TIME" help:"Mean time until it is back. Default: 10m."`
	Patience   time.Duration `default:"10m" placeholder:"TIME" help:"A task that waits longer has starved. Default: 10m."`
	Arrivals   string        `placeholder:"FILE" predictor:"file" help:"Tasks arrive as this file says (CSV: at,task,lasts; times in seconds, tasks by id), not at random."`
	Record     string        `placeholder:"FILE" predictor:"file" help:"Write the rounds to a trace; takes one packer. See the replay command."`
	JSON       string        `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
	CSV        string        `name:"csv" placeholder:"FILE" predictor:"file" help:"Write the results as CSV; - is standard output."`
}

// Help is what `simulate --help` shows beside the flags.
func (simulateCmd) Help() string {
	return `
Runs an engine over virtual time. The tasks of the workload are what arrives: jobs (the tasks of a gang or of a group, or single tasks) are
drawn at random, as a Poisson process whose rate makes the load, and last as long as they say, or exponentially. A task that
does not fit waits. When an agent fails, its tasks are lost and start anew. Every packer meets the same arrivals and
failures; all but the time of a round is a function of the input and the seed.

Used is the part of the resource that the tasks ask most of, in the mean over time. Fragmented is the part of what is free of it where a
task, drawn as they arrive, does not fit. Fair is Jain's index over owners, of the part of their tasks' time in which they
ran: 1 is even. The worst is who got least.

Examples:

    go run ./bench simulate
    go run ./bench simulate --workload batch --load 1.1 --packers first-fit,dot-product --order drf
    go run ./bench simulate --workload gpu --fails-after 24h --csv out.csv
    go run ./bench simulate --fleet fleet.csv --tasks tasks.csv --arrivals arrivals.csv
`
}

// simulateReport is all that a run of the command found.
type simulateReport struct {
	Workload string              `json:"workload"`
	Agents   int                 `json:"agents"`
	Tasks    int                 `json:"tasks"`
	Load     float64             `json:"load,omitempty"`
	Scarce   string              `json:"scarce"`
	Seed     uint64              `json:"seed"`
	Results  []clustersim.Result `json:"results"`
}

func (c *simulateCmd) Run(ctx context.Context, s streams) error {
	chosen, err := c.choose()
	if err != nil {
		return err
	}
	bounds, err := c.options()
	if err != nil {
		return err
	}
	w, err := c.workload(s.err)
	if err != nil {
		return err
	}
	config, err := c.config(w)
	if err != nil {
		return err
	}
	simulator, err := clustersim.New(config)
	if errors.Is(err, clustersim.ErrConfig) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	if c.JSON == "-" && c.CSV == "-" {
		return usagef("--json and --csv cannot both go to standard output")
	}
	if err := checkOutputs(append(c.files(), named{"--arrivals", c.Arrivals}), named{"--json", c.JSON}, named{"--csv", c.CSV},
		named{"--record", c.Record}); err != nil {
		return err
	}
	var files [3]*file
	for i, name := range []string{c.JSON, c.CSV, c.Record} {
		if files[i], err = create(name, s.out); err != nil {
			return err
		}
		defer files[i].close()
	}
	r := &simulateReport{Workload: w.Name, Agents: w.Agents(), Tasks: simulator.Arriving(), Load: c.Load, Scarce: simulator.Scarce(),
		Seed: c.Seed, Results: []clustersim.Result{}}
	if c.Arrivals != "" {
		r.Load = 0
	}
	err = r.run(ctx, simulator, chosen, bounds, files[2], s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return w.Explain(err)
	}
	if c.JSON != "-" && c.CSV != "-" {
		r.write(s.out)
	}
	return errors.Join(writeJSON(files[0], r), r.writeCSV(files[1]), err)
}

// choose finds the packers.
func (c *simulateCmd) choose() ([]packer, error) {
	if len(c.Packers) == 0 {
		for _, p := range packers {
			if p.name != "portfolio" && p.name != "knapsack" && p.name != "knapsack-scheme" {
				c.Packers = append(c.Packers, p.name)
			}
		}
	}
	chosen, err := findPackers(c.Packers)
	if err == nil && c.Record != "" && len(chosen) != 1 {
		err = usagef("--record takes one packer; choose it with --packers")
	}
	if err == nil && c.Record == "-" {
		err = usagef("--record needs the name of a file")
	}
	return chosen, err
}

func (c *simulateCmd) workload(stderr io.Writer) (*workload.Workload, error) {
	if len(c.Workload) == 0 && c.Fleet == "" && c.Tasks == "" {
		c.Workload = []string{"mixed"}
	}
	sources, err := c.sources(stderr)
	if err != nil {
		return nil, err
	}
	if len(sources) != 1 {
		return nil, usagef("simulate takes one workload, not %d", len(sources))
	}
	return sources[0].load(c.Seed)
}

func (c *simulateCmd) config(w *workload.Workload) (config clustersim.Config, err error) {
	config = clustersim.Config{Offers: w.Offers, Tasks: w.Tasks, Load: c.Load, Lasts: c.Lasts, Warmup: c.Warmup, Duration: c.Duration, Every: c.Every,
		FailsAfter: c.FailsAfter, BackAfter: c.BackAfter, Patience: c.Patience, Seed: c.Seed}
	if config.Order, err = c.order(); err != nil {
		return config, err
	}
	if c.Arrivals == "" {
		return config, nil
	}
	list, err := workload.ReadArrivals(c.Arrivals, w.Tasks)
	for _, a := range list {
		config.Arrivals = append(config.Arrivals, clustersim.Arrival(a))
	}
	return config, err
}

// run simulates one packer after the other. What is done when the context ends stays.
func (r *simulateReport) run(ctx context.Context, simulator *clustersim.Simulator, chosen []packer, bounds []placement.Option, record *file, stderr io.Writer) error {
	bar := newProgress(stderr, len(chosen))
	defer bar.stop()
	for _, p := range chosen {
		bar.show(p.name)
		more := slices.Clone(bounds)
		var recorder *trace.Recorder
		if record != nil {
			recorder = trace.NewRecorder(record, trace.Options{All: true})
			more = append(more, placement.WithObserver(recorder))
		}
		result, err := simulator.Run(ctx, p.name, p.make(), more...)
		if recorder != nil {
			err = errors.Join(err, recorder.Close(), record.close())
		}
		switch {
		case ctx.Err() != nil:
			return errInterrupted
		case errors.Is(err, placement.ErrPolicy):
			return fmt.Errorf("packer %s: %w", p.name, err)
		case err != nil:
			return err
		}
		r.Results = append(r.Results, result)
		bar.step()
	}
	return nil
}

func (r *simulateReport) write(w io.Writer) {
	load := ""
	if r.Load > 0 {
		load = fmt.Sprintf(", load %g", r.Load)
	}
	fmt.Fprintf(w, "%s: %d tasks arrive on %d agents%s; they ask most of %s; seed %d.\n\n", r.Workload, r.Tasks, r.Agents, load, r.Scarce, r.Seed)
	header := []string{"packer", "used\n%", "wait: mean\ns", "median\ns", "99 % within\ns", "longest\ns", "starved", "waiting\nat the end",
		"fragmented\n%", "fair", "worst got\n%", "lost", "ms a\nround"}
	var rows [][]string
	for i := range r.Results {
		x := &r.Results[i]
		rows = append(rows, []string{x.Packer, fmt.Sprintf("%.1f", 100*r.used(x)), fmt.Sprintf("%.1f", x.Waits.Mean), fmt.Sprintf("%.1f", x.Waits.Median),
			fmt.Sprintf("%.0f", x.Waits.P99), fmt.Sprintf("%.0f", x.Waits.Longest), strconv.Itoa(x.Starved), strconv.Itoa(x.Waiting),
			fmt.Sprintf("%.1f", 100*x.Fragmentation), fmt.Sprintf("%.3f", x.Fairness), fmt.Sprintf("%.1f", 100*x.WorstGot), strconv.Itoa(x.Lost),
			fmt.Sprintf("%.2f", 1000*x.RoundSeconds)})
	}
	if len(rows) > 0 {
		fmt.Fprintln(w, report.Grid(header, rows, lookOf(w)))
		fmt.Fprintf(w, "\n%s\n", r.advice())
	}
}

// used is the part of the scarce resource.
func (r *simulateReport) used(x *clustersim.Result) float64 {
	for _, u := range x.Used {
		if u.Name == r.Scarce {
			return u.Part
		}
	}
	return 0
}

// advice says what one run can say: which packers let tasks wait least. Waits within a hundredth of the mean of the best are as good.
func (r *simulateReport) advice() string {
	best := r.Results[0].Waits.Mean
	for i := range r.Results {
		best = min(best, r.Results[i].Waits.Mean)
	}
	var names []string
	for i := range r.Results {
		if r.Results[i].Waits.Mean <= 1.01*best {
			names = append(names, r.Results[i].Packer)
		}
	}
	return fmt.Sprintf("Tasks wait least with %s: %.1f s in the mean. This is one run; other seeds show what of it is chance.", andList(names), best)
}

func andList(names []string) string {
	text := names[0]
	for i, n := range names[1:] {
		if i == len(names)-2 {
			text += " and " + n
		} else {
			text += ", " + n
		}
	}
	return text
}

func (r *simulateReport) writeCSV(f *file) error {
	if f == nil {
		return nil
	}
	w := csv.NewWriter(f)
	header := []string{"packer", "waits", "wait_mean_seconds", "wait_median_seconds", "wait_p99_seconds", "wait_longest_seconds", "starved", "waiting_at_end",
		"fragmentation", "fairness", "worst_owner", "worst_owner_got", "lost", "rounds", "round_seconds"}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	for i := range r.Results {
		x := &r.Results[i]
		row := []string{x.Packer, strconv.Itoa(x.Waits.Tasks), number(x.Waits.Mean), number(x.Waits.Median), number(x.Waits.P99), number(x.Waits.Longest),
			strconv.Itoa(x.Starved), strconv.Itoa(x.Waiting), number(x.Fragmentation), number(x.Fairness), x.Worst, number(x.WorstGot),
			strconv.Itoa(x.Lost), strconv.Itoa(x.Rounds), number(x.RoundSeconds)}
		for _, u := range x.Used {
			if i == 0 {
				header = append(header, "used_"+u.Name)
			}
			row = append(row, number(u.Part))
		}
		if i == 0 {
			if err := w.Write(header); err != nil {
				return err
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), f.close())
}
