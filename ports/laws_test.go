package ports_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func policies(rng *rand.Rand) []ports.Policy {
	recent := ports.NewRecent(8)
	for range rng.IntN(10) {
		recent = recent.Use(uint16(rng.IntN(16)))
	}
	return []ports.Policy{{}, ports.Random(rng.Uint64()), ports.BestFit(), ports.AvoidRecent(recent)}
}

func randomRanges(rng *rand.Rand, density float64) resources.Ranges {
	var list []resources.Range
	for p := range uint64(16) {
		if rng.Float64() < density {
			list = append(list, resources.Range{Begin: p, End: p})
		}
	}
	if rng.IntN(4) == 0 {
		list = append(list, resources.Range{Begin: 65535, End: 65535 + rng.Uint64N(9)})
	}
	r, err := resources.NewRanges(list...)
	if err != nil {
		panic(err)
	}
	return r
}

func randomRequest(rng *rand.Rand) (req ports.Request) {
	for range rng.IntN(4) {
		req.Fixed = append(req.Fixed, uint16(rng.IntN(16)))
	}
	req.Dynamic = rng.IntN(7) - 1
	req.Contiguous = rng.IntN(2) == 0
	if rng.IntN(2) == 0 {
		req.Within = randomRanges(rng, 0.8)
	}
	return req
}

// satisfiable is the slow, obvious twin of Fits: it looks at each port by itself.
func satisfiable(free resources.Ranges, req ports.Request) bool {
	var open [65536]bool
	for r := range free.All() {
		for p := r.Begin; p <= min(r.End, 65535); p++ {
			open[p] = req.Within.IsEmpty() || req.Within.Has(p)
		}
	}
	for _, p := range req.Fixed {
		if !open[int(p)] {
			return false
		}
		open[int(p)] = false
	}
	total, run, longest := 0, 0, 0
	for p := 1; p < 65536; p++ {
		if !open[p] {
			run = 0
			continue
		}
		total++
		run++
		longest = max(longest, run)
	}
	if req.Contiguous {
		return req.Dynamic >= 0 && longest >= req.Dynamic
	}
	return req.Dynamic >= 0 && total >= req.Dynamic
}

// TestLaws checks what is promised of every policy, on random requests over few ports.
func TestLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	fitted := 0
	for i := range 40_000 {
		free, req := randomRanges(rng, 0.7), randomRequest(rng)
		fits := ports.Fits(free, req)
		if i%50 == 0 && fits != satisfiable(free, req) { // the twin is very slow
			t.Fatalf("Fits(%v, %+v) = %v", free, req, fits)
		}
		if fits {
			fitted++
		}
		checkPolicies(t, free, req, fits, policies(rng))
	}
	if fitted < 4000 {
		t.Errorf("only %d requests fitted: the test is too weak", fitted)
	}
}

// TestWideLaws checks the same with intervals and requests of hundreds of ports.
func TestWideLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	fitted := 0
	for range 400 {
		free, req := wideRanges(rng, 2000, 6), ports.Request{Dynamic: rng.IntN(500), Contiguous: rng.IntN(2) == 0}
		for range rng.IntN(40) {
			req.Fixed = append(req.Fixed, uint16(rng.IntN(2000)))
		}
		req.Fixed = slices.DeleteFunc(req.Fixed, func(p uint16) bool { return !free.Has(uint64(p)) })
		slices.Sort(req.Fixed)
		req.Fixed = slices.Compact(req.Fixed)
		if rng.IntN(3) == 0 {
			req.Within = wideRanges(rng, 2000, 3)
		}
		fits := ports.Fits(free, req)
		if fits != satisfiable(free, req) {
			t.Fatalf("Fits(%v, %+v) = %v", free, req, fits)
		}
		if fits {
			fitted++
		}
		recent := ports.NewRecent(300)
		for range rng.IntN(400) {
			recent = recent.Use(uint16(rng.IntN(2000)))
		}
		checkPolicies(t, free, req, fits, []ports.Policy{{}, ports.Random(rng.Uint64()), ports.BestFit(), ports.AvoidRecent(recent)})
	}
	if fitted < 100 || fitted > 300 {
		t.Errorf("%d of 400 requests fitted: the test is too weak", fitted)
	}
}

func wideRanges(rng *rand.Rand, below, n int) resources.Ranges {
	var list []resources.Range
	for range 1 + rng.IntN(n) {
		begin := uint64(rng.IntN(below))
		list = append(list, resources.Range{Begin: begin, End: begin + uint64(rng.IntN(600))})
	}
	r, err := resources.NewRanges(list...)
	if err != nil {
		panic(err)
	}
	return r
}

// checkPolicies checks what every policy makes of a request that fits or does not.
func checkPolicies(t *testing.T, free resources.Ranges, req ports.Request, fits bool, policies []ports.Policy) {
	t.Helper()
	if fits && req.Validate() != nil {
		t.Fatalf("%+v fits but does not validate: %v", req, req.Validate())
	}
	for _, policy := range policies {
		taken, rest, ok := ports.Take(free, req, policy)
		if ok != fits {
			t.Fatalf("%v: Take(%v, %+v) = %v, Fits = %v", policy, free, req, ok, fits)
		}
		again, _, _ := ports.Take(free, req, policy)
		if !slices.Equal(taken, again) {
			t.Fatalf("%v: two answers, %v and %v", policy, taken, again)
		}
		if err := check(free, req, taken, rest, ok); err != nil {
			t.Fatalf("%v: Take(%v, %+v) = %v, %v: %v", policy, free, req, taken, rest, err)
		}
	}
}

func check(free resources.Ranges, req ports.Request, taken []uint16, rest resources.Ranges, ok bool) error {
	if !ok {
		if taken != nil || !rest.Equal(free) {
			return errors.New("a refusal changed something")
		}
		return nil
	}
	if len(taken) != req.Count() {
		return errors.New("another number of ports than asked")
	}
	fixed, dynamic := taken[:len(req.Fixed)], taken[len(req.Fixed):]
	if !slices.Equal(fixed, req.Fixed) || !slices.IsSorted(dynamic) {
		return errors.New("wrong order")
	}
	left := free
	for i, p := range taken {
		one, _ := resources.NewRanges(resources.Range{Begin: uint64(p), End: uint64(p)})
		if !left.Contains(one) || !req.Within.IsEmpty() && !req.Within.Contains(one) {
			return fmt.Errorf("port %d could not be had", p)
		}
		if i >= len(fixed) && p == 0 {
			return errors.New("port 0 handed out")
		}
		left = left.Minus(one)
	}
	if !left.Equal(rest) {
		return errors.New("wrong rest")
	}
	if n := len(dynamic); req.Contiguous && n > 0 && int(dynamic[n-1])-int(dynamic[0]) != n-1 {
		return errors.New("not contiguous")
	}
	return nil
}

// TestBestFitIsBest compares the blocks that BestFit leaves with those of every other
// choice.
func TestBestFitIsBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 250 {
		var list []resources.Range
		for p := uint64(1); p < 12; p++ {
			if rng.IntN(4) > 0 {
				list = append(list, resources.Range{Begin: p, End: p})
			}
		}
		free, _ := resources.NewRanges(list...)
		req := ports.Request{Dynamic: 1 + rng.IntN(6), Contiguous: rng.IntN(2) == 0}
		_, rest, ok := ports.Take(free, req, ports.BestFit())
		if !ok {
			continue
		}
		got := blockSizes(rest)
		for mask := range 1 << 12 {
			choice, ok := pickMask(free, mask, req)
			if ok && slices.Compare(blockSizes(choice), got) > 0 {
				t.Fatalf("%v, %+v: BestFit leaves %v, but %v can be left", free, req, rest, choice)
			}
		}
	}
}

// pickMask takes the ports of a bit mask, if that is a valid answer, and returns what is
// left.
func pickMask(free resources.Ranges, mask int, req ports.Request) (resources.Ranges, bool) {
	n, lowest, highest := 0, 0, 0
	for p := range 12 {
		if mask>>p&1 == 0 {
			continue
		}
		if !free.Has(uint64(p)) {
			return free, false
		}
		if n == 0 {
			lowest = p
		}
		n, highest = n+1, p
	}
	if n != req.Dynamic || req.Contiguous && highest-lowest != n-1 {
		return free, false
	}
	var left []resources.Range
	for p := range uint64(12) {
		if free.Has(p) && mask>>p&1 == 0 {
			left = append(left, resources.Range{Begin: p, End: p})
		}
	}
	rest, _ := resources.NewRanges(left...)
	return rest, true
}

// blockSizes returns the sizes of the intervals, biggest first.
func blockSizes(r resources.Ranges) []int {
	var sizes []int
	for i := range r.Len() {
		sizes = append(sizes, int(r.At(i).End-r.At(i).Begin)+1)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return sizes
}
