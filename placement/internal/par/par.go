// Package par splits work that can be split over goroutines. All of them have ended when a call
// returns, and what the work leaves behind does not depend on how many there were: item i is given to exactly one call, and
// writes nothing that another item reads or writes.
package par

import (
	"sync"
	"sync/atomic"
)

// chunk is how many items a worker takes at a time.
const chunk = 16

// Do calls f for every i from 0 to n-1, in up to workers goroutines. If calls panic, one of the panics
// is raised again here, after all workers have ended.
func Do(n, workers int, f func(i int)) {
	workers = min(workers, (n+chunk-1)/chunk)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var (
		next   atomic.Int64
		all    sync.WaitGroup
		failed atomic.Pointer[any]
	)
	for range workers {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed.CompareAndSwap(nil, &p)
				}
			}()
			for failed.Load() == nil {
				first := int(next.Add(chunk)) - chunk
				if first >= n {
					return
				}
				for i := first; i < min(first+chunk, n); i++ {
					f(i)
				}
			}
		})
	}
	all.Wait()
	if p := failed.Load(); p != nil {
		panic(*p)
	}
}
