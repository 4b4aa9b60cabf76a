package placement

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
)

// Expected is one shape of task that is expected to arrive, and how often compared with the others.
type Expected struct {
	// Task says what is asked for. Only what the capacity check reads matters: Needs, Ports, Devices, Sets, Disks,
	// Role and Revocable.
	Task Task
	// Weight is positive and finite. Weights need not sum to anything.
	Weight float64
}

// Workload is what tasks are expected to arrive: shapes of tasks with weights. It is an immutable value; the zero
// value expects nothing. Packers that look ahead are given one by [WithWorkload].
type Workload struct {
	shapes []Expected // heaviest first, then in the order given; no two alike
}

// NewWorkload makes a workload. Entries that ask for the same are one, with the sum of their weights. Errors wrap the
// sentinels of malformed tasks, and [ErrBadAmount] for a weight that is not positive and finite.
func NewWorkload(expected ...Expected) (Workload, error) {
	errs := &InputError{}
	at := map[string]int{}
	var w Workload
	var key []byte
	for i := range expected {
		e := &expected[i]
		fail := func(err error) { errs.add("expected", i, string(e.Task.ID), err) }
		if !(e.Weight > 0) || math.IsInf(e.Weight, 0) {
			fail(fmt.Errorf("%w: weight %v is not a positive number", ErrBadAmount, e.Weight))
		}
		validateRequests(fail, &e.Task)
		key = appendShapeKey(key[:0], &e.Task)
		if j, ok := at[string(key)]; ok {
			w.shapes[j].Weight = min(w.shapes[j].Weight+e.Weight, math.MaxFloat64)
			continue
		}
		at[string(key)] = len(w.shapes)
		w.shapes = append(w.shapes, Expected{shapeTask(&e.Task), e.Weight})
	}
	if err := errs.orNil(); err != nil {
		return Workload{}, err
	}
	slices.SortStableFunc(w.shapes, func(a, b Expected) int { return cmp.Compare(b.Weight, a.Weight) })
	return w, nil
}

// WorkloadOf expects more of what the tasks are, each counted once: those of a day, say.
func WorkloadOf(tasks []Task) (Workload, error) {
	expected := make([]Expected, len(tasks))
	for i := range tasks {
		expected[i] = Expected{tasks[i], 1}
	}
	return NewWorkload(expected...)
}

func validateRequests(fail func(error), t *Task) {
	if !t.Ports.IsZero() {
		if err := t.Ports.Validate(); err != nil {
			fail(fmt.Errorf("%w: %w", ErrBadRequest, err))
		}
	}
	validateDeviceRequests(fail, t.Devices)
	validateSetRequests(fail, t.Sets)
	validateDiskRequests(fail, t.Disks)
}

// shapeTask is what matters of an expected task.
func shapeTask(t *Task) Task {
	return Task{Needs: t.Needs, Ports: t.Ports, Devices: t.Devices, Sets: t.Sets, Disks: t.Disks, Role: t.Role, Revocable: t.Revocable}
}

// Len is the number of shapes.
func (w Workload) Len() int { return len(w.shapes) }

// At is the shape at a position; the heaviest is first.
func (w Workload) At(i int) Expected { return w.shapes[i] }

// All yields the shapes, heaviest first.
func (w Workload) All() iter.Seq[Expected] { return slices.Values(w.shapes) }

// Weight is the sum of all weights.
func (w Workload) Weight() float64 {
	sum := 0.0
	for i := range w.shapes {
		sum += w.shapes[i].Weight
	}
	return sum
}

// Times is the workload with every weight multiplied: how an old one is made to count less before a new one is
// added. A factor that is not positive and finite gives the empty workload.
func (w Workload) Times(factor float64) Workload {
	if !(factor > 0) || math.IsInf(factor, 0) {
		return Workload{}
	}
	var scaled Workload
	for _, e := range w.shapes {
		// What is too much or too little for a float is left out.
		if e.Weight *= factor; e.Weight > 0 && !math.IsInf(e.Weight, 0) {
			scaled.shapes = append(scaled.shapes, e)
		}
	}
	return scaled
}

// Plus expects what both do.
func (w Workload) Plus(o Workload) Workload {
	sum, _ := NewWorkload(slices.Concat(w.shapes, o.shapes)...) // both were checked
	return sum
}
