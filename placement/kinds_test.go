package placement

import (
	"math/rand/v2"
	"testing"
)

// TestNeedTree compares the tree with a scan.
func TestNeedTree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n, stride := rng.IntN(40), 1+rng.IntN(4)
		row := func() []int64 {
			r := make([]int64, stride)
			for c := range r {
				r[c] = rng.Int64N(8)
			}
			return r
		}
		list := make([]kind, n)
		for k := range list {
			list[k].least = row()
		}
		tree, gone := newNeedTree(list, stride), make([]bool, n)
		for range 60 {
			if n > 0 && rng.IntN(3) == 0 {
				k := rng.IntN(n)
				tree.remove(k)
				gone[k] = true
			}
			free, from := row(), rng.IntN(n+2)
			want := -1
			for k := from; k < n && want < 0; k++ {
				if !gone[k] && covers(free, list[k].least) {
					want = k
				}
			}
			if got, _ := tree.next(from, free); got != want {
				t.Fatalf("of %v, gone %v, free %v from %d: got %d, want %d", list, gone, free, from, got, want)
			}
		}
	}
}
