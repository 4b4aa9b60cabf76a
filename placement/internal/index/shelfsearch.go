package index

import "math"

// shelfWalk is the search of one kind.
type shelfWalk struct {
	*query
	kind  *shelfKind
	at    int32 // the number of kind
	best  entry
	of    int32   // the kind of best
	top   float64 // score of best, less what rounding may do to it
	shift float64 // what the need adds to the worth of the kind's bins, and what rounding may; NaN as long as none has been rated for the shape
	limit float64 // a bin of less worth, and so all behind it, comes after best whatever rounding does; NaN, which keeps nothing out, while the shift is
	run   shelfKey
	ran   bool // bins alike to run are done with
}

// shelfBest is the answer of the shelf; false where there is none because the scorer is not what it promised to be. It starts with the kind that the
// shape went to last, so that the others are mostly beaten at their first block.
func (q *query) shelfBest(shape *bestShape) (bin int32, ok bool) {
	s := q.x.shelf
	s.follow(q)
	if !s.spent.enough(q.word) {
		s.spent.expect(q.word, q.x.tree.level[0], func(b int32) {
			if s.states[b] == shelfSpent {
				s.move(q, b)
			}
		})
	}
	if s.broken {
		return -1, false
	}
	w := shelfWalk{query: q, best: s.bestHot(q), of: shape.kind}
	w.leads()
	shifts := s.shiftsOf(q.x, shape)
	first := min(int(shape.kind), len(s.kinds)-1)
	if shape.kinds>>(first&31)&1 == 0 || s.most[first] >= w.top-shifts[first] {
		w.look(shape, shifts, first)
	}
	for k, most := range s.most[:len(shifts)] {
		if (shape.kinds>>(k&31)&1 == 0 || most >= w.top-shifts[k]) && k != first {
			w.look(shape, shifts, k)
		}
	}
	shape.kind = w.of
	if w.best == last && q.deny != nil {
		q.x.passed = q.some()
	}
	return w.best.found(), true
}

// shiftsOf is the place for those of a shape.
func (s *shelf) shiftsOf(x *Best, shape *bestShape) []float64 {
	n := len(s.kinds)
	if len(s.shifts) < n*len(x.shapes) { // they all started anew
		s.shifts = make([]float64, n*len(x.shapes))
	}
	at := n * (int(shape.shape) & (len(x.shapes) - 1))
	return s.shifts[at : at+n]
}

// leads notes the score of the best.
func (w *shelfWalk) leads() {
	if w.top = math.Inf(-1); w.best != last {
		top := scoreOf(w.best.key)
		w.top = top - shelfSlack*(1+math.Abs(top)+2*w.x.shelf.size) // scores are no larger than size and shift
	}
}

// shelfSlack is several times what Options.Additive allows.
const shelfSlack = 1e-8

// look searches a kind, and takes note of its shift.
func (w *shelfWalk) look(shape *bestShape, shifts []float64, k int) {
	s, known := w.x.shelf, uint32(1)<<(k&31)
	if w.shift = math.NaN(); shape.kinds&known != 0 {
		w.shift = shifts[k]
	}
	w.kind, w.at, w.ran = &s.kinds[k], int32(k), false
	w.walk()
	if !math.IsNaN(w.shift) {
		shifts[k] = w.shift
		shape.kinds |= known
	}
}

// covering is the first word from a place on that covers a need; else their number. Over is as for [tree.cover].
func covering(words []uint64, from int, over uint64) int {
	for from < len(words) && lacks(words[from], over) != 0 {
		from++
	}
	return from
}

func (w *shelfWalk) walk() {
	kd, over := w.kind, w.over
	w.limit = w.top - w.shift
	for i := covering(kd.most, 0, over); i < len(kd.most); i = covering(kd.most, i+1, over) {
		if kd.firsts[i].worth < w.limit {
			return
		}
		w.x.steps += int64(kd.blocks[i].n)
		some, done := w.block(kd.blocks[i])
		if done {
			return
		}
		if !some && kd.loose[i] {
			kd.most[i], kd.loose[i] = kd.blocks[i].most(), false
		}
	}
}

// block looks at the bins of a block: whether the words of some covered the need's, and whether the kind is done with.
func (w *shelfWalk) block(blk *shelfBlock) (some, done bool) {
	over, words := w.over, blk.words[:blk.n]
	for e := covering(words, 0, over); e < len(words); e = covering(words, e+1, over) {
		some = true
		key := &blk.keys[e]
		if w.ran && w.alike(key) {
			continue
		}
		if key.worth < w.limit {
			return some, true
		}
		row := w.x.free.Row(key.bin)
		if !fits(row, w.need) || w.isOut(key.bin) {
			continue
		}
		w.x.steps++
		w.rate(key, w.x.score(w.need, row, w.x.capacity.Row(key.bin)))
	}
	return some, false
}

// alike says whether a bin has the same free row as those that are done with.
func (w *shelfWalk) alike(key *shelfKey) bool {
	return w.run.worth == key.worth && w.run.sign == key.sign && equalRows(w.x.free.Row(w.run.bin), w.x.free.Row(key.bin))
}

// rate makes a bin the best if it is. Those alike behind it are not looked at, unless it was refused.
func (w *shelfWalk) rate(key *shelfKey, score float64) {
	if math.IsNaN(w.shift) {
		w.shift = score - key.worth
		w.shift += shelfSlack * math.Abs(w.shift)
		w.limit = w.top - w.shift
	}
	e := entry{key: keyOf(score), bin: key.bin}
	if !e.before(w.best) {
		w.run, w.ran = *key, true
		return
	}
	if found := w.consider(e, w.best); found != w.best {
		w.best, w.of = found, w.at
		w.leads()
		w.limit = w.top - w.shift
		w.run, w.ran = *key, found.bin == key.bin // else it is one hidden behind it, and lower ones may follow
	}
}
