package clustersim

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// watcher gathers the rounds of an engine, and who was placed where in each.
type watcher struct {
	t       *testing.T
	history History
	in      Seen
	placed  map[time.Time][]string
}

func (w *watcher) RoundStarts(in *placement.Input) {
	w.in = Seen{Now: in.Settings().Now, Offers: in.Offers(), Waiting: in.Tasks(), Running: in.Running()}
}

func (w *watcher) PhaseStarts(placement.Phase) {}

func (w *watcher) RoundEnds(r placement.Result, err error) {
	w.in.Placed = r.Assignments
	for _, a := range r.Assignments {
		w.placed[w.in.Now] = append(w.placed[w.in.Now], fmt.Sprintf("%s on %s", a.Task, a.Agent))
	}
	if err := w.history.Add(w.in); err != nil {
		w.t.Error(err)
	}
}

func watched(t *testing.T, c Config, p placement.Packer) (*watcher, Result) {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{t: t, placed: map[time.Time][]string{}}
	r, err := s.Run(context.Background(), "p", p, placement.WithObserver(w))
	if err != nil {
		t.Fatal(err)
	}
	return w, r
}

// TestHistorySame takes the history of a simulation and simulates it again: with the same packer the same tasks go to the
// same agents in the same rounds.
func TestHistorySame(t *testing.T) {
	batch := workload.Batch(20, 1)
	for _, failsAfter := range []time.Duration{0, 2 * time.Hour} {
		c := config(Config{Offers: batch.Offers, Tasks: batch.Tasks, Load: 1.1, Every: 5 * time.Second, FailsAfter: failsAfter, BackAfter: 5 * time.Minute, Seed: 3})
		first, result := watched(t, c, placement.FirstFit())
		again, err := first.history.Config(c.Every)
		if err != nil {
			t.Fatal(err)
		}
		again.Lasts, again.Patience = c.Lasts, c.Patience
		if first.history.Withdrawn() != 0 || first.history.Ordinary() != 0 || first.history.Every() != c.Every {
			t.Errorf("%d withdrawn, %d agents ordinary, every %v", first.history.Withdrawn(), first.history.Ordinary(), first.history.Every())
		}
		second, repeated := watched(t, again, placement.FirstFit())
		if failsAfter > 0 {
			if result.Lost == 0 || repeated.Lost == 0 {
				t.Errorf("lost %d, and again %d", result.Lost, repeated.Lost)
			}
			near(t, "waits", float64(repeated.Waits.Tasks), float64(result.Waits.Tasks), 0.05*float64(result.Waits.Tasks))
			near(t, "used", repeated.Used[0].Part, result.Used[0].Part, 0.03)
			continue
		}
		// The simulations begin at different times of their first rounds.
		shift := first.history.first.Sub(second.history.first)
		moved := map[time.Time][]string{}
		for at, list := range second.placed {
			moved[at.Add(shift)] = list
		}
		if d := cmp.Diff(first.placed, moved); d != "" {
			t.Errorf("placed otherwise:\n%.2000s", d)
		}
	}
}

// TestHistory has a history of a few rounds, with each thing that may happen.
func TestHistory(t *testing.T) {
	at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
	standing := agents(2, "cpus:4;mem:100")
	for i := range standing {
		standing[i].Standing = true
	}
	run := func(agent string, ids ...string) (all []placement.Running) {
		for _, id := range ids {
			all = append(all, placement.Running{Task: task(id, "cpus:1"), Agent: placement.AgentID(agent)})
		}
		return all
	}
	wait := func(ids ...string) (all []placement.Task) {
		for _, id := range ids {
			all = append(all, task(id, "cpus:1"))
		}
		return all
	}
	placed := func(ids ...string) (all []placement.Assignment) {
		for _, id := range ids {
			all = append(all, placement.Assignment{Task: placement.TaskID(id)})
		}
		return all
	}
	var h History
	for _, r := range []Seen{
		{Now: at(0), Offers: standing, Waiting: wait("a", "b", "w"), Running: run("a0", "old"), Placed: placed("a")},
		{Now: at(10), Offers: standing, Waiting: wait("b", "c", "w"), Running: run("a0", "a", "old"), Placed: placed("b", "c")},
		{Now: at(20), Offers: standing[:1], Waiting: wait("c"), Running: run("a0", "a", "b"), Placed: placed("c")},
		{Now: at(30), Offers: standing, Waiting: wait("old"), Running: run("a0", "b", "c"), Placed: placed("old")},
		{Now: at(40), Offers: standing[1:], Running: run("a0", "b", "old")},
	} {
		if err := h.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.Config(time.Second)
	if err != nil {
		t.Fatal(err)
	}
	second := func(s int) time.Duration { return time.Duration(s) * time.Second }
	var got []string
	for _, a := range c.Arrivals {
		got = append(got, fmt.Sprint(a.Task.ID, " ", a.At, " ", a.Lasts))
	}
	want := []string{"old 1s 20s", "a 1s 30s", "b 1s 0s", "c 11s 20s", "old#2 31s 0s"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("arrivals:\n%s", d)
	}
	outages := []Outage{{"a1", second(21), second(31)}, {"a0", second(41), 0}}
	if d := cmp.Diff(outages, c.Outages); d != "" {
		t.Errorf("outages:\n%s", d)
	}
	if h.Withdrawn() != 1 || h.Rounds() != 5 || h.Every() != second(10) || c.Duration != second(41) || len(c.Offers) != 2 {
		t.Errorf("%d withdrawn of %d rounds every %v in %v, %d offers", h.Withdrawn(), h.Rounds(), h.Every(), c.Duration, len(c.Offers))
	}
}

// TestHistoryOrdinary has ordinary offers: an agent is what was offered and ran when that was most.
func TestHistoryOrdinary(t *testing.T) {
	var h History
	offers := func(text string) []placement.Offer { return agents(1, text) }
	big := placement.Running{Task: task("r", "cpus:3;mem:10"), Agent: "a0"}
	for i, r := range []Seen{
		{Offers: offers("cpus:1;mem:50"), Waiting: []placement.Task{task("r", "cpus:3;mem:10")}},
		{Offers: offers("cpus:2;mem:20"), Running: []placement.Running{big}},
		{Offers: offers("cpus:1"), Running: []placement.Running{big}},
	} {
		r.Now = epoch.Add(time.Duration(i) * time.Second)
		if err := h.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.Config(time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Offers[0].Resources.Quantities().String(); got != "cpus:5;mem:50" || h.Ordinary() != 1 || len(c.Outages) != 0 {
		t.Errorf("the agent is %s, %d ordinary, outages %v", got, h.Ordinary(), c.Outages)
	}
}

func TestHistoryErrors(t *testing.T) {
	var h History
	if err := h.Add(Seen{}); !errors.Is(err, ErrHistory) {
		t.Errorf("without a time: %v", err)
	}
	_ = h.Add(Seen{Now: epoch.Add(time.Second)})
	if err := h.Add(Seen{Now: epoch}); !errors.Is(err, ErrHistory) {
		t.Errorf("backwards: %v", err)
	}
	if _, err := h.Config(time.Second); !errors.Is(err, ErrHistory) {
		t.Errorf("of nothing: %v", err)
	}
}
