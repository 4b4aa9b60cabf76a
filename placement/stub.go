package placement

import (
	"context"
	"errors"
)

// Round is the state of one call while tasks are being placed.
type Round struct{}

var errNotYet = errors.New("not yet")

// Assign places tasks on offers.
func Assign(offers []Offer, tasks []Task, opts ...Option) (Result, error) {
	return AssignContext(context.Background(), offers, tasks, opts...)
}

// AssignContext is Assign that a context can end early.
func AssignContext(ctx context.Context, offers []Offer, tasks []Task, opts ...Option) (Result, error) {
	_ = newConfig(opts)
	return Result{}, errNotYet
}

// FirstFit returns the first-fit packer.
func FirstFit() Packer { return nil }

// BestFit returns the best-fit packer.
func BestFit() Packer { return nil }

// Spread returns the worst-fit packer.
func Spread() Packer { return nil }

// Random returns the random packer.
func Random() Packer { return nil }

// Greedy returns a packer that places each task on the bin of the highest score.
func Greedy(s Scorer) Packer { return nil }

// Answer says where a task went and why, or why it went nowhere.
type Answer struct {
	Task TaskID
	// Assignment is where the task went; nil when it was not placed.
	Assignment *Assignment
	// Feasible is the number of bins that would have taken the task at its turn.
	Feasible int
	// Best are the best bins for it at its turn, best first, at most three.
	Best []Choice
	// Why is set when the task was not placed.
	Why *Explanation
}

// Choice is a bin that could take a task.
type Choice struct {
	Agent AgentID
	Role  string
	// Score is the packer's score; only meaningful when Scored.
	Score  float64
	Scored bool
}

// Explain runs the round and answers for one task.
func Explain(offers []Offer, tasks []Task, id TaskID, opts ...Option) (Answer, error) {
	return Answer{}, errNotYet
}
