package placement

import "slices"

// FillCosine fills one bin after another, always adding the pending task with the smallest angle between what it
// needs and what is left of the bin, until nothing fits. Bins in use come first, then the largest.
// Large tasks go first only among equals of direction, so that every bin runs out of everything at once:
// the one to take when many tasks, small beside the agents, are to be placed together.
//
// Common to all packers that fill: columns are weighed by how much of what is left of them the pending tasks ask for,
// and tasks that fewer bins could take are preferred, so that what is special is not used up by those who
// could go elsewhere. They do not follow the order of the tasks within a priority, but tasks that prefer something go first, one by one, each
// where it likes best. What a requirement kept off every bin at its turn is tried once more in the end. Ties go to the larger kind of task,
// then to the earliest.
//
// With k kinds of tasks (different in need, requirements or value) a run costs O(bins*k + tasks*k) steps. Above 256 kinds those of
// similar need are compared as one, and the factor k is at most 256.
func FillCosine() Packer { return &filling{name: "fill-cosine", score: cosineOf} }

// FillDotProduct fills one bin after another, always adding the pending task with the largest dot product of
// what it needs and what is left of the bin: large tasks that point the right way. See [FillCosine] for what
// is common. It is the bin-centric heuristic with the best results of Panigrahy, Talwar, Uyeda, Wieder ("Heuristics for vector
// bin packing", 2011), the one to take where only a few tasks fit on an agent.
func FillDotProduct() Packer { return &filling{name: "fill-dot-product", score: dotOf} }

// FillL2Norm fills one bin after another, always adding the pending task that leaves the shortest vector of what is left: the
// norm-based greedy of Panigrahy et al. (2011). See [FillCosine] for what is common.
func FillL2Norm() Packer { return &filling{name: "fill-l2-norm", score: normOf} }

// filling is a bin-centric packer.
type filling struct {
	name string
	// score rates a need for what is free, both in parts of the largest bin; higher is better.
	score func(need, free, weight []float64) float64
}

func (p *filling) String() string { return p.name }

const (
	// fillFamilies is how many kinds of task are compared at a time.
	fillFamilies = 256
	// rareBonus is what a task gets on top that hardly any bin could take.
	rareBonus = 0.3
	// reachSample is how many bins are asked to estimate how many could take a task.
	reachSample = 64
)

// Pack implements [Packer].
func (p *filling) Pack(r *Round) {
	r.placePreferring(p)
	f := newFill(r)
	f.sortKinds(func(kd *kind) float64 { return f.size(kd.least) })
	f.group()
	f.sortBins()
	f.rate()
	for _, b := range f.bins {
		if r.Stopped() {
			return
		}
		f.fill(p, b)
	}
	r.sweep()
}

// placePreferring places the tasks that prefer something, in order, each where it likes best. The key is the packer's.
func (r *Round) placePreferring(key any) {
	var likes *Ranking
	for t := range r.Pending() {
		if len(r.ruleFor(t).prefer) == 0 {
			continue
		}
		if likes == nil {
			likes = r.Keep(preferringKey{key}, func() any { return r.Rank(preferring) }).(*Ranking)
		}
		if b, ok := likes.Best(t); ok {
			r.Place(t, b)
		}
	}
}

type preferringKey struct{ packer any }

// preferring rates bins in use above others.
func preferring(_, free, capacity Row) float64 {
	for c := range free.Len() {
		if free.At(c) != capacity.At(c) {
			return 1
		}
	}
	return 0
}

// sweep places what is left on the first bins that take it: requirements may let in now what they refused before.
func (r *Round) sweep() {
	for t := range r.promising() {
		if b, ok := r.First(t); ok {
			r.Place(t, b)
		}
	}
}

// fill adds tasks to a bin until nothing fits.
func (f *fill) fill(p *filling, b int32) {
	r := f.round
	row := r.freeRow(b)
	f.weigh()
	f.close(row)
	f.alive = f.alive[:0]
	for k := f.next(0, row); k >= 0; {
		fam := f.familyOf[k]
		f.alive = append(f.alive, candidate{int32(k), fam})
		k = f.next(f.families[fam].to, row)
	}
	for {
		best := f.best(p, row)
		if best < 0 || r.Stopped() {
			return
		}
		k := int(f.alive[best].kind)
		if f.place(k, BinIndex(b)) {
			for c, n := range f.list[k].least[:f.columns] {
				f.asked[c] -= float64(n)
			}
		} else if !f.advance(&f.alive[best], k+1, row) {
			f.alive = slices.Delete(f.alive, best, best+1)
		}
	}
}

type candidate struct{ kind, family int32 }

// advance makes the first kind of the family from the given one on that fits the candidate; false when there is none.
func (f *fill) advance(a *candidate, from int, row []int64) bool {
	k := f.next(from, row)
	if k < 0 || k >= f.families[a.family].to {
		return false
	}
	a.kind = int32(k)
	return true
}

// best is the position of the candidate with the highest score; families of which nothing fits any more are dropped.
func (f *fill) best(p *filling, row []int64) int {
	for c := range f.free {
		f.free[c] = float64(row[c]) * f.unit[c]
	}
	best, bestScore, at := -1, 0.0, 0
	f.round.steps += int64(len(f.alive))
	for _, a := range f.alive {
		kd := &f.list[a.kind]
		if (len(kd.tasks) == 0 || !covers(row, kd.least)) && !f.advance(&a, int(a.kind)+1, row) {
			continue
		}
		f.alive[at] = a
		k := int(a.kind)
		if score := p.score(f.needOf(k, row), f.free, f.weight) + f.bonus[k]; best < 0 || beats(score, bestScore) {
			best, bestScore = at, score
		}
		at++
	}
	f.alive = f.alive[:at]
	return best
}

// needOf is what a task of the kind would draw, in units.
func (f *fill) needOf(k int, row []int64) []float64 {
	if f.round.shaper.shapes[f.list[k].shape].variants == 1 {
		return f.need[k*f.columns : (k+1)*f.columns]
	}
	for c, n := range f.drawn(k, row)[:f.columns] {
		f.revised[c] = float64(n) * f.unit[c]
	}
	return f.revised
}
