package placement_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// The tests called TestFenzo have the cases of Fenzo's own tests, by the numbers under which docs/fenzo.md lists them; it says
// where the others are. Hosts are a0, a1, …, tasks t0, t1, ….

// whereabouts says where tasks went: "a0 a1 -".
func whereabouts(tasks []placement.Task, res placement.Result) string {
	at := map[placement.TaskID]string{}
	for _, a := range res.Assignments {
		at[a.Task] = string(a.Agent)
	}
	var out []string
	for _, task := range tasks {
		out = append(out, at[task.ID])
		if at[task.ID] == "" {
			out[len(out)-1] = "-"
		}
	}
	return strings.Join(out, " ")
}

// lodge places tasks in one call.
func lodge(t *testing.T, offers []placement.Offer, tasks []placement.Task, opts ...placement.Option) placement.Result {
	t.Helper()
	res, err := placement.Assign(offers, tasks, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// cluster is an engine that is given one thing after the other, as Fenzo's tests do.
type cluster struct {
	t *testing.T
	*placement.Engine
	offered int
}

func newCluster(t *testing.T, packer placement.Packer, opts ...placement.Option) *cluster {
	return &cluster{t: t, Engine: placement.NewEngine(append(opts, placement.WithPacker(packer))...)}
}

func (c *cluster) offer(agent, text string, change ...func(*placement.Offer)) placement.OfferID {
	c.t.Helper()
	c.offered++
	o := placement.Offer{ID: placement.OfferID(fmt.Sprint("o", c.offered)), Agent: placement.AgentID(agent), Resources: resources.MustParse(text)}
	for _, f := range change {
		f(&o)
	}
	if err := c.AddOffers(o); err != nil {
		c.t.Fatal(err)
	}
	return o.ID
}

func standing(o *placement.Offer) { o.Standing = true }

// place submits tasks, plays a round, says where they went and withdraws those that went nowhere.
func (c *cluster) place(tasks ...placement.Task) string {
	c.t.Helper()
	res := c.round(tasks...)
	for _, f := range res.Failures {
		c.Withdraw(f.Task)
	}
	return whereabouts(tasks, res)
}

func (c *cluster) round(tasks ...placement.Task) placement.Result {
	c.t.Helper()
	if err := c.Submit(tasks...); err != nil {
		c.t.Fatal(err)
	}
	res, err := c.Assign(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	return res
}

func named(id, needs string) placement.Task {
	return placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities(needs)}
}

func withPorts(n int, tasks []placement.Task) []placement.Task {
	for i := range tasks {
		tasks[i].Ports.Dynamic = n
	}
	return tasks
}

func TestFenzoFit(t *testing.T) {
	for _, c := range []struct {
		name, want string
		offers     []placement.Offer
		tasks      []placement.Task
	}{
		{"01 three tasks on one host", "a0 a0 a0", agents("cpus:4;mem:100"), taskNeeding("cpus:1;mem:10", "cpus:2;mem:10", "cpus:1;mem:10")},
		{"02 one too large", "-", agents("cpus:4;mem:100"), taskNeeding("cpus:5;mem:10")},
		{"03 the last is too much", "a0 a0 -", agents("cpus:4;mem:100"), taskNeeding("cpus:2;mem:10", "cpus:2;mem:10", "cpus:1;mem:10")},
		{"04 memory", "a0 - -", agents("cpus:4;mem:100"), taskNeeding("cpus:1;mem:95", "cpus:1;mem:95", "cpus:1;mem:95")},
		{"05 network", "a0 a0 -", agents("cpus:4;network:1024"), taskNeeding("network:512", "network:512", "network:512")},
		{"06 ports", "a0 - -", agents("cpus:4;ports:[1-10]"), withPorts(6, taskNeeding("cpus:1", "cpus:1", "cpus:1"))},
		{"09 disk", "a0 - -", agents("cpus:4;disk:1000"), taskNeeding("disk:800", "disk:800", "disk:800")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := whereabouts(c.tasks, lodge(t, c.offers, c.tasks, placement.WithPacker(placement.FirstFit()))); got != c.want {
				t.Errorf("placed on %s, should be %s", got, c.want)
			}
		})
	}
	t.Run("07 ports of two ranges", func(t *testing.T) {
		res := lodge(t, agents("ports:[1-4,6-10]"), withPorts(6, taskNeeding("")))
		if got := fmt.Sprint(res.Assignments[0].Ports); got != "[1 2 3 4 6 7]" {
			t.Error(got)
		}
	})
	t.Run("10 two offers of one host", func(t *testing.T) {
		offers := append(agents("cpus:2;mem:20"), placement.Offer{ID: "second", Agent: "a0", Resources: resources.MustParse("cpus:2;mem:60")})
		tasks := taskNeeding("cpus:1;mem:40", "cpus:1;mem:40", "cpus:1;mem:40", "cpus:1;mem:40")
		res := lodge(t, offers, tasks)
		if got := whereabouts(tasks, res); got != "a0 a0 - -" || fmt.Sprint(res.Assignments[0].Offers) != "[a0 second]" {
			t.Errorf("placed on %s with %v", got, res.Assignments[0].Offers)
		}
	})
	t.Run("11 two hosts filled", func(t *testing.T) {
		tasks := taskNeeding(repeat("cpus:1", 8)...)
		res := lodge(t, agents("cpus:4", "cpus:4"), tasks)
		if got := perAgent(res); got != "map[a0:4 a1:4]" {
			t.Error(got)
		}
	})
}

func repeat(text string, n int) []string { return slices.Repeat([]string{text}, n) }

// perAgent counts the tasks of each agent.
func perAgent(res placement.Result) string {
	n := map[placement.AgentID]int{}
	for _, a := range res.Assignments {
		n[a.Agent]++
	}
	return fmt.Sprint(n)
}

func TestFenzoRounds(t *testing.T) {
	t.Run("08 ports over rounds", func(t *testing.T) {
		c := newCluster(t, placement.FirstFit())
		free := resources.MustRanges("[1-10]")
		for i := range 5 {
			c.offer("a0", "cpus:1;ports:"+free.String())
			res := c.round(withPorts(2, []placement.Task{named(fmt.Sprint("t", i), "cpus:0.1")})...)
			if len(res.Assignments) != 1 {
				t.Fatalf("round %d: %v", i, res.Failures)
			}
			for _, p := range res.Assignments[0].Ports {
				free = free.Minus(resources.MustRanges(fmt.Sprintf("[%d-%d]", p, p)))
			}
		}
		if !free.IsEmpty() {
			t.Errorf("left over: %v", free)
		}
	})
	t.Run("12 an offer is kept", func(t *testing.T) {
		c := newCluster(t, placement.FirstFit())
		c.offer("a0", "cpus:4")
		if got := c.place(named("big", "cpus:5")) + c.place(named("small", "cpus:1")); got != "-a0" {
			t.Error(got)
		}
	})
	t.Run("14 a fitness sees what is placed and what runs", func(t *testing.T) {
		seen := map[string]bool{}
		c := newCluster(t, placement.Greedy(func(_, free, capacity placement.Row) float64 {
			seen[fmt.Sprint(free.At(0), "/", capacity.At(0))] = true
			return 0.5
		}))
		c.offer("a0", "cpus:4", standing)
		c.place(named("t0", "cpus:1"), named("t1", "cpus:1"))
		if got := fmt.Sprint(seen); got != "map[3/4:true 4/4:true]" {
			t.Errorf("in the first round: %s", got)
		}
		clear(seen)
		c.place(named("t2", "cpus:1"))
		if got := fmt.Sprint(seen); got != "map[2/4:true]" {
			t.Errorf("in the second: %s", got)
		}
	})
	// A constraint of ours sees an agent, not its offers: they are how resources come, and the round's business. What they add up
	// to is what a fitness sees.
	t.Run("15 two offers are seen as one", func(t *testing.T) {
		var seen []string
		c := newCluster(t, placement.Greedy(func(_, free, _ placement.Row) float64 {
			seen = append(seen, fmt.Sprint(free.At(0)))
			return 1
		}))
		c.offer("a0", "cpus:2")
		first := c.place(named("t", "cpus:3"))
		c.offer("a0", "cpus:2")
		res := c.round(named("t", "cpus:3"))
		if first != "-" || fmt.Sprint(seen) != "[4]" || fmt.Sprint(res.Assignments[0].Offers) != "[o1 o2]" {
			t.Errorf("first %s, then %v; free was %v", first, res.Assignments, seen)
		}
	})
	t.Run("16 small tasks to small hosts", func(t *testing.T) {
		c := newCluster(t, placement.GreedyBy(placement.Filled("cpus", "mem")))
		for i := range 3 {
			c.offer(fmt.Sprint("small", i), "cpus:8;mem:8000")
		}
		c.offer("large", "cpus:16;mem:16000")
		if got := c.place(named("t0", "cpus:1;mem:1000")); got != "small0" {
			t.Error(got)
		}
		if got := c.place(named("t1", "cpus:16;mem:16000")); got != "large" {
			t.Error(got)
		}
	})
	t.Run("17 the host in use again", func(t *testing.T) {
		c := newCluster(t, placement.GreedyBy(placement.Filled("cpus")))
		c.offer("a0", "cpus:4")
		c.offer("a1", "cpus:4")
		first := c.place(named("t0", "cpus:1"))
		c.offer(first, "cpus:3")
		if second := c.place(named("t1", "cpus:1")); second != first {
			t.Errorf("first %s, then %s", first, second)
		}
	})
	t.Run("18 the fuller host", func(t *testing.T) {
		c := newCluster(t, placement.GreedyBy(placement.Filled("cpus")))
		for i, needs := range []string{"cpus:1", "cpus:2"} {
			agent := placement.AgentID(fmt.Sprint("a", i))
			if err := c.Started(placement.Running{Agent: agent, Task: named(fmt.Sprint("r", i), needs)}); err != nil {
				t.Fatal(err)
			}
		}
		c.offer("a0", "cpus:3")
		c.offer("a1", "cpus:2")
		if got := c.place(named("t0", "cpus:1")); got != "a1" {
			t.Error(got)
		}
	})
	t.Run("75 a task that ended frees its host", func(t *testing.T) {
		c := newCluster(t, placement.FirstFit())
		c.offer("a0", "cpus:4", standing)
		first := c.place(named("t0", "cpus:4")) + c.place(named("t1", "cpus:4"))
		c.Ended("t0")
		if second := c.place(named("t2", "cpus:4")); first != "a0-" || second != "a0" || len(c.Running()) != 1 {
			t.Errorf("%s, then %s; running %v", first, second, c.Running())
		}
	})
	t.Run("76 thousands of running tasks", func(t *testing.T) {
		c := newCluster(t, placement.FirstFit())
		var running []placement.Running
		for i := range 5000 {
			running = append(running, placement.Running{Agent: placement.AgentID(fmt.Sprint("a", i%500)), Task: named(fmt.Sprint("r", i), "cpus:1")})
		}
		if err := c.Started(running...); err != nil {
			t.Fatal(err)
		}
		for i := range 500 {
			c.offer(fmt.Sprint("a", i), "cpus:16", standing)
		}
		if err := c.Submit(taskNeeding(repeat("cpus:1", 4000)...)...); err != nil {
			t.Fatal(err)
		}
		res, err := c.Assign(context.Background(), placement.WithExplain(0))
		if err != nil || len(res.Assignments) != 500*6 {
			t.Errorf("%d placed of the 3000 for which there is room; %v", len(res.Assignments), err)
		}
	})
}

func TestFenzoPacking(t *testing.T) {
	fleet := func(big, small string) []placement.Offer {
		var texts []string
		for range 10 {
			texts = append(texts, big, small)
		}
		return agents(texts...)
	}
	for column, text := range map[string]string{"cpus": "cpus:%d;mem:100", "mem": "cpus:100;mem:%d", "network": "cpus:100;network:%d"} {
		t.Run("19 small hosts first, "+column, func(t *testing.T) {
			tasks := taskNeeding(repeat(column+":1", 41)...)
			res := lodge(t, fleet(fmt.Sprintf(text, 8), fmt.Sprintf(text, 4)), tasks, placement.WithPacker(placement.GreedyBy(placement.Filled(column))))
			if len(res.Assignments) != 41 || res.Stats.AgentsUsed != 11 || strings.Count(perAgent(res), ":4") != 10 {
				t.Errorf("%d hosts: %s", res.Stats.AgentsUsed, perAgent(res))
			}
		})
		t.Run("21 spread, "+column, func(t *testing.T) {
			tasks := taskNeeding(repeat(column+":1", 10)...)
			res := lodge(t, agents(repeat(fmt.Sprintf(text, 4), 10)...), tasks, placement.WithPacker(placement.GreedyBy(placement.Left(column))))
			if res.Stats.AgentsUsed != 10 {
				t.Error(perAgent(res))
			}
		})
	}
	t.Run("20 little memory first, whatever the cpus", func(t *testing.T) {
		tasks := taskNeeding(repeat("cpus:1;mem:1", 41)...)
		res := lodge(t, fleet("cpus:4;mem:8", "cpus:8;mem:4"), tasks, placement.WithPacker(placement.GreedyBy(placement.Filled("mem"))))
		if len(res.Assignments) != 41 || res.Stats.AgentsUsed != 11 || strings.Count(perAgent(res), ":4") != 10 {
			t.Errorf("%d hosts: %s", res.Stats.AgentsUsed, perAgent(res))
		}
	})
	// Fenzo has a part that rates a host 0 keep the task off it, and refuses weights that do not add up to exactly 1. With us no
	// score refuses what fits, so that an exact fit never fails a spreader, and weights count in proportion.
	t.Run("22 weighted average", func(t *testing.T) {
		rate := func(score float64) placement.Fitness {
			return placement.Rated(fmt.Sprint(score), func(_, _, _ placement.Row) float64 { return score })
		}
		score := func(parts ...placement.Part) (score float64, at string) {
			a, err := placement.Explain(agents("cpus:1"), taskNeeding("cpus:1"), "t0", placement.WithPacker(placement.GreedyBy(placement.Average(parts...))))
			if err != nil || len(a.Best) != 1 {
				t.Fatal(a, err)
			}
			return a.Best[0].Score, string(a.Assignment.Agent)
		}
		for _, c := range []struct {
			a, b float64 // weights of 1.0 and of 0.5
			want float64
		}{{0.5, 0.5, 0.75}, {2, 2, 0.75}, {3, 1, 0.875}} {
			if got, at := score(placement.Part{Fitness: rate(1), Weight: c.a}, placement.Part{Fitness: rate(0.5), Weight: c.b}); got != c.want || at != "a0" {
				t.Errorf("weights %v and %v: %v on %s", c.a, c.b, got, at)
			}
		}
		if got, at := score(placement.Part{Fitness: rate(1), Weight: 1}, placement.Part{Fitness: rate(0), Weight: 1}); got != 0.5 || at != "a0" {
			t.Errorf("with a part of 0: %v on %q", got, at)
		}
	})
}
