package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

type compareCmd struct {
	inputFlags
	boundFlags
	Packers     []string `placeholder:"NAME" predictor:"packer" help:"Packers to compare, by name. Default: all."`
	Seeds       *int     `placeholder:"N" help:"Make each workload from N seeds, --seed and the next ones. Default: 20 for built-in workloads, 1 for files."`
	Repeat      *int     `placeholder:"N" help:"Timed runs of each packer for each seed. Default: 15 where there is one seed, else 1."`
	HTML        string   `name:"html" placeholder:"FILE" predictor:"file" help:"Write a report page: one file with tables and plots, for any browser. Also measures how the time grows."`
	Plot        string   `placeholder:"FILE" predictor:"file" help:"Draw quality against speed, as SVG. Of several workloads, the first."`
	JSON        string   `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
	CSV         string   `name:"csv" placeholder:"FILE" predictor:"file" help:"Write the results as CSV, a line for each workload, seed and packer; - is standard output."`
	Markdown    string   `placeholder:"FILE" predictor:"file" help:"Write the tables as Markdown; - is standard output."`
	Assignments string   `placeholder:"FILE" predictor:"file" help:"Write where each task went as CSV; - is standard output. Takes one workload."`
}

// Help is what `compare --help` shows beside the flags.
func (compareCmd) Help() string {
	return `
Without flags, all packers place the built-in workloads, each made from twenty seeds. A packer is better when it places
more tasks, and then when it uses fewer agents. The gap is how many more agents it uses than the lower bound, a number
that no packer can go below for the tasks it placed (and that may be out of reach). Fill is the used share of the
agents in use. Times and memory are those of one call of placement.Assign without its explanations of failures,
divided by all tasks. The table shows medians; ± is half the distance between the quartiles.

Packers take turns, after a run each to warm up, and are compared seed by seed (with one seed: run by run). What is called
better or faster is so by the sign test, for all pairs of packers together with 95% confidence; a margin after ± is the 95%
interval of the median difference of those two. With one seed, what is placed is known for that very input and says
nothing of others: --seeds 20, for files with --order random, tells more. With several workloads or seeds, --json
writes an array of results, and --assignments lists those of the first seed.

Examples:

    go run ./bench
    go run ./bench --html report.html
    go run ./bench compare --workload full --packers first-fit,best-fit --order decreasing
    go run ./bench compare --fleet fleet.csv --tasks tasks.csv --assignments placed.csv
    go run ./bench compare --workload full --order drf --limit '*=cpus:400' --headroom cpus:1
    go run ./bench compare --format openb --fleet nodes.csv --tasks pods.csv --json -
    go run ./bench compare --format vbp --tasks instances.txt.gz --instance Triplet/classC_120_10_0
`
}

func (c *compareCmd) Run(ctx context.Context, s streams, args arguments) error {
	order, err := c.order()
	if err != nil {
		return err
	}
	packers, err := findPackers(c.Packers)
	if err != nil {
		return err
	}
	bounds, err := c.options()
	if err != nil {
		return err
	}
	if err := c.checkCounts(); err != nil {
		return err
	}
	sources, err := c.sources(s.err)
	if err != nil {
		return err
	}
	out, err := c.open(s, len(sources))
	if err != nil {
		return err
	}
	defer out.close()
	opts := append(bounds, placement.WithOrder(order))
	err = c.run(ctx, sources, packers, opts, out, s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return err
	}
	out.page = report.Page{Command: strings.Join(append([]string{"bench"}, args...), " "), Machine: machine(), When: time.Now(), Stopped: err != nil}
	return errors.Join(out.finish(), err)
}

// The defaults: enough samples for intervals that are narrower than what tells packers apart, and so few that
// the built-in workloads take well under a minute.
const (
	defaultSeeds  = 20
	defaultRepeat = 15 // where there is only one seed
)

func (c *compareCmd) checkCounts() error {
	switch {
	case c.Seeds != nil && *c.Seeds < 1:
		return usagef("--seeds %d: at least one is needed", *c.Seeds)
	case c.Repeat != nil && *c.Repeat < 1:
		return usagef("--repeat %d: at least one run is needed", *c.Repeat)
	}
	return nil
}

// counts are the seeds of each workload, and the runs for each seed.
func (c *compareCmd) counts() (seeds, repeat int) {
	seeds, repeat = 1, 1
	if c.Seeds != nil {
		seeds = *c.Seeds
	} else if c.Fleet == "" && c.Tasks == "" {
		seeds = defaultSeeds
	}
	if c.Repeat != nil {
		repeat = *c.Repeat
	} else if seeds == 1 {
		repeat = defaultRepeat
	}
	return seeds, repeat
}

// run compares the packers on each workload.
func (c *compareCmd) run(ctx context.Context, sources []source, packers []packer, opts []placement.Option, out *output, stderr io.Writer) error {
	seeds, repeat := c.counts()
	grow := c.HTML != "" && !out.many
	steps := seeds*repeat + 1
	if grow {
		steps += len(growthParts) * growthRuns
	}
	bar := newProgress(stderr, len(sources)*len(packers)*steps)
	defer bar.stop()
	for _, src := range sources {
		if src.about != "" {
			out.about[src.name] = src.about
		}
		for i := range seeds {
			if ctx.Err() != nil {
				return errInterrupted
			}
			seed := c.Seed + uint64(i)
			bar.show(src.name)
			w, err := src.load(seed)
			if err != nil {
				return err
			}
			step := func(p packer) {
				bar.show(src.name + ": " + p.name)
				bar.step()
			}
			seeded := append(slices.Clone(opts), placement.WithSeed(seed))
			all, err := measure(ctx, w, packers, repeat, i == 0, step, seeded...)
			if err != nil {
				return err
			}
			if grow && i == 0 {
				if out.growth[src.name], err = measureGrowth(ctx, w, packers, step, seeded...); err != nil {
					return err
				}
			}
			if comparison := c.compare(w, seed, all); len(comparison.Results) > 0 {
				out.add(comparison)
			}
		}
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	return nil
}

// machine says in short what the times are of.
func machine() string {
	return fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), runtime.Version())
}

func (c *compareCmd) compare(w *workload.Workload, seed uint64, all []*runs) *report.Comparison {
	comparison := report.New(w, seed)
	for _, runs := range all {
		if !runs.done {
			continue
		}
		r := comparison.Add(runs.packer.name, runs.result, runs.cost())
		r.Yardstick = runs.packer.name == yardstick
		r.Default = runs.packer.name == preset
		if c.Assignments == "" {
			r.Assignments = nil
		}
	}
	comparison.Forget()
	return comparison
}
