package offerbuffer

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ids(list ...string) (out []placement.OfferID) {
	for _, id := range list {
		out = append(out, placement.OfferID(id))
	}
	return out
}

// lentBuffer has released a, b (agent 1), r (agent 1, role r) and c (agent 2).
func lentBuffer(t *testing.T) *Buffer {
	t.Helper()
	b := mustNew(t, Config{})
	err := b.Add(start, offerOf("a", "1", ""), offerOf("b", "1", ""), offerOf("r", "1", "r"), offerOf("c", "2", ""))
	if err != nil {
		t.Fatal(err)
	}
	if a := b.Tick(start); len(a.Release) != 4 {
		t.Fatalf("released %v", a.Release)
	}
	return b
}

// TestUsedFaults has every way in which offers cannot be used together, and what becomes of them.
func TestUsedFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(b *Buffer)
		use    []placement.OfferID
		want   error
		after  string // what the next Tick does
	}{
		{"unknown offer", nil, ids("a", "x"), ErrUnknown, "drop [a] release [a] decline []"},
		{"rescinded while being matched", func(b *Buffer) { b.Rescind("b") }, ids("a", "b"), ErrUnknown, "drop [b a] release [a] decline []"},
		{"used twice", func(b *Buffer) { _ = b.Used("a") }, ids("a"), ErrUnknown, "drop [] release [] decline []"},
		{"named twice", nil, ids("a", "b", "a"), ErrTwice, "drop [a b] release [a b] decline []"},
		{"agents mixed", nil, ids("a", "c"), ErrMixed, "drop [a c] release [a c] decline []"},
		{"roles mixed", nil, ids("a", "r"), ErrMixed, "drop [a r] release [a r] decline []"},
		{"agent lost", func(b *Buffer) { b.AgentLost("1") }, ids("a", "b"), ErrUnknown, "drop [r a b] release [] decline []"},
		{"disconnected", func(b *Buffer) { b.Disconnected() }, ids("c"), ErrUnknown, "drop [a b r c] release [] decline []"},
		{"being declined", func(b *Buffer) { b.Decline(0, "a") }, ids("a", "b"), ErrUnknown, "drop [a b] release [b] decline [{asked to 0s [a]}]"},
		{"not released", func(b *Buffer) { _ = b.Add(start, offerOf("n", "1", "")) }, ids("a", "n"), ErrNotReleased, "drop [a] release [a n] decline []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := lentBuffer(t)
			if c.before != nil {
				c.before(b)
			}
			used := b.Stats().Used
			err := b.Used(c.use...)
			var e *Error
			if !errors.Is(err, c.want) || !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "offerbuffer: offer ") {
				t.Errorf("error %v, should be %v", err, c.want)
			}
			if got := describe(b.Tick(start)); got != c.after {
				t.Errorf("then: %s, should be %s", got, c.after)
			}
			if s := b.Stats(); s.Used != used || s.Added != s.Used+s.Declined+s.Rescinded+s.Void+uint64(s.Held) {
				t.Errorf("the books: %+v", s)
			}
		})
	}
}

// TestAddFaults checks that what cannot be held is refused, and does not spoil the rest.
func TestAddFaults(t *testing.T) {
	b := lentBuffer(t)
	standing := offerOf("s", "1", "")
	standing.Standing = true
	err := b.Add(start, offerOf("a", "9", ""), offerOf("", "1", ""), offerOf("n", "", ""), standing, offerOf("good", "1", ""))
	for _, want := range []error{ErrDuplicate, ErrNoID, ErrStanding} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not %v", err, want)
		}
	}
	if n := strings.Count(err.Error(), "\n"); n != 3 {
		t.Errorf("%d errors: %v", n+1, err)
	}
	if got := describe(b.Tick(start)); got != "drop [] release [good] decline []" {
		t.Error(got)
	}
	if s := b.Stats(); s.Duplicates != 1 || s.Invalid != 3 || s.Added != 5 {
		t.Errorf("%+v", s)
	}
}

// TestCrossing has messages that cross: a second end is never a second action.
func TestCrossing(t *testing.T) {
	b := lentBuffer(t)
	_ = b.Add(start, offerOf("w", "3", ""))
	b.Decline(time.Second, "a", "w")
	if unknown := b.Rescind("a", "a", "x"); !slices.Equal(unknown, ids("a", "x")) {
		t.Errorf("unknown to Rescind: %v", unknown)
	}
	if unknown := b.Decline(0, "a", "w", "b"); !slices.Equal(unknown, ids("a", "w")) {
		t.Errorf("unknown to Decline: %v", unknown)
	}
	b.AgentLost("3")
	b.AgentLost("none")
	if got := describe(b.Tick(start)); got != "drop [a b] release [] decline [{asked to 0s [b]}]" {
		t.Error(got)
	}
	if s := b.Stats(); s.Rescinded != 1 || s.Void != 1 || s.Declined != 1 || s.Unknown != 4 {
		t.Errorf("%+v", s)
	}
}

func TestConfigFaults(t *testing.T) {
	for _, c := range []Config{{MaxHold: -1}, {MaxOffers: -1}, {MaxPerAgent: -1}, {MaxShare: 1.5}, {MaxShare: math.NaN()}} {
		if _, err := New(c); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestPolicyPanics checks that a policy that panics loses nothing of what else is due.
func TestPolicyPanics(t *testing.T) {
	b := mustNew(t, Config{MaxHold: time.Minute, Policy: BigEnough(func(o []placement.Offer) bool {
		if o[0].Agent == "bad" {
			panic("oh")
		}
		return true
	})})
	_ = b.Add(start, offerOf("a", "1", ""), offerOf("b", "bad", ""), offerOf("c", "2", ""))
	if got := describe(b.Tick(start)); got != "drop [] release [a c] decline []" {
		t.Error(got)
	}
	if b.Stats().Panics != 1 {
		t.Errorf("%+v", b.Stats())
	}
	if a := b.Tick(start.Add(time.Minute)); len(a.Decline) != 1 || len(a.Decline[0].Offers) != 3 {
		t.Errorf("after a minute: %+v", a)
	}
}

// TestTimeGoesBack checks that time that goes back is taken as standing still.
func TestTimeGoesBack(t *testing.T) {
	b := mustNew(t, Config{Policy: LongEnough(time.Second)})
	b.Tick(start)
	_ = b.Add(start.Add(-time.Hour), offerOf("a", "1", ""))
	if at, ok := b.Next(); !ok || !at.Equal(start) {
		t.Errorf("next at %v", at)
	}
	b.Tick(start.Add(-time.Hour))
	if at, ok := b.Next(); !ok || !at.Equal(start.Add(time.Second)) {
		t.Errorf("next at %v", at)
	}
	if a := b.Tick(start.Add(time.Second)); len(a.Release) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestShare(t *testing.T) {
	b := mustNew(t, Config{MaxShare: 0.5})
	b.SetCluster(resources.MustQuantities("cpus:10;mem:1000"))
	for i, text := range []string{"cpus:3;mem:100", "cpus:1;mem:450", "cpus:2;mem:50", "cpus:1", "ports:[1-5]"} {
		o := offerOf(string(rune('a'+i)), "1", "")
		o.Resources = resources.MustParse(text)
		_ = b.Add(start, o)
	}
	if got := describe(b.Tick(start)); got != "drop [] release [a c e] decline [{too large a share of the cluster held 5s [b d]}]" {
		t.Error(got)
	}
	if s := b.Stats(); s.Share != 0.5 {
		t.Errorf("share %v", s.Share)
	}
	b.Rescind("c")
	if s := b.Stats(); s.Share != 0.3 {
		t.Errorf("share %v", s.Share)
	}
}

// TestInverse has inverse offers end in every way, once.
func TestInverse(t *testing.T) {
	b := mustNew(t, Config{MaxHold: time.Minute})
	in := func(list ...string) (out []InverseOffer) {
		for _, id := range list {
			out = append(out, InverseOffer{ID: placement.OfferID(id), Agent: placement.AgentID("on " + id)})
		}
		return out
	}
	if err := b.AddInverse(start, in("a", "b", "c", "d", "a", "")...); !errors.Is(err, ErrDuplicate) || !errors.Is(err, ErrNoID) {
		t.Error(err)
	}
	b.RescindInverse("b")
	if a := b.Tick(start); len(a.Inverse) != 3 || a.Inverse[1].ID != "c" {
		t.Errorf("%+v", a)
	}
	if a := b.Tick(start); !a.IsEmpty() {
		t.Errorf("shown again: %+v", a)
	}
	if unknown := b.Answered("a", "a"); !slices.Equal(unknown, ids("a")) {
		t.Errorf("unknown %v", unknown)
	}
	b.AgentLost("on c")
	if at, ok := b.Next(); !ok || !at.Equal(start.Add(time.Minute)) {
		t.Errorf("next at %v", at)
	}
	if a := b.Tick(start.Add(time.Minute)); !slices.Equal(a.DeclineInverse, ids("d")) {
		t.Errorf("%+v", a)
	}
	_ = b.AddInverse(start, in("e", "f")...)
	b.Disconnected()
	want := InverseStats{Added: 6, Answered: 1, Declined: 1, Rescinded: 1, Void: 3, Duplicates: 1, Unknown: 1}
	if got := b.Stats().Inverse; got != want {
		t.Errorf("%+v, should be %+v", got, want)
	}
}

// TestReconsider checks that the policy is asked again when it must be, and only about what has changed.
func TestReconsider(t *testing.T) {
	asked, enough := 0, false
	b := mustNew(t, Config{Policy: BigEnough(func([]placement.Offer) bool { asked++; return enough })})
	_ = b.Add(start, offerOf("a", "1", ""), offerOf("b", "2", ""))
	b.Tick(start)
	b.Tick(start)
	_ = b.Add(start, offerOf("c", "2", ""))
	b.Tick(start)
	if asked != 3 {
		t.Errorf("asked %d times, not 3", asked)
	}
	enough = true
	b.Reconsider()
	if a := b.Tick(start); len(a.Release) != 3 || asked != 5 {
		t.Errorf("asked %d times, released %v", asked, a.Release)
	}
	want := []Count{{"big enough", 3}}
	if got := b.Stats().ReleasedBy; !slices.Equal(got, want) {
		t.Errorf("released by %v", got)
	}
}
