package index

import (
	"math"
	"math/bits"
)

// journal is the bins in the order of their latest touch: a list for each class of bins, in which a touched bin moves to the front of that of the
// class it now has. A reader that has worked in everything up to some clock walks the lists that concern it from the front to the first
// older touch, and so meets every bin touched since at most once, however often it was touched. A reader that missed everything walks
// no further than all bins.
//
// Memory: 24 bytes a bin.
type journal struct {
	stamp  []uint32       // per bin: the clock of its latest touch, 0: never
	visits []visit        // per bin
	newer  []int32        // per bin: the one of its class touched after it; of a front the complement of its class
	front  [classes]int32 // per class: the bin touched last, -1: none
	latest [classes]uint32
	clock  uint32 // of the next touch; starts at 1
}

// visit is the latest touch of a bin: all that a walk reads of it.
type visit struct {
	word  uint64 // of the bin
	stamp uint32 // its clock
	older int32  // the bin of the class touched before it, -1: none
}

func newJournal(n int) journal {
	j := journal{stamp: make([]uint32, n), visits: make([]visit, n), newer: make([]int32, n), clock: 1}
	for c := range j.front {
		j.front[c] = -1
	}
	return j
}

// touch moves a bin, which now has this word, to the front of a class. It reports whether the clock ran over and all started anew, which voids stamps and clocks
// readers have kept.
func (j *journal) touch(bin int32, word uint64, class uint8) (restarted bool) {
	if j.clock == math.MaxUint32 {
		*j, restarted = newJournal(len(j.stamp)), true
	}
	if listed := j.stamp[bin] != 0; !listed || j.newer[bin] != ^int32(class) {
		if listed {
			j.unlink(bin)
		}
		front := &j.front[class&(classes-1)]
		if *front >= 0 {
			j.newer[*front] = bin
		}
		j.visits[bin].older, j.newer[bin] = *front, ^int32(class)
		*front = bin
	}
	j.latest[class&(classes-1)] = j.clock
	j.stamp[bin] = j.clock
	j.visits[bin].word, j.visits[bin].stamp = word, j.clock
	j.clock++
	return restarted
}

func (j *journal) unlink(bin int32) {
	older, newer := j.visits[bin].older, j.newer[bin]
	latest := uint32(0)
	if older >= 0 {
		j.newer[older], latest = newer, j.stamp[older]
	}
	if newer >= 0 {
		j.visits[newer].older = older
		return
	}
	j.front[^newer&(classes-1)], j.latest[^newer&(classes-1)] = older, latest
}

// reword gives every bin touched so far its word and class anew.
func (j *journal) reword(words []uint64, class func(word uint64) uint8) {
	was := j.front
	var end [classes]int32 // of the new lists
	for c := range end {
		j.front[c], j.latest[c], end[c] = -1, 0, -1
	}
	for {
		from, stamp := -1, uint32(0)
		for c, b := range was {
			if b >= 0 && j.stamp[b] > stamp {
				from, stamp = c, j.stamp[b]
			}
		}
		if from < 0 {
			return
		}
		b := was[from]
		v := &j.visits[b]
		c := class(words[b]) & (classes - 1)
		if end[c] < 0 {
			j.front[c], j.latest[c], j.newer[b] = b, stamp, ^int32(c)
		} else {
			j.visits[end[c]].older, j.newer[b] = b, end[c]
		}
		was[from], end[c] = v.older, b
		v.word, v.older = words[b], -1
	}
}

// covering gathers the bins of a class or a higher one that were touched at pos or later and whose words cover need. It says how many they are,
// and how many bins it looked at.
//
// It is not inlined, because then its loop would not have the registers it needs.
//
//go:noinline
func (j *journal) covering(class uint8, pos uint32, need uint64, gathered []int32) (n, looks int) {
	visits, lists := j.visits, j.touchedSince(pos)>>(class&63)<<(class&63)
	for ; lists != 0; lists &= lists - 1 {
		for b := j.front[bits.TrailingZeros64(lists)&(classes-1)]; b >= 0; {
			v := &visits[b]
			if v.stamp < pos {
				break
			}
			looks++
			gathered[n] = b
			if covers(v.word, need) {
				n++
			}
			b = v.older
		}
	}
	return n, looks
}

// touchedSince has the bits of the classes of which a bin was touched at pos or later.
func (j *journal) touchedSince(pos uint32) (touched uint64) {
	for c := classes - 1; c >= 0; c-- {
		touched = touched<<1 | ^(uint64(j.latest[c])-uint64(pos))>>63
	}
	return touched
}

// grow makes room for bins up to n-1, untouched as yet.
func (j *journal) grow(n int) {
	more := n - len(j.stamp)
	j.stamp = append(j.stamp, make([]uint32, more)...)
	j.visits, j.newer = append(j.visits, make([]visit, more)...), append(j.newer, make([]int32, more)...)
}

// since says how many touches followed those a reader at pos has worked in; not fewer than the bins it will meet.
func (j *journal) since(pos uint32) int { return int(j.clock - pos) }
