package index

import "math/bits"

// cursors answer which is the lowest bin that fits. As long as nothing is freed, bins only get fuller, so the first bin that fits a shape only
// ever moves up: every shape keeps a cursor below which no bin fits. Above it a [tree] of packed maxima skips what cannot fit. Freeing
// capacity voids all cursors at once.
//
// Shapes without one start where [notes] say.
//
// Memory: 10 bytes a bin, 24 a shape asked about, 200 KB at most.
// A question without departures costs O(1) amortised over the bins its shape's cursor passes, else a tree search.
type cursors struct {
	free    Matrix
	tree    tree
	stale   []bool // per bin: its word in the tree may be too high
	epoch   uint32 // changes whenever capacity is freed; never 0
	shapes  []firstShape
	sample  *sample
	notes   notes
	version uint32 // of lanes
	churn   bool   // something was freed between the latest two questions
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

func newCursors(free Matrix, s *sample) *cursors {
	l := columnLanes(free, free)
	if s.met >= sampleSize {
		l = needLanes(free, s.needs)
	}
	c := &cursors{free: free, tree: newTree(l, free, nil), stale: make([]bool, free.Rows()), epoch: 1, version: 1, sample: s}
	c.notes.choose(free.Cols, s.needs, &l)
	return c
}

func (c *cursors) changed(bin int32, freed bool) {
	if !freed && !c.churn {
		c.stale[bin] = true // its word is too high, which is harmless: it is packed anew when it misleads
		return
	}
	c.repack(bin)
	if freed {
		c.notes.forget()
		if c.epoch++; c.epoch == 0 { // ran over: no cursor may look current
			clear(c.shapes)
			c.epoch = 1
		}
	} else if len(c.tree.level) > 1 && c.tree.loose[1][bin>>arityBits] {
		c.tree.tighten(1, bin>>arityBits) // searches start over and would be misled at once
	}
}

func (c *cursors) repack(bin int32) {
	c.stale[bin] = false
	c.tree.set(bin, c.tree.lanes.pack(c.free.Row(bin)))
}

// find is [First.Find].
func (c *cursors) find(f *First, shape int32, need []int64, deny *Deny, accept Accept) int32 {
	s := c.shape(shape, need)
	often := misledOften
	if c.churn { // no note would last until the next question
		often = never
	}
	if s.epoch != c.epoch {
		if s.epoch, s.cursor = c.epoch, 0; !c.churn {
			s.cursor = c.start(need)
		}
	}
	b := c.fit(s.cursor, s.word, need, often)
	s.cursor = c.orEnd(b)
	for b >= 0 && !f.takes(b, deny, accept) {
		if deny == nil {
			b = c.fit(b+1, s.word, need, often)
		} else {
			b = c.undenied(b+1, s.word+laneFull, need, deny)
		}
	}
	return b
}

// undenied is the first bin at or after from that fits and is not denied, -1 if there is none.
func (c *cursors) undenied(from int32, over uint64, need []int64, deny *Deny) int32 {
	b := c.tree.next(from, over, deny)
	for b >= 0 && !fits(c.free.Row(b), need) {
		if c.stale[b] {
			c.repack(b)
		}
		b = c.tree.next(b+1, over, deny)
	}
	return b
}

// orEnd is a bin, or for none the number of bins.
func (c *cursors) orEnd(bin int32) int32 {
	if bin < 0 {
		return int32(c.free.Rows())
	}
	return bin
}

// After how many bins that do not fit a search looks at notes and leaves one.
const (
	misledOften = 4
	never       = 0
)

// fit is the first bin at or after from that fits, -1 if there is none.
func (c *cursors) fit(from int32, word uint64, need []int64, often int) int32 {
	for misled := 1; ; misled++ {
		b := int32(c.tree.cover(0, int(from), word+laneFull))
		if b < 0 || fits(c.free.Row(b), need) {
			return b
		}
		if c.stale[b] {
			c.repack(b)
		}
		if from = b + 1; misled == often {
			from = max(from, c.floor(need))
		}
	}
}

// floor is a bin below which none fits, the first that has what notes are about, and leaves a note of it, if none says nearly that.
func (c *cursors) floor(need []int64) int32 {
	c.tree.steps += int64(len(c.notes.noted))
	need = c.notes.of(need)
	from := c.notes.from(need)
	b := c.orEnd(c.fit(from, c.tree.lanes.pack(need), need, never))
	if b-from >= worthNoting {
		c.notes.add(need, b)
	}
	return b
}

// start is a bin below which none fits a need that is new.
func (c *cursors) start(need []int64) int32 {
	n := &c.notes
	if !n.usually(need) {
		return 0
	}
	if b := n.usual.bin; int(b) < c.free.Rows() && !n.usually(c.free.Row(b)) {
		n.usual.bin = c.orEnd(c.fit(b+1, n.word, n.least, never))
	}
	return n.usual.bin
}

// shape is what is remembered of a shape. Shapes beyond the first firstShapes share places; the latest has it.
func (c *cursors) shape(shape int32, need []int64) *firstShape {
	if c.sample.choose(c.tree.steps) {
		c.tree.choose(needLanes(c.free, c.sample.needs), c.free, nil)
		c.version++
		clear(c.stale)
		c.notes.choose(c.free.Cols, c.sample.needs, &c.tree.lanes)
	}
	if int(shape) >= len(c.shapes) && len(c.shapes) < firstShapes {
		c.shapes = make([]firstShape, min(firstShapes, max(64, 1<<bits.Len32(uint32(shape))))) // all start anew
	}
	s := &c.shapes[int(shape)&(len(c.shapes)-1)]
	if s.version != c.version || s.shape != shape {
		if s.version == 0 || s.shape != shape {
			c.sample.meet(need)
		}
		*s = firstShape{word: c.tree.lanes.pack(need), shape: shape, version: c.version}
	}
	return s
}
