package trace

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/constraints"
)

var (
	// ErrNotTrace is a file that is something else.
	ErrNotTrace = errors.New("not a trace file")
	// ErrVersion is a file of a later version of the format.
	ErrVersion = errors.New("the trace file is of a later version")
	// ErrDamaged is a file that was cut, that its recorder did not finish, or that was changed. What was read before is good.
	ErrDamaged = errors.New("the trace file is damaged")
)

// Resolver makes a constraint from its Go type, such as "main.licensed", and the text that its String gave. It is asked
// once a round for each constraint that [constraints.ParseOne] does not give back. It returns nil for what it does not know;
// an error ends the reading.
type Resolver func(goType, text string) (constraints.Constraint, error)

// maxRound bounds what a round may take uncompressed.
const maxRound = 4 << 30

// Reader reads a trace file, round by round. It holds one round at a time.
type Reader struct {
	count   counter
	in      *bufio.Reader
	zip     *gzip.Reader
	resolve Resolver
	good    int64 // bytes that were read and are good
	rounds  int
	open    bool // between a header and a footer
	err     error
}

// counter counts what was read.
type counter struct {
	r   io.Reader
	n   int64
	err error // but for the end
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// NewReader reads the header of a trace. The resolver may be nil. Errors wrap [ErrNotTrace], [ErrVersion] or [ErrDamaged],
// unless reading itself failed.
func NewReader(r io.Reader, resolve Resolver) (*Reader, error) {
	t := &Reader{count: counter{r: r}, resolve: resolve}
	t.in = bufio.NewReader(&t.count)
	frame, err := t.one()
	if errors.Is(err, ErrDamaged) && (t.count.n == 0 || !errors.Is(err, errCut)) {
		return nil, fmt.Errorf("trace: %w", ErrNotTrace)
	}
	if err != nil {
		return nil, err
	}
	return t, t.begin(frame)
}

// begin takes in a header.
func (t *Reader) begin(f *tracepb.Frame) error {
	switch h := f.Header; {
	case h == nil || h.Magic != magic:
		return fmt.Errorf("trace: %w", ErrNotTrace)
	case h.Version > version:
		return fmt.Errorf("trace: %w: %d; this reader knows %d", ErrVersion, h.Version, version)
	}
	t.open = true
	return nil
}

// Next returns the next round. After the last it returns [io.EOF]; where the file is damaged, an error that wraps [ErrDamaged]
// and says how far it was good.
func (t *Reader) Next() (*Round, error) {
	for t.err == nil {
		var round *Round
		if round, t.err = t.member(); round != nil {
			t.rounds++
			return round, nil
		}
	}
	return nil, t.err
}

// All yields the rounds that are left, and last an error if there was one.
func (t *Reader) All() iter.Seq2[*Round, error] {
	return func(yield func(*Round, error) bool) {
		for {
			round, err := t.Next()
			if err == io.EOF || !yield(round, err) || err != nil {
				return
			}
		}
	}
}

// member reads a member. One that is not a round gives none, and no error.
func (t *Reader) member() (*Round, error) {
	if _, err := t.in.Peek(1); err == io.EOF && !t.open {
		return nil, io.EOF
	}
	body, err := t.next()
	if err != nil {
		return nil, err
	}
	frame := &tracepb.Frame{}
	if err := t.read(body, frame); err != nil {
		return nil, err
	}
	switch {
	case !t.open || frame.Header != nil:
		if err := t.finish(body); err != nil {
			return nil, err
		}
		return nil, t.begin(frame)
	case frame.Footer != nil:
		t.open = false
		return nil, t.finish(body)
	}
	d := newDecoder(t.resolve)
	for first := true; ; first = false {
		done, err := d.frame(frame, first)
		if err != nil {
			return nil, t.damaged(err)
		}
		if done {
			if err := t.finish(body); err != nil {
				return nil, err
			}
			return d.round, nil
		}
		frame.Reset()
		if err := t.read(body, frame); err != nil {
			return nil, err
		}
	}
}

// one reads a member of one frame.
func (t *Reader) one() (*tracepb.Frame, error) {
	body, err := t.next()
	if err != nil {
		return nil, err
	}
	frame := &tracepb.Frame{}
	if err := t.read(body, frame); err != nil {
		return nil, err
	}
	return frame, t.finish(body)
}

// next opens the next member.
func (t *Reader) next() (*bufio.Reader, error) {
	if t.zip == nil {
		zip, err := gzip.NewReader(t.in)
		if err != nil {
			return nil, t.damaged(err)
		}
		t.zip = zip
	} else if err := t.zip.Reset(t.in); err != nil {
		return nil, t.damaged(err)
	}
	t.zip.Multistream(false)
	return bufio.NewReader(io.LimitReader(t.zip, maxRound)), nil
}

func (t *Reader) read(body *bufio.Reader, frame *tracepb.Frame) error {
	if err := (protodelim.UnmarshalOptions{MaxSize: maxFrame}).UnmarshalFrom(body, frame); err != nil {
		if _, end := t.zip.Read(make([]byte, 1)); end == io.EOF && t.count.err == nil {
			err = errors.New("a frame is longer than what holds it") // the member is whole
		}
		return t.damaged(err)
	}
	return nil
}

// finish reads the checksum of a member.
func (t *Reader) finish(body *bufio.Reader) error {
	if _, err := body.ReadByte(); err == nil {
		return t.damaged(errors.New("there is more in a round than it says"))
	} else if err != io.EOF {
		return t.damaged(err)
	}
	t.good = t.count.n - int64(t.in.Buffered())
	return nil
}

var errCut = errors.New("it ends too early")

// damaged says how far the file is good.
func (t *Reader) damaged(err error) error {
	if t.count.err != nil {
		return fmt.Errorf("trace: %w", t.count.err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errCut
	}
	return fmt.Errorf("trace: %w after %d rounds, %d bytes: %w", ErrDamaged, t.rounds, t.good, err)
}
