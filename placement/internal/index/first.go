package index

// First answers "which is the lowest bin that fits and is accepted" exactly as a scan from bin 0 would.
//
// As long as nothing is freed, bins only get fuller, so the first bin that fits a shape only ever moves up: every shape keeps
// a cursor below which no bin fits. A shape asked about for the first time starts from the cursor of its cell, which holds
// all needs that are equal up to three leading bits per column; the cell's cursor is the first bin that covers the least of
// them. Above the cursors a [tree] of packed maxima skips what cannot fit. Freeing capacity voids all cursors at once.
//
// Memory: 9 bytes a bin, 24 a shape asked about, about 40 a cell; there are at most as many cells as shapes.
// A Find without departures costs O(1) amortised over the bins its shape's cursor passes, else a tree search.
type First struct {
	free   Matrix
	tree   tree
	epoch  uint32 // changes whenever capacity is freed; never 0
	shapes []firstShape
	cells  []firstCell
	cellOf map[uint64]int32
}

type firstShape struct {
	word   uint64 // packed need
	epoch  uint32 // of cursor; 0: never asked
	cursor int32  // no bin below fits the need, in this epoch
	cell   int32
}

type firstCell struct {
	corner uint64
	epoch  uint32
	cursor int32 // no bin below covers the corner, in this epoch
}

// NewFirst makes an index over the free rows as they are now.
func NewFirst(free Matrix) *First {
	return &First{free: free, tree: newTree(free, free), epoch: 1, cellOf: map[uint64]int32{}}
}

// Changed must be called after the free row of a bin was changed; freed says whether any column may have grown.
func (f *First) Changed(bin int32, freed bool) {
	f.tree.set(bin, f.tree.pack(f.free.Row(bin)))
	if freed {
		f.epoch++
	}
}

// Steps counts the words and rows examined so far: the same for the same calls, whatever the machine.
func (f *First) Steps() int64 { return f.tree.steps }

// Find is the lowest bin that fits need and is accepted, -1 if there is none. A shape, a small non-negative number, stands for
// one need row: every call with it must pass an equal one. Bins are offered to accept in their order.
func (f *First) Find(shape int32, need []int64, accept Accept) int32 {
	s := f.shape(shape, need)
	if s.epoch != f.epoch {
		s.epoch, s.cursor = f.epoch, f.start(s)
	}
	b := f.fit(s.cursor, s.word, need)
	if b < 0 {
		s.cursor = int32(f.free.Rows())
		return -1
	}
	s.cursor = b
	for accept != nil && b >= 0 && !accept(b) {
		b = f.fit(b+1, s.word, need)
	}
	return b
}

// fit is the first bin at or after from that fits.
func (f *First) fit(from int32, word uint64, need []int64) int32 {
	for {
		b := f.tree.next(from, word)
		if b < 0 || fits(f.free.Row(b), need) {
			return b
		}
		from = b + 1
	}
}

func (f *First) shape(shape int32, need []int64) *firstShape {
	for int(shape) >= len(f.shapes) {
		f.shapes = append(f.shapes, firstShape{})
	}
	s := &f.shapes[shape]
	if s.epoch == 0 {
		s.word = f.tree.pack(need)
		corner := f.tree.corner(s.word)
		cell, known := f.cellOf[corner]
		if !known {
			cell = int32(len(f.cells))
			f.cells = append(f.cells, firstCell{corner: corner})
			f.cellOf[corner] = cell
		}
		s.cell = cell
	}
	return s
}

// start is where a shape without a cursor has to begin: at the first bin that covers its cell's corner.
func (f *First) start(s *firstShape) int32 {
	c := &f.cells[s.cell]
	if c.epoch != f.epoch {
		c.epoch, c.cursor = f.epoch, 0
	}
	b := f.tree.next(c.cursor, c.corner)
	if b < 0 {
		b = int32(f.free.Rows())
	}
	c.cursor = b
	return b
}
