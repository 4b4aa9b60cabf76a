package placement

import (
	"hash/maphash"
	"math/bits"
)

// follows says whether id comes after another in the order of length, and then of bytes. That is how numbered IDs come: as long as each
// follows the one before it, no two are the same, and nothing has to be looked up.
func follows[S ~string](id, other S) bool {
	return len(id) > len(other) || len(id) == len(other) && id > other
}

// idSet finds IDs that occur twice: while they come in order by looking at the last, then by a table of positions at 8 to 16 bytes an
// ID, open addressing. The seed of the hash is random, which shows nowhere.
type idSet struct {
	seed  maphash.Seed
	slots []int32 // position plus one, zero where empty; nil while in order
	most  int
	last  string
	id    func(int32) string
}

// newIDSet makes a set for up to n IDs, that of position i being id(i).
func newIDSet(n int, id func(int32) string) *idSet { return &idSet{most: n, id: id} }

// add puts in the ID of a position, larger than those before it; false when it is there already.
func (s *idSet) add(i int32) bool {
	id := s.id(i)
	if s.slots == nil {
		if i == 0 || follows(id, s.last) {
			s.last = id
			return true
		}
		s.seed, s.slots = maphash.MakeSeed(), make([]int32, 2<<bits.Len(uint(s.most)))
		for earlier := range i {
			s.enter(earlier, s.id(earlier))
		}
	}
	return s.enter(i, id)
}

func (s *idSet) enter(i int32, id string) bool {
	mask := uint64(len(s.slots) - 1)
	at := maphash.String(s.seed, id) & mask
	for ; s.slots[at] != 0; at = (at + 1) & mask {
		if s.id(s.slots[at]-1) == id {
			return false
		}
	}
	s.slots[at] = i + 1
	return true
}
