package trace_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestLarge replays a round of 1,000 agents and 10,000 tasks to the byte, and reads it cut in many places.
func TestLarge(t *testing.T) {
	packers := []func() placement.Packer{placement.FirstFit, placement.BestFit, placement.Auto, placement.FillDotProduct}
	agents, tasks := 1_000, 10_000
	if testing.Short() {
		agents, tasks = 100, 1_000
	}
	for _, packer := range packers {
		w := workload.Mixed(agents, tasks, 3)
		file := record(t, func(o placement.Option) {
			mustAssign(t, w.Offers, w.Tasks, placement.WithPacker(packer()), placement.WithSeed(9), o)
		})
		rounds := readAll(t, file)
		if len(rounds) != 1 || len(rounds[0].Offers) != agents || len(rounds[0].Tasks) != tasks {
			t.Fatal("not all of it")
		}
		t.Logf("%s: %d bytes", rounds[0].Packer(), len(file))
		checkReplay(t, rounds[0], packer(), "")
		checkReplay(t, rounds[0], placement.Spread(), "instead of")
		for cut := 0; cut < len(file); cut += 1 + len(file)/20 {
			checkCut(t, file, cut, 1)
		}
	}
}

// checkCut reads a file of a number of rounds up to a cut.
func checkCut(t *testing.T, file []byte, cut, rounds int) {
	t.Helper()
	all, err := read(file[:cut], nil)
	if cut == 0 && errors.Is(err, trace.ErrNotTrace) {
		return
	}
	if !errors.Is(err, trace.ErrDamaged) || !strings.Contains(err.Error(), fmt.Sprintf("after %d rounds", len(all))) || len(all) > rounds {
		t.Fatalf("cut at %d of %d: %d rounds, %v", cut, len(file), len(all), err)
	}
}

// engineRounds records three rounds of an engine.
func engineRounds(t *testing.T, require string) []byte {
	return record(t, func(o placement.Option) {
		e := placement.NewEngine(o, placement.WithPacker(placement.BestFit()))
		for i := range 3 {
			err := e.AddOffers(placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
				Resources: must(resources.Parse("cpus:2;mem:100"))})
			if err != nil {
				t.Fatal(err)
			}
			for j := range 2 {
				task := placement.Task{ID: placement.TaskID(fmt.Sprint("t", i, j)), Needs: resources.MustQuantities("cpus:1.5")}
				task.Require = constraints.MustParse(require)
				if err := e.Submit(task); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := e.Assign(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestCut cuts a file at every byte, and changes every byte.
func TestCut(t *testing.T) {
	file := engineRounds(t, "exists(rack) | !exists(rack)")
	good := readAll(t, file)
	if len(good) != 3 || !good[2].Engine || len(good[2].Running) == 0 || len(good[2].Result.Failures) == 0 {
		t.Fatalf("not the rounds that were run: %+v", good)
	}
	for _, r := range good {
		checkReplay(t, r, placement.BestFit(), "")
	}
	most := 0
	for cut := range file {
		checkCut(t, file, cut, 3)
		if all, _ := read(file[:cut], nil); len(all) > most {
			most = len(all)
		}
	}
	if most != 3 {
		t.Errorf("of a cut file no more than %d rounds were read", most)
	}
	changed := 0
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 0x55
		all, err := read(bad, nil)
		if err != nil {
			changed++
		}
		for j, r := range all {
			if d, err := good[j].Diff(r.Result); d != "" || err != nil {
				t.Fatalf("byte %d changed: round %d is another: %s %v", i, j, d, err)
			}
		}
	}
	if changed < len(file)*9/10 {
		t.Errorf("of %d changed bytes %d were noticed", len(file), changed)
	}
}

// TestJoined reads files written one after the other as one.
func TestJoined(t *testing.T) {
	file := engineRounds(t, "")
	if all := readAll(t, append(bytes.Clone(file), file...)); len(all) != 6 || all[5].Number != 2 {
		t.Fatalf("%d rounds", len(all))
	}
	all, err := read(append(bytes.Clone(file), "more"...), nil)
	if !errors.Is(err, trace.ErrDamaged) || len(all) != 3 {
		t.Fatalf("%d rounds, %v", len(all), err)
	}
}

func TestWrongFiles(t *testing.T) {
	zipped := func(frames ...*tracepb.Frame) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		for _, f := range frames {
			if _, err := protodelim.MarshalTo(z, f); err != nil {
				t.Fatal(err)
			}
		}
		z.Close()
		return b.String()
	}
	text := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, s)
		z.Close()
		return b.String()
	}
	header := &tracepb.Frame{Header: &tracepb.Header{Magic: "berth-trace", Version: 1}}
	round := func(f *tracepb.Frame) string {
		f.Start, f.End = &tracepb.Start{Settings: &tracepb.Settings{Order: 1}}, &tracepb.End{}
		f.Strings = append([][]byte{[]byte("given")}, f.Strings...)
		return zipped(header) + zipped(f) + zipped(&tracepb.Frame{Footer: &tracepb.Footer{}})
	}
	if _, err := read([]byte(round(&tracepb.Frame{})), nil); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	for name, c := range map[string]struct {
		file string
		want error
	}{
		"empty":         {"", trace.ErrNotTrace},
		"text":          {"agent,cpus\na1,16\n", trace.ErrNotTrace},
		"other gzip":    {text("agent,cpus\na1,16\n"), trace.ErrNotTrace},
		"other message": {zipped(&tracepb.Frame{Strings: [][]byte{[]byte("x")}}), trace.ErrNotTrace},
		"later":         {zipped(&tracepb.Frame{Header: &tracepb.Header{Magic: "berth-trace", Version: 2}}), trace.ErrVersion},
		"no footer":     {zipped(header), trace.ErrDamaged},
		"no start":      {zipped(header) + zipped(&tracepb.Frame{}), trace.ErrDamaged},
		"string":        {round(&tracepb.Frame{Tasks: []*tracepb.Task{{Id: 9}}}), trace.ErrDamaged},
		"port":          {round(&tracepb.Frame{Assignments: []*tracepb.Assignment{{Ports: []uint32{1 << 16}}}}), trace.ErrDamaged},
		"why":           {round(&tracepb.Frame{Failures: []*tracepb.Failure{{Why: 1}}}), trace.ErrDamaged},
		"ranges":        {round(&tracepb.Frame{Tasks: []*tracepb.Task{{Ports: &tracepb.PortRequest{Within: &tracepb.Ranges{Bounds: []uint64{1}}}}}}), trace.ErrDamaged},
		"value":         {round(&tracepb.Frame{Offers: []*tracepb.Offer{{Resources: []*tracepb.Resource{{Name: 1}}}}}), trace.ErrDamaged},
		"revocable":     {round(&tracepb.Frame{Tasks: []*tracepb.Task{{Revocable: 1}}}), trace.ErrDamaged},
		"quantity":      {round(&tracepb.Frame{Tasks: []*tracepb.Task{{Needs: []*tracepb.Quantity{{Name: 1, Amount: -1}}}}}), trace.ErrDamaged},
	} {
		if _, err := read([]byte(c.file), nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	broken := io.MultiReader(strings.NewReader(round(&tracepb.Frame{})[:60]), iotestErr{})
	if r, err := trace.NewReader(broken, nil); err == nil {
		_, err = r.Next()
		if errors.Is(err, trace.ErrDamaged) || !errors.Is(err, errDisk) {
			t.Errorf("a file that cannot be read: %v", err)
		}
	}
}

var errDisk = errors.New("disk on fire")

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error)  { return 0, errDisk }
func (iotestErr) Write([]byte) (int, error) { return 0, errDisk }

// licensed is a constraint without a text form.
type licensed struct {
	constraints.Constraint
	name string
}

func (l licensed) String() string {
	if l.name == "boom" {
		panic("boom")
	}
	return "licensed to " + l.name
}

// TestCustomConstraint checks that what the text does not give back is replayed through a resolver or not at all.
func TestCustomConstraint(t *testing.T) {
	offer := placement.Offer{ID: "o", Agent: "a", Resources: must(resources.Parse("cpus:2"))}
	task := placement.Task{ID: "t", Require: []constraints.Constraint{licensed{constraints.Exists("rack"), "us"}},
		Prefer: constraints.MustParsePreferences("2*exclusive")}
	file := record(t, func(o placement.Option) {
		mustAssign(t, []placement.Offer{offer}, []placement.Task{task}, placement.WithPacker(placement.FirstFit()), o)
	})
	r := readAll(t, file)[0]
	if len(r.Unresolved) != 1 || r.Unresolved[0] != (trace.Unresolved{Type: "trace_test.licensed", Text: "licensed to us"}) {
		t.Errorf("unresolved: %v", r.Unresolved)
	}
	if _, err := r.Replay(context.Background(), placement.FirstFit()); !errors.Is(err, trace.ErrUnresolved) || !strings.Contains(err.Error(), "licensed to us") {
		t.Errorf("a replay without a resolver: %v", err)
	}
	if _, err := placement.Assign(r.Offers, r.Tasks); !errors.Is(err, placement.ErrPolicy) {
		t.Errorf("tasks of the trace taken as they are: %v", err)
	}
	all, err := read(file, func(typ, text string) (constraints.Constraint, error) {
		if typ != "trace_test.licensed" || text != "licensed to us" {
			t.Errorf("asked for %s %s", typ, text)
		}
		return licensed{constraints.Exists("rack"), "us"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	checkReplay(t, all[0], placement.FirstFit(), "")
	if _, err := all[0].Replay(context.Background(), all[0].Settings.Packer); !errors.Is(err, trace.ErrPacker) {
		t.Errorf("a replay with a name for a packer: %v", err)
	}
	if _, err := read(file, func(string, string) (constraints.Constraint, error) { return nil, errDisk }); !errors.Is(err, errDisk) {
		t.Errorf("a resolver that fails: %v", err)
	}
}

// TestRecorderErrors checks that what goes wrong stays out of the round and comes out of Close.
func TestRecorderErrors(t *testing.T) {
	offer := placement.Offer{ID: "o", Agent: "a", Resources: must(resources.Parse("cpus:2"))}
	task := placement.Task{ID: "t", Require: []constraints.Constraint{licensed{constraints.Exists("rack"), "boom"}}}
	for _, all := range []bool{false, true} {
		r := trace.NewRecorder(iotestErr{}, trace.Options{All: all})
		mustAssign(t, []placement.Offer{offer}, nil, placement.WithObserver(r))
		if err := r.Close(); !errors.Is(err, errDisk) {
			t.Errorf("a file that cannot be written: %v", err)
		}
		if r.Close() == nil {
			t.Error("closed twice")
		}
		var file bytes.Buffer
		r = trace.NewRecorder(&file, trace.Options{All: all})
		_, err := placement.Assign([]placement.Offer{offer}, []placement.Task{task}, placement.WithObserver(r), placement.WithExplain(0))
		if closed := r.Close(); closed == nil || !strings.Contains(closed.Error(), "boom") {
			t.Errorf("a constraint that panics: round %v, recorder %v", err, closed)
		}
	}
}

// TestRecorderLeavesOut checks what is not recorded: rounds beyond the budget, large ones, and those that ran at one time.
func TestRecorderLeavesOut(t *testing.T) {
	w := workload.Mixed(20, 200, 1)
	run := func(o trace.Options, rounds int) (trace.Counts, []*trace.Round) {
		var file bytes.Buffer
		r := trace.NewRecorder(&file, o)
		for range rounds {
			mustAssign(t, w.Offers, w.Tasks, placement.WithObserver(r))
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		all := readAll(t, file.Bytes())
		if c := r.Counts(); int(c.Recorded) != len(all) || int(c.Seen) != rounds {
			t.Fatalf("%+v, %d rounds in the file", c, len(all))
		}
		return r.Counts(), all
	}
	if c, _ := run(trace.Options{Overhead: 1e-9}, 20); c.Recorded != 1 {
		t.Errorf("on a budget of nothing: %+v", c)
	}
	if c, all := run(trace.Options{All: true}, 5); c.Recorded != 5 || all[4].Number != 4 {
		t.Errorf("all: %+v", c)
	}
	if c, _ := run(trace.Options{MaxItems: 100, All: true}, 3); c.Recorded != 0 || c.TooLarge != 3 {
		t.Errorf("too large: %+v", c)
	}
	var file bytes.Buffer
	r := trace.NewRecorder(&file, trace.Options{All: true})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for range 20 {
				mustAssign(t, w.Offers, w.Tasks, placement.WithObserver(r))
			}
		})
	}
	both.Wait()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, round := range readAll(t, file.Bytes()) {
		checkReplay(t, round, placement.Auto(), "")
	}
}

func FuzzReader(f *testing.F) {
	var t testing.T
	f.Add(engineRounds(&t, "unique(rack)"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, body := range [][]byte{file, frames(file)} {
			all, err := read(body, nil)
			if err != nil && !errors.Is(err, trace.ErrDamaged) && !errors.Is(err, trace.ErrNotTrace) && !errors.Is(err, trace.ErrVersion) {
				t.Fatal(err)
			}
			for _, r := range all {
				if _, err := r.Replay(context.Background(), placement.FirstFit(), placement.WithBudget(1000), placement.WithExplain(10)); err == nil {
					r.Diff(r.Result)
				}
			}
		}
	})
}

// frames wraps bytes as the frames of one round, past the checksums that would keep a fuzzer out.
func frames(body []byte) []byte {
	var out bytes.Buffer
	member := func(write func(io.Writer)) {
		z, _ := gzip.NewWriterLevel(&out, gzip.NoCompression)
		write(z)
		z.Close()
	}
	member(func(w io.Writer) {
		protodelim.MarshalTo(w, &tracepb.Frame{Header: &tracepb.Header{Magic: "berth-trace", Version: 1}})
	})
	member(func(w io.Writer) { w.Write(body) })
	return out.Bytes()
}
