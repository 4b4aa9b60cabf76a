package index

import (
	"math"
	"slices"
)

// shelf keeps the exposed bins of each kind (equal capacity, or all of them where the scorer does not look at it) in the order of what
// an additive scorer says of them for no need at all: every need moves the scores of a kind by the same amount, so that it is the order
// for every shape, but for rounding. The best bin of a kind is then the first in order that fits, or one that is so close behind that
// rounding could tell.
//
// The order is cut into blocks, as the leaves of a B-tree, each with a word of [lanes] that no bin in it exceeds: blocks without room are
// passed over by one comparison. Bins that are [spent] are not on the shelf, nor are those touched last (see [shelfHot]), nor are those
// that were touched and are shut, as those are that tasks of one group went to just now and the next of them would look at first. Bins
// with equal rows stand together, and a search asks about one of them.
//
// Memory: 31 bytes a bin, and 35 to 70 more for each exposed one; 8 for each shape remembered and kind.
type shelf struct {
	free, capacity Matrix
	score          Scorer
	kindOf         []int32 // per bin
	kinds          []shelfKind
	most           []float64  // per kind: the largest worth of a bin, minus infinity where there is none
	keys           []shelfKey // per bin that is on it: where it stands
	states         []uint8    // per bin: shelfSpent, shelfShut, shelfIsHot or shelfStands
	spent          spent      // bins that are not on it
	none           []int64    // the need of nothing
	shifts         []float64  // per shape remembered, as Best has them, and kind: see shelfWalk
	blocks, bins   int
	version        uint32  // of the lanes of the words; 0: not built
	news           []int32 // bins touched that are not worked in
	noted          []bool  // per bin: whether it is one of them
	shut           []int32 // bins that are not on it for being shut; some may be back
	era            int64   // of shut
	hot            shelfHot
	size           float64 // the largest worth so far, signs aside
	broken         bool    // the scorer does not keep its promise
}

type shelfKind struct {
	blocks []*shelfBlock
	firsts []shelfKey // per block
	most   []uint64   // per block: no lane of a word in it is larger
	loose  []bool     // per block: most may be larger than need be
}

type shelfBlock struct {
	n     int
	words [shelfSize]uint64
	keys  [shelfSize]shelfKey
}

const shelfSize = 16

// What a bin is that is not hidden; hidden ones are spent. Only one that stands is on the shelf.
const (
	shelfSpent = iota
	shelfShut
	shelfIsHot
	shelfStands
)

// shelfKey is the place of a bin in the order.
type shelfKey struct {
	worth float64 // score for no need
	sign  uint64  // hash of the free row
	bin   int32
}

func (a shelfKey) before(b shelfKey) bool {
	if a.worth != b.worth {
		return a.worth > b.worth
	}
	if a.sign != b.sign {
		return a.sign < b.sign
	}
	return a.bin < b.bin
}

// mostShelfKinds is how many kinds pay: a search looks at each.
const mostShelfKinds = 32

// newShelf is nil where there are too many kinds.
func newShelf(free, capacity Matrix, score Scorer, groups *groups, absolute bool) *shelf {
	of, n := make([]int32, capacity.Rows()), 1
	if !absolute {
		var kinds []kind
		of, kinds = kindsOf(capacity, groups, min(mostShelfKinds, max(1, capacity.Rows()/32)))
		n = len(kinds)
	}
	if n == 0 {
		return nil
	}
	return &shelf{free: free, capacity: capacity, score: score, kindOf: of, kinds: make([]shelfKind, n), most: make([]float64, n),
		keys: make([]shelfKey, len(of)), states: make([]uint8, len(of)), noted: make([]bool, len(of)), spent: newSpent(len(of)), none: make([]int64, free.Cols)}
}

func (s *shelf) keyOf(bin int32) shelfKey {
	row := s.free.Row(bin)
	worth := s.score(s.none, row, s.capacity.Row(bin))
	if math.IsNaN(worth) || math.IsInf(worth, 0) {
		s.broken = true
	}
	s.size = max(s.size, math.Abs(worth))
	return shelfKey{worth, hashRow(1, row), bin}
}

// build puts all exposed bins on the shelf.
func (s *shelf) build(x *Best) {
	s.version, s.blocks, s.bins, s.shut = x.version, 0, 0, s.shut[:0]
	s.hot.kept, s.hot.off, s.hot.words = 0, 0, [shelfHotBins]uint64{}
	s.spent.start(x)
	members := make([][]shelfKey, len(s.kinds))
	clear(s.states)
	for b := range x.groups.exposed(len(s.keys)) {
		if s.spent.takes(b, x.tree.level[0][b]) {
			continue
		}
		key := s.keyOf(b)
		s.keys[b], s.states[b] = key, shelfStands
		members[s.kindOf[b]] = append(members[s.kindOf[b]], key)
		s.bins++
	}
	x.steps += int64(s.bins)
	for k, all := range members {
		slices.SortFunc(all, func(a, b shelfKey) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		kd := &s.kinds[k]
		*kd = shelfKind{}
		for part := range slices.Chunk(all, shelfSize*2/3) { // room to grow
			blk := &shelfBlock{n: len(part)}
			copy(blk.keys[:], part)
			for i, key := range part {
				blk.words[i] = x.tree.level[0][key.bin]
			}
			kd.put(len(kd.blocks), blk)
			s.blocks++
		}
		s.lead(int32(k))
	}
}

// lead notes the largest worth of a kind.
func (s *shelf) lead(kind int32) {
	if s.most[kind] = math.Inf(-1); len(s.kinds[kind].firsts) > 0 {
		s.most[kind] = s.kinds[kind].firsts[0].worth
	}
}

// put makes a block the i-th.
func (kd *shelfKind) put(i int, blk *shelfBlock) {
	kd.blocks = slices.Insert(kd.blocks, i, blk)
	kd.firsts = slices.Insert(kd.firsts, i, blk.keys[0])
	kd.most = slices.Insert(kd.most, i, blk.most())
	kd.loose = slices.Insert(kd.loose, i, false)
}

func (blk *shelfBlock) most() uint64 { return most(blk.words[:blk.n]) }

// find is the block that a key is in, or belongs to, and its place there.
func (kd *shelfKind) find(key shelfKey) (block, at int) {
	lo, hi := 0, len(kd.firsts) // the last block whose first key is not behind it
	for lo < hi {
		if mid := (lo + hi) / 2; key.before(kd.firsts[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	block = max(lo-1, 0)
	blk := kd.blocks[block]
	lo, hi = 0, blk.n
	for lo < hi {
		if mid := (lo + hi) / 2; blk.keys[mid].before(key) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return block, lo
}

// note takes note of a bin that was touched, or is no longer hidden.
func (s *shelf) note(bin int32) {
	if !s.noted[bin] {
		s.noted[bin], s.news = true, append(s.news, bin)
	}
}

// follow works in which bins were touched, and that bins are shut or no longer are.
func (s *shelf) follow(q *query) {
	x := q.x
	if s.version != x.version {
		s.build(x)
	} else {
		if s.era != q.deny.era() {
			s.reopen(q)
		}
		denied := q.deny != nil // then the bins touched last are mostly among those
		if denied {
			s.coolAll(q)
		}
		for _, b := range s.news {
			if denied {
				s.move(q, b)
			} else {
				s.touched(q, b)
			}
		}
	}
	for _, b := range s.news {
		s.noted[b] = false
	}
	s.news, s.era = s.news[:0], q.deny.era()
}

// reopen puts back what is no longer shut.
func (s *shelf) reopen(q *query) {
	list := s.shut
	s.shut = s.shut[len(s.shut):]
	for _, b := range list {
		if s.states[b] == shelfShut {
			s.states[b] = shelfSpent
			s.move(q, b)
		}
	}
	s.shut = append(list[:0], s.shut...)
}

// move puts a bin where its row belongs now.
func (s *shelf) move(q *query, bin int32) {
	s.put(q, bin)
	s.lead(s.kindOf[bin])
}

func (s *shelf) put(q *query, bin int32) {
	word := q.x.tree.level[0][bin]
	state := s.states[bin]
	if shut := q.isShut(bin); shut || s.spent.takes(bin, word) {
		if state == shelfStands {
			s.take(bin)
		}
		if s.states[bin] = shelfSpent; shut {
			s.states[bin] = shelfShut
		}
		if shut && state != shelfShut {
			s.shut = append(s.shut, bin)
		}
		return
	}
	key := s.keyOf(bin)
	if s.broken {
		return
	}
	kd := &s.kinds[s.kindOf[bin]]
	if state == shelfStands {
		was := s.keys[bin]
		i, at := kd.find(was)
		if was == key { // it may still have other words, and often has no other place
			kd.blocks[i].words[at] = word
			kd.most[i], kd.loose[i] = join(kd.most[i], word), true
			return
		}
		if kd.shift(i, at, key, word) {
			s.keys[bin] = key
			return
		}
		s.remove(kd, i, at)
	} else {
		s.bins++
	}
	s.keys[bin], s.states[bin] = key, shelfStands
	s.insert(kd, key, word)
}

// shift gives the bin in a place of a block another key and moves it to where that belongs, if it is in the same block; else it reports false.
func (kd *shelfKind) shift(i, at int, key shelfKey, word uint64) bool {
	if i > 0 && key.before(kd.firsts[i]) || i+1 < len(kd.firsts) && !key.before(kd.firsts[i+1]) {
		return false
	}
	blk := kd.blocks[i]
	for ; at > 0 && key.before(blk.keys[at-1]); at-- {
		blk.keys[at], blk.words[at] = blk.keys[at-1], blk.words[at-1]
	}
	for ; at+1 < blk.n && blk.keys[at+1].before(key); at++ {
		blk.keys[at], blk.words[at] = blk.keys[at+1], blk.words[at+1]
	}
	blk.keys[at], blk.words[at] = key, word
	kd.firsts[i], kd.most[i], kd.loose[i] = blk.keys[0], join(kd.most[i], word), true
	return true
}

func (s *shelf) remove(kd *shelfKind, i, at int) {
	blk := kd.blocks[i]
	copy(blk.keys[at:], blk.keys[at+1:blk.n])
	copy(blk.words[at:], blk.words[at+1:blk.n])
	blk.n--
	switch {
	case blk.n == 0:
		kd.blocks, kd.firsts = slices.Delete(kd.blocks, i, i+1), slices.Delete(kd.firsts, i, i+1)
		kd.most, kd.loose = slices.Delete(kd.most, i, i+1), slices.Delete(kd.loose, i, i+1)
		s.blocks--
	case at == 0:
		kd.firsts[i] = blk.keys[0]
		fallthrough
	default:
		kd.loose[i] = true
	}
}

func (s *shelf) insert(kd *shelfKind, key shelfKey, word uint64) {
	if len(kd.blocks) == 0 {
		blk := &shelfBlock{n: 1}
		blk.keys[0], blk.words[0] = key, word
		kd.put(0, blk)
		s.blocks++
		return
	}
	i, at := kd.find(key)
	blk := kd.blocks[i]
	if blk.n == shelfSize {
		s.split(kd, i)
		if at > blk.n {
			i, at = i+1, at-blk.n
			blk = kd.blocks[i]
		}
	}
	copy(blk.keys[at+1:], blk.keys[at:blk.n])
	copy(blk.words[at+1:], blk.words[at:blk.n])
	blk.keys[at], blk.words[at] = key, word
	blk.n++
	kd.most[i] = join(kd.most[i], word)
	if at == 0 {
		kd.firsts[i] = key
	}
}

func (s *shelf) split(kd *shelfKind, i int) {
	const half = shelfSize / 2
	blk := kd.blocks[i]
	upper := &shelfBlock{n: blk.n - half}
	copy(upper.keys[:], blk.keys[half:blk.n])
	copy(upper.words[:], blk.words[half:blk.n])
	blk.n = half
	kd.most[i], kd.loose[i] = blk.most(), false
	kd.put(i+1, upper)
	if s.blocks++; s.blocks > 64+s.bins/8 { // hardly anything in them
		s.version = 0
	}
}
