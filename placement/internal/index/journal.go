package index

import "math"

// journal is the order in which bins were touched. A reader that has seen everything up to some clock reads on from there and
// meets every bin touched since exactly once, at its last touch.
//
// Memory: 4 to 12 bytes a bin.
type journal struct {
	log   []int32  // a ring; entry i stands at i & (len-1)
	stamp []uint32 // per bin: the clock of its last touch, 0: never
	clock uint32   // entries written so far; starts at 1
}

func newJournal(n int) journal {
	size := 64
	for size < n {
		size *= 2
	}
	return journal{log: make([]int32, size), stamp: make([]uint32, n), clock: 1}
}

// add records a touch. It reports whether the clock ran over and started anew, which voids all stamps and positions.
func (j *journal) add(bin int32) (restarted bool) {
	if j.clock == math.MaxUint32 {
		clear(j.stamp)
		j.clock, restarted = 1, true
	}
	j.log[int(j.clock)&(len(j.log)-1)] = bin
	j.stamp[bin] = j.clock
	j.clock++
	return restarted
}

// since says how many entries follow position pos.
func (j *journal) since(pos uint32) int { return int(j.clock - pos) }
