package placementtest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// The clauses of [Verify]. Every error it reports wraps one of them; match them with [errors.Is].
var (
	// ErrTasks: a task is missing, there twice or unknown, or the answers are not in the order of the tasks.
	ErrTasks = errors.New("every task is answered once, in order")
	// ErrWhy: a failure has no explanation.
	ErrWhy = errors.New("a failure says why")
	// ErrPlace: no offer is of this agent and role, or the offers are not all those of its bin, oldest first.
	ErrPlace = errors.New("agent, role and offers exist and belong together")
	// ErrRole: the task asked for another role.
	ErrRole = errors.New("the role asked for")
	// ErrRevocable: revocable resources are used, or not, against the task's policy.
	ErrRevocable = errors.New("the policy about revocable resources")
	// ErrCapacity: a scalar resource is overdrawn, regular and revocable amounts counted apart.
	ErrCapacity = errors.New("capacity")
	// ErrPorts: ports are not as requested, not free, or handed out twice.
	ErrPorts = errors.New("ports")
	// ErrDevices: device units are not as requested, not free enough, or shared where they must not be.
	ErrDevices = errors.New("devices")
	// ErrSets: set items are not as requested, not free, or handed out twice.
	ErrSets = errors.New("set items")
	// ErrDisks: disks or volumes are not as requested, not there, or overdrawn.
	ErrDisks = errors.New("disks")
	// ErrGang: of a gang less is placed than must be, or it is not on one agent although it must be.
	ErrGang = errors.New("a gang is placed whole or not at all")
	// ErrOrder: the orders of the assignments are not 0, 1, 2 and so on, each once.
	ErrOrder = errors.New("order is a permutation")
	// ErrConstraint: a required constraint refuses, the assignments being made in their order.
	ErrConstraint = errors.New("a required constraint holds")
	// ErrForbidden: a task placed before, or running, forbids this one by a standing requirement.
	ErrForbidden = errors.New("no task there forbids it")
	// ErrPieces: the pieces are not what the task takes, not in its offers, or not reserved ones first.
	ErrPieces = errors.New("pieces")
)

// Violation is one thing wrong with a result. It wraps the clause that is broken.
type Violation struct {
	Task   placement.TaskID
	Clause error
	Detail string
}

// Error names the task, the clause and what is wrong.
func (v *Violation) Error() string { return fmt.Sprintf("task %q: %v: %s", v.Task, v.Clause, v.Detail) }

// Unwrap returns the clause.
func (v *Violation) Unwrap() error { return v.Clause }

// Option tells [Verify] with which options the result was made.
type Option func(*checker)

// WithRunning names the tasks that were running, as [placement.WithRunning] does.
func WithRunning(running ...placement.Running) Option {
	return func(c *checker) { c.running = append(c.running, running...) }
}

// WithNow sets the time, as [placement.WithNow] does.
func WithNow(now time.Time) Option { return func(c *checker) { c.now = now } }

// WithPieces says that the result was made with [placement.WithPieces]. Otherwise pieces must be empty.
func WithPieces() Option { return func(c *checker) { c.pieces = true } }

// Verify reports everything that is wrong with the result of placing tasks on offers, nil when it is
// valid: joined errors, each a [*Violation]. Offers and tasks must be those that the result was made from.
//
// Constraints are replayed in the order of the assignments: each task is judged, and checked against what
// those before it forbid, when all before it are in place. Running tasks come first, and are never refused.
//
// Time is linear in offers and tasks, but for constraints that look at all values of an attribute.
func Verify(offers []placement.Offer, tasks []placement.Task, result placement.Result, opts ...Option) error {
	c := &checker{offers: offers, tasks: tasks}
	for _, o := range opts {
		o(c)
	}
	c.fold()
	c.hold()
	c.stretch()
	c.matchTasks(&result)
	c.locate(&result)
	c.checkGangs(&result)
	c.checkBatch(&result)
	for _, p := range c.places {
		c.charge(p)
	}
	c.replay()
	for _, p := range c.places {
		c.checkPieces(p)
	}
	return errors.Join(c.errs...)
}

// checker is the state of one Verify.
type checker struct {
	offers  []placement.Offer
	tasks   []placement.Task
	running []placement.Running
	now     time.Time
	pieces  bool
	// Which agents take no tasks.
	disabled []placement.Disabled
	groupBy  string
	active   []string
	limits   []placement.Limit
	factors  map[string]float64
	headroom map[string]resources.Amount
	tiers    []placement.Tier
	batch    int

	agents  []agent
	agentOf map[placement.AgentID]int
	bins    []bin
	binOf   map[binKey]int

	taskOf map[placement.TaskID]int
	placed []bool   // per task
	places []*place // of known tasks on known bins, by Order
	errs   []error

	counts  map[countKey]*counter
	byGroup map[string][]*counter
	splits  map[string]*split
	vetoes  []*veto
	vetoOf  map[vetoKey]*veto
	past    []member // running and replayed tasks, first ones first
	sizes   map[string]int
}

// place is an assignment that names a task and a bin that exist.
type place struct {
	a    *placement.Assignment
	task *placement.Task
	bin  *bin
}

func (c *checker) report(task placement.TaskID, clause error, format string, args ...any) {
	c.errs = append(c.errs, &Violation{task, clause, fmt.Sprintf(format, args...)})
}

// matchTasks checks that assignments and failures answer every task once, each list in input order.
func (c *checker) matchTasks(result *placement.Result) {
	c.taskOf = make(map[placement.TaskID]int, len(c.tasks))
	for i := range c.tasks {
		c.taskOf[c.tasks[i].ID] = i
	}
	c.placed = make([]bool, len(c.tasks))
	answered := make([]bool, len(c.tasks))
	last := -1
	answer := func(id placement.TaskID, list string) (index int, ok bool) {
		i, known := c.taskOf[id]
		switch {
		case !known:
			c.report(id, ErrTasks, "%s names a task that was not given", list)
			return 0, false
		case answered[i]:
			c.report(id, ErrTasks, "answered twice, the second time in %s", list)
		case i < last:
			c.report(id, ErrTasks, "%s has it after %q, which was given later", list, c.tasks[last].ID)
		}
		answered[i], last = true, max(last, i)
		return i, true
	}
	for i := range result.Assignments {
		if t, ok := answer(result.Assignments[i].Task, "Assignments"); ok {
			c.placed[t] = true
		}
	}
	last = -1
	for _, f := range result.Failures {
		answer(f.Task, "Failures")
		if f.Why == nil {
			c.report(f.Task, ErrWhy, "Why is nil")
		}
	}
	for i, ok := range answered {
		if !ok {
			c.report(c.tasks[i].ID, ErrTasks, "neither in Assignments nor in Failures")
		}
	}
}

// locate finds the bin of every assignment, and their order.
func (c *checker) locate(result *placement.Result) {
	seen := make([]bool, len(result.Assignments))
	for i := range result.Assignments {
		a := &result.Assignments[i]
		switch {
		case a.Order < 0 || a.Order >= len(seen):
			c.report(a.Task, ErrOrder, "Order is %d of %d assignments", a.Order, len(seen))
		case seen[a.Order]:
			c.report(a.Task, ErrOrder, "Order %d is there twice", a.Order)
		default:
			seen[a.Order] = true
		}
		t, known := c.taskOf[a.Task]
		if !known {
			continue
		}
		b, ok := c.binOf[binKey{a.Agent, a.Role}]
		if !ok {
			c.report(a.Task, ErrPlace, "no offer is of agent %q and role %q", a.Agent, a.Role)
			continue
		}
		p := &place{a, &c.tasks[t], &c.bins[b]}
		if !slices.Equal(a.Offers, p.bin.offers) {
			c.report(a.Task, ErrPlace, "Offers are %q, those of agent %q and role %q are %q", a.Offers, a.Agent, a.Role, p.bin.offers)
		}
		c.places = append(c.places, p)
	}
	slices.SortStableFunc(c.places, func(x, y *place) int { return cmp.Compare(x.a.Order, y.a.Order) })
}

// charge takes what an assignment uses out of its bin.
func (c *checker) charge(p *place) {
	if p.task.Role != "" && p.task.Role != p.a.Role {
		c.report(p.a.Task, ErrRole, "asked for %q, is on a bin of %q", p.task.Role, p.a.Role)
	}
	switch policy := p.task.Revocable; {
	case policy == placement.Never && p.a.Revocable:
		c.report(p.a.Task, ErrRevocable, "policy %v, but revocable resources are used", policy)
	case policy == placement.Only && !p.a.Revocable:
		c.report(p.a.Task, ErrRevocable, "policy %v, but regular resources are used", policy)
	}
	for name, amount := range p.task.Needs.All() {
		left := p.bin.scalars[scalarKey{name, p.a.Revocable}]
		if amount > left {
			c.report(p.a.Task, ErrCapacity, "needs %v %s of agent %q (revocable: %v), where %v are left", amount, name, p.a.Agent, p.a.Revocable, left)
			continue
		}
		p.bin.scalars[scalarKey{name, p.a.Revocable}] = left - amount
	}
	c.chargePorts(p)
	c.chargeDevices(p)
	if got, want := len(p.a.Items), len(p.task.Sets)+len(p.task.Disks); got != want {
		clause := ErrSets
		if len(p.task.Sets) == 0 && len(p.task.Disks) > 0 {
			clause = ErrDisks
		}
		c.report(p.a.Task, clause, "%d Items for %d requests", got, want)
		return
	}
	for i := range p.task.Sets {
		c.chargeSet(p, &p.task.Sets[i], &p.a.Items[i])
	}
	whole := map[*disk]bool{}
	for i := range p.task.Disks {
		c.chargeDisk(p, &p.task.Disks[i], &p.a.Items[len(p.task.Sets)+i], whole)
	}
}
