package index

import "testing"

// TestLevelsAgreeWithScan has departures before every question, then none for long, and so on, with needs that become smaller.
func TestLevelsAgreeWithScan(t *testing.T) {
	withSmall(t, 10)
	was := churnFleet
	churnFleet = 10
	t.Cleanup(func() { churnFleet = was })
	remade := 0
	for seed := range 2 * seeds(t, false) {
		w := newWorld(t, seed, 60+int(seed)*37, 1+int(seed)%6, 200, seed%2 == 0)
		f := NewFirst(w.free)
		find := func(shape int32, need []int64, deny *Deny, accept Accept) int32 {
			got, want := f.Find(shape, need, deny, accept), slowFirst(w.free, need, slowDeny(deny, accept))
			if got < 0 && accept == nil && f.Passed() != slowPassed(w.free, need, deny) {
				t.Fatalf("seed %d: Passed() = %v", seed, f.Passed())
			}
			if got != want {
				t.Fatalf("seed %d: Find(%d, %v) = %d, the scan says %d", seed, shape, need, got, want)
			}
			return got
		}
		for i := range w.needs.Data { // the later a shape, the smaller its needs
			w.needs.Data[i] <<= 3 - i/w.needs.Cols/50
		}
		for phase := range int32(4) {
			var first *levels
			for i := range 1500 {
				f.Changed(w.rng.Int32N(int32(w.free.Rows())), true)
				if shape := 50*min(phase+int32(i)/750, 3) + w.rng.Int32N(50); i%4 > 0 {
					find(shape, w.needs.Row(shape), w.deny(), w.accept())
				} else {
					w.step(find, f.Changed)
				}
				if first == nil {
					first = f.levels
				}
			}
			if f.levels == nil {
				t.Errorf("seed %d, phase %d: there are departures all the time, and no levels", seed, phase)
			}
			if f.levels != first {
				remade++
			}
			for range w.free.Rows() + 2*levelLook {
				shape := w.rng.Int32N(int32(w.needs.Rows()))
				find(shape, w.needs.Row(shape), w.deny(), w.accept())
			}
			if f.levels != nil {
				t.Errorf("seed %d, phase %d: nothing was freed for long, and levels are kept", seed, phase)
			}
		}
	}
	if remade == 0 {
		t.Error("no levels were made anew, though needs became smaller")
	}
}
