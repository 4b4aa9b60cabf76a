package clustersim

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
)

// schedule is all that happens to a cluster from outside, in the order of time.
type schedule struct {
	events []event
	// scarce is the resource that tasks ask most of, in parts of what there is; it is what is fragmented.
	scarce string
}

// event is one of: a task arrives, an agent fails, an agent is back.
type event struct {
	at    time.Duration
	task  *placement.Task // that arrives
	lasts time.Duration
	agent int  // that fails or is back; counts where task is nil
	back  bool // it is back
}

// newSchedule draws everything: from a generator for each, so that failures do not depend on the load.
func newSchedule(c *Config, f *fleet) (*schedule, error) {
	s := &schedule{}
	jobs := jobsOf(c.Tasks)
	demand := demandOf(c, jobs)
	var rate float64 // jobs a second
	rate, s.scarce = f.rate(demand, c.Load)
	if len(c.Arrivals) > 0 {
		s.list(c)
	} else if err := s.draw(c, jobs, rate); err != nil {
		return nil, err
	}
	if len(c.Outages) > 0 {
		s.outages(c, f)
	} else if c.FailsAfter > 0 {
		s.fail(c, len(f.agents))
	}
	slices.SortStableFunc(s.events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return s, nil
}

func generator(c *Config, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(c.Seed, stream)) }

// jobsOf are the tasks that arrive together, in the order of their first ones.
func jobsOf(tasks []placement.Task) [][]*placement.Task {
	var jobs [][]*placement.Task
	known := map[[2]string]int{}
	for i := range tasks {
		t := &tasks[i]
		key := [2]string{t.Gang, t.Group}
		if t.Gang != "" {
			key[1] = ""
		}
		at, ok := known[key]
		if !ok || key == ([2]string{}) {
			at = len(jobs)
			known[key] = at
			jobs = append(jobs, nil)
		}
		jobs[at] = append(jobs[at], t)
	}
	return jobs
}

// demandOf is what a job asks for, in the mean: amounts times seconds by column.
func demandOf(c *Config, jobs [][]*placement.Task) map[string]float64 {
	sum := map[string]float64{}
	add := func(t *placement.Task, lasts time.Duration) {
		if lasts == 0 {
			lasts = cmp.Or(t.Lasts, c.Lasts)
		}
		for name, amount := range needsOf(t) {
			sum[name] += float64(amount) * lasts.Seconds()
		}
	}
	if len(c.Arrivals) > 0 {
		for i := range c.Arrivals {
			add(&c.Arrivals[i].Task, c.Arrivals[i].Lasts)
		}
		return sum
	}
	for _, job := range jobs {
		for _, t := range job {
			add(t, 0)
		}
	}
	for name := range sum {
		sum[name] /= float64(len(jobs))
	}
	return sum
}

// list takes the arrivals as they are given.
func (s *schedule) list(c *Config) {
	draw := distuv.Exponential{Rate: 1 / c.Lasts.Seconds(), Src: generator(c, 2)}
	for i := range c.Arrivals {
		a := &c.Arrivals[i]
		if a.At <= c.end() {
			s.arrive(a.At, a.Task, cmp.Or(a.Lasts, lasting(&a.Task, draw)))
		}
	}
}

// draw makes a Poisson process of jobs.
func (s *schedule) draw(c *Config, jobs [][]*placement.Task, rate float64) error {
	if !(rate > 0) {
		return fmt.Errorf("clustersim: %w: the tasks ask for nothing that the fleet has", ErrConfig)
	}
	which := generator(c, 1)
	gap := distuv.Exponential{Rate: rate, Src: which}
	lasts := distuv.Exponential{Rate: 1 / c.Lasts.Seconds(), Src: generator(c, 2)}
	n := 0
	for at := seconds(gap.Rand()); at < c.end(); at += seconds(gap.Rand()) {
		for _, t := range jobs[which.IntN(len(jobs))] {
			if len(s.events) >= maxEvents {
				return fmt.Errorf("clustersim: %w: more than %d arrivals", ErrConfig, maxEvents)
			}
			own := *t
			own.ID += placement.TaskID(fmt.Sprintf("#%d", n))
			own.Owner = ownerOf(t)
			if own.Group != "" {
				own.Group += fmt.Sprintf("#%d", n)
			}
			if own.Gang != "" {
				own.Gang += fmt.Sprintf("#%d", n)
			}
			s.arrive(at, own, lasting(t, lasts))
		}
		n++
	}
	return nil
}

func ownerOf(t *placement.Task) string { return cmp.Or(t.Owner, t.Group) }

func lasting(t *placement.Task, draw distuv.Exponential) time.Duration {
	return cmp.Or(t.Lasts, max(time.Millisecond, seconds(draw.Rand())))
}

func (s *schedule) arrive(at time.Duration, t placement.Task, lasts time.Duration) {
	t.Lasts = lasts
	s.events = append(s.events, event{at: at, task: &t, lasts: lasts})
}

// outages takes them as they are given; agents that are not known have none.
func (s *schedule) outages(c *Config, f *fleet) {
	for _, o := range c.Outages {
		a, ok := f.byID[o.Agent]
		if !ok {
			continue
		}
		s.events = append(s.events, event{at: o.From, agent: a})
		if o.Until > 0 {
			s.events = append(s.events, event{at: max(o.From, o.Until), agent: a, back: true})
		}
	}
}

// fail has agents fail and come back.
func (s *schedule) fail(c *Config, agents int) {
	src := generator(c, 3)
	works := distuv.Exponential{Rate: 1 / c.FailsAfter.Seconds(), Src: src}
	gone := distuv.Exponential{Rate: 1 / c.BackAfter.Seconds(), Src: src}
	for a := range agents {
		for at := seconds(works.Rand()); at < c.end(); at += seconds(works.Rand()) {
			s.events = append(s.events, event{at: at, agent: a})
			at += max(time.Millisecond, seconds(gone.Rand()))
			s.events = append(s.events, event{at: at, agent: a, back: true})
		}
	}
}

// seconds is a time drawn; none is so long that adding it to another overflows.
func seconds(x float64) time.Duration { return time.Duration(min(x, 1e9) * float64(time.Second)) }
