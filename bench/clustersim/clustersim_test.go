package clustersim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func agents(n int, text string) []placement.Offer {
	var all []placement.Offer
	for i := range n {
		r, err := resources.Parse(text)
		if err != nil {
			panic(err)
		}
		all = append(all, placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)), Resources: r})
	}
	return all
}

func task(id, needs string) placement.Task {
	return placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities(needs)}
}

// config is an hour of what the fields that are set say.
func config(c Config) Config {
	if c.Duration == 0 {
		c.Duration = time.Hour
	}
	if c.Every == 0 {
		c.Every = time.Second
	}
	if c.Lasts == 0 {
		c.Lasts = 100 * time.Second
	}
	if c.Patience == 0 {
		c.Patience = time.Minute
	}
	if c.Load == 0 {
		c.Load = 0.5
	}
	return c
}

func simulate(t *testing.T, c Config, p placement.Packer) Result {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(context.Background(), "p", p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s: %.4f, want %.4f ± %.4f", what, got, want, by)
	}
}

// TestQueue compares an agent of ten servers with what Erlang's formula says of the queue M/M/10.
func TestQueue(t *testing.T) {
	const servers, load, lasts = 10, 0.8, 100.0
	c := config(Config{Offers: agents(1, "cpus:10"), Tasks: []placement.Task{task("t", "cpus:1")}, Load: load, Warmup: 3 * time.Hour, Duration: 400 * time.Hour, Seed: 1})
	if testing.Short() {
		c.Duration = 100 * time.Hour
	}
	a, sum, term := servers*load, 0.0, 1.0
	for k := range servers {
		sum += term
		term *= a / float64(k+1)
	}
	waits := term / (1 - load) / (sum + term/(1-load)) // Erlang C: the part of the tasks that wait at all
	want := waits*lasts/(servers*(1-load)) + c.Every.Seconds()/2
	r := simulate(t, c, placement.FirstFit())
	t.Logf("%d waits, mean %.2f s, theory %.2f s", r.Waits.Tasks, r.Waits.Mean, want)
	near(t, "mean wait", r.Waits.Mean, want, 0.25*want)
	near(t, "used", r.Used[0].Part, load, 0.03)
	near(t, "99 % within", r.Waits.P99, lasts/(servers*(1-load))*math.Log(waits/0.01), 0.3*lasts/(servers*(1-load))*math.Log(waits/0.01))
}

// TestSame checks that packers meet the same, and that one gives the same result twice.
func TestSame(t *testing.T) {
	w := workload.Batch(20, 1)
	s, err := New(config(Config{Offers: w.Offers, Tasks: w.Tasks, Load: 1.2, FailsAfter: time.Hour, BackAfter: 5 * time.Minute, Warmup: 10 * time.Minute, Every: 5 * time.Second, Seed: 3}))
	if err != nil {
		t.Fatal(err)
	}
	var results []Result
	for _, p := range []func() placement.Packer{placement.FirstFit, placement.FirstFit, placement.Spread} {
		r, err := s.Run(context.Background(), "p", p())
		if err != nil {
			t.Fatal(err)
		}
		if r.Lost == 0 || r.Waits.Tasks == 0 || r.Fairness <= 0 || r.Fairness > 1 || r.Fragmentation < 0 || r.Fragmentation > 1 || r.Waits.Median > r.Waits.P99 {
			t.Errorf("%+v", r)
		}
		r.RoundSeconds = 0
		results = append(results, r)
	}
	if d := cmp.Diff(results[0], results[1]); d != "" {
		t.Errorf("the same packer, twice:\n%s", d)
	}
	if cmp.Equal(results[0], results[2]) {
		t.Error("another packer makes no difference")
	}
	if s.Arriving() < 50 {
		t.Errorf("%d arrivals", s.Arriving())
	}
	again, err := New(s.config)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s.schedule, again.schedule, cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.Comparer(func(a, b constraints.Constraint) bool { return a.String() == b.String() })); d != "" {
		t.Errorf("the same seed gives another schedule:\n%s", d)
	}
	other := s.config
	other.Seed++
	if again, err = New(other); err != nil || again.schedule.events[0].at == s.schedule.events[0].at {
		t.Errorf("another seed gives the same schedule, %v", err)
	}
}

// TestFragmentation has two agents of ten and tasks of six, which leave four on each that no task can use.
func TestFragmentation(t *testing.T) {
	six := task("t", "cpus:6")
	c := config(Config{Offers: agents(2, "cpus:10"), Arrivals: []Arrival{{At: 0, Task: six, Lasts: time.Hour * 9}}, Warmup: time.Minute})
	second := six
	second.ID = "t2"
	r := simulate(t, c, placement.FirstFit())
	near(t, "one task: fragmented", r.Fragmentation, 4.0/14, 1e-9)
	near(t, "one task: used", r.Used[0].Part, 0.3, 1e-9)
	c.Arrivals = append(c.Arrivals, Arrival{At: 0, Task: second, Lasts: time.Hour * 9})
	r = simulate(t, c, placement.FirstFit())
	near(t, "two tasks: fragmented", r.Fragmentation, 1, 1e-9)
	near(t, "two tasks: used", r.Used[0].Part, 0.6, 1e-9)

	// A shared unit and whole ones.
	gpu := placement.Offer{ID: "g", Agent: "g"}
	for range 2 {
		gpu.Devices = append(gpu.Devices, placement.Device{Kind: "gpu", Model: "T4", Capacity: resources.One, Free: resources.One})
	}
	share, whole := placement.Task{ID: "s"}, placement.Task{ID: "w"}
	share.Devices = []placement.DeviceRequest{{Kind: "gpu", Share: 500}}
	whole.Devices = []placement.DeviceRequest{{Kind: "gpu", Count: 2}}
	c = config(Config{Offers: []placement.Offer{gpu}, Arrivals: []Arrival{{At: 0, Task: share, Lasts: time.Hour * 9}, {At: time.Minute, Task: whole, Lasts: time.Hour}},
		Warmup: 2 * time.Minute, Patience: time.Minute})
	r = simulate(t, c, placement.FirstFit())
	near(t, "half a unit taken: a whole pair fits nowhere", r.Fragmentation, 0.5, 1e-9)
	near(t, "half a unit taken: used", r.Used[0].Part, 0.25, 1e-9)
	if r.Waiting != 1 || r.Starved != 1 || r.Waits.Longest != (61*time.Minute).Seconds() {
		t.Errorf("the pair waits: %+v", r)
	}
	near(t, "of a quarter that runs and a whole that waits, the owner got", r.WorstGot, 0.2, 1e-9)
}

// TestOwners has one owner who gets all, and one whose tasks fit nowhere.
func TestOwners(t *testing.T) {
	small, huge := task("s", "cpus:1"), task("h", "cpus:11")
	small.Owner, huge.Owner = "lucky", "poor"
	c := config(Config{Offers: agents(1, "cpus:10"), Arrivals: []Arrival{{Task: small, Lasts: 2 * time.Hour}, {Task: huge}}, Warmup: time.Minute})
	r := simulate(t, c, placement.BestFit())
	if r.Owners != 2 || r.Worst != "poor" || r.WorstGot != 0 || r.Starved != 1 || r.Waiting != 1 {
		t.Errorf("%+v", r)
	}
	near(t, "fair", r.Fairness, 0.5, 1e-9)
}

// TestFailures checks how much of the fleet works, and that tasks of an agent that failed run again.
func TestFailures(t *testing.T) {
	c := config(Config{Offers: agents(50, "cpus:10"), Tasks: []placement.Task{task("t", "cpus:1")}, Load: 0.3, FailsAfter: 30 * time.Minute, BackAfter: 10 * time.Minute,
		Duration: 20 * time.Hour, Every: 10 * time.Second, Seed: 5})
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	var total, works float64
	down := make([]time.Duration, 50)
	for i := range down {
		down[i] = -1
	}
	for _, e := range s.schedule.events {
		switch {
		case e.task != nil:
		case e.back:
			works -= (min(e.at, c.end()) - down[e.agent]).Seconds()
			down[e.agent] = -1
		default:
			if down[e.agent] >= 0 {
				t.Fatal("fails while it is gone")
			}
			down[e.agent] = e.at
		}
	}
	total = 50 * c.end().Seconds()
	near(t, "part of the agents that works", (total+works)/total, 0.75, 0.03)
	r := simulate(t, c, placement.Spread())
	if r.Lost == 0 {
		t.Error("no task was lost")
	}
	near(t, "waits a task", float64(r.Waits.Tasks), float64(s.Arriving()+r.Lost), 1)
}

// TestTogether checks what arrives together, and under which names.
func TestTogether(t *testing.T) {
	list := []placement.Task{task("a", "cpus:1"), task("b", "cpus:1"), task("c", "cpus:1"), task("d", "cpus:1"), task("e", "cpus:1")}
	list[0].Gang, list[2].Gang = "g", "g"
	list[0].Group, list[2].Group = "x", "y"
	list[1].Group, list[3].Group = "s", "s"
	jobs := jobsOf(list)
	var got [][]placement.TaskID
	for _, job := range jobs {
		var ids []placement.TaskID
		for _, t := range job {
			ids = append(ids, t.ID)
		}
		got = append(got, ids)
	}
	if d := cmp.Diff([][]placement.TaskID{{"a", "c"}, {"b", "d"}, {"e"}}, got); d != "" {
		t.Error(d)
	}
	s, err := New(config(Config{Offers: agents(3, "cpus:9"), Tasks: list}))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range s.schedule.events {
		if e.task.Gang != "" && e.task.ID[0] == 'a' {
			if next := s.schedule.events[i+1]; next.at != e.at || next.task.Gang != e.task.Gang || next.task.Group == e.task.Group || next.task.Owner != "y" {
				t.Errorf("%+v, then %+v", e.task, next.task)
			}
			return
		}
	}
	t.Error("the gang never arrives")
}

func TestBadConfig(t *testing.T) {
	good := config(Config{Offers: agents(1, "cpus:1"), Tasks: []placement.Task{task("t", "cpus:1")}})
	for name, change := range map[string]func(*Config){
		"agents":   func(c *Config) { c.Offers = nil },
		"tasks":    func(c *Config) { c.Tasks = nil },
		"load":     func(c *Config) { c.Load = math.NaN() },
		"every":    func(c *Config) { c.Every = 0 },
		"duration": func(c *Config) { c.Duration = time.Millisecond },
		"rounds":   func(c *Config) { c.Duration = math.MaxInt64 / 2 },
		"lasts":    func(c *Config) { c.Lasts = 0 },
		"patience": func(c *Config) { c.Patience = 0 },
		"fails":    func(c *Config) { c.FailsAfter = 1 },
		"nothing":  func(c *Config) { c.Tasks = []placement.Task{task("t", "gold:1")} },
	} {
		c := good
		change(&c)
		if _, err := New(c); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Run(ctx, "p", placement.FirstFit()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
