package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/berth-go/berth/bench/naive"
	"github.com/berth-go/berth/placement"
)

// engineRounds are rounds in which one agent in a hundred changes and nothing of the backlog finds a place,
// against a call of Assign for the same state.
func (c *scaleCmd) engineRounds(ctx context.Context, agents int) (all []*endResult, err error) {
	offers, tasks, err := stuck(agents, c.Seed)
	if err != nil {
		return nil, err
	}
	for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
		e, err := engineRound(ctx, p, offers, tasks, c.Repeat)
		if err != nil {
			return nil, err
		}
		all = append(all, e.judge(e.Value <= 2, agents == endAgents))
		a, err := c.engineAllocs(ctx, p, agents)
		if err != nil {
			return nil, err
		}
		all = append(all, a.judge(a.Value <= 1, agents == endAgents))
	}
	return all, nil
}

// engineAllocs counts what rounds allocate that place a task for every tenth agent, after those of the round before ended.
func (c *scaleCmd) engineAllocs(ctx context.Context, p placement.Packer, agents int) (*endResult, error) {
	batch := max(1, agents/10)
	fleet, err := newScaleFleet(naive.Spec{Bins: agents, Tasks: batch * rounds, Shapes: scaleShapes, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	e := placement.NewEngine(placement.WithPacker(p))
	if err := e.AddOffers(fleet.offers...); err != nil {
		return nil, err
	}
	var before, after runtime.MemStats
	var ended []placement.TaskID
	var allocs, bytes, placed uint64
	for turn := range rounds {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		tasks := fleet.tasks[turn*batch:][:batch]
		runtime.ReadMemStats(&before)
		e.Ended(ended...)
		if err := e.Submit(tasks...); err != nil {
			return nil, err
		}
		r, err := e.Assign(context.Background())
		if err != nil {
			return nil, err
		}
		runtime.ReadMemStats(&after)
		if ended = ended[:0]; turn > 0 { // the first round makes what later ones keep
			allocs, bytes, placed = allocs+after.Mallocs-before.Mallocs, bytes+after.TotalAlloc-before.TotalAlloc, placed+uint64(len(r.Assignments))
		}
		for i := range r.Assignments {
			ended = append(ended, r.Assignments[i].Task)
		}
	}
	value := float64(allocs) / float64(max(1, placed))
	return &endResult{Case: fmt.Sprintf("engine round, %v", p), Agents: agents, Tasks: batch, Value: value, Placed: 100 * float64(placed) / float64(batch*(rounds-1)),
		Measured: fmt.Sprintf("%.2f allocs", value), Must: "1 allocation a placed task",
		Beside: fmt.Sprintf("tasks ended, submitted and assigned; %.0f bytes a placed task", float64(bytes)/float64(max(1, placed)))}, nil
}

// stuck is a fleet that is nine tenths full and a backlog of as many tasks as agents that do not fit: they need what an
// empty agent has and these have not left.
func stuck(agents int, seed uint64) ([]placement.Offer, []placement.Task, error) {
	w := naive.Generate(naive.Spec{Kind: naive.Full, Bins: agents, Tasks: agents, Shapes: scaleShapes, Seed: seed})
	most := int64(0)
	var offers []placement.Offer
	for b := range agents {
		row := w.Free[b*w.Cols:][:w.Cols]
		most = max(most, row[0])
		o, err := scaleOffer(b, fmt.Sprintf("offer-%d.0", b), row)
		if err != nil {
			return nil, nil, err
		}
		offers = append(offers, o)
	}
	fleet := &naive.Workload{Cols: w.Cols, Needs: append([]int64(nil), w.Needs...), Tasks: w.Tasks}
	for s := 0; s < len(fleet.Needs); s += w.Cols {
		fleet.Needs[s] += most
	}
	needs, err := needsOf(fleet)
	if err != nil {
		return nil, nil, err
	}
	return offers, arrivals(fleet, needs), nil
}

// engineRound compares medians: of rounds, and of calls for the same state that take turns with them.
func engineRound(ctx context.Context, p placement.Packer, offers []placement.Offer, tasks []placement.Task, repeat int) (*endResult, error) {
	e := placement.NewEngine(placement.WithPacker(p))
	if err := e.AddOffers(offers...); err != nil {
		return nil, err
	}
	if err := e.Submit(tasks...); err != nil {
		return nil, err
	}
	if _, err := e.Assign(context.Background()); err != nil {
		return nil, err
	}
	var turns, calls []time.Duration
	held := slices.Clone(offers)
	for turn := range rounds {
		if turn%10 == 0 {
			for range repeat {
				r, cost, err := timeAssign(offers, tasks, placement.WithPacker(p), placement.WithExplain(0))
				if err != nil {
					return nil, err
				}
				if r.Stats.Placed > 0 {
					return nil, fmt.Errorf("%d tasks of a backlog that should not fit were placed", r.Stats.Placed)
				}
				calls = append(calls, cost.cpu)
			}
			runtime.GC()
		}
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		cost, err := changedRound(e, held, turn)
		if err != nil {
			return nil, err
		}
		turns = append(turns, cost)
	}
	slices.Sort(turns)
	slices.Sort(calls)
	fresh, turn := calls[len(calls)/2], turns[len(turns)/2]
	part := 100 * float64(turn) / float64(fresh)
	return &endResult{Case: fmt.Sprintf("engine round, %v", p), Agents: len(offers), Tasks: len(tasks), Value: part,
		Measured: fmt.Sprintf("%.2f %%", part), Must: "2 % of a fresh Assign",
		Beside: fmt.Sprintf("fresh Assign without explanations: %v (median of %d); round: %v (median of %d)",
			round(fresh), len(calls), turn.Round(time.Microsecond), rounds)}, nil
}

const rounds = 30

// changedRound is the cost of a round in which every hundredth agent's offer is replaced by another.
func changedRound(e *placement.Engine, held []placement.Offer, turn int) (time.Duration, error) {
	part := max(1, len(held)/100)
	out, in := make([]placement.OfferID, part), make([]placement.Offer, part)
	for k := range part {
		o := &held[(turn*part+k)%len(held)]
		out[k] = o.ID
		o.ID = placement.OfferID(fmt.Sprintf("%s.%d", o.Agent, turn+1))
		in[k] = *o
	}
	start := processTime()
	e.RemoveOffers(out...)
	if err := e.AddOffers(in...); err != nil {
		return 0, err
	}
	r, err := e.Assign(context.Background())
	if err != nil {
		return 0, err
	}
	cost := processTime() - start
	if len(r.Assignments) > 0 {
		return 0, fmt.Errorf("%d tasks of a backlog that should not fit were placed", len(r.Assignments))
	}
	return cost, nil
}
