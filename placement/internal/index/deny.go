package index

import "math/bits"

// Deny has bits for bins that are passed over as if they were not accepted: what is known of many bins at once costs less
// than asking. The slices may be shorter than there are bins; nil denies none.
type Deny struct {
	// Shut are bins that stay denied in all questions of the same Era, so that it pays to move them out of the way. Eras that shut
	// any are not 0.
	Shut []uint64
	Era  int64
	// Now are bins denied in this question.
	Now []uint64
}

// word is the bits of 64 bins.
func (d *Deny) word(w int) (denied uint64) {
	if w < len(d.Shut) {
		denied = d.Shut[w]
	}
	if w < len(d.Now) {
		denied |= d.Now[w]
	}
	return denied
}

func (d *Deny) has(bin int32) bool {
	return d != nil && d.word(int(bin>>6))>>(bin&63)&1 != 0
}

// shut says whether a bin stays denied.
func (d *Deny) shut(bin int32) bool {
	w := int(bin >> 6)
	return d != nil && w < len(d.Shut) && d.Shut[w]>>(bin&63)&1 != 0
}

func (d *Deny) era() int64 {
	if d == nil {
		return 0
	}
	return d.Era
}

// open is the first of the words of a block of bins that covers a need and is not denied by a bit of its own; else their number.
func open(words []uint64, denied, over uint64) int {
	may := ^denied
	for may &= 1<<(len(words)&31) - 1; may != 0; may &= may - 1 {
		if b := bits.TrailingZeros64(may); lacks(words[b], over) == 0 {
			return b
		}
	}
	return len(words)
}
