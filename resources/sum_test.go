package resources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Sum is the sum one after the other, hidden parts included, and changes none of them.
func TestSum(t *testing.T) {
	g := newGenerator(23)
	for range 2000 {
		n := g.IntN(6)
		if g.IntN(50) == 0 {
			n = sumAtOnce - 2 + g.IntN(2*sumAtOnce)
		}
		list := make([]Resources, n)
		was := make([][]Resource, n)
		var want Resources
		for i := range list {
			list[i] = rs(g.list(6))
			was[i] = snapshot(list[i])
			want = want.Plus(list[i])
		}
		got := Sum(list...)
		if d := cmp.Diff(snapshot(want), snapshot(got), compareAll); d != "" {
			t.Fatalf("the sum of %v differs from repeated Plus (-) by\n%s", list, d)
		}
		if !got.Equal(collect(append([]entry(nil), got.e...))) {
			t.Fatalf("the sum of %v is not canonical: %v", list, got)
		}
		for i := range list {
			if d := cmp.Diff(was[i], snapshot(list[i]), compareAll); d != "" {
				t.Fatalf("the sum changed %v:\n%s", list[i], d)
			}
		}
	}
}

func TestSumAllocs(t *testing.T) {
	list := make([]Resources, sumAtOnce)
	for i := range list {
		list[i] = MustParse("cpus:4;mem:1024;cpus(web):1;ports:[1-5,8-9];ports(web):[20-30]")
	}
	if got := testing.AllocsPerRun(10, func() { Sum(list...) }); got > 2 {
		t.Errorf("%v allocations, 2 are promised", got)
	}
}
