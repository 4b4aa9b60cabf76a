package offerbuffer

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// benchSource makes offers out of one text with all names, so that what is measured is the buffer alone: neither the making
// of names nor the garbage collector's way through a million offers that the caller keeps.
type benchSource struct {
	n, width  int
	names     string
	resources resources.Resources
}

func newBenchSource(n, agents int) *benchSource {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "offer-%07d-O%07dagent-%05d-S%05d", i, i, i*7919%agents, i*7919%agents)
	}
	return &benchSource{n, b.Len() / n, b.String(), resources.MustParse("cpus:1;mem:1024")}
}

const offerSize = int64(unsafe.Sizeof(placement.Offer{}))

func (s *benchSource) at(i int) placement.Offer {
	name := s.names[i*s.width : (i+1)*s.width]
	const id = len("offer-0000000-O0000000")
	return placement.Offer{ID: placement.OfferID(name[:id]), Agent: placement.AgentID(name[id:]), Resources: s.resources}
}

func (s *benchSource) all() []placement.Offer {
	out := make([]placement.Offer, s.n)
	for i := range out {
		out[i] = s.at(i)
	}
	return out
}

// BenchmarkThrough sends a million offers through ten thousand agents, one at a time with time going by, half of them used
// and half declined; the buffer holds a few hundred to half a million of them. Desirable: ns and bytes per offer do
// not depend on how many are held. Bytes are those allocated, less the offers themselves: one in the buffer for each that is
// ever held at once, and one that is released.
func BenchmarkThrough(b *testing.B) {
	const n, agents = 1_000_000, 10_000
	offers := newBenchSource(n, agents)
	for _, hold := range []time.Duration{time.Second, 30 * time.Second, 500 * time.Second} {
		b.Run(fmt.Sprintf("offers=%d/agents=%d/held=%d", n, agents, hold/time.Millisecond), func(b *testing.B) {
			b.ReportAllocs()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			cpu := cpuTime()
			slots := 0
			for b.Loop() {
				slots = through(b, offers, hold)
			}
			cpu = cpuTime() - cpu
			runtime.ReadMemStats(&after)
			total := float64(b.N * n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/total, "ns/offer")
			b.ReportMetric(float64(cpu.Nanoseconds())/total, "cpu-ns/offer")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/total-float64(offerSize)*(1+float64(slots)/n), "B/offer")
		})
	}
}

// through adds an offer each millisecond and ticks every 100. An offer is used when it is released, unless its number is
// odd: then it is declined when it is twice as old.
// It returns for how many the buffer has room in the end.
func through(b *testing.B, offers *benchSource, hold time.Duration) int {
	buffer := mustNew(b, Config{Policy: LongEnough(hold), MaxHold: 2 * hold})
	at := start
	done := 0
	for i := range offers.n {
		if err := buffer.Add(at, offers.at(i)); err != nil {
			b.Fatal(err)
		}
		at = at.Add(time.Millisecond)
		if i%100 == 99 {
			done += benchTick(b, buffer, at)
		}
	}
	for done < offers.n {
		next, ok := buffer.Next()
		if !ok {
			b.Fatalf("%d of %d", done, offers.n)
		}
		done += benchTick(b, buffer, next)
	}
	return len(buffer.slots.offers) * chunkSize
}

func benchTick(b *testing.B, buffer *Buffer, at time.Time) (done int) {
	a := buffer.Tick(at)
	for i := range a.Release {
		if id := a.Release[i].ID; id[len(id)-1]%2 == 0 {
			if err := buffer.Used(id); err != nil {
				b.Fatal(err)
			}
			done++
		}
	}
	for _, d := range a.Decline {
		done += len(d.Offers)
	}
	return done
}

// BenchmarkFloor is the least that anything with this task does: it enters every offer in a map by its id, finds it
// and takes it out, a million offers with so many held at a time.
func BenchmarkFloor(b *testing.B) {
	const n = 1_000_000
	offers := newBenchSource(n, 10_000)
	for _, held := range []int{1000, 30_000, 500_000} {
		b.Run(fmt.Sprintf("offers=%d/held=%d", n, held), func(b *testing.B) {
			cpu := cpuTime()
			for b.Loop() {
				byID := map[placement.OfferID]*placement.Offer{}
				for i := range n + held {
					if i < n {
						o := offers.at(i)
						byID[o.ID] = &o
					}
					if i >= held {
						delete(byID, byID[offers.at(i-held).ID].ID)
					}
				}
			}
			b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N*n), "cpu-ns/offer")
		})
	}
}

// BenchmarkHeld says what a million offers held at once take in memory, beyond the offers themselves.
func BenchmarkHeld(b *testing.B) {
	const n, agents = 1_000_000, 10_000
	offers := newBenchSource(n, agents).all()
	for b.Loop() {
		before := liveBytes()
		buffer := mustNew(b, Config{Policy: LongEnough(time.Minute)})
		if err := buffer.Add(start, offers...); err != nil {
			b.Fatal(err)
		}
		buffer.Tick(start)
		b.ReportMetric(float64(liveBytes()-before)/n-float64(offerSize), "B/offer")
		runtime.KeepAlive(buffer)
	}
}

func liveBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkTick has one bin due with few and with many held. Desirable: the same time.
func BenchmarkTick(b *testing.B) {
	for _, held := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("held=%d", held), func(b *testing.B) {
			buffer := mustNew(b, Config{Policy: LongEnough(time.Hour), MaxHold: 1000 * time.Hour})
			if err := buffer.Add(start, newBenchSource(held, 10_000).all()...); err != nil {
				b.Fatal(err)
			}
			at := start
			buffer.Tick(at)
			one := offerOf("one", "one", "")
			for b.Loop() {
				at = at.Add(time.Microsecond)
				_ = buffer.Add(at, one)
				buffer.Tick(at)
				buffer.Rescind("one")
				buffer.Tick(at)
			}
		})
	}
}

// TestNoGrowth checks that a buffer that offers go through for ever does not grow.
func TestNoGrowth(t *testing.T) {
	buffer := mustNew(t, Config{Policy: LongEnough(100 * time.Millisecond), MaxHold: 200 * time.Millisecond})
	at := start
	size := func() [6]int {
		return [6]int{int(buffer.slots.used), len(buffer.bins), len(buffer.times.queue.ring) + cap(buffer.times.heap), cap(buffer.dirty) + len(buffer.ages.queue.ring), cap(buffer.declines), cap(buffer.drops)}
	}
	var early [6]int
	rounds := 20
	for round := range rounds {
		for i := range 5000 {
			_ = buffer.Add(at, offerOf(fmt.Sprint(round, "-", i), fmt.Sprint("agent", round, i%300), ""))
			at = at.Add(time.Millisecond)
			if i%10 == 0 {
				for _, o := range buffer.Tick(at).Release {
					if o.ID[len(o.ID)-1]%2 == 0 {
						_ = buffer.Used(o.ID)
					}
				}
			}
		}
		if round == 2 {
			early = size()
		}
	}
	if late := size(); late != early {
		t.Errorf("after 3 rounds of 5000 offers slots, bins, heap and queues are %v, after %d %v", early, rounds, late)
	}
}
