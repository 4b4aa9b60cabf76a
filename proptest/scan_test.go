package proptest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/berth-go/berth/placement"
)

// TestScan: First and Best find what a look at every bin finds, whatever was done before.
func TestScan(t *testing.T) {
	scorers := []placement.Scorer{
		noNumber, leastFree,
		func(_, _, _ placement.Row) float64 { return 1 },
		func(need, free, _ placement.Row) float64 {
			sum := 0.0
			for c := range need.Len() {
				sum += float64((free.At(c)-need.At(c))%7) / 7
			}
			return sum
		},
	}
	law(t, 500, func(s scenario) (wrong string) {
		packer := placement.PackerFunc(func(r *placement.Round) {
			h := newVandal(r, rand.New(rand.NewPCG(s.seed, 1)))
			h.rankings = nil
			for _, score := range scorers {
				h.rankings = append(h.rankings, r.Rank(score))
			}
			for range 150 {
				h.act()
				if why := h.compare(scorers); why != "" && wrong == "" {
					wrong = why
				}
			}
		})
		if _, why := s.assign(packer); why != "" {
			return why
		}
		return wrong
	}, scenarios(rich))
}

// compare asks for bins for some pending task, and looks for them.
func (h *vandal) compare(scorers []placement.Scorer) string {
	for t := range h.Pending() {
		if h.rng.IntN(5) > 0 {
			continue
		}
		first := placement.NoBin
		for b := range h.Bins() {
			if h.Fits(t, b) {
				first = b
				break
			}
		}
		if got, ok := h.First(t); got != first || ok != (first != placement.NoBin) {
			return fmt.Sprintf("First(%d) is %d, %v, but the first that fits is %d", t, got, ok, first)
		}
		task := h.Task(t)
		if len(task.Prefer) > 0 || task.Revocable == placement.Prefer {
			return "" // what is scored then cannot be seen from here
		}
		i := h.rng.IntN(len(scorers))
		best, high := h.scan(t, scorers[i])
		if got, ok := h.rankings[i].Best(t); got != best || ok != (best != placement.NoBin) {
			return fmt.Sprintf("scorer %d: Best(%d) is %d, %v, but %d scores %v", i, t, got, ok, best, high)
		}
		return ""
	}
	return ""
}

// scan finds the best bin by looking at all.
func (h *vandal) scan(t placement.TaskIndex, score placement.Scorer) (best placement.BinIndex, high float64) {
	best, high = placement.NoBin, math.NaN()
	for b := range h.Bins() {
		if !h.Fits(t, b) {
			continue
		}
		if s := score(h.Need(t), h.Free(b), h.Capacity(b)); best == placement.NoBin || s > high || (math.IsNaN(high) && !math.IsNaN(s)) {
			best, high = b, s
		}
	}
	return best, high
}
