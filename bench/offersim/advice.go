package offersim

import (
	"cmp"
	"fmt"
	"slices"
)

// Advice is one sentence that says when to use which policy, worked out from the results of all of them; the first is
// what the others are compared with.
func Advice(results []Result) string {
	if len(results) < 2 {
		return ""
	}
	base := results[0]
	slower := func(a, b Result) int { return cmp.Or(cmp.Compare(a.Big.Mean, b.Big.Mean), cmp.Compare(a.Held, b.Held)) }
	fast := slices.MinFunc(results[1:], slower)
	if fast.Big.Mean > 0.9*base.Big.Mean {
		return fmt.Sprintf("Use %q: no policy launches big tasks much sooner (%s at best, against %s), and it holds %s of the cluster.",
			base.Policy, seconds(fast.Big.Mean), seconds(base.Big.Mean), percent(base.Held))
	}
	text := fmt.Sprintf("Use %q where big tasks must start soon: they wait %s in the mean instead of %s, while %s of the cluster is held and the others launch %s",
		fast.Policy, seconds(fast.Big.Mean), seconds(base.Big.Mean), percent(fast.Held), less(base, fast))
	if cheap := cheapest(results[1:], base, fast); cheap.Policy != fast.Policy {
		text += fmt.Sprintf("; %q where that is too much: %s is held, the others launch %s, and big tasks wait %s",
			cheap.Policy, percent(cheap.Held), less(base, cheap), seconds(cheap.Big.Mean))
	}
	text += fmt.Sprintf("; and %q where every task is small: those wait %s with it", base.Policy, seconds(base.Small.Mean))
	if slow := slices.MaxFunc(results[1:], func(a, b Result) int { return cmp.Compare(a.Small.Mean, b.Small.Mean) }); slow.Small.Mean > max(30, 10*base.Small.Mean) {
		text += fmt.Sprintf(", but %s with %q, which therefore is never to be used alone", seconds(slow.Small.Mean), slow.Policy)
	}
	return text + "."
}

// cheapest is the policy that holds least of those that take at least half the way from the base to the fastest.
func cheapest(results []Result, base, fast Result) Result {
	cheap := fast
	for _, r := range results {
		if r.Big.Mean <= (base.Big.Mean+fast.Big.Mean)/2 && r.Held < cheap.Held {
			cheap = r
		}
	}
	return cheap
}

// less says how much less the others launch.
func less(base, r Result) string {
	loss := 1 - r.RivalLaunches/max(base.RivalLaunches, 1e-9)
	if base.RivalLaunches == 0 || loss < 0.0005 {
		return "as much"
	}
	return percent(loss) + " less"
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

func seconds(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.1f s", x)
	}
	return fmt.Sprintf("%.0f s", x)
}
