package offerbuffer

import (
	"time"

	"github.com/berth-go/berth/placement"
)

// none is no slot, bin or place in the heap.
const none int32 = -1

type state uint8

const (
	ended     state = iota // the slot is free
	waiting                // held and not released
	lent                   // released
	declining              // to be declined by the next Tick; in no list any more
)

// slot is an offer and what the buffer knows of it. Lists go by position, which is half as long as a pointer.
type slot struct {
	offer placement.Offer
	since time.Duration // when it came in
	// serial numbers offers in the order in which they came in.
	serial               uint64
	nextInBin, prevInBin int32
	older, younger       int32 // among all that wait or are lent
	bin                  int32
	hash                 uint32 // of its id
	state                state
}

// slots is a table of slots that never moves them, and fills holes before it grows.
type slots struct {
	chunks []*[chunkSize]slot
	free   []int32
	used   int32 // slots that were ever used
}

const chunkSize = 1 << 10

func (t *slots) at(i int32) *slot { return &t.chunks[i/chunkSize][i%chunkSize] }

func (t *slots) take() int32 {
	if n := len(t.free); n > 0 {
		i := t.free[n-1]
		t.free = t.free[:n-1]
		return i
	}
	if int(t.used) == len(t.chunks)*chunkSize {
		t.chunks = append(t.chunks, new([chunkSize]slot))
	}
	t.used++
	return t.used - 1
}

func (t *slots) release(i int32) {
	*t.at(i) = slot{}
	t.free = append(t.free, i)
}

// ages is the list of all offers that wait or are lent, in the order in which they came in. All are held for the same
// time at most, so the first is the next to be declined for its age.
type ages struct{ oldest, youngest int32 }

func (l *ages) add(t *slots, i int32) {
	s := t.at(i)
	s.older, s.younger = l.youngest, none
	if l.youngest == none {
		l.oldest = i
	} else {
		t.at(l.youngest).younger = i
	}
	l.youngest = i
}

func (l *ages) remove(t *slots, i int32) {
	s := t.at(i)
	if s.older == none {
		l.oldest = s.younger
	} else {
		t.at(s.older).younger = s.younger
	}
	if s.younger == none {
		l.youngest = s.older
	} else {
		t.at(s.younger).older = s.older
	}
}
