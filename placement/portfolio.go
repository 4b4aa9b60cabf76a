package placement

import (
	"fmt"
	"math"

	"github.com/berth-go/berth/placement/internal/search"
)

// Portfolio runs several packers, one after the other, each from the start, and keeps the best result: the
// most value placed, then the fewest agents that nothing ran on, then the packer named first. They are [FillCosine],
// [FillDotProduct] and [Balanced], and last constructive heuristics under many weights of the columns, fixed and then
// random ones (Panigrahy et al. 2011; Gabay and Zaourar, "Vector bin packing with heterogeneous bins", 2016), for the tasks that [Improve] can move.
// Stats.Choice says whose result it is. It costs several times what one of them does, and moves nothing afterwards: for
// that see [Improve].
//
// A round that ends early keeps the best result so far.
func Portfolio() Packer {
	return &portfolio{[]Packer{FillCosine(), FillDotProduct(), Balanced()}}
}

type portfolio struct{ packers []Packer }

// portfolioSteps is what the constructive heuristics may spend: some milliseconds, or as much for each task as looking at
// so many bins takes.
const (
	portfolioSteps        = 1 << 20
	portfolioStepsPerTask = 1 << 8
)

func (p *portfolio) String() string { return "portfolio" }

// Pack implements [Packer].
func (p *portfolio) Pack(r *Round) {
	start := r.Mark()
	var best []change
	var most objective
	winner := -1
	for i, packer := range p.packers {
		if i > 0 && r.Stopped() {
			break
		}
		packer.Pack(r)
		if o := r.objective(); winner < 0 || o.beats(most) {
			best, most, winner = r.standing(best[:0], start), o, i
		}
		r.Rollback(start)
	}
	for _, c := range best {
		r.place(TaskIndex(c.task), c.bin, nil)
	}
	r.choice = fmt.Sprintf("%v, best of %d", p.packers[winner], len(p.packers)+1)
	if p.construct(r, most) {
		r.choice = fmt.Sprintf("weighted heuristics, best of %d", len(p.packers)+1)
	}
}

// standing appends the placements since the mark that stand.
func (r *Round) standing(to []change, since Mark) []change {
	for _, c := range r.undo[since:] {
		if c.bin = max(c.bin, ^c.bin); c.task >= 0 && r.spots[c.task].where == c.bin {
			to = append(to, c)
		}
	}
	return to
}

// construct tries the constructive heuristics on top of a result, and says whether they were better.
func (p *portfolio) construct(r *Round, most objective) bool {
	im := r.improvement()
	o := search.Options{Seed: r.seed, Steps: max(portfolioSteps, portfolioStepsPerTask*int64(len(im.tasks))), Stop: r.Stopped}
	if r.budget > 0 {
		o.Steps = min(o.Steps, r.budget-r.steps)
	}
	if len(im.tasks) == 0 || r.Stopped() || o.Steps <= 0 {
		return false
	}
	found, err := search.Pack(&im.problem, o)
	if err != nil {
		return false
	}
	r.steps = min(r.steps, math.MaxInt64-found.Steps) + found.Steps
	before := r.Mark()
	im.apply(r, found.Bin)
	if r.objective().beats(most) {
		return true
	}
	r.Rollback(before)
	return false
}
