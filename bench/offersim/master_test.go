package offersim

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// listener is a framework that only takes note.
type listener struct {
	got  []*offer
	gone []placement.OfferID
}

func (l *listener) offered(list []*offer) error { l.got = append(l.got, list...); return nil }
func (l *listener) rescinded(o *offer) error    { l.gone = append(l.gone, o.id); return nil }

// stage is a master with one agent of 8 cpus and two listeners.
type stage struct {
	*master
	a, b   *account
	la, lb *listener
}

func newStage(c Config) *stage {
	c.Agents, c.Agent = 1, resources.MustQuantities("cpus:8;mem:8192")
	clock := &clock{passes: func(_, _ time.Duration) {}}
	s := &stage{master: newMaster(&c, clock, rand.New(rand.NewPCG(1, 1))), la: &listener{}, lb: &listener{}}
	s.a, s.b = s.register(s.la), s.register(s.lb)
	clock.at(0, s.allocate)
	return s
}

func (s *stage) until(t *testing.T, seconds float64) {
	t.Helper()
	if err := s.clock.run(time.Duration(seconds * float64(time.Second))); err != nil {
		t.Fatal(err)
	}
	if err := s.balanced(); err != nil {
		t.Fatal(err)
	}
}

func (l *listener) cpus() (list []int64) {
	for _, o := range l.got {
		list = append(list, int64(o.what[0]/resources.One))
	}
	return list
}

func quarter(n int) size { return size{resources.One * 2, 2048 * resources.One}.times(n) }

// TestAllocation checks whom the master offers what, and what it holds back: as a real one does.
func TestAllocation(t *testing.T) {
	c := DefaultConfig()
	c.OfferTimeout = 0
	s := newStage(c)
	s.until(t, 0)
	if !slices.Equal(s.la.cpus(), []int64{8}) || len(s.lb.got) != 0 {
		t.Fatalf("all of an agent goes to one framework, not %v and %v", s.la.cpus(), s.lb.cpus())
	}
	if err := s.accept(s.a, one(s.la.got[0].id), []size{quarter(1), quarter(1)}, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	s.until(t, 1)
	if !slices.Equal(s.lb.cpus(), []int64{4}) {
		t.Fatalf("what an ACCEPT leaves goes to the other at the next interval, not %v", s.lb.cpus())
	}
	if err := s.decline(s.b, one(s.lb.got[0].id), 3*time.Second); err != nil {
		t.Fatal(err)
	}
	s.until(t, 2)
	if len(s.la.got) != 1 || len(s.lb.got) != 1 {
		t.Fatalf("both refuse it, but got %v and %v", s.la.cpus(), s.lb.cpus())
	}
	s.ended(s.a, 0, quarter(1))
	s.until(t, 3)
	if !slices.Equal(s.lb.cpus(), []int64{4, 6}) || len(s.la.got) != 1 {
		t.Fatalf("more than was refused goes to the one with the smaller share, not %v and %v", s.la.cpus(), s.lb.cpus())
	}
	if err := s.decline(s.b, one(s.lb.got[1].id), 0); err != nil {
		t.Fatal(err)
	}
	s.until(t, 4)
	if !slices.Equal(s.lb.cpus(), []int64{4, 6, 6}) {
		t.Fatalf("what is declined for no time comes back at once, not %v", s.lb.cpus())
	}
	if err := s.decline(s.b, one(s.lb.got[2].id), time.Hour); err != nil {
		t.Fatal(err)
	}
	s.suppress(s.a)
	s.until(t, 60)
	if len(s.la.got) != 1 || len(s.lb.got) != 3 {
		t.Fatalf("suppressed and refused: %v and %v", s.la.cpus(), s.lb.cpus())
	}
	s.revive(s.b)
	s.until(t, 61)
	if !slices.Equal(s.lb.cpus(), []int64{4, 6, 6, 6}) {
		t.Fatalf("revived: %v", s.lb.cpus())
	}
}

// TestFilterEnds checks that what was refused is offered again when the time is up, and not before.
func TestFilterEnds(t *testing.T) {
	c := DefaultConfig()
	c.OfferTimeout = 0
	s := newStage(c)
	s.suppress(s.b)
	s.until(t, 0)
	if err := s.decline(s.a, one(s.la.got[0].id), 3500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if s.until(t, 3); len(s.la.got) != 1 {
		t.Errorf("after 3 s: %d offers", len(s.la.got))
	}
	if s.until(t, 4); len(s.la.got) != 2 {
		t.Errorf("after 4 s: %d offers", len(s.la.got))
	}
}

// TestOfferTimeout checks that an offer that nobody answers is taken back, and offered again.
func TestOfferTimeout(t *testing.T) {
	c := DefaultConfig()
	c.OfferTimeout = 10 * time.Second
	s := newStage(c)
	s.until(t, 9)
	if len(s.la.gone) != 0 {
		t.Fatal("taken back too early")
	}
	s.until(t, 11)
	if !slices.Equal(s.la.gone, one(s.la.got[0].id)) || len(s.lb.got) != 1 {
		t.Errorf("taken back: %v; then offered to the other: %v", s.la.gone, s.lb.cpus())
	}
	if err := s.accept(s.a, s.la.gone, nil, 0); err == nil {
		t.Error("an offer that was taken back can be used")
	}
}

// TestMasterFaults checks that a framework that breaks the rules is found out.
func TestMasterFaults(t *testing.T) {
	for name, call := range map[string]func(s *stage, id placement.OfferID) error{
		"an offer that never was": func(s *stage, _ placement.OfferID) error { return s.decline(s.a, one("x"), 0) },
		"another's offer":         func(s *stage, id placement.OfferID) error { return s.accept(s.b, one(id), nil, 0) },
		"more than was offered":   func(s *stage, id placement.OfferID) error { return s.accept(s.a, one(id), []size{quarter(5)}, 0) },
		"one offer twice": func(s *stage, id placement.OfferID) error {
			return s.accept(s.a, []placement.OfferID{id, id}, nil, 0)
		},
		"offers of two agents": func(s *stage, id placement.OfferID) error {
			s.offers["other"] = &offer{id: "other", agent: 1, to: s.a}
			return s.accept(s.a, []placement.OfferID{id, "other"}, nil, 0)
		},
	} {
		s := newStage(DefaultConfig())
		s.until(t, 0)
		if err := call(s, s.la.got[0].id); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
