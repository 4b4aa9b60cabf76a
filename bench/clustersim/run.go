package clustersim

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
)

// Simulator runs one cluster with one packer after the other.
type Simulator struct {
	config   Config
	schedule *schedule
	typical  []weighed
}

// New draws what is to happen. Errors wrap [ErrConfig].
func New(c Config) (*Simulator, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s, err := newSchedule(&c, newFleet(c.Offers))
	if err != nil {
		return nil, err
	}
	return &Simulator{config: c, schedule: s, typical: typicalOf(&c)}, nil
}

// Scarce is the resource of which the tasks ask for the largest part; device:KIND for a device.
func (s *Simulator) Scarce() string { return s.schedule.scarce }

// Arriving is the number of tasks that arrive, those of the warm-up included.
func (s *Simulator) Arriving() int {
	n := 0
	for i := range s.schedule.events {
		if s.schedule.events[i].task != nil {
			n++
		}
	}
	return n
}

// epoch is the time that rounds are told the simulation starts at.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Run simulates the cluster with a packer. More options, such as an observer, go to the engine. An error is that of
// the context, or of the engine when it refuses a task or an offer.
func (s *Simulator) Run(ctx context.Context, name string, packer placement.Packer, more ...placement.Option) (Result, error) {
	c := &s.config
	opts := append([]placement.Option{placement.WithPacker(packer), placement.WithSeed(c.Seed), placement.WithOrder(c.Order), placement.WithExplain(0)}, more...)
	r := &run{Simulator: s, fleet: newFleet(c.Offers), engine: placement.NewEngine(opts...), jobs: map[placement.TaskID]*job{}}
	r.meter = newMeter(c, s.schedule.scarce, s.typical)
	for _, a := range r.fleet.agents {
		if err := r.engine.AddOffers(a.offers...); err != nil {
			return Result{}, err
		}
	}
	for tick := c.Every; tick <= c.end(); tick += c.Every {
		if err := r.until(tick); err != nil {
			return Result{}, err
		}
		if err := r.round(ctx); err != nil {
			return Result{}, err
		}
	}
	return r.meter.result(name, r), nil
}

// run is a simulation under way.
type run struct {
	*Simulator
	fleet  *fleet
	engine *placement.Engine
	meter  *meter
	now    time.Duration
	next   int // of the schedule
	jobs   map[placement.TaskID]*job
	ends   endings
	dirty  bool // something changed since the last round
	rounds int
}

// job is a task from its arrival to its end.
type job struct {
	task    *placement.Task
	lasts   time.Duration
	since   time.Duration // it waits, or runs
	running *placement.Assignment
	serial  int // of its present run
}

// until lets time pass, and has happen what happens meanwhile.
func (r *run) until(t time.Duration) error {
	for {
		next := t + 1
		if r.next < len(r.schedule.events) {
			next = r.schedule.events[r.next].at
		}
		ends := len(r.ends) > 0 && r.ends[0].at <= min(t, next)
		switch {
		case ends:
			e := heap.Pop(&r.ends).(ending)
			if j := r.jobs[e.task]; j != nil && j.serial == e.serial && j.running != nil {
				r.pass(e.at)
				r.end(j)
			}
		case next <= t:
			r.pass(next)
			r.next++
			if err := r.happen(&r.schedule.events[r.next-1]); err != nil {
				return err
			}
		default:
			r.pass(t)
			return nil
		}
	}
}

func (r *run) pass(to time.Duration) {
	r.meter.pass(r, r.now, to)
	r.now = to
}

func (r *run) happen(e *event) error {
	r.dirty = true
	a := r.fleet.agents[e.agent]
	switch {
	case e.task != nil:
		r.jobs[e.task.ID] = &job{task: e.task, lasts: e.lasts, since: r.now}
		return r.submit(e.task)
	case e.back:
		a.down = false
		r.fleet.count(a, 1)
		return r.engine.AddOffers(a.offers...)
	}
	for _, id := range slices.Clone(a.tasks) {
		j := r.jobs[id]
		r.stop(j)
		r.meter.gone(r.now)
		j.since = r.now
		if err := r.submit(j.task); err != nil {
			return err
		}
	}
	a.down = true
	r.fleet.count(a, -1)
	for _, o := range a.offers {
		r.engine.RemoveOffers(o.ID)
	}
	return nil
}

func (r *run) submit(t *placement.Task) error {
	if err := r.engine.Submit(*t); err != nil {
		return fmt.Errorf("clustersim: %w", err)
	}
	return nil
}

// end is a task that is done.
func (r *run) end(j *job) {
	r.stop(j)
	delete(r.jobs, j.task.ID)
}

// stop takes a task off its agent.
func (r *run) stop(j *job) {
	r.dirty = true
	r.meter.ran(r, j)
	r.fleet.give(j.running, j.task)
	j.running = nil
	r.engine.Ended(j.task.ID)
}

func (r *run) round(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.dirty {
		r.dirty = false
		r.rounds++
		start := time.Now()
		result, err := r.engine.Assign(ctx, placement.WithNow(epoch.Add(r.now)))
		r.meter.took(time.Since(start))
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for i := range result.Assignments {
			r.start(&result.Assignments[i])
		}
	}
	r.meter.sample(r)
	return nil
}

func (r *run) start(x *placement.Assignment) {
	j := r.jobs[x.Task]
	r.meter.waited(r, j)
	j.since, j.running = r.now, x
	j.serial++
	r.fleet.take(x, j.task)
	heap.Push(&r.ends, ending{r.now + j.lasts, j.task.ID, j.serial})
}

// endings are the ends of running tasks, the next first.
type endings []ending

type ending struct {
	at     time.Duration
	task   placement.TaskID
	serial int // an end of an earlier run of the task is none
}

func (q endings) Len() int { return len(q) }
func (q endings) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].task < q[j].task
}
func (q endings) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *endings) Push(e any)   { *q = append(*q, e.(ending)) }
func (q *endings) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
