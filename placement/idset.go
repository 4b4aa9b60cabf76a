package placement

import (
	"hash/maphash"
	"math/bits"
)

// idSet finds IDs that occur twice, at 8 to 16 bytes an ID: a table of positions, open addressing. The
// seed of the hash is random, which shows nowhere.
type idSet struct {
	seed  maphash.Seed
	slots []int32 // position plus one, zero where empty
	id    func(int32) string
}

// newIDSet makes a set for up to n IDs, that of position i being id(i).
func newIDSet(n int, id func(int32) string) *idSet {
	return &idSet{maphash.MakeSeed(), make([]int32, 2<<bits.Len(uint(n))), id}
}

// add puts in the ID of a position; false when it is there already.
func (s *idSet) add(i int32) bool {
	mask := uint64(len(s.slots) - 1)
	id := s.id(i)
	at := maphash.String(s.seed, id) & mask
	for ; s.slots[at] != 0; at = (at + 1) & mask {
		if s.id(s.slots[at]-1) == id {
			return false
		}
	}
	s.slots[at] = i + 1
	return true
}
