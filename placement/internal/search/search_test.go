package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// random draws a small problem: few columns, heterogeneous bins, some in use,
// shared shapes, and, by kind, values and a filter.
func random(rng *rand.Rand, items, bins int) *Problem {
	p := &Problem{Columns: 1 + rng.IntN(3)}
	for range bins {
		for range p.Columns {
			p.Free = append(p.Free, 4+rng.Int64N(9))
		}
		p.InUse = append(p.InUse, rng.IntN(4) == 0)
	}
	shapes := 1 + rng.IntN(items)
	for range shapes * p.Columns {
		p.Need = append(p.Need, rng.Int64N(8))
	}
	for range items {
		p.Shape = append(p.Shape, int32(rng.IntN(shapes)))
	}
	if rng.IntN(2) == 0 {
		for range items {
			p.Value = append(p.Value, float64(rng.IntN(5))/2)
		}
	}
	if rng.IntN(2) == 0 {
		salt := rng.Int64()
		p.Allowed = func(item, bin int32) bool {
			return rand.New(rand.NewPCG(uint64(salt), uint64(item)<<20|uint64(bin))).IntN(3) > 0
		}
	}
	return p
}

// score is the objective, on a scale of its own.
func score(p *Problem, bin []int32) (value int64, opened int) {
	m := newModel(p)
	s := newPacking(m)
	s.load(bin)
	return s.value, s.opened
}

// someStart places items at random where they fit.
func someStart(rng *rand.Rand, p *Problem) []int32 {
	s := newPacking(newModel(p))
	for i := range p.Shape {
		if b := int32(rng.IntN(p.Bins())); s.canHold(int32(i), b) {
			s.put(int32(i), b)
		}
	}
	return s.bin
}

func TestNeverWorseValidAndDeterministic(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := random(rng, 1+rng.IntN(30), 1+rng.IntN(12))
		start := someStart(rng, p)
		o := Options{Seed: seed, Steps: 1 << rng.IntN(17)}
		got, err := Improve(p, start, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Verify(got.Bin); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		v0, o0 := score(p, start)
		v1, o1 := score(p, got.Bin)
		if better(v0, o0, v1, o1) {
			t.Fatalf("seed %d: from %d in %d bins to %d in %d", seed, v0, o0, v1, o1)
		}
		if o1 != got.Opened {
			t.Fatalf("seed %d: says %d opened, has %d", seed, got.Opened, o1)
		}
		again, _ := Improve(p, start, o)
		if !slices.Equal(got.Bin, again.Bin) || got.Steps != again.Steps {
			t.Fatalf("seed %d: two answers", seed)
		}
		packed, err := Pack(p, o)
		if err == nil {
			err = p.Verify(packed.Bin)
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// best is the optimum by trying everything, on the scale of score.
func best(p *Problem) (value int64, opened int) {
	m := newModel(p)
	s := newPacking(m)
	value, opened = -1, 0
	var try func(i int32)
	try = func(i int32) {
		if int(i) == m.items {
			if better(s.value, s.opened, value, opened) {
				value, opened = s.value, s.opened
			}
			return
		}
		try(i + 1)
		for b := range int32(m.bins) {
			if s.canHold(i, b) {
				s.put(i, b)
				try(i + 1)
				s.take(i)
			}
		}
	}
	try(0)
	return value, opened
}

func TestBruteForce(t *testing.T) {
	missed := 0
	const runs = 300
	for seed := range uint64(runs) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := random(rng, 1+rng.IntN(7), 1+rng.IntN(4))
		value, opened := best(p)
		got, err := Improve(p, nil, Options{Seed: seed, Steps: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		v, o := score(p, got.Bin)
		if better(v, o, value, opened) {
			t.Fatalf("seed %d: %d in %d bins beats the optimum %d in %d", seed, v, o, value, opened)
		}
		if v != value || o != opened {
			missed++
			t.Logf("seed %d: %d in %d bins, optimum %d in %d", seed, v, o, value, opened)
		}
		if got.Optimal && (v != value || o != opened) {
			t.Fatalf("seed %d: wrongly called optimal", seed)
		}
		if bound := volumeBound(newModel(p)); got.Placed == len(p.Shape) && bound > opened {
			t.Fatalf("seed %d: bound %d above the optimum %d", seed, bound, opened)
		}
	}
	if missed > runs/50 {
		t.Errorf("missed the optimum %d times in %d", missed, runs)
	}
}

// Two small bins go into one large one, whether columns may be used or not.
func TestLargerBins(t *testing.T) {
	p := &Problem{Columns: 2, Need: []int64{3, 4, 2, 1}}
	for range 20 {
		p.Free = append(p.Free, 5, 5)
	}
	for range 10 {
		p.Free = append(p.Free, 10, 10)
	}
	start := make([]int32, 40)
	for i := range start {
		p.Shape = append(p.Shape, int32(i%2))
		start[i] = int32(i / 2)
	}
	for _, allowed := range []func(item, bin int32) bool{nil, func(item, bin int32) bool { return item != 0 || bin < 25 }} {
		p.Allowed = allowed
		got, err := Improve(p, start, Options{Steps: 2_000_000})
		if err != nil || p.Verify(got.Bin) != nil {
			t.Fatal(err, p.Verify(got.Bin))
		}
		if got.Opened != 10 {
			t.Errorf("%d bins opened, want 10", got.Opened)
		}
	}
}

// When not everything fits, the search must place more than the heuristics
// do with the same budget, and never less.
func TestScarce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for _, valued := range []bool{false, true} {
		p := cluster(100, 1000, 200)
		p.Free = p.Free[:2*45]
		if valued {
			for range p.Shape {
				p.Value = append(p.Value, float64(1+rng.IntN(100)))
			}
		}
		o := Options{Steps: 4_000_000}
		packed, err := Pack(p, o)
		if err != nil {
			t.Fatal(err)
		}
		improved, err := Improve(p, packed.Bin, o)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := score(p, packed.Bin)
		after, _ := score(p, improved.Bin)
		t.Logf("values %v: placed %d, then %d of %d (%+.1f %% value)", valued, packed.Placed, improved.Placed, len(p.Shape), 100*(float64(after)/float64(before)-1))
		if after <= before {
			t.Errorf("nothing gained: %d, then %d", before, after)
		}
	}
}

// Column generation must be as reproducible as the rest.
func TestColumnsDeterministic(t *testing.T) {
	for _, in := range scored(readInstances(t, "new")) {
		if in.name != "New/class3_60_5_0" && in.name != "New/class1_250_5_0" {
			continue
		}
		o := Options{Seed: 5, Steps: 12_000_000}
		a, err := Improve(in.problem(), nil, o)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := Improve(in.problem(), nil, o)
		if !slices.Equal(a.Bin, b.Bin) || a.Steps != b.Steps {
			t.Errorf("%s: two answers", in.name)
		}
	}
}

func TestStop(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	p := random(rng, 400, 100)
	polls := 0
	got, err := Improve(p, nil, Options{Steps: 1 << 60, Stop: func() bool { polls++; return polls > 3 }})
	if err != nil || p.Verify(got.Bin) != nil {
		t.Fatal(err, p.Verify(got.Bin))
	}
	if polls > 10 {
		t.Errorf("polled %d times after the stop", polls-4)
	}
}

func TestEmptyAndMalformed(t *testing.T) {
	for _, p := range []*Problem{
		{},
		{Columns: 1, Need: []int64{1}, Shape: []int32{0, 0}},
		{Columns: 1, Free: []int64{5, 5}},
		{InUse: []bool{false, true}, Shape: []int32{0, 1, 0}},
		{Columns: 2, Free: []int64{0, 0}, Need: []int64{0, 0}, Shape: []int32{0}},
	} {
		for _, run := range []func() (Result, error){
			func() (Result, error) { return Pack(p, Options{Steps: 1000}) },
			func() (Result, error) { return Improve(p, nil, Options{Steps: 1000}) },
		} {
			got, err := run()
			if err == nil {
				err = p.Verify(got.Bin)
			}
			if err != nil {
				t.Errorf("%+v: %v", p, err)
			}
		}
	}
	for _, p := range []*Problem{
		{Columns: -1}, {Columns: 2, Free: []int64{1}}, {Columns: 1, Free: []int64{-1}},
		{Columns: 1, Need: []int64{1}, Shape: []int32{1}}, {Columns: 1, Shape: []int32{-1}},
		{Columns: 1, Free: []int64{1}, InUse: []bool{}}, {Value: []float64{1}}, {Rule: []int32{1}},
	} {
		if _, err := Improve(p, nil, Options{}); err == nil {
			t.Errorf("%+v accepted", p)
		}
	}
	p := &Problem{Columns: 1, Free: []int64{1}, Need: []int64{2}, Shape: []int32{0}}
	for _, start := range [][]int32{{0}, {1}, {-2}, {}} {
		if _, err := Improve(p, start, Options{}); err == nil {
			t.Error(fmt.Sprint(start, " accepted"))
		}
	}
}
