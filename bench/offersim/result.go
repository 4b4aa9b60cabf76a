package offersim

import (
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Result is what came of a policy, in one simulation or in several.
type Result struct {
	Policy string `json:"policy"`
	Big    Waits  `json:"big"`
	Small  Waits  `json:"small"`
	// Launches and RivalLaunches are a second's, of Berth's framework and of all others.
	Launches      float64 `json:"launches_per_second"`
	RivalLaunches float64 `json:"rival_launches_per_second"`
	// Held is the part of the cluster in offers to Berth's framework that it has neither used nor declined, in the mean
	// over time; HeldMost is the most. Used is what runs on the cluster.
	Held     float64 `json:"held_share"`
	HeldMost float64 `json:"held_share_most"`
	Used     float64 `json:"used_share"`
	// Offers are those made to Berth's framework; what it declined it had no use for.
	Offers    int `json:"offers"`
	Declined  int `json:"declined"`
	Rescinded int `json:"rescinded"`
}

// Waits is how long tasks of one kind waited. One that was not launched within the patience counts as launched then in
// Mean and the quantiles, so all of them are at most the patience.
type Waits struct {
	Tasks    int     `json:"tasks"`
	Launched int     `json:"launched"`
	Mean     float64 `json:"mean_seconds"`
	Median   float64 `json:"median_seconds"`
	P90      float64 `json:"p90_seconds"`
	// Seconds are all waits, ascending.
	Seconds []float64 `json:"-"`
}

// Part is which part was launched.
func (w *Waits) Part() float64 { return float64(w.Launched) / float64(max(w.Tasks, 1)) }

func (s *simulation) result(p Policy) Result {
	t := s.tenant
	for _, one := range t.waiting {
		t.note(one, false)
	}
	seconds := s.c.Duration.Seconds()
	r := Result{
		Policy: p.Name, Big: waits(t.big), Small: waits(t.small), Launches: float64(t.launched) / seconds,
		Held: s.held.mean(), HeldMost: s.peak, Used: s.used.mean(),
		Offers: t.account.grants, Declined: t.declines, Rescinded: int(t.buffer.Stats().Rescinded),
	}
	for _, other := range s.rivals {
		r.RivalLaunches += float64(other.launched) / seconds
	}
	return r
}

func waits(list []wait) Waits {
	var w Waits
	for _, one := range list {
		if one.launched {
			w.Launched++
		}
		w.Seconds = append(w.Seconds, one.d.Seconds())
	}
	return w.summed()
}

// summed fills in the figures from Seconds.
func (w Waits) summed() Waits {
	slices.Sort(w.Seconds)
	w.Tasks = len(w.Seconds)
	if w.Tasks > 0 {
		w.Mean = stat.Mean(w.Seconds, nil)
		w.Median = stat.Quantile(0.5, stat.Empirical, w.Seconds, nil)
		w.P90 = stat.Quantile(0.9, stat.Empirical, w.Seconds, nil)
	}
	return w
}

// Merge makes one result of those of several runs of a policy: waits together, all else in the mean.
func Merge(runs []Result) Result {
	var all Result
	n := float64(len(runs))
	for _, r := range runs {
		all.Policy = r.Policy
		all.Big.add(&r.Big)
		all.Small.add(&r.Small)
		all.Launches += r.Launches / n
		all.RivalLaunches += r.RivalLaunches / n
		all.Held += r.Held / n
		all.HeldMost = max(all.HeldMost, r.HeldMost)
		all.Used += r.Used / n
		all.Offers += r.Offers
		all.Declined += r.Declined
		all.Rescinded += r.Rescinded
	}
	all.Big, all.Small = all.Big.summed(), all.Small.summed()
	return all
}

func (w *Waits) add(o *Waits) {
	w.Launched += o.Launched
	w.Seconds = append(w.Seconds, o.Seconds...)
}

// Within is the part of the tasks launched within a time, for each of the times, which ascend and are at most the patience.
func (w *Waits) Within(times []time.Duration) []float64 {
	out := make([]float64, len(times))
	n := 0
	for i, t := range times {
		for n < w.Launched && w.Seconds[n] <= t.Seconds() {
			n++
		}
		out[i] = float64(n) / float64(max(w.Tasks, 1))
	}
	return out
}
