package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func ExampleEngine() {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o1", Agent: "a", Resources: resources.MustParse("cpus:2;mem:1024")})
	e.Submit(
		placement.Task{ID: "first", Needs: resources.MustQuantities("cpus:2;mem:512")},
		placement.Task{ID: "second", Needs: resources.MustQuantities("cpus:2;mem:512")},
	)
	round := func() {
		result, err := e.Assign(context.Background())
		if err != nil {
			fmt.Println(err)
		}
		for _, a := range result.Assignments {
			fmt.Println(a.Task, "on", a.Agent)
		}
		for _, f := range result.Failures {
			fmt.Println(f.Task, "waits")
		}
	}
	round() // the offer is consumed
	e.Ended("first")
	e.AddOffers(placement.Offer{ID: "o2", Agent: "a", Resources: resources.MustParse("cpus:2;mem:1024")})
	round()
	// Output:
	// first on a
	// second waits
	// second on a
}

// world drives an engine with random events and keeps, beside it, nothing but the lists that a
// fresh Assign is called with.
type world struct {
	rng     *rand.Rand
	engine  *placement.Engine
	offers  []placement.Offer
	pending []placement.Task
	running []placement.Running
	next    int
	agents  int
	mixed   bool
	poor    bool // some offers have no memory, and agents have standing and ordinary ones
}

func (w *world) id(prefix string) string { w.next++; return fmt.Sprint(prefix, w.next) }

func (w *world) offer() placement.Offer {
	a := w.rng.IntN(w.agents)
	standing := w.mixed && a%3 == 0
	o := placement.Offer{
		ID: placement.OfferID(w.id("o")), Agent: placement.AgentID(fmt.Sprint("a", a)), Standing: standing,
		Attributes: resources.MustAttributes(fmt.Sprintf("rack:r%d", a%4)),
	}
	o.Resources = w.resources()
	if w.poor {
		if o.Standing = w.rng.IntN(2) == 0; o.Standing {
			o.Role = "standing"
		}
		if w.rng.IntN(3) == 0 {
			o.Resources = resources.MustParse("cpus:4")
		}
	}
	if a%2 == 0 && !w.poor {
		for range 1 + w.rng.IntN(2) {
			o.Devices = append(o.Devices, placement.Device{Kind: "gpu", ID: w.id("d"), Model: "M", Capacity: resources.One, Free: resources.One})
		}
	}
	return o
}

func (w *world) task() placement.Task {
	t := placement.Task{ID: placement.TaskID(w.id("t")), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", 1+w.rng.IntN(4), 128*(1+w.rng.IntN(5))))}
	if w.rng.IntN(3) == 0 {
		t.Ports = ports.Request{Dynamic: 1 + w.rng.IntN(3)}
	}
	if w.rng.IntN(4) == 0 {
		t.Devices = []placement.DeviceRequest{{Kind: "gpu", Share: resources.Amount(100 * (1 + w.rng.IntN(9)))}}
	}
	if w.rng.IntN(3) == 0 {
		t.Group = fmt.Sprint("g", w.rng.IntN(3))
		t.Require = []constraints.Constraint{[]constraints.Constraint{
			constraints.MustParse("unique(rack)")[0], constraints.MustParse("unique(hostname)")[0],
			constraints.MustParse("rack=r1")[0], constraints.MustParse("exclusive")[0],
		}[w.rng.IntN(4)]}
	}
	if w.rng.IntN(2) == 0 {
		t.Owner = fmt.Sprint("u", w.rng.IntN(4))
	}
	if w.rng.IntN(5) == 0 {
		t.Priority = w.rng.IntN(3)
	}
	return t
}

func (w *world) event(t *testing.T) {
	switch w.rng.IntN(6) {
	case 0, 1:
		var batch []placement.Offer
		for range 1 + w.rng.IntN(4) {
			batch = append(batch, w.offer())
		}
		w.add(t, batch)
	case 2:
		if len(w.offers) > 0 {
			i := w.rng.IntN(len(w.offers))
			if unknown := w.engine.RemoveOffers(w.offers[i].ID); unknown != nil {
				t.Fatal("unknown", unknown)
			}
			w.offers = slices.Delete(w.offers, i, i+1)
		}
	case 3, 4:
		for range 1 + w.rng.IntN(4) {
			task := w.task()
			if err := w.engine.Submit(task); err != nil {
				t.Fatal(err)
			}
			w.pending = append(w.pending, task)
		}
	default:
		if len(w.running) > 0 {
			i := w.rng.IntN(len(w.running))
			if unknown := w.engine.Ended(w.running[i].Task.ID); unknown != nil {
				t.Fatal("unknown", unknown)
			}
			w.running = slices.Delete(w.running, i, i+1)
		}
		if len(w.pending) > 8 {
			if unknown := w.engine.Withdraw(w.pending[0].ID); unknown != nil {
				t.Fatal("unknown", unknown)
			}
			w.pending = w.pending[1:]
		}
	}
}

// round compares the engine's round with a fresh Assign on the lists, and carries the result over.
func (w *world) round(t *testing.T, opts ...placement.Option) {
	want, err := placement.Assign(w.offers, w.pending, append(opts, placement.WithRunning(w.running...))...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.engine.Assign(context.Background(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	want.Stats, got.Stats = placement.Stats{}, placement.Stats{}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("fresh Assign -, engine +:\n%s", d)
	}
	w.carry(got)
}

// carry brings what a round of the engine placed into the lists.
func (w *world) carry(got placement.Result) {
	byID := map[placement.TaskID]placement.Task{}
	for _, task := range w.pending {
		byID[task.ID] = task
	}
	used := map[placement.OfferID]bool{}
	placed := slices.Clone(got.Assignments)
	slices.SortFunc(placed, func(a, b placement.Assignment) int { return a.Order - b.Order })
	for _, a := range placed {
		var from placement.Offer
		for _, o := range w.offers {
			if o.ID == a.Offers[0] {
				from = o
			}
		}
		if !from.Standing {
			for _, id := range a.Offers {
				used[id] = true
			}
		}
		w.running = append(w.running, placement.Running{
			Task: byID[a.Task], Agent: a.Agent, Hostname: string(a.Agent), Attributes: from.Attributes,
			Role: a.Role, Ports: a.Ports, Devices: a.Devices, Items: a.Items, Revocable: a.Revocable, Pieces: a.Pieces,
		})
		delete(byID, a.Task)
	}
	w.pending = slices.DeleteFunc(w.pending, func(task placement.Task) bool { _, waits := byID[task.ID]; return !waits })
	w.offers = slices.DeleteFunc(w.offers, func(o placement.Offer) bool { return used[o.ID] })
}

func TestEngineEqualsFreshAssign(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 7)), engine: placement.NewEngine(), agents: 12, mixed: seed%2 == 1}
			var packers []placement.Packer
			for _, newPacker := range newPackers {
				packers = append(packers, newPacker())
			}
			orders := slices.Collect(placement.Orders())
			for i := range rounds {
				for range w.rng.IntN(8) {
					w.event(t)
				}
				w.round(t, placement.WithPacker(packers[w.rng.IntN(len(packers))]), placement.WithSeed(uint64(i)), placement.WithPieces(),
					placement.WithOrder(orders[w.rng.IntN(len(orders))]), placement.WithWeights(map[string]float64{"u1": 2, "u2": 0}), placement.WithExplain(1<<21))
			}
		})
	}
}

func TestEngineWants(t *testing.T) {
	offer := func(agent, text string) []placement.Offer {
		return []placement.Offer{{ID: "x", Agent: placement.AgentID(agent), Resources: resources.MustParse(text), Attributes: resources.MustAttributes("rack:r1")}}
	}
	e := placement.NewEngine()
	if e.Wants(offer("a", "cpus:8")) {
		t.Error("an empty backlog wants something")
	}
	e.Submit(
		placement.Task{ID: "big", Needs: resources.MustQuantities("cpus:6")},
		placement.Task{ID: "picky", Needs: resources.MustQuantities("cpus:1"), Require: constraints.MustParse("rack=r2")},
		placement.Task{ID: "gpu", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 1}}},
	)
	for _, c := range []struct {
		name   string
		offers []placement.Offer
		want   bool
	}{
		{"too small", offer("a", "cpus:4"), false},
		{"big enough", offer("a", "cpus:6"), true},
		{"big enough together", append(offer("a", "cpus:3"), placement.Offer{ID: "y", Agent: "a", Resources: resources.MustParse("cpus:3"), Attributes: resources.MustAttributes("rack:r1")}), true},
		{"right rack", []placement.Offer{{ID: "x", Agent: "b", Resources: resources.MustParse("cpus:1"), Attributes: resources.MustAttributes("rack:r2")}}, true},
		{"a device", []placement.Offer{{ID: "x", Agent: "c", Devices: []placement.Device{{Kind: "gpu", Capacity: resources.One, Free: resources.One}}}}, true},
		{"a used device", []placement.Offer{{ID: "x", Agent: "c", Devices: []placement.Device{{Kind: "gpu", Capacity: resources.One, Free: 1}}}}, false},
		{"bad", []placement.Offer{{Agent: "c"}}, false},
		{"nothing", nil, false},
	} {
		if got := e.Wants(c.offers); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	for _, c := range []struct {
		offer string
		tasks []placement.TaskID
		want  bool
	}{
		{"cpus:6", []placement.TaskID{"big"}, true},
		{"cpus:6", []placement.TaskID{"picky", "gpu", "nobody"}, false},
		{"cpus:6", []placement.TaskID{"nobody", "big"}, true},
		{"cpus:4", []placement.TaskID{"big"}, false},
		{"cpus:6", nil, false},
	} {
		if got := e.WantsFor(offer("a", c.offer), c.tasks...); got != c.want {
			t.Errorf("%s for %v: %v", c.offer, c.tasks, got)
		}
	}
	e.Withdraw("big", "gpu")
	if e.Wants(offer("a", "cpus:6")) || e.WantsFor(offer("a", "cpus:6"), "big") {
		t.Error("a withdrawn task wants something")
	}
}

// TestEngineEqualsFreshAssignAtSize is the same walk on a fleet large enough for indexes to be worth their while.
func TestEngineEqualsFreshAssignAtSize(t *testing.T) {
	rounds := 25
	if testing.Short() {
		rounds = 6
	}
	for _, packer := range []placement.Packer{placement.BestFit(), placement.Spread(), placement.FirstFit()} {
		t.Run(fmt.Sprint(packer), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(5, 5)), engine: placement.NewEngine(), agents: 1200}
			var offers []placement.Offer
			for range 1500 {
				offers = append(offers, w.offer())
			}
			if err := w.engine.AddOffers(offers...); err != nil {
				t.Fatal(err)
			}
			w.offers = offers
			for i := range rounds {
				for range 20 {
					w.event(t)
				}
				for range 30 { // distinct needs
					task := placement.Task{ID: placement.TaskID(w.id("t")), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d.%03d;mem:%d", w.rng.IntN(4), 1+w.rng.IntN(999), 1+w.rng.IntN(900)))}
					if err := w.engine.Submit(task); err != nil {
						t.Fatal(err)
					}
					w.pending = append(w.pending, task)
				}
				w.round(t, placement.WithPacker(packer), placement.WithSeed(uint64(i)), placement.WithExplain(0))
			}
		})
	}
}

// TestEngineStartedEqualsFreshAssign: tasks that somebody else started come and go, more of them at times than there is room for, some with
// ports, some of another role, and the engine's rounds are those of a fresh call.
func TestEngineStartedEqualsFreshAssign(t *testing.T) {
	for seed := range uint64(20) {
		w := &world{rng: rand.New(rand.NewPCG(seed, 3)), engine: placement.NewEngine(placement.WithPacker(placement.BestFit()), placement.WithExplain(0)), agents: 4}
		for a := range w.agents {
			w.offers = append(w.offers, placement.Offer{ID: placement.OfferID(w.id("o")), Agent: placement.AgentID(fmt.Sprint("a", a)), Standing: true,
				Attributes: resources.MustAttributes(fmt.Sprintf("rack:r%d", a%4)), Resources: resources.MustParse("cpus:8;mem:2048;ports:[31000-31009]")})
		}
		if err := w.engine.AddOffers(w.offers...); err != nil {
			t.Fatal(err)
		}
		for range 150 {
			switch task := w.task(); w.rng.IntN(5) {
			case 0, 1:
				a := w.rng.IntN(w.agents)
				h := placement.Running{Task: task, Agent: placement.AgentID(fmt.Sprint("a", a)), Attributes: w.offers[a].Attributes}
				h.Task.Ports, h.Task.Devices, h.Task.Require = ports.Request{}, nil, nil
				switch w.rng.IntN(8) {
				case 0:
					h.Task.Ports, h.Ports = ports.Request{Dynamic: 1}, []uint16{uint16(31000 + w.rng.IntN(12))}
				case 1:
					h.Task.Needs = resources.MustQuantities("cpus:5;gold:3")
				case 2:
					h.Role = "other"
				case 3:
					h.Revocable = true
				}
				if err := w.engine.Started(h); err != nil {
					t.Fatal(err)
				}
				w.running = append(w.running, h)
			case 2:
				if len(w.running) > 0 {
					i := w.rng.IntN(len(w.running))
					if unknown := w.engine.Ended(w.running[i].Task.ID); unknown != nil {
						t.Fatal("unknown", unknown)
					}
					w.running = slices.Delete(w.running, i, i+1)
				}
			default:
				task.Devices = nil
				if err := w.engine.Submit(task); err != nil {
					t.Fatal(err)
				}
				w.pending = append(w.pending, task)
			}
			if len(w.pending) > 6 {
				w.engine.Withdraw(w.pending[0].ID)
				w.pending = w.pending[1:]
			}
			var opts []placement.Option
			if seed%4 == 3 && w.rng.IntN(4) == 0 {
				opts = append(opts, placement.WithOvercommit(map[string]float64{"cpus": 1.5}))
			}
			w.round(t, append(opts, placement.WithPacker(placement.BestFit()), placement.WithExplain(0))...)
			said := func(all []placement.Running) (lines []string) {
				for _, h := range all {
					lines = append(lines, fmt.Sprint(h.Task.ID, h.Agent, h.Hostname, h.Role, h.Ports, h.Revocable))
				}
				return lines
			}
			if d := cmp.Diff(said(w.running), said(w.engine.Running())); d != "" {
				t.Fatalf("running, as told -, as listed +:\n%s", d)
			}
		}
	}
}
