package proptest

import (
	"math"
	"math/rand/v2"

	"github.com/berth-go/berth/placement"
)

// hostile does with a round whatever can be done, with arguments inside and outside of what makes sense.
func hostile(steps int) placement.Packer {
	return placement.PackerFunc(func(r *placement.Round) {
		h := newVandal(r, r.Rand())
		for range steps {
			h.act()
		}
	})
}

func noNumber(_, _, _ placement.Row) float64 { return math.NaN() }

// leastFree is best fit, but now and then no number, infinite or out of bounds.
func leastFree(need, free, capacity placement.Row) float64 {
	left := 0.0
	for c := range need.Len() {
		left += float64(free.At(c)-need.At(c)) / float64(capacity.At(c))
	}
	return -left
}

type vandal struct {
	*placement.Round
	marks []placement.Mark
	rng   *rand.Rand
	// least bounds the marks it rolls back to that it did not note itself.
	least placement.Mark
	// tasks and bins are one more than their highest numbers.
	tasks, bins int
	rankings    []*placement.Ranking
}

func newVandal(r *placement.Round, rng *rand.Rand) *vandal {
	h := &vandal{Round: r, rng: rng, least: -10, rankings: []*placement.Ranking{r.Rank(noNumber), r.Rank(leastFree)}}
	for t := range r.Tasks() {
		h.tasks = int(t) + 1
	}
	for b := range r.Bins() {
		h.bins = int(b) + 1
	}
	h.marks = append(h.marks, r.Mark())
	return h
}

// task is any task, or none.
func (h *vandal) task() placement.TaskIndex {
	return placement.TaskIndex(h.rng.IntN(h.tasks+4) - 2)
}

// bin is any bin, or none.
func (h *vandal) bin() placement.BinIndex {
	if h.rng.IntN(50) == 0 {
		return math.MaxInt32
	}
	return placement.BinIndex(h.rng.IntN(h.bins+4) - 2)
}

func (h *vandal) units() []int32 {
	units := make([]int32, h.rng.IntN(4))
	for i := range units {
		units[i] = int32(h.rng.IntN(7) - 1)
	}
	return units
}

func (h *vandal) act() {
	switch t, b := h.task(), h.bin(); h.rng.IntN(16) {
	case 0, 1, 2:
		h.Place(t, b)
	case 3, 4:
		h.PlaceOn(t, b, h.units())
	case 5, 6:
		h.Move(t, b)
	case 7, 8:
		h.Remove(t)
	case 9:
		h.marks = append(h.marks, h.Mark())
	case 10:
		if h.rng.IntN(3) == 0 {
			h.Rollback(h.marks[h.rng.IntN(len(h.marks))])
		}
	case 11:
		if h.rng.IntN(8) == 0 {
			h.Rollback(h.least + placement.Mark(h.rng.IntN(60)))
		}
	case 12, 13:
		if best, ok := h.rankings[h.rng.IntN(2)].Best(t); ok {
			h.Place(t, best)
		}
	case 14:
		if first, ok := h.First(t); ok {
			h.Place(t, first)
		}
	default:
		h.wander(b)
	}
}

// wander starts iterations and leaves them, changing things under way.
func (h *vandal) wander(b placement.BinIndex) {
	n := h.rng.IntN(4)
	for t := range h.Feasible(b) {
		h.Place(t, h.bin())
		h.Remove(h.task())
		if n--; n < 0 {
			break
		}
	}
	for t := range h.Pending() {
		h.PlaceOn(t, h.bin(), nil)
		if n--; n < 0 {
			break
		}
	}
	if b >= 0 && int(b) < h.bins {
		for t := range h.On(b) {
			h.Move(t, h.bin())
		}
	}
	h.Fits(h.task(), h.bin())
	h.Where(h.task())
}
