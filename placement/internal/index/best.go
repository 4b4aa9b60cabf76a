package index

import (
	"math"
	"math/bits"
)

// Scorer ranks a bin for a need: higher is better. It must be a pure function of its arguments, which it may neither keep nor
// change. It is only asked about bins that fit. A NaN ranks below every number; among equal scores the lowest bin wins.
type Scorer func(need, free, capacity []int64) float64

// Options says what is known about the scorer. The zero value promises nothing.
type Options struct {
	// Monotone promises that for equal need and capacity a bin with less free in some column and more in none never scores
	// lower. It unlocks bounds, and with them fast answers for shapes that are seen once. The scorer is then also asked about
	// rows that no bin has: the least of every column of some bins, raised to the need. A promise not kept gives wrong answers.
	Monotone bool
	// Additive promises that the score of a need is that of no need at all plus what depends on the need and the capacity alone, to
	// within a part in 10^9 of one plus the size of either; and that scores are finite. The scorer is then asked about no need, too. Bins
	// of equal capacity then have one order for all needs, see [shelf].
	Additive bool
	// Absolute promises that the score does not depend on the capacity. All bins are of one kind then, and capacities may change.
	Absolute bool
	// Many scores many bins with one call: scores[i] is the score of bins[i]. It says the same as the scorer, and is only there to be faster.
	Many func(need []int64, bins []int32, scores []float64)
}

// Best answers "which bin that fits and is accepted has the highest score" exactly as a scan over all bins would. If the scorer is
// additive, by a [shelf]; else it chooses by counts among three ways:
//
//   - a [rank] per shape, for shapes that come again before all bins have been touched; any scorer;
//   - a [forest] of k-d trees, for other shapes, if the scorer is monotone;
//   - a scan of what can fit by the [tree], for other shapes and other scorers, and for small fleets.
//
// Bins that were equal from the start and were not touched since count as one in all of them (see [groups]).
//
// Memory: 45 bytes a bin, 21 with a shelf, and what that says; 1 KB a bin and at least 16 MB at most for ranks, 16 bytes for each bin ranked; what the forest says;
// 36 bytes a shape, 300 KB at most. So 100,000 distinct shapes cost no more than a few hundred.
type Best struct {
	// Again says that the shape asked about next will be asked about again, so that its bins are ranked the first time.
	Again bool

	free, capacity Matrix
	small          bool // nothing but the rows is used
	score          Scorer
	opt            Options
	tree           tree // rows of the exposed bins; hidden ones hold zero
	groups         groups
	journal        journal
	classing       classing // of its bins, where ranks are its only readers
	settled        uint32   // the tree has the words of bins touched before
	shapes         []bestShape
	ranks          ranks
	forest         *forest // nil: not wanted, or of no use
	shelf          *shelf  // so is this
	sample         sample
	version        uint32  // of lanes
	far            int     // see lookBack
	gathered       []int32 // for keys
	scores         []float64
	steps          int64
	passed         bool
	denied         bool // whether bins were ever denied
	refusals       int  // how often lately the best bin was refused, see forestFind
}

// bestShapes is how many shapes are remembered.
const bestShapes = 1 << 13

type bestShape struct {
	shape   int32
	word    uint64 // packed need
	seen    uint32 // clock when last asked about, 0: never
	rank    int32  // index in ranks plus one; 0: none
	version uint32 // of lanes the word is packed with, 0: never asked
	kinds   uint32 // the kinds of the shelf whose shifts are known
	kind    int32  // that of the latest answer of the shelf
	near    int32  // how often in a row it was asked about again before the bins had changed too much for a rank
}

// NewBest makes an index over the rows as they are now. The capacity rows must not change while it is used, unless
// it [Best.Lasts].
func NewBest(free, capacity Matrix, score Scorer, opt Options) *Best {
	x := &Best{free: free, capacity: capacity, score: score, opt: opt}
	if free.Rows() < smallFleet {
		x.small = true
		return x
	}
	x.groups = newGroups(free, capacity)
	x.tree = newTree(columnLanes(x.groups.heads(capacity), x.groups.heads(free)), free, x.groups.behind)
	x.version, x.sample = 1, newSample(free.Cols)
	x.ranks = newRanks(free.Rows())
	if opt.Additive {
		x.shelf = newShelf(free, capacity, score, &x.groups, opt.Absolute)
	}
	if x.shelf != nil {
		return x
	}
	x.keepJournal()
	if opt.Monotone {
		x.forest = newForest(free, capacity, score, &x.groups)
	}
	return x
}

// keepJournal prepares for going without a shelf.
func (x *Best) keepJournal() {
	x.journal, x.gathered = newJournal(x.free.Rows()), make([]int32, 0, x.free.Rows()+1)
}

// unshelve goes on without a shelf.
func (x *Best) unshelve() {
	x.shelf = nil
	x.keepJournal()
	x.settled = x.journal.clock
}

// rechoose chooses lanes by the needs met.
func (x *Best) rechoose() {
	x.tree.choose(needLanes(x.free, x.sample.needs), x.free, x.groups.behind)
	x.version++
	if x.forest != nil {
		x.forest.pos = 0
	}
	if x.ranked() {
		x.classing = newClassing(&x.tree.lanes, x.sample.needs)
	}
	if x.shelf == nil {
		x.journal.reword(x.tree.level[0], x.classing.class)
		x.settled = x.journal.clock
	}
}

// Changed must be called after the free row of a bin was changed; freed says whether any column may have grown.
func (x *Best) Changed(bin int32, freed bool) {
	if x.small {
		return
	}
	if head := x.groups.leave(bin); head >= 0 {
		x.expose(head)
	}
	x.expose(bin)
}

func (x *Best) expose(bin int32) {
	word := x.tree.lanes.pack(x.free.Row(bin))
	if x.shelf != nil {
		x.tree.set(bin, word)
		x.shelf.note(bin)
		return
	}
	if !x.ranked() {
		x.tree.set(bin, word)
	} else if x.journal.clock == math.MaxUint32 {
		x.settle() // the journal is about to forget
	}
	if x.journal.touch(bin, word, x.classing.class(word)) { // the clock starts anew: nothing recorded under the old one is valid
		x.shapes, x.ranks = nil, newRanks(x.free.Rows())
		if x.forest != nil {
			x.forest.pos = 0
		}
		x.settled = 1
	}
}

// ranked says whether there are only ranks.
func (x *Best) ranked() bool { return x.forest == nil && x.shelf == nil }

// settle gives the tree the words of bins touched since it was last read. Where there are only ranks that is seldom.
func (x *Best) settle() {
	j := &x.journal
	for _, b := range j.front {
		for ; b >= 0 && j.stamp[b] >= x.settled; b = j.visits[b].older {
			x.tree.set(b, j.visits[b].word)
		}
	}
	x.settled = j.clock
}

// Lasts says whether capacities may change: of bins that are told of by Changed.
func (x *Best) Lasts() bool { return x.small || x.forest == nil && (x.shelf == nil || x.opt.Absolute) }

// Steps counts the bins, words and boxes examined so far: the same for the same calls, whatever the machine.
func (x *Best) Steps() int64 { return x.steps + x.tree.steps }

// Passed says, if the latest Find found nothing and nothing was refused, whether a bin that fits was denied.
func (x *Best) Passed() bool { return x.passed }

// Find is the bin of the highest score among those that fit need and are neither denied nor refused, -1 if there is none; ties go to the lowest
// bin. A shape, a small non-negative number, stands for one need row: every call with it must pass an equal one. Accept may be
// asked about bins that lose in the end, in any order, and about one bin more than once; it must not call the index.
func (x *Best) Find(shape int32, need []int64, deny *Deny, accept Accept) int32 {
	x.passed = false
	if x.small {
		q := query{x: x, need: need, deny: deny, accept: accept}
		return q.plainScan()
	}
	x.denied = x.denied || deny != nil
	s := x.shape(shape, need)
	q := query{x: x, need: need, word: s.word, over: s.word + laneFull, deny: deny, accept: accept}
	if x.shelf != nil {
		if b, ok := q.shelfBest(s); ok {
			return b
		}
		x.unshelve()
	}
	r := x.rankFor(shape, s)
	s.seen = x.journal.clock
	if r == nil && x.forest != nil {
		return q.forestFind()
	}
	if r == nil {
		return q.scan()
	}
	q.catchUp(r)
	return q.best(r)
}

// shape is what is remembered of a shape. Shapes beyond the first bestShapes share places; the latest has it.
func (x *Best) shape(shape int32, need []int64) *bestShape {
	if x.forest != nil && x.sample.asked%forestLook == 0 {
		x.lookBack()
	}
	if x.sample.choose(x.Steps()) {
		x.rechoose()
	}
	if int(shape) >= len(x.shapes) && len(x.shapes) < bestShapes {
		x.shapes = make([]bestShape, min(bestShapes, max(64, 1<<bits.Len32(uint32(shape))))) // all start anew
	}
	s := &x.shapes[int(shape)&(len(x.shapes)-1)]
	if s.version == 0 || s.shape != shape {
		x.sample.meet(need)
		*s = bestShape{shape: shape}
	}
	if s.version != x.version {
		s.word, s.version = x.tree.lanes.pack(need), x.version
	}
	return s
}

// isShut says whether a bin is shut and nothing stands behind it.
func (q *query) isShut(bin int32) bool { return q.deny.shut(bin) && q.x.groups.after(bin) < 0 }

// isOut says whether a bin is denied and nothing stands behind it.
func (q *query) isOut(bin int32) bool { return q.deny.has(bin) && q.x.groups.after(bin) < 0 }

// query is one Find.
type query struct {
	x        *Best
	need     []int64
	capacity []int64 // of the kind a forest search is at
	word     uint64
	over     uint64 // word with laneFull added, see [tree.cover]
	deny     *Deny
	accept   Accept
}

// rated are the bins gathered and their scores, until others are gathered.
func (q *query) rated() (bins []int32, scores []float64) {
	x := q.x
	bins = x.gathered
	x.gathered = x.gathered[:0]
	if len(x.scores) < len(bins) {
		x.scores = make([]float64, 2*len(bins))
	}
	scores = x.scores[:len(bins)]
	x.steps += int64(len(bins))
	if x.opt.Many != nil {
		x.opt.Many(q.need, bins, scores)
		return bins, scores
	}
	for i, b := range bins {
		scores[i] = x.score(q.need, x.free.Row(b), x.capacity.Row(b))
	}
	return bins, scores
}

// better is the best of best and the bins gathered.
func (q *query) better(best entry) entry {
	bins, scores := q.rated()
	top := math.NaN() // the score of best, once it is one of these
	for i, score := range scores {
		if score < top {
			continue
		}
		if found := q.consider(entry{key: keyOf(score), bin: bins[i]}, best); found != best {
			best, top = found, score
		}
	}
	return best
}

// plainScan asks about every bin that fits.
func (q *query) plainScan() int32 {
	x := q.x
	for b := x.free.nextFit(0, q.need); b >= 0; b = x.free.nextFit(b+1, q.need) {
		x.gathered = append(x.gathered, b)
	}
	x.steps += int64(x.free.Rows())
	return q.better(last).found()
}

// gather gathers the exposed bins that fit.
func (q *query) gather() {
	x := q.x
	if x.ranked() {
		x.settle()
	}
	for from, to := range x.tree.blocks(q.word) {
		for b, word := range x.tree.level[0][from:to] {
			if bin := from + int32(b); covers(word, q.word) && fits(x.free.Row(bin), q.need) {
				x.gathered = append(x.gathered, bin)
			}
		}
	}
}

// scan asks about every exposed bin that fits.
func (q *query) scan() int32 {
	q.gather()
	return q.better(last).found()
}

// consider is the better of best and e, if e is neither denied nor refused; of what stands behind e in its group, if it is not. There may
// be no e.
func (q *query) consider(e, best entry) entry {
	for ; e.bin >= 0 && e.before(best); e.bin = q.x.groups.after(e.bin) {
		if q.takes(e.bin) {
			return e
		}
	}
	return best
}

// takes says whether a bin that fits is neither denied nor refused.
func (q *query) takes(bin int32) bool {
	if q.deny.has(bin) {
		q.x.passed = true
		return false
	}
	return q.accept == nil || q.accept(bin)
}
