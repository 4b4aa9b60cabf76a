package search

import (
	"math/rand/v2"
	"testing"
)

// No bound may be above what brute force opens.
func TestBoundsValid(t *testing.T) {
	solved, sharp := 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 4))
		p := random(rng, 1+rng.IntN(7), 1+rng.IntN(5))
		value, opened := best(p)
		placeAll, _ := exactTotal(p)
		b, err := LowerBound(p, Options{Steps: 1_000_000})
		if err != nil {
			t.Fatal(err)
		}
		if value < placeAll {
			continue // not everything fits: a bound says nothing
		}
		solved++
		if b.Best > opened {
			t.Fatalf("seed %d: bounds %+v, but %d bins are enough", seed, b, opened)
		}
		if b.Best == opened {
			sharp++
		}
	}
	t.Logf("%d solvable, the bound equals the optimum on %d", solved, sharp)
}

func exactTotal(p *Problem) (value int64, items int) {
	m := newModel(p)
	for i := range m.items {
		value += m.valueOf(int32(i))
	}
	return value, m.items
}

// The bounds must hold, and mostly agree, on instances with known optimum.
func TestBoundsOnInstances(t *testing.T) {
	for _, set := range []string{"panigrahy", "new", "ct"} {
		n, sharp, simple := 0, 0, 0
		for _, in := range scored(readInstances(t, set)) {
			if len(in.items) > 60 {
				continue
			}
			b, err := LowerBound(in.problem(), Options{Steps: 3_000_000})
			if err != nil {
				t.Fatal(err)
			}
			if b.Best > in.optimum {
				t.Fatalf("%s: bounds %+v above the optimum %d", in.name, b, in.optimum)
			}
			n++
			if b.Best == in.optimum {
				sharp++
			}
			if max(b.Volume, b.Sizes, b.Pairs) == in.optimum {
				simple++
			}
		}
		t.Logf("%s: equal to the optimum on %d of %d, without the LP %d", set, sharp, n, simple)
	}
}

func TestHold(t *testing.T) {
	free := []int64{4, 1, 2, 8, 3, 3}
	for _, c := range []struct {
		total []int64
		want  int
	}{
		{[]int64{0, 0}, 0}, {[]int64{4, 8}, 1}, {[]int64{5, 1}, 2}, {[]int64{1, 12}, 3}, {[]int64{10, 0}, 4},
	} {
		if got := Hold(2, free, c.total); got != c.want {
			t.Errorf("Hold(%v) = %d, want %d", c.total, got, c.want)
		}
	}
}
