package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/jedib0t/go-pretty/v6/text"
)

// bar shows on a terminal how far a comparison is; elsewhere it is silent.
type bar struct {
	stderr  io.Writer
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
	w.SetMessageLength(28)
	w.SetTrackerLength(24)
	w.SetTrackerPosition(progress.PositionRight)
	w.SetStyle(progress.StyleBlocks)
	w.Style().Visibility.Speed = false
	w.Style().Visibility.ETA = false
	w.Style().Visibility.Time = false
	w.Style().Visibility.Value = false
	b := &bar{stderr: stderr, writer: w, tracker: &progress.Tracker{Total: int64(steps)}, done: make(chan struct{})}
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

// stop wipes the bar away and returns when nothing is drawn any more.
func (b *bar) stop() {
	if b.writer != nil {
		for stopped := false; !stopped; { // Stop does nothing while Render has not begun
			b.writer.Stop()
			select {
			case <-b.done:
				stopped = true
			case <-time.After(time.Millisecond):
			}
		}
		fmt.Fprint(b.stderr, text.CursorUp.Sprintn(1)+text.EraseLine.Sprint()+"\r")
	}
}
