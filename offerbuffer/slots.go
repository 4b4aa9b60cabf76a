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

// slot is what the buffer knows of an offer. Lists go by position, which is half as long as a pointer.
type slot struct {
	since time.Duration // when it came in
	// serial numbers offers in the order in which they came in.
	serial     uint64
	next, prev int32 // of its bin
	bin        int32
	hash       uint32 // of its id
	age        uint32 // its position among the ages
	state      state
}

// slots is a table of offers that never moves them, and fills holes before it grows. What most calls need, and what the
// neighbours' change, is apart from the offers themselves, close together.
type slots struct {
	chunks []*[chunkSize]slot
	offers []*[chunkSize]placement.Offer
	free   []int32
	used   int32 // slots that were ever used
}

const chunkSize = 1 << 10

func (t *slots) at(i int32) *slot { return &t.chunks[uint32(i)/chunkSize][uint32(i)%chunkSize] }

func (t *slots) offer(i int32) *placement.Offer {
	return &t.offers[uint32(i)/chunkSize][uint32(i)%chunkSize]
}

func (t *slots) take() int32 {
	if n := len(t.free); n > 0 {
		i := t.free[n-1]
		t.free = t.free[:n-1]
		return i
	}
	if int(t.used) == len(t.chunks)*chunkSize {
		t.chunks = append(t.chunks, new([chunkSize]slot))
		t.offers = append(t.offers, new([chunkSize]placement.Offer))
	}
	t.used++
	return t.used - 1
}

func (t *slots) release(i int32) {
	*t.at(i), *t.offer(i) = slot{}, placement.Offer{}
	t.free = append(t.free, i)
}
