package offersim

import (
	"errors"
	"fmt"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Config is a cluster and what its frameworks ask for. [DefaultConfig] is one to start from.
type Config struct {
	// Agents is how many there are, each with what Agent says. Only cpus and mem count.
	Agents int
	Agent  resources.Quantities
	// Small and Big are the tasks of Berth's framework.
	Small, Big Class
	// Rivals is the number of other frameworks, and Load which part of the cluster's cpus their tasks would use if each
	// ran as it arrives. They have two kinds of task, as many of the one as of the other: RivalNeeds.
	Rivals     int
	Load       float64
	RivalNeeds [2]resources.Quantities
	RivalLasts time.Duration
	// Warmup is how long the cluster fills before anything is measured, Duration how long is measured. Of the tasks that
	// arrive meanwhile, each is watched for Patience, at most: one that has not been launched by then counts as not
	// launched, whatever comes later.
	Warmup, Duration, Patience time.Duration
	// Interval is how often the master allocates. OfferTimeout is when it takes offers back; zero: never.
	Interval, OfferTimeout time.Duration
	// Refuse is for how long what is declined shall not be offered again.
	Refuse time.Duration
	// MaxHold and MaxShare are the limits of the buffer: see [offerbuffer.Config].
	MaxHold  time.Duration
	MaxShare float64
	Seed     uint64
}

// Class is a stream of like tasks: a Poisson process with the mean time between two of them, and exponential
// durations with the mean given.
type Class struct {
	Needs        resources.Quantities
	Every, Lasts time.Duration
}

// DefaultConfig is a cluster of 40 agents that is nine tenths full: a task of six cpus has hardly a chance to see an agent with
// six free, unless somebody waits for it.
func DefaultConfig() Config {
	q := resources.MustQuantities
	return Config{
		Agents: 40, Agent: q("cpus:8;mem:32768"),
		Small:  Class{q("cpus:1;mem:4096"), 3 * time.Second, 30 * time.Second},
		Big:    Class{q("cpus:6;mem:24576"), 20 * time.Second, time.Minute},
		Rivals: 3, Load: 0.85, RivalNeeds: [2]resources.Quantities{q("cpus:1;mem:4096"), q("cpus:2;mem:8192")}, RivalLasts: time.Minute,
		Warmup: 5 * time.Minute, Duration: 30 * time.Minute, Patience: 5 * time.Minute,
		Interval: time.Second, OfferTimeout: 3 * time.Minute, Refuse: 5 * time.Second,
		MaxHold: 2 * time.Minute, Seed: 1,
	}
}

// ErrConfig is what errors of [Run] about its input wrap.
var ErrConfig = errors.New("bad configuration")

func (c *Config) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("offersim: %w: %s", ErrConfig, fmt.Sprintf(format, args...))
	}
	switch {
	case c.Agents < 1 || c.Agents > 10_000:
		return bad("%d agents, not 1 to 10000", c.Agents)
	case c.Rivals < 0 || c.Rivals > 100:
		return bad("%d rivals, not 0 to 100", c.Rivals)
	case !(c.Load >= 0 && c.Load <= 4):
		return bad("load %v, not 0 to 4", c.Load)
	case c.Interval < 10*time.Millisecond || c.Duration < c.Interval || c.Duration > 1000*time.Hour:
		return bad("a duration of %v with an interval of %v", c.Duration, c.Interval)
	case c.Warmup < 0 || c.Patience <= 0 || c.Refuse < 0 || c.OfferTimeout < 0:
		return bad("a negative time, or no patience")
	}
	whole := sizeOf(c.Agent)
	for _, q := range []resources.Quantities{c.Small.Needs, c.Big.Needs, c.RivalNeeds[0], c.RivalNeeds[1]} {
		if n := sizeOf(q); !whole.contains(n) || n == (size{}) {
			return bad("a task of %v on agents of %v", q, c.Agent)
		}
	}
	if min(c.Small.Every, c.Small.Lasts, c.Big.Every, c.Big.Lasts, c.RivalLasts) < time.Millisecond {
		return bad("tasks need times of a millisecond at least")
	}
	return nil
}

// size is an amount of cpus and of mem.
type size [2]resources.Amount

func sizeOf(q resources.Quantities) size { return size{q.Get("cpus"), q.Get("mem")} }

func (s size) plus(o size) size  { return size{s[0] + o[0], s[1] + o[1]} }
func (s size) minus(o size) size { return size{s[0] - o[0], s[1] - o[1]} }

func (s size) contains(o size) bool { return s[0] >= o[0] && s[1] >= o[1] }

func (s size) times(n int) size { return size{s[0] * resources.Amount(n), s[1] * resources.Amount(n)} }

// of is the dominant share: the larger part of a whole.
func (s size) of(whole size) float64 {
	share := 0.0
	for i := range s {
		if whole[i] > 0 {
			share = max(share, float64(s[i])/float64(whole[i]))
		}
	}
	return share
}

func (s size) resources() resources.Resources {
	return resources.Must(
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(s[0])},
		resources.Resource{Name: "mem", Value: resources.ScalarOf(s[1])},
	)
}

func agentID(i int) placement.AgentID { return placement.AgentID(fmt.Sprintf("agent-%04d", i)) }
