package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/berth-go/berth/placement"
)

type qualityCmd struct {
	VBP        []string `name:"vbp" sep:"none" placeholder:"FILE" predictor:"file" help:"Vector packing instances. May be repeated."`
	OpenbFleet string   `placeholder:"FILE" predictor:"file" help:"Nodes of the GPU trace. Default: openb_nodes.csv beside the first sequence file."`
	OpenbTasks []string `sep:"none" placeholder:"FILE" predictor:"file" help:"Pods of the GPU trace: one file for all sequence files, or one for each, in the same order. Default: openb_pods_X.csv beside openb_seq_X.txt.gz."`
	OpenbSeq   []string `sep:"none" placeholder:"FILE" predictor:"file" help:"Orders of arrival: workload,seed,rows. May be repeated."`
	Packers    []string `placeholder:"NAME" predictor:"packer" help:"Packers, by name. Default: all."`
	Orders     []string `default:"decreasing,sum,volume,product" placeholder:"ORDER" predictor:"order" help:"Orders of the items in vector packing; the table shows the best of each packer. Default: decreasing, sum, volume and product."`
	Improve    string   `default:"best-fit" placeholder:"NAME" predictor:"packer" help:"The packer that Improve wraps in vector packing. Default: best-fit."`
	Seconds    float64  `default:"1" help:"What Improve may take for an instance; 0 leaves it out. Default: 1."`
	Limit      int      `placeholder:"N" help:"Take at most N instances of a set and N sequences of a file."`
	Seed       uint64   `default:"1" help:"Seed of the order of the items, and of everything random in a round."`
	JSON       string   `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
	More       []string `arg:"" optional:"" name:"file" predictor:"file" help:"More vector packing instances."`
}

// Help is what `quality --help` shows beside the flags.
func (qualityCmd) Help() string {
	return `
Vector packing: how many more bins than the optimum, in the mean over the instances of a set whose optimum is known and
whose names end in _0 (of a set CT: all of them). Items are shuffled by the seed before they are ordered, since some files
list the items of a bin of the solution side by side. A few published items need less than nothing; no task can, they
need nothing here. GPU trace: the part of all GPUs in use when the load that arrived is 100 % and 130 % of them. Nodes are
standing offers of one engine, in the order of their names; tasks arrive one by one, none leaves, none is tried
again. Packers that look ahead run twice: with the workload given, and learning it from what arrives.

Bars are what each figure is to reach; - is no bar.

Examples:

    go run ./bench quality --vbp new.txt.gz triplet.txt.gz --openb-seq openb_seq_default.txt.gz
    go run ./bench quality --openb-fleet nodes.csv --openb-tasks pods.csv --openb-seq seq.txt.gz --packers best-fit
`
}

// qualityReport is all that a run of the command found.
type qualityReport struct {
	Packing []*packingResult `json:"packing,omitempty"`
	GPU     []*gpuResult     `json:"gpu,omitempty"`
}

func (c *qualityCmd) Run(ctx context.Context, s streams) error {
	c.complete()
	if err := c.check(); err != nil {
		return err
	}
	chosen, err := findQualityPackers(c.Packers)
	if err != nil {
		return err
	}
	packing, err := c.packingRun(chosen)
	if err != nil {
		return err
	}
	gpu, err := c.gpuRun(chosen)
	if err != nil {
		return err
	}
	out, err := create(c.JSON, s.out)
	if err != nil {
		return err
	}
	defer out.close()
	r, err := measureQuality(ctx, packing, gpu, s.err)
	if err != nil && !errors.Is(err, errInterrupted) {
		return err
	}
	if c.JSON != "-" {
		r.write(s.out)
	}
	return errors.Join(writeJSON(out, r), err)
}

func measureQuality(ctx context.Context, packing *packingRun, gpu *gpuRun, stderr io.Writer) (r qualityReport, err error) {
	bar := newProgress(stderr, packing.steps()+gpu.steps())
	defer bar.stop()
	if r.Packing, err = packing.run(ctx, bar); err != nil {
		return r, err
	}
	r.GPU, err = gpu.run(ctx, bar)
	return r, err
}

// complete fills in what goes without saying: the files that stand beside the sequences.
func (c *qualityCmd) complete() {
	c.VBP, c.More = append(c.VBP, c.More...), nil
	if len(c.OpenbSeq) == 0 {
		return
	}
	if c.OpenbFleet == "" {
		c.OpenbFleet = filepath.Join(filepath.Dir(c.OpenbSeq[0]), "openb_nodes.csv")
	}
	if len(c.OpenbTasks) > 0 {
		return
	}
	for _, seq := range c.OpenbSeq {
		name, _, _ := strings.Cut(filepath.Base(seq), ".")
		c.OpenbTasks = append(c.OpenbTasks, filepath.Join(filepath.Dir(seq), strings.Replace(name, "seq", "pods", 1)+".csv"))
	}
}

func (c *qualityCmd) check() error {
	gpu := c.OpenbFleet != "" || len(c.OpenbTasks) > 0 || len(c.OpenbSeq) > 0
	switch {
	case len(c.VBP) == 0 && !gpu:
		return usagef("nothing to do; give --vbp, or --openb-fleet, --openb-tasks and --openb-seq")
	case gpu && (c.OpenbFleet == "" || len(c.OpenbTasks) == 0 || len(c.OpenbSeq) == 0):
		return usagef("--openb-fleet, --openb-tasks and --openb-seq need each other")
	case gpu && len(c.OpenbTasks) != 1 && len(c.OpenbTasks) != len(c.OpenbSeq):
		return usagef("--openb-tasks is there %d times and --openb-seq %d times; give one tasks file, or one for each", len(c.OpenbTasks), len(c.OpenbSeq))
	case math.IsNaN(c.Seconds) || c.Seconds < 0 || c.Seconds > 86_400:
		return usagef("--seconds %v: must lie between 0 and 86400", c.Seconds)
	case c.Limit < 0:
		return usagef("--limit %d: must not be negative", c.Limit)
	}
	return nil
}

func (c *qualityCmd) orders() ([]placement.Order, error) {
	var all []placement.Order
	for _, name := range c.Orders {
		o, err := placement.ParseOrder(name)
		if err != nil {
			return nil, unknown("order", name, orderNames())
		}
		if !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all, nil
}

func (c *qualityCmd) budget() time.Duration { return time.Duration(c.Seconds * float64(time.Second)) }

// writeJSON writes a value to a file that may not be wanted, and closes it.
func writeJSON(f *file, value any) error {
	if f == nil {
		return nil
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	return errors.Join(e.Encode(value), f.close())
}

func (r *qualityReport) write(w io.Writer) {
	if len(r.Packing) > 0 {
		fmt.Fprintln(w, packingTable(r.Packing, lookOf(w)))
	}
	if len(r.Packing) > 0 && len(r.GPU) > 0 {
		fmt.Fprintln(w)
	}
	if len(r.GPU) > 0 {
		fmt.Fprintln(w, gpuTable(r.GPU, lookOf(w)))
	}
}
