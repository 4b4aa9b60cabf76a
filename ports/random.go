package ports

import (
	"math/bits"

	"github.com/berth-go/berth/resources"
)

// splitmix is Steele, Lea and Flood's SplitMix64 (2014). It is written out here because its
// numbers must never change: results are promised to be the same for the same seed.
type splitmix uint64

func (s *splitmix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number in [0, n), n > 0, all equally likely (Lemire 2019).
func (s *splitmix) below(n int) int {
	limit := uint64(n)
	hi, lo := bits.Mul64(s.next(), limit)
	for reject := -limit % limit; lo < reject; {
		hi, lo = bits.Mul64(s.next(), limit)
	}
	return int(hi)
}

// mix folds a number into the state, so that other free ports or another request draw other
// numbers.
func (s *splitmix) mix(n uint64) {
	*s ^= splitmix(n)
	*s = splitmix(s.next())
}

func generator(seed uint64, free resources.Ranges, req *Request) splitmix {
	s := splitmix(seed)
	for i := range free.Len() {
		s.mix(free.At(i).Begin)
		s.mix(free.At(i).End)
	}
	for _, p := range req.Fixed {
		s.mix(uint64(p))
	}
	s.mix(uint64(req.Dynamic))
	for i := range req.Within.Len() {
		s.mix(req.Within.At(i).Begin)
		s.mix(req.Within.At(i).End)
	}
	return s
}

func pickRandom(dst []uint16, free resources.Ranges, req *Request, fixed holes, seed uint64) []uint16 {
	s := generator(seed, free, req)
	if req.Contiguous {
		return pickRandomRun(dst, free, req, fixed, &s)
	}
	total := 0
	walk := blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		total += b.size()
	}
	// Floyd's sampling (Bentley and Floyd 1987): req.Dynamic different indexes below total.
	var chosen portSet
	for i := total - req.Dynamic; i < total; i++ {
		if !chosen.add(uint16(s.below(i + 1))) {
			chosen.add(uint16(i))
		}
	}
	first := 0 // index of the block's first port
	walk = blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		for i := chosen.from(first); i < first+b.size(); i = chosen.from(i + 1) {
			dst = append(dst, uint16(b.begin+i-first))
		}
		first += b.size()
	}
	return dst
}

func pickRandomRun(dst []uint16, free resources.Ranges, req *Request, fixed holes, s *splitmix) []uint16 {
	starts := func(b block) int { return max(b.size()-req.Dynamic+1, 0) }
	total := 0
	walk := blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		total += starts(b)
	}
	k := s.below(total)
	walk = blocksOf(free, req, fixed)
	for b, ok := walk.next(); ok; b, ok = walk.next() {
		if k < starts(b) {
			return appendRun(dst, b.begin+k, req.Dynamic)
		}
		k -= starts(b)
	}
	return dst
}
