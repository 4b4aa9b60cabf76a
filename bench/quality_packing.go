package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/berth-go/berth/bench/report"
	"github.com/berth-go/berth/bench/workload"
	"github.com/berth-go/berth/placement"
)

// packingResult is what one way to pack did on one set.
type packingResult struct {
	Set       string   `json:"set"`
	Packer    string   `json:"packer"`
	Order     string   `json:"order,omitempty"`
	Instances int      `json:"instances"`
	Optimal   int      `json:"optimal"`
	Gap       float64  `json:"gap_percent"`
	Bar       *float64 `json:"bar,omitempty"`
	Aim       *float64 `json:"aim,omitempty"`
	Reached   *bool    `json:"reached,omitempty"`
	Seconds   float64  `json:"seconds_per_instance"`

	spent time.Duration
}

func (r *packingResult) add(bins, optimum int, spent time.Duration) {
	r.Instances++
	r.Gap += 100 * (float64(bins)/float64(optimum) - 1)
	if bins <= optimum {
		r.Optimal++
	}
	r.spent += spent
}

func (r *packingResult) finish() {
	if r.Instances == 0 {
		return
	}
	r.Gap /= float64(r.Instances)
	r.Seconds = r.spent.Seconds() / float64(r.Instances)
	if r.Bar != nil {
		reached := r.Gap <= *r.Bar+0.005 // bars have two decimals
		r.Reached = &reached
	}
}

// way is one way to pack: a packer and an order, or Improve.
type way struct {
	packer  packer
	order   placement.Order
	improve bool
}

type packingSet struct {
	name      string
	instances []workload.Instance
}

type packingRun struct {
	sets   []packingSet
	ways   []way
	budget time.Duration
	seed   uint64
}

func (c *qualityCmd) packingRun(chosen qualityPackers) (*packingRun, error) {
	r := &packingRun{budget: c.budget(), seed: c.Seed}
	orders, err := c.orders()
	if err != nil {
		return nil, err
	}
	wrapped, ok := findPacker(c.Improve)
	if !ok {
		return nil, unknown("packer", c.Improve, packerNames())
	}
	for _, p := range chosen.plain {
		for _, o := range orders {
			r.ways = append(r.ways, way{packer: p, order: o})
		}
	}
	if c.Seconds > 0 {
		r.ways = append(r.ways, way{wrapped, placement.DecreasingSum, true})
	}
	for _, file := range c.VBP {
		all, err := workload.ReadInstances(file)
		if err != nil {
			return nil, err
		}
		before := len(r.sets)
		for _, in := range all {
			r.add(in, before, c.Limit)
		}
		if len(r.sets) == before {
			return nil, fmt.Errorf("%s: none of %d instances counts; a name must end in _0 and the optimum be known", file, len(all))
		}
	}
	return r, nil
}

// add puts an instance into its set, if it counts. Sets of other files are not added to.
func (r *packingRun) add(in workload.Instance, from, limit int) {
	set, _, _ := strings.Cut(in.Name, "/")
	if in.Optimum <= 0 || (set != "CT" && !strings.HasSuffix(in.Name, "_0")) {
		return
	}
	for i := from; i < len(r.sets); i++ {
		if s := &r.sets[i]; s.name == set {
			if limit == 0 || len(s.instances) < limit {
				s.instances = append(s.instances, in)
			}
			return
		}
	}
	r.sets = append(r.sets, packingSet{set, []workload.Instance{in}})
}

func (r *packingRun) steps() (n int) {
	for _, s := range r.sets {
		n += len(s.instances)
	}
	return n
}

func (r *packingRun) run(ctx context.Context, bar *bar) (all []*packingResult, err error) {
	for i := range r.sets {
		results, err := r.runSet(ctx, &r.sets[i], bar)
		if err != nil {
			return all, err // a mean over some of a set is none
		}
		all = append(all, results...)
	}
	return all, nil
}

func (r *packingRun) runSet(ctx context.Context, set *packingSet, bar *bar) ([]*packingResult, error) {
	results := make([]*packingResult, len(r.ways))
	best := &packingResult{Set: set.name, Packer: "the best of these, instance by instance"}
	once := 0
	for i, w := range r.ways {
		results[i] = &packingResult{Set: set.name, Packer: w.packer.name, Order: w.order.String()}
		if w.improve {
			results[i].Packer = "improve(" + w.packer.name + "), " + r.budget.String()
		} else {
			once++
		}
	}
	r.setBars(set.name, results, best)
	for i := range set.instances {
		in := &set.instances[i]
		bar.show(in.Name)
		load, err := in.Workload(r.seed)
		if err != nil {
			return nil, err
		}
		least, took := len(in.Items), time.Duration(0)
		for k, w := range r.ways {
			if ctx.Err() != nil {
				return nil, errInterrupted
			}
			bins, spent, err := r.pack(ctx, load, w)
			if err != nil {
				return nil, err
			}
			results[k].add(bins, in.Optimum, spent)
			if !w.improve {
				least, took = min(least, bins), took+spent
			}
		}
		best.add(least, in.Optimum, took)
		bar.step()
	}
	if once > 0 { // Improve comes last
		results = append(results[:once], append([]*packingResult{best}, results[once:]...)...)
	}
	for _, result := range results {
		result.finish()
	}
	return results, nil
}

func (r *packingRun) setBars(set string, results []*packingResult, best *packingResult) {
	bars, ok := packingBars[set]
	if !ok {
		return
	}
	best.Bar = &bars.once
	for i, w := range r.ways {
		if w.improve {
			results[i].Bar, results[i].Aim = &bars.improve, &bars.aim
		}
	}
}

// pack packs an instance in one way and returns the number of bins.
func (r *packingRun) pack(ctx context.Context, load *workload.Workload, w way) (bins int, spent time.Duration, err error) {
	p := w.packer.make()
	if w.improve {
		limited, cancel := context.WithTimeout(ctx, r.budget)
		defer cancel()
		ctx, p = limited, placement.Improve(p)
	}
	start := time.Now()
	result, err := placement.AssignContext(ctx, load.Offers, load.Tasks,
		placement.WithPacker(p), placement.WithOrder(w.order), placement.WithSeed(r.seed), placement.WithExplain(0))
	if err != nil {
		return 0, 0, load.Explain(err)
	}
	spent = time.Since(start)
	if w.improve && result.Truncated && result.Stats.Placed < len(load.Tasks) {
		w.improve = false // there was no time even for the packer that Improve wraps
		return r.pack(context.WithoutCancel(ctx), load, w)
	}
	if result.Stats.Placed < len(load.Tasks) {
		return 0, 0, fmt.Errorf("%s: %s placed %d of %d items, each of which should fit in a bin", load.Name, w.packer.name, result.Stats.Placed, len(load.Tasks))
	}
	return result.Stats.AgentsUsed, spent, nil
}

func packingTable(results []*packingResult, look report.Look) string {
	header := []string{"set and packer", "best order", "instances", "optimal", "gap %", "bar", "reached", "aim", "ms per\ninstance"}
	var rows [][]string
	for _, r := range bestOrders(results) {
		rows = append(rows, []string{r.Set + ": " + r.Packer, r.Order, strconv.Itoa(r.Instances), strconv.Itoa(r.Optimal),
			fmt.Sprintf("%.2f", r.Gap), figure(r.Bar), yesNo(r.Reached), figure(r.Aim), fmt.Sprintf("%.2f", 1000*r.Seconds)})
	}
	return report.Grid(header, rows, look)
}

// bestOrders keeps, of the orders of a packer on a set, the one of the least mean gap.
func bestOrders(results []*packingResult) (kept []*packingResult) {
	at := map[[2]string]int{}
	for _, r := range results {
		key := [2]string{r.Set, r.Packer}
		i, seen := at[key]
		switch {
		case !seen:
			at[key] = len(kept)
			kept = append(kept, r)
		case r.Gap < kept[i].Gap:
			kept[i] = r
		}
	}
	return kept
}

func figure(f *float64) string {
	if f == nil {
		return "-"
	}
	return strconv.FormatFloat(*f, 'f', 2, 64)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return "-"
	case *b:
		return "yes"
	}
	return "NO"
}
