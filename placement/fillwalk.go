package placement

// fillWalk puts the sequences of a plan on a bin.
type fillWalk struct {
	row   []int64
	units []unitState
	taken []int32
}

// mean is what is placed, over all sequences.
func (w *fillWalk) mean(plan *fillPlan, s *binState) float64 {
	sum := 0.0
	if plan.quick != nil {
		sum = plan.quickSum(s)
	} else {
		for i := range plan.seqs {
			sum += w.run(plan, s, &plan.seqs[i])
		}
	}
	return sum / fillSequences
}

// run puts one sequence on a bin of any kind.
func (w *fillWalk) run(plan *fillPlan, s *binState, seq *[fillLength]uint16) float64 {
	w.row = w.row[:0]
	for _, c := range plan.columns {
		w.row = append(w.row, s.row[c])
	}
	w.units = append(w.units[:0], s.units...)
	got := 0.0
	for _, at := range seq {
		t := &plan.types[at]
		need := t.need
		if !covers(w.row, need) {
			if need = t.again; need == nil || !covers(w.row, need) {
				continue
			}
		}
		if !w.find(t) {
			continue
		}
		got += t.value + w.take(t)
		for i, n := range need {
			w.row[i] -= n
		}
	}
	return got
}

// find chooses units for all requests of a type; requests never want the same units.
func (w *fillWalk) find(t *fillType) bool {
	w.taken = w.taken[:0]
	for i := range t.requests {
		q := &t.requests[i]
		if q.count == 0 {
			best := -1
			for j := range w.units {
				if u := &w.units[j]; q.accept[u.make] && u.takes(q) && (best < 0 || u.fuller(&w.units[best], q)) {
					best = j
				}
			}
			if best < 0 {
				return false
			}
			w.taken = append(w.taken, int32(best))
			continue
		}
		n := q.count
		for j := 0; j < len(w.units) && n > 0; j++ {
			if u := &w.units[j]; q.accept[u.make] && u.idle() {
				w.taken = append(w.taken, int32(j))
				n--
			}
		}
		if n > 0 {
			return false
		}
	}
	return true
}

func (u *unitState) idle() bool { return u.lock == 0 && u.left == u.size }

func (u *unitState) takes(q *fillRequest) bool {
	return u.left >= q.share && (u.lock == q.lock || u.idle())
}

// fuller says whether a sharer should go on u rather than on o: beside its like, then where least is left.
func (u *unitState) fuller(o *unitState, q *fillRequest) bool {
	if q.lock != 0 && (u.lock == q.lock) != (o.lock == q.lock) {
		return u.lock == q.lock
	}
	return u.left < o.left
}

// take takes what find found and returns how much it is, in units.
func (w *fillWalk) take(t *fillType) float64 {
	sum, k := 0.0, 0
	for i := range t.requests {
		q := &t.requests[i]
		for range max(q.count, 1) {
			u := &w.units[w.taken[k]]
			k++
			if q.count > 0 {
				u.left = 0
				sum++
				continue
			}
			u.left -= q.share
			u.lock = q.lock
			sum += float64(q.share) / float64(u.size)
		}
	}
	return sum
}
