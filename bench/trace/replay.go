package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
)

var (
	// ErrUnresolved is a round with a constraint that its text does not give back and no [Resolver] knew.
	ErrUnresolved = errors.New("a constraint is not known here")
	// ErrPacker is a replay without a packer: files hold only names.
	ErrPacker = errors.New("a packer must be given")
)

// Round is a round as it was recorded.
type Round struct {
	// Number is its position among all rounds that the recorder was told of, from 0.
	Number uint64
	// Engine says that it was a round of an engine: see [placement.Input].
	Engine bool
	// Settings are those of the round; its packer is a [Named].
	Settings placement.Settings
	Offers   []placement.Offer
	Tasks    []placement.Task
	Running  []placement.Running
	Result   placement.Result
	// Err is the error with which the round ended; empty: none.
	Err string
	// Unresolved are the constraints that are not known here: the round cannot be replayed.
	Unresolved []Unresolved
}

// Named is the name of a packer, as its String method gave it, or its Go type. It does not pack: used, it panics.
type Named string

// Pack implements [placement.Packer].
func (n Named) Pack(*placement.Round) {
	panic(fmt.Sprintf("trace: %v: the trace holds no more of packer %s than its name", ErrPacker, string(n)))
}

// String is the name.
func (n Named) String() string { return string(n) }

// Unresolved stands for a constraint that is not known here. It judges nothing: asked to, it panics.
type Unresolved struct{ Type, Text string }

// String is the constraint's text form, as it was recorded.
func (u Unresolved) String() string { return u.Text }

// Reads implements [constraints.Constraint].
func (u Unresolved) Reads(string) constraints.Reads { return constraints.Reads{} }

// Judge implements [constraints.Constraint].
func (u Unresolved) Judge(*constraints.Candidate) constraints.Verdict { panic(u.err().Error()) }

func (u Unresolved) err() error {
	if u.Type == "" {
		return fmt.Errorf("trace: %w: %s", ErrUnresolved, u.Text)
	}
	return fmt.Errorf("trace: %w: %s, of the type %s; a resolver would make it", ErrUnresolved, u.Text, u.Type)
}

// Packer is the name of the packer of the round.
func (r *Round) Packer() string {
	if n, ok := r.Settings.Packer.(Named); ok {
		return string(n)
	}
	return ""
}

// Replay runs the round again with a packer. With the one it was recorded with the result is the same, unless a context ended the
// recorded one. Further options come after those recorded. The error wraps [ErrUnresolved] or [ErrPacker], or is that
// of [placement.AssignContext].
func (r *Round) Replay(ctx context.Context, packer placement.Packer, more ...placement.Option) (placement.Result, error) {
	if len(r.Unresolved) > 0 {
		return placement.Result{}, r.Unresolved[0].err()
	}
	if _, named := packer.(Named); named || packer == nil {
		return placement.Result{}, fmt.Errorf("trace: %w", ErrPacker)
	}
	opts := slices.Concat(r.Settings.Options(), []placement.Option{placement.WithRunning(r.Running...), placement.WithPacker(packer)}, more)
	return placement.AssignContext(ctx, r.Offers, r.Tasks, opts...)
}

// Ended says that a context ended the round, or that it failed: then a replay may well differ.
func (r *Round) Ended() bool { return r.Result.Truncated && r.Settings.Budget <= 0 || r.Err != "" }

// Diff compares a result with the recorded one, byte by byte, and says in a line where they differ; empty: nowhere. Of a round of an
// engine it leaves out what depends on earlier rounds: the counts of steps and the explanations.
func (r *Round) Diff(got placement.Result) (string, error) {
	want := r.Result
	if r.Engine {
		want, got = withoutPast(want), withoutPast(got)
	}
	a, err := resultBytes(want)
	if err != nil {
		return "", err
	}
	b, err := resultBytes(got)
	if err != nil || bytes.Equal(a, b) {
		return "", err
	}
	return difference(want, got), nil
}

func withoutPast(r placement.Result) placement.Result {
	r.Stats = placement.Stats{}
	r.Failures = slices.Clone(r.Failures)
	for i := range r.Failures {
		r.Failures[i].Why = nil
	}
	return r
}

// resultBytes is a result as a file holds it, before compression.
func resultBytes(r placement.Result) ([]byte, error) {
	var e encoder
	var out bytes.Buffer
	err := e.frames(&out, func() { e.round(&record{lists: &copies{}, result: r}) })
	return out.Bytes(), err
}

// difference says where two results differ that do.
func difference(want, got placement.Result) string {
	if len(want.Assignments) != len(got.Assignments) {
		return fmt.Sprintf("%d tasks placed instead of %d", len(got.Assignments), len(want.Assignments))
	}
	for i := range want.Assignments {
		if text := firstDifference(want.Assignments[i], got.Assignments[i]); text != "" {
			return fmt.Sprintf("task %s: %s", got.Assignments[i].Task, text)
		}
	}
	for i := range want.Failures {
		w, g := want.Failures[i], got.Failures[i]
		if w.Task != g.Task || w.Why.String() != g.Why.String() {
			return fmt.Sprintf("task %s: %s; was %s: %s", g.Task, g.Why, w.Task, w.Why)
		}
	}
	if want.Truncated != got.Truncated {
		return fmt.Sprintf("truncated: %v instead of %v", got.Truncated, want.Truncated)
	}
	return fmt.Sprintf("counts %+v instead of %+v", got.Stats, want.Stats)
}

// firstDifference is empty when there is none.
func firstDifference(want, got placement.Assignment) string {
	switch {
	case want.Task != got.Task || want.Agent != got.Agent || want.Role != got.Role:
		return fmt.Sprintf("%s on %s %s instead of %s on %s %s", got.Task, got.Agent, got.Role, want.Task, want.Agent, want.Role)
	case want.Order != got.Order:
		return fmt.Sprintf("placed as number %d instead of %d", got.Order, want.Order)
	case !slices.Equal(want.Ports, got.Ports):
		return fmt.Sprintf("ports %v instead of %v", got.Ports, want.Ports)
	}
	a, errA := resultBytes(placement.Result{Assignments: []placement.Assignment{want}})
	b, errB := resultBytes(placement.Result{Assignments: []placement.Assignment{got}})
	if errA != nil || errB != nil || bytes.Equal(a, b) {
		return ""
	}
	return "other offers, devices, items or pieces"
}
