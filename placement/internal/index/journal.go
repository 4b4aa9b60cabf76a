package index

import "math"

// journal is the bins in the order of their latest touch: a list in which a touched bin moves to the front. A reader that has
// worked in everything up to some clock walks from the front to the first older touch, and so meets every bin touched since
// exactly once, however often it was touched. A reader that missed everything walks no further than all bins.
//
// Memory: 12 bytes a bin.
type journal struct {
	stamp []uint32 // per bin: the clock of its latest touch, 0: never
	older []int32  // per bin: the one touched before it, -1: none
	newer []int32
	front int32  // the bin touched last, -1: none
	clock uint32 // of the next touch; starts at 1
}

func newJournal(n int) journal {
	return journal{stamp: make([]uint32, n), older: make([]int32, n), newer: make([]int32, n), front: -1, clock: 1}
}

// touch moves a bin to the front. It reports whether the clock ran over and all started anew, which voids stamps and clocks
// readers have kept.
func (j *journal) touch(bin int32) (restarted bool) {
	if j.clock == math.MaxUint32 {
		*j, restarted = newJournal(len(j.stamp)), true
	}
	if j.front != bin {
		if j.stamp[bin] != 0 {
			older, newer := j.older[bin], j.newer[bin]
			j.older[newer] = older // a bin that is not the front has a newer one
			if older >= 0 {
				j.newer[older] = newer
			}
		}
		if j.front >= 0 {
			j.newer[j.front] = bin
		}
		j.older[bin] = j.front
		j.front = bin
	}
	j.stamp[bin] = j.clock
	j.clock++
	return restarted
}

// grow makes room for bins up to n-1, untouched as yet.
func (j *journal) grow(n int) {
	more := n - len(j.stamp)
	j.stamp = append(j.stamp, make([]uint32, more)...)
	j.older, j.newer = append(j.older, make([]int32, more)...), append(j.newer, make([]int32, more)...)
}

// since says how many touches followed those a reader at pos has worked in; not fewer than the bins it will meet.
func (j *journal) since(pos uint32) int { return int(j.clock - pos) }
