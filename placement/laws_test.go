package placement_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// The laws in ../proptest found these; each is here as the smallest case.

func agents(texts ...string) []placement.Offer {
	var offers []placement.Offer
	for i, text := range texts {
		id := fmt.Sprint("a", i)
		offers = append(offers, placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Resources: resources.MustParse(text)})
	}
	return offers
}

func taskNeeding(needs ...string) []placement.Task {
	var tasks []placement.Task
	for i, text := range needs {
		tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(text)})
	}
	return tasks
}

// pack runs a packer and fails the test if the call does.
func pack(t *testing.T, offers []placement.Offer, tasks []placement.Task, packer func(*placement.Round)) placement.Result {
	t.Helper()
	return packWith(t, offers, tasks, packer)
}

func packWith(t *testing.T, offers []placement.Offer, tasks []placement.Task, packer func(*placement.Round), opts ...placement.Option) placement.Result {
	t.Helper()
	res, err := placement.Assign(offers, tasks, append(opts, placement.WithPacker(placement.PackerFunc(packer)))...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestRollbackOfMove: the tasks of a bin are in the order they were, also when one of them was elsewhere, and whenever
// the round was first asked for them.
func TestRollbackOfMove(t *testing.T) {
	for asked := range 4 {
		pack(t, agents("cpus:4", "cpus:4"), taskNeeding("cpus:1", "cpus:1", "cpus:1", "cpus:1"), func(r *placement.Round) {
			ask := func(now int) {
				if now == asked {
					r.On(0)(func(placement.TaskIndex) bool { return false })
				}
			}
			ask(0)
			for i := range placement.TaskIndex(3) {
				r.Place(i, 0)
			}
			r.Place(3, 1)
			m := r.Mark()
			ask(1)
			moved := r.Move(1, 1)
			ask(2)
			if !moved || !r.Remove(3) || !r.Move(0, 1) {
				t.Error("refused")
			}
			ask(3)
			r.Rollback(m)
			for b, want := range [][]placement.TaskIndex{{2, 1, 0}, {3}} {
				if got := slices.Collect(r.On(placement.BinIndex(b))); !slices.Equal(got, want) {
					t.Errorf("asked %d: bin %d has %v, want %v", asked, b, got, want)
				}
			}
		})
	}
}

// TestRollbackKeepsMovesWhole: a mark that falls between the two halves of a move does not take the task away.
func TestRollbackKeepsMovesWhole(t *testing.T) {
	pack(t, agents("cpus:4", "cpus:4"), taskNeeding("cpus:1", "cpus:1"), func(r *placement.Round) {
		m := r.Mark()
		r.Place(0, 0)
		r.Place(1, 0)
		stale := r.Mark()
		r.Rollback(m)
		r.Place(0, 0)
		if !r.Move(0, 1) {
			t.Error("refused")
		}
		r.Rollback(stale)
		if got := r.Where(0); got != 0 && got != 1 {
			t.Errorf("the task is on bin %d", got)
		}
	})
}

// TestBestOfTwoVariants: a task that prefers revocable resources is ranked where only those fit.
func TestBestOfTwoVariants(t *testing.T) {
	revocable := resources.Must(resources.Resource{Name: "cpus", Value: resources.ScalarOf(2 * resources.One), Revocable: true})
	tasks := taskNeeding("cpus:2", "cpus:2")
	for i := range tasks {
		tasks[i].Revocable = placement.Prefer
	}
	for _, offered := range []resources.Resources{revocable, resources.MustParse("cpus:2"), revocable.Plus(resources.MustParse("cpus:2"))} {
		offers := []placement.Offer{{ID: "o", Agent: "a", Resources: offered}}
		res, err := placement.Assign(offers, tasks, placement.WithPacker(placement.BestFit()))
		if want := offered.Len(); err != nil || len(res.Assignments) != want {
			t.Errorf("%v: %d tasks are placed, want %d; %v", offered, len(res.Assignments), want, err)
		}
	}
}

// TestRunningOnOneOfTwoDisks: of disks that differ in size alone a running task holds the one it says.
func TestRunningOnOneOfTwoDisks(t *testing.T) {
	mount := func(size string) resources.Resource {
		return resources.Resource{Name: "disk", Value: resources.ScalarOf(resources.MustAmount(size)), Disk: &resources.Disk{Source: &resources.DiskSource{Type: resources.DiskMount}}}
	}
	held := mount("10")
	offers := []placement.Offer{
		{ID: "o1", Agent: "a", Standing: true, Resources: resources.Must(mount("20"))},
		{ID: "o2", Agent: "a", Standing: true, Resources: resources.Must(held)},
	}
	tasks := []placement.Task{{ID: "t", Disks: []placement.DiskRequest{{Kind: placement.MountDisk, Amount: 5 * resources.One}}}}
	running := placement.Running{Task: placement.Task{ID: "r"}, Agent: "a", Items: []placement.ItemGrant{{Name: "disk", Disk: &held}}}
	res, err := placement.Assign(offers, tasks, placement.WithRunning(running))
	if err != nil || len(res.Assignments) != 1 {
		t.Fatalf("%v, %v", res, err)
	}
	if got := res.Assignments[0].Items[0].Disk; !got.Equal(mount("20")) {
		t.Errorf("got %v, which runs already", got)
	}
}
