package placement

// sums are numbers by the value of a partition. Where values are few it is a slice; where they are many, and mostly zero, a
// hash table with linear probing: a group of fifty tasks, each on a host of its own, takes room for its hosts, not for all.
type sums struct {
	size int32
	all  []int32 // by value, or nil
	keys []int32 // value plus one; 0: free. As many as a power of two
	nums []int32
	used int // keys, those of sums that went back to zero included
	most int // sums other than zero there may come to be, as far as known when the first does
}

// fewValues is how many values are always kept in a slice.
const fewValues = 64

func newSums(size int) sums {
	var s sums
	s.grow(size)
	return s
}

// grow makes room for values up to size-1.
func (s *sums) grow(size int) {
	if s.all != nil || size <= fewValues && s.keys == nil {
		s.all = append(s.all, make([]int32, size-len(s.all))...)
	}
	s.size = int32(size)
}

// expect notes, before the first sum, how many there may come to be.
func (s *sums) expect(n int32) {
	if s.used == 0 {
		s.most = int(n)
	}
}

func (s *sums) at(value int32) int32 {
	if s.all != nil {
		return s.all[value]
	}
	if s.keys == nil {
		return 0
	}
	return s.nums[s.slot(value)]
}

// slot is where a value is, or a free slot, whose number is zero.
func (s *sums) slot(value int32) int {
	mask := len(s.keys) - 1
	i := int(uint32(value)*0x9E3779B1>>8) & mask
	for s.keys[i] != value+1 && s.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

func (s *sums) add(value, n int32) {
	if s.all == nil && 2*(s.used+1) > len(s.keys) {
		s.rehash()
	}
	if s.all != nil {
		s.all[value] += n
		return
	}
	i := s.slot(value)
	if s.keys[i] == 0 {
		s.keys[i] = value + 1
		s.used++
	}
	s.nums[i] += n
}

// rehash makes a table of at least twice as many slots as there are sums other than zero, or a slice when that is no larger.
func (s *sums) rehash() {
	live := 0
	for _, n := range s.nums {
		if n != 0 {
			live++
		}
	}
	room := 16
	for room < max(4*(live+1), 2*s.most) {
		room *= 2
	}
	s.most = 0 // a guess, and made once
	keys, nums := s.keys, s.nums
	s.keys, s.nums, s.used = nil, nil, 0
	if 2*room > int(s.size) {
		s.all = make([]int32, s.size)
	} else {
		s.keys, s.nums = make([]int32, room), make([]int32, room)
	}
	for i, n := range nums {
		if n != 0 {
			s.add(keys[i]-1, n)
		}
	}
}

// values are the sums, and perhaps zeros, in no order that may show in a result.
func (s *sums) values() []int32 {
	if s.all != nil {
		return s.all
	}
	return s.nums
}
