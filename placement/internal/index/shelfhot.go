package index

import "math/bits"

// shelfHot are bins touched lately. As long as a touched bin mostly is one of those, they are kept off the shelf and asked about one by one: as
// when agents are filled up one after the other, where most touches are of one of the latest few.
type shelfHot struct {
	bins   [shelfHotBins]int32  // plus one, 0: none; some may be on the shelf
	words  [shelfHotBins]uint64 // of those kept off it, 0 for the others
	off    uint                 // a bit each: which are kept off it
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
	for i, b := range &h.bins {
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
	h.bins[place], h.words[place], h.off = bin+1, 0, h.off&^(1<<place)
	return place, gone
}

// touched keeps a touched bin off the shelf, or puts it where it belongs now.
func (s *shelf) touched(q *query, bin int32) {
	place, gone := s.hot.meet(bin)
	s.cool(q, gone)
	if s.hot.off>>place&1 == 0 {
		if s.hot.again <= 0 {
			s.move(q, bin)
			return
		}
		if s.states[bin] == shelfStands {
			s.take(bin)
		}
		s.states[bin] = shelfIsHot
		s.hot.kept++
		s.hot.off |= 1 << place
	}
	s.hot.words[place] = q.x.tree.level[0][bin]
}

// coolAll puts all hot bins where they belong.
func (s *shelf) coolAll(q *query) {
	if s.hot.kept > 0 {
		s.hot.off, s.hot.words = 0, [shelfHotBins]uint64{}
		for _, b := range s.hot.bins {
			s.cool(q, b-1)
		}
	}
}

// take takes a bin off the shelf.
func (s *shelf) take(bin int32) {
	kind := s.kindOf[bin]
	kd := &s.kinds[kind]
	i, at := kd.find(s.keys[bin])
	s.remove(kd, i, at)
	s.lead(kind)
	s.bins--
}

// cool puts a bin where it belongs if it is hot; -1 is none.
func (s *shelf) cool(q *query, bin int32) {
	if bin >= 0 && s.states[bin] == shelfIsHot {
		s.states[bin] = shelfSpent
		s.hot.kept--
		s.move(q, bin)
	}
}

// covering has a bit for each word that covers a need's. Over is as for [tree.cover]. Which ones do follows no pattern, so that branches would
// cost more than looking at all.
func (h *shelfHot) covering(over uint64) uint {
	w := (*[8]uint64)(&h.words)
	a := coverBit(w[0], over) | coverBit(w[1], over)<<1 | coverBit(w[2], over)<<2 | coverBit(w[3], over)<<3
	b := coverBit(w[4], over) | coverBit(w[5], over)<<1 | coverBit(w[6], over)<<2 | coverBit(w[7], over)<<3
	return a | b<<4
}

// coverBit is one if a word covers a need's, else zero.
func coverBit(word, over uint64) (bit uint) {
	if lacks(word, over) == 0 {
		bit = 1
	}
	return bit
}

// bestHot is the best of the hot bins.
func (s *shelf) bestHot(q *query) entry {
	x, rated, best := q.x, [shelfHotBins]entry{}, last
	n := 0
	for mask := s.hot.covering(q.over) & s.hot.off; mask != 0; mask &= mask - 1 {
		b := s.hot.bins[bits.TrailingZeros(mask)%shelfHotBins] - 1
		row := x.free.Row(b)
		if !fits(row, q.need) {
			continue
		}
		e := entry{key: keyOf(x.score(q.need, row, x.capacity.Row(b))), bin: b}
		if rated[n] = e; e.before(best) {
			best = e
		}
		n++
	}
	x.steps += int64(n)
	if best == last || q.takes(best.bin) {
		return best
	}
	best = last
	for _, e := range rated[:n] {
		best = q.consider(e, best)
	}
	return best
}
