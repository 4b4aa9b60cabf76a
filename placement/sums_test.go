package placement

import (
	"math/rand/v2"
	"testing"
)

// TestSums compares sums with a plain slice, whatever form they have.
func TestSums(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		size := 1 + rng.IntN(400)
		s, twin := newSums(size), make([]int32, size)
		for step := range 2000 {
			if rng.IntN(200) == 0 {
				size += rng.IntN(100)
				s.grow(size)
				twin = append(twin, make([]int32, size-len(twin))...)
			}
			v := rng.IntN(1 + rng.IntN(size))
			n := int32(rng.IntN(3) - 1)
			s.add(int32(v), n)
			twin[v] += n
			var sum, want int32
			for _, n := range s.values() {
				sum += n * n
			}
			for v, n := range twin {
				want += n * n
				if s.at(int32(v)) != n {
					t.Fatalf("seed %d step %d: value %d of %d is %d, want %d", seed, step, v, size, s.at(int32(v)), n)
				}
			}
			if sum != want {
				t.Fatalf("seed %d step %d: each adds up to %d, want %d", seed, step, sum, want)
			}
		}
	}
}
