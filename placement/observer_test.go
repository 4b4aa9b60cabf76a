package placement_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
)

// echo runs the round it observes once more, from what it was told.
type echo struct {
	t      *testing.T
	again  placement.Result
	result placement.Result
	engine bool
	phases []placement.Phase
}

func (e *echo) RoundStarts(in *placement.Input) {
	e.engine = in.Engine
	settings := in.Settings()
	opts := append(settings.Options(), placement.WithRunning(in.Running()...))
	var err error
	if e.again, err = placement.Assign(in.Offers(), in.Tasks(), opts...); err != nil {
		e.t.Error(err)
	}
}

func (e *echo) PhaseStarts(p placement.Phase) { e.phases = append(e.phases, p) }

func (e *echo) RoundEnds(r placement.Result, err error) {
	if err != nil {
		e.t.Error(err)
	}
	e.result = r
}

// TestObserverSeesAll checks that a round is a function of what its observer is told.
func TestObserverSeesAll(t *testing.T) {
	for seed := range uint64(20) {
		in := placementtest.Generate(seed, placementtest.Size{Agents: 12, Tasks: 60})
		asked := map[placement.AgentID]int{}
		opts := []placement.Option{
			placement.WithPacker(placement.Random()), placement.WithSeed(seed), placement.WithOrder(placement.DRF),
			placement.WithWeights(map[string]float64{"u1": 3}), placement.WithExplain(int64(seed) * 20), placement.WithBudget(int64(seed) * 100),
			placement.WithPorts(func(id placement.AgentID) ports.Policy { asked[id]++; return ports.Random(uint64(len(asked))) }),
		}
		if seed%2 == 0 {
			cut, _ := in.Pieces()
			opts = append(opts, cut...)
		}
		e := &echo{t: t}
		if _, err := placement.Assign(in.Offers, in.Tasks, append(in.Options(opts...), placement.WithObserver(e))...); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e.result, e.again); d != "" || e.engine {
			t.Fatalf("seed %d: the round -, run once more from what the observer saw +:\n%s", seed, d)
		}
		for id, n := range asked {
			if n > 1 {
				t.Errorf("the policy of %s was asked for %d times", id, n)
			}
		}
		if len(e.phases) != 4 {
			t.Errorf("phases %v", e.phases)
		}
		engine := placement.NewEngine(append(in.Options(), placement.WithObserver(e), placement.WithPacker(placement.BestFit()))...)
		if err := engine.Started(in.Running...); err != nil {
			t.Fatal(err)
		}
		if err := engine.AddOffers(in.Offers...); err != nil {
			t.Fatal(err)
		}
		if err := engine.Submit(in.Tasks...); err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Assign(context.Background(), placement.WithExplain(1<<30)); err != nil {
			t.Fatal(err)
		}
		e.result.Stats, e.again.Stats = placement.Stats{}, placement.Stats{}
		if d := cmp.Diff(e.result, e.again); d != "" || !e.engine {
			t.Fatalf("seed %d: the engine's round -, run once more +:\n%s", seed, d)
		}
	}
}
