package index

import "slices"

// notes are what searches that were often misled leave to later ones: amounts of the two scarcest columns, and a bin below which none has
// both. As long as nothing is freed that stays true, and holds for every need that asks for no less of either. When most bins are filled up,
// what is left in them is just less than the smallest needs ask for, each of which is a little different: packed words do not tell
// them apart, and cursors are for shapes that come again. A few notes do, because those for less, left later, supersede those for more.
//
// One note is about amounts that most needs exceed. It is brought up to date with each need that does, mostly without a search, and saves it all
// bins that have long been full.
//
// Memory: 6 KB.
type notes struct {
	columns [2]int
	need    []int64 // zero in all other columns
	noted   []note  // the highest bin first
	usual   note
	least   []int64 // as a need, what usual is about
	word    uint64  // of least
}

type note struct {
	amounts [2]int64
	bin     int32 // none below has as much
}

const (
	mostNotes   = 256
	worthNoting = 4 * arity // bins that a note must save
	usualShare  = 16        // one need in as many asks for less of a column than the usual ones
)

// choose forgets all. From now on notes are about the columns of which lanes tell most.
func (n *notes) choose(cols int, needs Matrix, l *lanes) {
	a, b := l.scarce()
	*n = notes{columns: [2]int{a, b}, need: make([]int64, cols), least: make([]int64, cols), noted: n.noted[:0]}
	for _, j := range n.columns {
		if asked := positive(needs, j); len(asked) > 0 {
			n.least[j] = asked[len(asked)/usualShare]
		}
	}
	n.usual.amounts, n.word = [2]int64{floor(n.least[a]), floor(n.least[b])}, l.pack(n.least)
}

// forget must be called when something was freed.
func (n *notes) forget() { n.noted, n.usual.bin = n.noted[:0], 0 }

// usually says whether a row has what the usual note is about, or a need asks for no less.
func (n *notes) usually(row []int64) bool {
	return row[n.columns[0]] >= n.usual.amounts[0] && row[n.columns[1]] >= n.usual.amounts[1]
}

// of is what a need asks for of what notes are about, valid until the next call.
func (n *notes) of(need []int64) []int64 {
	for _, j := range n.columns {
		n.need[j] = max(need[j], 0)
	}
	return n.need
}

func (n *notes) amounts(need []int64) [2]int64 {
	return [2]int64{need[n.columns[0]], need[n.columns[1]]}
}

// from is the highest bin below which, by a note, none fits a need.
func (n *notes) from(need []int64) int32 {
	asked := n.amounts(need)
	for _, w := range n.noted {
		if w.amounts[0] <= asked[0] && w.amounts[1] <= asked[1] {
			return w.bin
		}
	}
	return 0
}

// add notes that no bin below fits a need, and drops what follows from that and, if there are too many, the note of the lowest bin.
func (n *notes) add(need []int64, bin int32) {
	w := note{n.amounts(need), bin}
	i := 0
	for i < len(n.noted) && n.noted[i].bin > bin {
		i++
	}
	n.noted = slices.Insert(n.noted, i, w)
	kept := n.noted[:i+1]
	for _, o := range n.noted[i+1:] {
		if o.amounts[0] < w.amounts[0] || o.amounts[1] < w.amounts[1] {
			kept = append(kept, o)
		}
	}
	n.noted = kept[:min(len(kept), mostNotes)]
}
