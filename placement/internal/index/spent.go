package index

import "math"

// spent are the bins without room for the least of every lane that was asked for: where bins fill up they are soon the most, and none of
// them is an answer. So a search structure need not hold them, until less is asked for.
type spent struct {
	least  uint64  // no lane of a need's word was smaller
	bins   []int32 // some may have room again
	listed []bool  // per bin: whether it is in bins
}

func newSpent(n int) spent { return spent{listed: make([]bool, n)} }

// start forgets all, and asks for the least of the needs met lately.
func (s *spent) start(x *Best) {
	s.bins, s.least = s.bins[:0], math.MaxUint64&^laneGuard
	clear(s.listed)
	for i := range int32(x.sample.needs.Rows()) {
		s.least = lesser(s.least, x.tree.lanes.pack(x.sample.needs.Row(i)))
	}
}

// takes says whether a bin with this word is one of them, and notes it.
func (s *spent) takes(bin int32, word uint64) bool {
	if covers(word, s.least) {
		return false
	}
	if !s.listed[bin] {
		s.bins, s.listed[bin] = append(s.bins, bin), true
	}
	return true
}

// enough says whether no less was asked for than a need asks for, so that there is nothing to prepare.
func (s *spent) enough(need uint64) bool { return lesser(s.least, need) == s.least }

// expect prepares for a need for which that is not so. It calls back for the bins that have room for it now, and may do so for others that have room.
func (s *spent) expect(need uint64, words []uint64, back func(bin int32)) {
	s.least = lesser(s.least, need)
	still := s.bins[:0]
	for _, b := range s.bins {
		if covers(words[b], s.least) {
			s.listed[b] = false
			back(b)
		} else {
			still = append(still, b)
		}
	}
	s.bins = still
}
