package mesosv1

import (
	"fmt"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	mesosres "github.com/mesos/mesos-go/api/v1/lib/resources"

	"github.com/berth-go/berth/resources"
)

// operand is the same collection for both libraries.
type operand struct {
	berth resources.Resources
	mesos mesos.Resources
}

func operandOf(tb testing.TB, r resources.Resources) operand {
	tb.Helper()
	m, err := ToResources(r)
	if err != nil {
		tb.Fatal(err)
	}
	return operand{r, m}
}

// portRanges is n ranges of up to eight ports, each begun anew after a gap.
func portRanges(n int, from uint64) resources.Ranges {
	var r []resources.Range
	for i := range uint64(n) {
		r = append(r, resources.Range{Begin: from + 16*i, End: from + 16*i + i%8})
	}
	out, err := resources.NewRanges(r...)
	if err != nil {
		panic(err)
	}
	return out
}

// typicalOffer is what a master offers to the role web: cpus, mem, disk and ports; with
// six entries also cpus and mem of a static reservation, with eight a volume and ports
// of a dynamic one. With four entries, cpus and mem are the reserved ones.
func typicalOffer(entries, ranges int, from uint64) resources.Resources {
	static := []resources.Reservation{{Role: "web"}}
	dynamic := []resources.Reservation{{
		Role: "web", Dynamic: true, Principal: resources.Some("ops"),
		Labels: resources.NewLabels(resources.Label{Key: "team", Value: resources.Some("shop")}),
	}}
	scalar := func(name string, amount float64, r []resources.Reservation) resources.Resource {
		return resources.Resource{Name: name, Value: resources.ScalarOf(resources.Amount(amount * 1000)), Reservations: r, AllocatedTo: "web"}
	}
	ports := func(n int, from uint64, r []resources.Reservation) resources.Resource {
		return resources.Resource{Name: "ports", Value: resources.RangesOf(portRanges(n, from)), Reservations: r, AllocatedTo: "web"}
	}
	list := []resources.Resource{scalar("disk", 90000, nil), ports(ranges, from, nil), scalar("cpus", 12.5, static), scalar("mem", 65536, static)}
	if entries >= 6 {
		list = append(list, scalar("cpus", 3.5, nil), scalar("mem", 8192, nil))
	}
	if entries >= 8 {
		volume := scalar("disk", 1024, dynamic)
		volume.Disk = &resources.Disk{
			Persistence: &resources.Persistence{ID: fmt.Sprint("volume-", from)},
			Volume:      &resources.Volume{ContainerPath: "data"},
		}
		list = append(list, volume, ports(1, 60000+from, dynamic))
	}
	return resources.Must(list...)
}

// typicalTask is what a task takes of typicalOffer(…, from): four entries, two ports.
func typicalTask(from uint64) resources.Resources {
	static := []resources.Reservation{{Role: "web"}}
	ports := resources.Must(resources.Resource{Name: "ports", AllocatedTo: "web", Value: resources.RangesOf(resources.MustRanges(
		fmt.Sprintf("[%d-%d, %d-%d]", from+16*3+1, from+16*3+1, from+16*6, from+16*6)))})
	if from == 0 {
		ports = resources.Resources{}
	}
	return resources.Must(
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(1500), Reservations: static, AllocatedTo: "web"},
		resources.Resource{Name: "mem", Value: resources.ScalarOf(512_000), Reservations: static, AllocatedTo: "web"},
		resources.Resource{Name: "disk", Value: resources.ScalarOf(100_000), AllocatedTo: "web"},
	).Plus(ports)
}

// algebraCase is one operation on one pair of operands.
type algebraCase struct {
	name   string
	allocs float64 // how often package resources may allocate
	bar    float64 // how much faster than mesos-go it has to be; 0 when that is not promised
	berth  func()
	mesos  func()
}

// Where results go, so that the compiler must make them.
var (
	berthSink      resources.Resources
	quantitiesSink resources.Quantities
	mesosSink      mesos.Resources
	boolSink       bool
	floatSink      float64
)

// algebraCases are the operations compared, on offers of so many entries with so many
// port ranges. "with" says what the other operand is: what a task takes, or another
// offer of that size.
func algebraCases(tb testing.TB, entries, ranges int) []algebraCase {
	size := fmt.Sprintf("entries=%d/ranges=%d", entries, ranges)
	offer := operandOf(tb, typicalOffer(entries, ranges, 1000))
	other := operandOf(tb, typicalOffer(entries, ranges, 1010))
	part := operandOf(tb, typicalOffer(entries, ranges, 1000).Minus(typicalTask(1000)))
	task := operandOf(tb, typicalTask(1000))
	if !offer.berth.Contains(task.berth) {
		tb.Fatal("the offer does not contain the task")
	}
	var out []algebraCase
	binary := func(op, with string, a, b operand) {
		c := algebraCase{name: fmt.Sprintf("op=%s/with=%s/%s", op, with, size), allocs: 2, bar: 10}
		switch op {
		case "plus":
			c.berth = func() { berthSink = a.berth.Plus(b.berth) }
			c.mesos = func() { mesosSink = a.mesos.Plus(b.mesos...) }
		case "minus":
			c.berth = func() { berthSink = a.berth.Minus(b.berth) }
			c.mesos = func() { mesosSink = a.mesos.Minus(b.mesos...) }
		case "contains":
			c.allocs = 0
			c.berth = func() { boolSink = a.berth.Contains(b.berth) }
			c.mesos = func() { boolSink = mesosres.ContainsAll(a.mesos, b.mesos) }
		}
		out = append(out, c)
	}
	binary("plus", "task", part, task)
	binary("plus", "offer", offer, other)
	binary("minus", "task", offer, task)
	binary("minus", "offer", offer, part)
	binary("contains", "task", offer, task)
	binary("contains", "offer", offer, part)
	return append(out,
		sumCase(tb, size, entries, ranges),
		algebraCase{
			name:   "op=quantities/" + size,
			allocs: 1,
			berth:  func() { quantitiesSink = offer.berth.Quantities() },
			mesos:  func() { floatSink = mesosQuantities(offer.mesos) },
		},
		algebraCase{
			name:   "op=flatten/" + size,
			allocs: 13, // a reserved entry gets a new identity, and a volume a copy of its disk
			berth:  func() { berthSink = offer.berth.ToUnreserved() },
			mesos:  func() { mesosSink = offer.mesos.ToUnreserved() },
		})
}

// sumCase adds up sixteen offers. The running sum of mesos-go is modified in place,
// which is the fastest it offers.
func sumCase(tb testing.TB, size string, entries, ranges int) algebraCase {
	var offers []operand
	var list []resources.Resources
	for i := range uint64(16) {
		o := operandOf(tb, typicalOffer(entries, ranges, 1000+4000*i))
		offers, list = append(offers, o), append(list, o.berth)
	}
	return algebraCase{
		name:   "op=sum/offers=16/" + size,
		allocs: 2,
		berth:  func() { berthSink = resources.Sum(list...) },
		mesos: func() {
			var sum mesos.Resources
			for _, o := range offers {
				sum.Add(o.mesos...)
			}
			mesosSink = sum
		},
	}
}

// mesosQuantities adds up every scalar name, as mesos-go does it.
func mesosQuantities(r mesos.Resources) (total float64) {
	for _, name := range mesosres.NamesOf(r...) {
		sum, _ := name.Sum(r...)
		total += sum.GetScalar().GetValue()
	}
	return total
}

var algebraSizes = []struct{ entries, ranges int }{{4, 8}, {4, 200}, {6, 8}, {6, 50}, {8, 8}, {8, 200}}

func BenchmarkAlgebra(b *testing.B) {
	for _, size := range algebraSizes {
		for _, c := range algebraCases(b, size.entries, size.ranges) {
			b.Run(c.name+"/lib=berth", func(b *testing.B) { loop(b, c.berth) })
			b.Run(c.name+"/lib=mesos-go", func(b *testing.B) { loop(b, c.mesos) })
		}
	}
}

func loop(b *testing.B, f func()) {
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
}
