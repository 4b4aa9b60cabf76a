package placement_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func TestWorkload(t *testing.T) {
	small := placement.Task{ID: "s", Needs: resources.MustQuantities("cpus:1"), Group: "g"}
	large := placement.Task{ID: "l", Needs: resources.MustQuantities("cpus:4")}
	w, err := placement.WorkloadOf([]placement.Task{small, large, small, small})
	if err != nil {
		t.Fatal(err)
	}
	if w.Len() != 2 || w.Weight() != 4 || w.At(0).Weight != 3 || w.At(0).Task.ID != "" || w.At(0).Task.Group != "" {
		t.Errorf("got %d shapes of weight %v, the first %+v", w.Len(), w.Weight(), w.At(0))
	}
	sum := w.Times(0.5).Plus(w)
	if sum.Len() != 2 || sum.Weight() != 6 || w.Weight() != 4 {
		t.Errorf("half of it plus itself: %d shapes of weight %v", sum.Len(), sum.Weight())
	}
	var none placement.Workload
	for _, factor := range []float64{0, -1, math.NaN(), math.Inf(1), math.SmallestNonzeroFloat64} {
		if got := w.Times(factor).Times(factor); got.Len() != 0 {
			t.Errorf("times %v: %d shapes", factor, got.Len())
		}
	}
	if got := none.Plus(w); got.Len() != 2 {
		t.Errorf("nothing plus a workload: %d shapes", got.Len())
	}
	huge := w.Times(math.MaxFloat64 / 4)
	if got := huge.Plus(huge).Plus(huge); got.Len() != 2 || got.At(0).Weight != math.MaxFloat64 {
		t.Errorf("weights beyond all floats: got %+v", got.At(0))
	}
}

func TestWorkloadErrors(t *testing.T) {
	task := placement.Task{ID: "t", Needs: resources.MustQuantities("cpus:1")}
	bad := task
	bad.Devices = []placement.DeviceRequest{{Kind: "gpu", Count: -1}}
	for _, c := range []struct {
		in   placement.Expected
		want error
	}{
		{placement.Expected{Task: task, Weight: 0}, placement.ErrBadAmount},
		{placement.Expected{Task: task, Weight: -1}, placement.ErrBadAmount},
		{placement.Expected{Task: task, Weight: math.NaN()}, placement.ErrBadAmount},
		{placement.Expected{Task: task, Weight: math.Inf(1)}, placement.ErrBadAmount},
		{placement.Expected{Task: bad, Weight: 1}, placement.ErrBadRequest},
	} {
		if _, err := placement.NewWorkload(c.in); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.in, err, c.want)
		}
	}
}

func ExampleWorkloadOf() {
	seen := []placement.Task{
		{ID: "a", Devices: []placement.DeviceRequest{{Kind: "gpu", Share: 500}}},
		{ID: "b", Devices: []placement.DeviceRequest{{Kind: "gpu", Count: 2}}},
		{ID: "c", Devices: []placement.DeviceRequest{{Kind: "gpu", Share: 500}}},
	}
	w, err := placement.WorkloadOf(seen)
	if err != nil {
		fmt.Println(err)
		return
	}
	for e := range w.All() {
		fmt.Println(e.Weight, e.Task.Devices[0].Share, e.Task.Devices[0].Count)
	}
	// Output:
	// 2 0.5 0
	// 1 0 2
}
