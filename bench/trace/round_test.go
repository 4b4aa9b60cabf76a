package trace_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
)

// record runs fn with a recorder of all rounds and returns the file.
func record(t testing.TB, fn func(placement.Option)) []byte {
	t.Helper()
	var file bytes.Buffer
	r := trace.NewRecorder(&file, trace.Options{All: true})
	fn(placement.WithObserver(r))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if c := r.Counts(); c.Seen != c.Recorded {
		t.Fatalf("counts %+v", c)
	}
	return file.Bytes()
}

// read reads all rounds and the error that ended them, nil at the end of the file.
func read(file []byte, resolve trace.Resolver) ([]*trace.Round, error) {
	r, err := trace.NewReader(bytes.NewReader(file), resolve)
	if err != nil {
		return nil, err
	}
	var all []*trace.Round
	for round, err := range r.All() {
		if err != nil {
			return all, err
		}
		all = append(all, round)
	}
	return all, nil
}

func readAll(t testing.TB, file []byte) []*trace.Round {
	t.Helper()
	all, err := read(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func mustAssign(t testing.TB, offers []placement.Offer, tasks []placement.Task, opts ...placement.Option) placement.Result {
	t.Helper()
	result, err := placement.Assign(offers, tasks, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// alike compares all there is in two values but the difference of nil and empty lists.
var alike = []cmp.Option{cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b constraints.Constraint) bool {
		return fmt.Sprintf("%T %v", a, a) == fmt.Sprintf("%T %v", b, b)
	})}

// TestRoundTrip records rounds of awkward inputs of every sort and checks that what is read is what was given, and that a replay
// gives the same result.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(60) {
		in := placementtest.Generate(seed, placementtest.Size{Agents: 12, Tasks: 60})
		opts := in.Options(placement.WithPacker(placement.BestFit()), placement.WithSeed(seed), placement.WithOrder(placement.DRF),
			placement.WithWeights(map[string]float64{"u1": 3, "u2": 0.5}), placement.WithBudget(int64(seed)*100), placement.WithExplain(int64(seed)*20),
			placement.WithDisabled(placement.Disabled{Agent: "a1", Until: in.Now.Add(time.Hour)}, placement.Disabled{Agent: "a0"}))
		if seed%2 == 0 {
			cut, _ := in.Pieces()
			opts = append(append(opts, cut...), placement.WithActiveGroups("rack", "r1", "r0"))
		}
		if seed%3 == 0 {
			opts = append(opts, placement.WithPorts(func(id placement.AgentID) ports.Policy {
				return [...]ports.Policy{ports.Random(seed), ports.BestFit(), ports.AvoidRecent(ports.NewRecent(9).Use(7, 8))}[len(id)%3]
			}))
		}
		var want placement.Result
		file := record(t, func(o placement.Option) { want = mustAssign(t, in.Offers, in.Tasks, append(opts, o)...) })
		rounds, err := read(file, resolver(in))
		if err != nil || len(rounds) != 1 {
			t.Fatalf("%d rounds, %v", len(rounds), err)
		}
		r := rounds[0]
		for what, pair := range map[string][2]any{"offers": {in.Offers, r.Offers}, "tasks": {in.Tasks, r.Tasks},
			"running": {in.Running, r.Running}, "result": {want, r.Result}} {
			if d := cmp.Diff(pair[0], pair[1], alike...); d != "" {
				t.Fatalf("seed %d: %s given -, read +:\n%s", seed, what, d)
			}
		}
		if r.Packer() != "best-fit" || r.Engine || r.Ended() != (want.Truncated && seed == 0) {
			t.Errorf("packer %s, engine %v, ended %v", r.Packer(), r.Engine, r.Ended())
		}
		checkReplay(t, r, placement.BestFit(), "")
	}
}

// resolver knows the constraints of an input that are not of package constraints.
func resolver(in placementtest.Input) trace.Resolver {
	known := map[string]constraints.Constraint{}
	note := func(t *placement.Task) {
		for _, c := range t.Require {
			known[fmt.Sprintf("%T %v", c, c)] = c
		}
		for _, p := range t.Prefer {
			known[fmt.Sprintf("%T %v", p.Constraint, p.Constraint)] = p.Constraint
		}
	}
	for i := range in.Tasks {
		note(&in.Tasks[i])
	}
	for i := range in.Running {
		note(&in.Running[i].Task)
	}
	return func(typ, text string) (constraints.Constraint, error) { return known[typ+" "+text], nil }
}

func checkReplay(t *testing.T, r *trace.Round, p placement.Packer, want string) {
	t.Helper()
	got, err := r.Replay(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Diff(got)
	if err != nil || !strings.Contains(d, want) || want == "" && d != "" {
		t.Fatalf("the replay differs: %s, %v; want %q", d, err, want)
	}
}
