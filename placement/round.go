package placement

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement/internal/index"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// Round is the state of one call while tasks are being placed. It is what a [Packer] works with, and
// the only way to make an assignment is [Round.Place], which refuses whatever does not fit or breaks a
// requirement: no packer can produce an invalid result.
//
// Tasks and bins are small integers, see [TaskIndex] and [BinIndex]. A Round is valid only during the
// call of [Packer.Pack] and must be used by one goroutine at a time.
type Round struct {
	*fleet
	books   *books
	tasks   []Task
	running []Running
	shapes  []shape
	rules   []rule
	shapeOf []int32
	ruleOf  []int32

	// where, variant, turn and grant are what is known of each placed task.
	where   []BinIndex
	variant []int8
	turn    []int32
	grant   []*grant // nil when no task asks for more than scalars
	onBin   []int32  // last task placed on each bin, -1 none; nextOn and prevOn link the others
	nextOn  []int32
	prevOn  []int32
	turns   int32
	placed  int

	undo    []change
	touched []touch // every change of a free row, in order; it only grows
	// epoch counts how often something was freed: what failed before may fit after.
	epoch int
	// floor is how far a packer may roll back: to the start of its run.
	floor Mark

	now      time.Time
	policies func(AgentID) ports.Policy
	policy   map[int32]ports.Policy

	queue   []TaskIndex // the tasks of the present priority, in order
	tier    []int32     // per task: the number of its priority's turn; only the present one may be placed
	present int32
	reached []bool
	barred  []bool // tasks of gangs that failed

	seed    uint64
	rand    *rand.Rand
	steps   int64
	budget  int64
	ctx     context.Context
	stopped bool

	look    view
	asking  constraints.Candidate
	accept  index.Accept
	finding finding
	firsts  *index.First
	told    int // how much of touched firsts knows of
	// failed notes, per shape, the epoch in which no bin had room for it, plus one.
	failed   []int
	gangRuns int
	choice   string // what a packer that chooses among others chose, and why
	watch    *watch
	kept     map[any]any
}

// grant is what a task took beyond scalars.
type grant struct {
	ports []uint16
	units []int32
	moved []resources.Amount // what the units amount to, a request each
	items [][]string
	disks []int32
}

// Bins is the number of bins. They are numbered from 0 in the order in which their oldest offers
// were given.
func (r *Round) Bins() int { return len(r.bins) }

// Tasks is the number of tasks of the call, of all priorities.
func (r *Round) Tasks() int { return len(r.tasks) }

// Agent is the agent a bin belongs to, and the bin's role.
func (r *Round) Agent(b BinIndex) (id AgentID, role string) {
	return r.agents[r.bins[b].agent].id, r.bins[b].role
}

// Task is the task as it was given. It must not be changed.
func (r *Round) Task(t TaskIndex) *Task { return &r.tasks[t] }

// Columns are the names of the columns of every [Row].
func (r *Round) Columns() []string {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.String()
	}
	return names
}

// Free is what is left of a bin.
func (r *Round) Free(b BinIndex) Row { return Row{r.freeRow(int32(b))[:len(r.columns)]} }

// Capacity is what a bin has in all: what is offered and what running tasks of ours hold there.
func (r *Round) Capacity(b BinIndex) Row { return Row{r.capacityRow(int32(b))[:len(r.columns)]} }

// Need is what a task draws; with [Prefer], of revocable resources.
func (r *Round) Need(t TaskIndex) Row {
	return Row{r.shapes[r.shapeOf[t]].need[0][:len(r.columns)]}
}

// Shape is a number that tasks share if and only if they ask for the same capacity. Shapes are
// numbered from 0 in the order of their first tasks.
func (r *Round) Shape(t TaskIndex) int { return int(r.shapeOf[t]) }

// Shapes is the number of shapes.
func (r *Round) Shapes() int { return len(r.shapes) }

// Value is what placing the task is worth: its Value, or 1 if that is zero.
func (r *Round) Value(t TaskIndex) float64 {
	if v := r.tasks[t].Value; v != 0 {
		return v
	}
	return 1
}

// Where is the bin the task is placed on, or [NoBin].
func (r *Round) Where(t TaskIndex) BinIndex {
	if !r.isTask(t) {
		return NoBin
	}
	return r.where[t]
}

// On yields the tasks placed on a bin in this round, the latest first.
func (r *Round) On(b BinIndex) func(yield func(TaskIndex) bool) {
	return func(yield func(TaskIndex) bool) {
		for t := r.onBin[b]; t >= 0; {
			next := r.nextOn[t]
			if !yield(TaskIndex(t)) {
				return
			}
			t = next
		}
	}
}

// Used says whether the bin's agent has tasks: placed in this round or running.
func (r *Round) Used(b BinIndex) bool { return r.agents[r.bins[b].agent].tasks > 0 }

// Rand is the round's generator, seeded afresh for every run of a packer.
func (r *Round) Rand() *rand.Rand { return r.rand }

// Stopped says that the round should end: the context is done or the budget spent. Then Pending,
// Feasible, First and Best yield nothing more; Place, Move, Remove and Rollback still work, so that nothing is
// lost half way through a swap.
func (r *Round) Stopped() bool {
	if !r.stopped {
		r.stopped = (r.budget > 0 && r.steps >= r.budget) || r.ctx.Err() != nil
	}
	return r.stopped
}

func (r *Round) isTask(t TaskIndex) bool { return t >= 0 && int(t) < len(r.tasks) }
func (r *Round) isBin(b BinIndex) bool   { return b >= 0 && int(b) < len(r.bins) }
