package trace_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/bench/trace"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
)

// witness takes down what the rounds it sees are given, and has a recorder record them.
type witness struct {
	*trace.Recorder
	saw     []placementtest.Input
	results []placement.Result
	packers []placement.Packer
}

func (w *witness) RoundStarts(in *placement.Input) {
	w.saw = append(w.saw, placementtest.Input{Offers: in.Offers(), Tasks: in.Tasks(), Running: in.Running(), Now: in.Settings().Now})
	w.packers = append(w.packers, in.Settings().Packer)
	w.Recorder.RoundStarts(in)
}

func (w *witness) RoundEnds(result placement.Result, err error) {
	w.results = append(w.results, result)
	w.Recorder.RoundEnds(result, err)
}

// TestRecordsWhatWasGiven has one recorder record rounds of two engines in turn, to which everything happens that can, and checks that what is read
// is what each round was given and gave, and that it gives it again.
func TestRecordsWhatWasGiven(t *testing.T) {
	steps, least := 400, 300
	if testing.Short() {
		steps, least = 120, 60
	}
	recorded, failed := 0, 0
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var file bytes.Buffer
		w := &witness{Recorder: trace.NewRecorder(&file, trace.Options{Overhead: 1e6, All: seed == 5})}
		size := placementtest.Size{Agents: 10, Tasks: 40}
		walks := []*placementtest.Walk{placementtest.NewWalk(placement.NewEngine(), seed, size), placementtest.NewWalk(placement.NewEngine(), seed+100, size)}
		for range steps {
			walk := walks[rng.IntN(2)]
			walk.Event()
			switch rng.IntN(6) {
			case 0:
				walk.Round()
			case 1, 2:
				walk.Round(placement.WithObserver(w))
			case 3:
				w.Wait()
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		recorded += w.check(t, file.Bytes(), &failed)
	}
	if recorded < least || failed < 5 {
		t.Errorf("%d rounds recorded, %d failed ones among them", recorded, failed)
	}
}

// check compares what is in the file with what was seen.
func (w *witness) check(t *testing.T, file []byte, failed *int) (recorded int) {
	t.Helper()
	all := placementtest.Input{}
	for i := range w.saw {
		all.Tasks, all.Running = append(all.Tasks, w.saw[i].Tasks...), append(all.Running, w.saw[i].Running...)
	}
	rounds, err := read(file, resolver(all))
	if err != nil || uint64(len(rounds)) != w.Counts().Recorded {
		t.Fatal(w.Counts(), len(rounds), err)
	}
	for _, r := range rounds {
		in := w.saw[r.Number]
		for what, pair := range map[string][2]any{"offers": {in.Offers, r.Offers}, "tasks": {in.Tasks, r.Tasks},
			"running": {in.Running, r.Running}, "result": {w.results[r.Number], r.Result}, "now": {in.Now, r.Settings.Now}} {
			if d := cmp.Diff(pair[0], pair[1], alike...); d != "" {
				t.Fatalf("round %d: %s given -, read +:\n%s", r.Number, what, d)
			}
		}
		if r.Err != "" {
			*failed++
			continue
		}
		checkReplay(t, r, w.packers[r.Number], "")
	}
	return len(rounds)
}

// TestRecordsFromTheFirst checks that the first round of an engine is recorded, when nothing runs, and one that finds tasks running when the
// engine has looked at all of them.
func TestRecordsFromTheFirst(t *testing.T) {
	var file bytes.Buffer
	r := trace.NewRecorder(&file, trace.Options{Overhead: 1e6})
	walk := placementtest.NewWalk(placement.NewEngine(), 1, placementtest.Size{Agents: 10, Tasks: 40})
	for range 10 {
		walk.Event()
	}
	walk.Round(placement.WithObserver(r))
	if err := r.Close(); err != nil || r.Counts().Recorded != 1 {
		t.Errorf("%+v, %v", r.Counts(), err)
	}
}
