package placement

import (
	"math/rand/v2"
	"testing"
)

// bestKnapsack is the largest value there is, by trying everything.
func bestKnapsack(lots []lot, capacity int64) float64 {
	if len(lots) == 0 {
		return 0
	}
	best := 0.0
	for n := 0; n <= lots[0].count && int64(n)*lots[0].weight <= capacity; n++ {
		best = max(best, float64(n)*lots[0].value+bestKnapsack(lots[1:], capacity-int64(n)*lots[0].weight))
	}
	return best
}

func TestKnapsackSchemeKeepsItsBound(t *testing.T) {
	var w knapsackWork
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		capacity := 1 + rng.Int64N(60)
		lots := make([]lot, rng.IntN(6))
		for i := range lots {
			lots[i] = lot{weight: 1 + rng.Int64N(capacity), value: float64(1 + rng.IntN(1+rng.IntN(100))), count: 1 + rng.IntN(4)}
			if rng.IntN(5) == 0 {
				lots[i].value /= 64
			}
		}
		epsilon := []float64{0.02, 0.1, 0.3, 0.7, 1}[rng.IntN(5)]
		counts := w.solve(lots, capacity, epsilon)
		weight := int64(0)
		for i, n := range counts {
			if n < 0 || n > lots[i].count {
				t.Fatalf("%v, capacity %d, epsilon %v: takes %v", lots, capacity, epsilon, counts)
			}
			weight += int64(n) * lots[i].weight
		}
		best := bestKnapsack(lots, capacity)
		if got := valueOf(lots, counts); weight > capacity || got < (1-epsilon)*best-1e-9 {
			t.Fatalf("%v, capacity %d, epsilon %v: takes %v, weight %d, value %v of %v", lots, capacity, epsilon, counts, weight, got, best)
		}
	}
}
