package main

import (
	_ "embed"
	"fmt"

	"github.com/berth-go/berth/bench/workload"
)

//go:embed formats.txt
var formatsText string

type listCmd struct {
	What string `arg:"" optional:"" predictor:"list" help:"packers, workloads or formats (with every column of their files). Default: all three in short."`
}

// Help is what `list --help` shows beside the flags.
func (listCmd) Help() string {
	return `
Examples:

    go run ./bench list
    go run ./bench list formats
`
}

func (c *listCmd) Run(s streams) error {
	switch c.What {
	case "", "packers", "workloads":
	case "formats":
		fmt.Fprint(s.out, formatsText)
		return nil
	default:
		return unknown("list", c.What, []string{"packers", "workloads", "formats"})
	}
	if c.What != "workloads" {
		fmt.Fprintln(s.out, "Packers:")
		for _, p := range packers {
			fmt.Fprintf(s.out, "  %-12s %s\n", p.name, p.description)
		}
	}
	if c.What != "packers" {
		fmt.Fprintln(s.out, "Workloads:")
		for _, g := range workload.Generators() {
			when := ""
			switch {
			case g.Large:
				when = " (large: only when named)"
			case g.Extra:
				when = " (when named, or with all)"
			}
			fmt.Fprintf(s.out, "  %-12s %s%s\n", g.Name, g.Description, when)
		}
	}
	if c.What == "" {
		fmt.Fprintln(s.out, "Formats (list formats says more):")
		for _, f := range workload.Formats() {
			fmt.Fprintf(s.out, "  %-12s %s\n", f.Name, f.Description)
		}
	}
	return nil
}
