package index

import (
	"math"
	"math/rand/v2"
	"testing"
)

// apart are the lanes of a word.
func apart(w uint64) (l [8]int) {
	for i := range l {
		l[i] = int(w >> (8 * i) & 0xFF)
	}
	return l
}

// amount is of any size: negative, zero, small, beyond what floats count exactly.
func amount(r *rand.Rand) int64 {
	n := r.Int64() >> r.IntN(64)
	switch r.IntN(8) {
	case 0:
		return -n
	case 1:
		return math.MaxInt64
	case 2:
		return 0
	}
	return n
}

func randomLanes(r *rand.Rand, cols int) (l lanes, needs Matrix) {
	free := Matrix{Cols: cols}
	needs = free
	for range 20 * cols {
		free.Data = append(free.Data, amount(r))
		needs.Data = append(needs.Data, amount(r)>>r.IntN(8))
	}
	if r.IntN(3) == 0 {
		return columnLanes(free, free), needs
	}
	return needLanes(free, needs), needs
}

func TestPackKeepsOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		cols := 1 + r.IntN(10)
		l, needs := randomLanes(r, cols)
		for range 50 {
			need := needs.Row(r.Int32N(20))
			free := make([]int64, cols)
			for j, n := range need {
				if free[j] = n; r.IntN(2) == 0 {
					free[j] = max(n, amount(r))
				}
			}
			if low, high := l.pack(need), l.pack(free); low&laneGuard != 0 || high&laneGuard != 0 || !covers(high, low) {
				t.Fatalf("%+v: %v packs to %x, %v, which covers it, to %x", l, need, low, free, high)
			}
		}
	}
}

// A word is made of all directions at once; here, one by one.
func TestPackDirections(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	directions := 0
	for range 300 {
		l, needs := randomLanes(r, 2+r.IntN(6))
		for b := range int32(20) {
			row := needs.Row(b)
			for i, got := range apart(l.pack(row)) {
				if l.ones>>(8*i)&1 == 0 {
					continue
				}
				directions++
				if want := min(int(l.a.lane(row)), max(int(l.b.lane(row))-apart(l.less)[i], 0)); got != want {
					t.Fatalf("%+v: lane %d of %v is %d, want %d", l, i, row, got, want)
				}
			}
		}
	}
	if directions == 0 {
		t.Error("no directions were met")
	}
}

func TestLanesOneByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a, b := r.Uint64()&laneFull, r.Uint64()&laneFull
		if r.IntN(2) == 0 { // many equal lanes
			b = a&r.Uint64() | b&^laneFull
		}
		la, lb := apart(a), apart(b)
		larger, smaller, equal, less := apart(join(a, b)), apart(lesser(a, b)), apart(atop(a, b)), apart(below(a, b))
		all := true
		for i := range la {
			all = all && la[i] >= lb[i]
			if larger[i] != max(la[i], lb[i]) || smaller[i] != min(la[i], lb[i]) || (equal[i] != 0) != (la[i] == lb[i]) || (less[i] != 0) != (la[i] < lb[i]) {
				t.Fatalf("lane %d of %x and %x: join %d, lesser %d, atop %d, below %d", i, a, b, larger[i], smaller[i], equal[i], less[i])
			}
		}
		if covers(a, b) != all {
			t.Fatalf("covers(%x, %x) = %v", a, b, !all)
		}
	}
	words := make([]uint64, arity)
	for n := range len(words) + 1 {
		var want uint64
		for i := range words[:n] {
			words[i] = r.Uint64() & laneFull
			want = join(want, words[i])
		}
		if got := most(words[:n]); got != want {
			t.Fatalf("most of %d words is %x, want %x", n, got, want)
		}
	}
}
