package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/berth-go/berth/placement"
)

// lookaheads are the packers that expect a workload.
var lookaheads = []struct {
	name string
	make func(...placement.PackerOption) placement.Packer
}{
	{"fragmentation gradient", placement.FragmentationGradient},
	{"expected fill", placement.ExpectedFill},
}

// TestLookaheadInEngine checks that what a packer keeps from round to round changes nothing: every round of an
// engine gives what a fresh Assign on the same state does, while offers come and go and tasks end.
func TestLookaheadInEngine(t *testing.T) {
	for _, l := range lookaheads {
		for seed := range uint64(16) {
			offers, tasks := deviceWorld(seed)
			expected, err := placement.WorkloadOf(tasks)
			if err != nil {
				t.Fatal(err)
			}
			packer := placement.WithPacker(l.make(placement.WithWorkload(expected)))
			rounds := 60
			if seed == 3 && !testing.Short() {
				rounds = 1500 // enough for the engine to rewind
			}
			engineWalk(t, fmt.Sprint(l.name, " seed ", seed), rand.New(rand.NewPCG(seed, 5)), rounds, offers, tasks, packer)
		}
	}
}

func engineWalk(t *testing.T, name string, rng *rand.Rand, rounds int, offers []placement.Offer, tasks []placement.Task, packer placement.Option) {
	for i := range offers {
		offers[i].Standing = rng.IntN(4) > 0
	}
	must := func(err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	e := placement.NewEngine(packer, placement.WithExplain(0))
	must(e.AddOffers(offers...))
	var out []placement.Offer
	for round := range rounds {
		switch rng.IntN(8) {
		case 0:
			if held := e.Offers(); len(held) > 0 {
				o := held[rng.IntN(len(held))]
				e.RemoveOffers(o.ID)
				out = append(out, o)
			}
		case 1:
			if len(out) > 0 {
				o := out[len(out)-1]
				out = out[:len(out)-1]
				o.ID += "+"
				must(e.AddOffers(o))
			}
		case 2, 3:
			if on := e.Running(); len(on) > 0 {
				e.Ended(on[rng.IntN(len(on))].Task.ID)
			}
		default:
			for range 1 + rng.IntN(2) {
				task := tasks[rng.IntN(len(tasks))]
				task.ID = placement.TaskID(fmt.Sprint("r", round, task.ID, rng.IntN(1000)))
				must(e.Submit(task))
			}
		}
		want, err := placement.Assign(e.Offers(), e.Pending(), packer, placement.WithRunning(e.Running()...), placement.WithExplain(0))
		must(err)
		got, err := e.Assign(context.Background())
		must(err)
		if !reflect.DeepEqual(got.Assignments, want.Assignments) {
			t.Fatalf("%s: round %d: the engine says\n%+v\na fresh call\n%+v", name, round, got.Assignments, want.Assignments)
		}
	}
}

// TestLearnersDoNotPeek checks that a packer that learns does with the first tasks what it does when
// there are others after them.
func TestLearnersDoNotPeek(t *testing.T) {
	for _, l := range lookaheads {
		for seed := range uint64(12) {
			offers, tasks := deviceWorld(seed)
			run := func(n int) []placement.Assignment {
				res, err := placement.Assign(offers, tasks[:n], placement.WithPacker(l.make()))
				if err != nil {
					t.Fatal(err)
				}
				return res.Assignments
			}
			all, few := run(len(tasks)), run(len(tasks)/2)
			if len(few) == 0 || !reflect.DeepEqual(all[:len(few)], few) {
				t.Errorf("%s, seed %d: the first %d tasks are placed differently when others follow", l.name, seed, len(tasks)/2)
			}
		}
	}
}

// TestLearnersInEngine checks that tasks submitted one by one are learned from as those given together.
func TestLearnersInEngine(t *testing.T) {
	for _, l := range lookaheads {
		for seed := range uint64(12) {
			offers, tasks := deviceWorld(seed)
			for i := range offers {
				offers[i].Standing = true
			}
			want, err := placement.Assign(offers, tasks, placement.WithPacker(l.make()))
			if err != nil {
				t.Fatal(err)
			}
			e := placement.NewEngine(placement.WithPacker(l.make()), placement.WithExplain(0))
			if err := e.AddOffers(offers...); err != nil {
				t.Fatal(err)
			}
			var got []placement.Assignment
			for i := range tasks {
				if err := e.Submit(tasks[i]); err != nil {
					t.Fatal(err)
				}
				res, err := e.Assign(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range res.Failures {
					e.Withdraw(f.Task)
				}
				for _, a := range res.Assignments {
					a.Order = len(got)
					got = append(got, a)
				}
			}
			if !reflect.DeepEqual(got, want.Assignments) {
				t.Errorf("%s, seed %d: one by one differs from all at once", l.name, seed)
			}
		}
	}
}
