package placement

// firsts remembers, per shape, how many of the first bins cannot hold it. That stays true until
// something is freed.
type firsts struct {
	from  []int32
	epoch []int
}

// First is the earliest bin that would take the task now; false when there is none or the round is
// stopped. It looks at every bin once per shape in all, as long as nothing is freed, and further only where
// requirements refuse.
func (r *Round) First(t TaskIndex) (BinIndex, bool) {
	if !r.isTask(t) || r.where[t] != NoBin || r.Stopped() {
		return NoBin, false
	}
	id := r.shapeOf[t]
	s := &r.shapes[id]
	if r.firsts.epoch[id] != r.epoch {
		r.firsts.epoch[id], r.firsts.from[id] = r.epoch, 0
	}
	start := r.firsts.from[id]
	advance := true
	for b := start; int(b) < len(r.bins); b++ {
		r.steps++
		if r.fit(s, b) < 0 {
			if advance {
				r.firsts.from[id] = b + 1
			}
			continue
		}
		advance = false
		if r.allowed(int32(t), b) {
			r.witness(t, nil)
			return BinIndex(b), true
		}
	}
	return NoBin, false
}
