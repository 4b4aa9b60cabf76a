package main

import (
	"math"
	"time"

	"github.com/berth-go/berth/bench/naive"
)

// rival is a scan that the fast ones of package naive do not cover.
type rival interface {
	find(task int32) int32 // the bin for an arrival, -1: none
	take(task, bin int32)  // an arrival is put on a bin
	move(shape, bin int32, sign int64)
}

// rivalBurst is how many arrivals are timed at a stretch.
const rivalBurst = 16

// timeRival replays choices and times the rival on about samples of the arrivals, spread over the run, so that a scan
// of minutes can be compared within seconds; with as many samples as tasks, on all. Every bin timed is compared.
func timeRival(w *naive.Workload, r rival, choices []int32, samples int) (perTask time.Duration, timed int, same bool) {
	live := append([]naive.Live(nil), w.Live...)
	period := max(1, len(w.Tasks)/max(1, samples)) * rivalBurst
	same = true
	var spent, start time.Duration
	for i, shape := range w.Tasks {
		in := i%period < rivalBurst
		if i%period == 0 {
			start = threadTime()
		}
		if w.Departs != nil && len(live) > 0 {
			k := int(w.Departs[i]) % len(live)
			gone := live[k]
			live[k] = live[len(live)-1]
			live = live[:len(live)-1]
			r.move(gone.Shape, gone.Bin, 1)
		}
		bin := choices[i]
		if in {
			timed++
			same = r.find(int32(i)) == bin && same
		}
		if bin >= 0 {
			r.take(int32(i), bin)
			live = append(live, naive.Live{Bin: bin, Shape: shape})
		}
		if in && (i%period == rivalBurst-1 || i == len(w.Tasks)-1) {
			spent += threadTime() - start
		}
	}
	return spent/time.Duration(max(1, timed)) - clockCost()/rivalBurst, timed, same
}

// clockCost is what reading the clock twice adds to a measured time.
func clockCost() time.Duration {
	const n = 1000
	var sum time.Duration
	for range n {
		start := threadTime()
		sum += threadTime() - start
	}
	return sum / n
}

// mapScan is how the author of a framework writes it by hand: a map of numbers for each agent, and a look at each.
type mapScan struct {
	rule           naive.Rule
	w              *naive.Workload
	free, capacity []map[string]float64
	needs          []map[string]float64
	agents         agentRules
}

func newMapScan(w *naive.Workload, c scaleCase) *mapScan {
	byName := func(amounts []int64) (rows []map[string]float64) {
		for ; len(amounts) > 0; amounts = amounts[w.Cols:] {
			row := make(map[string]float64, w.Cols)
			for j, name := range scaleColumns {
				row[name] = float64(amounts[j])
			}
			rows = append(rows, row)
		}
		return rows
	}
	return &mapScan{rule: c.rule, w: w, free: byName(w.Free), capacity: byName(w.Capacity), needs: byName(w.Needs), agents: newAgentRules(w, c.rules)}
}

func (m *mapScan) find(task int32) int32 {
	best, top := int32(-1), math.Inf(-1)
	need, zones := m.needs[m.w.Tasks[task]], m.agents.open(task)
	for b, free := range m.free {
		if !mapFits(need, free) || !m.agents.allow(task, int32(b), zones) {
			continue
		}
		if m.rule == naive.FirstFit {
			return int32(b)
		}
		if s := m.score(need, free, m.capacity[b]); s > top {
			best, top = int32(b), s
		}
	}
	return best
}

func mapFits(need, free map[string]float64) bool {
	for name, n := range need {
		if free[name] < n {
			return false
		}
	}
	return true
}

func (m *mapScan) score(need, free, capacity map[string]float64) float64 {
	s, worst := 0.0, 0.0
	for j, name := range scaleColumns {
		left := free[name] - need[name]
		if m.rule == naive.Linear {
			s -= float64(left * naive.LinearWeight(j))
			continue
		}
		part := float64(left * (1 / capacity[name]))
		s -= part
		worst = max(worst, part)
	}
	if m.rule == naive.Dominant {
		return -worst
	}
	return s
}

func (m *mapScan) take(task, bin int32) {
	m.move(m.w.Tasks[task], bin, -1)
	m.agents.take(task, bin)
}

func (m *mapScan) move(shape, bin int32, sign int64) {
	for name, n := range m.needs[shape] {
		m.free[bin][name] += float64(sign) * n
	}
}
