package placement

import (
	"math"
	"time"
)

// Backoff is how long a task waits that found no place: First after the first failure, and Factor times as long after each
// further one, up to Most. The zero value waits for nothing.
type Backoff struct {
	First time.Duration
	// Most bounds the wait. Zero or less: no bound.
	Most time.Duration
	// Factor is at least 1; less, or no number, means 2.
	Factor float64
}

// After is the wait after so many failures in a row; none after no failure.
func (b Backoff) After(failures int) time.Duration {
	if failures <= 0 || b.First <= 0 {
		return 0
	}
	most := time.Duration(math.MaxInt64)
	if b.Most > 0 {
		most = b.Most
	}
	factor := b.Factor
	if !(factor >= 1) {
		factor = 2
	}
	wait := float64(b.First)
	for i := 1; i < failures && wait < float64(most) && factor > 1; i++ {
		wait *= factor
	}
	if wait >= float64(most) {
		return most
	}
	return time.Duration(wait)
}

// WithBackoff has an [Engine] leave a task alone for a while that a round found no place for, so that rounds do not look at hopeless
// tasks again and again: its [Task.ReadyAt] becomes the round's time, see [WithNow], plus what the backoff says, also if something is freed
// for it in the meantime; [Engine.SetReadyAt] wakes it. Tasks that the round was not to
// place, for their time or the end of the round or of its batch, are not counted. A fresh [Assign] has no next round, and pays no heed to it.
func WithBackoff(b Backoff) Option { return func(c *config) { c.backoff = b } }

// Tries is how many rounds in a row found no place for a pending task, as counted for [WithBackoff].
func (e *Engine) Tries(id TaskID) int { return e.tries[id] }

// backOff sends the tasks that failed away for a while.
func (e *Engine) backOff(result *Result, c *config) {
	if c.backoff.First <= 0 {
		return
	}
	r := e.round
	if e.tries == nil {
		e.tries = map[TaskID]int{}
	}
	for i := range result.Assignments {
		delete(e.tries, result.Assignments[i].Task)
	}
	for _, t := range r.pending {
		if r.spots[t].where != NoBin || r.early(t) || r.full() || (result.Truncated && r.states[t].reached != r.number && r.reachedAll != r.number) {
			continue
		}
		id := r.tasks[t].ID
		e.tries[id]++
		e.setReadyAt(int32(t), c.now.Add(c.backoff.After(e.tries[id])))
	}
}
