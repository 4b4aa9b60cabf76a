package mesosv1

import (
	"fmt"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// executor is an executor of tasks in a call.
type executor struct {
	info mesos.ExecutorInfo  // without Resources
	has  resources.Resources // its own
	// there says that it runs on the agent already, or comes with an earlier task of the call.
	there bool
	// uses is what it and its tasks of this call use.
	uses resources.Resources
}

// executorOf finds or makes the executor of tasks, which all name the same, and gives it its resources out of theirs.
func (p *plan) executorOf(u []*item) (*executor, error) {
	info := *u[0].info.Executor
	id := info.ExecutorID.Value
	if err := resources.ValidateID(id); err != nil {
		return nil, fmt.Errorf("%w: executor id: %w", ErrLaunch, err)
	}
	if info.FrameworkID == nil {
		info.FrameworkID = frameworkID(p.accepter.Framework)
	}
	given, err := FromResources(info.Resources)
	if err != nil {
		return nil, fmt.Errorf("%w: executor %q: %w", ErrLaunch, id, err)
	}
	info.Resources = nil
	given = given.Allocate(p.role())
	if e := p.executors[id]; e != nil {
		if !e.info.Equal(info) || !given.IsEmpty() && !given.Equal(e.has) {
			return nil, fmt.Errorf("%w: %q", ErrExecutor, id)
		}
		again := *e
		return &again, nil
	}
	e := &executor{info: info, has: given, uses: given}
	for i := range p.offers {
		e.there = e.there || slices.Contains(p.offers[i].Executors, id)
	}
	if e.there {
		return e, nil
	}
	for _, t := range u {
		if t.launch.ExecutorNeeds.IsEmpty() {
			continue
		}
		part, rest, err := split(t.has, t.launch.ExecutorNeeds)
		if err != nil {
			return nil, fmt.Errorf("executor %q: %w", id, err)
		}
		t.has, e.has = rest, e.has.Plus(part)
		e.uses = e.has
		break
	}
	if cpus := e.has.Quantities().Get("cpus"); info.Type == mesos.ExecutorInfo_DEFAULT && cpus < leastDefaultCPUs {
		return nil, fmt.Errorf("%w: the default executor %q has %v cpus, and a master wants %v", ErrLaunch, id, cpus, leastDefaultCPUs)
	}
	return e, nil
}

// leastDefaultCPUs is what masters want of default executors, and only of those.
const leastDefaultCPUs = resources.One / 100

// split takes scalars out of r: what is named in q, but for disks and volumes.
func split(r resources.Resources, q resources.Quantities) (part, rest resources.Resources, err error) {
	var pieces []resources.Resource
	for name, amount := range q.All() {
		for x := range r.All() {
			if amount == 0 {
				break
			}
			if x.Name != name || x.Disk != nil || x.Value.Kind() != resources.KindScalar {
				continue
			}
			take := min(amount, x.Value.Amount())
			x.Value = resources.ScalarOf(take)
			amount -= take
			pieces = append(pieces, x)
		}
		if amount > 0 {
			return part, rest, fmt.Errorf("%w: the executor needs %v more of %s than the task was placed with", resources.ErrNotContained, amount, name)
		}
	}
	if part, err = resources.New(pieces...); err != nil {
		return part, rest, err
	}
	return part, r.Minus(part), nil
}

// use notes that a task runs under the executor. It refuses to mix revocable and regular resources of one name.
func (e *executor) use(has resources.Resources) error {
	all := e.uses.Plus(has)
	for _, name := range all.Names() {
		n := all.Named(name)
		if !n.Revocable().IsEmpty() && !n.NonRevocable().IsEmpty() {
			return fmt.Errorf("%w: %s would be both revocable and not under executor %q", resources.ErrRevocable, name, e.info.ExecutorID.Value)
		}
	}
	e.uses = all
	return nil
}

func (e *executor) message(p *plan) (info mesos.ExecutorInfo, err error) {
	info = e.info
	info.Resources, err = p.wire(e.has)
	return info, err
}
