package main

import (
	"context"
	"fmt"
	"time"

	"github.com/berth-go/berth/placement"
)

// churnPacker plays departures and arrivals in one round, so that packing can be timed without the rounds of an engine.
// The tasks that run at the start are tasks of the round; they are put where they run before the clock starts.
type churnPacker struct {
	fleet   *scaleFleet
	c       scaleCase
	spent   time.Duration
	choices []int32
	refused int // moves that a correct round allows
}

// Pack implements [placement.Packer].
func (p *churnPacker) Pack(r *placement.Round) {
	w := p.fleet.w
	live := make([]placement.TaskIndex, len(w.Live), len(w.Live)+len(w.Tasks))
	for i, l := range w.Live {
		live[i] = placement.TaskIndex(i)
		p.count(r.Place(live[i], placement.BinIndex(l.Bin)))
	}
	find := r.First
	if f := p.c; !f.first() {
		find = r.RankBy(scaleFitness(f.rule, f.opaque())).Best
	}
	p.choices = make([]int32, 0, len(w.Tasks))
	start := threadTime()
	for i, departs := range w.Departs {
		if len(live) > 0 { // as the competitor departs
			k := int(departs) % len(live)
			gone := live[k]
			live[k] = live[len(live)-1]
			live = live[:len(live)-1]
			p.count(r.Remove(gone))
		}
		t := placement.TaskIndex(len(w.Live) + i)
		bin, ok := find(t)
		if ok {
			p.count(r.Place(t, bin))
			live = append(live, t)
		}
		p.choices = append(p.choices, int32(bin))
	}
	p.spent = threadTime() - start
}

func (p *churnPacker) count(done bool) {
	if !done {
		p.refused++
	}
}

// churn is packing alone, in one round.
func (f *scaleFleet) churn(c scaleCase) (ownTime, error) {
	tasks := make([]placement.Task, 0, len(f.running)+len(f.tasks))
	for i := range f.running {
		tasks = append(tasks, f.running[i].Task)
	}
	p := &churnPacker{fleet: f, c: c}
	_, err := placement.Assign(f.offers, append(tasks, f.tasks...), placement.WithPacker(p), placement.WithExplain(0))
	if err == nil && p.refused > 0 {
		err = fmt.Errorf("%s: the round refused %d moves", c, p.refused)
	}
	return ownTime{pack: p.spent, choices: p.choices}, err
}

// churnByRounds has an engine run a round for each of the first arrivals: what a scheduler does whose tasks come one by one.
func (f *scaleFleet) churnByRounds(ctx context.Context, c scaleCase) (ownTime, error) {
	var own ownTime
	e := placement.NewEngine(placement.WithPacker(scalePacker(c.rule, c.opaque())), placement.WithExplain(0))
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
	for i, departs := range f.w.Departs[:min(len(f.w.Departs), mostRounds)] {
		if i%1024 == 0 && ctx.Err() != nil {
			return own, errInterrupted
		}
		if len(live) > 0 {
			k := int(departs) % len(live)
			gone := live[k]
			live[k] = live[len(live)-1]
			live = live[:len(live)-1]
			e.Ended(gone)
		}
		bin, err := f.arrive(e, f.tasks[i])
		if err != nil {
			return own, err
		}
		if bin >= 0 {
			live = append(live, f.tasks[i].ID)
		}
		own.choices = append(own.choices, bin)
	}
	own.pack = threadTime() - start
	return own, nil
}

// arrive runs a round for one task; -1: it found no place and is withdrawn.
func (f *scaleFleet) arrive(e *placement.Engine, t placement.Task) (bin int32, err error) {
	if err := e.Submit(t); err != nil {
		return -1, err
	}
	r, err := e.Assign(context.Background())
	if err != nil {
		return -1, err
	}
	if len(r.Assignments) == 0 {
		e.Withdraw(t.ID)
		return -1, nil
	}
	return f.bin[r.Assignments[0].Agent], nil
}
