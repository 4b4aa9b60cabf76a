package placement

import (
	"cmp"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Snapshot is what a round of an [Engine] was given, to be read later and by another goroutine, while the engine goes on: the lists that
// [Input] gives in full, for an observer that must not hold the round up. Taking it costs the same however much the engine holds. It is
// made by [Input.Snapshot] and is to be closed.
//
// Until then, what has left the engine since is kept: at most one generation of its tables, which are as large as
// what was held at one time, and up to as much again. A snapshot that is never closed keeps no more than that, but the engine gives no other
// one until it makes new tables.
//
// All methods are for one goroutine at a time. What is yielded is read only, and valid until the next is yielded.
type Snapshot struct {
	config  config
	offers  []Offer
	left    []int32 // rows of offers that had left
	tasks   []Task
	gone    []int32 // rows of tasks that had gone
	started []started
	agents  []agent
	roles   []string
	closed  atomic.Bool

	// was is the Task.ReadyAt of rows in which it changed since. The rows may be read at the same time.
	mu  sync.Mutex
	was map[int32]time.Time
}

// snapshot gives the present state of the engine, or nil when that cannot be had yet.
func (e *Engine) snapshot(c *config) *Snapshot {
	if e.roster == nil {
		e.roster = &roster{changes: e.round.changes}
	}
	k, r := e.roster, e.round
	if !k.complete(r) || k.open() != nil {
		return nil
	}
	k.last = &Snapshot{config: *c, offers: slices.Clip(r.offers), left: slices.Clip(k.offers), tasks: slices.Clip(r.tasks), gone: slices.Clip(k.tasks),
		started: slices.Clip(k.started), agents: slices.Clip(r.agents), roles: slices.Clip(r.roleNames)}
	return k.last
}

// Close ends the use of the snapshot. More than once does no harm.
func (s *Snapshot) Close() { s.closed.Store(true) }

// Settings are those of the round. Their Ports may be called in the round alone, see [Input.Ports].
func (s *Snapshot) Settings() Settings { return s.config.settings() }

// Offers yields the offers of the round, oldest first.
func (s *Snapshot) Offers() iter.Seq[*Offer] {
	return func(yield func(*Offer) bool) {
		left := marked(len(s.offers), s.left)
		for i := range s.offers {
			if o := &s.offers[i]; !left[i] && o.ID != "" && !yield(o) {
				return
			}
		}
	}
}

// Tasks yields the tasks that were to be placed, in the order in which they were submitted.
func (s *Snapshot) Tasks() iter.Seq[*Task] {
	return func(yield func(*Task) bool) {
		other := marked(len(s.tasks), s.gone)
		for i := range s.started {
			other[s.started[i].task] = true
		}
		var task Task
		for t := range s.tasks {
			if other[t] || s.tasks[t].ID == "" {
				continue
			}
			s.copyTask(int32(t), &task)
			if !yield(&task) {
				return
			}
		}
	}
}

// Running yields the tasks that ran already, those that started first before the others.
func (s *Snapshot) Running() iter.Seq[*Running] {
	return func(yield func(*Running) bool) {
		var h Running
		for _, x := range s.run() {
			if x.told != nil {
				if !yield(x.told) {
					return
				}
				continue
			}
			ag := &s.agents[x.agent]
			h = Running{Task: s.tasks[x.task], Agent: ag.id, Hostname: ag.hostname, Attributes: ag.attributes, Role: s.roles[x.role], Revocable: x.revocable}
			if x.holds != nil {
				h.Ports, h.Devices, h.Items, h.Pieces = x.holds.ports, x.holds.devices, x.holds.items, x.holds.pieces
			}
			if !yield(&h) {
				return
			}
		}
	}
}

// run lists the tasks that ran in the order in which they started.
func (s *Snapshot) run() []*started {
	gone := marked(len(s.tasks), s.gone)
	all := make([]*started, 0, len(s.started))
	for i := range s.started {
		if x := &s.started[i]; !gone[x.task] && s.tasks[x.task].ID != "" {
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b *started) int { return cmp.Compare(a.turn, b.turn) })
	return all
}

func marked(n int, rows []int32) []bool {
	set := make([]bool, n)
	for _, i := range rows {
		set[i] = true
	}
	return set
}

// copyTask copies a row as it was.
func (s *Snapshot) copyTask(t int32, to *Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*to = s.tasks[t]
	if was, ok := s.was[t]; ok {
		to.ReadyAt = was
	}
}

// change changes the time of a row when nobody reads it, and keeps what it was.
func (s *Snapshot) change(t int32, task *Task, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.was[t]; !ok {
		if s.was == nil {
			s.was = map[int32]time.Time{}
		}
		s.was[t] = task.ReadyAt
	}
	task.ReadyAt = at
}
