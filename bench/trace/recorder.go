package trace

import (
	"bytes"
	"errors"
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
	// MaxItems is how many offers, tasks and running tasks a round may have in all to be recorded. Zero means 1<<20. A recorder holds
	// one round at a time, encoded and with a table of its names: up to 250 bytes an item of an engine, beside what has left the engine since, see
	// [placement.Snapshot], and up to 700 of a call of Assign, whose lists it copies. Long names and lists of constraints add to that.
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
// Make it with [NewRecorder]; call Close when done, which also ends the goroutine that writes.
type Recorder struct {
	options Options

	mu      sync.Mutex
	counts  Counts
	running int           // rounds begun and not ended
	mixed   bool          // more than one of them at a time
	began   time.Time     // the round
	ended   time.Time     // the last one that was taken
	copied  time.Duration // of it, spent on recording
	taken   bool          // the round is being recorded
	credit  time.Duration // that recording may take
	last    time.Duration // what the last recording took
	usual   time.Duration // what a round takes lately
	held    time.Duration // what a round that was recorded was held up itself: the less of the last two
	before  time.Duration // the last of them
	writing bool          // a round is to be written or is being written
	waits   bool          // a round is to be written
	idle    sync.Cond     // not writing
	ending  bool          // Close was called
	ends    chan struct{} // closed then
	closed  bool          // the file is finished
	err     error

	// The rest belongs to whoever records: one at a time.
	w       io.Writer
	record  record
	spare   copies
	copying sync.WaitGroup
	apart   time.Duration // spent on the record so far, beside the round and in it
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
	r := &Recorder{options: o, w: w, ends: make(chan struct{})}
	r.idle.L = &r.mu
	if !o.All {
		go r.writer()
	}
	return r
}

// RoundStarts implements [placement.Observer].
func (r *Recorder) RoundStarts(in *placement.Input) {
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	number := r.counts.Seen
	r.counts.Seen++
	if r.running++; r.running > 1 || r.mixed {
		r.mixed = true
		r.counts.Mixed++
		return
	}
	r.began, r.copied = start, 0
	switch {
	case r.ending || r.err != nil || r.writing:
		return
	case !r.options.All && (r.credit < r.last || r.dear()):
		return
	}
	r.taken = r.take(in, number)
	if r.taken && !in.Engine && r.record.copies.items() <= fewItems {
		r.record.copies.own(&r.spare)
	}
	if r.copied = time.Since(start); !r.taken {
		r.record.forget()
		r.spend(r.copied)
		return
	}
	if in.Engine || r.record.copies.items() <= fewItems {
		return // the lists of an engine are made for the call, and what is in them does not change
	}
	r.copying.Go(func() {
		start := time.Now()
		r.record.copies.own(&r.spare)
		r.apart += time.Since(start)
	})
}

// fewItems are copied sooner than a goroutine that does it begins.
const fewItems = 1 << 10

// take notes the input; false when the round is not to be recorded.
func (r *Recorder) take(in *placement.Input, number uint64) (ok bool) {
	defer func() {
		if p := recover(); p != nil { // of a port policy: the round itself will say so
			ok = false
		}
	}()
	offers, tasks, running := in.Sizes()
	if offers+tasks+running > r.options.MaxItems {
		r.counts.TooLarge++
		return false
	}
	r.record.number, r.apart = number, 0
	if !in.Engine || r.options.All {
		r.record.take(in)
		return true
	}
	return r.record.takeSnapshot(in)
}

// dear says whether recording holds a round up for longer than it may, by what rounds lately take. That is so of very short ones, and where
// an engine has many agents with a port policy each, all of which have to be asked for. In some thousand rounds it is tried anew.
func (r *Recorder) dear() bool {
	if float64(r.held) <= r.options.Overhead*float64(r.usual) {
		return false
	}
	r.held -= max(1, r.held>>12)
	return true
}

// PhaseStarts implements [placement.Observer].
func (r *Recorder) PhaseStarts(placement.Phase) {}

// RoundEnds implements [placement.Observer].
func (r *Recorder) RoundEnds(result placement.Result, err error) {
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running--; r.mixed {
		r.mixed = r.running > 0
		r.drop() // whichever of them was taken
		return
	}
	length := start.Sub(r.began) - r.copied
	r.counts.Rounds += length
	r.usual += (length - r.usual) / 8
	r.credit += time.Duration(r.options.Overhead * float64(length))
	if !r.taken || r.closed {
		r.drop()
		return
	}
	r.taken = false
	r.copying.Wait()
	if r.record.result = result; err != nil {
		r.record.err = err.Error()
	}
	r.writing, r.waits, r.ended = true, true, start
	held := r.copied + time.Since(start)
	r.held, r.before = min(held, r.before), held
	r.apart += held
	if r.options.All {
		r.write()
	}
}

// drop gives up a round that was taken.
func (r *Recorder) drop() {
	if r.taken {
		r.taken = false
		r.copying.Wait()
		r.record.forget()
	}
}

// spend notes what recording took.
func (r *Recorder) spend(d time.Duration) {
	r.credit -= d
	r.counts.Spent += d
}

// Close waits until the last round is written and finishes the file. It returns the first error that recording met; after
// an error nothing more was recorded. Rounds observed later are not recorded.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ending {
		r.ending = true
		close(r.ends)
	}
	r.write()
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
