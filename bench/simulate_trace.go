package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/berth-go/berth/bench/clustersim"
	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/workload"
)

// traced reads the trace, and says what it cannot know.
func (c *simulateCmd) traced(stderr io.Writer) (*workload.Workload, clustersim.Config, error) {
	h, err := readHistory(c.Trace)
	if err != nil {
		return nil, clustersim.Config{}, fmt.Errorf("%s: %w", c.Trace, err)
	}
	config, err := h.Config(or(c.Every, h.Every()))
	if err != nil {
		return nil, config, fmt.Errorf("%s: %w", c.Trace, err)
	}
	config.Seed = c.Seed
	config.Warmup = or(c.Warmup, 0)
	config.Duration = or(c.Duration, max(config.Every, config.Duration-config.Warmup))
	w := &workload.Workload{Name: filepath.Base(c.Trace), Offers: config.Offers}
	warn := func(n int, format string) {
		if n > 0 {
			fmt.Fprintf(stderr, "bench: warning: "+format+"\n", n)
		}
	}
	open := 0
	for _, a := range config.Arrivals {
		if a.Lasts == 0 && a.Task.Lasts == 0 {
			open++
		}
	}
	warn(h.Withdrawn(), "%d tasks were withdrawn before they ran, and are left out")
	warn(open, "of %d tasks the trace does not show how long they last: drawn, with a mean of "+c.Lasts.String())
	warn(h.Ordinary(), "of %d agents there are only ordinary offers: each is what was offered and ran when that was most")
	return w, config, nil
}

func readHistory(name string) (*clustersim.History, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	reader, err := trace.NewReader(in, nil)
	if err != nil {
		return nil, err
	}
	h := &clustersim.History{}
	for round, err := range reader.All() {
		if err != nil {
			return nil, err
		}
		if len(round.Unresolved) > 0 {
			return nil, fmt.Errorf("round %d: the constraint %s is not known here", round.Number, round.Unresolved[0])
		}
		if err := h.Add(clustersim.Seen{Now: round.Settings.Now, Offers: round.Offers, Waiting: round.Tasks, Running: round.Running, Placed: round.Result.Assignments}); err != nil {
			return nil, fmt.Errorf("round %d: %w", round.Number, err)
		}
	}
	return h, nil
}
