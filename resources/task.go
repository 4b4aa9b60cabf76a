package resources

import "fmt"

// TaskResources is what a task asks for, as the master sees it.
type TaskResources struct {
	Task            []Resource
	Executor        []Resource // of the executor that runs the task; may be empty
	ExecutorRunning bool       // it runs already, and asks for nothing more
	Limits          Limits     // how much cpus and mem the task may use beyond its share
	Offered         Resources  // what the offers hold that are accepted together
}

// Validate reports why the master would refuse to launch the task, nil if it would not:
// [ValidateTask], [ValidateExecutor] and [ValidateTaskAndExecutor] hold, the offers
// contain the sum, and limits are for cpus and mem and no less than the task has.
// Errors wrap [ErrTask] and mostly another sentinel as well.
func (t TaskResources) Validate() error {
	if err := ValidateTask(t.Task); err != nil {
		return err
	}
	if len(t.Executor) > 0 {
		if err := ValidateExecutor(t.Executor); err != nil {
			return err
		}
	}
	if err := ValidateTaskAndExecutor(t.Task, t.Executor); err != nil {
		return err
	}
	task, err := New(t.Task...)
	if err != nil {
		return taskError("task", err)
	}
	total := task
	if !t.ExecutorRunning {
		executor, err := New(t.Executor...)
		if err != nil {
			return taskError("executor", err)
		}
		total = task.Plus(executor)
	}
	if !t.Offered.Contains(total) {
		return taskError("task and executor", fmt.Errorf("%w: %v in %v", ErrNotContained, total, t.Offered))
	}
	for name, limit := range t.Limits.All() {
		if name != "cpus" && name != "mem" {
			return taskError("limits", fmt.Errorf("%w: %s cannot have a limit", ErrName, name))
		}
		if has := task.Total(name, KindScalar).amount; limit < has {
			return taskError("limits", fmt.Errorf("%w: %s is limited to %v and has %v", ErrAmount, name, limit, has))
		}
	}
	return nil
}

func taskError(what string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrTask, what, err)
}

// ValidateTask reports why the master would refuse the resources of a task as such, nil
// if it would not: there are some, they are valid by [ValidateResources], persistence
// IDs are unique, all are allocated to one role, and no name is used both revocable
// and not. Errors wrap [ErrTask].
func ValidateTask(list []Resource) error {
	if len(list) == 0 {
		return taskError("task", fmt.Errorf("%w: no resources", ErrAmount))
	}
	return validateUse("task", list)
}

// ValidateExecutor is [ValidateTask] for an executor, which may ask for nothing, but not
// for shared resources.
func ValidateExecutor(list []Resource) error {
	for _, r := range list {
		if r.Shared {
			return taskError("executor", fmt.Errorf("%w: %v", ErrShared, r))
		}
	}
	return validateUse("executor", list)
}

func validateUse(what string, list []Resource) error {
	if err := ValidateResources(list); err != nil {
		return taskError(what, err)
	}
	all, err := New(list...)
	if err != nil {
		return taskError(what, err)
	}
	if err := validateUniqueIDs(all); err != nil {
		return taskError(what, err)
	}
	if err := validateSingleAllocation(list); err != nil {
		return taskError(what, err)
	}
	if err := validateNoMix(all); err != nil {
		return taskError(what, err)
	}
	return nil
}

// ValidateTaskAndExecutor reports why the master would refuse the resources of a task
// and its executor together, nil if it would not: the sum is valid, persistence IDs are
// unique, no name is used both revocable and not, and they have no port and no item of a set in
// common. Resources that are not valid are ignored, as in Mesos: the two functions above
// have refused them. Errors wrap [ErrTask].
func ValidateTaskAndExecutor(task, executor []Resource) error {
	const what = "task and executor"
	t, e := validOnly(task...), validOnly(executor...)
	total := t.Plus(e)
	list := make([]Resource, 0, total.Len())
	for r := range total.All() {
		list = append(list, r)
	}
	if err := ValidateResources(list); err != nil {
		return taskError(what, err)
	}
	if err := validateUniqueIDs(total); err != nil {
		return taskError(what, err)
	}
	if err := validateNoMix(total); err != nil {
		return taskError(what, err)
	}
	if t.Overlaps(e) {
		return taskError(what, fmt.Errorf("%w: ports or items of a set in common", ErrDuplicate))
	}
	return nil
}
