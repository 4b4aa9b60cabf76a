package index

import "math/bits"

// First answers "which is the lowest bin that fits and is accepted" exactly as a scan from bin 0 would.
//
// As long as nothing is freed, bins only get fuller, so the first bin that fits a shape only ever moves up: every shape keeps
// a cursor below which no bin fits. Above it a [tree] of packed maxima skips what cannot fit. Freeing capacity voids all
// cursors at once. Where most questions come after that, [levels] or, of few bins, a scan answer more quickly.
//
// Memory: 10 bytes a bin, 24 a shape asked about, 200 KB at most; where levels answer, theirs as well.
// A Find without departures costs O(1) amortised over the bins its shape's cursor passes, else a tree search.
type First struct {
	free    Matrix
	small   bool    // nothing but free is used
	levels  *levels // nil: the tree is used
	tree    tree
	stale   []bool // per bin: its word in the tree may be too high
	epoch   uint32 // changes whenever capacity is freed; never 0
	shapes  []firstShape
	sample  sample
	version uint32 // of lanes
	latest  uint32 // epoch of the latest question
	churn   bool   // something was freed between the latest two questions
	churned int64  // questions of which that was true since the tree is used
	calm    int64  // the others; where levels are used, those since something was freed
	passed  bool
}

type firstShape struct {
	word    uint64 // packed need
	shape   int32
	version uint32 // of lanes the word is packed with; 0: nothing here
	epoch   uint32 // of cursor
	cursor  int32  // no bin below fits the need, in this epoch
}

// firstShapes is how many shapes are remembered.
const firstShapes = 1 << 13

// Once more than churnLook questions, and most of all, came after a departure, fleets below churnFleet bins are scanned and those below
// levelFleet have levels: both are cheaper than keeping the tree right.
const (
	churnLook  = 48
	levelFleet = 12_000
)

var churnFleet = 400

// NewFirst makes an index over the free rows as they are now.
func NewFirst(free Matrix) *First {
	if free.Rows() < smallFleet {
		return &First{free: free, small: true}
	}
	return &First{
		free: free, tree: newTree(columnLanes(free, free), free, nil), stale: make([]bool, free.Rows()),
		epoch: 1, version: 1, sample: newSample(free.Cols),
	}
}

// Changed must be called after the free row of a bin was changed; freed says whether any column may have grown.
func (f *First) Changed(bin int32, freed bool) {
	if f.levels == nil {
		f.changed(bin, freed)
		return
	}
	f.levels.changed(bin)
	f.levels.freed = f.levels.freed || freed
}

// changed is for the tree.
func (f *First) changed(bin int32, freed bool) {
	if f.small {
		return
	}
	if !freed && !f.churn {
		f.stale[bin] = true // its word is too high, which is harmless: it is packed anew when it misleads
		return
	}
	f.repack(bin)
	if freed {
		if f.epoch++; f.epoch == 0 { // ran over: no cursor may look current
			clear(f.shapes)
			f.epoch = 1
		}
	} else if len(f.tree.level) > 1 && f.tree.loose[1][bin>>arityBits] {
		f.tree.tighten(1, bin>>arityBits) // searches start over and would be misled at once
	}
}

func (f *First) repack(bin int32) {
	f.stale[bin] = false
	f.tree.set(bin, f.tree.lanes.pack(f.free.Row(bin)))
}

// Steps counts the words and rows examined so far: the same for the same calls, whatever the machine.
func (f *First) Steps() int64 { return f.tree.steps }

// Passed says, if the latest Find found nothing and nothing was refused, whether a bin that fits was denied.
func (f *First) Passed() bool { return f.passed }

// Find is the lowest bin that fits need and is neither denied nor refused, -1 if there is none. A shape, a small non-negative number, stands for
// one need row: every call with it must pass an equal one. Bins are offered to accept in their order.
func (f *First) Find(shape int32, need []int64, deny *Deny, accept Accept) int32 {
	f.passed = false
	if x := f.levels; x != nil {
		if x.left--; x.left >= 0 || f.review(need) {
			return f.levels.find(f, need, deny, accept)
		}
	}
	if f.small {
		return f.scan(need, deny, accept)
	}
	if f.churned > churnLook && f.churned > f.calm {
		switch n := f.free.Rows(); {
		case n < churnFleet:
			f.small = true
			return f.scan(need, deny, accept)
		case n < levelFleet:
			f.enter()
			return f.levels.find(f, need, deny, accept)
		}
	}
	s := f.shape(shape, need)
	if s.epoch != f.epoch {
		s.epoch, s.cursor = f.epoch, 0
	}
	b := f.fit(s.cursor, s.word, need, nil)
	if b < 0 {
		s.cursor = int32(f.free.Rows())
		return -1
	}
	s.cursor = b
	for b >= 0 && !f.takes(b, deny, accept) {
		b = f.fit(b+1, s.word, need, deny)
	}
	return b
}

// enter has levels answer from now on, made for what was asked for lately.
func (f *First) enter() {
	f.levels, f.calm = newLevels(f.free, f.sample.needs), 0
	f.sample.steps = 0
}

// review looks at one of some needs and says whether levels are to answer on. Once as many questions as there are bins came after each other
// without anything being freed, the tree is worth its making.
func (f *First) review(need []int64) bool {
	x := f.levels
	if f.calm += levelLook; x.freed {
		f.calm = 0
	}
	if f.calm > int64(f.free.Rows()) {
		f.levels, f.calm, f.churned = nil, 0, 0
		f.retree(f.tree.lanes)
		f.sample.steps = f.tree.steps
		return false
	}
	x.left, x.freed = levelLook-1, false
	f.sample.meet(need)
	if f.sample.choose(sampleMisled * x.misled / levelMisled) {
		f.enter()
	}
	return true
}

// takes says whether a bin that fits is neither denied nor refused.
func (f *First) takes(b int32, deny *Deny, accept Accept) bool {
	if deny.has(b) {
		f.passed = true
		return false
	}
	return accept == nil || accept(b)
}

func (f *First) scan(need []int64, deny *Deny, accept Accept) int32 {
	b := f.free.nextFit(0, need)
	for b >= 0 && !f.takes(b, deny, accept) {
		b = f.free.nextFit(b+1, need)
	}
	if b < 0 {
		f.tree.steps += int64(f.free.Rows())
	} else {
		f.tree.steps += int64(b) + 1
	}
	return b
}

// fit is the first bin at or after from that fits and is not denied.
func (f *First) fit(from int32, word uint64, need []int64, deny *Deny) int32 {
	for {
		var b int32
		if deny == nil {
			b = int32(f.tree.cover(0, int(from), word+laneFull))
		} else {
			b = f.tree.next(from, word+laneFull, deny)
		}
		if b < 0 || fits(f.free.Row(b), need) {
			return b
		}
		if f.stale[b] {
			f.repack(b)
		}
		from = b + 1
	}
}

// retree packs all rows anew.
func (f *First) retree(l lanes) {
	f.tree.choose(l, f.free, nil)
	f.version++
	clear(f.stale)
}

// shape is what is remembered of a shape. Shapes beyond the first firstShapes share places; the latest has it.
func (f *First) shape(shape int32, need []int64) *firstShape {
	if f.churn = f.epoch != f.latest; f.churn {
		f.churned++
	} else {
		f.calm++
	}
	f.latest = f.epoch
	if f.sample.choose(f.Steps()) {
		f.retree(needLanes(f.free, f.sample.needs))
	}
	if int(shape) >= len(f.shapes) && len(f.shapes) < firstShapes {
		f.shapes = make([]firstShape, min(firstShapes, max(64, 1<<bits.Len32(uint32(shape))))) // all start anew
	}
	s := &f.shapes[int(shape)&(len(f.shapes)-1)]
	if s.version != f.version || s.shape != shape {
		if s.version == 0 || s.shape != shape {
			f.sample.meet(need)
		}
		*s = firstShape{word: f.tree.lanes.pack(need), shape: shape, version: f.version, epoch: f.epoch}
	}
	return s
}
