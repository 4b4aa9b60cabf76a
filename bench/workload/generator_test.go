package workload

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// print writes all of a workload, so that two can be compared.
func print(w *Workload) string {
	var b strings.Builder
	for _, o := range w.Offers {
		fmt.Fprintln(&b, o.ID, o.Agent, o.Resources, o.Attributes, o.Devices)
	}
	for _, t := range w.Tasks {
		fmt.Fprintln(&b, t.ID, t.Group, t.Owner, t.Needs, t.Ports, t.Devices, t.Sets, t.Require, t.Prefer, t.Priority, t.Gang)
	}
	return b.String()
}

func TestGenerators(t *testing.T) {
	for _, g := range Generators() {
		t.Run(g.Name, func(t *testing.T) {
			if g.Large {
				t.Skip("large")
			}
			w := g.Make(1)
			if text := print(w); text != print(g.Make(1)) {
				t.Error("the same seed gives another workload")
			} else if text == print(g.Make(2)) {
				t.Error("another seed gives the same workload")
			}
			result, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()), placement.WithExplain(0))
			if err != nil {
				t.Fatal(err)
			}
			if len(w.Tasks) == 0 || w.Agents() != len(w.Offers) {
				t.Errorf("%d tasks, %d agents, %d offers", len(w.Tasks), w.Agents(), len(w.Offers))
			}
			if share := float64(result.Stats.Placed) / float64(len(w.Tasks)); share < 0.8 {
				t.Errorf("only %.0f %% of the tasks fit; the workload asks for too much", 100*share)
			}
			if g.Extra {
				return
			}
			if result.Stats.Shapes < 80 || result.Stats.Shapes > 200 {
				t.Errorf("%d shapes, want about 100", result.Stats.Shapes)
			}
		})
	}
}

// TestDistributions checks what the comments of the generators say of the tasks.
func TestDistributions(t *testing.T) {
	asked := func(w *Workload, name string) float64 {
		sum := 0.0
		for i := range w.Tasks {
			sum += w.Tasks[i].Needs.Get(name).Float64()
		}
		return sum / w.total(name).Float64()
	}
	column := func(w *Workload, name string) []float64 {
		var all []float64
		for i := range w.Tasks {
			all = append(all, w.Tasks[i].Needs.Get(name).Float64())
		}
		return all
	}
	near := func(what string, got, want, by float64) {
		t.Helper()
		if math.Abs(got-want) > by {
			t.Errorf("%s: %.3f, want %.3f ± %.3f", what, got, want, by)
		}
	}
	for seed := range uint64(3) {
		for _, c := range []struct {
			w    *Workload
			load float64
		}{{Web(200, seed), 0.75}, {Batch(200, seed), 0.9}, {Small(50, seed), 0.8}, {Huge(200, seed), 0.9}, {Opposite(100, seed), 0.95}} {
			near(c.w.Name+": load", max(asked(c.w, "cpus"), asked(c.w, "mem")), c.load, 0.015)
		}
		w := Small(50, seed)
		cpus, mem := column(w, "cpus"), column(w, "mem")
		near("small: mean cpus", stat.Mean(cpus, nil), 0.05+0.1*math.Exp(-0.5), 0.01) // of an exponential that is at least its half
		near("small: correlation", stat.Correlation(cpus, mem, nil), 0, 0.05)
		near("small: mean mem", stat.Mean(mem, nil), 272, 10)
		w = Huge(400, seed)
		near("huge: mean part", stat.Mean(column(w, "cpus"), nil)/64, 0.4, 0.03)
		w = Opposite(400, seed)
		if c := stat.Correlation(column(w, "cpus"), column(w, "mem"), nil); c > -0.85 {
			t.Errorf("opposite: correlation %.2f", c)
		}
		w = Web(400, seed)
		alone, services := 0, map[string]bool{}
		for i := range w.Tasks {
			if services[w.Tasks[i].Group] = true; len(w.Tasks[i].Require) > 0 {
				alone++
			}
		}
		if mean := float64(len(w.Tasks)) / float64(len(services)); mean < 3 || mean > 9 || alone == 0 {
			t.Errorf("web: %.1f replicas in the mean, %d want an agent alone", mean, alone)
		}
		gangs, lasts := 0, []float64{}
		w = Batch(400, seed)
		for i := range w.Tasks {
			if w.Tasks[i].Gang != "" {
				gangs++
			}
			lasts = append(lasts, w.Tasks[i].Lasts.Minutes())
		}
		slices.Sort(lasts)
		median := stat.Quantile(0.5, stat.Empirical, lasts, nil)
		if gangs == 0 || median < 5 || median > 20 || lasts[len(lasts)-1] < 120 {
			t.Errorf("batch: %d tasks of gangs, median %.1f minutes, longest %.0f", gangs, median, lasts[len(lasts)-1])
		}
		w = Trap(84, seed)
		for i := range w.Optimum {
			var sum resources.Quantities
			for k := range 4 {
				sum = sum.Plus(w.Tasks[i+k*w.Optimum].Needs)
			}
			if !w.Offers[0].Resources.Quantities().Contains(sum) {
				t.Fatalf("trap: one of each does not fit: %v", sum)
			}
		}
		first, err := placement.Assign(w.Offers, w.Tasks, placement.WithPacker(placement.FirstFit()))
		if err != nil || len(first.Failures) > 0 {
			t.Fatal(err, len(first.Failures))
		}
		near("trap: first fit over the optimum", float64(first.Stats.AgentsUsed)/float64(w.Optimum), 1.69, 0.01)
	}
}

func TestVBP(t *testing.T) {
	in, err := ReadVBP("v", strings.NewReader("x/1;2;3;10 8;2;1;5 5,5 5,1 0\r\n\ny;1;1;1;-1;-1;1\n"))
	if err != nil || len(in) != 2 {
		t.Fatal(in, err)
	}
	w, err := in[0].Workload(3)
	if err != nil {
		t.Fatal(err)
	}
	if w.Name != "x/1" || w.Optimum != 2 || len(w.Offers) != 3 || len(w.Tasks) != 3 {
		t.Errorf("got %s, optimum %d, %d offers, %d tasks", w.Name, w.Optimum, len(w.Offers), len(w.Tasks))
	}
	if got := w.Offers[0].Resources.Quantities().String(); got != "d00:10;d01:8" {
		t.Errorf("bin has %s", got)
	}
	if in, err := ReadVBP("v", strings.NewReader("n;1;1;1;1;1;-2\n")); err != nil || in[0].Items[0][0] != 0 {
		t.Errorf("an item of less than nothing: got %v, %v; want one of nothing", in, err)
	}
	for _, b := range []badInput{
		{"empty", "\n", "v: is empty"},
		{"fields", "a;b\n", "v:1: 2 fields"},
		{"name", ";1;1;1;1;1;1\n", "v:1:1: column name: must not be empty"},
		{"dimensions", "a;x;1;1;1;1;1\n", `v:1:3: column dimensions: "x": is not a whole number`},
		{"many dimensions", "a;999;1;1;1;1;1\n", `v:1:3: column dimensions: "999": too large`},
		{"capacities", "a;2;1;1;1;1;1\n", `v:1:7: column capacities: "1": has 1 number, not 2`},
		{"items", "a;1;2;1;1;1;1\n", `v:1:13: column items: "1": has 1 item, not 2`},
		{"item", "a;1;2;1;1;1;1,x\n", `v:1:13: column items: "1,x": item 2: "x" is not a whole number`},
	} {
		t.Run(b.name, func(t *testing.T) {
			_, err := ReadVBP("v", strings.NewReader(b.text))
			b.check(t, err)
		})
	}
}

// Real instances and the real trace are read where they are at hand.
func TestSharedData(t *testing.T) {
	const folder = "../../../shared/data"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no real data at %s", folder)
	}
	for file, want := range map[string]int{"vbp_ct.txt.gz": 25, "vbp_new.txt.gz": 108, "vbp_panigrahy.txt.gz": 162, "vbp_triplet.txt.gz": 96} {
		all, err := readVBPFile(Source{Tasks: filepath.Join(folder, file)})
		if err != nil || len(all) != want {
			t.Errorf("%s: %d instances, %v; want %d", file, len(all), err, want)
		}
	}
	all, err := readOpenb(Source{Fleet: filepath.Join(folder, "openb_nodes.csv"), Tasks: filepath.Join(folder, "openb_pods_default.csv")})
	if err != nil || len(all[0].Offers) != 1213 || len(all[0].Tasks) != 8152 {
		t.Errorf("openb: %v", err)
	}
}
