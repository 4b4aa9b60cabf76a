package main

import (
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// bar shows on a terminal how far a comparison is; elsewhere it is silent.
type bar struct {
	writer  progress.Writer // nil: silent
	tracker *progress.Tracker
	done    chan struct{}
}

func newProgress(stderr io.Writer, steps int) *bar {
	if !lookOf(stderr).Lines {
		return &bar{}
	}
	w := progress.NewWriter()
	w.SetOutputWriter(stderr)
	w.SetUpdateFrequency(250 * time.Millisecond) // drawing takes memory that would be measured
	w.SetMessageLength(32)
	w.SetTrackerLength(30)
	w.SetStyle(progress.StyleBlocks)
	w.Style().Visibility.Speed = false
	w.Style().Visibility.ETA = false
	b := &bar{writer: w, tracker: &progress.Tracker{Total: int64(steps), RemoveOnCompletion: true}, done: make(chan struct{})}
	w.AppendTracker(b.tracker)
	go func() {
		w.Render()
		close(b.done)
	}()
	return b
}

func (b *bar) show(what string) {
	if b.writer != nil {
		b.tracker.UpdateMessage(what)
	}
}

func (b *bar) step() {
	if b.writer != nil {
		b.tracker.Increment(1)
	}
}

// stop returns when nothing is drawn any more.
func (b *bar) stop() {
	if b.writer != nil {
		b.tracker.MarkAsDone()
		b.writer.Stop()
		<-b.done
	}
}
