package mesosv1

import (
	"testing"

	mesosres "github.com/mesos/mesos-go/api/v1/lib/resources"

	"github.com/berth-go/berth/resources"
)

// What BenchmarkAlgebra compares is the same work: both libraries come to the same result.
func TestSameWork(t *testing.T) {
	for _, size := range algebraSizes {
		for _, c := range algebraCases(t, size.entries, size.ranges) {
			berthSink, mesosSink, boolSink = resources.Resources{}, nil, false
			c.mesos()
			want, err := FromResources(mesosSink)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			contains := boolSink
			c.berth()
			if !berthSink.Equal(want) || boolSink != contains {
				t.Errorf("%s: %v, mesos-go has %v", c.name, berthSink, want)
			}
		}
	}
}

// Plus and Minus allocate twice at most, Contains not at all, however many ranges.
func TestAllocs(t *testing.T) {
	for _, size := range algebraSizes {
		for _, c := range algebraCases(t, size.entries, size.ranges) {
			if got := testing.AllocsPerRun(20, c.berth); got > c.allocs {
				t.Errorf("%s: %v allocations, at most %v are promised", c.name, got, c.allocs)
			}
		}
	}
}

// The totals agree too, where mesos-go gets them right.
func TestSameQuantities(t *testing.T) {
	o := operandOf(t, typicalOffer(8, 50, 1000))
	q := o.berth.Quantities()
	for _, name := range []mesosres.Name{mesosres.NameCPUs, mesosres.NameMem, mesosres.NameDisk} {
		sum, _ := name.Sum(o.mesos...)
		if got := q.Get(name.String()).Float64(); got != sum.GetScalar().GetValue() {
			t.Errorf("%s: %v, mesos-go has %v", name, got, sum.GetScalar().GetValue())
		}
	}
}
