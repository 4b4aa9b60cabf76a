package placement

import (
	"maps"
	"slices"
	"time"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// Phase is a part of a round.
type Phase string

// The phases of a round, in order.
const (
	PhaseBuild   Phase = "build"
	PhasePack    Phase = "pack"
	PhaseResult  Phase = "result"
	PhaseExplain Phase = "explain"
)

// Observer is told what a round does, in the goroutine that runs it. The core reads no clock; an
// observer that wants times takes them. It must not change what it is given, and keep nothing of it beyond the call but a [Result], whose
// lists are read only for everybody, and a [Snapshot].
type Observer interface {
	// RoundStarts is called once, with valid input.
	RoundStarts(*Input)
	// PhaseStarts is called as each phase starts.
	PhaseStarts(Phase)
	// RoundEnds is called once, with the result or the error.
	RoundEnds(Result, error)
}

// Input is all that the result of a round is a function of. It is valid during the call of
// [Observer.RoundStarts], and what it refers to is read only; the lists it gives then stay as they are until
// [Observer.RoundEnds] returns. An observer that looks at none of it costs nothing.
type Input struct {
	// Engine says that the round is one of an [Engine]: a fresh [Assign] of this input would give the same result, but for
	// Stats, which counts what was remembered, and for explanations that stand from earlier rounds.
	Engine bool
	config config
	engine *Engine
	offers []Offer // of a call of Assign
	tasks  []Task
}

// Settings are the options of the round.
func (in *Input) Settings() Settings { return in.config.settings() }

// Ports is [Settings.Ports] without the rest. Who wants to know the policies of agents asks for them in this call, not later.
func (in *Input) Ports() func(AgentID) ports.Policy { return in.config.ports }

// Sizes says how many there are of each of the lists, in constant time.
func (in *Input) Sizes() (offers, tasks, running int) {
	if e := in.engine; e != nil {
		return e.held, len(e.round.pending), e.round.population - len(e.round.pending)
	}
	return len(in.offers), len(in.tasks), len(in.config.running)
}

// Offers are those of the round, oldest first. An engine lists them for the call, which takes time linear in their number.
func (in *Input) Offers() []Offer {
	if in.engine != nil {
		return in.engine.Offers()
	}
	return in.offers
}

// Tasks are those to be placed, in the order given or submitted. What is said of Offers holds for them, too.
func (in *Input) Tasks() []Task {
	if in.engine != nil {
		return in.engine.Pending()
	}
	return in.tasks
}

// Running are the tasks that run already, those that started first before the others.
func (in *Input) Running() []Running {
	if in.engine != nil {
		return in.engine.Running()
	}
	return in.config.running
}

// Snapshot gives the same lists to be read after the call and beside the engine, in constant time: see [Snapshot]. It is false for
// a call of [Assign], whose lists are its caller's, who may change them afterwards. An engine has none, either, while an earlier one is
// open, and when it is first asked with tasks running: it looks through its tables then, a little in each round that asks. From then on it
// takes note of every task that starts, which costs some nanoseconds each.
func (in *Input) Snapshot() (s *Snapshot, ok bool) {
	if in.engine != nil {
		s = in.engine.snapshot(&in.config)
	}
	return s, s != nil
}

// Settings are the options of a round that change its result.
type Settings struct {
	// Packer is never nil.
	Packer Packer
	Order  Order
	// Weights are those of [WithWeights].
	Weights map[string]float64
	// Overcommit and Headroom are those of [WithOvercommit] and [WithHeadroom].
	Overcommit map[string]float64
	Headroom   map[string]resources.Amount
	// Limits and Tiers are those of [WithLimits] and [WithTiers].
	Limits []Limit
	Tiers  []Tier
	Seed   uint64
	// Budget in steps; zero or less: none.
	Budget int64
	// Batch and GoodEnough are those of [WithBatch] and [WithGoodEnough].
	Batch      int
	GoodEnough float64
	Now        time.Time
	Pieces     bool
	// Explain is the budget of explanations in steps; less than zero in an engine that explains when it sees fit.
	Explain int64
	// Ports is the policy of each agent; nil: lowest first for all. It may be called: an answer that was given
	// is remembered for the round.
	Ports func(AgentID) ports.Policy
	// Disabled are the agents that take no tasks, by id.
	Disabled []Disabled
	// GroupBy and ActiveGroups are the attribute and the values, sorted, of [WithActiveGroups].
	GroupBy      string
	ActiveGroups []string
}

func (c *config) settings() Settings {
	return Settings{Packer: c.packer, Order: c.order, Weights: c.weights, Limits: c.limits.list(), Tiers: c.tiers.list(), Overcommit: c.overcommit.floats(), Headroom: c.headroom.amounts(), Seed: c.seed, Budget: c.budget, Batch: c.batch, GoodEnough: c.enough,
		Now: c.now, Pieces: c.pieces, Explain: c.explain, Ports: c.ports,
		Disabled: c.disabled.list(), GroupBy: c.groupBy, ActiveGroups: slices.Sorted(maps.Keys(c.active))}
}

// Options are the options that make these settings.
func (s *Settings) Options() []Option {
	return []Option{WithPacker(s.Packer), WithOrder(s.Order), WithWeights(s.Weights), WithLimits(s.Limits...), WithTiers(s.Tiers...), WithOvercommit(s.Overcommit), WithHeadroom(s.Headroom), WithSeed(s.Seed), WithBudget(s.Budget), WithBatch(s.Batch), WithGoodEnough(s.GoodEnough),
		WithNow(s.Now), func(c *config) { c.pieces = s.Pieces }, WithExplain(s.Explain), WithPorts(s.Ports),
		WithDisabled(s.Disabled...), WithActiveGroups(s.GroupBy, s.ActiveGroups...)}
}

// onceAnAgent lets an observer ask for policies before the round does, with one call for both.
func onceAnAgent(policy func(AgentID) ports.Policy) func(AgentID) ports.Policy {
	known := map[AgentID]ports.Policy{}
	return func(id AgentID) ports.Policy {
		p, ok := known[id]
		if !ok {
			p = policy(id)
			known[id] = p
		}
		return p
	}
}
