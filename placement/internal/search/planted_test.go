package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// planted cuts full bins of 1000 into parts items each, in every column by itself, and then takes slack thousandths off what the items
// need: so many bins are enough, and as slack is below one bin in all, no fewer are.
func planted(rng *rand.Rand, columns, bins, parts int, slack int64) instance {
	in := instance{name: fmt.Sprintf("%d columns, %d bins of %d, slack %d", columns, bins, parts, slack), optimum: bins}
	for range columns {
		in.capacity = append(in.capacity, 1000)
	}
	for range bins {
		rows := make([][]int64, parts)
		for range columns {
			left := int64(1000)
			for k := range rows {
				a := left
				if rest := int64(parts - k - 1); rest > 0 {
					mean := left / (rest + 1)
					a = mean/2 + rng.Int64N(mean+1)
				}
				left -= a
				rows[k] = append(rows[k], a)
			}
		}
		in.items = append(in.items, rows...)
	}
	for c := range columns {
		for left := slack; left > 0; {
			i := rng.IntN(len(in.items))
			a := min(left, in.items[i][c]/2, 1+rng.Int64N(20))
			in.items[i][c] -= a
			left -= a
		}
	}
	rng.Shuffle(len(in.items), func(i, j int) { in.items[i], in.items[j] = in.items[j], in.items[i] })
	return in
}

// What was cut out of full bins goes back into them, or nearly; the bound finds what was planted, and nothing is called
// optimal that is not.
func TestPlanted(t *testing.T) {
	for _, tt := range []struct {
		columns, bins, parts int
		slack                int64
		most                 int // bins more than planted, over eight instances
	}{
		{1, 20, 3, 0, 2}, {2, 20, 3, 0, 0}, {2, 20, 3, 100, 20}, {2, 20, 3, 900, 0}, {3, 12, 4, 500, 0}, {2, 40, 2, 999, 0}, {2, 8, 12, 500, 0},
	} {
		more, proven, runs := 0, 0, 8
		if testing.Short() {
			runs = 3
		}
		for seed := range uint64(runs) {
			in := planted(rand.New(rand.NewPCG(seed, 8)), tt.columns, tt.bins, tt.parts, tt.slack)
			p, o := in.problem(), Options{Seed: seed, Steps: 6_000_000}
			got, err := Improve(p, nil, o)
			if err != nil {
				t.Fatal(in.name, err)
			}
			used := in.binsUsed(t, got.Bin)
			if used < in.optimum || got.Optimal && used != in.optimum {
				t.Fatalf("%s: %d bins, optimal: %v", in.name, used, got.Optimal)
			}
			if got.Optimal {
				proven++
			}
			more += used - in.optimum
			if again, _ := Improve(p, nil, o); !slices.Equal(got.Bin, again.Bin) || got.Steps != again.Steps {
				t.Fatalf("%s: two answers", in.name)
			}
		}
		t.Logf("%+v: %d bins more than planted, %d of %d proven", tt, more, proven, runs)
		if more > tt.most {
			t.Errorf("%+v: %d bins more than planted", tt, more)
		}
	}
}
