package placementtest

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestPackers holds the packers of package placement to what is asked of others.
func TestPackers(t *testing.T) {
	for name, newPacker := range map[string]func() placement.Packer{
		"first-fit": placement.FirstFit,
		"best-fit":  placement.BestFit,
		"spread":    placement.Spread,
		"random":    placement.Random,
		"constant":  func() placement.Packer { return placement.Greedy(func(_, _, _ placement.Row) float64 { return 1 }) },
		"no number": func() placement.Packer {
			return placement.Greedy(func(_, _, _ placement.Row) float64 { return math.NaN() })
		},
		"nothing": func() placement.Packer { return placement.PackerFunc(func(*placement.Round) {}) },
	} {
		t.Run(name, func(t *testing.T) { Packer(t, newPacker) })
	}
}

func firstFit(r *placement.Round) {
	for t := range r.Pending() {
		if b, ok := r.First(t); ok {
			r.Place(t, b)
		}
	}
}

// every places all it can on all bins, and never asks whether to stop.
func every(r *placement.Round) {
	for t := range r.Tasks() {
		for b := range r.Bins() {
			r.Place(placement.TaskIndex(t), placement.BinIndex(b))
		}
	}
}

func TestCheckPackerRejects(t *testing.T) {
	defer func(d time.Duration) { patience = d }(patience)
	patience = 50 * time.Millisecond
	turn := 0
	release := make(chan struct{})
	defer close(release)
	for _, c := range []struct {
		name, want string
		packer     func() placement.Packer
	}{
		{"panics", placement.ErrPolicy.Error(), func() placement.Packer {
			return placement.PackerFunc(func(*placement.Round) { panic("no") })
		}},
		{"never ends", "not ended", func() placement.Packer {
			return placement.PackerFunc(func(*placement.Round) { <-release })
		}},
		{"never stops", "Round.Stopped", func() placement.Packer { return placement.PackerFunc(every) }},
		{"depends on earlier packers", "another packer", func() placement.Packer {
			return placement.PackerFunc(func(r *placement.Round) {
				if turn++; turn%2 == 0 {
					firstFit(r)
				}
			})
		}},
		{"depends on its own past", "ran before", func() placement.Packer {
			runs := 0
			return placement.PackerFunc(func(r *placement.Round) {
				if runs++; runs < 12 {
					firstFit(r)
				}
			})
		}},
		{"changes tasks", "was changed", func() placement.Packer {
			return placement.PackerFunc(func(r *placement.Round) {
				for t := range r.Pending() {
					r.Task(t).Value++
				}
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := CheckPacker(c.packer); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
}

func TestCheckPackerAccepts(t *testing.T) {
	if err := CheckPacker(func() placement.Packer { return placement.PackerFunc(firstFit) }); err != nil {
		t.Error(err)
	}
}

func ExampleVerify() {
	offers := []placement.Offer{{ID: "o1", Agent: "a1", Resources: resources.MustParse("cpus:4")}}
	tasks := []placement.Task{
		{ID: "t1", Needs: resources.MustQuantities("cpus:3")},
		{ID: "t2", Needs: resources.MustQuantities("cpus:1")},
	}
	result, err := placement.Assign(offers, tasks)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("as it is:", Verify(offers, tasks, result))

	tasks[1].Needs = resources.MustQuantities("cpus:1.5")
	fmt.Println("for a larger task:", Verify(offers, tasks, result))
	// Output:
	// as it is: <nil>
	// for a larger task: task "t2": capacity: needs 1.5 cpus of agent "a1" (revocable: false), where 1 are left
}
