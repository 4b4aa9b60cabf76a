package placement_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

const openbData = "../../shared/data/"

// openb is the public Alibaba GPU trace with arrival orders at 130 % load, see docs/benchmarks.md.
type openb struct {
	offers []placement.Offer
	pods   []placement.Task
	orders map[string][]int // per seed
	gpus   resources.Amount
}

func readCSV(t testing.TB, name string) [][]string {
	file, err := os.Open(openbData + name)
	if err != nil {
		t.Skipf("no trace to test with: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func atoi(t testing.TB, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func readOpenb(t testing.TB, workload string) *openb {
	w := &openb{orders: map[string][]int{}}
	for _, row := range readCSV(t, "openb_nodes.csv") {
		o := placement.Offer{ID: placement.OfferID(row[0]), Agent: placement.AgentID(row[0]),
			Resources: resources.MustParse(fmt.Sprintf("cpus:%g;mem:%s", float64(atoi(t, row[1]))/1000, row[2]))}
		for range atoi(t, row[3]) {
			o.Devices = append(o.Devices, placement.Device{Kind: "gpu", Model: row[4], Capacity: resources.One, Free: resources.One})
			w.gpus += resources.One
		}
		w.offers = append(w.offers, o)
	}
	for _, row := range readCSV(t, "openb_pods_"+workload+".csv") {
		p := placement.Task{Needs: resources.MustQuantities(fmt.Sprintf("cpus:%g;mem:%s", float64(atoi(t, row[0]))/1000, row[1]))}
		n, milli := atoi(t, row[2]), atoi(t, row[3])
		q := placement.DeviceRequest{Kind: "gpu"}
		switch {
		case n == 1 && milli < 1000:
			q.Share = resources.Amount(milli)
		default:
			q.Count = n
		}
		if row[4] != "" {
			q.Models = strings.Split(row[4], "|")
		}
		if n > 0 {
			p.Devices = []placement.DeviceRequest{q}
		}
		w.pods = append(w.pods, p)
	}
	file, err := os.Open(openbData + "openb_seq_" + workload + ".txt.gz")
	if err != nil {
		t.Skipf("no arrival orders to test with: %v", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		part := strings.SplitN(lines.Text(), ",", 3)
		var order []int
		for _, at := range strings.Fields(part[2]) {
			order = append(order, atoi(t, at))
		}
		w.orders[part[1]] = order
	}
	return w
}

// stream is the tasks of an order.
func (w *openb) stream(seed string) []placement.Task {
	tasks := make([]placement.Task, len(w.orders[seed]))
	for i, at := range w.orders[seed] {
		tasks[i] = w.pods[at]
		tasks[i].ID = placement.TaskID(strconv.Itoa(i))
	}
	return tasks
}

func gpuOf(t *placement.Task) (sum resources.Amount) {
	for _, q := range t.Devices {
		sum += q.Share + resources.Amount(q.Count)*resources.One
	}
	return sum
}

// allocated is the GPU share in use when the load arrived first reaches 100 % of all GPUs, and at the end.
func (w *openb) allocated(tasks []placement.Task, res placement.Result) (at100, at130 float64) {
	placed := map[placement.TaskID]bool{}
	for _, a := range res.Assignments {
		placed[a.Task] = true
	}
	var arrived, used resources.Amount
	for i := range tasks {
		g := gpuOf(&tasks[i])
		if arrived < w.gpus && arrived+g >= w.gpus {
			at100 = -1
		}
		arrived += g
		if placed[tasks[i].ID] {
			used += g
		}
		if at100 == -1 {
			at100 = 100 * used.Float64() / w.gpus.Float64()
		}
	}
	return at100, 100 * used.Float64() / w.gpus.Float64()
}

// seeds are the first n of the orders' seeds; all of them in the long mode, one in the short.
func (w *openb) seeds(n int) []string {
	all := slices.Sorted(maps.Keys(w.orders))
	switch {
	case os.Getenv("BERTH_LONG") != "":
		n = len(all)
	case testing.Short():
		n = 1
	}
	return all[:min(n, len(all))]
}

// run streams the orders of some seeds through a packer each and returns the means.
func (w *openb) run(t testing.TB, seeds []string, p func() placement.Packer) (at100, at130 float64) {
	for _, seed := range seeds {
		tasks := w.stream(seed)
		res, err := placement.Assign(w.offers, tasks, placement.WithPacker(p()), placement.WithExplain(0))
		if err != nil {
			t.Fatal(err)
		}
		a, b := w.allocated(tasks, res)
		at100, at130 = at100+a, at130+b
	}
	n := float64(len(seeds))
	return at100 / n, at130 / n
}

// expected is the workload that the orders are drawn from.
func (w *openb) expected(t testing.TB) placement.Workload {
	expected, err := placement.WorkloadOf(w.pods)
	if err != nil {
		t.Fatal(err)
	}
	return expected
}

// benchmark streams an order, one task at a time, through an engine.
func (w *openb) benchmark(b *testing.B, p placement.Packer) {
	tasks := w.stream("42")
	for i := range w.offers {
		w.offers[i].Standing = true
	}
	b.ReportAllocs()
	placed := 0
	for b.Loop() {
		e := placement.NewEngine(placement.WithPacker(p), placement.WithExplain(0))
		if err := e.AddOffers(w.offers...); err != nil {
			b.Fatal(err)
		}
		placed = 0
		for i := range tasks {
			if err := e.Submit(tasks[i]); err != nil {
				b.Fatal(err)
			}
			res, err := e.Assign(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if placed += len(res.Assignments); len(res.Assignments) == 0 {
				e.Withdraw(tasks[i].ID)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(tasks)), "ns/task")
	b.ReportMetric(float64(placed), "placed")
}
