package index

import "math"

// rank is the order of bins for one shape, as far as it was needed: a few of the best entries in order (hot), an unsorted rest
// (cold), and nothing of the bins beyond (of a rank that is not complete). Entries are 16 bytes, 2,700 of them at most with 10,000 bins.
//
// A touched bin makes its old entry stale (the stamp differs) and, read from the journal, gets a new one, which goes where
// its score belongs: mostly it is about as good as it was, near the best. So the answer is always the first entry of hot that is neither stale nor refused.
// An empty hot is refilled from cold by selection, an empty cold by a scan over all bins: the quickheap of Navarro and Paredes ("On sorting, heaps, and
// minimum spanning trees", Algorithmica 2010), with two pivots and forgetting.
type rank struct {
	shape     int32
	pos       uint32  // journal entries before it are worked in
	complete  bool    // every bin that fits has an entry
	hot       []entry // the best is the last
	most      int     // hot grows to this before it is cooled down
	cold      []entry
	hotFloor  entry // no entry outside hot is before it
	coldFloor entry // no entry outside hot and cold is before it
}

// ranks are the shapes' ranks. Their number is bounded, and so is the memory: 1 KB a bin, at least 16 MB in all.
type ranks struct {
	list  []rank
	hot   int // entries left in hot, at least, when it is cooled down: a few; it takes in three times as many in between
	limit int // entries of cold at a time; it holds at most twice as many
	most  int // ranks
	hand  int // next rank to be considered for giving up
}

// mostHot is how many entries are moved to hot at a time, at most.
const mostHot = 1024

func newRanks(n int) ranks {
	const hot = 16
	limit := min(max(n/8, 2*hot), 1<<14)
	return ranks{hot: hot, limit: limit, most: max(n*64, 1<<20) / (2*limit + limit/8 + 4*hot)}
}

// rankFor is the shape's rank, nil if it has none and is not worth one. A rank pays if fewer bins are touched between two
// questions than there are bins; one that is too far behind is useless, whoever owns it, and may be given away.
func (x *Best) rankFor(shape int32, s *bestShape) *rank {
	far := x.farBehind()
	i := int(s.rank) - 1
	if i >= 0 && x.ranks.list[i].shape == shape {
		if r := &x.ranks.list[i]; x.journal.since(r.pos) <= far {
			return r
		}
	} else {
		i = -1
	}
	if s.seen == 0 && (x.forest != nil || !x.Again) || s.seen != 0 && x.journal.since(s.seen) > far {
		s.near = 0
		return nil
	}
	if s.near++; x.forest != nil && s.near < rankNear {
		return nil
	}
	if i < 0 {
		i = x.ranks.slot(&x.journal, far)
	}
	if i < 0 {
		return nil
	}
	s.rank = int32(i + 1)
	r := &x.ranks.list[i]
	r.hot, r.cold, r.complete, r.shape, r.pos = r.hot[:0], r.cold[:0], false, shape, x.journal.clock
	r.hotFloor, r.coldFloor = first, first
	return r
}

// farBehind is how many touches may cost more than a scan, or than a search of the forest, which costs less.
func (x *Best) farBehind() int {
	far := len(x.journal.stamp) + 16
	if x.forest != nil {
		return min(far, x.far)
	}
	return far
}

// A rank pays while it has no more than forestCost bins to rate. Where the same few bins are touched over and over, that is far more
// touches than where, say, tasks of a group go to bins of their own; so it is measured, once in forestLook questions.
//
// Where bins are denied, a rank mostly begins with those, and the forest is the better one almost always.
const (
	forestCost       = 48
	forestCostDenied = 4
	forestLook       = 64
)

// A rank, which takes a scan to make, is made where there is a forest when a shape has come again in time so often in a row.
const rankNear = 3

// lookBack sets far to the number of touches in which the latest bins were touched, as many as a forest costs.
func (x *Best) lookBack() {
	cost := forestCost
	if x.denied {
		cost = forestCostDenied
	}
	j := &x.journal
	b := j.front[0]
	for i := 1; i < cost && b >= 0; i++ {
		b = j.visits[b].older
	}
	x.steps += int64(cost)
	if x.far = math.MaxInt; b >= 0 {
		x.far = j.since(j.stamp[b])
	}
}

// slot finds room for a new rank: a fresh one, or one nobody can use any more, -1 if there is none.
func (rs *ranks) slot(j *journal, far int) int {
	if len(rs.list) < rs.most {
		rs.list = append(rs.list, rank{})
		return len(rs.list) - 1
	}
	for range 4 {
		rs.hand = (rs.hand + 1) % len(rs.list)
		if j.since(rs.list[rs.hand].pos) > far {
			return rs.hand
		}
	}
	return -1
}

// catchUp works in what was touched since the rank's position. It is mostly free of branches that depend on data, because about
// every other one would be mispredicted.
func (q *query) catchUp(r *rank) {
	x, j := q.x, &q.x.journal
	gathered := x.gathered[:cap(x.gathered)]
	n, looks := j.covering(x.classing.class(q.word), r.pos, q.word, gathered)
	x.steps += int64(looks)
	r.pos = j.clock
	q.dropStale(r)
	if n <= few {
		q.insertEach(r, gathered[:n])
		return
	}
	x.gathered = x.free.fitting(gathered[:n], q.need)
	bins, scores := q.rated()
	bins = withinReach(bins, scores, scoreOf(r.coldFloor.key)) // most are not
	for i, b := range bins {
		q.insert(r, entry{keyOf(scores[i]), b, j.stamp[b]})
	}
}

// For no more than few bins the loops over all of them cost more than they save.
const few = 4

func (q *query) insertEach(r *rank, bins []int32) {
	x := q.x
	for _, b := range bins {
		if row := x.free.Row(b); fits(row, q.need) {
			x.steps++
			q.insert(r, entry{keyOf(x.score(q.need, row, x.capacity.Row(b))), b, x.journal.stamp[b]})
		}
	}
}

// withinReach keeps the bins, and their scores, that do not score below the floor.
func withinReach(bins []int32, scores []float64, floor float64) []int32 {
	n := 0
	for i, score := range scores {
		bins[n], scores[n] = bins[i], score
		if !(score < floor) {
			n++
		}
	}
	return bins[:n]
}

func (q *query) insert(r *rank, e entry) {
	switch {
	case e.before(r.hotFloor):
		r.hot = insertEntry(r.hot, e)
		if len(r.hot) >= r.most {
			q.coolDown(r)
		}
	case e.before(r.coldFloor):
		r.cold = append(r.cold, e)
		q.trim(r)
	}
}

// coolDown moves most of hot to cold: the longer it is, the longer it takes to put an entry into it.
func (q *query) coolDown(r *rank) {
	r.hot = q.fresh(r.hot)
	if k := len(r.hot) - max(q.x.ranks.hot, len(r.hot)/4); k > 0 {
		r.hotFloor = r.hot[k]
		r.cold = append(r.cold, r.hot[:k]...)
		r.hot = append(r.hot[:0], r.hot[k:]...)
		q.trim(r)
	}
	r.most = len(r.hot) + 3*q.x.ranks.hot
}

// trim forgets the worst of cold if there are too many.
func (q *query) trim(r *rank) {
	limit := q.x.ranks.limit
	if len(r.cold) < 2*limit {
		return
	}
	r.cold = q.fresh(r.cold)
	if len(r.cold) > limit {
		selectBest(r.cold, limit)
		r.cold = r.cold[:limit]
		r.coldFloor, r.complete = r.cold[limit-1], false
	}
}

// fresh drops stale entries.
func (q *query) fresh(h []entry) []entry {
	stamp, k := q.x.journal.stamp, 0
	for _, e := range h {
		if stamp[e.bin] == e.stamp {
			h[k] = e
			k++
		}
	}
	q.x.steps += int64(len(h))
	return h[:k]
}

// refill moves the best of cold to hot. It reports false if there is nothing left.
func (q *query) refill(r *rank) bool {
	r.cold = q.fresh(r.cold)
	n := len(r.cold)
	if n == 0 {
		return false
	}
	k := min(max(q.x.ranks.hot, n/16), mostHot, n) // looking through cold shall be worth it
	selectBest(r.cold, k)
	r.hotFloor = r.cold[k-1]
	better := len(r.hot) // refused, all of them
	r.hot = append(r.hot, r.cold[:k]...)
	copy(r.hot[k:], r.hot[:better])
	copy(r.hot, r.cold[:k])
	sortEntries(r.hot[:k])
	copy(r.cold[:k], r.cold[max(k, n-k):])
	r.cold = r.cold[:n-k]
	if len(r.cold) == 0 && r.complete {
		r.hotFloor = last
	}
	r.most = len(r.hot) + 3*q.x.ranks.hot
	return true
}

// rebuild fills an empty rank by a scan over the exposed bins.
func (q *query) rebuild(r *rank) {
	x := q.x
	r.hot, r.cold, r.complete, r.coldFloor = r.hot[:0], r.cold[:0], true, last
	r.hotFloor = first
	q.gather()
	bins, scores := q.rated()
	for i, b := range bins {
		if e := (entry{keyOf(scores[i]), b, x.journal.stamp[b]}); e.before(r.coldFloor) {
			r.cold = append(r.cold, e)
			q.trim(r)
		}
	}
}

// best is the answer of a rank that has caught up. Refused entries stay where they are: the next question may well be for a
// task that the same bins refuse, and putting them back would cost more than passing over them.
func (q *query) best(r *rank) int32 {
	for {
		best := q.among(r)
		if best != last && !r.hotFloor.before(best) {
			return best.found() // nothing outside hot comes before it
		}
		switch {
		case q.refill(r):
		case r.complete:
			return best.found()
		case len(r.hot) > 0: // all the rank knew was refused: ask the bins it does not know
			return q.scan()
		default:
			q.rebuild(r)
		}
	}
}

// dropStale takes stale entries off the end of hot.
func (q *query) dropStale(r *rank) {
	n := len(r.hot)
	for n > 0 && q.stale(r.hot[n-1]) {
		n--
	}
	r.hot = r.hot[:n]
}

// stale says whether the bin was touched since.
func (q *query) stale(e entry) bool { return q.x.journal.stamp[e.bin] != e.stamp }

// among is the best of the accepted entries of hot, with those that stand behind them in their groups.
func (q *query) among(r *rank) entry {
	best := last
	for i := len(r.hot) - 1; i >= 0 && r.hot[i].before(best); i-- {
		q.x.steps++
		e := r.hot[i]
		if q.stale(e) {
			continue
		}
		if q.takes(e.bin) {
			return e
		}
		e.bin = q.x.groups.after(e.bin)
		best = q.consider(e, best)
	}
	return best
}
