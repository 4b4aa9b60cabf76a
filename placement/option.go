package placement

import (
	"time"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// Option changes how a round is run. The zero configuration, no options at all, places the tasks
// by the packer that [Auto] chooses, with seed 0, no budget and explanations.
type Option func(*config)

type config struct {
	packer     Packer
	order      Order
	weights    map[string]float64
	seed       uint64
	budget     int64
	now        time.Time
	running    []Running
	pieces     bool
	workers    int
	explain    int64
	observer   Observer
	ports      func(AgentID) ports.Policy
	watch      TaskID
	disabled   disabledSet
	groupBy    string
	active     map[string]bool
	limits     *limitList
	tiers      *tierList
	overcommit *overcommit
	headroom   *headroom
	batch      int
	enough     float64
	backoff    Backoff
}

// defaultExplain is the default budget of explanations, in steps: looks at one agent for one
// combination of shape and rule. It costs a fraction of a second.
const defaultExplain = 1 << 21

func newConfig(lists ...[]Option) config {
	c := config{order: AsGiven, explain: defaultExplain, workers: 1}
	for _, opts := range lists {
		for _, o := range opts {
			if o != nil {
				o(&c)
			}
		}
	}
	if c.packer == nil {
		c.packer = Auto()
	}
	if c.observer != nil && c.ports != nil {
		c.ports = onceAnAgent(c.ports)
	}
	return c
}

// WithPacker sets the packer. Nil means the default.
func WithPacker(p Packer) Option { return func(c *config) { c.packer = p } }

// WithOrder sets the order in which tasks of one priority are offered to the packer. Packers that fill bin after bin
// do not follow it within a priority.
func WithOrder(o Order) Option { return func(c *config) { c.order = o } }

// WithSeed seeds whatever is random: the packer's generator and a random order. Each round seeds
// afresh.
func WithSeed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// WithBudget ends the packer's work after about this many steps, a step being a look at one bin for
// one task; the call of Best or First during which the budget runs out is still finished. Zero or
// less means no limit. The outcome depends on the budget alone, not on the machine.
func WithBudget(steps int64) Option { return func(c *config) { c.budget = steps } }

// WithNow sets the time that constraints read. The core has no clock: without this option the time
// is zero.
func WithNow(t time.Time) Option { return func(c *config) { c.now = t } }

// WithRunning names tasks that are running already, started by whomever. They count like placed
// ones for constraints and for capacity, their standing requirements hold, and they are never refused.
// What they use is not subtracted from an ordinary offer, which holds only what is free, but from a
// standing one.
func WithRunning(running ...Running) Option {
	return func(c *config) { c.running = append(c.running, running...) }
}

// WithPieces fills in [Assignment.Pieces].
func WithPieces() Option { return func(c *config) { c.pieces = true } }

// WithWorkers lets up to n goroutines share what can be split: filling the bins, and explaining failures
// that no constraint has to judge. The result does not depend on n; all of them have ended when the call returns. Less
// than two: none.
func WithWorkers(n int) Option { return func(c *config) { c.workers = max(1, n) } }

// WithExplain sets the budget for explaining failures, in steps. Zero: failures say only that nothing
// was looked at, and [Explain] answers for one task. Less than zero, the default of an engine: see [Engine.Assign].
func WithExplain(steps int64) Option { return func(c *config) { c.explain = steps } }

// WithObserver has an observer told of the phases of the round.
func WithObserver(o Observer) Option { return func(c *config) { c.observer = o } }

// WithPorts sets the policy by which port numbers are taken on an agent. It is called once an
// agent at most. Nil: lowest first.
func WithPorts(policy func(AgentID) ports.Policy) Option { return func(c *config) { c.ports = policy } }

// Running is a task that is running already.
type Running struct {
	// Task is what was asked for. Only its standing requirements matter among Require.
	Task  Task
	Agent AgentID
	// Hostname and Attributes describe the agent as it was when the task was started. They are
	// read only when no offer of the agent is given.
	Hostname   string
	Attributes resources.Attributes
	// Role, Ports, Devices, Items and Revocable are what it holds, as its [Assignment] said. They
	// matter on a standing offer.
	Role      string
	Ports     []uint16
	Devices   []DeviceGrant
	Items     []ItemGrant
	Revocable bool
	// Pieces are the exact resources it holds; they matter where pieces are asked for, see [WithPieces].
	Pieces resources.Resources
}
