package proptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
)

// oneByOne are the packers that place each task when its turn comes, if anything takes it.
func oneByOne() []named {
	return slices.DeleteFunc(packers(), func(p named) bool {
		switch p.name {
		case "FirstFit", "BestFit", "Spread", "Random", "DominantFit", "DotProduct", "L2Norm", "Cosine", "Tetris", "Balanced", "FragmentationGradient", "GreedyBy":
			return false
		}
		return !strings.HasPrefix(p.name, "Greedy")
	})
}

// TestGreedyLeavesNobodyOut: a task that had a feasible agent at its turn is placed, whatever the order, the scores and what tasks require of each other.
func TestGreedyLeavesNobodyOut(t *testing.T) {
	for _, p := range oneByOne() {
		t.Run(p.name, func(t *testing.T) {
			for _, size := range []placementtest.Size{rich, ruled} {
				law(t, 60, func(s scenario, order uint8) string { return leftOut(s, p.new(), placement.Order(order)) },
					scenarios(size), gen.UInt8Range(0, uint8(placement.DRF)))
			}
		})
	}
	lazy := func() placement.Packer {
		return placement.PackerFunc(func(r *placement.Round) {
			for t := range r.Pending() {
				if b, ok := r.First(t); ok && t%3 > 0 {
					r.Place(t, b)
				}
			}
		})
	}
	if broken(1, 60, func(s scenario) string { return leftOut(s, lazy(), placement.AsGiven) }, scenarios(rich)) == "" {
		t.Error("a packer that leaves tasks out is not noticed")
	}
}

// leftOut plays a packer's result again, turn by turn, and says which task could have been placed at its turn but was not. A gang
// that fails has its run repeated without it; so there are none.
func leftOut(s scenario, p placement.Packer, order placement.Order) (wrong string) {
	in := s.input()
	for i := range in.Tasks {
		t := &in.Tasks[i]
		t.Gang, t.GangMin, t.GangOneAgent = "", 0, false
	}
	for i := range in.Running {
		in.Running[i].Task.Gang = ""
	}
	run := func(p placement.Packer) (placement.Result, error) {
		return placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(p), placement.WithSeed(s.seed), placement.WithOrder(order), placement.WithExplain(0))...)
	}
	res, err := run(p)
	if err != nil {
		return err.Error()
	}
	at := map[placement.TaskID]placement.Assignment{}
	for _, a := range res.Assignments {
		at[a.Task] = a
	}
	_, err = run(placement.PackerFunc(func(r *placement.Round) {
		for t := range r.Pending() {
			a, placed := at[r.Task(t).ID]
			took := false
			for b := range r.Bins() {
				agent, role := r.Agent(b)
				switch {
				case placed && agent == a.Agent && role == a.Role:
					took = r.Place(t, b)
				case !placed && r.Fits(t, b) && wrong == "":
					wrong = fmt.Sprintf("%v leaves %s out, which at its turn would go to %s", p, r.Task(t).ID, agent)
				}
			}
			if placed && !took && wrong == "" {
				wrong = fmt.Sprintf("%v places %s out of its turn", p, a.Task)
			}
		}
	}))
	if err != nil {
		return err.Error()
	}
	return wrong
}

// TestFirstFitIgnoresPreferences: first fit places the same tasks in the same places whatever they prefer, which others do not.
func TestFirstFitIgnoresPreferences(t *testing.T) {
	heeds := func(p func() placement.Packer) func(s scenario) string {
		return func(s scenario) string {
			in := s.input()
			with, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(p()), placement.WithSeed(s.seed), placement.WithExplain(0))...)
			if err != nil {
				return err.Error()
			}
			for i := range in.Tasks {
				in.Tasks[i].Prefer = nil
				if i%2 == int(s.seed%2) {
					in.Tasks[i].Prefer = []constraints.Preference{{Constraint: constraints.Unique("rack"), Weight: 3}}
				}
			}
			without, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(p()), placement.WithSeed(s.seed), placement.WithExplain(0))...)
			if err != nil {
				return err.Error()
			}
			return cmp.Diff(with.Assignments, without.Assignments)
		}
	}
	for _, size := range []placementtest.Size{rich, ruled} {
		law(t, 200, heeds(placement.FirstFit), scenarios(size))
	}
	if broken(1, 200, heeds(placement.Spread), scenarios(ruled)) == "" {
		t.Error("no packer heeds preferences")
	}
}
