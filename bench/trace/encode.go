package trace

import (
	"compress/gzip"
	"fmt"
	"io"
	"reflect"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

const (
	magic   = "berth-trace"
	version = 1
	// frameSize is about how large a frame is; maxFrame what a reader accepts.
	frameSize = 64 << 10
	maxFrame  = 16 << 20
)

// encoder writes members. It keeps between rounds what it learnt about constraints.
type encoder struct {
	zip    *gzip.Writer
	out    io.Writer // of frames: zip, or what is to stay uncompressed
	frame  *tracepb.Frame
	size   int // about that of the frame
	table  map[string]uint32
	custom map[constraintKey]bool
	err    error
	pace   pace
}

type constraintKey struct {
	typ  reflect.Type
	text string
}

// member writes one member with what fill adds to it.
func (e *encoder) member(w io.Writer, fill func()) error {
	if e.zip == nil {
		e.zip, _ = gzip.NewWriterLevel(w, gzip.BestSpeed)
	} else {
		e.zip.Reset(w)
	}
	if err := e.frames(e.zip, fill); err != nil {
		return err
	}
	return e.zip.Close()
}

// frames writes the frames of a member, uncompressed.
func (e *encoder) frames(w io.Writer, fill func()) error {
	e.out, e.frame, e.size, e.err = w, &tracepb.Frame{}, 0, nil
	e.table = map[string]uint32{"": 0}
	fill()
	e.flush()
	return e.err
}

// wrote notes that something was added to the frame, and ends the frame when it is large enough.
func (e *encoder) wrote(m proto.Message) {
	if e.size += proto.Size(m); e.size >= frameSize {
		e.flush()
	}
	e.pace.step()
}

func (e *encoder) flush() {
	if e.err != nil {
		return
	}
	if size := proto.Size(e.frame); size > maxFrame {
		e.err = fmt.Errorf("trace: something in a round takes %d bytes, more than the %d allowed", size, maxFrame)
		return
	}
	_, e.err = protodelim.MarshalOptions{MarshalOptions: proto.MarshalOptions{Deterministic: true}}.MarshalTo(e.out, e.frame)
	e.frame, e.size = &tracepb.Frame{}, 0
}

// text returns the position of a string in the table.
func (e *encoder) text(s string) uint32 {
	i, ok := e.table[s]
	if !ok {
		i = uint32(len(e.table))
		e.table[s] = i
		e.frame.Strings = append(e.frame.Strings, []byte(s))
		e.size += len(s) + 2
	}
	return i
}

func texts[S ~string](e *encoder, list []S) []uint32 {
	if len(list) == 0 {
		return nil
	}
	out := make([]uint32, len(list))
	for i, s := range list {
		out[i] = e.text(string(s))
	}
	return out
}

func (e *encoder) optional(o resources.Optional) *uint32 {
	s, ok := o.Get()
	if !ok {
		return nil
	}
	return proto.Uint32(e.text(s))
}

func messages[T, M any](list []T, message func(*T) M) []M {
	if len(list) == 0 {
		return nil
	}
	out := make([]M, len(list))
	for i := range list {
		out[i] = message(&list[i])
	}
	return out
}

func wide[T ~uint16](list []T) []uint32 {
	out := make([]uint32, len(list))
	for i, n := range list {
		out[i] = uint32(n)
	}
	return out
}

func moment(t time.Time) *tracepb.Time {
	if t.IsZero() {
		return nil
	}
	_, offset := t.Zone()
	return &tracepb.Time{Seconds: t.Unix(), Nanoseconds: int32(t.Nanosecond()), Offset: int32(offset)}
}

// constraint writes the text, and the type too where the text does not give the constraint back.
func (e *encoder) constraint(c constraints.Constraint) *tracepb.Constraint {
	key := constraintKey{reflect.TypeOf(constraints.Canonical(c)), c.String()}
	custom, known := e.custom[key]
	if !known {
		back, err := constraints.ParseOne(key.text)
		custom = err != nil || reflect.TypeOf(constraints.Canonical(back)) != key.typ || back.String() != key.text
		if e.custom == nil || len(e.custom) > 1<<16 {
			e.custom = map[constraintKey]bool{}
		}
		e.custom[key] = custom
	}
	m := &tracepb.Constraint{Text: e.text(key.text)}
	if custom {
		m.Type = e.text(key.typ.String())
	}
	return m
}

// round writes a round.
func (e *encoder) round(r *record) {
	e.frame.Start = &tracepb.Start{Number: r.number, Engine: r.engine, Settings: e.settings(r)}
	e.wrote(e.frame.Start)
	for o := range r.lists.Offers() {
		m := e.offer(o)
		e.frame.Offers = append(e.frame.Offers, m)
		e.wrote(m)
	}
	for t := range r.lists.Tasks() {
		m := e.task(t)
		e.frame.Tasks = append(e.frame.Tasks, m)
		e.wrote(m)
	}
	for h := range r.lists.Running() {
		m := e.running(h)
		e.frame.Running = append(e.frame.Running, m)
		e.wrote(m)
	}
	e.result(&r.result)
	e.frame.End = &tracepb.End{Truncated: r.result.Truncated, Stats: e.stats(&r.result.Stats), Error: e.text(r.err)}
}

func (e *encoder) settings(r *record) *tracepb.Settings {
	s := &r.settings
	m := &tracepb.Settings{Packer: e.text(r.packer), Order: e.text(s.Order.String()), Seed: s.Seed, Budget: s.Budget,
		Now: moment(s.Now), Pieces: s.Pieces, Explain: s.Explain, HasPorts: s.Ports != nil,
		GroupBy: e.text(s.GroupBy), ActiveGroups: texts(e, s.ActiveGroups)}
	m.Weights, m.Overcommit = e.weights(s.Weights), e.weights(s.Overcommit)
	e.bounds(m, s)
	seen := make(map[placement.AgentID]bool, len(r.ports))
	for _, p := range r.ports {
		text, err := p.policy.MarshalText()
		if err != nil && e.err == nil {
			e.err = err
		}
		if !seen[p.agent] {
			m.Ports = append(m.Ports, &tracepb.PortPolicy{Agent: e.text(string(p.agent)), Policy: e.text(string(text))})
		}
		seen[p.agent] = true
	}
	m.Disabled = messages(s.Disabled, func(d *placement.Disabled) *tracepb.Disabled {
		return &tracepb.Disabled{Agent: e.text(string(d.Agent)), Until: moment(d.Until)}
	})
	return m
}
