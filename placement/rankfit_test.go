package placement_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// leftover prefers the units and the bin with least left, with a wobble that makes ties, and NaN now and then.
func leftover(f *placement.Fit) float64 {
	left := resources.Amount(0)
	for i := range f.Free().Len() {
		left += f.Free().At(i) - f.Need().At(i)
	}
	for i := range f.Units() {
		if u := f.Unit(i); u.After < u.Free {
			left += u.After * 3
		}
	}
	if left%7 == 3 {
		return math.NaN()
	}
	return -float64(left / 500)
}

// TestRankFitAgreesWithFullScan does random things to a round and compares what a kept ranking answers
// with what a fresh one, which looks at everything, does.
func TestRankFitAgreesWithFullScan(t *testing.T) {
	for seed := range uint64(24) {
		offers, tasks := deviceWorld(seed)
		for i := range tasks {
			switch i % 9 {
			case 2:
				tasks[i].Group, tasks[i].Require = "lonely", []constraints.Constraint{constraints.Unique("hostname")}
			case 4:
				tasks[i].Prefer = []constraints.Preference{{Constraint: constraints.Unique("hostname"), Weight: 2}}
			case 6:
				tasks[i].Revocable = placement.Prefer
			}
		}
		p := placement.PackerFunc(func(r *placement.Round) { rankFitWalk(t, seed, r) })
		if _, err := placement.Assign(offers, tasks, placement.WithPacker(p), placement.WithSeed(seed)); err != nil {
			t.Fatal(err)
		}
	}
}

func rankFitWalk(t *testing.T, seed uint64, r *placement.Round) {
	kept, rng := r.RankFit(leftover), r.Rand()
	m := r.Mark()
	var placed []placement.TaskIndex
	for step := range 400 {
		task := placement.TaskIndex(rng.IntN(60))
		switch rng.IntN(12) {
		case 0:
			m = r.Mark()
		case 1:
			r.Rollback(m)
		case 2:
			if len(placed) > 0 {
				r.Remove(placed[rng.IntN(len(placed))])
			}
		case 3:
			r.Move(task, placement.BinIndex(rng.IntN(3)))
		default:
			fits := false
			for o := range r.Bins() {
				fits = fits || r.Where(task) == placement.NoBin && r.Fits(task, o)
			}
			b, units, ok := kept.Best(task)
			wantBin, wantUnits, wantOK := r.RankFit(leftover).Best(task)
			if b != wantBin || ok != fits || ok != wantOK || !slices.Equal(units, wantUnits) {
				t.Fatalf("seed %d step %d: task %d: kept says %d %v %v, fresh %d %v %v", seed, step, task, b, units, ok, wantBin, wantUnits, wantOK)
			}
			if ok && rng.IntN(4) > 0 {
				if !r.PlaceOn(task, b, units) {
					t.Fatalf("seed %d step %d: the best bin %d refuses task %d with units %v", seed, step, b, task, units)
				}
				placed = append(placed, task)
			}
		}
	}
}

func TestRankFitHonoursPreferences(t *testing.T) {
	offers := []placement.Offer{
		{ID: "o1", Agent: "a1", Resources: resources.MustParse("cpus:8"), Attributes: resources.MustAttributes("rack:r1")},
		{ID: "o2", Agent: "a2", Resources: resources.MustParse("cpus:8"), Attributes: resources.MustAttributes("rack:r2")},
	}
	likes, err := constraints.ParsePreferences("rack=r2")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		score float64 // of the first bin; the second has 0
		want  placement.BinIndex
	}{{0, 1}, {0.9, 1}, {1, 0}} {
		p := placement.PackerFunc(func(r *placement.Round) {
			k := r.RankFit(func(f *placement.Fit) float64 { return c.score * float64(1-f.Bin()) })
			if b, _, ok := k.Best(0); !ok || b != c.want {
				t.Errorf("score %v: bin %d, %v, want %d", c.score, b, ok, c.want)
			}
		})
		if _, err := placement.Assign(offers, []placement.Task{{ID: "t", Prefer: likes}}, placement.WithPacker(p)); err != nil {
			t.Fatal(err)
		}
	}
}

func ExampleRound_RankFit() {
	gpu := func(model string) placement.Device {
		return placement.Device{Kind: "gpu", Model: model, Capacity: resources.One, Free: resources.One}
	}
	offers := []placement.Offer{
		{ID: "o1", Agent: "a1", Resources: resources.MustParse("cpus:8"), Devices: []placement.Device{gpu("new"), gpu("old"), gpu("old")}},
		{ID: "o2", Agent: "a2", Resources: resources.MustParse("cpus:8"), Devices: []placement.Device{gpu("old"), gpu("new")}},
	}
	half := []placement.DeviceRequest{{Kind: "gpu", Share: resources.One / 2}}
	tasks := []placement.Task{{ID: "t1", Devices: half}, {ID: "t2", Devices: half}, {ID: "t3", Devices: half}}
	// Old units before new ones, and units in use before idle ones.
	spare := func(f *placement.Fit) float64 {
		u := f.Unit(int(f.Proposed()[0]))
		score := 0.0
		if u.Model == "old" {
			score += 0.6
		}
		if u.Used {
			score += 0.3
		}
		return score
	}
	packer := placement.PackerFunc(func(r *placement.Round) {
		k := r.RankFit(spare)
		for t := range r.Pending() {
			if b, units, ok := k.Best(t); ok {
				r.PlaceOn(t, b, units)
			}
		}
	})
	result, err := placement.Assign(offers, tasks, placement.WithPacker(packer))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range result.Assignments {
		fmt.Println(a.Task, "on", a.Agent, "unit", a.Devices[0].Units[0])
	}
	// Output:
	// t1 on a1 unit 1
	// t2 on a1 unit 1
	// t3 on a1 unit 2
}
