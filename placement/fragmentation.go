package placement

import (
	"encoding/binary"
	"math"
	"slices"
)

// FragmentationGradient is fragmentation gradient descent (Weng et al., "Beware of Fragmentation: Scheduling
// GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC 2023): each task goes to the bin, and the
// device units, where the fragmentation expected by the workload grows least.
//
// The fragmentation of a bin is what the tasks expected, each as likely as its weight, could not use of what is left
// there: all of it for a task that does not fit or asks for none of it, else what is left on units that are too
// full, in use by others, or of other kinds and models. Units of all kinds count alike, each by the part of it that
// is left. As in the paper, only the most frequent shapes that make up 95 % of the workload are looked at, the score is
// 100 times the logistic function of what fragmentation shrinks by, cut to an integer, and ties are frequent and go to the
// earliest bin, there to the lowest unit. (The cut matters: without it about three points more stay unused on the paper's trace.)
//
// Beyond the paper: devices of any kinds, several at once, tags, and all scalars and the number of ports, not CPUs
// alone, decide whether an expected task fits. A bin without devices is
// fragmented by what is left of its scalars, each as part of the largest bin's, where expected tasks do not fit. Ports by number,
// set items and disks of expected tasks are taken to fit.
//
// A decision costs as [Round.RankFit] says, a score some tens of nanoseconds; a state not seen before costs the expected shapes
// times the units.
func FragmentationGradient(opts ...PackerOption) Packer {
	return newLookahead("fragmentation-gradient", typical, func(r *Round) potential { return &fragmentation{round: r} }, opts)
}

// typical is the part of the workload's weight that the paper looks at.
const typical = 0.95

type fragmentation struct {
	round  *Round
	f      *forecast
	scale  []float64 // per column: see forecast.scale
	steps  [][]int64 // per column: the needs that decide whether expected tasks fit, ascending
	usable []float64 // per request
	enough []bool
}

func (p *fragmentation) expect(f *forecast, k *kits) {
	p.f, p.scale = f, f.scale(p.round)
	p.steps = make([][]int64, p.round.stride)
	for c := range p.steps {
		for i := range f.types {
			for _, need := range f.types[i].need {
				if need[c] > 0 {
					p.steps[c] = append(p.steps[c], need[c])
				}
			}
		}
		slices.Sort(p.steps[c])
		p.steps[c] = slices.Compact(p.steps[c])
	}
	p.usable, p.enough = make([]float64, len(f.requests)), make([]bool, len(f.requests))
}

func (p *fragmentation) reduce(key []byte, s *binState) []byte {
	if p.f.scalarsOnly(s) {
		return appendScaled(key, s, p.scale)
	}
	for c, steps := range p.steps {
		if len(steps) == 0 {
			continue
		}
		lo, hi := 0, len(steps)
		for lo < hi {
			if mid := (lo + hi) / 2; steps[mid] <= s.row[c] {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		key = binary.AppendUvarint(key, uint64(lo))
	}
	return key
}

func (p *fragmentation) worth(s *binState) float64 {
	if p.f.scalarsOnly(s) {
		return -p.scalars(s)
	}
	total := 0.0
	for i := range s.units {
		total += s.units[i].part()
	}
	p.judge(s)
	usable := 0.0
	for i := range p.f.types {
		t := &p.f.types[i]
		if !t.fits(s) || !p.served(t) {
			continue
		}
		for _, q := range t.requests {
			usable += float64(t.weight * p.usable[q])
		}
	}
	return usable - total
}

// scalars is the fragmentation of a bin without devices.
func (p *fragmentation) scalars(s *binState) float64 {
	left := 0.0
	for c, scale := range p.scale {
		left += float64(float64(s.row[c]) * scale)
	}
	lost := 0.0
	for i := range p.f.types {
		if t := &p.f.types[i]; !t.fits(s) {
			lost += t.weight
		}
	}
	return lost * left
}

// judge works out, for every request, whether the units serve it and how much of them it could use.
func (p *fragmentation) judge(s *binState) {
	for i := range p.f.requests {
		q := &p.f.requests[i]
		p.usable[i] = 0
		n := max(q.Count, 1)
		lock := p.f.lockOf(q)
		for j := range s.units {
			u := &s.units[j]
			if !p.f.accept[i][u.make] || !u.room(q, lock) {
				continue
			}
			p.usable[i] += u.part()
			n--
		}
		p.enough[i] = n <= 0
	}
}

func (p *fragmentation) served(t *taskType) bool {
	for _, q := range t.requests {
		if !p.enough[q] {
			return false
		}
	}
	return true
}

func (p *fragmentation) score(before, after float64, _ bool) float64 {
	return math.Trunc(100 / (1 + math.Exp(-roundOff(after-before))))
}
