package trace

import (
	"fmt"
	"time"

	"github.com/berth-go/berth/bench/trace/tracepb"
)

// writer writes the rounds that were taken. It looks for them again and again: to wake it would take longer than a short round may be held up. When
// there are no rounds it sleeps longer.
func (r *Recorder) writer() {
	const least, most = 10 * time.Millisecond, time.Second
	pause, seen := least, uint64(0)
	for {
		select {
		case <-r.ends:
			return
		case <-time.After(pause):
		}
		r.mu.Lock()
		if pause = min(2*pause, most); r.counts.Seen != seen {
			pause, seen = least, r.counts.Seen
		}
		if r.waits && time.Since(r.ended) < least/10 {
			pause = least / 10 // its engine may be busy with the round still
		} else {
			r.write()
		}
		r.mu.Unlock()
	}
}

// write writes the round that waits, if there is one. The lock, which is held, is not while it writes.
func (r *Recorder) write() {
	if !r.waits {
		return
	}
	r.waits = false
	r.mu.Unlock()
	start := time.Now()
	if r.encoder.pace = (pace{}); !r.options.All && r.options.Overhead < 1 {
		r.encoder.pace = pace{share: r.options.Overhead, from: start, hurry: r.ends}
	}
	err := r.writeMember(func() {
		r.record.finish()
		r.encoder.round(&r.record)
	})
	if !r.record.engine {
		r.spare = r.record.copies.empty()
	}
	r.record.forget()
	r.mu.Lock()
	if r.err == nil {
		r.err = err
	}
	if err == nil {
		r.counts.Recorded++
	}
	r.last = r.apart + time.Since(start) - r.encoder.pace.rested
	r.spend(r.last)
	r.writing = false
	r.idle.Broadcast()
}

// writeMember writes a member whole, or nothing of it when it cannot be encoded.
func (r *Recorder) writeMember(fill func()) (err error) {
	if !r.header {
		r.header = true
		if err := r.writeMember(func() { r.encoder.frame.Header = &tracepb.Header{Magic: magic, Version: version} }); err != nil {
			return err
		}
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("trace: a packer or constraint panicked when asked for its text: %v", p)
		}
	}()
	r.buffer.Reset()
	if err := r.encoder.member(&r.buffer, fill); err != nil {
		return err
	}
	if _, err := r.w.Write(r.buffer.Bytes()); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	return nil
}

// pace has something take no more than a share of the time all along, with rests between, so that rounds that run at the same time share their core, their
// caches and the collector of garbage with little of it each. The zero value never rests.
type pace struct {
	share  float64
	hurry  <-chan struct{} // closed when there is no more time for rests; nil: there is none
	from   time.Time       // since when there was no rest
	steps  int
	rested time.Duration
}

const (
	stepsAtOnce = 16
	workAtOnce  = 500 * time.Microsecond
)

// step is called after every small piece of work.
func (p *pace) step() {
	if p.steps++; p.hurry == nil || p.steps%stepsAtOnce != 0 {
		return
	}
	now := time.Now()
	worked := now.Sub(p.from)
	if worked < workAtOnce {
		return
	}
	rest := time.NewTimer(time.Duration(float64(worked)/p.share) - worked)
	defer rest.Stop()
	select {
	case <-p.hurry:
		p.hurry = nil
	case <-rest.C:
	}
	p.from = time.Now()
	p.rested += p.from.Sub(now)
}
