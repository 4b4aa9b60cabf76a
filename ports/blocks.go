package ports

import (
	"math"
	"math/bits"

	"github.com/berth-go/berth/resources"
)

// portSet is a set of port numbers, small enough to live on the stack.
type portSet [(maxPort + 1) / 64]uint64

// add reports whether p was not in the set before.
func (s *portSet) add(p uint16) bool {
	word, bit := &s[p/64], uint64(1)<<(p%64)
	added := *word&bit == 0
	*word |= bit
	return added
}

func (s *portSet) has(p uint16) bool { return s[p/64]&(1<<(p%64)) != 0 }

// from returns the smallest member that is p or above, or maxPort+1. p is at most maxPort.
func (s *portSet) from(p int) int {
	i := p / 64
	word := s[i] >> (p % 64)
	if word != 0 {
		return p + bits.TrailingZeros64(word)
	}
	for i++; i < len(s); i++ {
		if s[i] != 0 {
			return i*64 + bits.TrailingZeros64(s[i])
		}
	}
	return maxPort + 1
}

// holes are the ports that blocks leaves out. Clearing a portSet costs more than all else
// that Fits does, so a few ports are searched one by one.
type holes struct {
	few  []uint16
	many *portSet // nil: few says it all
}

const few = 16

func (h holes) from(p int) int {
	if h.many != nil {
		return h.many.from(p)
	}
	first := maxPort + 1
	for _, q := range h.few {
		if int(q) >= p {
			first = min(first, int(q))
		}
	}
	return first
}

// block is a run of consecutive ports, both ends included.
type block struct{ begin, end int }

func (b block) size() int { return b.end - b.begin + 1 }

// blocks walks, in ascending order, the longest runs of ports from which dynamic ports may
// be drawn: free, within bounds, from 1 to maxPort, and not taken otherwise. It is the one
// place that says so; whatever decides whether a request fits, and whatever picks, walks
// the same blocks.
type blocks struct {
	free, within resources.Ranges
	taken        holes
	i, j         int   // next intervals of free and within
	left         block // what is left of the interval being cut at taken ports
}

func blocksOf(free resources.Ranges, req *Request, taken holes) blocks {
	return blocks{free: free, within: req.Within, taken: taken, left: block{begin: 1, end: 0}}
}

func (b *blocks) next() (block, bool) {
	for {
		for b.left.begin > b.left.end {
			if !b.advance() {
				return block{}, false
			}
		}
		run := b.left
		run.end = min(run.end, b.taken.from(run.begin)-1)
		b.left.begin = run.end + 1
		if run.begin <= run.end {
			return run, true
		}
		b.left.begin++ // run.begin itself is taken
	}
}

// advance sets left to the next interval of free and within together, which may be empty.
func (b *blocks) advance() bool {
	if b.i >= b.free.Len() || (b.j >= b.within.Len() && !b.within.IsEmpty()) {
		return false
	}
	f, w := b.free.At(b.i), resources.Range{Begin: 1, End: math.MaxUint64}
	if !b.within.IsEmpty() {
		w = b.within.At(b.j)
	}
	b.left = block{begin: int(min(max(f.Begin, w.Begin, 1), maxPort+1)), end: int(min(f.End, w.End, maxPort))}
	if f.End <= w.End {
		b.i++
	} else {
		b.j++
	}
	return true
}
