package index

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestJournalAgreesWithScan plays touches and compares every walk with a scan over all bins, also when words and classes change and the
// clock runs over.
func TestJournalAgreesWithScan(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 5))
		n := 1 + rng.IntN(40)
		words, touched := make([]uint64, n), make([]uint32, n)
		j := newJournal(n)
		if seed%2 == 1 {
			j.clock = math.MaxUint32 - 1500
		}
		var by classing
		restarts := 0
		for range 3000 {
			switch rng.IntN(40) {
			case 0:
				by = randomClassing(rng)
				for b := range words {
					words[b] = randomWord(rng)
				}
				j.reword(words, by.class)
			default:
				b := rng.Int32N(int32(n))
				words[b] = randomWord(rng)
				if j.touch(b, words[b], by.class(words[b])) {
					restarts++
					clear(touched)
				}
				touched[b] = j.clock - 1
			}
			need, pos := randomWord(rng), uint32(1)
			for range 2 { // so that some cover it
				need &= rng.Uint64()
			}
			if latest := slices.Max(touched); latest > 30 {
				pos = latest - rng.Uint32N(30)
			}
			got := make([]int32, n+1)
			k, looks := j.covering(by.class(need), pos, need, got)
			if looks < k || looks > n {
				t.Fatalf("seed %d: %d looks at %d bins", seed, looks, n)
			}
			got = got[:k]
			slices.Sort(got)
			var want []int32
			for b, word := range words {
				if touched[b] >= pos && covers(word, need) {
					want = append(want, int32(b))
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: touched since %d and covering %x: %v, the scan says %v", seed, pos, need, got, want)
			}
		}
		if restarted := seed%2 == 1; restarts > 0 != restarted {
			t.Errorf("seed %d: the clock ran over %d times", seed, restarts)
		}
	}
}

func randomWord(rng *rand.Rand) uint64 { return rng.Uint64() &^ laneGuard }

// randomClassing is by the needs of a column, or by those of two.
func randomClassing(rng *rand.Rand) classing {
	cols := 1 + rng.IntN(3)
	free, needs := Matrix{Cols: cols}, Matrix{Cols: cols}
	for range 20 * cols {
		free.Data, needs.Data = append(free.Data, rng.Int64N(1000)), append(needs.Data, rng.Int64N(100))
	}
	l := needLanes(free, needs)
	return newClassing(&l, needs)
}

// TestClassesAreOrderedAndUsed: what covers a need is of no lower class, and the needs are in about as many classes as there are.
func TestClassesAreOrderedAndUsed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	for range 200 {
		c := randomClassing(rng)
		for range 200 {
			a, b := randomWord(rng), randomWord(rng)
			if covers(a, b) && c.class(a) < c.class(b) || c.class(join(a, b)) < c.class(a) {
				t.Fatalf("%x of class %d, %x of class %d", a, c.class(a), b, c.class(b))
			}
		}
	}
	needs := Matrix{Cols: 2}
	for range sampleSize {
		needs.Data = append(needs.Data, 100+rng.Int64N(2000), 100+rng.Int64N(2000))
	}
	l := needLanes(needs, needs)
	c := newClassing(&l, needs)
	var in [classes]int
	for b := range int32(sampleSize) {
		in[c.class(l.pack(needs.Row(b)))]++
	}
	if slices.Min(in[:]) == 0 || slices.Max(in[:]) > sampleSize/2 {
		t.Errorf("needs per class: %v", in)
	}
}

// TestFittingAgreesWithScan compares with fits, row by row.
func TestFittingAgreesWithScan(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 6))
	for range 500 {
		m := Matrix{Cols: 1 + rng.IntN(9)}
		need := make([]int64, m.Cols)
		for j := range need {
			need[j] = max(rng.Int64N(9)-3, -1)
		}
		var bins, want []int32
		for b := range int32(30) {
			for range m.Cols {
				m.Data = append(m.Data, rng.Int64N(12)-2)
			}
			if bins = append(bins, b); slowFits(m.Row(b), need) {
				want = append(want, b)
			}
		}
		if got := m.fitting(bins, need); !slices.Equal(got, want) {
			t.Fatalf("need %v: %v, the scan says %v", need, got, want)
		}
	}
}

// TestKeysAndScores: the score of a key has that key.
func TestKeysAndScores(t *testing.T) {
	for _, score := range []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), 5e-324, -5e-324, math.MaxFloat64, math.NaN()} {
		if key := keyOf(score); keyOf(scoreOf(key)) != key {
			t.Errorf("%v has key %x, and that the score %v", score, key, scoreOf(key))
		}
	}
	for _, e := range []entry{first, last} {
		if score := scoreOf(e.key); score == score {
			t.Errorf("%x has the score %v", e.key, score)
		}
	}
}

// TestAheadAgreesWithBefore compares the two ways to say which entry is the better one.
func TestAheadAgreesWithBefore(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 6))
	for range 1000 {
		a, b := entry{key: rng.Uint64N(3), bin: rng.Int32N(3)}, entry{key: rng.Uint64N(3), bin: rng.Int32N(3)}
		if a.ahead(&b) == 1 != a.before(b) {
			t.Fatalf("%v and %v: ahead says %d", a, b, a.ahead(&b))
		}
	}
}

// TestSortEntries: short lists and long ones have the best last.
func TestSortEntries(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 6))
	for n := range 100 {
		h := make([]entry, n)
		for i := range h {
			h[i] = entry{key: rng.Uint64N(9), bin: rng.Int32N(50), stamp: uint32(i)}
		}
		sortEntries(h)
		seen := map[uint32]bool{}
		for i, e := range h {
			if seen[e.stamp] = true; i > 0 && h[i-1].before(e) {
				t.Fatalf("%d entries: %v is behind %v", n, e, h[i-1])
			}
		}
		if len(seen) != n {
			t.Fatalf("%d entries: %d of them are left", n, len(seen))
		}
	}
}
