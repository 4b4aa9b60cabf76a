package workload

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/berth-go/berth/placement"
)

// Arrival is when a task arrives, after the start. Lasts of zero: not said.
type Arrival struct {
	At    time.Duration
	Task  placement.Task
	Lasts time.Duration
}

var arrivalColumns = []string{"at", "task", "lasts"}

// maxSeconds is the latest time that is read, about thirty years.
const maxSeconds = 1e9

// ReadArrivals reads a file of arrivals: comma separated values with the columns at and lasts, in seconds, and task, the id of one of
// the tasks given. A task that arrives again is another one, with a number after its id. They are returned in the order of time, those of one
// time in that of the file. The column lasts may be left out, or empty.
func ReadArrivals(file string, tasks []placement.Task) ([]Arrival, error) {
	in, err := open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readArrivals(file, in, tasks)
}

func readArrivals(file string, in io.Reader, tasks []placement.Task) ([]Arrival, error) {
	t, err := newTable(file, in)
	if err != nil {
		return nil, err
	}
	for i, h := range t.header {
		if !slices.Contains(arrivalColumns, h) {
			return nil, t.headerError(i, fmt.Sprintf("unknown column in a file of arrivals (known: %s)", strings.Join(arrivalColumns, ", ")))
		}
	}
	at, name, lasts := t.column("at"), t.column("task"), t.column("lasts")
	if at < 0 || name < 0 {
		return nil, &Error{File: file, Line: 1, Why: "a file of arrivals has the columns at and task"}
	}
	byID := make(map[placement.TaskID]int, len(tasks))
	for i := range tasks {
		byID[tasks[i].ID] = i
	}
	times := map[placement.TaskID]int{}
	var all []Arrival
	for {
		if err := t.next(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		i, ok := byID[placement.TaskID(t.cells[name])]
		if !ok {
			return nil, t.cellError(name, errors.New("there is no such task"))
		}
		a := Arrival{Task: tasks[i]}
		if a.At, err = parseSeconds(t.cells[at]); err != nil {
			return nil, t.cellError(at, err)
		}
		if lasts >= 0 && t.cells[lasts] != "" {
			if a.Lasts, err = parseSeconds(t.cells[lasts]); err == nil && a.Lasts == 0 {
				err = errors.New("a task must last")
			}
			if err != nil {
				return nil, t.cellError(lasts, err)
			}
		}
		if times[a.Task.ID]++; times[a.Task.ID] > 1 {
			a.Task.ID += placement.TaskID("#" + strconv.Itoa(times[tasks[i].ID]))
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return nil, &Error{File: file, Why: "has no arrivals"}
	}
	slices.SortStableFunc(all, func(a, b Arrival) int { return int(min(max(a.At-b.At, -1), 1)) })
	return all, nil
}

// parseSeconds reads a time that is not negative, to the millisecond.
func parseSeconds(text string) (time.Duration, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0 && x <= maxSeconds) {
		return 0, fmt.Errorf("is not a number of seconds from 0 to %.0f", maxSeconds)
	}
	return time.Duration(x*1000) * time.Millisecond, nil
}
