package placement

import "fmt"

// admits says whether nothing stands against the task but what agents may have against it: it is left out, the batch is full,
// or a limit is reached.
func (r *Round) admits(t TaskIndex) bool {
	return r.states[t].barred != r.number && !r.full() && (r.quotas == nil || r.quotas.admits(r, t))
}

// objects says whether there is anything that could stand against a task whatever the agents say.
func (r *Round) objects() bool { return r.quotas != nil || r.timed || r.batch > 0 }

// objections are the reasons why the task was not admitted, whatever the agents say. As failures are explained by them, they
// are what stands against it in the end.
func (r *Round) objections(t TaskIndex) []Reason {
	if !r.objects() {
		return nil
	}
	var all []Reason
	if r.early(t) {
		all = append(all, r.notReady(t))
	}
	if r.full() {
		all = append(all, Reason{Cause: CauseBatch, What: fmt.Sprintf("%d placed", r.placed)})
	}
	if r.quotas != nil {
		all = append(all, r.quotas.objections(r, t)...)
	}
	return all
}
