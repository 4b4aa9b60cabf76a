package placement_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/berth-go/berth/placement"
)

// slowFill values nodes as ExpectedFill does, plainly and without remembering anything.
type slowFill struct {
	w     placement.Workload
	scale map[string]float64
	draws [120][32]float64
}

func newSlowFill(offers []placement.Offer, w placement.Workload) *slowFill {
	f := &slowFill{w: w, scale: slowScales(offers, w)}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range f.draws {
		for at, part := range rng.Perm(32) {
			f.draws[i][at] = (float64(part) + rng.Float64()) / 32
		}
	}
	return f
}

// hosted are the expected shapes for which the node has units of the right kind and model at all.
func (f *slowFill) hosted(n *slowNode) (shapes []placement.Expected, cumulated []float64) {
	sum := 0.0
	for e := range f.w.All() {
		ok := true
		for i := range e.Task.Devices {
			ok = ok && slices.ContainsFunc(n.units, func(u slowUnit) bool { return u.wanted(&e.Task.Devices[i]) })
		}
		if ok {
			sum += e.Weight / f.w.Weight()
			shapes, cumulated = append(shapes, e), append(cumulated, sum)
		}
	}
	return shapes, cumulated
}

func (f *slowFill) worth(n *slowNode) float64 {
	shapes, cumulated := f.hosted(n)
	if len(shapes) == 0 {
		return 0
	}
	total := cumulated[len(cumulated)-1]
	sum := 0.0
	for s := range 32 {
		at := n
		for i := range f.draws {
			t := &shapes[min(sort.SearchFloat64s(cumulated, f.draws[i][s]*total), len(shapes)-1)].Task
			if !at.scalarsFit(t) {
				continue
			}
			units := fullest(at, t.Devices)
			if units == nil {
				continue
			}
			sum += f.value(n, t, units)
			at = at.with(t, units)
		}
	}
	return sum/32 + f.large(n, shapes)
}

func (f *slowFill) value(n *slowNode, t *placement.Task, units []int) (sum float64) {
	if n.byScalars(f.w) {
		for _, name := range slices.Sorted(maps.Keys(f.scale)) {
			sum += float64(t.Needs.Get(name)) * f.scale[name]
		}
	}
	i := 0
	for _, q := range t.Devices {
		sum += float64(q.Count)
		if q.Count == 0 {
			sum += float64(q.Share) / float64(n.units[units[i]].Capacity)
		}
		i += max(q.Count, 1)
	}
	return sum
}

// fullest takes shares where least is left, beside others of their tag if they have one; whole units of
// one state are alike.
func fullest(n *slowNode, reqs []placement.DeviceRequest) []int {
	units := []int{}
	for i := range reqs {
		q := &reqs[i]
		var fit []int
		for j := range n.units {
			if n.units[j].room(q) {
				fit = append(fit, j)
			}
		}
		if len(fit) < max(q.Count, 1) {
			return nil
		}
		slices.SortStableFunc(fit, func(a, b int) int {
			u, v := &n.units[a], &n.units[b]
			if q.Tag != "" && (u.users > 0) != (v.users > 0) {
				if u.users > 0 {
					return -1
				}
				return 1
			}
			return int(u.Free - v.Free)
		})
		units = append(units, fit[:max(q.Count, 1)]...)
	}
	return units
}

func (f *slowFill) large(n *slowNode, shapes []placement.Expected) (sum float64) {
	for _, e := range shapes {
		units, most := 0, 1<<30
		for i := range e.Task.Devices {
			q := &e.Task.Devices[i]
			idle := 0
			for j := range n.units {
				if n.units[j].room(&placement.DeviceRequest{Kind: q.Kind, Models: q.Models, Count: 1}) {
					idle++
				}
			}
			if q.Count > 0 {
				units += q.Count
				most = min(most, idle/q.Count)
			}
		}
		for name, a := range e.Task.Needs.All() {
			most = min(most, int(n.free[name]/a))
		}
		if units >= 2 {
			sum += e.Weight / f.w.Weight() * float64(units*most)
		}
	}
	return sum
}

func (n *slowNode) unused() bool {
	return maps.Equal(n.free, n.capacity) && !slices.ContainsFunc(n.units, func(u slowUnit) bool { return u.Free < u.Capacity })
}

func TestExpectedFillAgreesWithSlowTwin(t *testing.T) {
	worlds := uint64(40)
	if testing.Short() {
		worlds = 8
	}
	for seed := range worlds {
		offers, tasks := deviceWorld(seed)
		for i := range offers {
			// Units of several sizes on one agent would make the choice among whole units matter.
			for j := range offers[i].Devices {
				offers[i].Devices[j].Capacity = min(offers[i].Devices[j].Capacity, 1000)
				offers[i].Devices[j].Free = min(offers[i].Devices[j].Free, 1000)
			}
		}
		expected, err := placement.WorkloadOf(tasks)
		if err != nil {
			t.Fatal(err)
		}
		f := newSlowFill(offers, expected)
		sameAsSlow(t, fmt.Sprint("seed ", seed), offers, tasks, placement.ExpectedFill(placement.WithWorkload(expected)),
			func(before, after *slowNode) float64 {
				gain := f.worth(after) - f.worth(before)
				if before.unused() {
					gain -= 0.1
				}
				return math.Round(gain*1e9) / 1e9
			})
	}
}

// TestExpectedFillOnTrace holds expected fill to its bar on the public GPU trace, over all arrival orders in the
// long mode, over some of them otherwise.
func TestExpectedFillOnTrace(t *testing.T) {
	for _, c := range []struct {
		workload string
		at130    float64
	}{{"default", 96.0}, {"gpushare40", 94.6}} {
		if testing.Short() && c.workload != "default" {
			continue
		}
		w := readOpenb(t, c.workload)
		given := placement.WithWorkload(w.expected(t))
		for _, v := range []struct {
			name   string
			bar    float64
			orders int
			opts   []placement.PackerOption
		}{{"given", c.at130, 4, []placement.PackerOption{given}}, {"learned", c.at130 - 0.1, 2, nil}} {
			t.Run(c.workload+"/"+v.name, func(t *testing.T) {
				t.Parallel()
				seeds := w.seeds(v.orders)
				at100, at130 := w.run(t, seeds, func() placement.Packer { return placement.ExpectedFill(v.opts...) })
				t.Logf("%.2f %% at 100 %% arrived load, %.2f %% at 130 %%, over %d orders", at100, at130, len(seeds))
				if at130 < v.bar {
					t.Errorf("less than %.2f %%", v.bar)
				}
			})
		}
	}
}

// BenchmarkExpectedFill streams the trace at 130 % load.
func BenchmarkExpectedFill(b *testing.B) {
	w := readOpenb(b, "default")
	w.benchmark(b, placement.ExpectedFill(placement.WithWorkload(w.expected(b))))
}
