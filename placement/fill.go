package placement

import (
	"cmp"
	"math"
	"slices"
)

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
// With k kinds of tasks (different in need, requirements or value) of which at most 256 are compared at a time,
// a run costs O(bins*k + tasks*min(k, 256)) steps.
func FillCosine() Packer { return &filling{name: "fill-cosine", score: cosineOf} }

// FillDotProduct fills one bin after another, always adding the pending task with the largest dot product of
// what it needs and what is left of the bin: large tasks that point the right way. See [FillCosine] for what
// is common. It is the bin-centric heuristic with the best results of Panigrahy, Talwar, Uyeda, Wieder ("Heuristics for vector
// bin packing", 2011), the one to take where only a few tasks fit on an agent.
func FillDotProduct() Packer { return &filling{name: "fill-dot-product", score: dotOf} }

// FillL2Norm fills one bin after another, always adding the pending task that leaves the shortest vector of what is left: the
// norm-based greedy of Panigrahy et al. (2011). See [FillCosine] for what is common.
func FillL2Norm() Packer { return &filling{name: "fill-l2-norm", score: normOf} }

// FillTetris is [FillDotProduct] with all amounts as parts of the bin's own capacity: the way in which Tetris (Grandl
// et al., SIGCOMM 2014) picks tasks for a machine.
func FillTetris() Packer { return &filling{name: "fill-tetris", score: dotOf, own: true} }

// filling is a bin-centric packer.
type filling struct {
	name string
	// score rates a need for what is free, both in parts of the largest bin; higher is better.
	score func(need, free, weight []float64) float64
	// own weighs columns such that amounts count in parts of the bin's own capacity.
	own bool
}

func (p *filling) String() string { return p.name }

const (
	// fillWindow is how many kinds of task are compared at a time; it matters only where most tasks differ.
	fillWindow = 256
	// rareBonus is what a task gets on top that hardly any bin could take.
	rareBonus = 0.3
	// reachSample is how many bins are asked to estimate how many could take a task.
	reachSample = 64
)

// Pack implements [Packer].
func (p *filling) Pack(r *Round) {
	r.placePreferring(p)
	f := newFill(r)
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
	for t := range r.Pending() {
		if b, ok := r.First(t); ok {
			r.Place(t, b)
		}
	}
}

// fill is the state of a run.
type fill struct {
	*kinds
	columns       int
	bins          []int32
	unit          []float64   // turns amounts into parts of the largest bin's capacity
	asked, left   []float64   // by the pending tasks; of the bins not filled yet
	weight        []float64   // of each column on the bin being filled
	need          []float64   // a row a kind, of its least need, in units
	bonus         []float64   // of each kind
	free, revised []float64   // rows in units
	alive         []candidate // the kinds being compared
	from          int         // where to look for more
}

type candidate struct {
	kind  int
	score float64
}

func newFill(r *Round) *fill {
	d := len(r.columns)
	unit, _ := r.largestUnits()
	f := &fill{kinds: newKinds(r), columns: d, unit: unit, asked: make([]float64, d), left: make([]float64, d),
		weight: make([]float64, d), free: make([]float64, d), revised: make([]float64, d)}
	for k := range f.list {
		for c, n := range f.list[k].least[:d] {
			f.asked[c] += float64(n) * float64(len(f.list[k].tasks))
		}
	}
	for _, b := range r.liveBins() {
		for c, a := range r.freeRow(b)[:d] {
			f.left[c] += float64(a)
		}
	}
	f.weigh()
	f.sortKinds()
	f.index()
	f.sortBins()
	f.rate()
	return f
}

// weigh makes weights that add up to 1 out of how much of what is left is asked for.
func (f *fill) weigh() {
	sum := 0.0
	for c := range f.weight {
		f.weight[c] = 0
		if f.left[c] > 0 && f.asked[c] > 0 {
			f.weight[c] = f.asked[c] / f.left[c]
		}
		sum += f.weight[c]
	}
	for c := range f.weight {
		if sum > 0 {
			f.weight[c] /= sum
		}
	}
}

// size is the weighted size of a row.
func (f *fill) size(row []int64) float64 {
	size := 0.0
	for c, w := range f.weight {
		size += float64(w * f.unit[c] * float64(row[c]))
	}
	return size
}

// sortKinds puts the largest first.
func (f *fill) sortKinds() {
	size := make(map[int32]float64, len(f.list))
	for k := range f.list {
		size[f.list[k].shape] = f.size(f.list[k].least)
	}
	slices.SortStableFunc(f.list, func(a, b kind) int { return cmp.Compare(size[b.shape], size[a.shape]) })
}

// sortBins lists the bins that some task fits on: those in use first, then the largest.
func (f *fill) sortBins() {
	r := f.round
	type sized struct {
		used bool
		size float64
		bin  int32
	}
	var all []sized
	for _, b := range r.liveBins() {
		row := r.freeRow(b)
		if f.next(0, row) >= 0 {
			all = append(all, sized{r.Used(BinIndex(b)), f.size(row), b})
		} else {
			f.close(row)
		}
	}
	slices.SortStableFunc(all, func(a, b sized) int {
		if a.used != b.used {
			return cmp.Compare(flag(b.used), flag(a.used))
		}
		return cmp.Compare(b.size, a.size)
	})
	f.bins = make([]int32, len(all))
	for i := range all {
		f.bins[i] = all[i].bin
	}
}

// close takes what is free of a bin out of what is left.
func (f *fill) close(row []int64) {
	for c := range f.left {
		f.left[c] -= float64(row[c])
	}
}

// rate prepares the kinds' needs, and the bonus of those that few bins could take.
func (f *fill) rate() {
	r := f.round
	f.need = make([]float64, len(f.list)*f.columns)
	f.bonus = make([]float64, len(f.list))
	live := r.liveBins()
	step := max(1, len(live)/reachSample)
	for k := range f.list {
		for c := range f.columns {
			f.need[k*f.columns+c] = float64(f.list[k].least[c]) * f.unit[c]
		}
		takes, of := 0, 0
		for i := 0; i < len(live); i += step {
			of++
			if r.fit(&r.shaper.shapes[f.list[k].shape], live[i]) >= 0 {
				takes++
			}
		}
		r.steps += int64(of)
		if of > 0 {
			f.bonus[k] = rareBonus * (1 - float64(takes)/float64(of))
		}
		if k%fillWindow == 0 && r.Stopped() {
			return
		}
	}
}

// fill adds tasks to a bin until nothing fits.
func (f *fill) fill(p *filling, b int32) {
	r := f.round
	row := r.freeRow(b)
	f.weigh()
	f.close(row)
	if p.own {
		for c, whole := range r.capacityRow(b)[:f.columns] {
			if x := float64(whole) * f.unit[c]; x > 0 {
				f.weight[c] /= x * x
			}
		}
	}
	f.alive, f.from = f.alive[:0], 0
	for {
		f.more(row)
		best := f.best(p, row)
		if best < 0 || r.Stopped() {
			return
		}
		k := f.alive[best].kind
		if f.place(k, BinIndex(b)) {
			for c, n := range f.list[k].least[:f.columns] {
				f.asked[c] -= float64(n)
			}
			continue
		}
		f.alive = slices.Delete(f.alive, best, best+1)
	}
}

// more looks for kinds to compare when there are few.
func (f *fill) more(row []int64) {
	if f.from < 0 || len(f.alive) > fillWindow/2 {
		return
	}
	for len(f.alive) < fillWindow {
		k := f.next(f.from, row)
		if k < 0 {
			f.from = -1
			return
		}
		f.alive = append(f.alive, candidate{kind: k})
		f.from = k + 1
	}
}

// best is the position of the kind with the highest score; kinds that do not fit any more are dropped.
func (f *fill) best(p *filling, row []int64) int {
	for c := range f.free {
		f.free[c] = float64(row[c]) * f.unit[c]
	}
	best, at := -1, 0
	f.round.steps += int64(len(f.alive))
	for _, a := range f.alive {
		kd := &f.list[a.kind]
		if len(kd.tasks) == 0 || !covers(row, kd.least) {
			continue
		}
		a.score = p.score(f.needOf(a.kind, row), f.free, f.weight) + f.bonus[a.kind]
		f.alive[at] = a
		if best < 0 || beats(a.score, f.alive[best].score) {
			best = at
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

func dotOf(need, free, weight []float64) float64 {
	sum := 0.0
	for c, w := range weight {
		sum += float64(w * need[c] * free[c])
	}
	return sum
}

func normOf(need, free, weight []float64) float64 {
	sum := 0.0
	for c, w := range weight {
		left := free[c] - need[c]
		sum -= float64(w * left * left)
	}
	return sum
}

func cosineOf(need, free, weight []float64) float64 {
	dot, nn, ff := 0.0, 0.0, 0.0
	for c, w := range weight {
		dot += float64(w * need[c] * free[c])
		nn += float64(w * need[c] * need[c])
		ff += float64(w * free[c] * free[c])
	}
	if nn == 0 || ff == 0 {
		return 0
	}
	return dot / math.Sqrt(nn*ff)
}
