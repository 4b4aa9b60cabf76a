package naive

import "time"

// A Finder is what a workload is run against: a scan, or an index over its own rows.
type Finder interface {
	Find(shape int32, need []int64) int32 // -1: no bin fits
	Take(bin int32, need []int64)
	Give(bin int32, need []int64)
}

// Run plays the workload and appends the bin of every arrival (-1: not placed) to choices.
func (w *Workload) Run(f Finder, choices []int32) []int32 {
	live := append([]Live(nil), w.Live...)
	for i, shape := range w.Tasks {
		if w.Departs != nil && len(live) > 0 {
			live = w.depart(live, i, f)
		}
		need := w.Need(shape)
		bin := f.Find(shape, need)
		if bin >= 0 {
			f.Take(bin, need)
			if w.Departs != nil {
				live = append(live, Live{bin, shape})
			}
		}
		choices = append(choices, bin)
	}
	return choices
}

func (w *Workload) depart(live []Live, i int, f interface{ Give(int32, []int64) }) []Live {
	k := int(w.Departs[i]) % len(live)
	gone := live[k]
	live[k] = live[len(live)-1]
	f.Give(gone.Bin, w.Need(gone.Shape))
	return live[:len(live)-1]
}

// Timing is what [Workload.Time] measured of one form.
type Timing struct {
	PerTask time.Duration // of the tasks timed
	Timed   int
	Differs int // index of the first arrival whose bin is not the one in choices; -1 if all agree
}

// Time replays choices and times the scan. With at least as many samples as arrivals the whole loop is timed, bookkeeping and
// all; otherwise only the scans of about samples arrivals, in bursts spread over the run, so that a scan of minutes can be
// compared within seconds. The state is exact throughout, and every bin timed is compared with choices.
func (w *Workload) Time(form Form, rule Rule, choices []int32, samples int) Timing {
	const burst = 16
	f := NewFleet(form, w.Cols, w.Free, w.Capacity)
	live := append([]Live(nil), w.Live...)
	all := samples >= len(w.Tasks)
	period := max(1, len(w.Tasks)/max(1, samples)) * burst
	t := Timing{Differs: -1}
	var spent time.Duration
	begin := time.Now()
	for i, shape := range w.Tasks {
		if w.Departs != nil && len(live) > 0 {
			live = w.depart(live, i, f)
		}
		need, bin, got := w.Need(shape), choices[i], choices[i]
		if all {
			got = f.Find(rule, need)
		} else if i%period < burst {
			start := time.Now()
			got = f.Find(rule, need)
			spent += time.Since(start)
			t.Timed++
		}
		if got != bin && t.Differs < 0 {
			t.Differs = i
		}
		if bin >= 0 {
			f.Take(bin, need)
			if w.Departs != nil {
				live = append(live, Live{bin, shape})
			}
		}
	}
	if all {
		spent, t.Timed = time.Since(begin), len(w.Tasks)
	} else {
		spent -= time.Duration(t.Timed) * clockCost()
	}
	if t.Timed > 0 {
		t.PerTask = spent / time.Duration(t.Timed)
	}
	return t
}

// clockCost is what one pair of clock readings adds to a measured time.
func clockCost() time.Duration {
	const n = 1000
	var sum time.Duration
	for range n {
		start := time.Now()
		sum += time.Since(start)
	}
	return sum / n
}

// Fastest times every form and returns the fastest and its timing; Differs is the lowest of all forms that disagree.
func (w *Workload) Fastest(rule Rule, choices []int32, samples int) (Form, Timing) {
	best, form, differs := Timing{PerTask: 1 << 62}, Plain, -1
	for _, f := range Forms() {
		t := w.Time(f, rule, choices, samples)
		if t.Differs >= 0 && (differs < 0 || t.Differs < differs) {
			differs = t.Differs
		}
		if t.PerTask < best.PerTask {
			best, form = t, f
		}
	}
	best.Differs = differs
	return form, best
}
