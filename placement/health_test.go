package placement_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func ExampleHealth() {
	health, err := placement.NewHealth(placement.HealthConfig{Failures: 2, Window: 10 * time.Minute, Ban: time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := placement.NewEngine()
	e.AddOffers(placement.Offer{ID: "o", Agent: "a", Resources: resources.MustParse("cpus:4"), Standing: true})
	e.Submit(placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")})
	for _, minute := range []time.Duration{0, 5} {
		for _, change := range health.Record(placement.Outcome{Agent: "a", Failed: true, At: noon.Add(minute * time.Minute)}) {
			fmt.Println(change)
			e.Disable(change.Disabled())
		}
	}
	for _, minute := range []time.Duration{6, 65} {
		now := noon.Add(minute * time.Minute)
		for _, change := range health.Tick(now) {
			fmt.Println(change)
		}
		result, err := e.Assign(context.Background(), placement.WithNow(now))
		fmt.Println(len(result.Assignments), "placed", err)
	}
	// Output:
	// a is banned until 2026-01-01T13:05:00Z: 2 of 2 outcomes were failures
	// 0 placed <nil>
	// a is back
	// 1 placed <nil>
}

// TestHealth goes through the rules: outcomes are "AGENT MINUTE ok|WHAT", separated by commas.
func TestHealth(t *testing.T) {
	base := placement.HealthConfig{Failures: 3, Window: 10 * time.Minute, Ban: 20 * time.Minute}
	with := func(f func(*placement.HealthConfig)) placement.HealthConfig {
		c := base
		f(&c)
		return c
	}
	for _, c := range []struct {
		name, outcomes string
		config         placement.HealthConfig
		want           string
	}{
		{"too few failures", "a 0 x, a 1 x", base, ""},
		{"enough in the window", "a 0 x, a 1 x, a 2 x", base, "2 a until 22"},
		{"an outcome as old as the window is out of it", "a 0 x, a 1 x, a 10 x", base, ""},
		{"one a little younger is in it", "a 1 x, a 2 x, a 10 x", base, "10 a until 30"},
		{"agents are told apart", "a 0 x, b 1 x, a 2 x, b 3 x", base, ""},
		{"what happens during a ban does not count", "a 0 x, a 1 x, a 2 x, a 3 x, a 4 x, a 5 x", base, "2 a until 22"},
		{"back by itself, with a clean slate", "a 0 x, a 1 x, a 2 x, a 22 x, a 23 x", base, "2 a until 22; 22 a back"},
		{"again soon after it came back: twice as long", "a 0 x, a 1 x, a 2 x, a 22 x, a 23 x, a 24 x", with(func(c *placement.HealthConfig) { c.MaxBan = time.Hour }), "2 a until 22; 22 a back; 24 a until 64"},
		{"but not longer than the longest", "a 0 x, a 1 x, a 2 x, a 22 x, a 23 x, a 24 x", with(func(c *placement.HealthConfig) { c.MaxBan = 25 * time.Minute }), "2 a until 22; 22 a back; 24 a until 49"},
		{"long after it came back: as long as the first time", "a 0 x, a 1 x, a 2 x, a 32 x, a 33 x, a 34 x", with(func(c *placement.HealthConfig) { c.MaxBan = time.Hour }), "2 a until 22; 22 a back; 34 a until 54"},
		{"one broken application is not a broken agent", "a 0 x, a 1 x, a 2 x, a 3 x", with(func(c *placement.HealthConfig) { c.Distinct = 2 }), ""},
		{"two are", "a 0 x, a 1 x, a 2 y", with(func(c *placement.HealthConfig) { c.Distinct = 2 }), "2 a until 22"},
		{"successes speak for the agent", "a 0 ok, a 1 ok, a 2 ok, a 3 ok, a 4 x, a 5 x, a 6 x", with(func(c *placement.HealthConfig) { c.Part = 0.5 }), ""},
		{"until failures outweigh them", "a 0 ok, a 1 ok, a 2 ok, a 4 x, a 5 x, a 6 x", with(func(c *placement.HealthConfig) { c.Part = 0.5 }), "6 a until 26"},
		{"only so many at a time", "a 0 x, a 0 x, a 0 x, b 1 x, b 1 x, b 1 x, b 20 x, b 21 x, b 22 x", with(func(c *placement.HealthConfig) { c.MaxBanned = 1 }), "0 a until 20; 20 a back; 22 b until 42"},
		{"time does not run backwards", "a 5 x, a 3 x, a 4 x", base, "5 a until 25"},
		{"what comes far too late does not count", "a 0 x, a 1 x, b 30 ok, a 2 x", base, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := placement.NewHealth(c.config)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, o := range outcomes(c.outcomes) {
				for _, change := range h.Record(o) {
					if got != "" {
						got += "; "
					}
					got += fmt.Sprintf("%.0f %s ", change.At.Sub(noon).Minutes(), change.Agent)
					if change.Banned {
						got += fmt.Sprintf("until %.0f", change.Until.Sub(noon).Minutes())
					} else {
						got += "back"
					}
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func outcomes(list string) []placement.Outcome {
	var all []placement.Outcome
	for line := range strings.SplitSeq(list, ",") {
		var agent, what string
		var minute int
		fmt.Sscan(line, &agent, &minute, &what)
		all = append(all, placement.Outcome{Agent: placement.AgentID(agent), What: what, Failed: what != "ok", At: noon.Add(time.Duration(minute) * time.Minute)})
	}
	return all
}

// TestHealthAgainstScan compares the tracker with one that keeps every outcome and looks at all of them.
func TestHealthAgainstScan(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 31))
		c := placement.HealthConfig{Failures: 1 + rng.IntN(4), Window: 10 * time.Minute, Ban: time.Duration(1+rng.IntN(30)) * time.Minute, Part: float64(rng.IntN(3)) / 2}
		c.Distinct = rng.IntN(min(c.Failures, 2) + 1)
		h, err := placement.NewHealth(c)
		if err != nil {
			t.Fatal(err)
		}
		var history []placement.Outcome
		until := map[placement.AgentID]time.Time{}
		now := noon
		for range 300 {
			now = now.Add(time.Duration(rng.IntN(120)) * time.Second)
			o := placement.Outcome{Agent: placement.AgentID(fmt.Sprint("a", rng.IntN(3))), What: fmt.Sprint(rng.IntN(3)), Failed: rng.IntN(3) > 0, At: now}
			var want []placement.HealthChange
			for id, end := range until {
				if !now.Before(end) {
					want = append(want, placement.HealthChange{Agent: id, At: end})
					delete(until, id)
				}
			}
			slices.SortFunc(want, func(a, b placement.HealthChange) int {
				return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Agent, b.Agent))
			})
			if _, banned := until[o.Agent]; !banned {
				history = append(history, o)
				failures, all, names := 0, 0, map[string]bool{}
				for _, x := range history {
					if x.Agent == o.Agent && now.Sub(x.At) < c.Window {
						all++
						if x.Failed {
							failures++
							names[x.What] = true
						}
					}
				}
				if o.Failed && failures >= c.Failures && len(names) >= c.Distinct && float64(failures) >= c.Part*float64(all) {
					until[o.Agent] = now.Add(c.Ban)
					want = append(want, placement.HealthChange{Agent: o.Agent, Banned: true, At: now, Until: now.Add(c.Ban), Failures: failures, Outcomes: all})
					history = slices.DeleteFunc(history, func(x placement.Outcome) bool { return x.Agent == o.Agent })
				}
			}
			if d := gocmp.Diff(want, h.Record(o)); d != "" {
				t.Fatalf("seed %d: scan -, tracker +:\n%s", seed, d)
			}
			next, some := h.Next()
			if some != (len(until) > 0) || len(h.Disabled()) != len(until) {
				t.Fatal(next, some, h.Disabled(), until)
			}
			for _, end := range until {
				if end.Before(next) {
					t.Fatal(next, until)
				}
			}
		}
	}
}

func TestHealthErrors(t *testing.T) {
	good := placement.HealthConfig{Failures: 3, Window: 1, Ban: 1}
	for i, bad := range []func(*placement.HealthConfig){
		func(c *placement.HealthConfig) { c.Failures = 0 },
		func(c *placement.HealthConfig) { c.Window = 0 },
		func(c *placement.HealthConfig) { c.Ban = -1 },
		func(c *placement.HealthConfig) { c.Part = 1.5 },
		func(c *placement.HealthConfig) { c.Distinct = 4 },
		func(c *placement.HealthConfig) { c.MaxBanned = -1 },
	} {
		c := good
		bad(&c)
		if _, err := placement.NewHealth(c); !errors.Is(err, placement.ErrBadRequest) {
			t.Error(i, err)
		}
	}
	if _, err := placement.NewHealth(good); err != nil {
		t.Error(err)
	}
}
