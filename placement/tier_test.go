package placement_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

func ExampleWithTiers() {
	offers := []placement.Offer{{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:20")}}
	var tasks []placement.Task
	for i := range 5 {
		for _, owner := range []string{"besteffort", "ann", "bob"} {
			tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint(owner, "-", i)), Owner: owner, Needs: resources.MustQuantities("cpus:1")})
		}
	}
	cpus := func(n string) map[string]resources.Amount {
		return map[string]resources.Amount{"cpus": resources.MustAmount(n)}
	}
	result, err := placement.Assign(offers, tasks, placement.WithOrder(placement.DRF), placement.WithTiers(placement.Tier{
		Capacity: cpus("7"),
		Buckets:  []placement.Bucket{{Owner: "ann", Guarantee: cpus("2")}, {Owner: "bob", Guarantee: cpus("4")}},
	}))
	if err != nil {
		fmt.Println(err)
	}
	for _, a := range result.Assignments {
		fmt.Println(a.Order, a.Task)
	}
	fmt.Println(result.Failures[0].Task, result.Failures[0].Why)
	// Output:
	// 0 besteffort-0
	// 1 ann-0
	// 2 bob-0
	// 4 ann-1
	// 3 bob-1
	// 5 bob-2
	// 6 bob-3
	// besteffort-1 not on the only agent: limit (tier 0: has 7 of 7 cpus, asks 1 more)
}

func bucket(owner, guarantee string, weight float64) placement.Bucket {
	return placement.Bucket{Owner: owner, Guarantee: most(guarantee), Weight: weight}
}

// slots are agents of 4 cpus, as many as make n.
func slots(n int) []placement.Offer {
	var texts []string
	for range n / 4 {
		texts = append(texts, "cpus:4")
	}
	return agents(texts...)
}

func runs(owner string, n int) []placement.Running {
	var all []placement.Running
	for _, t := range owned(owner, n, "cpus:1") {
		t.ID = "r" + t.ID
		all = append(all, placement.Running{Task: t, Agent: "elsewhere"})
	}
	return all
}

// TestFenzoQueues: the cases 69 to 73 of the tiered queue, each by guarantees where they decide, and by weights where they do. (Fenzo has
// but one figure for both.)
func TestFenzoQueues(t *testing.T) {
	weights := func(a, b, c float64) placement.Tier {
		return placement.Tier{Capacity: most("cpus=80"), Buckets: []placement.Bucket{bucket("A", "", a), bucket("B", "", b), bucket("C", "", c)}}
	}
	guarantees := func(a, b, c string) placement.Tier {
		return placement.Tier{Buckets: []placement.Bucket{bucket("A", "cpus="+a, 0), bucket("B", "cpus="+b, 0), bucket("C", "cpus="+c, 0)}}
	}
	tier := func(capacity string, t placement.Tier) placement.Tier {
		t.Capacity = most("cpus=" + capacity)
		return t
	}
	best := append(guarantees("2", "4", "4").Buckets, placement.Bucket{Owner: "E"})
	for _, c := range []struct {
		name    string
		tier    placement.Tier
		slots   int
		running []placement.Running
		tasks   map[string]int
		want    string
	}{
		{"69 by weights", weights(1, 2, 1), 40, nil, map[string]int{"A": 25, "B": 25, "C": 25}, "A10 B20 C10"},
		{"69 by guarantees", guarantees("10", "20", "10"), 40, nil, map[string]int{"A": 25, "B": 25, "C": 25}, "A10 B20 C10"},
		{"69 with some running", weights(1, 2, 1), 32, slices.Concat(runs("A", 5), runs("C", 3)), map[string]int{"A": 25, "B": 25, "C": 25}, "A5 B20 C7"},
		{"69 with some running, by guarantees", guarantees("10", "20", "10"), 32, slices.Concat(runs("A", 5), runs("C", 3)), map[string]int{"A": 25, "B": 25, "C": 25}, "A5 B20 C7"},
		{"70 other weights", weights(1, 1, 2), 40, slices.Concat(runs("A", 10), runs("B", 20), runs("C", 10)), map[string]int{"A": 40, "B": 40, "C": 40}, "A10 C30"},
		{"70 other guarantees", guarantees("20", "20", "40"), 40, slices.Concat(runs("A", 10), runs("B", 20), runs("C", 10)), map[string]int{"A": 40, "B": 40, "C": 40}, "A10 C30"},
		{"71 nobody waits for a guarantee", guarantees("10", "20", "10"), 40, nil, map[string]int{"A": 25, "C": 25}, "A20 C20"},
		{"72 best effort gets nothing", placement.Tier{Capacity: most("cpus=10"), Buckets: best}, 40, nil, map[string]int{"A": 5, "B": 5, "C": 5, "E": 5}, "A2 B4 C4"},
		{"72 a guarantee less", placement.Tier{Capacity: most("cpus=10"), Buckets: best[1:]}, 40, nil, map[string]int{"B": 4, "C": 4, "E": 5}, "B4 C4 E2"},
		{"reserved for whoever has none", tier("40", placement.Tier{Buckets: []placement.Bucket{
			bucket("A", "cpus=10", 0), {Owner: "B", Guarantee: most("cpus=20"), Reserve: true}, bucket("C", "cpus=10", 0)}}), 40, nil, map[string]int{"A": 25, "C": 25}, "A10 C10"},
	} {
		var tasks []placement.Task
		for _, owner := range []string{"E", "A", "B", "C"} { // whoever comes first has no advantage of it
			tasks = append(tasks, owned(owner, c.tasks[owner], "cpus:1")...)
		}
		offers := slots(c.slots)
		res, err := placement.Assign(offers, tasks, placement.WithTiers(c.tier), placement.WithOrder(placement.DRF), placement.WithPacker(placement.BestFit()), placement.WithRunning(c.running...))
		if err != nil {
			t.Fatal(c.name, err)
		}
		if err := placementtest.Verify(offers, tasks, res, placementtest.WithTiers(c.tier), placementtest.WithRunning(c.running...)); err != nil {
			t.Error(c.name, err)
		}
		got := ""
		for _, owner := range []string{"A", "B", "C", "E"} {
			if n := count(res, owner); n > 0 {
				got += fmt.Sprint(" ", owner, n)
			}
		}
		if got[1:] != c.want {
			t.Errorf("%s:%s, want %s", c.name, got, c.want)
		}
	}
}

// TestFenzo73LeastDominantShareFirst: after A has 15, B 6 and C 11 tasks of one cpu, four slots go to B, B, C, A in that order, the weights
// being 2, 1 and 1.5.
func TestFenzo73LeastDominantShareFirst(t *testing.T) {
	tier := placement.Tier{Capacity: most("cpus=100"), Buckets: []placement.Bucket{bucket("A", "", 2), bucket("B", "", 1), bucket("C", "", 1.5)}}
	running := slices.Concat(runs("A", 15), runs("B", 6), runs("C", 11))
	tasks := slices.Concat(owned("A", 9, "cpus:1"), owned("B", 9, "cpus:1"), owned("C", 9, "cpus:1"))
	if got := served(t, slots(4), tasks, placement.WithTiers(tier), placement.WithRunning(running...)); got != "BBCA" {
		t.Error(got)
	}
}

// TestTierCounts: what is of another priority counts neither against the capacity nor for the share; what is not asked for is not looked at.
func TestTierCounts(t *testing.T) {
	tier := placement.Tier{Priority: 1, Capacity: most("cpus=2 ports=0 mem=0")}
	high, low := owned("A", 3, "cpus:1"), owned("B", 3, "cpus:1")
	for i := range high {
		high[i].Priority = 1
	}
	res, err := placement.Assign(slots(8), append(low, high...), placement.WithTiers(tier))
	if err != nil || count(res, "A") != 2 || count(res, "B") != 3 {
		t.Fatal(res, err)
	}
	// Two tiers, in DRF order: what A has in the first does not count in the second.
	for i := range low {
		low[i].Priority = 0
	}
	tasks := slices.Concat(high[:2], owned("A1", 2, "cpus:1"), low)
	for i := range tasks {
		if tasks[i].Owner == "A1" {
			tasks[i].Owner = "A"
		}
	}
	both := placement.WithTiers(tier, placement.Tier{Priority: 0, Capacity: most("cpus=4")})
	if got := served(t, slots(8), tasks, both); got != "AAABAB" {
		t.Error(got)
	}
}

// TestCapacityBeforeGuarantee: where running tasks have taken what is guaranteed, the capacity holds all the same; and a task is let in whose part
// beyond the guarantee is free (Fenzo looks at the whole task then).
func TestCapacityBeforeGuarantee(t *testing.T) {
	tier := placement.Tier{Capacity: most("cpus=4"), Buckets: []placement.Bucket{bucket("A", "cpus=3", 0)}}
	res, err := placement.Assign(slots(8), owned("A", 3, "cpus:1"), placement.WithTiers(tier), placement.WithPacker(placement.FirstFit()), placement.WithRunning(runs("B", 3)...))
	if err != nil || len(res.Assignments) != 1 || res.Failures[0].Why.Main().String() != "limit (tier 0: has 4 of 4 cpus, asks 1 more)" {
		t.Error(res, err)
	}
	res, err = placement.Assign(agents("cpus:8"), append(owned("A", 1, "cpus:4"), owned("B", 1, "cpus:1")...), placement.WithTiers(tier), placement.WithPacker(placement.FirstFit()))
	if err != nil || len(res.Assignments) != 1 || res.Assignments[0].Task != "A0" {
		t.Error(res, err)
	}
	res, err = placement.Assign(agents("cpus:8"), append(owned("B", 2, "cpus:1"), owned("A", 1, "cpus:4")...), placement.WithTiers(tier), placement.WithPacker(placement.FirstFit()))
	if err != nil || count(res, "B") != 1 || res.Failures[0].Why.Main().String() != "guarantee (tier 0: 4 of 4 cpus in use or guaranteed, asks 1 more)" {
		t.Error(res, err)
	}
}

func TestBadTiers(t *testing.T) {
	for _, c := range []struct {
		tiers []placement.Tier
		want  error
	}{
		{[]placement.Tier{{}, {}}, placement.ErrDuplicate},
		{[]placement.Tier{{Buckets: []placement.Bucket{{Owner: "a"}, {Owner: "a"}}}}, placement.ErrDuplicate},
		{[]placement.Tier{{Buckets: []placement.Bucket{{Weight: -1}}}}, placement.ErrBadRequest},
		{[]placement.Tier{{Buckets: []placement.Bucket{{Weight: math.NaN()}}}}, placement.ErrBadRequest},
		{[]placement.Tier{{Capacity: most("cpus=1"), Buckets: []placement.Bucket{bucket("a", "cpus=0.6", 0), bucket("b", "cpus=0.6", 0)}}}, placement.ErrBadRequest},
		{[]placement.Tier{{Capacity: map[string]resources.Amount{"cpus": -1}}}, placement.ErrBadAmount},
		{[]placement.Tier{{Buckets: []placement.Bucket{{Guarantee: map[string]resources.Amount{"cpus": -1}}}}}, placement.ErrBadAmount},
	} {
		if _, err := placement.Assign(nil, nil, placement.WithTiers(c.tiers...)); !errors.Is(err, c.want) {
			t.Error(c.tiers, err)
		}
	}
}

// TestEngineTiersEqualFreshAssign: over any events, in any order of tasks, an engine's rounds are those of a fresh call.
func TestEngineTiersEqualFreshAssign(t *testing.T) {
	walks, rounds := uint64(6), 40
	if testing.Short() {
		walks, rounds = 2, 20
	}
	tiers := []placement.Tier{
		{Capacity: most("cpus=12 mem=3000"), Buckets: []placement.Bucket{bucket("u1", "cpus=4 mem=500", 0), {Owner: "u2", Guarantee: most("cpus=3"), Reserve: true}}},
		{Priority: 1, Buckets: []placement.Bucket{bucket("u0", "cpus=3", 3), bucket("u3", "cpus=2", 0)}},
	}
	option := placement.WithTiers(tiers...)
	for seed := range walks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &world{rng: rand.New(rand.NewPCG(seed, 24)), engine: placement.NewEngine(option), agents: 6, mixed: seed%2 == 1}
			seen := map[placement.Cause]int{}
			for i := range rounds {
				for range w.rng.IntN(8) {
					w.event(t)
				}
				p := newPackers[w.rng.IntN(len(newPackers))]()
				order := placement.AsGiven
				if w.rng.IntN(2) == 0 {
					order = placement.DRF
				}
				res := w.verified(t, []placement.Option{placement.WithPacker(p), placement.WithOrder(order), placement.WithSeed(uint64(i)), placement.WithExplain(1 << 21), option,
					placement.WithWeights(map[string]float64{"u1": 2})}, placementtest.WithTiers(tiers...))
				for _, f := range res.Failures {
					seen[f.Why.Main().Cause]++
				}
			}
			if seen[placement.CauseLimit] == 0 || seen[placement.CauseGuarantee] == 0 {
				t.Errorf("nothing was refused: %v", seen)
			}
		})
	}
}

// TestTiersBindHostilePackers: nothing that a packer can do gets around a guarantee.
func TestTiersBindHostilePackers(t *testing.T) {
	tier := placement.Tier{Capacity: most("cpus=6"), Buckets: []placement.Bucket{bucket("A", "cpus=3", 0)}}
	tasks := append(owned("B", 8, "cpus:1"), owned("A", 4, "cpus:1")...)
	offers := slots(16)
	res := packWith(t, offers, tasks, func(r *placement.Round) {
		hoard(r)
		m := r.Mark()
		r.Remove(8)
		if r.Place(4, 0) {
			t.Error("what was guaranteed is given to another")
		}
		r.Rollback(m)
		if r.Place(11, 3) || r.Fits(11, 3) {
			t.Error("the capacity does not hold")
		}
	}, placement.WithTiers(tier))
	if err := placementtest.Verify(offers, tasks, res, placementtest.WithTiers(tier)); err != nil || count(res, "A") != 3 || count(res, "B") != 3 {
		t.Error(res.Assignments, err)
	}
	e := placement.NewEngine(placement.WithTiers(tier))
	e.AddOffers(offers...)
	e.Submit(tasks...)
	if res, err := e.Assign(context.Background()); err != nil || len(res.Assignments) != 6 {
		t.Error(res, err)
	}
}
