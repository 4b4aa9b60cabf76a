package offersim

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/resources"
)

// short is a cluster small enough for tests.
func short() Config {
	c := DefaultConfig()
	c.Agents, c.Warmup, c.Duration, c.Patience = 20, 2*time.Minute, 6*time.Minute, 2*time.Minute
	c.Big.Every = 30 * time.Second
	c.Small.Every = 4 * time.Second
	return c
}

func runAll(t *testing.T, c Config, runs int) []Result {
	t.Helper()
	results, err := RunAll(t.Context(), c, Policies(), runs, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestSame checks that the same configuration gives the same results.
func TestSame(t *testing.T) {
	if diff := cmp.Diff(runAll(t, short(), 2), runAll(t, short(), 2)); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
}

// TestTradeOff checks that the simulation shows what the literature says of the policies.
func TestTradeOff(t *testing.T) {
	c := DefaultConfig()
	c.Duration = 12 * time.Minute
	results := runAll(t, c, 2)
	of := map[string]*Result{}
	for i := range results {
		r := &results[i]
		of[r.Policy] = r
		if r.Big.Tasks != results[0].Big.Tasks || r.Small.Tasks != results[0].Small.Tasks || r.Big.Tasks < 10 {
			t.Errorf("%s met %d and %d tasks, %s %d and %d", r.Policy, r.Big.Tasks, r.Small.Tasks, results[0].Policy, results[0].Big.Tasks, results[0].Small.Tasks)
		}
	}
	once, long15, long60 := of["at once"], of["long enough, 15 s"], of["long enough, 60 s"]
	largest, both := of["big enough for the largest"], of["largest, or 15 s"]
	for what, holds := range map[string]bool{
		"at once holds next to nothing":                            once.Held < 0.01,
		"the longer offers are held, the more":                     once.Held < long15.Held && long15.Held < long60.Held,
		"holding brings big tasks in sooner":                       long15.Big.Mean < 0.8*once.Big.Mean,
		"what is held for longer is missing elsewhere":             long60.RivalLaunches < once.RivalLaunches,
		"small tasks pay for holding":                              once.Small.Mean < long15.Small.Mean,
		"small tasks starve while the largest is waited for":       largest.Small.Mean > 10*long15.Small.Mean,
		"the combination brings big tasks in sooner than either":   both.Big.Mean < min(long15.Big.Mean, largest.Big.Mean),
		"the combination holds less than either":                   both.Held < min(long15.Held, largest.Held),
		"the advice is the combination where big tasks must start": Advice(results)[:len(`Use "largest, or 15 s"`)] == `Use "largest, or 15 s"`,
	} {
		if !holds {
			t.Errorf("it is not so that %s:\n%s", what, figures(results))
		}
	}
}

func figures(results []Result) (text string) {
	for _, r := range results {
		r.Big.Seconds, r.Small.Seconds = nil, nil
		text += fmt.Sprintf("%+v\n", r)
	}
	return text
}

// TestAlone checks a cluster with room for everything: nothing waits for long but what is held.
func TestAlone(t *testing.T) {
	c := short()
	c.Rivals, c.Agents = 0, 40
	for _, r := range runAll(t, c, 1) {
		if r.Big.Launched != r.Big.Tasks || r.Small.Launched != r.Small.Tasks || r.RivalLaunches != 0 {
			t.Errorf("%s: %+v", r.Policy, r)
		}
		if r.Policy == "at once" && (r.Big.P90 > 1.1 || r.Small.P90 > 1.1) {
			t.Errorf("at once: nine of ten within %v s and %v s, with an interval of one", r.Big.P90, r.Small.P90)
		}
		if r.Policy == "long enough, 60 s" && r.Big.Mean < 20 {
			t.Errorf("held for a minute, a big task waits %v s", r.Big.Mean)
		}
	}
}

// TestOfferTimeoutAndShare checks that the master's and the buffer's limits reach the framework.
func TestOfferTimeoutAndShare(t *testing.T) {
	c := short()
	c.OfferTimeout, c.MaxShare = 20*time.Second, 0.1
	for _, r := range runAll(t, c, 1) {
		if r.Policy == "long enough, 60 s" && r.Rescinded == 0 {
			t.Errorf("nothing was taken back from %+v", r)
		}
		// What comes in beyond the limit is declined, but not before it came in.
		if r.Policy != "at once" && r.Held > 0.1 {
			t.Errorf("%s holds %v of the cluster", r.Policy, r.Held)
		}
	}
}

func TestConfigFaults(t *testing.T) {
	for name, spoil := range map[string]func(*Config){
		"no agents":     func(c *Config) { c.Agents = 0 },
		"a large task":  func(c *Config) { c.Big.Needs = resources.MustQuantities("cpus:9") },
		"an empty task": func(c *Config) { c.Small.Needs = resources.Quantities{} },
		"negative load": func(c *Config) { c.Load = -1 },
		"no time":       func(c *Config) { c.Duration = 0 },
		"no interval":   func(c *Config) { c.Interval = 0 },
		"no patience":   func(c *Config) { c.Patience = 0 },
		"no arrivals":   func(c *Config) { c.Big.Every = 0 },
		"many rivals":   func(c *Config) { c.Rivals = 1000 },
	} {
		c := short()
		spoil(&c)
		if _, err := Run(t.Context(), c, Policies()[0]); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := short()
	c.MaxShare = 2
	if _, err := Run(t.Context(), c, Policies()[0]); err == nil {
		t.Error("a share of 2 passes")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := RunAll(ctx, short(), Policies(), 1, func() {}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// TestPlot checks that pictures are whole, also of results in which there is nothing.
func TestPlot(t *testing.T) {
	results := []Result{{Policy: "none"}, Merge([]Result{{Policy: "some", Held: 0.1, Launches: 1, Big: Waits{Launched: 1, Seconds: []float64{3, 9}}}})}
	var picture bytes.Buffer
	if err := Plot(&picture, "a.PNG", results, time.Minute); err != nil {
		t.Fatal(err)
	}
	if image, err := png.Decode(&picture); err != nil || image.Bounds().Dx() < 1000 {
		t.Errorf("%v", err)
	}
	picture.Reset()
	if err := Plot(&picture, "a.svg", results, time.Minute); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(&picture); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := Plot(io.Discard, "a.gif", results, time.Minute); err == nil {
		t.Error("a.gif passes")
	}
}

func TestWaits(t *testing.T) {
	w := waits([]wait{{4 * time.Second, true}, {time.Minute, false}, {2 * time.Second, true}, {time.Minute, true}})
	if w.Tasks != 4 || w.Launched != 3 || w.Mean != 31.5 || w.Median != 4 || w.P90 != 60 {
		t.Errorf("%+v", w)
	}
	got := w.Within([]time.Duration{0, 2 * time.Second, 30 * time.Second, time.Minute})
	if diff := cmp.Diff([]float64{0, 0.25, 0.5, 0.75}, got); diff != "" {
		t.Error(diff)
	}
}
