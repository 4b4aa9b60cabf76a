package placement

import (
	"context"
	"iter"
	"math/rand/v2"
	"slices"
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
	books  *books
	shaper *shaper
	ruler  *ruler

	tasks      []Task
	spots      []spot
	brief      []briefRow // shorter than tasks, or none, where needs are few or not brief
	turn       []int32    // per task, when it was placed last; neverPlaced
	ranOn      []int32    // per task, the agent it runs on, notRunning or gone
	states     []taskState
	links      []link             // shorter than tasks, or none, where few are or have been on lists
	grant      []*grant           // shorter than tasks where no task asked for more than scalars
	reachedAll int32              // the last round in which all of them were dealt with
	held       map[int32]*Running // running tasks that did not get what they hold from this Round
	pieces     map[int32]resources.Resources
	// pending are the tasks of this round, in order. Population is the number of tasks that have not gone.
	pending    []TaskIndex
	population int

	// onBin is the last task placed on each bin in this round, -1 none; only if linked, see linkAll. Nil as long as nobody needs it.
	onBin  []int32
	linked bool
	turns  int32
	placed int
	number int32 // of the round

	blank     []grant // grants made in advance
	addresses addresses
	undo      []change
	formers   []former    // of changes in undo
	backs     []takenBack // likewise
	// floor is how far a packer may roll back: to the start of its run.
	floor    Mark
	touched  []touch // every change of a row, in order
	epoch    int     // how often something was freed: what failed before may fit after
	accept   index.Accept
	finding  finding
	vetted   vetted
	fence    fence
	firsts   *index.First
	told     int       // how much of touched firsts knows of
	failed   []failing // per shape
	backlog  backlog
	freed    freed
	trackers []tracker
	kept     map[any]any

	batch  int     // how many tasks may be placed; zero: any number
	enough float64 // see suffices
	timed  bool    // whether there ever was a task that had to wait for its time
	quotas *quotas // nil unless there are limits

	elastic *elastic // nil where rows are what the offers say

	// sunk are the rows of bins that are out of service: see disable.
	sunk    map[int32][]int64
	offs    int // how many agents are off
	groupBy string
	active  map[string]bool

	policies func(AgentID) ports.Policy
	policy   map[int32]ports.Policy
	now      time.Time
	queue    []TaskIndex // the tasks of the present priority, in order; it may be pending
	ownQueue []TaskIndex
	order    Order
	weights  map[string]float64
	tiers    *tierList
	fair     *fairness // nil unless the order is DRF
	priority int
	only     bool // it is that of all tasks
	gangRuns int
	gangs    bool              // whether there ever was a gang
	gangFate map[string]string // how far gangs came that are left out
	gangList []gang
	lost     []*gang // see leaveOutLost
	gangIDs  []int32 // per task, as far as the last one in a gang; -1: none
	// gangNames says where in gangList a gang is; gangLists counts the calls of gangsThat.
	gangNames map[string]int32
	gangLists int
	choice    string // what a packer that chooses among others chose, and why

	seed    uint64
	source  rand.PCG
	rand    *rand.Rand
	steps   int64
	budget  int64
	ctx     context.Context
	ends    bool // whether the context may
	stopped bool
	workers int

	look   view
	asking constraints.Candidate
	watch  *watch

	answers answers
	changes int64 // of bins, in all
}

// spot is where a task is. It is apart from all else that is known of it and small, because a task that leaves is one of many that were not
// looked at in a while.
type spot struct {
	where BinIndex // for a running task: the standing bin it draws on as its grant says
	took  int32    // the number of the need row that was taken; its complement, if the task is not one of this round
}

// foreign is the spot of a task that runs or has gone: see [Round.isTask].
func (s spot) foreign() spot { return spot{s.where, ^s.row()} }

// row is the number of the need row that was taken.
func (s spot) row() int32 { return s.took ^ s.took>>31 }

// taskState is what else is known of a task.
type taskState struct {
	priority int
	row      int32 // the number of the first need row of the shape
	shape    int32
	rule     int32
	barred   int32 // the last round in which the task was left out: its gang failed, or its time had not come
	reached  int32 // the last round in which Pending came to the task
	plain    bool  // what the task takes is its need row and nothing else
}

// variantOf is the variant of its shape as which a task that has a place was placed.
func (r *Round) variantOf(t int32) int32 { return r.spots[t].row() - r.states[t].row }

// grant is what a task took beyond scalars.
type grant struct {
	ports []uint16
	units []int32
	items [][]string
	disks []int32
}

// Bins yields the bins in the order in which their oldest offers were given. Their numbers ascend, but
// may have gaps.
func (r *Round) Bins() iter.Seq[BinIndex] {
	return func(yield func(BinIndex) bool) {
		for _, b := range r.liveBins() {
			if !yield(BinIndex(b)) {
				return
			}
		}
	}
}

// Tasks yields all tasks of the round, placed or not and of all priorities, in the order in which
// they were given. Their numbers ascend, but may have gaps.
func (r *Round) Tasks() iter.Seq[TaskIndex] { return slices.Values(r.pending) }

// Agent is the agent a bin belongs to, and the bin's role.
func (r *Round) Agent(b BinIndex) (id AgentID, role string) {
	return r.agents[r.homes[b].agent].id, r.roleOn(int32(b))
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
	return Row{r.shapeFor(t).need[0][:len(r.columns)]}
}

// Shape is a number that tasks share if and only if they ask for the same capacity. Shapes are
// numbered from 0 in the order in which they were first seen.
func (r *Round) Shape(t TaskIndex) int { return int(r.states[t].shape) }

// Shapes is the number of shapes seen.
func (r *Round) Shapes() int { return len(r.shaper.shapes) }

func (r *Round) shapeFor(t TaskIndex) *shape { return &r.shaper.shapes[r.states[t].shape] }
func (r *Round) ruleFor(t TaskIndex) *rule   { return &r.ruler.rules[r.states[t].rule] }

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
	return r.spots[t].where
}

// On yields the tasks placed on a bin in this round, the latest first.
func (r *Round) On(b BinIndex) iter.Seq[TaskIndex] {
	return func(yield func(TaskIndex) bool) {
		if !r.isBin(b) {
			return
		}
		r.linkAll()
		for t := r.onBin[b]; t >= 0; {
			next := r.links[t].next
			if !yield(TaskIndex(t)) {
				return
			}
			t = next
		}
	}
}

// Used says whether the bin's agent has tasks: placed in this round or running.
func (r *Round) Used(b BinIndex) bool { return r.loads[r.homes[b].agent].tasks > 0 }

// Rand is the round's generator, seeded afresh for every run of a packer.
func (r *Round) Rand() *rand.Rand { return r.rand }

// Stopped says that the round should end: the context is done or the budget spent. Then Pending,
// Feasible, First and Best yield nothing more; Place, Move, Remove and Rollback still work, so that nothing is
// lost half way through a swap.
func (r *Round) Stopped() bool { return (r.stopped || r.budget > 0 || r.ends) && r.stops() }

func (r *Round) stops() bool {
	if !r.stopped {
		r.stopped = (r.budget > 0 && r.steps >= r.budget) || r.ends && r.ctx.Err() != nil
	}
	return r.stopped
}

// isTask says whether a task is one of this round: pending or placed in it.
func (r *Round) isTask(t TaskIndex) bool {
	return t >= 0 && int(t) < len(r.spots) && r.spots[t].took >= 0
}

// present says whether a task of this round is of the present priority.
func (r *Round) present(t TaskIndex) bool { return r.only || r.states[t].priority == r.priority }

func (r *Round) isBin(b BinIndex) bool {
	return b >= 0 && int(b) < len(r.homes) && r.homes[b].role != deadRole
}

// settled marks, in onBin, a bin dealt with by commit.
const settled = -2

// What ranOn says of a task that does not run.
const (
	notRunning = -1
	gone       = -2
)

// neverPlaced is the turn of a task that has not been on any bin.
const neverPlaced = -1
