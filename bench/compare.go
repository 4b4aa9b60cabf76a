package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/placement"
)

type compareCmd struct {
	inputFlags
	Packers     []string `placeholder:"NAME" help:"Packers to compare, by name. Default: all."`
	Repeat      int      `default:"3" placeholder:"N" help:"Runs of each packer; times and memory are medians. Default: 3."`
	JSON        string   `name:"json" placeholder:"FILE" help:"Write the results as JSON; - is standard output."`
	Assignments string   `placeholder:"FILE" help:"Write where each task went as CSV; - is standard output. Takes one workload."`
}

// Help is what `compare --help` shows beside the flags.
func (compareCmd) Help() string {
	return `
Without flags, all packers place the built-in workloads. A packer is better when it places more tasks,
and then when it uses fewer agents. The gap is how many more agents it uses than the lower bound, a number
that no packer can go below for the tasks it placed (and that may be out of reach). Fill is the used share of the
agents in use. Times and memory are those of one call of placement.Assign without its explanations of failures,
divided by all tasks. With several workloads, --json writes an array of results.

Examples:

    go run ./bench
    go run ./bench compare --workload full --packers first-fit,best-fit --order decreasing
    go run ./bench compare --fleet fleet.csv --tasks tasks.csv --assignments placed.csv
    go run ./bench compare --format openb --fleet nodes.csv --tasks pods.csv --json -
    go run ./bench compare --format vbp --tasks instances.txt.gz --instance Triplet/classC_120_10_0
`
}

func (c *compareCmd) Run(ctx context.Context, s streams) error {
	order, err := c.order()
	if err != nil {
		return err
	}
	packers, err := findPackers(c.Packers)
	if err != nil {
		return err
	}
	if c.Repeat < 1 {
		return fmt.Errorf("--repeat %d: at least one run is needed", c.Repeat)
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
	opts := []placement.Option{placement.WithOrder(order), placement.WithSeed(c.Seed)}
	err = c.run(ctx, sources, packers, opts, out, s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return err
	}
	return errors.Join(out.finish(), err)
}

// run compares, and shows each workload as soon as it is done.
func (c *compareCmd) run(ctx context.Context, sources []source, packers []packer, opts []placement.Option, out *output, stderr io.Writer) error {
	bar := newProgress(stderr, len(sources)*len(packers))
	defer bar.stop()
	for _, src := range sources {
		if ctx.Err() != nil {
			return errInterrupted
		}
		bar.show(src.name)
		w, err := src.load()
		if err != nil {
			return err
		}
		comparison := report.New(w, c.Seed)
		for _, p := range packers {
			if ctx.Err() != nil {
				break
			}
			bar.show(src.name + ": " + p.name)
			result, cost, err := measure(ctx, w, p, c.Repeat, opts...)
			if err != nil {
				return err
			}
			r := comparison.Add(p.name, result, cost)
			r.Yardstick = p.name == yardstick
			if c.Assignments == "" {
				r.Assignments = nil
			}
			bar.step()
		}
		if len(comparison.Results) > 0 {
			out.add(comparison)
		}
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	return nil
}
