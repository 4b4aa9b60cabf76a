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
	kind     naive.Kind
	agents   int
}

func (c scaleCase) String() string {
	name := "first fit"
	if c.rule != naive.FirstFit {
		name = "best fit (" + c.rule.String() + ")"
	}
	if c.distinct {
		return name + ", distinct, " + c.kind.String()
	}
	return fmt.Sprintf("%s, %d shapes, %s", name, scaleShapes, c.kind)
}

// packResult is what was measured of a case. Times are of packing alone.
type packResult struct {
	Case      string   `json:"case"`
	Agents    int      `json:"agents"`
	Tasks     int      `json:"tasks"`
	Placed    float64  `json:"placed_percent"`
	Naive     float64  `json:"naive_ns_per_task"`
	NaivePair float64  `json:"naive_ns_per_agent_and_task"`
	Form      string   `json:"naive_form"`
	Berth     float64  `json:"ns_per_task"`
	Round     float64  `json:"ns_per_task_with_the_engine,omitempty"` // churn: ended, submitted and assigned
	Ratio     float64  `json:"ratio"`
	Must      *float64 `json:"must,omitempty"`
	Reached   *bool    `json:"reached,omitempty"`
	Compared  int      `json:"assignments_compared"`
	Differs   bool     `json:"differs_from_naive"`
}

// timed adds up the time a packer takes. An observer could do so as well, but telling it the offers and tasks of a
// round takes longer than a round of one task.
type timed struct {
	placement.Packer
	spent time.Duration
}

func (p *timed) Pack(r *placement.Round) {
	start := threadTime()
	p.Packer.Pack(r)
	p.spent += threadTime() - start
}

// measureCase runs our side and every form of the competitor in turns and takes the fastest of each.
func measureCase(ctx context.Context, c scaleCase, repeat int, seed uint64) (*packResult, error) {
	spec := naive.Spec{Kind: c.kind, Bins: c.agents, Tasks: 10 * c.agents, Shapes: scaleShapes, Seed: seed}
	if c.distinct {
		spec.Shapes = 0
	}
	fleet, err := newScaleFleet(spec)
	if err != nil {
		return nil, err
	}
	samples := max(500, min(spec.Tasks, 50_000_000/c.agents))
	var best ownTime
	scan, form := naive.Timing{PerTask: 1 << 62}, naive.Plain
	differs := false
	for i := range repeat {
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
		f, t := fleet.w.Fastest(c.rule, own.choices, samples, 1, threadTime)
		differs = differs || t.Differs >= 0
		if t.PerTask < scan.PerTask {
			scan, form = t, f
		}
	}
	if spec.Tasks*c.agents <= 2_000_000_000 && samples < spec.Tasks { // beyond it takes minutes
		scan.Timed = spec.Tasks
		differs = fleet.w.Time(form, c.rule, best.choices, spec.Tasks, threadTime).Differs >= 0 || differs
	}
	return newPackResult(c, best, scan, form, differs), nil
}

func newPackResult(c scaleCase, own ownTime, scan naive.Timing, form naive.Form, differs bool) *packResult {
	tasks, placed := len(own.choices), 0
	for _, b := range own.choices {
		if b >= 0 {
			placed++
		}
	}
	r := &packResult{Case: c.String(), Agents: c.agents, Tasks: tasks, Placed: 100 * float64(placed) / float64(tasks),
		Naive: float64(scan.PerTask), NaivePair: float64(scan.PerTask) / float64(c.agents), Form: form.String(),
		Berth: max(1, float64(own.pack)) / float64(tasks), Round: float64(own.round) / float64(tasks),
		Compared: scan.Timed, Differs: differs}
	r.Ratio = r.Naive / r.Berth
	if must, ok := scaleMust(c); ok {
		reached := r.Ratio >= must && !differs
		r.Must, r.Reached = &must, &reached
	}
	return r
}

// ownTime is a run of our side.
type ownTime struct {
	pack, round time.Duration
	choices     []int32
}

func (f *scaleFleet) run(c scaleCase) (ownTime, error) {
	packer := &timed{Packer: scalePacker(c.rule, !c.distinct)}
	if c.kind == naive.Churn {
		return f.churn(packer)
	}
	r, err := placement.Assign(f.offers, f.tasks, placement.WithPacker(packer), placement.WithRunning(f.running...), placement.WithExplain(0))
	if err != nil {
		return ownTime{}, err
	}
	return ownTime{pack: packer.spent, choices: f.choices(r)}, nil
}

// churn plays departures and arrivals through one engine.
func (f *scaleFleet) churn(packer *timed) (own ownTime, err error) {
	e := placement.NewEngine(placement.WithPacker(packer), placement.WithExplain(0))
	if err := e.AddOffers(f.offers...); err != nil {
		return own, err
	}
	if err := e.Started(f.running...); err != nil {
		return own, err
	}
	live := make([]placement.TaskID, 0, len(f.running)+len(f.tasks))
	for i := range f.running {
		live = append(live, f.running[i].Task.ID)
	}
	start := threadTime()
	for i := range f.tasks {
		if len(live) > 0 { // as the competitor departs
			k := int(f.w.Departs[i]) % len(live)
			gone := live[k]
			live[k] = live[len(live)-1]
			live = live[:len(live)-1]
			e.Ended(gone)
		}
		if err := e.Submit(f.tasks[i]); err != nil {
			return own, err
		}
		r, err := e.Assign(context.Background())
		if err != nil {
			return own, err
		}
		bin := int32(-1)
		if len(r.Assignments) > 0 {
			bin = f.bin[r.Assignments[0].Agent]
			live = append(live, f.tasks[i].ID)
		} else {
			e.Withdraw(f.tasks[i].ID)
		}
		own.choices = append(own.choices, bin)
	}
	own.pack, own.round = packer.spent, threadTime()-start
	return own, nil
}
