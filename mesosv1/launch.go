package mesosv1

import (
	"fmt"
	"math"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Launch says how a task is launched: everything that placement does not know.
type Launch struct {
	// Info is the task. TaskID is the assignment's Task unless it is set; AgentID and Resources are filled in. A task
	// has a Command, perhaps with a Container, or an Executor; in a group it has a Command or a Container, and an Executor.
	Info mesos.TaskInfo
	// ExecutorNeeds are scalars for the executor, out of what the task was placed with; the task itself gets the
	// rest. They count when the executor is not running on the agent yet; with several tasks in one call, for
	// the first of them. A master wants a default executor to have 0.01 cpus at least.
	ExecutorNeeds resources.Quantities
	// Group launches the tasks of one name together, all or none, by one LAUNCH_GROUP: a pod. All of them must be on
	// one agent and name the same Executor. It counts when an error is returned with it, too.
	Group string
	// Keep reserves what the task takes for the role of its offers, unless that is so already.
	Keep *Keep
	// Volumes are persistent volumes to be made out of disk that the task takes. The disk must be reserved, or Keep be set.
	Volumes []NewVolume
}

// Keep is a reservation.
type Keep struct {
	// Labels are attached to the reservation.
	Labels resources.Labels
}

// item is a task that is being planned.
type item struct {
	assignment *placement.Assignment
	launch     Launch
	info       mesos.TaskInfo
	has        resources.Resources // after reservations and volumes
	failed     bool                // an error about it has been noted already
	split      bool                // its group is on several bins
}

// ask has the framework say how to launch a task.
func (p *plan) ask(t *item) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: Launch panicked: %v", ErrLaunch, r)
		}
	}()
	if t.launch, err = p.accepter.Launch(*t.assignment); err != nil {
		return err
	}
	t.info = t.launch.Info
	t.info.AgentID.Value = string(p.Agent)
	if t.info.TaskID.Value == "" {
		t.info.TaskID.Value = string(t.assignment.Task)
	}
	if err := resources.ValidateID(t.info.TaskID.Value); err != nil {
		return fmt.Errorf("%w: task id: %w", ErrLaunch, err)
	}
	if t.launch.Group == "" && (t.info.Executor != nil) == (t.info.Command != nil) {
		return fmt.Errorf("%w: a task has either a command or an executor", ErrLaunch)
	}
	return nil
}

// unit plans a task, or all tasks of a group. On an error the caller undoes what it did to the plan's resources.
func (p *plan) unit(u []*item) error {
	grouped := u[0].launch.Group != ""
	ids := map[string]bool{}
	for _, t := range u {
		id := t.info.TaskID.Value
		switch {
		case t.failed:
			return fmt.Errorf("%w: another task of group %q cannot be launched", ErrLaunch, t.launch.Group)
		case p.tasks[id] || ids[id]:
			return fmt.Errorf("%w: the task id %q is launched twice", ErrLaunch, id)
		case grouped && t.info.Executor == nil:
			return fmt.Errorf("%w: a task of group %q has no executor", ErrLaunch, t.launch.Group)
		case grouped && t.info.Executor.ExecutorID.Value != u[0].info.Executor.ExecutorID.Value:
			return fmt.Errorf("%w: tasks of group %q name several", ErrExecutor, t.launch.Group)
		}
		ids[id] = true
		if err := p.convert(t); err != nil {
			return err
		}
	}
	if u[0].info.Executor == nil {
		if err := p.consume(u[0], nil); err != nil {
			return err
		}
		p.launch = append(p.launch, u[0].info)
		return nil
	}
	e, err := p.executorOf(u)
	if err != nil {
		return err
	}
	for _, t := range u {
		if err := p.consume(t, e); err != nil {
			return err
		}
	}
	return p.underExecutor(u, e)
}

// underExecutor puts tasks of an executor into the call. Nothing fails from here on but a conversion.
func (p *plan) underExecutor(u []*item, e *executor) error {
	info, err := e.message(p)
	if err != nil {
		return err
	}
	if u[0].launch.Group == "" {
		u[0].info.Executor = &info
		p.launch = append(p.launch, u[0].info)
	} else {
		op := &mesos.Offer_Operation_LaunchGroup{Executor: info}
		for _, t := range u {
			t.info.Executor = nil
			op.TaskGroup.Tasks = append(op.TaskGroup.Tasks, t.info)
		}
		p.groups = append(p.groups, mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH_GROUP, LaunchGroup: op})
	}
	p.executors[info.ExecutorID.Value] = e
	return nil
}

// consume takes what a task needs, its executor included if that is not there yet, out of what is left.
func (p *plan) consume(t *item, e *executor) error {
	limits, err := limitsOf(t.info.Limits)
	if err != nil {
		return err
	}
	check := resources.TaskResources{Task: list(t.has), Limits: limits, Offered: p.left}
	total := t.has
	if e != nil {
		check.Executor, check.ExecutorRunning = list(e.has), e.there
		if !e.there {
			total = total.Plus(e.has)
		}
	}
	if err := check.Validate(); err != nil {
		return err
	}
	if e != nil {
		if err := e.use(t.has); err != nil {
			return err
		}
		e.there = true
	}
	// A shared volume can be used by others, too.
	p.left = p.left.Minus(total.NonShared())
	t.info.Resources, err = p.wire(t.has)
	return err
}

// wire is resources as they go into the call.
func (p *plan) wire(r resources.Resources) ([]mesos.Resource, error) {
	if p.bare {
		r = r.Unallocate()
	}
	return ToResources(r)
}

func list(r resources.Resources) []resources.Resource { return slices.Collect(r.All()) }

func limitsOf(m map[string]mesos.Value_Scalar) (resources.Limits, error) {
	var q []resources.Quantity
	for _, name := range []string{"cpus", "mem"} {
		v, ok := m[name]
		if !ok || math.IsInf(v.Value, 1) {
			continue
		}
		a, err := resources.AmountOf(v.Value)
		if err != nil {
			return resources.Limits{}, fmt.Errorf("%w: limit of %s: %w", ErrLaunch, name, err)
		}
		q = append(q, resources.Quantity{Name: name, Amount: a})
	}
	for name := range m {
		if name != "cpus" && name != "mem" {
			return resources.Limits{}, fmt.Errorf("%w: %s cannot have a limit", ErrLaunch, name)
		}
	}
	return resources.NewLimits(q...)
}
