package index

import (
	"fmt"
	"math"
	"testing"
)

// withSmall makes fleets below n bins be scanned, for the time of a test: small worlds shall have indexes too.
func withSmall(t *testing.T, n int) {
	was := smallFleet
	smallFleet = n
	t.Cleanup(func() { smallFleet = was })
}

func seeds(t *testing.T, big bool) uint64 {
	if testing.Short() || big {
		return 2
	}
	return 4
}

func TestFirstAgreesWithScan(t *testing.T) {
	withSmall(t, 10)
	for _, size := range sizes {
		for seed := range seeds(t, false) {
			w := newWorld(t, seed, size.bins, size.cols, size.shapes, seed%2 == 0)
			f := NewFirst(w.free)
			find := func(shape int32, need []int64, deny *Deny, accept Accept) int32 {
				got, want := f.Find(shape, need, deny, accept), slowFirst(w.free, need, slowDeny(deny, accept))
				if got < 0 && accept == nil && f.Passed() != slowPassed(w.free, need, deny) {
					t.Fatalf("%+v seed %d: First.Passed() = %v", size, seed, f.Passed())
				}
				if got != want {
					t.Fatalf("%+v seed %d: First.Find(%d, %v) = %d, the scan says %d", size, seed, shape, need, got, want)
				}
				return got
			}
			if seed == 3 && !f.small {
				f.plant()
				f.cursors.epoch = math.MaxUint32 - 20 // the counter runs over
			}
			for range size.steps {
				if seed%2 == 1 { // departures before every question
					f.Changed(w.rng.Int32N(int32(w.free.Rows())), true)
				}
				w.step(find, f.Changed)
			}
		}
	}
}

func TestBestAgreesWithScan(t *testing.T) {
	withSmall(t, 10)
	for _, sc := range testScorers {
		for _, opt := range []Options{{}, {Monotone: true}, {Additive: true}} {
			if opt.Monotone && !sc.monotone || opt.Additive && !sc.additive {
				continue
			}
			t.Run(fmt.Sprintf("%s/monotone=%v/additive=%v", sc.name, opt.Monotone, opt.Additive), func(t *testing.T) {
				for _, size := range sizes {
					for seed := range seeds(t, false) {
						w := newWorld(t, seed, size.bins, size.cols, size.shapes, seed%2 == 0)
						x := NewBest(w.free, w.capacity, sc.score, opt)
						if seed%4 > 1 { // tiny ranks: every refill, trim and rebuild happens
							x.ranks.hot, x.ranks.limit, x.ranks.most = 2, 5, 4
						}
						if seed%4 != 1 && x.shelf != nil {
							x.shelf.hot.again = math.MaxInt32 // bins are always kept off
						}
						shutting := &shutting{w: w}
						find := func(shape int32, need []int64, deny *Deny, accept Accept) int32 {
							if seed%2 == 1 {
								deny = shutting.next()
							}
							got, want := x.Find(shape, need, deny, accept), slowBest(w.free, w.capacity, sc.score, need, slowDeny(deny, accept))
							if got < 0 && accept == nil && x.Passed() != slowPassed(w.free, need, deny) {
								t.Fatalf("%+v seed %d: Best.Passed() = %v", size, seed, x.Passed())
							}
							if got != want {
								t.Fatalf("%+v seed %d: Best.Find(%d, %v) = %d, the scan says %d", size, seed, shape, need, got, want)
							}
							if got >= 0 {
								shutting.placed(got)
							}
							return got
						}
						if seed == 3 && !x.small {
							x.journal.clock = math.MaxUint32 - 100 // the clock runs over
						}
						for range size.steps {
							w.step(find, x.Changed)
						}
					}
				}
			})
		}
	}
}
