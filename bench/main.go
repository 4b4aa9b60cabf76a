// Command bench compares packers on workloads: built-in ones, made from a seed, or a fleet and tasks
// in files.
//
//	go run ./bench                                   compare all packers on the built-in workloads
//	go run ./bench compare --fleet f.csv --tasks t.csv
//	go run ./bench explain --fleet f.csv --tasks t.csv --task web-3
//	go run ./bench list                              what packers, workloads and formats there are
//	go run ./bench offers                            what the policies of an offer buffer are good for
//	go run ./bench quality --vbp instances.txt.gz    how far from the optimum packers are
//	go run ./bench record rounds.trace               write rounds to a trace, and play them again:
//	go run ./bench replay rounds.trace
//	go run ./bench simulate                          how long tasks wait, over virtual time
//	go run ./bench scale                             how fast packing is, beside the fastest plain scan
//
// It is a thin user of package placement and has no way around it: whatever a packer does here it does
// in any program. Times and memory are measured around placement.Assign; all else in the output is a
// function of the input and the seed.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

type cli struct {
	Compare  compareCmd  `cmd:"" default:"withargs" help:"Compare packers on a workload. The default command."`
	Explain  explainCmd  `cmd:"" help:"Explain why a task is not placed, or why it went where it went."`
	List     listCmd     `cmd:"" help:"List packers, workloads and formats."`
	Offers   offersCmd   `cmd:"" help:"Simulate frameworks that share a cluster, with each policy of an offer buffer."`
	Quality  qualityCmd  `cmd:"" help:"Measure how well packers pack, on instances with known answers."`
	Record   recordCmd   `cmd:"" help:"Place a workload and write the round to a trace."`
	Replay   replayCmd   `cmd:"" help:"Play a trace again, with the packer it was recorded with or with others."`
	Simulate simulateCmd `cmd:"" help:"Compare packers over virtual time: tasks arrive and end, agents fail."`
	Scale    scaleCmd    `cmd:"" help:"Measure how fast packing is, beside the fastest plain scan."`

	Completion completionCmd `cmd:"" help:"Print what makes bash, zsh or fish complete this command."`
}

// Help is what --help shows beside the commands.
func (cli) Help() string {
	return `
Examples:

    go run ./bench                              all packers on the built-in workloads
    go run ./bench --packers first-fit          compare is the default command
    go run ./bench compare --fleet fleet.csv --tasks tasks.csv
    go run ./bench explain --fleet fleet.csv --tasks tasks.csv --task web-3
    go run ./bench --html report.html           the same as a page with plots
    go run ./bench list formats                 how the files are written

Tables are drawn with lines and bold type on a terminal only; NO_COLOR leaves out the bold type.
` + exitHelp
}

// streams are where a command writes.
type streams struct {
	out, err io.Writer
}

// arguments are the command line as it was given.
type arguments []string

// run is the whole program but for the process: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("bench"),
		kong.Description("Compares packers: which tasks they place, on how many agents, and how fast."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100, NoExpandSubcommands: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{stdout, stderr}, arguments(args)),
	)
	if err != nil {
		return fail(stderr, err)
	}
	if completeLine(parser, stdout) {
		return exitOK
	}
	command, err := parser.Parse(args)
	if helped {
		return exitOK
	}
	if err != nil {
		return fail(stderr, usageError{fmt.Errorf("%w (--help shows what there is)", err)})
	}
	if err := command.Run(); err != nil {
		return fail(stderr, err)
	}
	return exitOK
}

func fail(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "bench: %v\n", err)
	return exitStatus(err)
}
