package offerbuffer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berth-go/berth/placement"
)

// drive runs a buffer in the bubble and returns what was done when, as text, and what Run returned.
type drive struct {
	events chan Event
	log    []string
	err    error
	done   chan struct{}
	began  time.Time
}

func startRun(ctx context.Context, b *Buffer, do func(Actions) error) *drive {
	d := &drive{events: make(chan Event), done: make(chan struct{}), began: time.Now()}
	go func() {
		defer close(d.done)
		d.err = Run(ctx, b, d.events, func(a Actions) error {
			d.log = append(d.log, fmt.Sprint(time.Since(d.began), " ", describe(a)))
			if do == nil {
				return nil
			}
			return do(a)
		})
	}()
	return d
}

func mustNew(t testing.TB, c Config) *Buffer {
	t.Helper()
	b, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (d *drive) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(d.log, want) {
		t.Errorf("done:\n %q, should be\n %q", d.log, want)
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		b := mustNew(t, Config{Policy: LongEnough(15 * time.Second), MaxHold: time.Minute})
		d := startRun(ctx, b, nil)
		d.events <- Offered(offerOf("o1", "a", ""))
		time.Sleep(10 * time.Second)
		d.events <- Offered(offerOf("o2", "a", ""), offerOf("o3", "b", ""))
		d.events <- InverselyOffered(InverseOffer{ID: "i1"})
		time.Sleep(20 * time.Second)
		d.events <- Rescinded("o1", "i1")
		time.Sleep(15 * time.Second)
		d.events <- LostAgent("b")
		d.events <- func(b *Buffer, now time.Time) { _ = b.Used("o2") }
		time.Sleep(time.Second)
		d.events <- Offered(offerOf("o4", "c", ""))
		stop := errors.New("shutting down")
		cancel(stop)
		<-d.done
		if !errors.Is(d.err, stop) {
			t.Errorf("Run returned %v", d.err)
		}
		d.expect(t,
			"10s drop [] release [] decline []", // the inverse offer
			"15s drop [] release [o1 o2] decline []",
			"25s drop [] release [o3] decline []",
			"30s drop [o1] release [] decline []",
			"45s drop [o3] release [] decline []",
			"46s drop [] release [] decline [{asked to 5s [o4]}]")
		if s := b.Stats(); s.Held != 0 || s.Used != 1 || s.Inverse.Rescinded != 1 {
			t.Errorf("afterwards: %+v", s)
		}
	})
}

// TestRunMaxHold checks that offers are declined in time, with nothing else going on.
func TestRunMaxHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mustNew(t, Config{Policy: Any(), Refuse: -1})
		d := startRun(t.Context(), b, nil)
		d.events <- Offered(offerOf("o1", "a", ""))
		time.Sleep(time.Second)
		d.events <- Offered(offerOf("o2", "a", ""))
		time.Sleep(time.Hour)
		close(d.events)
		<-d.done
		if d.err != nil {
			t.Error(d.err)
		}
		d.expect(t, "2m0s drop [] release [] decline [{held for the maximum time 0s [o1]}]",
			"2m1s drop [] release [] decline [{held for the maximum time 0s [o2]}]")
	})
}

// TestRunUsesInDo checks that do may call the buffer, and that an error of do ends Run and loses nothing.
func TestRunUsesInDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mustNew(t, Config{})
		broken := errors.New("connection refused")
		d := startRun(t.Context(), b, func(a Actions) error {
			for _, o := range a.Release {
				if o.ID == "bad" {
					return broken
				}
				if err := b.Used(o.ID); err != nil {
					t.Error(err)
				}
			}
			return nil
		})
		d.events <- Offered(offerOf("o1", "a", ""), offerOf("o2", "b", ""))
		synctest.Wait() // or Run may take both events before it acts
		d.events <- Offered(offerOf("bad", "a", ""))
		<-d.done
		if !errors.Is(d.err, broken) {
			t.Errorf("Run returned %v", d.err)
		}
		if s := b.Stats(); s.Used != 2 || s.Held != 1 {
			t.Errorf("afterwards: %+v", s)
		}
		again := startRun(t.Context(), b, nil)
		close(again.events)
		<-again.done
		again.expect(t, "0s drop [bad] release [] decline [{asked to 5s [bad]}]")
	})
}

// TestRunManySenders has many goroutines send while the context ends: every offer that was taken ends.
func TestRunManySenders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := mustNew(t, Config{Policy: LongEnough(30 * time.Millisecond)})
		var released, declined int
		d := startRun(ctx, b, func(a Actions) error {
			released += len(a.Release)
			for _, c := range a.Decline {
				declined += len(c.Offers)
			}
			return nil
		})
		var senders sync.WaitGroup
		for g := range 20 {
			senders.Go(func() {
				for i := range 50 {
					id := fmt.Sprint(g, ".", i)
					select {
					case d.events <- Offered(offerOf(id, fmt.Sprint("a", i%7), "")):
					case <-ctx.Done():
						return
					}
					time.Sleep(time.Duration(g+i) * time.Millisecond)
				}
			})
		}
		time.Sleep(400 * time.Millisecond)
		cancel()
		senders.Wait()
		<-d.done
		s := b.Stats()
		if s.Held != 0 || int(s.Added) != declined || released == 0 || s.Added < 100 {
			t.Errorf("%d released, %d declined; %+v", released, declined, s)
		}
	})
}

// TestRunTakesWhatWaits checks that events that wait when the context ends are not lost.
func TestRunTakesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		events := make(chan Event, 3)
		events <- Offered(offerOf("o1", "a", ""))
		events <- nil
		events <- Offered(offerOf("o2", "a", ""))
		b := mustNew(t, Config{})
		var ids []placement.OfferID
		err := Run(ctx, b, events, func(a Actions) error {
			ids = a.Decline[0].Offers
			return nil
		})
		if !errors.Is(err, context.Canceled) || len(ids) != 2 || b.Stats().Held != 0 {
			t.Errorf("%v, declined %v, %+v", err, ids, b.Stats())
		}
	})
}
