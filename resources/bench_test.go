package resources

import (
	"fmt"
	"strings"
	"testing"
)

// offers returns an offer with that many port ranges, and a part of it such as a task
// might take: six entries, two of them reserved.
func offers(ranges int) (whole, part Resources) {
	var all, some []string
	for i := range ranges {
		begin := 31000 + 20*i
		all = append(all, fmt.Sprintf("%d-%d", begin, begin+9))
		some = append(some, fmt.Sprintf("%d-%d", begin+3, begin+4))
	}
	whole = rs("cpus:16|mem:65536|disk:1000000|cpus:4 +D(web,ops)|mem:8192 +D(web,ops)|ports:[" + strings.Join(all, ",") + "]")
	part = rs("cpus:2.5|mem:4096|mem:1024 +D(web,ops)|ports:[" + strings.Join(some, ",") + "]")
	return whole, part
}

func TestAllocations(t *testing.T) {
	var r Resources
	var ok bool
	for _, ranges := range []int{1, 200} {
		whole, part := offers(ranges)
		rest := whole.Minus(part)
		clone := MustParse("cpus:2;mem:64;ports:[31003-31004]")
		for _, tt := range []struct {
			name string
			most float64
			f    func()
		}{
			{"Plus", 2, func() { r = rest.Plus(part) }},
			{"Minus", 2, func() { r = whole.Minus(part) }},
			{"Contains", 0, func() { ok = whole.Contains(part) }},
			{"Contains of other origin", 0, func() { ok = whole.Contains(clone) }},
			{"Equal", 0, func() { ok = whole.Equal(rest) }},
			{"Minus of nothing common", 0, func() { r = part.Minus(Resources{}) }},
			{"Filter that keeps all", 0, func() { r = whole.NonRevocable() }},
			{"Quantities", 1, func() { _ = whole.Quantities() }},
		} {
			if n := testing.AllocsPerRun(100, tt.f); n > tt.most {
				t.Errorf("%s with %d ranges: %v allocations; want at most %v", tt.name, ranges, n, tt.most)
			}
		}
		if got := rest.Plus(part); !got.Equal(whole) {
			t.Errorf("%v plus %v is %v", rest, part, got)
		}
	}
	_, _ = r, ok
}

func BenchmarkResources(b *testing.B) {
	for _, ranges := range []int{1, 20, 200} {
		whole, part := offers(ranges)
		rest := whole.Minus(part)
		text := must(whole.Unreserved().MarshalText())
		message := must(whole.MarshalJSON())
		for _, bench := range []struct {
			op string
			f  func()
		}{
			{"plus", func() { sink = rest.Plus(part) }},
			{"minus", func() { sink = whole.Minus(part) }},
			{"contains", func() { sinkBool = whole.Contains(part) }},
			{"quantities", func() { sinkQuantities = whole.Quantities() }},
			{"allocatable", func() { sink = whole.AllocatableTo("web") }},
			{"find", func() { sink, sinkBool = whole.Find(part) }},
			{"parse", func() { sink, _ = Parse(string(text)) }},
			{"json", func() { _ = sink.UnmarshalJSON(message) }},
		} {
			b.Run(fmt.Sprintf("op=%s/ranges=%d", bench.op, ranges), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					bench.f()
				}
			})
		}
	}
}

var (
	sink           Resources
	sinkBool       bool
	sinkQuantities Quantities
)
