package offerbuffer

import (
	"hash/maphash"

	"github.com/berth-go/berth/placement"
)

// index finds the slot of an offer by its id: a hash table with linear probing. A map would hold every id once more, which
// costs four times the memory, half of the time, and has the garbage collector look at it all. Nothing is ever
// listed from it, so that the seed of the hash, which is random, shows nowhere.
type index struct {
	seed    maphash.Seed
	entries []indexEntry // a power of two
	used    int
}

type indexEntry struct {
	hash uint32
	slot int32 // plus 1; 0 is empty
}

func newIndex() index {
	return index{seed: maphash.MakeSeed(), entries: make([]indexEntry, 64)}
}

func (x *index) hash(id placement.OfferID) uint32 { return uint32(maphash.String(x.seed, string(id))) }

// find returns the slot, or none, with the hash for insert.
func (x *index) find(t *slots, id placement.OfferID) (slot int32, hash uint32) {
	hash = x.hash(id)
	mask := uint32(len(x.entries) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		e := x.entries[at]
		if e.slot == 0 {
			return none, hash
		}
		if e.hash == hash && t.at(e.slot-1).offer.ID == id {
			return e.slot - 1, hash
		}
	}
}

// insert adds a slot whose id is not there.
func (x *index) insert(slot int32, hash uint32) {
	if 4*(x.used+1) > 3*len(x.entries) {
		old := x.entries
		x.entries = make([]indexEntry, 2*len(old))
		for _, e := range old {
			if e.slot != 0 {
				x.put(e)
			}
		}
	}
	x.put(indexEntry{hash, slot + 1})
	x.used++
}

func (x *index) put(e indexEntry) {
	mask := uint32(len(x.entries) - 1)
	at := e.hash & mask
	for x.entries[at].slot != 0 {
		at = (at + 1) & mask
	}
	x.entries[at] = e
}

// remove takes a slot out that is there, and closes the hole: what was pushed on by it moves back.
func (x *index) remove(t *slots, slot int32) {
	mask := uint32(len(x.entries) - 1)
	hole := t.at(slot).hash & mask
	for x.entries[hole].slot != slot+1 {
		hole = (hole + 1) & mask
	}
	for at := (hole + 1) & mask; x.entries[at].slot != 0; at = (at + 1) & mask {
		// An entry may move back unless its own place lies behind the hole.
		if (at-x.entries[at].hash)&mask >= (at-hole)&mask {
			x.entries[hole] = x.entries[at]
			hole = at
		}
	}
	x.entries[hole] = indexEntry{}
	x.used--
}
