package index

import (
	"math"
	"slices"
	"testing"

	"github.com/berth-go/berth/bench/naive"
)

// TestNotesAgreeWithScan fills bins with tasks that all differ, small ones among them, so that searches are misled; at times something is freed.
// What is noted is checked, too.
func TestNotesAgreeWithScan(t *testing.T) {
	withSmall(t, 10)
	var noted, most, usual int
	for seed := range 2 * seeds(t, false) {
		unit := int64(1 + 999*(seed%2)) // where it is small, ties and exact fits abound
		w := newWorld(t, seed, 500, 1+int(seed)%5, 4000, false)
		for i := range w.free.Data {
			w.free.Data[i] = unit * (40 + w.rng.Int64N(40))
		}
		for i := range w.needs.Data {
			n := float64(2*unit) * math.Exp(3*w.rng.Float64())
			if i > len(w.needs.Data)/2 && i%w.needs.Cols > 0 {
				n *= 3 // now other columns are scarce
			}
			w.needs.Data[i] = []int64{0, -int64(n), 1 << 60, int64(n)}[min(w.rng.IntN(60), 3)]
		}
		f := NewFirst(w.free)
		f.plant()
		n := &f.cursors.notes
		for shape := range int32(w.needs.Rows()) {
			need, deny, accept := w.needs.Row(shape), w.deny(), w.accept()
			if w.rng.IntN(4) > 0 {
				deny, accept = nil, nil
			}
			got, want := f.Find(shape, need, deny, accept), slowFirst(w.free, need, slowDeny(deny, accept))
			if got != want {
				t.Fatalf("seed %d: Find(%d, %v) = %d, the scan says %d", seed, shape, need, got, want)
			}
			if got >= 0 {
				w.add(naive.Live{Bin: got, Shape: shape}, -1)
				f.Changed(got, false)
			}
			if shape%500 == 499 {
				bin := w.rng.Int32N(int32(w.free.Rows()))
				w.free.Row(bin)[0] += 5 * unit
				f.Changed(bin, true)
			}
			if noted, most = noted+len(n.noted), max(most, len(n.noted)); n.usual.amounts[0] > 0 && n.usual.bin > 0 {
				usual++
			}
			if shape%20 == 0 {
				for _, o := range append(n.noted[:len(n.noted):len(n.noted)], n.usual) {
					asked := make([]int64, w.free.Cols)
					asked[n.columns[0]], asked[n.columns[1]] = o.amounts[0], o.amounts[1]
					if first := slowFirst(w.free, asked, nil); first >= 0 && first < o.bin {
						t.Fatalf("seed %d: %v is noted to fit no bin below %d, and fits bin %d", seed, asked, o.bin, first)
					}
				}
			}
		}
	}
	if noted == 0 || usual == 0 {
		t.Errorf("%d notes of misled searches, %d of usual needs", noted, usual)
	}
	t.Logf("%d notes, %d at most at a time, %d of usual needs", noted, most, usual)
}

// TestNotesKeepWhatSaysMost compares with notes of which none is dropped.
func TestNotesKeepWhatSaysMost(t *testing.T) {
	w := newWorld(t, 1, 1, 3, 1, false)
	full := false
	for range 40 {
		n := &notes{}
		l := needLanes(w.free, Matrix{Data: []int64{1, 1, 0}, Cols: 3})
		n.choose(3, w.needs, &l)
		var all []note
		size, dropped := 1+w.rng.Int64N(10_000), false
		for range 1000 {
			need := n.of([]int64{w.rng.Int64N(size), w.rng.Int64N(size) - 5, w.rng.Int64N(size)})
			asked := n.amounts(need)
			want := int32(0)
			for _, o := range all {
				if o.bin > want && o.amounts[0] <= asked[0] && o.amounts[1] <= asked[1] {
					want = o.bin
				}
			}
			dropped = dropped || len(n.noted) == mostNotes
			if got := n.from(need); got > want || got < want && !dropped {
				t.Fatalf("from(%v) is %d, notes say %d", need, got, want)
			}
			bin, before := want+w.rng.Int32N(50), slices.Clone(n.noted)
			n.add(need, bin)
			all = append(all, note{asked, bin})
			for _, o := range before {
				superseded := o.bin <= bin && o.amounts[0] >= asked[0] && o.amounts[1] >= asked[1]
				if lower := func(p note) bool { return p.bin < o.bin }; !superseded && !slices.Contains(n.noted, o) && slices.ContainsFunc(before, lower) {
					t.Fatalf("%v went, and there are notes that say less", o)
				}
			}
			if len(n.noted) > mostNotes {
				t.Fatalf("%d notes", len(n.noted))
			}
			if got := n.from(need); got < bin && !dropped {
				t.Fatalf("no bin below %d has %v, and from says %d", bin, asked, got)
			}
		}
		full = full || dropped
	}
	if !full {
		t.Error("there was always room")
	}
}

// TestNotesSaveWork: without notes a question takes 120 steps here, most of them those for the least that is asked for.
func TestNotesSaveWork(t *testing.T) {
	const bins, tasks, most = 30_000, 300_000, 20
	w := naive.Generate(naive.Spec{Kind: naive.Empty, Bins: bins, Tasks: tasks, Seed: 1})
	free := Matrix{Data: w.Free, Cols: w.Cols}
	f := NewFirst(free)
	for _, shape := range w.Tasks {
		need := w.Need(shape)
		bin := f.Find(shape, need, nil, nil)
		if bin < 0 {
			continue
		}
		for j, n := range need {
			free.Row(bin)[j] -= n
		}
		f.Changed(bin, false)
	}
	if steps := float64(f.Steps()) / tasks; steps > most {
		t.Errorf("%.1f steps a question, want %d at most", steps, most)
	} else {
		t.Logf("%.1f steps a question", steps)
	}
}

// TestNotesOfNothing: more is used than there is of a column that nobody asks for.
func TestNotesOfNothing(t *testing.T) {
	free := Matrix{Cols: 2}
	for range 2 * smallFleet {
		free.Data = append(free.Data, -1, 10)
	}
	f := NewFirst(free)
	f.plant()
	for shape := range int32(3) {
		if got := f.Find(shape, []int64{0, 5}, nil, nil); got != 0 {
			t.Errorf("question %d: bin %d, want 0", shape, got)
		}
	}
}
