package par

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func TestDoCallsEachItemOnce(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 1000} {
		for _, workers := range []int{0, 1, 2, 7} {
			calls := make([]atomic.Int32, n)
			Do(n, workers, func(i int) { calls[i].Add(1) })
			for i := range calls {
				if got := calls[i].Load(); got != 1 {
					t.Fatalf("n=%d workers=%d: item %d was done %d times", n, workers, i, got)
				}
			}
		}
	}
}

func TestDoRaisesPanics(t *testing.T) {
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprint("workers=", workers), func(t *testing.T) {
			defer func() {
				if p := recover(); p != "no" {
					t.Errorf("recovered %v", p)
				}
			}()
			Do(100, workers, func(i int) {
				if i == 40 {
					panic("no")
				}
			})
			t.Error("no panic")
		})
	}
}
