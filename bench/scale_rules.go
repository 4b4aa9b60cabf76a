package main

import (
	"math"
	"strconv"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
)

// Where a case has requirements, tasks come in groups of ruledGroup, each on agents of their own and balanced over zones.
const (
	ruledGroup   = 50
	scaleZones   = 3
	ruledDemands = "unique(hostname);balanced(zone)"
)

func zoneOf(bin int32) int32 { return bin % scaleZones }

// demand puts the requirements on the tasks.
func demand(tasks []placement.Task) error {
	require, err := constraints.Parse(ruledDemands)
	if err != nil {
		return err
	}
	group := ""
	for i := range tasks {
		if i%ruledGroup == 0 {
			group = "group-" + strconv.Itoa(i/ruledGroup)
		}
		tasks[i].Group, tasks[i].Require = group, require
	}
	return nil
}

// agentRules is what a scan keeps to judge the requirements: a bit for each group and agent, a count for each group
// and zone. The zero value demands nothing.
type agentRules struct {
	taken [][]uint64 // by group; nil without requirements
	zones [][scaleZones]int32
}

func newAgentRules(w *naive.Workload, rules bool) (a agentRules) {
	if !rules {
		return a
	}
	groups := (len(w.Tasks) + ruledGroup - 1) / ruledGroup
	a.taken, a.zones = make([][]uint64, groups), make([][scaleZones]int32, groups)
	for g := range a.taken {
		a.taken[g] = make([]uint64, (w.Bins()+63)/64)
	}
	return a
}

// open says which zones the balance lets the task go to.
func (a *agentRules) open(task int32) (zones [scaleZones]bool) {
	if a.taken == nil {
		return zones
	}
	count := a.zones[task/ruledGroup]
	least, most := int32(math.MaxInt32), int32(0)
	for _, n := range count {
		most = max(most, n)
		if n > 0 {
			least = min(least, n)
		}
	}
	for z, n := range count {
		zones[z] = n == 0 || least == most || n < most
	}
	return zones
}

func (a *agentRules) allow(task, bin int32, zones [scaleZones]bool) bool {
	return a.taken == nil || zones[zoneOf(bin)] && a.taken[task/ruledGroup][bin>>6]>>(bin&63)&1 == 0
}

func (a *agentRules) take(task, bin int32) {
	if a.taken != nil {
		a.taken[task/ruledGroup][bin>>6] |= 1 << (bin & 63)
		a.zones[task/ruledGroup][zoneOf(bin)]++
	}
}

// ruledScan is a dense scan with the requirements written into the loop.
type ruledScan struct {
	rule    naive.Rule
	w       *naive.Workload
	free    []int64
	inverse []float64 // of capacities
	zone    []int32
	agents  agentRules
}

func newRuledScan(w *naive.Workload, c scaleCase) *ruledScan {
	s := &ruledScan{rule: c.rule, w: w, free: append([]int64(nil), w.Free...), agents: newAgentRules(w, true)}
	for b := range int32(w.Bins()) {
		s.zone = append(s.zone, zoneOf(b))
	}
	for _, c := range w.Capacity {
		s.inverse = append(s.inverse, 1/float64(c))
	}
	return s
}

func (s *ruledScan) find(task int32) int32 {
	n := (*[4]int64)(s.w.Need(s.w.Tasks[task]))
	open, taken := s.agents.open(task), s.agents.taken[task/ruledGroup]
	switch s.rule {
	case naive.FirstFit:
		return s.findFirst(n, open, taken)
	case naive.Linear:
		return s.findLinear(n, open, taken)
	case naive.Dominant:
		return s.findDominant(n, open, taken)
	default:
		return s.findMean(n, open, taken)
	}
}

func (s *ruledScan) findFirst(n *[4]int64, open [scaleZones]bool, taken []uint64) int32 {
	for b, zone := range s.zone {
		row := (*[4]int64)(s.free[4*b:])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] || !open[zone] || taken[b>>6]>>(b&63)&1 != 0 {
			continue
		}
		return int32(b)
	}
	return -1
}

func (s *ruledScan) findLinear(n *[4]int64, open [scaleZones]bool, taken []uint64) int32 {
	best, top := int32(-1), math.Inf(-1)
	w0, w1, w2, w3 := naive.LinearWeight(0), naive.LinearWeight(1), naive.LinearWeight(2), naive.LinearWeight(3)
	for b, zone := range s.zone {
		row := (*[4]int64)(s.free[4*b:])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] || !open[zone] || taken[b>>6]>>(b&63)&1 != 0 {
			continue
		}
		v := 0.0
		v -= float64(float64(row[0]-n[0]) * w0)
		v -= float64(float64(row[1]-n[1]) * w1)
		v -= float64(float64(row[2]-n[2]) * w2)
		v -= float64(float64(row[3]-n[3]) * w3)
		if v > top {
			best, top = int32(b), v
		}
	}
	return best
}

func (s *ruledScan) findDominant(n *[4]int64, open [scaleZones]bool, taken []uint64) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b, zone := range s.zone {
		row := (*[4]int64)(s.free[4*b:])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] || !open[zone] || taken[b>>6]>>(b&63)&1 != 0 {
			continue
		}
		r := (*[4]float64)(s.inverse[4*b:])
		worst := max(0, float64(row[0]-n[0])*r[0], float64(row[1]-n[1])*r[1], float64(row[2]-n[2])*r[2], float64(row[3]-n[3])*r[3])
		if -worst > top {
			best, top = int32(b), -worst
		}
	}
	return best
}

func (s *ruledScan) findMean(n *[4]int64, open [scaleZones]bool, taken []uint64) int32 {
	best, top := int32(-1), math.Inf(-1)
	for b, zone := range s.zone {
		row := (*[4]int64)(s.free[4*b:])
		if row[0] < n[0] || row[1] < n[1] || row[2] < n[2] || row[3] < n[3] || !open[zone] || taken[b>>6]>>(b&63)&1 != 0 {
			continue
		}
		r := (*[4]float64)(s.inverse[4*b:])
		v := 0.0
		v -= float64(float64(row[0]-n[0]) * r[0])
		v -= float64(float64(row[1]-n[1]) * r[1])
		v -= float64(float64(row[2]-n[2]) * r[2])
		v -= float64(float64(row[3]-n[3]) * r[3])
		if v > top {
			best, top = int32(b), v
		}
	}
	return best
}

func (s *ruledScan) take(task, bin int32) {
	s.move(s.w.Tasks[task], bin, -1)
	s.agents.take(task, bin)
}

func (s *ruledScan) move(shape, bin int32, sign int64) {
	row := s.free[4*bin:][:4]
	for j, n := range s.w.Need(shape) {
		row[j] += sign * n
	}
}
