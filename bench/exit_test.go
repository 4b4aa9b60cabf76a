package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// The exit statuses are promised in --help.
func TestExitStatus(t *testing.T) {
	bad := writeFile(t, "bad.csv", "agent,cpus\na,minus one\n")
	tasks := writeFile(t, "tasks.csv", "id,cpus\nt,1\n")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		args string
		want int
	}{
		{nil, "--help", exitOK},
		{nil, "list", exitOK},
		{nil, "compare --workload full --limit-tasks 3 --packers first-fit --seeds 1 --repeat 1", exitOK},
		{nil, "--frobnicate", exitUsage},
		{nil, "frobnicate", exitUsage},
		{nil, "compare --packers worst", exitFailed},
		{nil, "compare --workload nope", exitFailed},
		{nil, "compare --order sideways", exitFailed},
		{nil, "compare --fleet f.csv --tasks t.csv --format xml", exitFailed},
		{nil, "compare --repeat=-1", exitUsage},
		{nil, "compare --fleet f.csv", exitUsage},
		{nil, "compare --json - --csv -", exitUsage},
		{nil, "completion csh", exitUsage},
		{nil, "explain", exitUsage},
		{nil, "quality", exitUsage},
		{nil, "scale --repeat=-1", exitUsage},
		{nil, "simulate --record x", exitUsage},
		{nil, "simulate --load 0", exitUsage},
		{nil, "simulate --workload mixed,gpu", exitUsage},
		{nil, "replay none.trace", exitFailed},
		{nil, "compare --fleet none.csv --tasks none.csv", exitFailed},
		{nil, "compare --fleet " + bad + " --tasks " + tasks, exitFailed},
		{nil, "compare --workload full --html " + filepath.Join(t.TempDir(), "no", "x.html"), exitFailed},
		{nil, "explain --workload full --task no-such-task", exitFailed},
		{ended, "compare --workload full", exitInterrupted},
	} {
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		var out, errs strings.Builder
		got := run(c.ctx, strings.Fields(c.args), &out, &errs)
		if got != c.want {
			t.Errorf("bench %s: exit status %d, want %d", c.args, got, c.want)
		}
		if lines := strings.Count(errs.String(), "\n"); (got == exitOK) != (lines == 0) || lines > 1 {
			t.Errorf("bench %s: exit status %d and %d lines of errors:\n%s", c.args, got, lines, errs.String())
		}
	}
	for _, text := range []string{"Exit status: 0", "2 if the command line is wrong", "130 after Ctrl-C"} {
		if help := bench(t, "--help"); !strings.Contains(strings.Join(strings.Fields(help), " "), text) {
			t.Errorf("--help does not say %q", text)
		}
	}
}

// Every command has examples.
func TestHelpHasExamples(t *testing.T) {
	for _, command := range []string{"", "compare", "completion", "explain", "list", "offers", "quality", "record", "replay", "scale", "simulate"} {
		if help := bench(t, strings.Fields(command+" --help")...); !strings.Contains(help, "Examples:") {
			t.Errorf("bench %s --help has no examples", command)
		}
	}
}
