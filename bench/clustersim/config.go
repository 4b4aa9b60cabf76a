package clustersim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/berth-go/berth/placement"
)

// Config is a cluster and what happens to it.
type Config struct {
	// Offers are the fleet: all offers of an agent together are the agent.
	Offers []placement.Offer
	// Tasks are what arrives. Those of one gang, or else of one group, are a job and arrive together; the others one by one. Jobs are drawn at
	// random, each as likely as any other, and every draw has names of its own.
	Tasks []placement.Task
	// Load is which part of the fleet the tasks would use of the resource that runs out first, if each ran as it arrives.
	Load float64
	// Lasts is the mean of the exponential durations of tasks that do not say how long they last.
	Lasts time.Duration
	// Arrivals are used instead of draws, if there are any. They are in the order of time.
	Arrivals []Arrival
	// Outages are used instead of draws, if there are any.
	Outages []Outage
	// Warmup is how long the cluster fills before anything is measured; Duration how long is measured.
	Warmup, Duration time.Duration
	// Every is the time between rounds.
	Every time.Duration
	// FailsAfter is the mean time that an agent works before it fails, exponential; zero: for ever. BackAfter is how long
	// it is gone, in the mean.
	FailsAfter, BackAfter time.Duration
	// Patience is how long a task may wait before it counts as starved.
	Patience time.Duration
	Order    placement.Order
	Seed     uint64
}

// Arrival is a task that arrives at a time after the start. Lasts of zero means that of the task, or a draw.
type Arrival struct {
	At    time.Duration
	Task  placement.Task
	Lasts time.Duration
}

// Outage is an agent that is gone for a time after the start; Until of zero: for good.
type Outage struct {
	Agent       placement.AgentID
	From, Until time.Duration
}

// ErrConfig is what errors about a [Config] wrap.
var ErrConfig = errors.New("bad configuration")

// maxRounds and maxEvents bound a simulation.
const (
	maxRounds = 10_000_000
	maxEvents = 50_000_000
)

func (c *Config) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("clustersim: %w: %s", ErrConfig, fmt.Sprintf(format, args...))
	}
	switch {
	case len(c.Offers) == 0:
		return bad("no agents")
	case len(c.Tasks) == 0 && len(c.Arrivals) == 0:
		return bad("no tasks")
	case len(c.Arrivals) == 0 && !(c.Load > 0 && c.Load <= 10):
		return bad("load %v, not above 0 and at most 10", c.Load)
	case c.Every < time.Millisecond || c.Duration < c.Every || c.Warmup < 0:
		return bad("a duration of %v after %v with a round every %v", c.Duration, c.Warmup, c.Every)
	case float64(c.Warmup)+float64(c.Duration) > math.MaxInt64/4 || int64(c.end()/c.Every) > maxRounds:
		return bad("more than %d rounds", maxRounds)
	case c.Lasts < time.Millisecond || c.Patience <= 0:
		return bad("tasks that last %v, patience for %v", c.Lasts, c.Patience)
	case c.FailsAfter < 0 || c.FailsAfter > 0 && min(c.FailsAfter, c.BackAfter) < time.Second:
		return bad("agents that fail after %v and are back after %v", c.FailsAfter, c.BackAfter)
	}
	return nil
}

func (c *Config) end() time.Duration { return c.Warmup + c.Duration }
