package index

import "math"

// forest is a k-d tree per kind of bin (equal capacity) over the free rows of the exposed bins that are not [spent] (Bentley, "Multidimensional
// binary search trees used for associative searching", CACM 1975; buckets and tight boxes as in Friedman, Bentley and Finkel,
// "An algorithm for finding best matches in logarithmic expected time", TOMS 1977). Every node knows its lowest bin, the least
// of every column, and, as the maximum, a word of [lanes]: what a box of maxima would promise, and often more than any one
// bin has, a word with directions mostly does not. A scorer that never prefers more free gives, asked about the least of every
// column, a bound for all rows of the node: see [query.forestBest].
//
// The trees follow the journal: a touched bin moves to the bucket its new row belongs to, nodes are kept tight, a full bucket
// splits, and when about twice as many bins have moved as there are, all is built anew.
//
// Memory: 8 bytes a bin, and for exposed bins about 14*cols+32 more: copies of the rows in buckets 40 to 100 % full, and two
// nodes for every six to ten of them.
type forest struct {
	cols           int
	free, capacity Matrix
	words          []uint64 // per bin, the leaves of the index's tree
	kindOf         []int32  // per bin
	kinds          []kind
	leafOf         []int32 // node of a bin, or why it is in no tree
	nodes          []kdNode
	least          []int64  // per node: the least of every column
	bins           []int32  // per bucket: kdBucket bins
	marks          []uint64 // per bucket: their words
	rows           []int64  // per bucket: their free rows
	pos            uint32   // journal entries before it are worked in; 0: not built
	moved          int      // bins moved since all was built
	size           int      // bins in the trees
	hot            []int32  // touched lately, in no tree
	oldest         int      // in hot
	shut           []int32  // shut in this era, in no tree
	era            int64
	spent          spent
	score          Scorer
	typical        []int64  // need
	keys           []kdKey  // for building
	lo, hi         []int64  // for building
	todo           []kdTodo // for searching
	corner, floor  []int64  // for searching; floor is the need, or less than anything where nothing is needed
}

type kind struct {
	capacity []int64 // the row of its bins
	root     int32
}

type kdNode struct {
	word       uint64 // maximum of the bins' words
	at         int64  // rows with less in column col are in left
	parent     int32  // -1: root
	left       int32  // of an inner node; the right child is the one behind it; -1: a leaf
	bucket     int32  // of a leaf
	low        int32  // the lowest bin, MaxInt32 without any
	count, col int16  // bins of a leaf; column of an inner node
}

type kdKey struct {
	at  int64
	bin int32
}

const kdBucket = 16

// kdHot bins touched lately are kept out of the trees.
const kdHot = 16

// What leafOf says of bins that are in no tree: they are among the hot ones, among those that are shut, or neither, hidden or spent.
const (
	kdOut = -1 - iota
	kdIsHot
	kdIsShut
)

// newForest finds the kinds. It is nil if they are so many that trees do not pay.
func newForest(free, capacity Matrix, score Scorer, groups *groups) *forest {
	n := capacity.Rows()
	kindOf, kinds := kindsOf(capacity, groups, n/32)
	if kinds == nil {
		return nil
	}
	f := &forest{
		cols: capacity.Cols, free: free, capacity: capacity, score: score, kindOf: kindOf, kinds: kinds,
		leafOf: make([]int32, n), spent: newSpent(n),
	}
	rows := make([]int64, 5*f.cols)
	for _, p := range []*[]int64{&f.corner, &f.floor, &f.lo, &f.hi, &f.typical} {
		*p, rows = rows[:f.cols:f.cols], rows[f.cols:]
	}
	return f
}

// kindsOf is the kind of every bin, and the kinds, none if they are more than most. What is in one group is of one kind.
func kindsOf(capacity Matrix, g *groups, most int) ([]int32, []kind) {
	of := make([]int32, capacity.Rows())
	ofGroup := make([]int32, len(g.head))
	for i := range ofGroup {
		ofGroup[i] = -1
	}
	var kinds []kind
	byHash := map[uint64][]int32{}
	for b := range int32(len(of)) {
		if g.of != nil && ofGroup[g.of[b]] >= 0 {
			of[b] = ofGroup[g.of[b]]
			continue
		}
		row := capacity.Row(b)
		h := hashRow(1, row)
		k := int32(-1)
		for _, other := range byHash[h] {
			if equalRows(row, kinds[other].capacity) {
				k = other
			}
		}
		if k < 0 {
			if len(kinds) >= most {
				return nil, nil
			}
			k = int32(len(kinds))
			kinds, byHash[h] = append(kinds, kind{capacity: row}), append(byHash[h], k)
		}
		if of[b] = k; g.of != nil {
			ofGroup[g.of[b]] = k
		}
	}
	return of, kinds
}

// build makes all trees from the exposed bins, for needs like those met lately.
func (f *forest) build(x *Best) {
	for j := range f.typical {
		f.typical[j] = int64(median(x.sample.needs, j))
	}
	f.spent.start(x)
	f.nodes, f.least, f.bins, f.marks, f.rows = f.nodes[:0], f.least[:0], f.bins[:0], f.marks[:0], f.rows[:0]
	f.moved, f.size, f.hot, f.oldest, f.shut = 0, 0, f.hot[:0], 0, f.shut[:0]
	members := make([][]kdKey, len(f.kinds))
	for b := range f.leafOf {
		f.leafOf[b] = kdOut
		if k := f.kindOf[b]; !x.groups.hidden(int32(b)) && !f.spent.takes(int32(b), f.words[b]) {
			members[k] = append(members[k], kdKey{bin: int32(b)})
			f.size++
		}
	}
	for k, bins := range members {
		f.kinds[k].root = f.newNode(-1)
		f.plant(f.kinds[k].root, bins)
	}
}

// plant makes a node the root of a tree of the bins, which it reorders. It splits in the middle of the widest column.
func (f *forest) plant(id int32, bins []kdKey) {
	if len(bins) <= kdBucket*5/8 { // room to grow
		f.makeLeaf(id)
		for _, k := range bins {
			f.append(id, k.bin)
		}
		f.tightenLeaf(id)
		return
	}
	col := f.splitColumn(bins)
	for i := range bins {
		bins[i].at = f.free.Data[int(bins[i].bin)*f.cols+col]
	}
	half := len(bins) / 2
	selectKey(bins, half)
	left := f.newPair(id)
	f.nodes[id].left, f.nodes[id].col, f.nodes[id].at = left, int16(col), bins[half].at
	f.plant(left, bins[:half])
	f.plant(left+1, bins[half:])
	f.shrink(id)
}

func (f *forest) newNode(parent int32) int32 {
	f.nodes = append(f.nodes, kdNode{parent: parent, left: -1, low: math.MaxInt32})
	for range f.cols {
		f.least = append(f.least, math.MaxInt64)
	}
	return int32(len(f.nodes) - 1)
}

// newPair makes two nodes next to each other and returns the first.
func (f *forest) newPair(parent int32) int32 {
	id := f.newNode(parent)
	f.newNode(parent)
	return id
}

// makeLeaf gives a node a bucket.
func (f *forest) makeLeaf(id int32) {
	f.nodes[id].left, f.nodes[id].bucket, f.nodes[id].count = -1, int32(len(f.bins)/kdBucket), 0
	for range kdBucket {
		f.bins, f.marks = append(f.bins, -1), append(f.marks, 0)
	}
	for range kdBucket * f.cols {
		f.rows = append(f.rows, 0)
	}
}

// append puts a bin in a leaf's bucket. What the nodes say is the caller's business.
func (f *forest) append(id, bin int32) {
	nd := &f.nodes[id]
	i := int(nd.bucket)*kdBucket + int(nd.count)
	f.bins[i], f.marks[i] = bin, f.words[bin]
	copy(f.row(i), f.free.Row(bin))
	nd.count++
	f.leafOf[bin] = id
}

// row is the i-th row of all buckets.
func (f *forest) row(i int) []int64 { return f.rows[i*f.cols : (i+1)*f.cols : (i+1)*f.cols] }

// leastOf is the least of every column of a node.
func (f *forest) leastOf(id int32) []int64 {
	o := int(id) * f.cols
	return f.least[o : o+f.cols : o+f.cols]
}

// splitColumn is the column to split bins by: the one in which the spread of their rows costs the most score, seen from the
// least of every column with a typical need. A split there tightens the bounds the most; the largest spread alone would
// favour columns that hardly count. Where the scorer shows no difference, it is the largest spread as a share of capacity.
func (f *forest) splitColumn(bins []kdKey) int {
	lo, hi, need := f.lo, f.hi, f.typical
	for j := range lo {
		lo[j], hi[j] = math.MaxInt64, math.MinInt64
	}
	for _, k := range bins {
		for j, x := range f.free.Row(k.bin) {
			lo[j], hi[j] = min(lo[j], x), max(hi[j], x)
		}
	}
	capacity := f.capacity.Row(bins[0].bin)
	wide, widest := 0, -1.0
	for j := range lo {
		if s := float64(hi[j]-lo[j]) / float64(max(capacity[j], 1)); s > widest {
			wide, widest = j, s
		}
		if need[j] > 0 {
			lo[j], hi[j] = max(lo[j], need[j]), max(hi[j], need[j])
		}
	}
	top, col, most := f.score(need, lo, capacity), wide, 0.0
	for j, least := range lo {
		lo[j] = hi[j]
		if d := top - f.score(need, lo, capacity); d > most {
			col, most = j, d
		}
		lo[j] = least
	}
	return col
}

// selectKey puts the k-th key in order at k, lesser ones before it (Hoare's FIND).
func selectKey(h []kdKey, k int) {
	less := func(a, b kdKey) bool { return a.at < b.at || a.at == b.at && a.bin < b.bin }
	lo, hi := 0, len(h)-1
	for lo < hi {
		a, b, c := h[lo], h[lo+(hi-lo)/2], h[hi]
		if less(b, a) {
			a, b = b, a
		}
		if less(c, b) {
			b = c
			if less(b, a) {
				b = a
			}
		}
		i, j := lo, hi
		for i <= j {
			for less(h[i], b) {
				i++
			}
			for less(b, h[j]) {
				j--
			}
			if i <= j {
				h[i], h[j] = h[j], h[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}
