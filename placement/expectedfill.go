package placement

import (
	"math"
	"math/rand/v2"
)

// ExpectedFill puts each task where the bin keeps most of what it is good for: what a random continuation of the
// workload could still put on it. It is an idea of this project's own. On the public Alibaba GPU trace it leaves a
// sixth less of the GPUs idle than [FragmentationGradient], and it is five times as slow.
//
// For every kind of bin a fixed number of sequences of tasks is drawn from the expected workload, once. The worth of a bin
// in some state is the mean, over the sequences, of what would be placed if the sequence were put on it
// alone, task after task, each that fits: a share on the fullest unit that takes it, whole units where they are idle. To this
// is added, for every expected task of two or more whole units, how many of them the bin could take, by its likelihood: tasks
// that are rare and large would else hardly be seen in the sequences. A task goes to the bin and the
// units where worth falls least; a bin that is not in use yet is left alone as long as that saves more than a tenth of a unit. Ties
// go to the earliest bin, there to the lowest unit.
//
// Worth is counted in whole units of all the kinds of device, a share as its part of a unit. On a bin without units
// that are expected to be asked for it is counted in scalars: each as the part it is of the largest bin's, so that a bin
// which is the largest in all is worth 1. Of expected tasks, scalars, the number of ports and devices (kinds, models, tags,
// several at once) decide whether they fit; port numbers, set items and disks are taken to fit.
//
// A decision costs as [Round.RankFit] says; a bin in a state not seen before costs some microseconds. Memory: about 150 bytes for
// each of up to 262,144 states.
func ExpectedFill(opts ...PackerOption) Packer {
	return newLookahead("expected-fill", 1, func(r *Round) potential { return &expectedFill{round: r} }, opts)
}

const (
	fillSequences = 32
	fillLength    = 120
	// fillOpening is what a bin in use must be worse by before an unused one is opened.
	fillOpening = 0.1
)

type expectedFill struct {
	round *Round
	f     *forecast
	scale []float64
	draws [fillLength][fillSequences]float64
	plans []*fillPlan // per kit
	walk  fillWalk
}

func (p *expectedFill) expect(f *forecast, _ *kits) {
	if p.f == nil {
		p.draw()
	}
	p.f, p.scale, p.plans = f, f.scale(p.round), nil
}

// draw makes the random numbers that sequences are drawn by: in every place of the sequences, one in each
// of as many equal parts of 0 to 1 as there are sequences (Latin hypercube sampling: McKay, Beckman and Conover,
// Technometrics 1979). They are the same for all bins and all workloads.
func (p *expectedFill) draw() {
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range p.draws {
		for at, part := range rng.Perm(fillSequences) {
			p.draws[i][at] = (float64(part) + rng.Float64()) / fillSequences
		}
	}
}

func (p *expectedFill) plan(s *binState) *fillPlan {
	for int(s.kit.id) >= len(p.plans) {
		p.plans = append(p.plans, nil)
	}
	if p.plans[s.kit.id] == nil {
		p.plans[s.kit.id] = p.newPlan(s)
	}
	return p.plans[s.kit.id]
}

func (p *expectedFill) reduce(key []byte, s *binState) []byte { return appendScaled(key, s, p.scale) }

func (p *expectedFill) worth(s *binState) float64 {
	plan := p.plan(s)
	if len(plan.types) == 0 {
		return 0
	}
	return p.walk.mean(plan, s) + plan.large(s)
}

// score is 0.5 where nothing changes; it never turns an order around.
func (p *expectedFill) score(before, after float64, empty bool) float64 {
	gain := after - before
	if empty {
		gain -= fillOpening
	}
	gain = roundOff(gain)
	if gain < 0 {
		return 0.5 + 0.5*gain/(1-gain)
	}
	return 0.5 + 0.5*gain/(1+gain)
}

// roundOff makes equal what is equal but for the order in which floats were added up.
func roundOff(x float64) float64 { return math.Round(x*1e9) / 1e9 }
