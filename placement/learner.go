package placement

import (
	"cmp"
	"slices"
)

// learner estimates the workload from the tasks that reached their turn, each counted once. It never looks at tasks
// still to come.
type learner struct {
	given  bool
	counts []int32 // per shape
	seen   []bool  // per task
	total  int
	next   int
}

// learnFirst is how many tasks are seen before the first estimate; each further one is made when learnGrowth times
// as many have been seen.
const (
	learnFirst  = 16
	learnGrowth = 1.5
)

func (l *learner) see(k *outlook, t TaskIndex) {
	if l.given {
		return
	}
	for int(t) >= len(l.seen) {
		l.seen = append(l.seen, false)
	}
	if l.seen[t] {
		return
	}
	l.seen[t] = true
	id := k.round.states[t].shape
	for int(id) >= len(l.counts) {
		l.counts = append(l.counts, 0)
	}
	l.counts[id]++
	if l.total++; l.total >= max(l.next, learnFirst) {
		l.next = int(float64(l.total) * learnGrowth)
		k.expect(l.shapes(k.round))
	}
}

// shapes are those seen, the most frequent first.
func (l *learner) shapes(r *Round) []weighed {
	var ids []int32
	for id, n := range l.counts {
		if n > 0 {
			ids = append(ids, int32(id))
		}
	}
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(l.counts[b], l.counts[a]) })
	shapes := make([]weighed, len(ids))
	for i, id := range ids {
		shapes[i] = weighed{&r.shaper.shapes[id], float64(l.counts[id])}
	}
	return shapes
}
