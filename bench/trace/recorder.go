package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
)

// Options say how much a [Recorder] records. The zero value is the default.
type Options struct {
	// Overhead is the share of the time that rounds take which recording may take: copying, encoding, compressing and writing
	// taken together, wherever they happen. Zero means 0.05. The first round is recorded at once, on credit.
	Overhead float64
	// All records every round, whatever that takes, and in the goroutine that runs it: for commands and tests.
	All bool
	// MaxItems is how many offers, tasks and running tasks a round may have in all to be recorded. Zero means 1<<20. A copy of
	// one round, about 500 bytes an item, and its encoded form are all that a recorder holds.
	MaxItems int
}

const (
	defaultOverhead = 0.05
	defaultMaxItems = 1 << 20
)

// Counts says what a recorder did.
type Counts struct {
	// Seen are all rounds; Recorded those that were written.
	Seen, Recorded uint64
	// TooLarge were left out because of [Options.MaxItems], Mixed because rounds ran at the same time with the same
	// recorder. All others were left out to keep within [Options.Overhead].
	TooLarge, Mixed uint64
	// Rounds is how long the rounds took without what recording added to them, and Spent what recording took, wherever it happened.
	Rounds, Spent time.Duration
}

// Recorder writes rounds to a file. It is a [placement.Observer]; one is for one engine or for one call of Assign at a time.
// Make it with [NewRecorder]; call Close when done.
type Recorder struct {
	options Options

	mu      sync.Mutex
	counts  Counts
	running int           // rounds begun and not ended
	mixed   bool          // more than one of them at a time
	began   time.Time     // the round
	copied  time.Duration // of it, spent on recording
	taken   bool          // the round is being recorded
	credit  time.Duration // that recording may take
	last    time.Duration // what the last recording took
	writing bool          // in the background
	idle    sync.Cond     // not writing
	err     error
	closed  bool

	// The rest belongs to whoever records: one at a time.
	w       io.Writer
	record  record
	spare   spare
	copying sync.WaitGroup
	apart   time.Duration // spent on copying, beside the round
	encoder encoder
	buffer  bytes.Buffer
	header  bool // written
}

// NewRecorder makes a recorder that writes to w, which is touched for one round at a time and never by two
// goroutines at once, though not always by that of the round; w is not closed.
func NewRecorder(w io.Writer, o Options) *Recorder {
	if !(o.Overhead > 0) {
		o.Overhead = defaultOverhead
	}
	if o.MaxItems <= 0 {
		o.MaxItems = defaultMaxItems
	}
	r := &Recorder{options: o, w: w}
	r.idle.L = &r.mu
	return r
}

// RoundStarts implements [placement.Observer].
func (r *Recorder) RoundStarts(in *placement.Input) {
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	number := r.counts.Seen
	r.counts.Seen++
	if r.running++; r.running > 1 {
		r.mixed = true
	}
	r.taken, r.began, r.copied = false, start, 0
	switch {
	case r.mixed:
		r.counts.Mixed++
		return
	case r.closed || r.err != nil || r.writing:
		return
	case !r.options.All && r.credit < r.last:
		return
	}
	r.record.number = number
	r.taken = r.take(in)
	r.copied = time.Since(start)
	if !r.taken {
		r.record = record{}
		r.spend(r.copied)
		return
	}
	r.copying.Go(func() {
		start := time.Now()
		r.record.copy(&r.spare)
		r.apart = time.Since(start)
	})
}

// take copies the input; false when the round is not to be recorded.
func (r *Recorder) take(in *placement.Input) (ok bool) {
	defer func() {
		if p := recover(); p != nil { // of a port policy: the round itself will say so
			ok = false
		}
	}()
	if err := r.record.given(in); err != nil {
		r.err = err
		return false
	}
	if r.record.items() > r.options.MaxItems {
		r.counts.TooLarge++
		return false
	}
	return true
}

// PhaseStarts implements [placement.Observer].
func (r *Recorder) PhaseStarts(placement.Phase) {}

// RoundEnds implements [placement.Observer].
func (r *Recorder) RoundEnds(result placement.Result, err error) {
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	if r.mixed {
		r.mixed = r.running > 0
		r.copying.Wait() // whichever of them is copied
		return
	}
	round := start.Sub(r.began) - r.copied
	r.counts.Rounds += round
	r.credit += time.Duration(r.options.Overhead * float64(round))
	if !r.taken {
		return
	}
	r.taken = false
	r.copying.Wait()
	r.record.output(result, err)
	r.writing = true
	copied := r.copied + r.apart + time.Since(start)
	if !r.options.All {
		go r.write(copied)
		return
	}
	r.mu.Unlock()
	r.write(copied)
	r.mu.Lock()
}

// write writes the round that was copied.
func (r *Recorder) write(copied time.Duration) {
	start := time.Now()
	err := r.writeMember(func() { r.encoder.round(&r.record) })
	r.record.forget(&r.spare)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	if err == nil {
		r.counts.Recorded++
	}
	r.spend(copied + time.Since(start))
	r.writing = false
	r.idle.Broadcast()
}

// spend notes what a recording took.
func (r *Recorder) spend(d time.Duration) {
	r.last = d
	r.credit -= d
	r.counts.Spent += d
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
			err = fmt.Errorf("trace: a constraint panicked when asked for its text: %v", p)
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

// Close waits until the last round is written and finishes the file. It returns the first error that recording met; after
// an error nothing more was recorded. Rounds observed later are not recorded.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.writing {
		r.idle.Wait()
	}
	if r.closed {
		return errClosed
	}
	r.closed = true
	if r.err != nil {
		return r.err
	}
	return r.writeMember(func() {
		r.encoder.frame.Footer = &tracepb.Footer{Seen: r.counts.Seen, Recorded: r.counts.Recorded}
	})
}

var errClosed = errors.New("trace: the recorder is closed already")

// Counts says what was recorded so far.
func (r *Recorder) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}
