package placement

import (
	"cmp"
	"math"
	"slices"
)

// fill is the state of a run.
type fill struct {
	*kinds
	columns       int
	bins          []int32
	unit          []float64 // turns amounts into parts of the largest bin's capacity
	asked, left   []float64 // by the pending tasks; of the bins not filled yet
	weight        []float64 // of each column on the bin being filled
	need          []float64 // a row a kind, of its least need, in units
	bonus         []float64 // of each kind
	free, revised []float64 // rows in units
	families      []family
	familyOf      []int32     // of each kind
	alive         []candidate // what is being compared: one kind a family
}

// family is a range of kinds of about the same need, the largest first, of which the first that fits stands for all.
type family struct{ from, to int }

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

// sortKinds puts those of the greatest key first, and makes next work.
func (f *fill) sortKinds(key func(*kind) float64) {
	for k := range f.list {
		f.list[k].key = key(&f.list[k])
	}
	slices.SortStableFunc(f.list, func(a, b kind) int { return cmp.Compare(b.key, a.key) })
	f.index()
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
		if k%1024 == 0 && r.Stopped() {
			return
		}
	}
}

// group makes families: one a kind, or, if there are more than fillFamilies kinds, of kinds whose needs are equal in every
// column when rounded to steps of a factor, the smallest power of two of the fourth root of 2 that gives so few.
func (f *fill) group() {
	f.familyOf = make([]int32, len(f.list))
	count := len(f.list)
	for k := range f.familyOf {
		f.familyOf[k] = int32(k)
	}
	for steps := 4.0; count > fillFamilies; steps /= 2 {
		ids := map[string]int32{}
		key := make([]byte, f.columns)
		for k := range f.list {
			for c := range key {
				key[c] = 255
				if x := float64(f.list[k].least[c]) * f.unit[c]; x > 0 {
					key[c] = byte(128 + max(-127, min(126, math.Round(steps*math.Log2(x)))))
				}
			}
			id, ok := ids[string(key)]
			if !ok {
				id = int32(len(ids))
				ids[string(key)] = id
			}
			f.familyOf[k] = id
		}
		if count = len(ids); steps < 1./64 {
			break // only the columns asked for still make a difference
		}
	}
	f.families = make([]family, count)
	order := make([]int, len(f.list))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.familyOf[a], f.familyOf[b]) })
	list, of := make([]kind, len(f.list)), make([]int32, len(f.list))
	for at, k := range order {
		list[at], of[at] = f.list[k], f.familyOf[k]
		if fam := &f.families[of[at]]; fam.to == 0 {
			*fam = family{at, at + 1}
		} else {
			fam.to = at + 1
		}
	}
	f.list, f.familyOf = list, of
	f.index()
}
