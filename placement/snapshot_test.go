package placement_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// lists are what a round was given.
type lists struct {
	Offers  []placement.Offer
	Tasks   []placement.Task
	Running []placement.Running
	Now     time.Time
}

func listsOf(s *placement.Snapshot) (l lists) {
	for o := range s.Offers() {
		l.Offers = append(l.Offers, *o)
	}
	for t := range s.Tasks() {
		l.Tasks = append(l.Tasks, *t)
	}
	for h := range s.Running() {
		l.Running = append(l.Running, *h)
	}
	l.Now = s.Settings().Now
	return l
}

// follower asks for a snapshot in every round it sees and has it read beside the engine, which goes on.
type follower struct {
	t      *testing.T
	want   lists
	open   *placement.Snapshot
	read   chan lists
	rounds int // that had a snapshot
}

func (f *follower) RoundStarts(in *placement.Input) {
	want := lists{in.Offers(), in.Tasks(), in.Running(), in.Settings().Now}
	if o, t, h := in.Sizes(); o != len(want.Offers) || t != len(want.Tasks) || h != len(want.Running) {
		f.t.Fatalf("sizes %d, %d, %d of %d offers, %d tasks, %d running", o, t, h, len(want.Offers), len(want.Tasks), len(want.Running))
	}
	s, ok := in.Snapshot()
	switch {
	case !ok:
		return
	case f.open != nil: // there are new tables
		s.Close()
		return
	}
	f.rounds++
	f.open, f.want, f.read = s, want, make(chan lists, 1)
	go func() { f.read <- listsOf(s) }()
}

func (f *follower) PhaseStarts(placement.Phase) {}

func (f *follower) RoundEnds(placement.Result, error) {}

// done waits until the snapshot is read, reads it once more and compares.
func (f *follower) done() {
	if f.open == nil {
		return
	}
	read := <-f.read
	for what, got := range map[string]lists{"beside the engine": read, "at last": listsOf(f.open)} {
		if reflect.DeepEqual(f.want, got) {
			continue // much quicker than to look for a difference
		}
		if d := cmp.Diff(f.want, got, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
			f.t.Fatalf("lists of the round -, snapshot read %s +:\n%s", what, d)
		}
	}
	f.open.Close()
	f.open.Close()
	f.open = nil
}

// TestSnapshotEqualsLists checks that a snapshot says what the lists of its round say, whatever happens to the engine while it is read.
func TestSnapshotEqualsLists(t *testing.T) {
	steps, seeds := 400, uint64(24)
	if testing.Short() {
		steps, seeds = 150, 8
	}
	seen := map[string]int{}
	for seed := range seeds {
		f := &follower{t: t}
		w := placementtest.NewWalk(placement.NewEngine(), seed, placementtest.Size{Agents: 10, Tasks: 40})
		start := int(seed%4) * 30 // events before anybody looks
		for i := range steps {
			w.Event()
			if i%3 != 0 {
				continue
			}
			var opts []placement.Option
			if i >= start && i%2 == 0 {
				opts = append(opts, placement.WithObserver(f))
			}
			if _, err := w.Round(opts...); err != nil {
				seen["failed"]++
			}
			if f.open != nil {
				seen["gangs"] += countOf(f.want.Tasks, func(t *placement.Task) bool { return t.Gang != "" })
				seen["delayed"] += countOf(f.want.Tasks, func(t *placement.Task) bool { return !t.ReadyAt.IsZero() })
				seen["devices"] += countOf(f.want.Running, func(h *placement.Running) bool { return len(h.Devices) > 0 })
				seen["pieces"] += countOf(f.want.Running, func(h *placement.Running) bool { return !h.Pieces.IsEmpty() })
			}
			if i%int(2+seed%5) == 0 {
				f.done()
			}
		}
		f.done()
		seen["rounds"] += f.rounds
	}
	for _, what := range []string{"failed", "gangs", "delayed", "devices", "pieces", "rounds"} {
		if seen[what] < 15 {
			t.Errorf("too few %s: %v", what, seen)
		}
	}
}

func countOf[T any](all []T, is func(*T) bool) (n int) {
	for i := range all {
		if is(&all[i]) {
			n++
		}
	}
	return n
}

// TestSnapshotWaits checks that an engine with many running tasks, which hold things of all sorts, has a snapshot after some rounds that ask, and of
// which rounds there is none.
func TestSnapshotWaits(t *testing.T) {
	e := placement.NewEngine(placement.WithPieces())
	if err := e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:2000;ports:[1000-9000];nics:{n1,n2,n3}"),
		Devices: []placement.Device{{Kind: "gpu", Capacity: 50 * resources.One, Free: 50 * resources.One}}}); err != nil {
		t.Fatal(err)
	}
	submit := func(from, n int) {
		for i := range n {
			task := placement.Task{ID: placement.TaskID(fmt.Sprint("t", from+i)), Needs: resources.MustQuantities("cpus:1")}
			switch {
			case i > 600 && i < 604:
				task.Sets = []placement.SetRequest{{Name: "nics", Count: 1}}
			case i%3 == 0:
				task.Ports = ports.Request{Dynamic: 2}
			case i%40 == 1:
				task.Devices = []placement.DeviceRequest{{Kind: "gpu", Share: resources.One}}
			}
			if err := e.Submit(task); err != nil {
				t.Fatal(err)
			}
		}
	}
	submit(0, 1000)
	if _, err := e.Assign(context.Background()); err != nil {
		t.Fatal(err)
	}
	f := &follower{t: t}
	rounds := 0
	for ; f.rounds == 0; rounds++ {
		submit(10_000+rounds, 1)
		e.Ended(placement.TaskID(fmt.Sprint("t", rounds)), placement.TaskID(fmt.Sprint("t", 999-rounds)))
		if _, err := e.Assign(context.Background(), placement.WithObserver(f)); err != nil {
			t.Fatal(err)
		}
		if rounds > 300 {
			t.Fatal("no snapshot")
		}
	}
	if rounds < 3 {
		t.Errorf("the snapshot of 1,000 running tasks was there in round %d", rounds)
	}
	e.Ended("t500", "t501")
	if _, err := e.Assign(context.Background(), placement.WithObserver(f)); err != nil || f.rounds != 1 {
		t.Fatal("a second snapshot while one is open", err)
	}
	f.done()
	submit(20_000, 1)
	if _, err := e.Assign(context.Background(), placement.WithObserver(f)); err != nil || f.rounds != 2 {
		t.Fatal("a snapshot once more", f.rounds, err)
	}
	f.done()
	if ids := f.want.Running; slices.ContainsFunc(ids, func(h placement.Running) bool { return h.Task.ID == "t500" }) {
		t.Error("a task that ended runs")
	}
	mustAssign := func(o placement.Observer) {
		if _, err := placement.Assign(nil, nil, placement.WithObserver(o)); err != nil {
			t.Fatal(err)
		}
	}
	if mustAssign(f); f.open != nil {
		t.Error("a snapshot of the caller's lists")
	}
}

// TestSnapshotKeepsLittle checks that a snapshot that is never closed keeps no more of what leaves than the tables of the engine hold.
func TestSnapshotKeepsLittle(t *testing.T) {
	const size = 4 << 10
	e := placement.NewEngine()
	if err := e.AddOffers(placement.Offer{ID: "o", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:2000")}); err != nil {
		t.Fatal(err)
	}
	var forgotten *placement.Snapshot
	take := observe(func(in *placement.Input) {
		if s, ok := in.Snapshot(); ok {
			forgotten = s
		}
	})
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before, most := heap(), 0
	for i := range 10_000 {
		id := placement.TaskID(fmt.Sprint("t", i))
		if err := e.Submit(placement.Task{ID: id, Owner: strings.Repeat("x", size), Needs: resources.MustQuantities("cpus:1")}); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Assign(context.Background(), placement.WithObserver(take)); err != nil {
			t.Fatal(err)
		}
		e.Ended(id)
		if i%500 == 0 {
			most = max(most, heap()-before)
		}
	}
	if kept := most / size; kept < 100 || kept > 3000 {
		t.Errorf("%d tasks are kept of 10,000 that left", kept)
	}
	if n := countOf(listsOf(forgotten).Running, func(*placement.Running) bool { return true }); n > 1 {
		t.Errorf("%d tasks run", n)
	}
}

// observe is an observer of the start of rounds alone.
type observe func(*placement.Input)

func (o observe) RoundStarts(in *placement.Input)   { o(in) }
func (o observe) PhaseStarts(placement.Phase)       {}
func (o observe) RoundEnds(placement.Result, error) {}
