package placementtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Packer tests whether a packer keeps the promises of [placement.Packer], each in a subtest: its results
// are valid on inputs of every kind, empty ones among them; it is a function of the round, so that neither another
// packer, nor an earlier run of the same one, nor the number of processors changes what it does; it stops when
// the round does; it ends, does not panic, and leaves the tasks as they are. It says nothing about quality.
//
// NewPacker must return a packer that has not run yet. The options are those of every round; a packer that uses up what budget
// there is may be given one. With -short there are fewer inputs.
func Packer(t *testing.T, newPacker func() placement.Packer, opts ...placement.Option) {
	t.Helper()
	k := &kit{newPacker, opts}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			if err := p.check(k); err != nil {
				t.Error(err)
			}
		})
	}
}

// CheckPacker is [Packer] for whoever has no test at hand: it returns all that is wrong, nil if nothing is.
func CheckPacker(newPacker func() placement.Packer, opts ...placement.Option) error {
	k := &kit{newPacker, opts}
	var errs []error
	for _, p := range promises {
		if err := p.check(k); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p.name, err))
		}
	}
	return errors.Join(errs...)
}

// kit is what is tested, and how.
type kit struct {
	new  func() placement.Packer
	opts []placement.Option
}

// patience is how long one call may take.
var patience = time.Minute

var promises = []struct {
	name  string
	check func(*kit) error
}{
	{"valid", (*kit).checkValid},
	{"edges", (*kit).checkEdges},
	{"function of the round", (*kit).checkFunction},
	{"stops", (*kit).checkStops},
	{"leaves the input alone", (*kit).checkUntouched},
}

func inputs() uint64 {
	if testing.Testing() && testing.Short() {
		return 15
	}
	return 40
}

func sizeOf(seed uint64) Size {
	return Size{Agents: 1 + int(seed%7), Tasks: 4 * int(1+seed%6), Plain: seed%4 == 0, Rules: seed%8 == 0}
}

// try runs a packer on an input and checks the result.
func (k *kit) try(ctx context.Context, in *Input, p placement.Packer, opts ...placement.Option) (placement.Result, error) {
	type answer struct {
		res placement.Result
		err error
	}
	done := make(chan answer, 1)
	go func() {
		res, err := placement.AssignContext(ctx, in.Offers, in.Tasks, in.Options(slices.Concat(k.opts, opts, []placement.Option{placement.WithPacker(p)})...)...)
		done <- answer{res, err}
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case a := <-done:
		if a.err != nil {
			return a.res, a.err
		}
		return a.res, in.Verify(a.res)
	case <-late.C:
		return placement.Result{}, fmt.Errorf("it has not ended after %v", patience)
	}
}

func (k *kit) checkValid() error {
	for seed := range inputs() {
		in := Generate(seed, sizeOf(seed))
		for _, order := range []placement.Order{placement.AsGiven, placement.Shuffled, placement.Decreasing, placement.ByPriority} {
			if _, err := k.try(context.Background(), &in, k.new(), placement.WithOrder(order), placement.WithSeed(seed)); err != nil {
				return fmt.Errorf("input %d, order %v: %w", seed, order, err)
			}
		}
	}
	return nil
}

// checkEdges tries inputs on which sums are zero, quotients no numbers and lists empty.
func (k *kit) checkEdges() error {
	agent := func(i int, text string) placement.Offer {
		id := fmt.Sprintf("o%d", i)
		return placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Resources: resources.MustParse(text)}
	}
	task := func(i int, text string) placement.Task {
		return placement.Task{ID: placement.TaskID(fmt.Sprintf("t%d", i)), Needs: resources.MustQuantities(text)}
	}
	liked := task(0, "cpus:1")
	liked.Prefer = []constraints.Preference{{Constraint: undecided{}}}
	huge := task(1, "cpus:1")
	huge.Value = math.MaxFloat64
	edges := map[string]Input{
		"nothing at all":     {},
		"no offers":          {Tasks: []placement.Task{task(0, "cpus:1"), task(1, "")}},
		"no tasks":           {Offers: []placement.Offer{agent(0, "cpus:1"), agent(1, "")}},
		"agents of nothing":  {Offers: []placement.Offer{agent(0, ""), agent(1, "")}, Tasks: []placement.Task{task(0, ""), task(1, "cpus:1"), task(2, "")}},
		"tasks for nothing":  {Offers: []placement.Offer{agent(0, "cpus:1"), agent(1, "mem:1")}, Tasks: []placement.Task{task(0, ""), task(1, ""), task(2, "")}},
		"nothing fits":       {Offers: []placement.Offer{agent(0, "cpus:1"), agent(1, "mem:1")}, Tasks: []placement.Task{task(0, "cpus:2"), task(1, "cpus:1;mem:1"), task(2, "gas:1")}},
		"everything is full": {Offers: []placement.Offer{agent(0, "cpus:1")}, Tasks: []placement.Task{task(0, "cpus:1"), task(1, "cpus:1"), task(2, "cpus:0.001")}},
		"very large":         {Offers: []placement.Offer{agent(0, "cpus:70000000000"), agent(1, "cpus:0.001")}, Tasks: []placement.Task{task(0, "cpus:70000000000"), task(1, "cpus:0.001")}},
		"no number":          {Offers: []placement.Offer{agent(0, "cpus:1"), agent(1, "cpus:2")}, Tasks: []placement.Task{liked, huge}},
	}
	for name, in := range edges {
		if _, err := k.try(context.Background(), &in, k.new()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// undecided is a preference that scores no number.
type undecided struct{}

func (undecided) String() string                 { return "undecided" }
func (undecided) Reads(string) constraints.Reads { return constraints.Reads{Shrinks: true} }
func (undecided) Judge(*constraints.Candidate) constraints.Verdict {
	return constraints.Verdict{OK: true, Score: math.NaN()}
}

func (k *kit) checkFunction() error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	old := k.new()
	for seed := range inputs() {
		in := Generate(seed, sizeOf(seed))
		want, err := k.try(context.Background(), &in, k.new(), placement.WithSeed(seed))
		if err != nil {
			return fmt.Errorf("input %d: %w", seed, err)
		}
		for _, again := range []struct {
			name       string
			packer     placement.Packer
			processors int
		}{{"another packer", k.new(), 1}, {"a packer that ran before", old, 4}, {"the same again", old, 1}} {
			runtime.GOMAXPROCS(again.processors)
			got, err := k.try(context.Background(), &in, again.packer, placement.WithSeed(seed))
			if err != nil {
				return fmt.Errorf("input %d: %w", seed, err)
			}
			if !reflect.DeepEqual(got, want) {
				return fmt.Errorf("input %d: %s gives another result (%d placed instead of %d)", seed, again.name, len(got.Assignments), len(want.Assignments))
			}
		}
	}
	return nil
}

// checkStops ends rounds early: by budgets, and by contexts that end after some looks at them.
func (k *kit) checkStops() error {
	for seed := range inputs() {
		in := Generate(seed, sizeOf(seed))
		for _, limit := range []int64{1, 2, 3, 7, 20, 100} {
			if _, err := k.try(context.Background(), &in, k.new(), placement.WithBudget(limit)); err != nil {
				return fmt.Errorf("input %d, budget %d: %w", seed, limit, err)
			}
			if _, err := k.try(&ending{Context: context.Background(), after: limit}, &in, k.new()); err != nil {
				return fmt.Errorf("input %d, context that ends: %w", seed, err)
			}
		}
	}
	var in Input
	for i := range 40 {
		id := fmt.Sprint(i)
		in.Offers = append(in.Offers, placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Resources: resources.MustParse("cpus:1")})
		in.Tasks = append(in.Tasks, placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities("cpus:1")})
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	res, err := k.try(over, &in, k.new())
	if err != nil {
		return fmt.Errorf("context that has ended: %w", err)
	}
	if most := int64(2 * (len(in.Offers) + len(in.Tasks))); res.Stats.Steps > most {
		return fmt.Errorf("the context had ended before, yet it took %d steps, of %d agents and %d tasks: does it look at Round.Stopped?", res.Stats.Steps, len(in.Offers), len(in.Tasks))
	}
	return nil
}

// ending is a context that ends when it has been asked a number of times whether it did.
type ending struct {
	context.Context
	after int64
}

func (e *ending) Err() error {
	if e.after--; e.after < 0 {
		return context.Canceled
	}
	return nil
}

func (k *kit) checkUntouched() error {
	for seed := range inputs() {
		in := Generate(seed, sizeOf(seed))
		if _, err := k.try(context.Background(), &in, k.new()); err != nil {
			return fmt.Errorf("input %d: %w", seed, err)
		}
		if !reflect.DeepEqual(in, Generate(seed, sizeOf(seed))) {
			return fmt.Errorf("input %d was changed", seed)
		}
	}
	return nil
}
