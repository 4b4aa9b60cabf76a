package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	a := Result{Packer: "a", Placed: 10, AgentsUsed: 4, LowerBound: 4, NsPerTask: 100}
	b := Result{Packer: "b", Placed: 10, AgentsUsed: 5, LowerBound: 4, Gap: 0.25, NsPerTask: 10}
	even := Result{Packer: "even", Placed: 10, AgentsUsed: 4, LowerBound: 4, NsPerTask: 104}
	fewer := Result{Packer: "fewer", Placed: 9, AgentsUsed: 3, LowerBound: 3, NsPerTask: 5}
	none := Result{Packer: "none", NsPerTask: 1}
	stopped := Result{Packer: "stopped", Placed: 10, AgentsUsed: 1, NsPerTask: 1, Truncated: true}
	yardstick := Result{Packer: "yardstick", Placed: 10, AgentsUsed: 9, LowerBound: 4, Gap: 1.25, NsPerTask: 1, Yardstick: true}
	for _, c := range []struct {
		results []Result
		want    string
	}{
		{nil, "Nothing was compared."},
		{[]Result{a}, "a places all 10 tasks on 4 agents, which is the lower bound, in 100 ns a task."},
		{[]Result{fewer}, "fewer places 9 of 10 tasks on 3 agents, which is the lower bound, in 5 ns a task."},
		{[]Result{a, b}, "a uses the fewest agents, 4, which is the lower bound. It uses 20.0% fewer agents than b (the fastest, 10 ns a task) and takes 10× the time."},
		{[]Result{a, b, yardstick}, "a uses the fewest agents, 4, which is the lower bound. It uses 20.0% fewer agents than b (the fastest, 10 ns a task) and takes 10× the time."},
		{[]Result{b, a, fewer}, "a places all 10 tasks on the fewest agents, 4, which is the lower bound. It places 11.1% more tasks than fewer (the fastest, 5 ns a task) and takes 20× the time."},
		{[]Result{b, fewer}, "b places the most, all 10 tasks. It places 11.1% more tasks than fewer (the fastest, 5 ns a task) and takes 2.0× the time."},
		{[]Result{a, even}, "No packer packs better than another: all place all 10 tasks on 4 agents, which is the lower bound. None is faster than a beyond the noise, 100 ns a task."},
		{[]Result{a, even, b}, "a and even use the fewest agents, 4, which is the lower bound. a uses 20.0% fewer agents than b (the fastest, 10 ns a task) and takes 10× the time."},
		{[]Result{none, {Packer: "too"}}, "No packer placed anything."},
		{[]Result{stopped, {Packer: "too", Truncated: true}}, "No packer came to its end, so none can be compared."},
		{[]Result{b, stopped}, "No packer packs better than another: all place all 10 tasks on 5 agents, 25.0% above the lower bound. None is faster than b beyond the noise, 10 ns a task."},
	} {
		if got := stored(c.results...).Verdict(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	preset := a
	preset.Packer, preset.Default = "preset", true
	preset.NsPerTask = 200
	for _, c := range []struct {
		studies []*Study
		want    string
	}{
		{nil, ""},
		{[]*Study{stored(a, b)}, ""},
		{[]*Study{stored(a, b), stored(a, b, yardstick)}, "What follows: to place the most on the fewest agents take a (none packs better beyond the noise on 2 of 2 workloads; " +
			"10× the time of b); where speed matters most take b (none is faster beyond the noise on 2 of 2 workloads)."},
		{[]*Study{stored(a, b, preset), stored(a, b, preset)}, "What follows: to place the most on the fewest agents take a (none packs better beyond the noise on 2 of 2 workloads; " +
			"10× the time of b); where speed matters most take b (none is faster beyond the noise on 2 of 2 workloads); " +
			"if in doubt take preset, the default (none packs better on 2 of 2 workloads; 20× the time of b)."},
		{[]*Study{stored(a, even), stored(a, even)}, "What follows: to place the most on the fewest agents take a (none packs better beyond the noise on 2 of 2 workloads); none is faster on 2 of 2 workloads."},
	} {
		if got := Advice(c.studies); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// planted is a study of n samples in which packer k uses base[k] agents and as many nanoseconds, both times what makes
// the sample hard and times noise of its own.
func planted(rng *rand.Rand, n int, base ...float64) *Study {
	s := NewStudy("planted")
	for seed := range n {
		c := &Comparison{Workload: "planted", Tasks: 1000, Agents: 1000, Seed: uint64(seed)}
		hard := math.Exp(rng.NormFloat64())
		for k, x := range base {
			c.Results = append(c.Results, Result{Packer: fmt.Sprint("p", k), Placed: 1000,
				AgentsUsed: int(100_000 * x * hard * math.Exp(0.02*rng.NormFloat64())), NsPerTask: x * hard * math.Exp(0.05*rng.ExpFloat64())})
		}
		s.Samples = append(s.Samples, c)
	}
	return s
}

// Of equal packers none is called better or faster, but for the one comparison in twenty that is allowed.
func TestNoWinnerInsideTheNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const trials = 200
	for _, packers := range []int{2, 5, 17} {
		for _, samples := range []int{5, 13, 20} {
			base := make([]float64, packers)
			for i := range base {
				base[i] = 1
			}
			better, faster := 0, 0
			for range trials {
				s := planted(rng, samples, base...)
				if len(s.best()) < packers {
					better++
				}
				if len(s.fastest()) < packers {
					faster++
				}
			}
			// 200 tries with one in twenty: 10, and three standard deviations are 9 more.
			if better > 19 || faster > 19 {
				t.Errorf("%d equal packers, %d samples: of %d comparisons %d name a best and %d a fastest one", packers, samples, trials, better, faster)
			}
		}
	}
}

// Differences that are larger than the noise are found, and measured.
func TestWinnerBeyondTheNoise(t *testing.T) {
	s := planted(rand.New(rand.NewPCG(3, 4)), 20, 1, 0.9, 0.9, 1.2)
	if best := slices.Sorted(slices.Values(s.best())); !slices.Equal(best, []string{"p1", "p2"}) {
		t.Errorf("best are %v", best)
	}
	if i := s.fewerAgents("p1", "p0"); i.low < 0.07 || i.low > 0.1 || i.high < 0.1 || i.high > 0.13 {
		t.Errorf("planted 10%% fewer, found %+v", i)
	}
	if i := s.time("p3", "p0"); i.low < 1.1 || i.low > 1.2 || i.high < 1.2 || i.high > 1.3 {
		t.Errorf("planted 1.2 times as long, found %+v", i)
	}
	if text := s.Verdict(); !strings.Contains(text, "p1 and p2 use the fewest agents") && !strings.Contains(text, "p2 and p1 use the fewest agents") {
		t.Error(text)
	}
	few := planted(rand.New(rand.NewPCG(3, 4)), 5, 1, 0.5)
	if text := few.Verdict(); !strings.Contains(text, "To tell 2 packers apart takes 6 samples or more") {
		t.Error(text)
	}
}

// The interval of the median covers it as often as it promises, for a distribution with a long tail.
func TestMedianInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{6, 9, 20, 45} {
		covered := 0
		const trials = 2000
		for range trials {
			values := make([]float64, n)
			for i := range values {
				values[i] = rng.ExpFloat64()
			}
			if i := medianOf(values); i.low <= math.Ln2 && math.Ln2 <= i.high && i.low <= i.value && i.value <= i.high {
				covered++
			}
		}
		if share := float64(covered) / trials; share < confidence-0.015 || share > 0.985 {
			t.Errorf("%d values: the interval covers the median in %.1f%%", n, 100*share)
		}
	}
	for _, n := range []int{2, 5} {
		if i := medianOf(make([]float64, n)); !math.IsInf(i.low, -1) || !math.IsInf(i.high, 1) {
			t.Errorf("%d values: %+v", n, i)
		}
	}
	if i := medianOf([]float64{3}); i != (interval{3, 3, 3}) {
		t.Errorf("one value: %+v", i)
	}
}

// The numbers of the sign test are those of the tables: of 6 samples all must agree, of 8 all but none, of 9 all but one.
func TestSignTest(t *testing.T) {
	for _, c := range []struct {
		better, worse, want int
	}{{5, 0, 0}, {6, 0, 1}, {0, 6, -1}, {7, 1, 0}, {8, 1, 1}, {1, 8, -1}, {0, 0, 0}, {10, 10, 0}, {15, 5, 1}, {14, 6, 0}} {
		if got := (signs{c.better, c.worse}).differ(confidence); got != c.want {
			t.Errorf("%d better, %d worse: %d, want %d", c.better, c.worse, got, c.want)
		}
	}
	if n := enough(confidence); n != 6 {
		t.Errorf("%d samples are enough for a pair, want 6", n)
	}
	if n := enough(family(17)); n != 13 {
		t.Errorf("%d samples are enough for 17 packers, want 13", n)
	}
}
