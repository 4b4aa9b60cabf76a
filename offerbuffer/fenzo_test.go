package offerbuffer

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
)

// TestFenzoExpiry has the cases of Fenzo's lease expiry, by the numbers under which docs/fenzo.md lists them. What Fenzo does with
// leases inside its scheduler is a buffer here. It gives leases back a few hosts at a time and at random, because it is told
// neither how many it may hold nor which it needs; here there are limits for the one and policies for the other, so an
// offer that is too old is declined, oldest first, at the very time that Next announces.
func TestFenzoExpiry(t *testing.T) {
	fresh := func(t *testing.T) *Buffer { return mustNew(t, Config{MaxHold: 2 * time.Second}) }
	add := func(t *testing.T, b *Buffer, at time.Duration, agent string, ids ...string) {
		t.Helper()
		for _, id := range ids {
			if err := b.Add(start.Add(at), offerOf(id, agent, "")); err != nil {
				t.Fatal(err)
			}
		}
		b.Tick(start.Add(at))
	}
	declined := func(b *Buffer, at time.Duration) (all []placement.OfferID) {
		for _, d := range b.Tick(start.Add(at)).Decline {
			all = append(all, d.Offers...)
		}
		return all
	}
	many := func(prefix string, n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprint(prefix, i))
		}
		return list
	}

	t.Run("32 an unused offer expires", func(t *testing.T) {
		b := fresh(t)
		add(t, b, 0, "h", "o1")
		if early := declined(b, 2*time.Second-1); len(early) != 0 {
			t.Errorf("too early: %v", early)
		}
		if at, ok := b.Next(); !ok || !at.Equal(start.Add(2*time.Second)) {
			t.Errorf("announced for %v", at)
		}
		if got := declined(b, 2*time.Second); !slices.Equal(got, ids("o1")) {
			t.Errorf("declined %v", got)
		}
	})
	// Differs on purpose: Fenzo would give back two hosts and keep eight idle ones.
	t.Run("33 ten idle hosts expire together", func(t *testing.T) {
		b := fresh(t)
		for _, id := range many("o", 10) {
			add(t, b, 0, "host of "+id, id)
		}
		if got := declined(b, 2*time.Second); !slices.Equal(got, ids(many("o", 10)...)) || b.Stats().Held != 0 {
			t.Errorf("declined %v", got)
		}
	})
	t.Run("34 a hundred old ones, and then a hundred younger ones", func(t *testing.T) {
		b := fresh(t)
		add(t, b, 0, "h", many("old", 100)...)
		add(t, b, time.Second, "h", many("young", 100)...)
		if got := declined(b, 2*time.Second); !slices.Equal(got, ids(many("old", 100)...)) {
			t.Errorf("first %d: %v", len(got), got)
		}
		if got := declined(b, 3*time.Second); !slices.Equal(got, ids(many("young", 100)...)) {
			t.Errorf("then %d: %v", len(got), got)
		}
	})
	// Differs on purpose: Fenzo gives a host's leases back together when one is too old. The younger offers of an agent are
	// worth keeping: more of it may come. Who wants them gone too says so (Decline), or has a policy that releases them.
	t.Run("35 offers of a host expire each at its time", func(t *testing.T) {
		b := fresh(t)
		for i, id := range []string{"a1", "b1", "a2", "b2", "a3", "b3"} {
			add(t, b, time.Duration(i)*100*time.Millisecond, id[:1], id)
		}
		var got []placement.OfferID
		for at := 2 * time.Second; at < 3*time.Second; at += 100 * time.Millisecond {
			got = append(got, declined(b, at)...)
		}
		if !slices.Equal(got, ids("a1", "b1", "a2", "b2", "a3", "b3")) {
			t.Errorf("declined %v", got)
		}
	})
	t.Run("36 what is left of a used host expires", func(t *testing.T) {
		b := fresh(t)
		add(t, b, 0, "h", "o1")
		if err := b.Used("o1"); err != nil {
			t.Fatal(err)
		}
		add(t, b, time.Second, "h", "rest")
		if got := slices.Concat(declined(b, 2*time.Second), declined(b, 3*time.Second)); !slices.Equal(got, ids("rest")) {
			t.Errorf("declined %v", got)
		}
	})
	t.Run("37 a rescinded offer is neither released nor declined", func(t *testing.T) {
		b := mustNew(t, Config{Policy: LongEnough(time.Second), MaxHold: 2 * time.Second})
		add(t, b, 0, "h", "o1")
		b.Rescind("o1")
		for at := range 4 {
			if a := b.Tick(start.Add(time.Duration(at) * time.Second)); !a.IsEmpty() {
				t.Errorf("%+v", a)
			}
		}
	})
	// Differs on purpose: in Fenzo the order is random, and the oldest are not preferred.
	t.Run("39 the oldest expire first", func(t *testing.T) {
		for range 10 {
			b := fresh(t)
			for _, id := range many("o", 10) {
				add(t, b, 0, "host of "+id, id)
			}
			if got := declined(b, time.Minute); !slices.Equal(got, ids(many("o", 10)...)) {
				t.Errorf("declined %v", got)
			}
		}
	})
}
