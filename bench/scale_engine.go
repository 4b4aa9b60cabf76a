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

func engineRound(ctx context.Context, p placement.Packer, offers []placement.Offer, tasks []placement.Task, repeat int) (*endResult, error) {
	fresh := time.Duration(1 << 62)
	for range repeat {
		r, cost, err := timeAssign(offers, tasks, placement.WithPacker(p), placement.WithExplain(0))
		if err != nil {
			return nil, err
		}
		if r.Stats.Placed > 0 {
			return nil, fmt.Errorf("%d tasks of a backlog that should not fit were placed", r.Stats.Placed)
		}
		fresh = min(fresh, cost.cpu)
	}
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
	least, err := changedRounds(ctx, e, offers)
	if err != nil {
		return nil, err
	}
	part := 100 * float64(least.cpu) / float64(fresh)
	return &endResult{Case: fmt.Sprintf("engine round, %v", p), Agents: len(offers), Tasks: len(tasks), Value: part,
		Measured: fmt.Sprintf("%.2f %%", part), Must: "2 % of a fresh Assign",
		Beside: fmt.Sprintf("fresh Assign without explanations: %v; round: %v (median of %d)", round(fresh), least.cpu.Round(time.Microsecond), rounds)}, nil
}

const rounds = 30

// changedRounds is the median cost of a round in which every hundredth agent's offer was replaced by another.
func changedRounds(ctx context.Context, e *placement.Engine, offers []placement.Offer) (assignCost, error) {
	runtime.GC()
	var costs []time.Duration
	now := make([]placement.OfferID, len(offers))
	for i := range offers {
		now[i] = offers[i].ID
	}
	for turn := range rounds {
		if ctx.Err() != nil {
			return assignCost{}, errInterrupted
		}
		var out []placement.OfferID
		var in []placement.Offer
		for k := range max(1, len(offers)/100) {
			b := (turn*max(1, len(offers)/100) + k) % len(offers)
			o := offers[b]
			o.ID = placement.OfferID(fmt.Sprintf("offer-%d.%d", b, turn+1))
			out, in = append(out, now[b]), append(in, o)
			now[b] = o.ID
		}
		start := processTime()
		e.RemoveOffers(out...)
		if err := e.AddOffers(in...); err != nil {
			return assignCost{}, err
		}
		r, err := e.Assign(context.Background())
		if err != nil {
			return assignCost{}, err
		}
		costs = append(costs, processTime()-start)
		if len(r.Assignments) > 0 {
			return assignCost{}, fmt.Errorf("%d tasks of a backlog that should not fit were placed", len(r.Assignments))
		}
	}
	slices.Sort(costs)
	return assignCost{cpu: costs[len(costs)/2]}, nil
}
