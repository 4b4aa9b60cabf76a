package placement

import "time"

// holdBack leaves out the tasks whose time has not come, see [Task.ReadyAt], and lets all others in again.
func (r *Round) holdBack() {
	for _, t := range r.pending {
		r.states[t].barred = 0
		if r.timed && r.tasks[t].ReadyAt.After(r.now) {
			r.states[t].barred = r.number
		}
	}
}

// early says whether the task's time has not come.
func (r *Round) early(t TaskIndex) bool { return r.timed && r.tasks[t].ReadyAt.After(r.now) }

// notReady is the reason why a task is left out that is early.
func (r *Round) notReady(t TaskIndex) Reason {
	return Reason{Cause: CauseNotReady, What: "until " + r.tasks[t].ReadyAt.Format(time.RFC3339Nano)}
}

// SetReadyAt keeps pending tasks out of all rounds before a time, see [Task.ReadyAt]; the zero time lets them in at once. What
// [WithBackoff] counted of them is forgotten. It returns the ids that are not pending.
func (e *Engine) SetReadyAt(at time.Time, ids ...TaskID) (unknown []TaskID) {
	r := e.round
	e.asked = nil
	for _, id := range ids {
		t, ok := e.tasks.find(string(id))
		if !ok || !r.isTask(TaskIndex(t)) {
			unknown = append(unknown, id)
			continue
		}
		e.setReadyAt(t, at)
		delete(e.tries, id)
	}
	return unknown
}
