package trace

import (
	"context"
	"runtime"
	"testing"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// weigher is a file that weighs the heap when something large is written to it.
type weigher struct{ heap uint64 }

func (w *weigher) Write(p []byte) (int, error) {
	if len(p) > 1000 {
		w.heap = max(w.heap, heap())
	}
	return len(p), nil
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// The bounds that Options.MaxItems names, in bytes an item.
const (
	assignBytes = 700
	engineBytes = 250
)

// TestMemory checks what a recorder holds when a round is encoded, before it is written.
func TestMemory(t *testing.T) {
	w := workload.Mixed(2_000, 20_000, 1)
	first := placement.WithPacker(placement.FirstFit())
	var file weigher
	r := NewRecorder(&file, Options{})
	var before uint64
	check := func(what string, items int, most uint64) {
		t.Helper()
		r.Wait()
		if n := r.Counts().Recorded; n != 1 {
			t.Fatalf("%s: %d rounds recorded", what, n)
		}
		each := (max(file.heap, before) - before) / uint64(items)
		if t.Logf("%s: %d bytes an item", what, each); each > most || each < most/10 {
			t.Errorf("%s: %d bytes an item, not up to %d", what, each, most)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		file = weigher{}
		r = NewRecorder(&file, Options{Overhead: 1e6})
	}
	before = heap()
	if _, err := placement.Assign(w.Offers, w.Tasks, first, placement.WithObserver(r)); err != nil {
		t.Fatal(err)
	}
	check("assign", len(w.Offers)+len(w.Tasks), assignBytes)
	for i := range w.Offers {
		w.Offers[i].Standing = true
	}
	e := placement.NewEngine(first)
	if err := e.AddOffers(w.Offers...); err != nil {
		t.Fatal(err)
	}
	if err := e.Submit(w.Tasks...); err != nil {
		t.Fatal(err)
	}
	assign := func(opts ...placement.Option) placement.Result {
		result, err := e.Assign(context.Background(), opts...)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	placed := assign().Assignments
	for before = heap(); r.Counts().Recorded == 0; r.Wait() {
		assign(placement.WithObserver(r))
	}
	check("engine", len(w.Offers)+len(w.Tasks), engineBytes)
	runtime.KeepAlive(placed)
	runtime.KeepAlive(e)
}
