package placement

import (
	"hash/maphash"
	"math/bits"
)

// idTable finds the rows of a table by their IDs, which stay in the rows: open addressing with linear probing, at most three
// quarters full, at 11 to 22 bytes an ID, without pointers. The seed of the hash is random, which shows nowhere.
type idTable struct {
	seed  maphash.Seed
	slots []idSlot // a power of two of them
	taken int
	id    func(row int32) string

	hashes []uint32 // see ahead
	read   int32    // what ahead has read, so that it does
}

// idSlot is empty while it is zero. The hash spares looking at the rows of other IDs, and says where the slot would best be.
type idSlot struct {
	hash uint32
	next int32 // the row after
}

// newIDTable makes a table with room for n rows, and for more when it has to. The ID of a row that is in it is id(row).
func newIDTable(n int, id func(row int32) string) *idTable {
	return &idTable{seed: maphash.MakeSeed(), slots: make([]idSlot, 1<<bits.Len(uint(n+n/3))), id: id}
}

// slot is the position of the ID, or of the empty slot where it would have to be.
func (x *idTable) slot(hash uint32, id string) uint32 {
	mask := uint32(len(x.slots) - 1)
	at := hash & mask
	for s := x.slots[at]; s.next != 0 && (s.hash != hash || x.id(s.next-1) != id); s = x.slots[at] {
		at = (at + 1) & mask
	}
	return at
}

func (x *idTable) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) }

// ahead hashes n IDs that are about to be looked up, and reads their places. To look one up is mostly to wait for memory: reads that
// do not depend on each other wait together.
func (x *idTable) ahead(n int, id func(i int) string) []uint32 {
	x.hashes = zeroed(x.hashes, n)
	for i := range x.hashes {
		x.hashes[i] = x.hash(id(i))
	}
	mask := uint32(len(x.slots) - 1)
	for _, hash := range x.hashes {
		x.read += x.slots[hash&mask].next
	}
	return x.hashes
}

// find is the row of an ID.
func (x *idTable) find(id string) (row int32, ok bool) { return x.findBy(x.hash(id), id) }

func (x *idTable) findBy(hash uint32, id string) (row int32, ok bool) {
	next := x.slots[x.slot(hash, id)].next
	return next - 1, next != 0
}

// add puts in a row under its ID; false when there is one already, which stays.
func (x *idTable) add(id string, row int32) bool { return x.addBy(x.hash(id), id, row) }

func (x *idTable) addBy(hash uint32, id string, row int32) bool {
	if 4*(x.taken+1) > 3*len(x.slots) {
		x.grow()
	}
	s := &x.slots[x.slot(hash, id)]
	if s.next != 0 {
		return false
	}
	*s = idSlot{hash, row + 1}
	x.taken++
	return true
}

func (x *idTable) grow() {
	old := x.slots
	x.slots = make([]idSlot, 2*len(old))
	mask := uint32(len(x.slots) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		at := s.hash & mask
		for x.slots[at].next != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = s
	}
}

// remove takes out an ID, and returns the row it had.
func (x *idTable) remove(id string) (row int32, ok bool) { return x.removeBy(x.hash(id), id) }

func (x *idTable) removeBy(hash uint32, id string) (row int32, ok bool) {
	at := x.slot(hash, id)
	next := x.slots[at].next
	if next == 0 {
		return -1, false
	}
	x.taken--
	// What follows moves up, but for what would come before its best place: so that no mark need be left.
	mask := uint32(len(x.slots) - 1)
	hole := at
	for {
		at = (at + 1) & mask
		s := x.slots[at]
		if s.next == 0 {
			x.slots[hole] = idSlot{}
			return next - 1, true
		}
		if (at-s.hash)&mask >= (at-hole)&mask {
			x.slots[hole] = s
			hole = at
		}
	}
}
