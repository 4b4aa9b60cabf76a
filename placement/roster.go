package placement

import (
	"math"
	"time"

	"github.com/berth-go/berth/resources"
)

// roster is what the engine keeps for snapshots, from the first one asked for: who started, in a list that is only added to.
// The rows of tasks and offers are written once and stay where they are until new tables are made, so that a snapshot is no more than how long these lists were. Rows
// are cleared when what is in them leaves, which has to wait while a snapshot is open.
type roster struct {
	// started has all tasks that run, and those that ran since the tables were made.
	started []started
	// next is the first row of the table of tasks that has not been looked at: a task there that runs is not in started.
	next int32
	// changes are those of the round when it was last asked for.
	changes int64
	last    *Snapshot // the last one given; it may be closed
	// tasks and offers are rows to be cleared.
	tasks, offers []int32
}

// started is a task that runs or ran. What it says does not change; whether the task has gone, its row says.
type started struct {
	task, agent, role, turn int32
	revocable               bool
	told                    *Running // of a task that the round was told of; the rest but for turn is not read then
	holds                   *holdings
}

// holdings are what a running task holds beyond amounts, in terms that outlive the tables of its bin.
type holdings struct {
	ports   []uint16
	devices []DeviceGrant
	items   []ItemGrant
	pieces  resources.Resources
}

// everyRow is the next row when all have been looked at.
const everyRow = math.MaxInt32

// rosterOf is the roster of new tables, in which the running tasks come last.
func rosterOf(r *Round, running []Running) *roster {
	k := &roster{started: make([]started, len(running), len(running)+len(running)/2), next: everyRow}
	first := len(r.tasks) - len(running)
	for i := range running {
		t := int32(first + i)
		k.started[i] = started{task: t, turn: r.turn[t], told: &running[i]}
	}
	return k
}

// complete says whether started has all that run. If not, it looks at more rows: as many as take a small part of what a round takes in which so much
// changed since it was last asked.
func (k *roster) complete(r *Round) bool {
	if k.next == everyRow {
		return true
	}
	rows := rowsAtLeast + rowsAChange*int(r.changes-k.changes)
	for k.changes = r.changes; rows > 0 && int(k.next) < len(r.spots); rows-- {
		if r.ranOn[k.next] >= 0 {
			rows -= k.add(r, k.next)
		}
		k.next++
	}
	if int(k.next) == len(r.spots) || (r.population == len(r.pending) && len(k.started) == 0) {
		k.next = everyRow
	}
	return k.next == everyRow
}

// A change of a bin, of which there are two for a task that starts and ends, costs about a microsecond, a row some nanoseconds.
const (
	rowsAtLeast = 32
	rowsAChange = 4
)

// add takes note of a task that was running already, and says how many rows more than one that is like.
func (k *roster) add(r *Round, t int32) (rows int) {
	if h := r.held[t]; h != nil {
		k.told(r, t, h)
		return 4
	}
	x := r.startedAs(t, r.shapeFor(TaskIndex(t)).revocable[r.variantOf(t)])
	g, pieces := r.grantOf(t), r.pieces[t]
	switch {
	case g != nil && len(g.units)+len(g.items)+len(g.disks) > 0:
		h := r.runningTask(t)
		x.holds = &holdings{h.Ports, h.Devices, h.Items, pieces}
		rows = 64
	case g != nil || !pieces.IsEmpty():
		x.holds = &holdings{pieces: pieces}
		if g != nil {
			x.holds.ports = g.ports
		}
		rows = 4
	}
	k.started = append(k.started, x)
	return rows
}

// placed takes note of a task that a round placed, and of what its assignment says that it holds there.
func (k *roster) placed(r *Round, t int32, a *Assignment, standing, pieces bool) {
	x := r.startedAs(t, a.Revocable)
	h := holdings{ports: a.Ports}
	if standing {
		h.devices, h.items = a.Devices, a.Items
		if pieces {
			h.pieces = a.Pieces
		}
	}
	if len(h.ports) > 0 || len(h.devices) > 0 || len(h.items) > 0 || !h.pieces.IsEmpty() {
		x.holds = &h
	}
	k.started = append(k.started, x)
}

func (r *Round) startedAs(t int32, revocable bool) started {
	return started{task: t, agent: r.ranOn[t], role: r.links[t].ranRole, turn: r.turn[t], revocable: revocable}
}

// told takes note of a task that the engine was told of.
func (k *roster) told(r *Round, t int32, h *Running) {
	k.started = append(k.started, started{task: t, turn: r.turn[t], told: h})
}

// open is the snapshot that is open, nil when there is none.
func (k *roster) open() *Snapshot {
	if k == nil || k.last == nil {
		return nil
	}
	if k.last.closed.Load() {
		k.last = nil
	}
	return k.last
}

// vacateTask and vacateOffer clear the row of what leaves, or put it off while a snapshot is open.
func (e *Engine) vacateTask(t int32) {
	if k := e.roster; k != nil {
		k.tasks = vacate(e.round.tasks, t, k.tasks, k.open() != nil)
	} else {
		e.round.tasks[t] = Task{}
	}
}

func (e *Engine) vacateOffer(i int32) {
	e.held--
	e.round.binAt[i] = -1
	if k := e.roster; k != nil {
		k.offers = vacate(e.round.offers, i, k.offers, k.open() != nil)
	} else {
		e.round.offers[i] = Offer{}
	}
}

// vacate returns the rows that have to be cleared later. When a row need not wait two of those that had to are cleared with it, so that none
// of this is ever much at once.
func vacate[T any](table []T, row int32, late []int32, wait bool) []int32 {
	if wait {
		return append(late, row)
	}
	clear(table[row : row+1])
	for range min(2, len(late)) {
		last := late[len(late)-1]
		clear(table[last : last+1])
		late = late[:len(late)-1]
	}
	return late
}

// setReadyAt changes what a task says of its time. It is all that ever changes in a row.
func (e *Engine) setReadyAt(t int32, at time.Time) {
	r := e.round
	if s := e.roster.open(); s != nil {
		s.change(t, &r.tasks[t], at)
	} else {
		r.tasks[t].ReadyAt = at
	}
	r.timed = r.timed || !at.IsZero()
}
