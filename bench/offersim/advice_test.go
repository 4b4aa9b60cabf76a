package offersim

import (
	"strings"
	"testing"
)

func outcome(policy string, big, small, held, rivals float64) Result {
	return Result{Policy: policy, Big: Waits{Mean: big}, Small: Waits{Mean: small}, Held: held, RivalLaunches: rivals}
}

// TestAdvice checks that the sentence follows from the figures.
func TestAdvice(t *testing.T) {
	base := outcome("at once", 100, 0.5, 0, 2)
	for _, c := range []struct {
		name   string
		others []Result
		has    []string
		lacks  string
	}{
		{"one is best", []Result{outcome("quick", 20, 2, 0.1, 1.9), outcome("dear", 40, 2, 0.2, 1)},
			[]string{`Use "quick" where big tasks must start soon: they wait 20 s in the mean instead of 100 s, while 10.0 % of the cluster is held and the others launch 5.0 % less; and "at once"`}, "too much"},
		{"another is cheaper", []Result{outcome("quick", 20, 2, 0.1, 1.9), outcome("cheap", 55, 2, 0.01, 2)},
			[]string{`"cheap" where that is too much: 1.0 % is held, the others launch as much, and big tasks wait 55 s`}, "alone"},
		{"a cheaper one is hardly better", []Result{outcome("quick", 20, 2, 0.1, 1.9), outcome("cheap", 61, 2, 0.01, 2)}, []string{`"quick"`}, "cheap"},
		{"one starves", []Result{outcome("quick", 20, 2, 0.1, 1.9), outcome("greedy", 50, 200, 0.2, 1)},
			[]string{`those wait 0.5 s with it, but 200 s with "greedy", which therefore is never to be used alone.`}, "too much"},
		{"none is better", []Result{outcome("slow", 95, 2, 0.3, 1)}, []string{`Use "at once": no policy launches big tasks much sooner (95 s at best, against 100 s)`}, `"slow"`},
	} {
		got := Advice(append([]Result{base}, c.others...))
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s\nlacks %s", c.name, got, want)
			}
		}
		if strings.Contains(got, c.lacks) || strings.Count(got, ".\n") > 0 || !strings.HasSuffix(got, ".") {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if got := Advice([]Result{base}); got != "" {
		t.Errorf("of one result: %s", got)
	}
}
