package mesosv1

import (
	"errors"
	"fmt"

	"github.com/berth-go/berth/placement"
)

// Sentinels that errors about calls wrap, besides those of package resources.
var (
	ErrMixed    = errors.New("cannot be accepted together")                        // offers of several agents or roles
	ErrUsed     = errors.New("is used already")                                    // an offer in two bins, or twice in one
	ErrLaunch   = errors.New("bad launch data")                                    // what Accepter.Launch said makes no sense
	ErrExecutor = errors.New("not the executor that has this id")                  // two executors of one id
	ErrVolume   = errors.New("no disk for the volume among what the task takes")   // a volume without its disk
	ErrSplit    = errors.New("tasks of one group are placed on more than one bin") // a LAUNCH_GROUP is for one agent
)

// CallError says which task is not in a call, and why.
type CallError struct {
	Task  placement.TaskID
	Agent placement.AgentID
	// Err wraps a sentinel of this package or of package resources, or is what Accepter.Launch returned.
	Err error
}

// Error names task and agent, and says what is wrong.
func (e *CallError) Error() string {
	return fmt.Sprintf("mesosv1: task %q on agent %q: %v", e.Task, e.Agent, e.Err)
}

// Unwrap returns e.Err.
func (e *CallError) Unwrap() error { return e.Err }
