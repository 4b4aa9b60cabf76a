package ports_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

func ExampleTake() {
	free := resources.MustRanges("[8080-8080,31000-31009]")
	req := ports.Request{Fixed: []uint16{8080}, Dynamic: 2, Contiguous: true}
	taken, rest, ok := ports.Take(free, req, ports.LowestFirst())
	fmt.Println(taken, rest, ok)

	_, rest, ok = ports.Take(rest, req, ports.LowestFirst()) // 8080 is gone
	fmt.Println(rest, ok)
	// Output:
	// [8080 31000 31001] [31002-31009] true
	// [31002-31009] false
}

func ExampleAvoidRecent() {
	free := resources.MustRanges("[31000-31003]")
	var recent ports.Recent
	for range 3 {
		taken, _, _ := ports.Take(free, ports.Request{Dynamic: 2}, ports.AvoidRecent(recent))
		recent = recent.Use(taken...)
		fmt.Println(taken)
	}
	// Output:
	// [31000 31001]
	// [31002 31003]
	// [31000 31001]
}

func TestTake(t *testing.T) {
	within := resources.MustRanges
	seventeen := []uint16{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}
	used := func(p ...uint16) ports.Policy { return ports.AvoidRecent(ports.Recent{}.Use(p...)) }
	for _, tt := range []struct {
		name, free string
		req        ports.Request
		policy     ports.Policy
		want       string // "none" or the ports
		rest       string
	}{
		{"nothing asked, nothing free", "[]", ports.Request{}, ports.Policy{}, "[]", "[]"},
		{"one asked, nothing free", "[]", ports.Request{Dynamic: 1}, ports.Policy{}, "none", "[]"},
		{"whole range, both ends count", "[1-10]", ports.Request{Dynamic: 10}, ports.Policy{}, "[1 2 3 4 5 6 7 8 9 10]", "[]"},
		{"one more than there is", "[1-10]", ports.Request{Dynamic: 11}, ports.Policy{}, "none", "[1-10]"},
		{"over several ranges", "[1-2,5-6]", ports.Request{Dynamic: 3}, ports.Policy{}, "[1 2 5]", "[6-6]"},
		{"fixed keeps the order asked", "[1-10]", ports.Request{Fixed: []uint16{7, 3}, Dynamic: 2}, ports.Policy{}, "[7 3 1 2]", "[4-6,8-10]"},
		{"fixed is not free", "[1-10]", ports.Request{Fixed: []uint16{11}}, ports.Policy{}, "none", "[1-10]"},
		{"fixed twice", "[1-10]", ports.Request{Fixed: []uint16{3, 3}}, ports.Policy{}, "none", "[1-10]"},
		{"fixed does not count as dynamic", "[1-2]", ports.Request{Fixed: []uint16{1}, Dynamic: 2}, ports.Policy{}, "none", "[1-2]"},
		{"fixed cuts a contiguous run", "[1-5]", ports.Request{Fixed: []uint16{3}, Dynamic: 3, Contiguous: true}, ports.Policy{}, "none", "[1-5]"},
		{"contiguous passes over short runs", "[1-2,5-7]", ports.Request{Dynamic: 3, Contiguous: true}, ports.Policy{}, "[5 6 7]", "[1-2]"},
		{"contiguous does not join runs", "[1-2,4-5]", ports.Request{Dynamic: 3, Contiguous: true}, ports.Policy{}, "none", "[1-2,4-5]"},
		{"within bounds dynamic", "[1-10]", ports.Request{Dynamic: 2, Within: within("[4-8]")}, ports.Policy{}, "[4 5]", "[1-3,6-10]"},
		{"within bounds fixed", "[1-10]", ports.Request{Fixed: []uint16{3}, Within: within("[4-8]")}, ports.Policy{}, "none", "[1-10]"},
		{"within cuts runs", "[1-10]", ports.Request{Dynamic: 3, Contiguous: true, Within: within("[1-2,6-9]")}, ports.Policy{}, "[6 7 8]", "[1-5,9-10]"},
		{"everything at once", "[1-20]", ports.Request{Fixed: []uint16{12, 6}, Dynamic: 3, Contiguous: true, Within: within("[5-8,10-15]")},
			ports.Policy{}, "[12 6 13 14 15]", "[1-5,7-11,16-20]"},
		{"many fixed", "[1-20]", ports.Request{Fixed: seventeen, Dynamic: 2}, ports.Policy{}, "[2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 1 19]", "[20-20]"},
		{"many fixed, one twice", "[1-20]", ports.Request{Fixed: append([]uint16{9}, seventeen...)}, ports.Policy{}, "none", "[1-20]"},
		{"many fixed, one not free", "[1-10,12-20]", ports.Request{Fixed: seventeen}, ports.Policy{}, "none", "[1-10,12-20]"},
		{"many fixed, one out of bounds", "[1-20]", ports.Request{Fixed: seventeen, Within: within("[1-10,12-20]")}, ports.Policy{}, "none", "[1-20]"},
		{"many fixed cut a run", "[1-20]", ports.Request{Fixed: seventeen, Dynamic: 3, Contiguous: true}, ports.Policy{}, "none", "[1-20]"},
		{"port 0 is never dynamic", "[0-1]", ports.Request{Dynamic: 2}, ports.Policy{}, "none", "[0-1]"},
		{"port 0 can be asked for", "[0-1]", ports.Request{Fixed: []uint16{0}, Dynamic: 1}, ports.Policy{}, "[0 1]", "[]"},
		{"numbers above 65535 stay", "[65535-70000]", ports.Request{Dynamic: 1}, ports.Policy{}, "[65535]", "[65536-70000]"},
		{"numbers above 65535 do not count", "[65535-70000]", ports.Request{Dynamic: 2}, ports.Policy{}, "none", "[65535-70000]"},
		{"negative", "[1-10]", ports.Request{Dynamic: -1}, ports.Policy{}, "none", "[1-10]"},
		{"best fit uses up the smallest", "[1-8,11-12,20-20]", ports.Request{Dynamic: 2}, ports.BestFit(), "[11 12]", "[1-8,20-20]"},
		{"best fit leaves the surplus in one piece", "[1-8,11-13,20-21]", ports.Request{Dynamic: 4}, ports.BestFit(), "[11 12 13 20]", "[1-8,21-21]"},
		{"best fit, contiguous", "[1-8,11-13,20-22]", ports.Request{Dynamic: 2, Contiguous: true}, ports.BestFit(), "[11 12]", "[1-8,13-13,20-22]"},
		{"recent ports last, oldest first", "[1-4]", ports.Request{Dynamic: 3}, used(1, 3, 2), "[1 3 4]", "[2-2]"},
		{"recent, contiguous", "[1-9]", ports.Request{Dynamic: 2, Contiguous: true}, used(4, 2, 8, 6), "[3 4]", "[1-2,5-9]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			taken, rest, ok := ports.Take(resources.MustRanges(tt.free), tt.req, tt.policy)
			got := "none"
			if ok {
				got = fmt.Sprint(taken)
			}
			if got != tt.want || rest.String() != resources.MustRanges(tt.rest).String() {
				t.Errorf("got %s, rest %v; want %s, rest %s", got, rest, tt.want, tt.rest)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		req  ports.Request
		want string
	}{
		{ports.Request{}, ""},
		{ports.Request{Fixed: []uint16{1, 2}, Dynamic: 65535}, ""},
		{ports.Request{Dynamic: -1}, "bad port request: -1 dynamic ports"},
		{ports.Request{Dynamic: 65536}, "bad port request: 65536 dynamic ports, more than there are"},
		{ports.Request{Fixed: []uint16{5, 6, 5}}, "bad port request: fixed port 5 (number 3) is asked for twice"},
		{ports.Request{Fixed: []uint16{5}, Within: resources.MustRanges("[7-8]")}, "bad port request: fixed port 5 is outside [7-8]"},
	} {
		err := tt.req.Validate()
		if got := fmt.Sprint(err); err == nil && tt.want != "" || err != nil && got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.req, got, tt.want)
		}
		if err != nil && !errors.Is(err, ports.ErrRequest) {
			t.Errorf("%+v: %v does not wrap ErrRequest", tt.req, err)
		}
	}
}

func TestRecent(t *testing.T) {
	one := ports.NewRecent(3).Use(1, 2)
	two := one.Use(3, 1, 4)
	three := one.Use(9, 9)
	for _, tt := range []struct {
		r    ports.Recent
		want []uint16
	}{{one, []uint16{1, 2}}, {two, []uint16{3, 1, 4}}, {three, []uint16{1, 2, 9}}, {one.Use(), []uint16{1, 2}}, {one.Use(1), []uint16{2, 1}}, {ports.Recent{}, nil}} {
		if got := slices.Collect(tt.r.All()); !slices.Equal(got, tt.want) || tt.r.Len() != len(tt.want) {
			t.Errorf("got %v, want %v", got, tt.want)
		}
	}
	var many []uint16
	for p := range 3000 {
		many = append(many, uint16(p))
	}
	if got := (ports.Recent{}).Use(many...).Len(); got != ports.DefaultRecent {
		t.Errorf("the zero Recent remembers %d ports", got)
	}
}

func TestPolicyString(t *testing.T) {
	list := []ports.Policy{{}, ports.LowestFirst(), ports.Random(7), ports.BestFit(), ports.AvoidRecent(ports.Recent{})}
	if got, want := fmt.Sprint(list), "[lowest lowest random(7) bestfit avoidrecent]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRandomIsEven draws often and expects every port about equally often, and every start
// of a run.
func TestRandomIsEven(t *testing.T) {
	free := resources.MustRanges("[1-5,10-14]")
	for _, contiguous := range []bool{false, true} {
		counts := map[uint16]int{}
		for seed := range uint64(8000) {
			req := ports.Request{Dynamic: 2, Contiguous: contiguous}
			taken, _, _ := ports.Take(free, req, ports.Random(seed))
			counts[taken[0]]++
			if !contiguous {
				counts[taken[1]]++
			}
		}
		want := 8 // starts of a run of two
		draws := 8000
		if !contiguous {
			want, draws = 10, 16000
		}
		if len(counts) != want {
			t.Fatalf("contiguous=%v: %d different ports drawn, want %d", contiguous, len(counts), want)
		}
		for p, n := range counts {
			if mean := draws / want; n < mean*9/10 || n > mean*11/10 {
				t.Errorf("contiguous=%v: port %d drawn %d times, about %d expected", contiguous, p, n, mean)
			}
		}
	}
}

// TestRandomIsPinned fails when the numbers drawn for a seed change, which would break
// recorded results.
func TestRandomIsPinned(t *testing.T) {
	for _, tt := range []struct {
		req  ports.Request
		want string
	}{
		{ports.Request{Dynamic: 4}, "[31466 31563 31621 31755]"},
		{ports.Request{Dynamic: 4, Within: resources.MustRanges("[1-99999]")}, "[31460 31758 31862 31927]"},
		{ports.Request{Dynamic: 4, Within: resources.MustRanges("[1-99998]")}, "[31164 31395 31544 31719]"},
		{ports.Request{Dynamic: 4, Within: resources.MustRanges("[2-99999]")}, "[31128 31595 31694 31961]"},
		{ports.Request{Dynamic: 2, Contiguous: true, Fixed: []uint16{31000, 32000}}, "[31000 32000 31218 31219]"},
	} {
		taken, _, _ := ports.Take(resources.MustRanges("[31000-32000]"), tt.req, ports.Random(42))
		if got := fmt.Sprint(taken); got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.req, got, tt.want)
		}
	}
}

func TestFitsDoesNotAllocate(t *testing.T) {
	free := resources.MustRanges("[1-2,5-6,31000-32000,33000-33010]")
	for _, req := range []ports.Request{
		{Dynamic: 5},
		{Dynamic: 20, Contiguous: true},
		{Fixed: []uint16{31000, 5}, Dynamic: 5, Contiguous: true, Within: resources.MustRanges("[5-5,31000-31100]")},
	} {
		if n := testing.AllocsPerRun(100, func() {
			if !ports.Fits(free, req) {
				t.Error("does not fit")
			}
		}); n != 0 {
			t.Errorf("%+v: %v allocations", req, n)
		}
	}
}

func BenchmarkFits(b *testing.B) {
	free := resources.MustRanges("[1-2,5-6,31000-32000,33000-33010]")
	for _, bb := range []struct {
		name string
		req  ports.Request
	}{
		{"ask=dynamic", ports.Request{Dynamic: 5}},
		{"ask=contiguous", ports.Request{Dynamic: 20, Contiguous: true}},
		{"ask=fixed", ports.Request{Fixed: []uint16{31000, 5}, Dynamic: 5}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				ports.Fits(free, bb.req)
			}
		})
	}
}

// TestBeyondPorts: numbers that are no ports are never taken, however large.
func TestBeyondPorts(t *testing.T) {
	for _, text := range []string{"[0-0,65534-65535,65536-70000]", "[65534-70000]", "[65534-18446744073709551615]",
		"[65534-65535,9223372036854775807-9223372036854775808]", "[65534-65535,18446744073709551615-18446744073709551615]"} {
		free := resources.MustRanges(text)
		for _, p := range []ports.Policy{ports.LowestFirst(), ports.Random(1), ports.BestFit(), ports.AvoidRecent(ports.NewRecent(1).Use(65535))} {
			for n := range 4 {
				for _, within := range []resources.Ranges{{}, free, resources.MustRanges("[65000-18446744073709551615]")} {
					taken, rest, ok := ports.Take(free, ports.Request{Dynamic: n, Within: within}, p)
					if ok != (n <= 2) || len(taken) != n && ok {
						t.Errorf("%d of %s within %v by %v: %v, %v", n, text, within, p, taken, ok)
					}
					for _, port := range taken {
						if port < 65534 || rest.Has(uint64(port)) {
							t.Errorf("%d of %s within %v by %v: %v, left %v", n, text, within, p, taken, rest)
						}
					}
				}
			}
		}
	}
}
