package index

// shelfHot are bins touched lately. As long as a touched bin mostly is one of those, they are kept off the shelf and asked about one by one: as
// when agents are filled up one after the other, where most touches are of one of the latest few.
type shelfHot struct {
	bins   [shelfHotBins]int32 // plus one, 0: none; some may be on the shelf
	words  [shelfHotBins]uint64
	off    [shelfHotBins]bool // which are kept off it, with their words
	oldest uint8
	kept   int // how many are kept off
	again  int // how much more often than not, weighted, a touched bin was one of them
}

const (
	shelfHotBins = 8
	// Keeping a bin off saves twice what it costs in vain.
	hotHit    = 2
	hotMiss   = 1
	mostAgain = 16
)

// meet makes a bin one of them and returns its place, and the bin that no longer is one, -1 if there is none.
func (h *shelfHot) meet(bin int32) (place int, gone int32) {
	for i, b := range h.bins {
		if b == bin+1 {
			if h.again < mostAgain {
				h.again += hotHit
			}
			return i, -1
		}
	}
	if h.again > -mostAgain {
		h.again -= hotMiss
	}
	place = int(h.oldest % shelfHotBins)
	h.oldest++
	gone = h.bins[place] - 1
	h.bins[place], h.off[place] = bin+1, false
	return place, gone
}

// touched keeps a touched bin off the shelf, or puts it where it belongs now.
func (s *shelf) touched(q *query, bin int32) {
	place, gone := s.hot.meet(bin)
	s.cool(q, gone)
	was := s.keys[bin]
	if was.bin != shelfIsHot {
		if s.hot.again <= 0 {
			s.move(q, bin)
			return
		}
		if was.bin >= 0 {
			s.take(was)
		}
		s.keys[bin].bin = shelfIsHot
		s.hot.kept++
	}
	s.hot.off[place], s.hot.words[place] = true, q.x.tree.level[0][bin]
}

// coolAll puts all hot bins where they belong.
func (s *shelf) coolAll(q *query) {
	if s.hot.kept > 0 {
		for i, b := range s.hot.bins {
			s.hot.off[i] = false
			s.cool(q, b-1)
		}
	}
}

// take takes a bin off the shelf.
func (s *shelf) take(key shelfKey) {
	kd := &s.kinds[s.kindOf[key.bin]]
	i, at := kd.find(key)
	s.remove(kd, i, at)
	s.bins--
}

// cool puts a bin where it belongs if it is hot; -1 is none.
func (s *shelf) cool(q *query, bin int32) {
	if bin >= 0 && s.keys[bin].bin == shelfIsHot {
		s.keys[bin].bin = shelfSpent
		s.hot.kept--
		s.move(q, bin)
	}
}

// bestHot is the best of the hot bins.
func (s *shelf) bestHot(q *query) entry {
	x, best, over := q.x, last, q.word+laneFull
	for i, off := range s.hot.off {
		if !off || lacks(s.hot.words[i], over) != 0 {
			continue
		}
		b := s.hot.bins[i] - 1
		if row := x.free.Row(b); fits(row, q.need) {
			x.steps++
			best = q.consider(entry{key: keyOf(x.score(q.need, row, x.capacity.Row(b))), bin: b}, best)
		}
	}
	return best
}
