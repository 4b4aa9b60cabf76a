package placement

// slab hands out slices of one element, cut from one piece of memory: most agents have one offer.
// The zero value makes each by itself.
type slab struct {
	numbers []int32
}

func newSlab(n int) slab { return slab{numbers: make([]int32, 0, n)} }

func (s *slab) one(n int32) []int32 {
	if len(s.numbers) == cap(s.numbers) {
		return []int32{n}
	}
	s.numbers = append(s.numbers, n)
	i := len(s.numbers)
	return s.numbers[i-1 : i : i]
}
