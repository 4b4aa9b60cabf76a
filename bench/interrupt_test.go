package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/placement"
)

// When the user presses Ctrl-C the run in progress ends, and everything until then is shown.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cancelling := packer{"cancelling", "", func() placement.Packer {
		return placement.PackerFunc(func(r *placement.Round) {
			placed := 0
			for task := range r.Pending() {
				if b, ok := r.First(task); ok {
					r.Place(task, b)
				}
				if placed++; placed == 3 {
					cancel()
				}
			}
		})
	}}
	c := compareCmd{Repeat: new(3), Seeds: new(1)}
	c.Seed = 1
	sources, err := c.sources(&strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	results := newOutput(&out)
	err = c.run(ctx, sources, []packer{packers[1], cancelling, packers[2]}, nil, results, &strings.Builder{})
	if err != errInterrupted {
		t.Errorf("got %v", err)
	}
	if err := results.finish(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{"mixed: ", "first-fit ", "cancelling (stopped)", "not reached"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "best-fit") || strings.Contains(text, "gpu: ") {
		t.Errorf("more was run:\n%s", text)
	}
}

func TestInterruptedAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{{}, {"compare", "--json", "-"}, {"compare", "--workload", "full", "--assignments", "-"}} {
		var out, errs strings.Builder
		if status := run(ctx, args, &out, &errs); status != exitInterrupted || out.Len() > 0 || !strings.HasPrefix(errs.String(), "bench: interrupted") {
			t.Errorf("%v: exit status %d, output %q, errors %q", args, status, out.String(), errs.String())
		}
	}
}

// A packer that panics is reported with its name, in one line, and nothing crashes.
func TestPanic(t *testing.T) {
	c := compareCmd{Repeat: new(1), Seeds: new(1)}
	c.Workload = []string{"full"}
	sources, err := c.sources(&strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	broken := packer{"broken", "", func() placement.Packer { return placement.PackerFunc(func(*placement.Round) { panic("oh dear") }) }}
	err = c.run(context.Background(), sources, []packer{broken}, nil, newOutput(nil), &strings.Builder{})
	if err == nil || !strings.HasPrefix(err.Error(), "packer broken: ") || !strings.Contains(err.Error(), "oh dear") {
		t.Errorf("got %v", err)
	}
}

// A packer whose outcome depends on anything but its input is found out.
func TestRepeatsMustAgree(t *testing.T) {
	c := compareCmd{Repeat: new(2), Seeds: new(1)}
	c.Workload = []string{"full"}
	sources, err := c.sources(&strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	fickle := packer{"fickle", "", func() placement.Packer {
		runs++
		if runs%2 == 0 {
			return placement.BestFit()
		}
		return placement.FirstFit()
	}}
	err = c.run(context.Background(), sources, []packer{fickle}, nil, newOutput(nil), &strings.Builder{})
	if err == nil || !strings.HasPrefix(err.Error(), "packer fickle placed the same tasks in two ways") {
		t.Errorf("got %v", err)
	}
}

func newOutput(table io.Writer) *output {
	return &output{table: table, growth: map[string][]report.Growth{}, about: map[string]string{}}
}
