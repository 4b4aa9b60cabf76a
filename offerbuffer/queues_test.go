package offerbuffer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestScheduleBesideList makes and cancels appointments at random times, most of them void before they are due, beside a plain
// list of them.
func TestScheduleBesideList(t *testing.T) {
	g := rand.New(rand.NewPCG(6, 1))
	b := mustNew(t, Config{})
	b.bins = make([]bin, 200)
	due := map[int32]time.Duration{}
	now := time.Duration(0)
	for range 50_000 {
		i := int32(g.IntN(len(b.bins)))
		switch g.IntN(4) {
		case 0:
			b.unschedule(i)
			delete(due, i)
		case 1: // ever later, as of one that waits for a constant time
			due[i] = now + 1000
			b.schedule(i, due[i])
		case 2:
			due[i] = now + time.Duration(g.IntN(2000))
			b.schedule(i, due[i])
		default:
			now += time.Duration(g.IntN(30))
			for a, ok := b.soonest(); ok && a.due <= now; a, ok = b.soonest() {
				if due[a.bin] != a.due {
					t.Fatalf("bin %d comes up at %v, asked for %v", a.bin, a.due, due[a.bin])
				}
				b.unschedule(a.bin)
				delete(due, a.bin)
			}
		}
		first, any := time.Duration(0), false
		for _, d := range due {
			if !any || d < first {
				first, any = d, true
			}
		}
		if a, ok := b.soonest(); ok != any || ok && a.due != first {
			t.Fatalf("the next is %v %v, want %v %v", a.due, ok, first, any)
		}
		if all := b.times.queue.len() + len(b.times.heap); all > 2*len(b.bins)+64 {
			t.Fatalf("%d appointments kept for %d bins", all, len(b.bins))
		}
	}
}

// TestAgesStaySmall holds some offers for long while many come and go: what is kept of those that left must not add up.
func TestAgesStaySmall(t *testing.T) {
	b := mustNew(t, Config{MaxHold: time.Hour})
	at := start
	var long []string
	for i := range 20_000 {
		at = at.Add(time.Millisecond)
		id := fmt.Sprint("offer-", i)
		if err := b.Add(at, offerOf(id, "agent", "")); err != nil {
			t.Fatal(err)
		}
		b.Tick(at)
		if i%1000 == 0 {
			long = append(long, id)
		} else if err := b.Used(ids(id)...); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.ages.queue.ring); n > 128 {
		t.Errorf("room for %d ages of %d offers", n, len(long))
	}
	var declined []string
	for a := b.Tick(at.Add(time.Hour)); len(declined) == 0 && len(a.Decline) > 0; {
		for _, id := range a.Decline[0].Offers {
			declined = append(declined, string(id))
		}
	}
	if !slices.Equal(declined, long) {
		t.Errorf("declined after an hour: %v, want %v", declined, long)
	}
}

// TestIndexCollisions gives many numbers few hashes, so that they lie in each other's way.
func TestIndexCollisions(t *testing.T) {
	g := rand.New(rand.NewPCG(6, 2))
	x := newIndex()
	hashOf := func(n int32) uint32 { return uint32(n%7) * 0x01000001 }
	find := func(want int32) bool {
		n, at := x.first(hashOf(want))
		for n != none && n != want {
			n, at = x.next(hashOf(want), at)
		}
		return n == want
	}
	in := map[int32]bool{}
	for range 20_000 {
		n := int32(g.IntN(60))
		switch {
		case !in[n]:
			x.insert(n, hashOf(n))
			in[n] = true
		case g.IntN(3) == 0 && !in[n+7*100]:
			x.replace(n, n+7*100, hashOf(n))
			if find(n) || !find(n+7*100) {
				t.Fatalf("%d was replaced and is found, or what replaced it is not", n)
			}
			x.replace(n+7*100, n, hashOf(n))
		default:
			x.remove(n, hashOf(n))
			delete(in, n)
		}
		for n := range int32(60) {
			if find(n) != in[n] {
				t.Fatalf("%d is found: %v, is in it: %v", n, find(n), in[n])
			}
		}
	}
}

// TestHeldForEver has a maximum and a policy that would be due after the last time there is.
func TestHeldForEver(t *testing.T) {
	const ever = 1<<63 - 1
	b := mustNew(t, Config{Policy: LongEnough(ever), MaxHold: ever})
	_ = b.Add(start, offerOf("a", "agent", ""))
	late := start.Add(time.Hour)
	_ = b.Add(late, offerOf("b", "other", ""))
	if a := b.Tick(late); !a.IsEmpty() {
		t.Errorf("after an hour: %v", a)
	}
	if next, ok := b.Next(); !ok || next.Before(start.Add(ever)) {
		t.Errorf("next is %v %v", next, ok)
	}
}
