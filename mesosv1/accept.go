package mesosv1

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Accepter turns assignments into calls. All fields but Offer and Launch may be zero.
type Accepter struct {
	// Framework is the ID of the framework.
	Framework string
	// Principal is whose reservations and volumes are made; it must be the one the framework registered with.
	Principal string
	// Refuse is for how long what is left of the offers shall not be offered again. Zero: the master's default, 5
	// seconds. Less than zero: it may be offered again at once.
	Refuse time.Duration
	// Offer finds an offer that an assignment names.
	Offer func(placement.OfferID) (Offer, bool)
	// Launch says what to launch. It is called once for each assignment, those of a bin in the order in which they
	// were made. A panic counts as an error.
	Launch func(placement.Assignment) (Launch, error)
}

// Call is what becomes of the offers of one bin: an ACCEPT, or, when nothing of it can be launched, a DECLINE. Either
// way the offers end with it.
type Call struct {
	Agent  placement.AgentID
	Role   string
	Offers []placement.OfferID
	// Call is nil when none of the offers is known.
	Call *scheduler.Call
	// Launched are the tasks in the call, and Failed those that an error is about: for the engine they have ended.
	Launched, Failed []placement.TaskID
}

// Accept makes one call for each bin, in the order in which the assignments first name them. The assignments need their
// Pieces, see [placement.WithPieces]. The operations of an ACCEPT are, in this order:
//
//	RESERVE       for each task that asks to keep its place
//	CREATE        for each task that makes volumes
//	LAUNCH        of all tasks that are not in a group
//	LAUNCH_GROUP  for each group
//
// Every operation is checked as the master would: what it takes is contained in the offers after the operations before it, and
// is valid. What would be refused is left out, and so is a task whose launch data cannot be had; the error is then the
// join of a [*CallError] for each task left out. The calls are good all the same.
//
// A bin with offers that are not known, of several agents or roles, or in use by another bin gets no ACCEPT, because
// the master would refuse it all: those of its offers that are known and free are declined.
func (a *Accepter) Accept(assignments []placement.Assignment) ([]Call, error) {
	var plans []*plan
	taken := map[placement.OfferID]bool{}
	for _, group := range byBin(assignments) {
		p := &plan{accepter: a, Call: Call{Agent: group[0].Agent, Role: group[0].Role}}
		plans = append(plans, p)
		if err := p.open(group[0].Offers, taken); err != nil {
			for i := range group {
				p.fail(group[i].Task, err)
			}
			continue
		}
		p.askAll(group)
	}
	refuseSplit(plans)
	var calls []Call
	var errs []error
	for _, p := range plans {
		p.planAll()
		p.finish()
		calls = append(calls, p.Call)
		errs = append(errs, p.errs...)
	}
	return calls, errors.Join(errs...)
}

// byBin groups assignments that are accepted together, keeping their order; within a bin, the order of placement.
func byBin(assignments []placement.Assignment) [][]placement.Assignment {
	var out [][]placement.Assignment
	at := map[string]int{}
	for _, s := range assignments {
		var key strings.Builder
		fmt.Fprintf(&key, "%q%q%q", s.Agent, s.Role, s.Offers)
		i, ok := at[key.String()]
		if !ok {
			i = len(out)
			at[key.String()] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], s)
	}
	for _, group := range out {
		slices.SortStableFunc(group, func(x, y placement.Assignment) int { return x.Order - y.Order })
	}
	return out
}

// refuseSplit fails the tasks of groups that are on several bins.
func refuseSplit(plans []*plan) {
	first, split := map[string]*plan{}, map[string]bool{}
	for _, p := range plans {
		for _, u := range p.units {
			if g := u[0].launch.Group; g != "" {
				split[g] = first[g] != nil
				first[g] = p
			}
		}
	}
	for _, p := range plans {
		for _, u := range p.units {
			if g := u[0].launch.Group; g != "" && split[g] {
				p.failUnit(u, fmt.Errorf("%w: %q", ErrSplit, g))
			}
		}
	}
}

// plan is the making of one call.
type plan struct {
	Call
	accepter *Accepter
	offers   []Offer
	units    [][]*item // single tasks, and groups
	errs     []error
	// left is what the offers hold after the operations so far, allocated to the bin's role.
	left      resources.Resources
	volumes   resources.Resources // persistent volumes that are known on the agent
	executors map[string]*executor
	tasks     map[string]bool // ids that are launched
	// bare says that the offers do not mention allocations, so the operations must not either.
	bare bool

	reserve, create, groups []mesos.Offer_Operation
	launch                  []mesos.TaskInfo
}

// open finds the offers and checks that they can be accepted together.
func (p *plan) open(ids []placement.OfferID, taken map[placement.OfferID]bool) error {
	var bad error
	note := func(format string, args ...any) {
		if bad == nil {
			bad = fmt.Errorf(format, args...)
		}
	}
	p.bare = true
	var all []resources.Resources
	for _, id := range ids {
		o, ok := p.accepter.Offer(id)
		switch {
		case !ok:
			note("%w: offer %q", ErrMissing, id)
			continue
		case taken[id]:
			note("%w: offer %q", ErrUsed, id)
			continue
		case o.Agent != p.Agent || o.Role != p.Role:
			note("%w: offer %q is of agent %q for role %q, the assignment of agent %q for role %q", ErrMixed, id, o.Agent, o.Role, p.Agent, p.Role)
		}
		taken[id] = true
		p.Offers = append(p.Offers, id)
		p.offers = append(p.offers, o)
		all = append(all, o.Resources)
		for r := range o.Resources.All() {
			p.bare = p.bare && r.AllocatedTo == ""
		}
	}
	if len(ids) == 0 {
		note("%w: the assignment names no offers", ErrMissing)
	}
	p.left = resources.Sum(all...).Allocate(p.role())
	p.volumes = p.left.PersistentVolumes()
	p.executors, p.tasks = map[string]*executor{}, map[string]bool{}
	return bad
}

// role is the bin's role as Mesos writes it.
func (p *plan) role() string {
	if p.Role == "" {
		return "*"
	}
	return p.Role
}

func (p *plan) fail(task placement.TaskID, err error) {
	p.Failed = append(p.Failed, task)
	p.errs = append(p.errs, &CallError{task, p.Agent, err})
}

// askAll asks how to launch the tasks of the bin, and sorts them into units: single ones, and groups.
func (p *plan) askAll(group []placement.Assignment) {
	at := map[string]int{}
	for i := range group {
		t := &item{assignment: &group[i]}
		if err := p.ask(t); err != nil {
			p.fail(t.assignment.Task, err)
			if t.launch.Group == "" {
				continue
			}
			t.failed = true
		}
		k, ok := at[t.launch.Group]
		if !ok || t.launch.Group == "" {
			k = len(p.units)
			p.units = append(p.units, nil)
			at[t.launch.Group] = k
		}
		p.units[k] = append(p.units[k], t)
	}
}

// planAll plans the units, each by itself, so that one that cannot be launched leaves the others what they had.
func (p *plan) planAll() {
	for _, u := range p.units {
		if u[0].split {
			continue
		}
		before := *p
		if err := p.unit(u); err != nil {
			p.left, p.volumes, p.reserve, p.create = before.left, before.volumes, before.reserve, before.create
			p.failUnit(u, err)
			continue
		}
		for _, t := range u {
			p.Launched = append(p.Launched, t.assignment.Task)
			p.tasks[t.info.TaskID.Value] = true
		}
	}
}

func (p *plan) failUnit(u []*item, err error) {
	for _, t := range u {
		if !t.failed {
			p.fail(t.assignment.Task, err)
		}
		t.failed, t.split = true, true
	}
}

// finish makes the call.
func (p *plan) finish() {
	ops := slices.Concat(p.reserve, p.create)
	if len(p.launch) > 0 {
		ops = append(ops, mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH, Launch: &mesos.Offer_Operation_Launch{TaskInfos: p.launch}})
	}
	ops = append(ops, p.groups...)
	switch {
	case len(p.Offers) == 0: // nothing is known of what the assignments name
	case len(p.Launched) == 0:
		p.Call.Call = Decline(p.accepter.Framework, 0, p.Offers...)
	default:
		accept := &scheduler.Call_Accept{OfferIDs: offerIDs(p.Offers), Operations: ops}
		if p.accepter.Refuse != 0 {
			accept.Filters = filters(p.accepter.Refuse)
		}
		p.Call.Call = &scheduler.Call{Type: scheduler.Call_ACCEPT, FrameworkID: frameworkID(p.accepter.Framework), Accept: accept}
	}
}
