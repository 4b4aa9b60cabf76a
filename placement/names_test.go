package placement_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
)

// checkNames reads back how values print, and refuses what is no name.
func checkNames[T interface {
	comparable
	fmt.Stringer
}](t *testing.T, parse func(string) (T, error), beyond T, values []T, names ...string) {
	t.Helper()
	for i, v := range values {
		if back, err := parse(v.String()); v.String() != names[i] || back != v || err != nil {
			t.Errorf("%T %v is called %s; it reads back as %v, %v", v, v, names[i], back, err)
		}
	}
	if len(values) != len(names) {
		t.Errorf("%v: %d values", names, len(values))
	}
	var zero T
	for _, text := range []string{"x", names[0] + " ", beyond.String()} {
		if v, err := parse(text); v != zero || !errors.Is(err, placement.ErrBadRequest) {
			t.Errorf("%q is read as %v, %v", text, v, err)
		}
	}
	if _, err := parse(""); (err == nil) != (zero.String() == "never") {
		t.Errorf("nothing is read as %T: %v", zero, err)
	}
}

func TestNames(t *testing.T) {
	checkNames(t, placement.ParseOrder, 99, slices.Collect(placement.Orders()), "given", "priority", "decreasing", "random", "sum", "volume", "product", "drf")
	checkNames(t, placement.ParseRevocable, 99, []placement.RevocablePolicy{placement.Never, placement.Only, placement.Prefer}, "never", "only", "prefer")
	checkNames(t, placement.ParseDiskKind, 99, []placement.DiskKind{placement.PathDisk, placement.MountDisk, placement.BlockDisk, placement.RawDisk, placement.VolumeDisk},
		"path", "mount", "block", "raw", "volume")
	for range placement.Orders() {
		break // ends when told to
	}
	if got := fmt.Sprint(placement.Order(99), placement.RevocablePolicy(99), placement.DiskKind(99), placement.DiskKind(0)); got != "Order(99) RevocablePolicy(99) DiskKind(99) DiskKind(0)" {
		t.Error(got)
	}
}
