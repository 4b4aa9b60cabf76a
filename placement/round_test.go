package placement_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// at is the amount of a column, which must be there.
func at(t *testing.T, r *placement.Round, row placement.Row, column string) resources.Amount {
	t.Helper()
	i := slices.Index(r.Columns(), column)
	if i < 0 || row.Len() != len(r.Columns()) {
		t.Fatalf("columns %q, a row of %d: no %s", r.Columns(), row.Len(), column)
	}
	return row.At(i)
}

// TestRoundReads checks what a packer is told of bins and tasks, before and after it places some.
func TestRoundReads(t *testing.T) {
	offers := agents("cpus:4;mem:100", "cpus:2;mem:50")
	offers[1].Role = "web"
	tasks := taskNeeding("cpus:1;mem:10", "cpus:1;mem:10", "cpus:0.5")
	tasks[1].Value = 2.5
	running := placement.Running{Agent: "a0", Task: placement.Task{ID: "old", Needs: resources.MustQuantities("cpus:3")}}
	ran := false
	packWith(t, offers, tasks, func(r *placement.Round) {
		ran = true
		if got := fmt.Sprint(slices.Collect(r.Bins()), slices.Collect(r.Tasks()), r.Columns()); got != "[0 1] [0 1 2] [cpus mem]" {
			t.Errorf("bins, tasks, columns: %s", got)
		}
		for range r.Bins() {
			break // ends when told to
		}
		if id, role := r.Agent(1); id != "a1" || role != "web" {
			t.Errorf("bin 1 is %s of %q", id, role)
		}
		if free, all := at(t, r, r.Free(0), "cpus"), at(t, r, r.Capacity(0), "cpus"); free != 4*resources.One || all != 7*resources.One {
			t.Errorf("%v of %v cpus free; 4 of 7 are, as 3 run", free, all)
		}
		if need := at(t, r, r.Need(2), "cpus"); need != resources.One/2 || at(t, r, r.Need(2), "mem") != 0 {
			t.Errorf("needs %v cpus", need)
		}
		if r.Shape(0) != r.Shape(1) || r.Shape(0) == r.Shape(2) || r.Shape(2) >= r.Shapes() {
			t.Errorf("shapes %d, %d, %d of %d", r.Shape(0), r.Shape(1), r.Shape(2), r.Shapes())
		}
		if r.Value(0) != 1 || r.Value(1) != 2.5 || r.Task(1).ID != "t1" {
			t.Errorf("values %v, %v of %s", r.Value(0), r.Value(1), r.Task(1).ID)
		}
		if !r.Used(0) || r.Used(1) {
			t.Error("a task runs on a0, none on a1")
		}
		if !r.Place(0, 0) || !r.Place(1, 0) || !r.Place(2, 1) {
			t.Fatal("refused")
		}
		if r.Where(0) != 0 || r.Where(2) != 1 || !r.Used(1) {
			t.Errorf("placed on %d and %d", r.Where(0), r.Where(2))
		}
		if free := at(t, r, r.Free(0), "mem"); free != 80*resources.One {
			t.Errorf("%v mem free, 80 is left", free)
		}
		if got := fmt.Sprint(slices.Collect(r.On(0)), slices.Collect(r.On(1))); got != "[1 0] [2]" {
			t.Errorf("on the bins: %s, the latest comes first", got)
		}
		for on := range r.On(0) {
			if on != 1 {
				t.Errorf("goes on to %d after it was told to end", on)
			}
			break
		}
		for on := range r.On(0) {
			r.Remove(on) // may go while they are walked
		}
		if got := slices.Collect(r.On(0)); len(got) > 0 || r.Where(1) != placement.NoBin {
			t.Errorf("removed, but on the bin: %v", got)
		}
	}, placement.WithRunning(running))
	if !ran {
		t.Error("the packer never ran")
	}
}

// TestRoundStrangers checks that numbers of no task and of no bin, of tasks that run and of bins that left are told apart.
func TestRoundStrangers(t *testing.T) {
	check := func(r *placement.Round, pending placement.TaskIndex, tasks []placement.TaskIndex, bins []placement.BinIndex) {
		t.Helper()
		for _, k := range tasks {
			if r.Where(k) != placement.NoBin || r.Place(k, 0) || r.Move(k, 1) || r.Remove(k) {
				t.Errorf("task %d is none of the round's", k)
			}
		}
		for _, b := range bins {
			if r.Place(pending, b) || slices.Collect(r.On(b)) != nil || slices.Collect(r.Feasible(b)) != nil || slices.Contains(slices.Collect(r.Bins()), b) {
				t.Errorf("bin %d is none of the round's", b)
			}
		}
	}
	offers := append(agents("cpus:1", "cpus:1", "cpus:1"), placement.Offer{ID: "s", Agent: "s", Standing: true, Resources: resources.MustParse("cpus:1")})
	pack(t, offers, taskNeeding("cpus:1", "cpus:1"), func(r *placement.Round) {
		check(r, 0, []placement.TaskIndex{-1, -2, 2, 1 << 20}, []placement.BinIndex{placement.NoBin, -3, 4, 1 << 20})
	})
	e := placement.NewEngine(placement.WithPacker(placement.PackerFunc(func(r *placement.Round) {
		if r.Task(0).ID == "t0" && r.Where(0) == placement.NoBin {
			r.Place(0, 3)
		}
	})))
	if e.AddOffers(offers...) != nil || e.Submit(taskNeeding("cpus:1", "cpus:1")...) != nil {
		t.Fatal("refused")
	}
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 1 {
		t.Fatal(res, err)
	}
	e.RemoveOffers("a1")
	ran := false
	again := placement.PackerFunc(func(r *placement.Round) {
		if got := slices.Collect(r.Tasks()); len(got) != 1 || r.Task(got[0]).ID != "t1" {
			t.Errorf("tasks %v; t1 alone is left", got)
		}
		check(r, 1, []placement.TaskIndex{0}, []placement.BinIndex{1})
		if ran = r.Place(1, 2); !ran {
			t.Error("a bin that is left is refused")
		}
	})
	if _, err := e.Assign(context.Background(), placement.WithPacker(again)); err != nil || !ran {
		t.Error(ran, err)
	}
}

// TestRoundStops checks when a round is over, and that it stays so.
func TestRoundStops(t *testing.T) {
	tasks := taskNeeding("cpus:1", "cpus:1", "cpus:1", "cpus:1")
	for _, budget := range []int64{1, 2} {
		packWith(t, agents("cpus:9"), tasks, func(r *placement.Round) {
			for i := range placement.TaskIndex(3) {
				if r.Stopped() != (int64(i) >= budget) {
					t.Errorf("stopped after %d of %d steps: %v", i, budget, r.Stopped())
				}
				if !r.Place(i, 0) {
					t.Error("a round that is over still places")
				}
			}
			if n := len(slices.Collect(r.Pending())); n > 0 {
				t.Errorf("%d are pending in a round that is over", n)
			}
		}, placement.WithBudget(budget))
	}
	for _, budget := range []int64{0, -1} {
		packWith(t, agents("cpus:9"), tasks, func(r *placement.Round) {
			if r.Place(0, 0); r.Stopped() {
				t.Errorf("stopped on a budget of %d, which is none", budget)
			}
		}, placement.WithBudget(budget))
	}
	ctx, cancel := context.WithCancel(context.Background())
	res, err := placement.AssignContext(ctx, agents("cpus:9"), tasks, placement.WithPacker(placement.PackerFunc(func(r *placement.Round) {
		if r.Stopped() {
			t.Error("stopped at the start")
		}
		cancel()
		for range 2 {
			if !r.Stopped() {
				t.Error("goes on without its context")
			}
		}
	})))
	if err != nil || !res.Truncated {
		t.Errorf("truncated: %v, %v", res.Truncated, err)
	}
}
