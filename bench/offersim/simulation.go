package offersim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/berth-go/berth/placement"
)

// began is when virtual time begins, for those who want a date.
var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type simulation struct {
	c      *Config
	clock  *clock
	master *master
	tenant *tenant
	rivals []*rival

	held, used average
	peak       float64
}

// average is the mean of something over time.
type average struct{ sum, seconds float64 }

func (a *average) add(value float64, d time.Duration) {
	a.sum += value * d.Seconds()
	a.seconds += d.Seconds()
}

func (a *average) mean() float64 { return a.sum / max(a.seconds, 1e-9) }

// Run simulates a cluster with a policy. The error is about the configuration, or says that the context ended.
func Run(ctx context.Context, c Config, p Policy) (Result, error) {
	if err := c.check(); err != nil {
		return Result{}, err
	}
	s := &simulation{c: &c, clock: &clock{}}
	s.clock.passes = s.observe
	random := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(c.Seed, stream)) }
	s.master = newMaster(&c, s.clock, random(0))
	for i := range c.Rivals {
		s.rivals = append(s.rivals, newRival(s, random(uint64(10+i))))
	}
	var err error
	if s.tenant, err = newTenant(s, p); err != nil {
		return Result{}, err
	}
	s.tenant.submits(&c.Small, random(1))
	s.tenant.submits(&c.Big, random(2))
	s.clock.after(0, s.master.allocate)

	end := c.Warmup + c.Duration + c.Patience
	for t := time.Duration(0); t < end; t += time.Minute {
		if ctx.Err() != nil {
			return Result{}, context.Cause(ctx)
		}
		if err := s.clock.run(min(t+time.Minute, end)); err != nil {
			return Result{}, err
		}
	}
	if err := s.audit(); err != nil {
		return Result{}, err
	}
	return s.result(p), nil
}

func (s *simulation) time() time.Time { return began.Add(s.clock.now) }

func (s *simulation) measuring() bool {
	return s.clock.now >= s.c.Warmup && s.clock.now < s.c.Warmup+s.c.Duration
}

// observe measures what is held and used while time passes.
func (s *simulation) observe(from, to time.Duration) {
	from, to = max(from, s.c.Warmup), min(to, s.c.Warmup+s.c.Duration)
	if from >= to {
		return
	}
	held := s.tenant.account.offered.of(s.master.whole)
	s.peak = max(s.peak, held)
	s.held.add(held, to-from)
	var used size
	for _, a := range s.master.accounts {
		used = used.plus(a.used)
	}
	s.used.add(used.of(s.master.whole), to-from)
}

// audit checks the books of the master, of the buffer, and one against the other.
func (s *simulation) audit() error {
	if err := s.master.balanced(); err != nil {
		return err
	}
	b := s.tenant.buffer.Stats()
	if b.Added != uint64(s.tenant.account.grants) || b.Added != b.Used+b.Declined+b.Rescinded+b.Void+uint64(b.Held) {
		return fmt.Errorf("offersim: %d offers were made to a buffer that says %+v", s.tenant.account.grants, b)
	}
	return nil
}

func one(id placement.OfferID) []placement.OfferID { return []placement.OfferID{id} }
