package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/placement"
)

// scaleShapes is how many shapes tasks have that do not all differ.
const scaleShapes = 100

// scaleCase is one row: a rule, a kind of fleet and its size.
type scaleCase struct {
	rule     naive.Rule
	distinct bool
	rules    bool // every task has requirements, see demand
	kind     naive.Kind
	agents   int
}

func (c scaleCase) first() bool { return c.rule == naive.FirstFit }

// opaque says whether nothing but that it is pure is known of the scorer. In other cases it promises what it is, see [scaleFitness].
func (c scaleCase) opaque() bool { return !c.distinct && !c.rules }

func (c scaleCase) String() string {
	name := "first fit"
	if !c.first() {
		name = "best fit (" + c.rule.String() + ")"
	}
	if c.rules {
		name += ", requirements"
	}
	if c.distinct {
		return name + ", distinct, " + c.kind.String()
	}
	return fmt.Sprintf("%s, %d shapes, %s", name, scaleShapes, c.kind)
}

// packResult is what was measured of a case. Times are of packing alone.
type packResult struct {
	Case      string  `json:"case"`
	Agents    int     `json:"agents"`
	Tasks     int     `json:"tasks"`
	Placed    float64 `json:"placed_percent"`
	Map       float64 `json:"map_ns_per_task"`
	Naive     float64 `json:"naive_ns_per_task"`
	NaivePair float64 `json:"naive_ns_per_agent_and_task"`
	Form      string  `json:"naive_form"`
	Berth     float64 `json:"ns_per_task"`
	Round     float64 `json:"ns_per_engine_round,omitempty"` // churn: a round for each arrival
	Ratio     float64 `json:"ratio"`
	Must      float64 `json:"must,omitempty"` // zero: no bar
	Aim       float64 `json:"aim,omitempty"`
	Reached   *bool   `json:"reached,omitempty"`
	Compared  int     `json:"assignments_compared"`
	Differs   bool    `json:"differs_from_naive"`
}

// packWatch adds up the time of the pack phases.
type packWatch struct {
	start, spent time.Duration
	packing      bool
}

func (p *packWatch) RoundStarts(*placement.Input)      {}
func (p *packWatch) RoundEnds(placement.Result, error) { p.stop() }

func (p *packWatch) PhaseStarts(phase placement.Phase) {
	p.stop()
	if phase == placement.PhasePack {
		p.packing, p.start = true, threadTime()
	}
}

func (p *packWatch) stop() {
	if p.packing {
		p.spent += threadTime() - p.start
		p.packing = false
	}
}

// ownTime is a run of our side.
type ownTime struct {
	pack    time.Duration
	choices []int32
}

func (f *scaleFleet) run(c scaleCase) (ownTime, error) {
	if c.kind == naive.Churn {
		return f.churn(c)
	}
	watch := &packWatch{}
	r, err := placement.Assign(f.offers, f.tasks, placement.WithPacker(scalePacker(c.rule, c.opaque())), placement.WithRunning(f.running...),
		placement.WithExplain(0), placement.WithObserver(watch))
	if err != nil {
		return ownTime{}, err
	}
	return ownTime{pack: watch.spent, choices: f.choices(r)}, nil
}

// scanTime is what the fastest scan took, and whether it came to the same bins.
type scanTime struct {
	perTask  time.Duration
	form     string
	compared int
	same     bool
}

func (s *scanTime) merge(o scanTime) {
	if s.form == "" || o.perTask < s.perTask {
		s.perTask, s.form = o.perTask, o.form
	}
	s.compared, s.same = max(s.compared, o.compared), s.same && o.same
}

// scan times the competitor on a sample of the arrivals.
func (f *scaleFleet) scan(c scaleCase, choices []int32, samples int) scanTime {
	if c.rules {
		perTask, timed, same := timeRival(f.w, newRuledScan(f.w, c), choices, samples)
		return scanTime{perTask, "rows", timed, same}
	}
	form, t := f.w.Fastest(c.rule, choices, samples, 1, threadTime)
	return scanTime{t.PerTask, form.String(), t.Timed, t.Differs < 0}
}

// verify has the competitor choose for every arrival.
func (f *scaleFleet) verify(c scaleCase, choices []int32) scanTime {
	if c.rules {
		return f.scan(c, choices, len(choices))
	}
	t := f.w.Time(naive.Columns, c.rule, choices, len(choices), threadTime)
	return scanTime{t.PerTask, naive.Columns.String(), t.Timed, t.Differs < 0}
}

// verifiable is how many looks of a task at an agent are made to compare every single assignment; beyond it takes minutes
// a case.
const verifiable = 2_000_000_000

// Runs of a few milliseconds are repeated more often than others: what else the machine does decides over a single one.
const (
	leastRepeats = 2
	mostRepeats  = 40
	repeatFor    = 2 * time.Second
)

// measureCase runs our side and the competitor in turns and takes the fastest of each.
func measureCase(ctx context.Context, c scaleCase, repeat int, seed uint64) (*packResult, error) {
	spec := naive.Spec{Kind: c.kind, Bins: c.agents, Tasks: 10 * c.agents, Shapes: scaleShapes, Seed: seed}
	if c.distinct {
		spec.Shapes = 0
	}
	fleet, err := newScaleFleet(spec)
	if err != nil {
		return nil, err
	}
	if c.rules {
		if err := demand(fleet.tasks); err != nil {
			return nil, err
		}
	}
	samples := max(300, min(spec.Tasks, 20_000_000/c.agents))
	var best ownTime
	scan := scanTime{same: true}
	enough := func(runs int, since time.Time) bool {
		if repeat > 0 {
			return runs >= repeat
		}
		return runs >= mostRepeats || runs >= leastRepeats && time.Since(since) > repeatFor
	}
	for i, start := 0, time.Now(); !enough(i, start); i++ {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		own, err := fleet.run(c)
		if err != nil {
			return nil, err
		}
		if i > 0 && !slices.Equal(own.choices, best.choices) {
			return nil, fmt.Errorf("%s: two runs differ; a packer must be a function of its round", c)
		}
		if i == 0 || own.pack < best.pack {
			best = own
		}
		scan.merge(fleet.scan(c, own.choices, samples))
	}
	if spec.Tasks*c.agents <= verifiable && scan.compared < spec.Tasks {
		scan.merge(fleet.verify(c, best.choices))
	}
	r := newPackResult(c, best, scan)
	perTask, _, same := timeRival(fleet.w, newMapScan(fleet.w, c), best.choices, max(20, min(200, 1_000_000/c.agents)))
	r.Map, r.Differs = float64(perTask), r.Differs || !same
	if c.kind == naive.Churn {
		err = r.addRounds(ctx, fleet, c, best.choices)
	}
	return r, err
}

// mostRounds is how many arrivals are rounds of their own: on a large fleet all of them would take hours.
const mostRounds = 20_000

// addRounds adds what it takes when every arrival is a round of its own.
func (r *packResult) addRounds(ctx context.Context, fleet *scaleFleet, c scaleCase, choices []int32) error {
	rounds, err := fleet.churnByRounds(ctx, c)
	if err != nil {
		return err
	}
	n := len(rounds.choices)
	r.Round = float64(rounds.pack) / float64(max(1, n))
	r.Differs = r.Differs || !slices.Equal(rounds.choices, choices[:n])
	return nil
}

func newPackResult(c scaleCase, own ownTime, scan scanTime) *packResult {
	tasks, placed := len(own.choices), 0
	for _, b := range own.choices {
		if b >= 0 {
			placed++
		}
	}
	r := &packResult{Case: c.String(), Agents: c.agents, Tasks: tasks, Placed: 100 * float64(placed) / float64(tasks),
		Naive: float64(scan.perTask), NaivePair: float64(scan.perTask) / float64(c.agents), Form: scan.form,
		Berth: max(1, float64(own.pack)) / float64(tasks), Compared: scan.compared, Differs: !scan.same}
	r.Ratio = r.Naive / r.Berth
	if r.Must, r.Aim = scaleMust(c); r.Must > 0 {
		reached := r.Ratio >= r.Must && !r.Differs
		r.Reached = &reached
	}
	return r
}
