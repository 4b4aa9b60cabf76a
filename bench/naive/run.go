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
	PerTask time.Duration // of the tasks timed: finding, taking, giving back
	Timed   int
	Differs int // index of the first arrival timed whose bin is not the one in choices; -1 if all agree
}

// A Clock tells how much time has gone by. [WallClock] is one; on a busy machine the processor time of the thread is better.
type Clock func() time.Duration

// WallClock is a clock on the wall.
func WallClock() Clock {
	begin := time.Now()
	return func() time.Duration { return time.Since(begin) }
}

const burst = 16 // arrivals timed at a stretch

// Time replays choices and times the scan on about samples of the arrivals, in bursts spread over the run, so that a scan of
// minutes can be compared within seconds. The state is exact throughout, and every bin timed is compared with choices.
func (w *Workload) Time(form Form, rule Rule, choices []int32, samples int, clock Clock) Timing {
	f := NewFleet(form, w.Cols, w.Free, w.Capacity)
	live := append([]Live(nil), w.Live...)
	period := max(1, len(w.Tasks)/max(1, samples)) * burst
	t := Timing{Differs: -1}
	var spent, start time.Duration
	for i, shape := range w.Tasks {
		timed := i%period < burst
		if i%period == 0 {
			start = clock()
		}
		if w.Departs != nil && len(live) > 0 {
			live = w.depart(live, i, f)
		}
		need, bin := w.Need(shape), choices[i]
		if timed {
			t.Timed++
			if got := f.Find(rule, need); got != bin && t.Differs < 0 {
				t.Differs = i
			}
		}
		if bin >= 0 {
			f.Take(bin, need)
			if w.Departs != nil {
				live = append(live, Live{bin, shape})
			}
		}
		if timed && (i%period == burst-1 || i == len(w.Tasks)-1) {
			spent += clock() - start
		}
	}
	if t.Timed > 0 {
		t.PerTask = spent/time.Duration(t.Timed) - cost(clock)/burst
	}
	return t
}

// cost is what reading the clock twice adds to a measured time.
func cost(clock Clock) time.Duration {
	const n = 1000
	var sum time.Duration
	for range n {
		start := clock()
		sum += clock() - start
	}
	return sum / n
}

// Fastest times every form, each rounds times, and returns the fastest and its least timing; Differs is the lowest of all
// that disagree.
func (w *Workload) Fastest(rule Rule, choices []int32, samples, rounds int, clock Clock) (Form, Timing) {
	best, form, differs := Timing{PerTask: 1 << 62}, Plain, -1
	for range rounds {
		for _, f := range Forms() {
			t := w.Time(f, rule, choices, samples, clock)
			if t.Differs >= 0 && (differs < 0 || t.Differs < differs) {
				differs = t.Differs
			}
			if t.PerTask < best.PerTask {
				best, form = t, f
			}
		}
	}
	best.Differs = differs
	return form, best
}
