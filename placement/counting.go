package placement

import "github.com/berth-go/berth/constraints"

// recountFresh fills the counters that were made after tasks were placed.
func (r *Round) recountFresh() {
	for _, id := range r.books.fresh {
		n := &r.books.counters[id]
		of := r.books.partitions[n.partition].of
		r.counted(n, func(t, a int32) { n.add(of[a], 1) })
	}
	r.books.fresh = r.books.fresh[:0]
}

// counted calls f for every task that the counter counts, with the agent it is on.
func (r *Round) counted(n *counter, f func(t, a int32)) {
	if n.count.Group == constraints.AnyGroup {
		for t := range int32(len(r.tasks)) {
			if a := r.agentOf(t); a >= 0 {
				f(t, a)
			}
		}
		return
	}
	id, ok := r.books.groupIDs[n.count.Group]
	if !ok || n.count.Group == "" {
		return
	}
	for _, t := range r.books.groups[id].members {
		if a := r.agentOf(t); a >= 0 {
			f(t, a)
		}
	}
}

// agentOf is the agent that a task runs or is placed on, or -1.
func (r *Round) agentOf(t int32) int32 {
	if r.ranOn[t] >= 0 {
		return r.ranOn[t]
	}
	if b := r.spots[t].where; b != NoBin {
		return r.homes[b].agent
	}
	return -1
}

// firstValue is the value of the task placed first among those counted; tasks that were running
// came before.
func (r *Round) firstValue(n *counter) string {
	if n.known {
		return n.first
	}
	n.first, n.known = "", true
	first := int32(-1)
	r.counted(n, func(t, _ int32) {
		if first < 0 || r.turn[t] < r.turn[first] {
			first = t
		}
	})
	if first < 0 {
		return ""
	}
	if v := r.books.partitions[n.partition].of[r.agentOf(first)]; v >= 0 {
		n.first = r.books.text(n.partition, v)
	}
	return n.first
}
