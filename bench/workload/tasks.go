package workload

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// maxTasks bounds the tasks of a file, replicas included: placing as many takes some gigabytes, and a slip in the column
// count shall not take the machine.
const maxTasks = 2_000_000

// tasks is what a tasks file holds.
type tasks struct {
	tasks []placement.Task
	lines []int
	ids   map[placement.TaskID]int // the line of each ID
	rules rules
	limit int // read no more than this
}

// readTasks reads tasks in comma separated values. kinds are the resources of the fleet; resources
// that are not among them are accepted, because a task that asks for one is a failure and no mistake
// in the file, and returned as unknown. limit stops reading after that many tasks, unless it is zero.
func readTasks(file string, r io.Reader, kinds map[string]columnKind, limit int) (read *tasks, unknown []string, err error) {
	t, err := newTable(file, r)
	if err != nil {
		return nil, nil, err
	}
	g := grammar{key: "id", columns: taskColumns, prefixes: taskPrefixes, others: without(fleetColumns, taskColumns), known: map[string]bool{}}
	for name := range kinds {
		g.known[name] = true
	}
	heads, err := t.headings(g)
	if err != nil {
		return nil, nil, err
	}
	for i, h := range heads {
		if !h.resource(taskColumns) {
			continue
		}
		switch kind, known := kinds[h.name]; {
		case !known:
			unknown = append(unknown, h.name)
		case kind == setColumn:
			return nil, nil, t.headerError(i, "is a set in the fleet; ask for items of it in the column sets")
		}
	}
	if limit <= 0 {
		limit = maxTasks + 1
	}
	read = &tasks{ids: map[placement.TaskID]int{}, rules: newRules(), limit: limit}
	for len(read.tasks) < limit {
		if err := t.next(); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		if err := read.readTask(t, heads); err != nil {
			return nil, nil, err
		}
	}
	return read, unknown, nil
}

// taskDraft is a task while its line is being read.
type taskDraft struct {
	task  placement.Task
	needs []resources.Quantity
	count int
}

func (ts *tasks) readTask(t *table, heads []heading) error {
	d := taskDraft{count: 1}
	id := 0
	for i, h := range heads {
		if h == (heading{name: "id"}) {
			id = i
		} else if t.cells[i] == "" {
			continue
		}
		if err := ts.readCell(&d, h, t.cells[i]); err != nil {
			return t.cellError(i, err)
		}
	}
	var err error
	if d.task.Needs, err = resources.NewQuantities(d.needs...); err != nil {
		return t.lineError(err.Error())
	}
	if ts.limit > maxTasks && len(ts.tasks)+d.count > maxTasks {
		return t.lineError(fmt.Sprintf("more than %d tasks", maxTasks))
	}
	if d.count == 1 {
		return ts.add(t, id, d.task)
	}
	name := string(d.task.ID)
	for i := range min(d.count, ts.limit-len(ts.tasks)) {
		d.task.ID = placement.TaskID(name + "-" + strconv.Itoa(i))
		if err := ts.add(t, id, d.task); err != nil {
			return err
		}
	}
	return nil
}

func (ts *tasks) add(t *table, column int, task placement.Task) error {
	if line, twice := ts.ids[task.ID]; twice {
		return t.cellError(column, fmt.Errorf("duplicate id: %q is on line %d already", task.ID, line))
	}
	ts.ids[task.ID] = t.line()
	ts.tasks = append(ts.tasks, task)
	ts.lines = append(ts.lines, t.line())
	return nil
}

func (ts *tasks) readCell(d *taskDraft, h heading, text string) (err error) {
	task := &d.task
	if h.prefix == "device" {
		req, asks, err := parseDevice(h.name, text)
		if asks && err == nil {
			task.Devices = append(task.Devices, req)
		}
		return err
	}
	switch h.name {
	case "id":
		task.ID = placement.TaskID(text)
		return checkName(text)
	case "group":
		task.Group = text
		return checkName(text)
	case "owner":
		task.Owner = text
		return checkName(text)
	case "gang":
		return parseGang(task, text)
	case "role":
		task.Role = text
		return checkName(text)
	case "priority":
		task.Priority, err = parsePriority(text)
	case "value":
		var amount resources.Amount
		amount, err = parseAmount(text)
		task.Value = amount.Float64()
	case "count":
		d.count, err = parseCount(text, maxTasks)
	case "ports":
		task.Ports.Dynamic, err = parseCount(text, math.MaxUint16)
	case "revocable":
		if task.Revocable, err = placement.ParseRevocable(text); err != nil {
			return errors.New("must be never, only or prefer")
		}
	case "require":
		task.Require, err = ts.rules.required(text)
	case "prefer":
		task.Prefer, err = ts.rules.preferred(text)
	case "sets":
		task.Sets, err = parseSets(text)
	case "disks":
		task.Disks, err = parseDisks(text)
	default:
		var amount resources.Amount
		amount, err = parseAmount(text)
		d.needs = append(d.needs, resources.Quantity{Name: h.name, Amount: amount})
	}
	return err
}

func parsePriority(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("must lie between %d and %d", math.MinInt32, math.MaxInt32)
	case err != nil:
		return 0, errors.New("is not a whole number")
	}
	return int(n), nil
}

// rules parses each text of constraints once: files repeat a few of them over thousands of lines.
type rules struct {
	require map[string][]constraints.Constraint
	prefer  map[string][]constraints.Preference
}

func newRules() rules {
	return rules{map[string][]constraints.Constraint{}, map[string][]constraints.Preference{}}
}

func (r rules) required(text string) ([]constraints.Constraint, error) {
	if parsed, ok := r.require[text]; ok {
		return parsed, nil
	}
	parsed, err := constraints.Parse(text)
	if err == nil {
		r.require[text] = parsed
	}
	return parsed, err
}

func (r rules) preferred(text string) ([]constraints.Preference, error) {
	if parsed, ok := r.prefer[text]; ok {
		return parsed, nil
	}
	parsed, err := constraints.ParsePreferences(text)
	if err == nil {
		r.prefer[text] = parsed
	}
	return parsed, err
}
