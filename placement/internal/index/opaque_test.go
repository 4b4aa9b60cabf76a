package index

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOpaqueAgreesWithScan plays random changes on scores kept in a table.
func TestOpaqueAgreesWithScan(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 3))
		bins, shapes := 1+rng.IntN(90), 1+rng.IntN(40)
		table := map[[2]int32]float64{}
		rate := func(shape, bin int32) (float64, bool) {
			s, ok := table[[2]int32{shape, bin}]
			return s, ok
		}
		x := NewOpaque(bins, rate)
		for step := range 4000 {
			switch k := rng.IntN(20); {
			case k < 10:
				for range 1 + rng.IntN(3) {
					b := rng.Int32N(int32(bins))
					for s := range int32(shapes) {
						switch rng.IntN(12) {
						case 0:
							delete(table, [2]int32{s, b})
						case 1:
							table[[2]int32{s, b}] = math.NaN()
						case 2, 3, 4:
							table[[2]int32{s, b}] = float64(rng.IntN(5))
						}
					}
					x.Changed(b)
				}
			case k == 10 && step%50 == 0:
				bins += rng.IntN(30)
				x.Grow(bins)
			case k == 11 && step%100 == 0:
				x.Forget()
			case k == 12 && step%100 == 0: // hardly any room for orders
				x.most = x.entries + bins*rng.IntN(3)
			default:
				shape, mask := rng.Int32N(int32(shapes)), rng.Int32N(4)
				accept := func(b int32) bool { return mask == 0 || b%4 != mask }
				want := int32(-1)
				for b := range int32(bins) {
					s, ok := rate(shape, b)
					if !ok || !accept(b) {
						continue
					}
					if o, _ := rate(shape, want); want < 0 || s > o || o != o && s == s {
						want = b
					}
				}
				if got := x.Find(shape, accept); got != want {
					t.Fatalf("seed %d step %d: Find(%d) = %d, the scan says %d", seed, step, shape, got, want)
				}
			}
			if x.entries < 0 {
				t.Fatalf("seed %d step %d: %d entries", seed, step, x.entries)
			}
		}
		live := 0
		for i := range x.orders {
			live += len(x.orders[i].heap)
		}
		if live != x.entries {
			t.Errorf("seed %d: heaps hold %d entries, %d are counted", seed, live, x.entries)
		}
	}
}
