package offersim

import (
	"math/rand/v2"
	"slices"
	"time"
)

// rival is a framework that uses or declines what it gets, after it has looked at it for a moment.
type rival struct {
	s        *simulation
	account  *account
	rng      *rand.Rand
	queue    []job // that wait, the oldest first
	got      []*offer
	every    time.Duration
	launched int
}

type job struct {
	needs size
	lasts time.Duration
}

func newRival(s *simulation, rng *rand.Rand) *rival {
	c := s.c
	need := sizeOf(c.RivalNeeds[0]).plus(sizeOf(c.RivalNeeds[1]))[0].Float64() / 2
	// As many arrive in a second as keep the load's part of the cpus busy.
	rate := c.Load * s.master.whole[0].Float64() / float64(c.Rivals) / (need * c.RivalLasts.Seconds())
	r := &rival{s: s, rng: rng}
	r.account = s.master.register(r)
	if rate > 0 {
		r.every = time.Duration(float64(time.Second) / rate)
		s.clock.after(exponential(rng, r.every), r.arrive)
	}
	return r
}

func (r *rival) arrive() error {
	r.queue = append(r.queue, job{sizeOf(r.s.c.RivalNeeds[r.rng.IntN(2)]), exponential(r.rng, r.s.c.RivalLasts)})
	r.s.clock.after(exponential(r.rng, r.every), r.arrive)
	return nil
}

func (r *rival) offered(list []*offer) error {
	r.got = append(r.got, list...)
	r.s.clock.after(time.Duration(r.rng.Int64N(int64(2*time.Second))), r.react)
	return nil
}

func (r *rival) rescinded(o *offer) error {
	r.got = slices.DeleteFunc(r.got, func(x *offer) bool { return x == o })
	return nil
}

// react fills each offer first fit.
func (r *rival) react() error {
	got := r.got
	r.got = nil
	for _, o := range got {
		rest := o.what
		var tasks []size
		var kept []job
		for i, j := range r.queue {
			if rest == (size{}) {
				kept = append(kept, r.queue[i:]...)
				break
			}
			if !rest.contains(j.needs) {
				kept = append(kept, j)
				continue
			}
			rest = rest.minus(j.needs)
			tasks = append(tasks, j.needs)
			r.s.clock.after(j.lasts, func() error {
				r.s.master.ended(r.account, o.agent, j.needs)
				return nil
			})
		}
		r.queue = kept
		if r.s.measuring() {
			r.launched += len(tasks)
		}
		if err := r.s.master.accept(r.account, one(o.id), tasks, r.s.c.Refuse); err != nil {
			return err
		}
	}
	return nil
}

// exponential draws a time of the mean given.
func exponential(rng *rand.Rand, mean time.Duration) time.Duration {
	return time.Duration(rng.ExpFloat64() * float64(mean))
}
