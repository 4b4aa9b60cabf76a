package constraints

import (
	"strings"
	"time"

	"github.com/berth-go/berth/resources"
)

type available struct{ atLeast time.Duration }

// Available wants the agent to stay out of maintenance for as long as the task is expected
// to last, and in any case for the time given: available, available(2h). The maintenance
// window must start no earlier than the end of that time, or be over. It reads the time of
// the round: without one, an agent with a window is refused. It scores 1 or 0. A negative
// time is an error that wraps [ErrMisuse].
func Available(atLeast time.Duration) (Constraint, error) {
	if atLeast < 0 {
		return nil, misuse("a negative time")
	}
	return available{atLeast}, nil
}

func (a available) String() string     { return call("available", shortDuration(a.atLeast)) }
func (a available) Reads(string) Reads { return Reads{Time: true, Shrinks: true} }

func (a available) Judge(c *Candidate) Verdict {
	start, end, ok := c.Unavailable()
	if !ok {
		return pass(true)
	}
	now := c.Now()
	if now.IsZero() {
		return Verdict{}
	}
	over := !end.IsZero() && !now.Before(end)
	done := now.Add(max(a.atLeast, c.Lasts()))
	return pass(over || !done.After(start))
}

type lifetime struct {
	attr  string
	lives time.Duration
}

// Lifetime wants the agent to outlive the task: lifetime(host-start-time,24h). The
// attribute holds when the agent started, in seconds since 1970; the agent lives as long as
// given. The task must be expected to end before. An agent without the attribute is
// accepted, one where it is no number is refused, and so is any with it if the round has no
// time. It scores 1 or 0. A lifetime of nothing is an error that wraps [ErrMisuse].
//
// It is Cook's estimated completion constraint.
func Lifetime(attr string, lives time.Duration) (Constraint, error) {
	if attr == "" {
		return nil, errNameless
	}
	if lives <= 0 {
		return nil, misuse("a lifetime of nothing")
	}
	return lifetime{attr, lives}, nil
}

func (l lifetime) String() string {
	return callExactly("lifetime", []string{l.attr, shortDuration(l.lives)})
}

func (l lifetime) Reads(string) Reads {
	return Reads{Attributes: []string{l.attr}, Time: true, Shrinks: true}
}

func (l lifetime) Judge(c *Candidate) Verdict {
	if !c.has(l.attr) {
		return pass(true)
	}
	started, ok := c.number(l.attr)
	now := c.Now()
	if !ok || now.IsZero() {
		return Verdict{}
	}
	return pass(now.Add(c.Lasts()).Before(timeOf(started).Add(l.lives)))
}

// timeOf reads an amount as seconds since 1970.
func timeOf(a resources.Amount) time.Time { return time.UnixMilli(int64(a)) }

// shortDuration is Duration.String without the units that are zero at the end; nothing for
// 0.
func shortDuration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
