package index

// shelfHot are bins touched lately. As long as a touched bin mostly is one of those, they are kept off the shelf and asked about one by one: as
// when agents are filled up one after the other, where four of five touches are of one of the latest four.
type shelfHot struct {
	bins   [shelfHotBins]int32 // plus one, 0: none; some may be on the shelf
	oldest uint8
	kept   int // how many are kept off
	again  int // how much more often than not, weighted, a touched bin was one of them
}

const (
	shelfHotBins = 4
	// Keeping a bin off saves twice what it costs in vain.
	hotHit    = 2
	hotMiss   = 1
	mostAgain = 16
)

// meet makes a bin one of them. It returns the one that no longer is, -1 if there is none.
func (h *shelfHot) meet(bin int32) (gone int32) {
	for _, b := range h.bins {
		if b == bin+1 {
			if h.again < mostAgain {
				h.again += hotHit
			}
			return -1
		}
	}
	if h.again > -mostAgain {
		h.again -= hotMiss
	}
	place := &h.bins[h.oldest%shelfHotBins]
	h.oldest++
	gone, *place = *place-1, bin+1
	return gone
}

// touched keeps a touched bin off the shelf, or puts it where it belongs now.
func (s *shelf) touched(q *query, bin int32) {
	s.cool(q, s.hot.meet(bin))
	switch was := s.keys[bin]; {
	case was.bin == shelfIsHot:
	case s.hot.again <= 0:
		s.move(q, bin)
	default:
		if was.bin >= 0 {
			s.take(was)
		}
		s.keys[bin].bin = shelfIsHot
		s.hot.kept++
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

// gatherHot gathers the hot bins that fit.
func (s *shelf) gatherHot(q *query) {
	x := q.x
	if s.hot.kept == 0 {
		return
	}
	for _, b := range s.hot.bins {
		if b--; b >= 0 && s.keys[b].bin == shelfIsHot && covers(x.tree.level[0][b], q.word) && fits(x.free.Row(b), q.need) {
			x.gathered = append(x.gathered, b)
		}
	}
}
