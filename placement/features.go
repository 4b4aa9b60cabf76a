package placement

// features are what [Auto] looks at.
type features struct {
	order       Order
	budget      int64 // what is left of it; 0: none
	tasks, bins int
	shapes      int
	devices     bool // some task asks for some
	values      bool // not all tasks are worth the same
	// pressure is the largest part, over the columns, of what is free that the tasks ask for, and scarcest the column.
	pressure float64
	scarcest string
	// fullness is the largest part of capacity that would be in use if all were placed, and fullest the column.
	fullness float64
	fullest  string
	// share is the mean, over the tasks, of the largest part of the largest bin asked for.
	share float64
	// spread is how much the part of a column in the sum over all columns differs between bins, at most.
	spread float64
}

// featureBins is how many bins are looked at: evenly spread ones, if there are more.
const featureBins = 4096

// features looks at the tasks of the present priority and at the bins: O(tasks + shapes + min(bins, featureBins)).
func (r *Round) features() features {
	f := features{order: r.order, bins: len(r.liveBins())}
	if r.budget > 0 {
		f.budget = max(1, r.budget-r.steps)
	}
	counts := make([]int32, len(r.shaper.shapes))
	for _, t := range r.queue {
		if r.spots[t].where == NoBin && r.states[t].barred != r.number {
			counts[r.states[t].shape]++
			f.tasks++
		}
	}
	d := len(r.columns)
	asked := make([]float64, d)
	units, _ := r.largestUnits()
	for s, n := range counts {
		if n == 0 {
			continue
		}
		f.shapes++
		sh := &r.shaper.shapes[s]
		f.devices = f.devices || len(sh.devices) > 0
		largest := 0.0
		for c, need := range sh.need[0][:d] {
			asked[c] += float64(n) * float64(need)
			largest = max(largest, float64(need)*units[c])
		}
		f.share += float64(n) * min(largest, 1)
	}
	f.share /= max(1, float64(f.tasks))
	f.lookAtBins(r, asked, units)
	if f.pressure > 1 {
		f.values = r.valuesDiffer()
	}
	return f
}

func (r *Round) valuesDiffer() bool {
	for _, t := range r.queue {
		if r.Value(t) != r.Value(r.queue[0]) {
			return true
		}
	}
	return false
}

func (f *features) lookAtBins(r *Round, asked, units []float64) {
	d := len(asked)
	free, whole := make([]float64, d), make([]float64, d)
	low, high := make([]float64, d), make([]float64, d)
	for c := range low {
		low[c] = 1
	}
	live := r.liveBins()
	step := (len(live) + featureBins - 1) / featureBins
	seen := 0
	for i := 0; i < len(live); i += max(1, step) {
		left, capacity := r.freeRow(live[i])[:d], r.capacityRow(live[i])[:d]
		sum := 0.0
		for c, a := range capacity {
			free[c] += float64(left[c])
			whole[c] += float64(a)
			if asked[c] > 0 {
				sum += float64(a) * units[c]
			}
		}
		for c, a := range capacity {
			if sum > 0 {
				part := float64(a) * units[c] / sum
				low[c], high[c] = min(low[c], part), max(high[c], part)
			}
		}
		seen++
	}
	scale := float64(len(live)) / max(1, float64(seen))
	for c := range d {
		if asked[c] == 0 || whole[c] == 0 {
			continue
		}
		f.spread = max(f.spread, high[c]-low[c])
		if part := asked[c] / max(1, free[c]*scale); part > f.pressure {
			f.pressure, f.scarcest = part, r.columns[c].String()
		}
		if part := ((whole[c]-free[c])*scale + asked[c]) / (whole[c] * scale); part > f.fullness {
			f.fullness, f.fullest = part, r.columns[c].String()
		}
	}
}
