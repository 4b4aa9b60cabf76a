package constraints_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
	"github.com/berth-go/berth/resources"
)

// placements makes a list of values out of counts: "a:2 b:1" is a, a, b.
func placements(counts string) (values []string) {
	for _, f := range strings.Fields(counts) {
		value, times, _ := strings.Cut(f, ":")
		for range int(times[0] - '0') {
			values = append(values, value)
		}
	}
	return values
}

// TestCookCases are the rules by which Cook places the jobs of a group, by the names Cook
// gives them.
func TestCookCases(t *testing.T) {
	for _, tt := range []struct {
		name, text, attr, offered, placed string
		want                              bool
	}{
		{"unique: not used", "unique(hostname)", "hostname", "h1", "h2:1", true},
		{"unique: used by a cotask", "unique(hostname)", "hostname", "h1", "h1:1 h2:1", false},
		{"attribute-equals: no cotasks", "same(az)", "az", "z1", "", true},
		{"attribute-equals: a cotask has it", "same(az)", "az", "z1", "z1:2", true},
		{"attribute-equals: any of several", "same(az)", "az", "z2", "z1:2 z2:1", true},
		{"attribute-equals: none has it", "same(az)", "az", "z3", "z1:2 z2:1", false},
		{"attribute-equals: no cotasks, no value", "same(az)", "az", "missing", "", true},
		{"attribute-equals: no value is a value", "same(az)", "az", "missing", "missing:1 z1:1", true},
		{"attribute-equals: no cotask without a value", "same(az)", "az", "missing", "z1:1", false},
		{"attribute-equals: only cotasks without", "same(az)", "az", "z1", "missing:1", false},
		{"balanced: no cotasks", "balanced(az,3)", "az", "a", "", true},
		{"balanced: minimum 3, tie of two", "balanced(az,3)", "az", "a", "a:1 b:1", false},
		{"balanced: minimum 3, new value", "balanced(az,3)", "az", "c", "a:1 b:1", true},
		{"balanced: minimum 2, tie of two", "balanced(az,2)", "az", "a", "a:1 b:1", true},
		{"balanced: at the most", "balanced(az,2)", "az", "a", "a:2 b:1", false},
		{"balanced: below the most", "balanced(az,2)", "az", "b", "a:2 b:1", true},
		{"balanced: below the most, above the least", "balanced(az,3)", "az", "b", "a:3 b:2 c:1", true},
		{"balanced: minimum 1", "balanced(az,1)", "az", "a", "a:1", true},
		{"balanced: minimum 2, one value", "balanced(az,2)", "az", "a", "a:1", false},
		{"balanced: missing", "balanced(az,2)", "az", "missing", "", false},
		{"novel-host: failed here", "novel(h1,h7)", "hostname", "h1", "", false},
		{"novel-host: another", "novel(h1,h7)", "hostname", "h2", "", true},
		{"novel-host: by the agent's ID", "novel(offer)", "hostname", "h2", "", false},
		{"novel-host: never failed", "novel", "hostname", "h1", "", true},
		{"user-defined: equal", "node-type=big", "node-type", "big", "", true},
		{"user-defined: other", "node-type=big", "node-type", "small", "", false},
		{"user-defined: missing", "node-type=big", "node-type", "missing", "", false},
		{"checkpoint-locality: same location", "location=east", "location", "east", "", true},
		{"checkpoint-locality: another", "location=east", "location", "west", "", false},
		{"rebalancer-reservation: for another job", "reserved(job7,h1)", "hostname", "h1", "", false},
		{"rebalancer-reservation: for the group", "reserved(app,h1)", "hostname", "h1", "", true},
		{"rebalancer-reservation: for the task", "reserved(asking,h1)", "hostname", "h1", "", true},
		{"rebalancer-reservation: another host", "reserved(job7,h1)", "hostname", "h2", "", true},
		{"gpu-host: a task without GPUs", "!exists(gpus)", "gpus", "4", "", false},
		{"gpu-host: no GPUs", "!exists(gpus)", "gpus", "missing", "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := field(t, one(t, tt.text), tt.attr, tt.offered, placements(tt.placed), 9); got != tt.want {
				t.Errorf("%s accepts %s=%s beside %q: %v, want %v", tt.text, tt.attr, tt.offered, tt.placed, got, tt.want)
			}
		})
	}
}

// TestCookEstimatedCompletion is Cook's constraint of that name: the task must be done
// before the host goes.
func TestCookEstimatedCompletion(t *testing.T) {
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		started time.Duration // before now
		lasts   time.Duration
		want    bool
	}{
		{"long before", 20 * time.Hour, 3 * time.Hour, true},
		{"at the very end", 20 * time.Hour, 4 * time.Hour, false},
		{"after the end", 20 * time.Hour, 5 * time.Hour, false},
		{"unknown, host still lives", 20 * time.Hour, 0, true},
		{"unknown, host should be gone", 25 * time.Hour, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			started := resources.Amount(now.Add(-tt.started).Unix()) * resources.One
			w := constraintstest.New(constraintstest.Agent{ID: "a", More: []resources.Attribute{
				{Name: "host-start-time", Value: resources.ScalarOf(started)},
			}})
			w.Now, w.Lasts = now, tt.lasts
			if got := w.Judge(one(t, "lifetime(host-start-time,24h)"), "a", "").OK; got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	w := constraintstest.New(agent("none", ""), agent("odd", "host-start-time:long-ago"), agent("ok", "host-start-time:1"))
	c := one(t, "lifetime(host-start-time,24h)")
	if !w.Judge(c, "none", "").OK || w.Judge(c, "odd", "").OK || w.Judge(c, "ok", "").OK {
		t.Error("without the attribute an agent passes, with a text in it or without a time it does not")
	}
}

// TestCookMaxTasksPerHost counts what runs and what was placed in the same round alike.
func TestCookMaxTasksPerHost(t *testing.T) {
	w := constraintstest.New(agent("a", ""))
	c := one(t, "max_per_agent(2)")
	for i, want := range []bool{true, true, false} {
		if got := w.Judge(c, "a", "job").OK; got != want {
			t.Errorf("with %d tasks there: %v", i, got)
		}
		w.Place(fmt.Sprint("group", i), "a")
	}
}

// spreadOut places n tasks of a group, each on the agent that the choice prefers, and
// returns how many each agent got.
func spreadOut(w *constraintstest.World, n int, choose func(agent string) (ok bool, score float64)) map[string]int {
	got := map[string]int{}
	for range n {
		best, score := "", math.Inf(-1)
		for _, a := range w.Agents() {
			if ok, s := choose(a); ok && s > score {
				best, score = a, s
			}
		}
		if best != "" {
			w.Place("job", best)
			got[best]++
		}
	}
	return got
}

func hard(w *constraintstest.World, c constraints.Constraint) func(string) (bool, float64) {
	return func(agent string) (bool, float64) { return w.Judge(c, agent, "job").OK, 0 }
}

func soft(w *constraintstest.World, c constraints.Constraint) func(string) (bool, float64) {
	return func(agent string) (bool, float64) { return true, w.Judge(c, agent, "job").Score }
}

// TestFenzoCases are the cases of Fenzo's constraint tests, by the numbers under which we
// listed them. Those about packing, about tasks as a whole and about a constraint that
// throws concern the placement round and are tested there.
func TestFenzoCases(t *testing.T) {
	zones := func(n int) *constraintstest.World {
		var agents []constraintstest.Agent
		for i := range n {
			agents = append(agents, agent(fmt.Sprint("h", i), fmt.Sprint("zone:z", i)))
		}
		return constraintstest.New(agents...)
	}
	type choice = func(*constraintstest.World, constraints.Constraint) func(string) (bool, float64)
	for _, tt := range []struct {
		name, text string
		how        choice
		zones, n   int
		want       string
	}{
		{"23 unique zone, three zones", "unique(zone)", hard, 3, 3, "map[h0:1 h1:1 h2:1]"},
		{"24 unique zone, a fourth task waits", "unique(zone)", hard, 3, 4, "map[h0:1 h1:1 h2:1]"},
		{"25 soft unique zone", "unique(zone)", soft, 3, 3, "map[h0:1 h1:1 h2:1]"},
		{"25 soft unique zone, two zones", "unique(zone)", soft, 2, 3, "map[h0:2 h1:1]"},
		{"26 balanced zone, hard", "balanced(zone,3)", hard, 3, 6, "map[h0:2 h1:2 h2:2]"},
		{"26 balanced zone, soft", "balanced(zone,3)", soft, 3, 6, "map[h0:2 h1:2 h2:2]"},
		{"26 group_by, soft", "group_by(zone)", soft, 3, 6, "map[h0:2 h1:2 h2:2]"},
		{"26 spread, hard", "spread(zone,1)", hard, 3, 6, "map[h0:2 h1:2 h2:2]"},
		{"27 unique host, five hosts", "unique(hostname)", hard, 5, 5, "map[h0:1 h1:1 h2:1 h3:1 h4:1]"},
		{"28 exclusive, each on its own", "exclusive", hard, 3, 4, "map[h0:1 h1:1 h2:1]"},
		{"30 attribute value", "zone=z1", hard, 3, 4, "map[h1:4]"},
		{"30 host name", "hostname=h2", hard, 3, 2, "map[h2:2]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := zones(tt.zones)
			if got := fmt.Sprint(spreadOut(w, tt.n, tt.how(w, one(t, tt.text)))); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("28 exclusive goes to the empty host", func(t *testing.T) {
		w := zones(2)
		w.Place("plain", "h0")
		if c := constraints.Exclusive(); w.Judge(c, "h0", "").OK || !w.Judge(c, "h1", "").OK {
			t.Error("the exclusive task does not go to the empty host")
		}
	})
	t.Run("29 exclusive refuses later tasks, in the same round too", func(t *testing.T) {
		got := constraints.Exclusive().(constraints.Standing).Forbids("")
		if len(got) != 1 || got[0] != (constraints.Forbid{Group: constraints.AnyGroup}) {
			t.Errorf("an exclusive task forbids %v", got)
		}
	})
	t.Run("30 attribute value by task", func(t *testing.T) {
		w := zones(3)
		for i, id := range w.Agents() { // a constraint is a value: each task is given its own
			if c := constraints.Equals("zone", fmt.Sprint("z", i)); !w.Judge(c, id, "").OK {
				t.Errorf("%v refuses %s", c, id)
			}
		}
	})
	t.Run("co-tasks of another set", func(t *testing.T) {
		w := zones(2)
		w.Place("db", "h0")
		if c := one(t, "of(db,unique(zone))"); w.Judge(c, "h0", "job").OK || !w.Judge(c, "h1", "job").OK {
			t.Errorf("%v does not keep away from the db tasks", c)
		}
	})
}

// TestBalancedScoreDoesNotFade shows that one task of difference counts as much in a group
// of 300 as in a group of 3: Fenzo's soft balanced constraint divides by the size of the
// group, so that with big groups packing always wins.
func TestBalancedScoreDoesNotFade(t *testing.T) {
	for _, text := range []string{"balanced(zone,3)", "group_by(zone)", "spread(zone,1)"} {
		var gaps []float64
		for _, each := range []int{1, 100} {
			w := constraintstest.New(agent("a", "zone:za"), agent("b", "zone:zb"), agent("c", "zone:zc"))
			for range each {
				for _, id := range w.Agents() {
					w.Place("job", id)
				}
			}
			w.Place("job", "a")
			c := one(t, text)
			gaps = append(gaps, w.Judge(c, "b", "job").Score-w.Judge(c, "a", "job").Score)
		}
		if gaps[0] != gaps[1] || gaps[0] < 0.2 {
			t.Errorf("%s: the scores differ by %v", text, gaps)
		}
	}
}
