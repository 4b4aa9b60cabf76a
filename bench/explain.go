package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

type explainCmd struct {
	inputFlags
	boundFlags
	Task   string `required:"" placeholder:"ID" help:"The task to explain."`
	Packer string `default:"best-fit" placeholder:"NAME" predictor:"packer" help:"The packer that places the tasks. Default: best-fit."`
}

// Help is what `explain --help` shows beside the flags.
func (explainCmd) Help() string {
	return `
All tasks are placed as compare would place them. For a task that found no place, every reason is shown with the
number of agents it holds for, and the agent that came nearest with what it lacks. For a placed one, where it went, what
it took there, and the three best agents at its turn with their scores.

Examples:

    go run ./bench explain --workload full --task task-0042 --packer first-fit
    go run ./bench explain --fleet fleet.csv --tasks tasks.csv --task web-3
    go run ./bench explain --fleet fleet.csv --tasks tasks.csv --task web-3 --limit 'ann=cpus:4;tasks:2'
    go run ./bench explain --format openb --fleet nodes.csv --tasks pods.csv --task pod-8151
`
}

func (c *explainCmd) Run(_ context.Context, s streams) error {
	order, err := c.order()
	if err != nil {
		return err
	}
	p, ok := findPacker(c.Packer)
	if !ok {
		return unknown("packer", c.Packer, packerNames())
	}
	bounds, err := c.options()
	if err != nil {
		return err
	}
	if c.Fleet == "" && c.Tasks == "" && len(c.Workload) == 0 {
		return usagef("explain needs --fleet and --tasks, or one --workload")
	}
	sources, err := c.sources(s.err)
	if err != nil {
		return err
	}
	if len(sources) != 1 {
		return usagef("explain takes one workload, not %d", len(sources))
	}
	w, err := sources[0].load(c.Seed)
	if err != nil {
		return err
	}
	id := placement.TaskID(c.Task)
	task := findTask(w, id)
	if task == nil {
		return fmt.Errorf("no task %q in %s%s", c.Task, w.Name, exampleIDs(w))
	}
	answer, err := placement.Explain(w.Offers, w.Tasks, id,
		append(bounds, placement.WithPacker(p.make()), placement.WithOrder(order), placement.WithSeed(c.Seed))...)
	if err != nil {
		return w.Explain(err)
	}
	fmt.Fprintf(s.out, "%s asks for %s.\n", c.Task, asks(task))
	writeAnswer(s.out, p.name, answer)
	return nil
}

func findTask(w *workload.Workload, id placement.TaskID) *placement.Task {
	for i := range w.Tasks {
		if w.Tasks[i].ID == id {
			return &w.Tasks[i]
		}
	}
	return nil
}

func exampleIDs(w *workload.Workload) string {
	if len(w.Tasks) == 0 {
		return ", which has no tasks"
	}
	return fmt.Sprintf("; its ids run from %q to %q", w.Tasks[0].ID, w.Tasks[len(w.Tasks)-1].ID)
}

func writeAnswer(w io.Writer, packer string, a placement.Answer) {
	if a.Assignment == nil {
		fmt.Fprintf(w, "%s places it nowhere.\n", packer)
		writeWhy(w, a.Why)
		return
	}
	fmt.Fprintf(w, "%s places it on %s%s%s.\n", packer, a.Assignment.Agent, forRole(a.Assignment.Role), takes(a.Assignment))
	switch {
	case a.Feasible == 1:
		fmt.Fprintf(w, "At its turn no other agent could take it.\n")
	default:
		fmt.Fprintf(w, "At its turn %d agents could take it.\n", a.Feasible)
	}
	if len(a.Best) == 0 {
		return
	}
	if a.Best[0].Scored {
		fmt.Fprintf(w, "\nThe best, by the packer's own score:\n")
	} else {
		fmt.Fprintf(w, "\nThe first of them, in the order in which their offers arrived:\n")
	}
	for i, choice := range a.Best {
		score := ""
		if choice.Scored {
			score = fmt.Sprintf("  score %.4f", choice.Score)
		}
		fmt.Fprintf(w, "  %d. %s%s%s\n", i+1, choice.Agent, forRole(choice.Role), score)
	}
}

func writeWhy(w io.Writer, why *placement.Explanation) {
	if why == nil {
		return
	}
	writeReasons(w, "Whatever the agents", why.Reasons, func(r placement.Reason) bool { return r.Agents == 0 })
	writeReasons(w, fmt.Sprintf("Of %d agents (an agent counts for every reason that applies to it)", why.Agents), why.Reasons,
		func(r placement.Reason) bool { return r.Agents > 0 })
	if why.Nearest != nil {
		fmt.Fprintf(w, "\nNearest: %s.\n", why.Nearest)
	}
	if why.Partial {
		fmt.Fprintf(w, "Not all agents were looked at.\n")
	}
}

// writeReasons writes those reasons that are meant, if there are any, each with the agents it holds for.
func writeReasons(w io.Writer, title string, reasons []placement.Reason, meant func(placement.Reason) bool) {
	for _, r := range reasons {
		if !meant(r) {
			continue
		}
		if title != "" {
			fmt.Fprintf(w, "\n%s:\n", title)
			title = ""
		}
		agents, text := "", string(r.Cause)
		if r.Agents > 0 {
			agents = strconv.Itoa(r.Agents)
		}
		if r.What != "" {
			text += " (" + r.What + ")"
		}
		fmt.Fprintf(w, "  %6s  %s\n", agents, text)
	}
}

func forRole(role string) string {
	if role == "" {
		return ""
	}
	return " for role " + role
}

// takes says what a task got besides scalars.
func takes(a *placement.Assignment) string {
	var parts []string
	if len(a.Ports) > 0 {
		parts = append(parts, "ports "+report.PortsText(a.Ports))
	}
	if len(a.Devices) > 0 {
		parts = append(parts, "devices "+report.DevicesText(a.Devices))
	}
	for _, item := range a.Items {
		if item.Disk != nil {
			parts = append(parts, item.Disk.String())
		} else {
			parts = append(parts, item.Name+" {"+strings.Join(item.Items, "|")+"}")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " with " + strings.Join(parts, ", ")
}

// asks writes what a task asks for in a sentence.
func asks(t *placement.Task) string {
	var parts []string
	for name, n := range t.Needs.All() {
		parts = append(parts, n.String()+" "+name)
	}
	if n := t.Ports.Count(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d ports", n))
	}
	for _, d := range t.Devices {
		text := fmt.Sprintf("%d %s", d.Count, d.Kind)
		if d.Count == 0 {
			text = d.Share.String() + " of a " + d.Kind
		}
		if len(d.Models) > 0 {
			text += " (" + strings.Join(d.Models, " or ") + ")"
		}
		parts = append(parts, text)
	}
	for _, set := range t.Sets {
		parts = append(parts, fmt.Sprintf("%d items of %s", set.Count+len(set.Items), set.Name))
	}
	for _, d := range t.Disks {
		parts = append(parts, fmt.Sprintf("a %s disk", d.Kind))
	}
	if len(parts) == 0 {
		parts = []string{"nothing"}
	}
	for i, c := range t.Require {
		if i == 0 {
			parts = append(parts, "and requires "+c.String())
		} else {
			parts = append(parts, c.String())
		}
	}
	return strings.Join(parts, ", ")
}
