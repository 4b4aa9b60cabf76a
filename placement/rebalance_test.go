package placement_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func tenShares(string) resources.Quantities { return resources.MustQuantities("cpus:10;mem:100") }

func ExampleEngine_Rebalance() {
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:8"), Standing: true})
	for _, id := range []placement.TaskID{"1", "2", "3", "4"} {
		e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: "greedy-" + id, Owner: "greedy", Needs: resources.MustQuantities("cpus:2")}})
	}
	e.Submit(placement.Task{ID: "modest-1", Owner: "modest", Needs: resources.MustQuantities("cpus:2")})
	plans, err := e.Rebalance(placement.Rebalancer{
		Shares:  func(string) resources.Quantities { return resources.MustQuantities("cpus:4") },
		SafeDRU: 1, MinDiff: 0.5,
	})
	for _, p := range plans {
		fmt.Println(p.Task, "in place of", p.Victims, "DRU", -p.Cost)
	}
	fmt.Println(err)
	// Output:
	// modest-1 in place of [greedy-4] DRU 2
	// <nil>
}

// cook is an engine with agents "NAME RESOURCES", running tasks "ID AGENT OWNER NEEDS PRIORITY" and pending ones "ID OWNER NEEDS PRIORITY".
func cook(t *testing.T, agents, running, pending string) *placement.Engine {
	t.Helper()
	e := placement.NewEngine()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	words := func(list string) (lines [][]string) {
		for line := range strings.SplitSeq(list, ",") {
			if w := strings.Fields(line); len(w) > 0 {
				lines = append(lines, w)
			}
		}
		return lines
	}
	task := func(id, owner, needs, priority string) placement.Task {
		var p int
		fmt.Sscan(priority, &p)
		return placement.Task{ID: placement.TaskID(id), Owner: owner, Needs: resources.MustQuantities(needs), Priority: p}
	}
	for _, w := range words(agents) {
		must(e.AddOffers(placement.Offer{ID: placement.OfferID(w[0]), Agent: placement.AgentID(w[0]), Resources: resources.MustParse(w[1]), Standing: true}))
	}
	for _, w := range words(running) {
		must(e.Started(placement.Running{Agent: placement.AgentID(w[1]), Task: task(w[0], w[2], w[3], w[4])}))
	}
	for _, w := range words(pending) {
		must(e.Submit(task(w[0], w[1], w[2], w[3])))
	}
	return e
}

// TestCookRebalancer goes through the rules of Cook's rebalancer, one by one. The share is 10 cpus and 100 mem.
func TestCookRebalancer(t *testing.T) {
	overQuota := func(owner string, needs resources.Quantities, tasks int) bool { return owner == "u" && tasks > 1 }
	for _, c := range []struct {
		name, agents, running, pending string
		policy                         placement.Rebalancer
		want                           string
	}{
		{"the task with the highest DRU of an owner goes first", "a cpus:4;mem:40",
			"x a v cpus:2;mem:10 0, y a v cpus:2;mem:10 0", "p u cpus:2;mem:10 0", placement.Rebalancer{}, "p a y -0.4"},
		{"DRU goes by the dominant resource", "a cpus:4;mem:90, b cpus:4;mem:90",
			"x a v cpus:4;mem:10 0, y b w cpus:1;mem:90 0", "p u cpus:4;mem:10 0", placement.Rebalancer{}, "p b y -0.9"},
		{"owners' tasks are ordered by priority, then by start", "a cpus:4;mem:40",
			"x a v cpus:2;mem:1 1, y a v cpus:2;mem:1 5", "p u cpus:2;mem:1 0", placement.Rebalancer{}, "p a x -0.4"},
		{"a DRU at the safe threshold may be ended", "a cpus:4", "x a v cpus:4 0", "p u cpus:1 0", placement.Rebalancer{SafeDRU: 0.4}, "p a x -0.4"},
		{"a DRU below the safe threshold may not", "a cpus:4", "x a v cpus:4 0", "p u cpus:1 0", placement.Rebalancer{SafeDRU: 0.401}, ""},
		{"the difference must be more than the least", "a cpus:5", "x a v cpus:5 0", "p u cpus:2.5 0", placement.Rebalancer{MinDiff: 0.25}, ""},
		{"and is when it is a little more", "a cpus:5", "x a v cpus:5 0", "p u cpus:2.5 0", placement.Rebalancer{MinDiff: 0.249}, "p a x -0.5"},
		{"the pending DRU adds to that of the running task before it", "a cpus:9", "m a u cpus:4 0, x a v cpus:5 0", "p u cpus:1 0", placement.Rebalancer{}, ""},
		{"running tasks of lower priority do not come before it", "a cpus:9", "m a u cpus:4 0, x a v cpus:5 0", "p u cpus:1 1", placement.Rebalancer{}, "p a x -0.5"},
		{"pending tasks before it do not count", "a cpus:9", "m a u cpus:4 0, x a v cpus:5 0", "p u cpus:10 0, q u cpus:1 0", placement.Rebalancer{Max: 2}, ""},
		{"an owner over quota makes room among his own", "a cpus:9", "x a v cpus:5 0, m a u cpus:4 0", "p u cpus:1 1", placement.Rebalancer{OverQuota: overQuota}, "p a m -0.4"},
		{"spare room wins over every victim", "a cpus:9, b cpus:2", "x a v cpus:9 0", "p u cpus:2 0", placement.Rebalancer{}, "p b  -Inf"},
		{"spare room counts towards what is needed", "a cpus:5", "x a v cpus:4 0", "p u cpus:2 0", placement.Rebalancer{}, "p a x -0.4"},
		{"the agent whose last victim has the highest DRU is taken", "a cpus:4, b cpus:4",
			"x a v cpus:4 0, y b v cpus:4 0", "p u cpus:1 0", placement.Rebalancer{}, "p b y -0.8"},
		{"prefixes by DRU, no packing: one that does not help is ended, too", "a cpus:4;mem:100",
			"x a v cpus:3;mem:30 0, y a v cpus:1;mem:70 0", "p u cpus:2;mem:10 0", placement.Rebalancer{}, "p a y+x -0.3"},
		{"owners take turns as their DRU fall", "a cpus:24", "v1 a v cpus:1 0, v2 a v cpus:3 0, v3 a v cpus:3 0, w1 a w cpus:2 0, w2 a w cpus:3 0, w3 a w cpus:3 0, " +
			"z1 a z cpus:3 0, z2 a z cpus:3 0, z3 a z cpus:3 0", "p u cpus:24 0", placement.Rebalancer{MinDiff: -9}, "p a z3+w3+v3+z2+w2+v2+z1+w1+v1 -0.1"},
		{"the budget counts decisions, the lowest DRU first", "a cpus:8", "w a v cpus:2 0, x a v cpus:2 0, y a v cpus:2 0, z a v cpus:2 0",
			"p u cpus:2 0, q u2 cpus:1 0, r u3 cpus:2 0", placement.Rebalancer{Max: 2}, "q a z -0.8; p a y -0.6"},
		{"after a decision the state is what it leads to", "a cpus:4", "x a v cpus:4 0", "p u cpus:2 0, q u2 cpus:2 0", placement.Rebalancer{Max: 2}, "p a x -0.4; q a  -Inf"},
		{"tasks only planned to run are not named as victims", "a cpus:4", "x a v cpus:4 0", "p u cpus:4 1, q u cpus:4 9", placement.Rebalancer{Max: 2, MinDiff: -1}, "q a x -0.4; p a  -0.4"},
		{"nobody is ended for a task that would fit nowhere", "a cpus:4", "x a v cpus:4 0", "p u cpus:5 0", placement.Rebalancer{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := cook(t, c.agents, c.running, c.pending)
			c.policy.Shares = tenShares
			plans, err := e.Rebalance(c.policy)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range plans {
				var victims []string
				for _, v := range p.Victims {
					victims = append(victims, string(v))
				}
				got = append(got, fmt.Sprintf("%s %s %s %.1f", p.Task, p.Agent, strings.Join(victims, "+"), p.Cost))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}

// TestCookGPUPool: where GPUs are what is shared, DRU goes by them, be they a scalar or devices.
func TestCookGPUPool(t *testing.T) {
	scalar := cook(t, "a cpus:9;gpus:4", "x a v cpus:1;gpus:2 0, y a w cpus:7;gpus:1 0, z a v gpus:1 0", "p u gpus:2 0")
	devices := placement.NewEngine()
	offer := placement.Offer{ID: "a", Agent: "a", Standing: true, Resources: resources.MustParse("cpus:9")}
	for i := range 4 {
		offer.Devices = append(offer.Devices, placement.Device{Kind: "gpu", ID: fmt.Sprint(i), Capacity: resources.One, Free: resources.One})
	}
	devices.AddOffers(offer)
	gpus := func(id, owner, needs string, units ...int) placement.Running {
		return placement.Running{Agent: "a", Task: placement.Task{ID: placement.TaskID(id), Owner: owner, Needs: resources.MustQuantities(needs),
			Devices: []placement.DeviceRequest{{Kind: "gpu", Count: len(units)}}}, Devices: []placement.DeviceGrant{{Kind: "gpu", Units: units}}}
	}
	devices.Started(gpus("x", "v", "cpus:1", 0, 1), gpus("y", "w", "cpus:7", 2), gpus("z", "v", "", 3))
	devices.Submit(placement.Task{ID: "p", Owner: "u", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 2}}})
	for _, c := range []struct {
		e            *placement.Engine
		shared, want string
	}{
		{scalar, "gpus", "[{p a  [z x] -0.2 false}]"},
		{devices, "device:gpu", "[{p a  [z x] -0.2 false}]"},
		{devices, "cpus", "[{p a  [y z] -0.1 false}]"},
	} {
		ten := resources.Must(resources.Resource{Name: c.shared, Value: resources.ScalarOf(10 * resources.One)}).Quantities()
		plans, err := c.e.Rebalance(placement.Rebalancer{Shares: func(string) resources.Quantities { return ten }, MinDiff: -1})
		if got := fmt.Sprint(plans); err != nil || got != c.want {
			t.Errorf("by %s: %s, want %s: %v", c.shared, got, c.want, err)
		}
	}
}

// TestCookGroupConstraint: an agent with a task of the group is no place for a task that must be apart from it, even when that one would be ended.
func TestCookGroupConstraint(t *testing.T) {
	e := cook(t, "a cpus:4, b cpus:4", "y b v cpus:1 0, z b v cpus:3 0", "")
	e.Started(placement.Running{Agent: "a", Task: placement.Task{ID: "x", Group: "g", Owner: "v", Needs: resources.MustQuantities("cpus:4")}})
	e.Submit(placement.Task{ID: "p", Group: "g", Owner: "u", Needs: resources.MustQuantities("cpus:1"), Require: constraints.MustParse("unique(hostname)")})
	plans, err := e.Rebalance(placement.Rebalancer{Shares: tenShares})
	if err != nil || len(plans) != 1 || plans[0].Agent != "b" {
		t.Fatal(plans, err)
	}
}

// TestRebalanceAgainstScan compares decisions with a scan of all agents by the rules, on random worlds.
func TestRebalanceAgainstScan(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 6
	}
	shares := func(owner string) resources.Quantities {
		return resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:2000", 2+len(owner)))
	}
	plans := 0
	for seed := range uint64(8 + 2*len(elastics)) {
		opts := elasticOf(seed).options()
		w := &world{rng: rand.New(rand.NewPCG(seed, 29)), engine: placement.NewEngine(opts...), agents: 6, mixed: seed%2 == 1}
		for i := range rounds {
			for range 6 {
				w.event(t)
			}
			w.round(t, append(slices.Clone(opts), placement.WithSeed(uint64(i)), placement.WithExplain(0), placement.WithPacker(placement.BestFit()))...)
			policy := placement.Rebalancer{Shares: shares, SafeDRU: 0.2, MinDiff: -0.5}
			got, err := w.engine.Rebalance(policy)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 {
				for _, task := range w.first(shares) {
					if best := w.scan(t, task, &policy); !math.IsInf(best, 1) {
						t.Fatalf("%v: no plan, but the scan says %v", task, best)
					}
				}
				continue
			}
			plans++
			p := got[0]
			if !w.lets(t, p.Task, p.Agent, p.Victims) {
				t.Fatalf("%+v does not let it in", p)
			}
			if best := w.scan(t, p.Task, &policy); best != p.Cost {
				t.Fatalf("%+v, but the scan says %v", p, best)
			}
		}
	}
	if plans < rounds/3 {
		t.Errorf("only %d plans", plans)
	}
}

// drus are the DRUs of running tasks, by id, and of the pending one.
func (w *world) drus(pending *placement.Task, shares func(string) resources.Quantities) (map[placement.TaskID]float64, float64) {
	owner := func(t *placement.Task) string { return cmp.Or(t.Owner, t.Group) }
	part := func(needs, share resources.Quantities) (dru float64) {
		for name, amount := range share.All() {
			dru = max(dru, float64(needs.Get(name))/float64(amount))
		}
		return dru
	}
	all := slices.Clone(w.running)
	slices.SortStableFunc(all, func(a, b placement.Running) int { return cmp.Compare(b.Task.Priority, a.Task.Priority) })
	used, dru, before := map[string]resources.Quantities{}, map[placement.TaskID]float64{}, 0.0
	for _, h := range all {
		o := owner(&h.Task)
		used[o] = used[o].Plus(h.Task.Needs)
		dru[h.Task.ID] = part(used[o], shares(o))
		if o == owner(pending) && h.Task.Priority >= pending.Priority {
			before = dru[h.Task.ID]
		}
	}
	return dru, before + part(pending.Needs, shares(owner(pending)))
}

// first is the pending task of the lowest DRU, all tasks of its owner up to it counted; none when nothing is pending.
func (w *world) first(shares func(string) resources.Quantities) []placement.TaskID {
	type entry struct {
		task    *placement.Task
		pending bool
	}
	var all []entry
	for i := range w.running {
		all = append(all, entry{&w.running[i].Task, false})
	}
	for i := range w.pending {
		all = append(all, entry{&w.pending[i], true})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(b.task.Priority, a.task.Priority) })
	used, dru := map[string]resources.Quantities{}, map[placement.TaskID]float64{}
	for _, x := range all {
		owner := cmp.Or(x.task.Owner, x.task.Group)
		used[owner] = used[owner].Plus(x.task.Needs)
		for name, amount := range shares(owner).All() {
			dru[x.task.ID] = max(dru[x.task.ID], float64(used[owner].Get(name))/float64(amount))
		}
	}
	var first []placement.TaskID
	for _, p := range w.pending {
		if len(first) == 0 || dru[p.ID] < dru[first[0]] {
			first = []placement.TaskID{p.ID}
		}
	}
	return first
}

// scan is the least cost over all agents, each with its shortest prefix of victims that lets the task in.
func (w *world) scan(t *testing.T, id placement.TaskID, policy *placement.Rebalancer) float64 {
	pending := &w.pending[slices.IndexFunc(w.pending, func(p placement.Task) bool { return p.ID == id })]
	dru, mine := w.drus(pending, policy.Shares)
	best := math.Inf(1)
	for a := range w.agents {
		agent := placement.AgentID(fmt.Sprint("a", a))
		var victims []placement.TaskID
		for i := len(w.running) - 1; i >= 0; i-- {
			if h := &w.running[i]; h.Agent == agent && dru[h.Task.ID] >= policy.SafeDRU && dru[h.Task.ID]-mine > policy.MinDiff {
				victims = append(victims, h.Task.ID)
			}
		}
		slices.SortStableFunc(victims, func(x, y placement.TaskID) int { return cmp.Compare(dru[y], dru[x]) })
		for n := range len(victims) + 1 {
			if !w.lets(t, id, agent, victims[:n]) {
				continue
			}
			if !w.letsWithRoom(t, pending, agent) {
				break
			}
			cost := math.Inf(-1)
			if n > 0 {
				cost = -dru[victims[n-1]]
			}
			best = min(best, cost)
			break
		}
	}
	return best
}

// letsWithRoom says whether the requirements of a task, and those of tasks there, let it on an agent as things are, whatever room there is: a task that is
// just like it but needs nothing is placed.
func (w *world) letsWithRoom(t *testing.T, task *placement.Task, agent placement.AgentID) bool {
	airy := placement.Task{ID: task.ID, Group: task.Group, Require: task.Require}
	var others []placement.Disabled
	for a := range w.agents {
		if other := placement.AgentID(fmt.Sprint("a", a)); other != agent {
			others = append(others, placement.Disabled{Agent: other})
		}
	}
	change := placement.Change{Tasks: []placement.Task{airy}, Offers: []placement.Offer{{ID: "airy", Agent: agent, Attributes: w.attributes(agent), Role: ""}}}
	for _, o := range w.offers {
		if o.Agent == agent {
			change.Offers = nil
		}
	}
	for _, p := range w.pending {
		if p.ID != task.ID {
			change.Withdraw = append(change.Withdraw, p.ID)
		}
	}
	res, err := w.engine.Try(context.Background(), change, placement.WithDisabled(others...), placement.WithExplain(0))
	if err != nil {
		t.Fatal(err)
	}
	return len(res.Assignments) == 1
}

func (w *world) attributes(agent placement.AgentID) resources.Attributes {
	for _, h := range w.running {
		if h.Agent == agent {
			return h.Attributes
		}
	}
	return resources.Attributes{}
}

func TestRebalanceErrors(t *testing.T) {
	e := cook(t, "a cpus:4", "x a v cpus:4 0", "p u cpus:1 0")
	if _, err := e.Rebalance(placement.Rebalancer{}); !errors.Is(err, placement.ErrBadRequest) {
		t.Error(err)
	}
	if _, err := e.Rebalance(placement.Rebalancer{Shares: func(string) resources.Quantities { panic("no") }}); !errors.Is(err, placement.ErrPolicy) {
		t.Error(err)
	}
}

// BenchmarkRebalance plans for one task by Cook's rules.
func BenchmarkRebalance(b *testing.B) {
	const agents, running = 10_000, 100_000
	e := crowded(agents, running)
	e.Submit(placement.Task{ID: "new", Needs: resources.MustQuantities("cpus:20;mem:81920"), Priority: 4, Owner: "modest"})
	policy := placement.Rebalancer{Shares: func(string) resources.Quantities { return resources.MustQuantities("cpus:640;mem:2621440") }, SafeDRU: 1, MinDiff: 0.5}
	b.Run(fmt.Sprintf("policy=cook/agents=%d/running=%d", agents, running), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plans, err := e.Rebalance(policy)
			if err != nil || len(plans) != 1 || len(plans[0].Victims) == 0 {
				b.Fatal(plans, err)
			}
			b.ReportMetric(float64(len(plans[0].Victims)), "victims")
		}
	})
}
