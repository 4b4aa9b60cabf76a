package report

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestContest has three packers, of which c takes a tenth more than a in every sample and b about as much as a.
func TestContest(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 7))
	c := &Contest{Packers: []string{"c", "a", "b"}}
	for range 30 {
		hard := 1 + g.Float64() // what makes one sample harder than another hides nothing
		x := 10 * hard
		c.Samples = append(c.Samples, []float64{1.1 * x, x, x * (0.99 + 0.02*g.Float64())})
	}
	best := c.Best()
	slices.Sort(best)
	if !slices.Equal(best, []string{"a", "b"}) || c.Next() != "c" || c.More("c", "a") != "+10.0% ± 0.0%" {
		t.Errorf("best %v, next %s, more %s", best, c.Next(), c.More("c", "a"))
	}
	if v := c.Verdict("The wait", "s"); !strings.Contains(v, "is less with none, beyond the noise, than with ") || !strings.Contains(v, "With c, the best of the others, it is +1") {
		t.Error(v)
	}
	few := &Contest{c.Packers, c.Samples[:3]}
	if best := few.Best(); len(best) != 3 || few.Next() != "" || few.More("c", "a") != "?" {
		t.Errorf("three samples tell %v, %q, %s", best, few.Next(), few.More("c", "a"))
	}
	if v := few.Verdict("The wait", "s"); v != "These are 3 runs a packer, and what differs may be chance: to tell 3 packers apart takes 7 seeds or more; see --seeds." {
		t.Error(v)
	}
}

// TestContestNoise has equal packers: one is called better in at most about one contest of twenty.
func TestContestNoise(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 8))
	told, contests := 0, 400
	for range contests {
		c := &Contest{Packers: []string{"a", "b", "c", "d"}}
		for range 15 {
			c.Samples = append(c.Samples, []float64{g.ExpFloat64(), g.ExpFloat64(), g.ExpFloat64(), g.ExpFloat64()})
		}
		if len(c.Best()) < len(c.Packers) {
			told++
		}
	}
	if told > contests/20+12 {
		t.Errorf("of %d contests among equals %d had a winner", contests, told)
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		values []float64
		digits int
		want   string
	}{
		{nil, 0, "0"},
		{[]float64{1.25}, 2, "1.25"},
		{[]float64{1, 2, 3}, 1, "2.0 ±0.6"},
		{[]float64{1, 1.01, 1.02}, 1, "1.0"},
	} {
		if got := Spread(c.values, c.digits); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}
