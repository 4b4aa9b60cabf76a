package offerbuffer

import "hash/maphash"

// index finds the number of an offer's slot, or of an agent's first bin, by the hash of its id: a hash table with linear
// probing. A map would hold every id once more, which costs four times the memory, half of the time, and has the garbage
// collector look at it all. Nothing is ever listed from it, so that the seed of the hash, which is random, shows nowhere.
type index struct {
	seed    maphash.Seed
	entries []indexEntry // a power of two
	used    int
}

type indexEntry struct {
	hash uint32
	n    int32 // plus 1; 0 is empty
}

func newIndex() index {
	return index{seed: maphash.MakeSeed(), entries: make([]indexEntry, 64)}
}

func (x *index) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) }

// first is a number with this hash, or none, and next the one after that at a place. Ids may have a hash in
// common: the caller compares them.
func (x *index) first(hash uint32) (n int32, at uint32) { return x.from(hash, hash) }

func (x *index) next(hash, at uint32) (n int32, nextAt uint32) { return x.from(hash, at+1) }

func (x *index) from(hash, at uint32) (int32, uint32) {
	mask := uint32(len(x.entries) - 1)
	for ; ; at++ {
		e := x.entries[at&mask]
		if e.n == 0 {
			return none, at
		}
		if e.hash == hash {
			return e.n - 1, at
		}
	}
}

// insert adds a number whose id is not there.
func (x *index) insert(n int32, hash uint32) {
	if 4*(x.used+1) > 3*len(x.entries) {
		old := x.entries
		x.entries = make([]indexEntry, 2*len(old))
		for _, e := range old {
			if e.n != 0 {
				x.put(e)
			}
		}
	}
	x.put(indexEntry{hash, n + 1})
	x.used++
}

func (x *index) put(e indexEntry) {
	mask := uint32(len(x.entries) - 1)
	at := e.hash & mask
	for x.entries[at].n != 0 {
		at = (at + 1) & mask
	}
	x.entries[at] = e
}

// place is where a number is that is there.
func (x *index) place(n int32, hash uint32) uint32 {
	mask := uint32(len(x.entries) - 1)
	at := hash & mask
	for x.entries[at].n != n+1 {
		at = (at + 1) & mask
	}
	return at
}

// replace has another number in the place of one that is there, for the same id.
func (x *index) replace(n, by int32, hash uint32) { x.entries[x.place(n, hash)].n = by + 1 }

// remove takes a number out that is there, and closes the hole: what was pushed on by it moves back.
func (x *index) remove(n int32, hash uint32) {
	mask := uint32(len(x.entries) - 1)
	hole := x.place(n, hash)
	for at := (hole + 1) & mask; x.entries[at].n != 0; at = (at + 1) & mask {
		// An entry may move back unless its own place lies behind the hole.
		if (at-x.entries[at].hash)&mask >= (at-hole)&mask {
			x.entries[hole] = x.entries[at]
			hole = at
		}
	}
	x.entries[hole] = indexEntry{}
	x.used--
}
