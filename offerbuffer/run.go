package offerbuffer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Event is something that happened, for [Run]: it is called with the buffer and the time at which it is taken. Any
// method of the buffer may be called in it, and answers handed out; it should not block. The
// functions that make events, such as [Offered], drop the errors, which are counted in [Stats].
type Event func(b *Buffer, now time.Time)

// Run drives a buffer: it takes events, calls Tick when it is time, and calls do with actions that are not empty. All
// calls of the buffer, of events and of do happen in the goroutine that called Run, so do may call the buffer, too, such
// as [Buffer.Used] for what the engine has placed. It must not send to the channel of events, from which nobody
// reads at that time. Any number of goroutines may send events; they should give up when the context ends.
//
// Run ends when the context does, or when the channel is closed. Then it takes the events that wait in the channel,
// has do called once more to decline whatever is held, and returns the cause of the context's end, or nil. When do
// returns an error, Run returns it at once; the buffer is as it was, and may be run again.
func Run(ctx context.Context, b *Buffer, events <-chan Event, do func(Actions) error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		if err := act(b, do); err != nil {
			return err
		}
		var due <-chan time.Time
		if at, ok := b.Next(); ok {
			timer.Reset(time.Until(at))
			due = timer.C
		}
		select {
		case <-ctx.Done():
		case <-due:
		case e, open := <-events:
			if !open {
				return finish(b, events, do)
			}
			take(b, e)
			drain(b, events)
		}
	}
	return errors.Join(context.Cause(ctx), finish(b, events, do))
}

func act(b *Buffer, do func(Actions) error) error {
	a := b.Tick(time.Now())
	if a.IsEmpty() {
		return nil
	}
	if err := do(a); err != nil {
		return fmt.Errorf("offerbuffer: actions: %w", err)
	}
	return nil
}

func take(b *Buffer, e Event) {
	if e != nil {
		e(b, time.Now())
	}
}

// maxAtOnce bounds how many events are taken before the next Tick.
const maxAtOnce = 1024

// drain takes events that wait, so that they share one Tick.
func drain(b *Buffer, events <-chan Event) {
	for range maxAtOnce {
		select {
		case e, open := <-events:
			if !open {
				return
			}
			take(b, e)
		default:
			return
		}
	}
}

// finish declines what is held, and what waits in the channel.
func finish(b *Buffer, events <-chan Event, do func(Actions) error) error {
	drain(b, events)
	b.DeclineAll(-1)
	return act(b, do)
}
