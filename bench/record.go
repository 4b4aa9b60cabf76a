package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/placement"
)

type recordCmd struct {
	File string `arg:"" help:"The trace file to write; - is standard output."`
	inputFlags
	Packer string `default:"auto" placeholder:"NAME" predictor:"packer" help:"The packer, by name. Default: auto."`
}

// Help is what `record --help` shows beside the flags.
func (recordCmd) Help() string {
	return `
Places each workload once and writes the round, with its result, to a trace: for the replay command, and for anybody to play with
another packer. A program of yours records its own rounds with one option; see the package bench/trace.

Examples:

    go run ./bench record rounds.trace --workload mixed,rules --packer best-fit
    go run ./bench record rounds.trace --fleet fleet.csv --tasks tasks.csv
`
}

func (c *recordCmd) Run(ctx context.Context, s streams) (err error) {
	order, err := c.order()
	if err != nil {
		return err
	}
	p, ok := findPacker(c.Packer)
	if !ok {
		return unknown("packer", c.Packer, packerNames())
	}
	sources, err := c.sources(s.err)
	if err != nil {
		return err
	}
	if err := checkOutputs(c.files(), named{"record", c.File}); err != nil {
		return err
	}
	out, err := create(c.File, s.out)
	if err != nil {
		return err
	}
	say := s.out
	if c.File == "-" {
		say = s.err
	}
	recorder := trace.NewRecorder(out, trace.Options{All: true})
	defer func() {
		err = errors.Join(err, recorder.Close(), out.close())
		if n := recorder.Counts().Recorded; err == nil {
			fmt.Fprintf(say, "%d %s recorded in %s\n", n, plural(n, "round", "rounds"), c.File)
		}
	}()
	opts := []placement.Option{placement.WithOrder(order), placement.WithSeed(c.Seed), placement.WithObserver(recorder)}
	for _, src := range sources {
		if err := c.one(ctx, src, p, opts, say); err != nil {
			return err
		}
	}
	return nil
}

func (c *recordCmd) one(ctx context.Context, src source, p packer, opts []placement.Option, say io.Writer) error {
	w, err := src.load(c.Seed)
	if err != nil {
		return err
	}
	result, err := placement.AssignContext(ctx, w.Offers, w.Tasks, append(opts, placement.WithPacker(p.make()))...)
	if err != nil {
		return w.Explain(err)
	}
	fmt.Fprintf(say, "%s: %s placed %d of %d tasks on %d of %d agents\n", w.Name, p.name, result.Stats.Placed, len(w.Tasks),
		result.Stats.AgentsUsed, result.Stats.Agents)
	if ctx.Err() != nil {
		return errInterrupted
	}
	return nil
}

func plural(n uint64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
