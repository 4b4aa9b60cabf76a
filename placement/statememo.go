package placement

import "hash/maphash"

// stateMemo remembers the worth of states by their keys: open addressing, the keys end to end in one piece of memory. It is
// asked several times a decision, which is where a map of strings would spend most of its time. The seed of the hash is random, which
// shows nowhere. Memory: 24 bytes a slot, at most three in four of which are in use, and the keys.
type stateMemo struct {
	seed  maphash.Seed
	slots []memoSlot
	keys  []byte
	count int
}

type memoSlot struct {
	worth float64
	hash  uint32
	from  uint32 // the key's place in keys; one more than where it starts, 0: the slot is free
	size  int32
}

// maxMemo bounds the states remembered, maxMemoKeys the bytes of their keys.
const (
	maxMemo     = 1 << 18
	maxMemoKeys = 1 << 26
)

func newStateMemo() *stateMemo {
	return &stateMemo{seed: maphash.MakeSeed(), slots: make([]memoSlot, 1<<10)}
}

// find is the slot of the key, or the free one where it belongs.
func (m *stateMemo) find(key []byte) (s *memoSlot, known bool) {
	h := uint32(maphash.Bytes(m.seed, key))
	mask := uint32(len(m.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &m.slots[i]
		if s.from == 0 {
			s.hash = h
			return s, false
		}
		if s.hash == h && string(m.keys[s.from-1:][:s.size]) == string(key) {
			return s, true
		}
	}
}

// put fills a free slot that find has just answered with.
func (m *stateMemo) put(s *memoSlot, key []byte, worth float64) {
	s.worth, s.from, s.size = worth, uint32(len(m.keys)+1), int32(len(key))
	m.keys = append(m.keys, key...)
	if m.count++; m.count >= maxMemo || len(m.keys) > maxMemoKeys {
		clear(m.slots)
		m.keys, m.count = m.keys[:0], 0
	} else if 4*m.count > 3*len(m.slots) {
		m.grow()
	}
}

func (m *stateMemo) grow() {
	old := m.slots
	m.slots = make([]memoSlot, 2*len(old))
	mask := uint32(len(m.slots) - 1)
	for i := range old {
		if old[i].from == 0 {
			continue
		}
		at := old[i].hash & mask
		for m.slots[at].from != 0 {
			at = (at + 1) & mask
		}
		m.slots[at] = old[i]
	}
}
