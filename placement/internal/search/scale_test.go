package search

import (
	"math/rand/v2"
	"testing"
	"time"
)

// cluster is a fleet of three types and tasks of that many shapes, about two
// thirds full.
func cluster(bins, items, shapes int) *Problem {
	rng := rand.New(rand.NewPCG(7, 7))
	types := [][]int64{{32_000, 128_000}, {64_000, 128_000}, {16_000, 256_000}}
	p := &Problem{Columns: 2}
	for b := range bins {
		p.Free = append(p.Free, types[b%3]...)
	}
	per := int64(items / bins)
	for range shapes {
		p.Need = append(p.Need, 500+rng.Int64N(34_000/per), 1000+rng.Int64N(170_000/per))
	}
	for range items {
		p.Shape = append(p.Shape, int32(rng.IntN(shapes)))
	}
	return p
}

// spread is a start as a load balancer would leave it: round robin.
func spread(p *Problem) []int32 {
	s := newPacking(newModel(p))
	b := int32(0)
	for i := range p.Shape {
		for range p.Bins() {
			if b++; int(b) == p.Bins() {
				b = 0
			}
			if s.canHold(int32(i), b) {
				s.put(int32(i), b)
				break
			}
		}
	}
	return s.bin
}

// A budget bounds the time whatever the size: nothing costs items x bins.
func TestScale(t *testing.T) {
	bins, items := 10_000, 100_000
	if testing.Short() {
		bins, items = 1000, 10_000
	}
	for _, shapes := range []int{100, items} {
		p := cluster(bins, items, shapes)
		start := spread(p)
		value, before := score(p, start)
		for _, steps := range []int64{1_000_000, 20_000_000} {
			began := time.Now()
			got, err := Improve(p, start, Options{Steps: steps})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Verify(got.Bin); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d shapes, %d steps (%d used): %d of %d in %d bins -> %d in %d in %v", shapes, steps, got.Steps, value, items, before, got.Placed, got.Opened, time.Since(began).Round(time.Millisecond))
			if got.Opened > before || int64(got.Placed) < value {
				t.Errorf("worse than the start: %d bins, %d placed", got.Opened, got.Placed)
			}
			if got.Steps > steps+int64(10*items) {
				t.Errorf("used %d steps of %d", got.Steps, steps)
			}
		}
	}
}
