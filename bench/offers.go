package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/berth-go/berth/bench/offersim"
	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/resources"
)

type offersCmd struct {
	Agents   int     `default:"40" placeholder:"N" help:"Agents of 8 cpus and 32 GB each. Default: 40."`
	Rivals   int     `default:"3" placeholder:"N" help:"Other frameworks. Default: 3."`
	Load     float64 `default:"0.85" placeholder:"X" help:"Part of the cluster that their tasks would use. Default: 0.85."`
	Big      int     `default:"6" placeholder:"CPUS" help:"What a big task needs, with 4 GB a cpu. Default: 6."`
	Minutes  float64 `default:"30" placeholder:"N" help:"Virtual time that is measured. Default: 30."`
	MaxShare float64 `default:"0" placeholder:"X" help:"Part of the cluster that the buffer may hold, at most; 0 is no limit. Default: 0."`
	Runs     int     `default:"3" placeholder:"N" help:"Clusters, with seeds that follow one another. Default: 3."`
	Seed     uint64  `default:"1" help:"Seed of everything random."`
	Plot     string  `placeholder:"FILE" predictor:"file" help:"Draw the results; the name ends in .svg or .png."`
	JSON     string  `name:"json" placeholder:"FILE" predictor:"file" help:"Write the results as JSON; - is standard output."`
}

// Help is what `offers --help` shows beside the flags.
func (offersCmd) Help() string {
	return `
Simulates a cluster that frameworks share as Mesos shares it: whoever has the least dominant share is offered what is free of an
agent, slice by slice as tasks end. One framework is Berth's, with an offer buffer and an engine; it has many tasks of
1 cpu and some big ones. Each policy of the buffer meets the same tasks. A task that is not launched within 5 minutes counts as not
launched, and as 5 minutes in the mean. Times are virtual; the same seed gives the same output.

Policies: at once (use or decline); long enough (an agent's offers are held until the oldest is so old); big enough (held
until some waiting task fits, or until the largest does); and the largest or long enough, whichever comes first. Whatever the
policy, nothing is held for more than 2 minutes, or while nothing waits.

Examples:

    go run ./bench offers --plot offers.png
    go run ./bench offers --load 0.95 --max-share 0.1
`
}

// offersReport is all that a run of the command found.
type offersReport struct {
	Agents  int               `json:"agents"`
	Rivals  int               `json:"rivals"`
	Load    float64           `json:"load"`
	BigCPUs int               `json:"big_cpus"`
	Minutes float64           `json:"minutes"`
	Runs    int               `json:"runs"`
	Seed    uint64            `json:"seed"`
	Results []offersim.Result `json:"results"`
	Advice  string            `json:"advice"`
}

func (c *offersCmd) Run(ctx context.Context, s streams) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	out, err := create(c.JSON, s.out)
	if err != nil {
		return err
	}
	defer out.close()
	picture, err := create(c.Plot, io.Discard)
	if err != nil {
		return err
	}
	defer picture.close()
	policies := offersim.Policies()
	bar := newProgress(s.err, len(policies)*c.Runs)
	bar.show("clusters")
	results, err := offersim.RunAll(ctx, config, policies, c.Runs, bar.step)
	bar.stop()
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	r := &offersReport{c.Agents, c.Rivals, c.Load, c.Big, c.Minutes, c.Runs, c.Seed, results, offersim.Advice(results)}
	if c.JSON != "-" {
		fmt.Fprintf(s.out, "%s\n\n%s\n", offersTable(results, lookOf(s.out)), r.Advice)
	}
	return errors.Join(c.draw(picture, results, config.Patience), writeJSON(out, r))
}

// config checks what the simulation does not, and leaves the rest to it.
func (c *offersCmd) config() (offersim.Config, error) {
	config := offersim.DefaultConfig()
	switch {
	case math.IsNaN(c.Minutes) || c.Minutes < 0.1 || c.Minutes > 10_000:
		return config, usagef("--minutes %v: must lie between 0.1 and 10000", c.Minutes)
	case c.Runs < 1 || c.Runs > 1000:
		return config, usagef("--runs %d: must lie between 1 and 1000", c.Runs)
	case c.Big < 1 || c.Big > 8:
		return config, usagef("--big %d: agents have 8 cpus; must lie between 1 and 8", c.Big)
	case c.Plot == "-":
		return config, usagef("--plot needs the name of a file")
	case c.Plot != "" && !slices.Contains(offersim.PlotFormats(), strings.ToLower(filepath.Ext(c.Plot))):
		return config, usagef("--plot %s: must end in one of %s", c.Plot, strings.Join(offersim.PlotFormats(), ", "))
	}
	config.Agents, config.Rivals, config.Load, config.MaxShare, config.Seed = c.Agents, c.Rivals, c.Load, c.MaxShare, c.Seed
	config.Big.Needs = resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", c.Big, 4096*c.Big))
	config.Duration = time.Duration(c.Minutes * float64(time.Minute))
	return config, nil
}

func (c *offersCmd) draw(f *file, results []offersim.Result, patience time.Duration) error {
	if f == nil {
		return nil
	}
	var picture bytes.Buffer
	if err := offersim.Plot(&picture, c.Plot, results, patience); err != nil {
		return err
	}
	_, err := f.Write(picture.Bytes())
	return errors.Join(err, f.close())
}

func offersTable(results []offersim.Result, look report.Look) string {
	header := []string{"policy", "big tasks\nlaunched", "wait: mean\ns", "median\ns", "90 % within\ns", "small: mean\ns", "90 % within\ns",
		"launches\nper second", "of the\nothers", "share held\n%", "at most\n%", "offers", "declined"}
	var rows [][]string
	for i := range results {
		r := &results[i]
		rows = append(rows, []string{r.Policy, fmt.Sprintf("%d of %d", r.Big.Launched, r.Big.Tasks),
			fmt.Sprintf("%.1f", r.Big.Mean), fmt.Sprintf("%.1f", r.Big.Median), fmt.Sprintf("%.1f", r.Big.P90),
			fmt.Sprintf("%.1f", r.Small.Mean), fmt.Sprintf("%.1f", r.Small.P90), fmt.Sprintf("%.3f", r.Launches), fmt.Sprintf("%.3f", r.RivalLaunches),
			fmt.Sprintf("%.1f", 100*r.Held), fmt.Sprintf("%.1f", 100*r.HeldMost), strconv.Itoa(r.Offers), strconv.Itoa(r.Declined)})
	}
	return report.Grid(header, rows, look)
}
