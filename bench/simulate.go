package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/berth-go/berth/bench/clustersim"
	"github.com/berth-go/berth/bench/workload"
)

type simulateCmd struct {
	inputFlags
	boundFlags
	Packers    []string       `placeholder:"NAME" predictor:"packer" help:"Packers to compare, by name. Default: all but portfolio and the knapsacks, which take long."`
	Load       float64        `default:"0.9" placeholder:"X" help:"Part of the fleet that the tasks would use if each ran as it arrives. Default: 0.9."`
	Lasts      time.Duration  `default:"20m" placeholder:"TIME" help:"Mean duration of tasks that do not say how long they last. Default: 20m."`
	Seeds      int            `default:"1" placeholder:"N" help:"Simulate with N seeds, --seed and the next ones, and compare the packers seed by seed. Default: 1."`
	Duration   *time.Duration `placeholder:"TIME" help:"Virtual time that is measured. Default: 3h, or what is left of the trace."`
	Warmup     *time.Duration `placeholder:"TIME" help:"Virtual time before that, in which the fleet fills. Default: 1h; 0s with --trace."`
	Every      *time.Duration `placeholder:"TIME" help:"Virtual time between rounds. Default: 10s, or as fast as those of the trace follow each other."`
	FailsAfter time.Duration  `default:"0s" placeholder:"TIME" help:"Mean time until an agent fails; 0s: never. Default: 0s."`
	BackAfter  time.Duration  `default:"10m" placeholder:"TIME" help:"Mean time until it is back. Default: 10m."`
	Patience   time.Duration  `default:"10m" placeholder:"TIME" help:"A task that waits longer has starved. Default: 10m."`
	Arrivals   string         `placeholder:"FILE" predictor:"file" help:"Tasks arrive as this file says (CSV: at,task,lasts; times in seconds, tasks by id), not at random."`
	Trace      string         `placeholder:"FILE" predictor:"file" help:"Fleet, arrivals, departures and failures are those of the rounds of this trace; takes the place of --workload and files."`
	Record     string         `placeholder:"FILE" predictor:"file" help:"Write the rounds to a trace; takes one packer. See the replay command."`
	JSON       string         `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
	CSV        string         `name:"csv" placeholder:"FILE" predictor:"file" help:"Write the results as CSV; - is standard output."`
}

// Help is what `simulate --help` shows beside the flags.
func (simulateCmd) Help() string {
	return `
Runs an engine over virtual time. The tasks of the workload are what arrives: jobs (the tasks of a gang or of a group, or single tasks) are
drawn at random, as a Poisson process whose rate makes the load, and last as long as they say, or exponentially. A task that
does not fit waits. When an agent fails, its tasks are lost and start anew. Every packer meets the same arrivals and
failures; all but the time of a round is a function of the input and the seed.

One run is one of many that might have been. With --seeds the table shows medians; ± is half the distance between the quartiles, but for
what a mean wait is longer than that of the first packer named best: that is the median over the seeds with its 95% margin. A packer
is called better only when it is by the sign test over the seeds, for all pairs of packers together with 95% confidence.

With --trace the cluster is the one that a program of yours recorded (see the record command and the package bench/trace): when each task first
waited, how long it ran, which agents were away and when, all to the round; waits count from the round that first saw a task. Tasks that still run at its end, and say not for how
long, last as --lasts says; tasks that were withdrawn are left out. Agents of ordinary offers count as what was offered
of them and ran there when that was most, and never fail.

Used is the part of the resource that the tasks ask most of, in the mean over time. Fragmented is the part of what is free of it where a
task, drawn as they arrive, does not fit. Fair is Jain's index over owners, of the part of their tasks' time in which they
ran: 1 is even. The worst is who got least.

Examples:

    go run ./bench simulate
    go run ./bench simulate --workload batch --load 1.1 --packers first-fit,dot-product --order drf
    go run ./bench simulate --workload gpu --fails-after 24h --csv out.csv
    go run ./bench simulate --seeds 10 --duration 1h --packers first-fit,best-fit,dot-product
    go run ./bench simulate --trace rounds.trace
    go run ./bench simulate --fleet fleet.csv --tasks tasks.csv --arrivals arrivals.csv
`
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
	load, err := c.given(s.err)
	if err != nil {
		return err
	}
	first, err := load(c.Seed)
	if err != nil {
		return err
	}
	if c.JSON == "-" && c.CSV == "-" {
		return usagef("--json and --csv cannot both go to standard output")
	}
	if err := checkOutputs(append(c.files(), named{"--arrivals", c.Arrivals}, named{"--trace", c.Trace}), named{"--json", c.JSON},
		named{"--csv", c.CSV}, named{"--record", c.Record}); err != nil {
		return err
	}
	var files [3]*file
	for i, name := range []string{c.JSON, c.CSV, c.Record} {
		if files[i], err = create(name, s.out); err != nil {
			return err
		}
		defer files[i].close()
	}
	r := newSimulateReport(c, first)
	err = r.all(ctx, load, first, chosen, bounds, files[2], s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return first.workload.Explain(err)
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
	switch {
	case err != nil:
	case c.Record == "-":
		err = usagef("--record needs the name of a file")
	case c.Seeds < 1:
		err = usagef("--seeds %d: at least one is needed", c.Seeds)
	case c.Seeds > 1 && c.Record != "":
		err = usagef("--record takes one seed")
	case c.Seeds > 1 && c.Arrivals+c.Trace != "":
		err = usagef("--seeds draws arrivals anew, which --arrivals and --trace give")
	case c.Trace != "" && (len(c.Workload) > 0 || c.Fleet+c.Tasks+c.Arrivals != ""):
		err = usagef("--trace takes the place of --workload, --fleet, --tasks and --arrivals")
	case c.Trace != "" && c.FailsAfter > 0:
		err = usagef("--fails-after draws failures, which --trace gives")
	}
	return chosen, err
}

// simulation is a cluster and what happens to it.
type simulation struct {
	workload  *workload.Workload
	simulator *clustersim.Simulator
}

// given is what makes the simulation of a seed.
func (c *simulateCmd) given(stderr io.Writer) (func(seed uint64) (*simulation, error), error) {
	if c.Trace != "" {
		w, config, err := c.traced(stderr)
		if err != nil {
			return nil, err
		}
		return func(uint64) (*simulation, error) { return c.simulation(w, config) }, nil
	}
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
	return func(seed uint64) (*simulation, error) {
		w, err := sources[0].load(seed)
		if err != nil {
			return nil, err
		}
		config := clustersim.Config{Offers: w.Offers, Tasks: w.Tasks, Seed: seed,
			Warmup: or(c.Warmup, time.Hour), Duration: or(c.Duration, 3*time.Hour), Every: or(c.Every, 10*time.Second)}
		if c.Arrivals != "" {
			list, err := workload.ReadArrivals(c.Arrivals, w.Tasks)
			if err != nil {
				return nil, err
			}
			for _, a := range list {
				config.Arrivals = append(config.Arrivals, clustersim.Arrival(a))
			}
		}
		return c.simulation(w, config)
	}, nil
}

// or is what a flag says, or a default.
func or(flag *time.Duration, preset time.Duration) time.Duration {
	if flag == nil {
		return preset
	}
	return *flag
}

// simulation completes a configuration.
func (c *simulateCmd) simulation(w *workload.Workload, config clustersim.Config) (*simulation, error) {
	config.Load, config.Lasts, config.Patience, config.FailsAfter, config.BackAfter = c.Load, c.Lasts, c.Patience, c.FailsAfter, c.BackAfter
	var err error
	if config.Order, err = c.order(); err != nil {
		return nil, err
	}
	simulator, err := clustersim.New(config)
	if errors.Is(err, clustersim.ErrConfig) {
		return nil, usageError{err}
	}
	return &simulation{w, simulator}, err
}
