package placementtest

import (
	"errors"

	"github.com/berth-go/berth/placement"
)

var (
	// ErrReady: a task is placed before its time.
	ErrReady = errors.New("no task before it is ready")
	// ErrBatch: more tasks are placed than the round was to place.
	ErrBatch = errors.New("no more than the batch")
)

// WithBatch says how many tasks the round was to place at most, as [placement.WithBatch] does.
func WithBatch(tasks int) Option { return func(c *checker) { c.batch = tasks } }

// checkBatch checks how many tasks are placed, and that their time has come.
func (c *checker) checkBatch(result *placement.Result) {
	for i := range result.Assignments {
		a := &result.Assignments[i]
		if t, known := c.taskOf[a.Task]; known && c.now.Before(c.tasks[t].ReadyAt) {
			c.report(a.Task, ErrReady, "it is %v, the task is not ready before %v", c.now, c.tasks[t].ReadyAt)
		}
		if c.batch > 0 && i == c.batch {
			c.report(a.Task, ErrBatch, "%d tasks are placed, of at most %d", len(result.Assignments), c.batch)
		}
	}
}
