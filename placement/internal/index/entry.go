package index

import (
	"math"
	"slices"
)

// entry is a bin with the rank of its score when its clock was stamp. 16 bytes.
type entry struct {
	key   uint64
	bin   int32
	stamp uint32
}

// first comes before every entry, last after.
var (
	first = entry{key: math.MaxUint64, bin: -1}
	last  = entry{key: 0, bin: math.MaxInt32}
)

// before says whether a is the better one: a higher score, or the same and a lower bin.
func (a entry) before(b entry) bool {
	return a.key > b.key || a.key == b.key && a.bin < b.bin
}

// ahead is one if a is before b, else zero: without a branch, for where it may well be either.
func (a entry) ahead(b *entry) int {
	var more, same, lower int
	if a.key > b.key {
		more = 1
	}
	if a.key == b.key {
		same = 1
	}
	if a.bin < b.bin {
		lower = 1
	}
	return more | same&lower
}

// found is the entry's bin, or -1 if it is last.
func (a entry) found() int32 {
	if a == last {
		return -1
	}
	return a.bin
}

// keyOf maps a score to a number of the same order: NaN to zero, below minus infinity; minus zero to the same as zero.
func keyOf(score float64) uint64 {
	if score != score {
		return 0
	}
	bits := math.Float64bits(score + 0)
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

// scoreOf is the score with a key, NaN if there is none.
func scoreOf(key uint64) float64 {
	if key>>63 != 0 {
		return math.Float64frombits(key &^ (1 << 63))
	}
	return math.Float64frombits(^key)
}

// insertEntry puts an entry into its place in a list with the best entry last: a short one, or an entry that is among the best.
func insertEntry(h []entry, e entry) []entry {
	h = append(h, e)
	i := len(h) - 1
	for i > 0 && h[i-1].before(e) {
		h[i] = h[i-1]
		i--
	}
	h[i] = e
	return h
}

// sortEntries puts the best last.
func sortEntries(h []entry) {
	if len(h) > 32 {
		slices.SortFunc(h, func(a, b entry) int { return a.ahead(&b) - b.ahead(&a) })
		return
	}
	for i, e := range h {
		insertEntry(h[:i], e)
	}
}

// pushEntry and popEntry keep a binary heap with the best entry first.
func pushEntry(h []entry, e entry) []entry {
	h = append(h, e)
	i := len(h) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !e.before(h[p]) {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = e
	return h
}

func popEntry(h []entry) []entry {
	e := h[len(h)-1]
	h = h[:len(h)-1]
	if len(h) > 0 {
		sink(h, 0, e)
	}
	return h
}

// sink puts e into the hole at i.
func sink(h []entry, i int, e entry) {
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) {
			c += h[c+1].ahead(&h[c])
		}
		if !h[c].before(e) {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = e
}

func heapify(h []entry) {
	for i := len(h)/2 - 1; i >= 0; i-- {
		sink(h, i, h[i])
	}
}

// selectBest reorders h so that its k best entries come first, the worst of them at k-1 (Hoare's FIND, CACM 1961, with the
// median of three as pivot; expected O(len(h))). It needs 0 < k <= len(h).
func selectBest(h []entry, k int) {
	lo, hi := 0, len(h)-1
	for lo < hi {
		mid := lo + (hi-lo)/2
		if h[mid].before(h[lo]) {
			h[mid], h[lo] = h[lo], h[mid]
		}
		if h[hi].before(h[lo]) {
			h[hi], h[lo] = h[lo], h[hi]
		}
		if h[hi].before(h[mid]) {
			h[hi], h[mid] = h[mid], h[hi]
		}
		pivot := h[mid]
		i, j := lo, hi
		for i <= j {
			for h[i].before(pivot) {
				i++
			}
			for pivot.before(h[j]) {
				j--
			}
			if i <= j {
				h[i], h[j] = h[j], h[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return
		}
	}
}
