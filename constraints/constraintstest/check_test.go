package constraintstest_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
)

// custom is a constraint made of functions.
type custom struct {
	text   func() string
	reads  func(group string) constraints.Reads
	judge  func(c *constraints.Candidate) constraints.Verdict
	forbid func(group string) []constraints.Forbid
}

func (c custom) String() string {
	if c.text == nil {
		return "custom"
	}
	return c.text()
}

func (c custom) Reads(group string) constraints.Reads {
	if c.reads == nil {
		return constraints.Reads{}
	}
	return c.reads(group)
}

func (c custom) Judge(candidate *constraints.Candidate) constraints.Verdict {
	if c.judge == nil {
		return constraints.Verdict{OK: true, Score: 1}
	}
	return c.judge(candidate)
}

func (c custom) Forbids(group string) []constraints.Forbid {
	if c.forbid == nil {
		return nil
	}
	return c.forbid(group)
}

// asks makes a constraint that declares nothing and asks one question.
func asks(question func(c *constraints.Candidate)) custom {
	return custom{judge: func(c *constraints.Candidate) constraints.Verdict {
		question(c)
		return constraints.Verdict{OK: true, Score: 1}
	}}
}

func scores(score float64) custom {
	return custom{judge: func(*constraints.Candidate) constraints.Verdict { return constraints.Verdict{Score: score} }}
}

// TestCheckRejects plants one broken promise at a time.
func TestCheckRejects(t *testing.T) {
	web := constraints.Count{Group: "own", By: "rack"}
	n := 0
	count := func() int { n++; return n }
	for _, tt := range []struct {
		name string
		c    constraints.Constraint
		want string
	}{
		{"nil", nil, "is nil"},
		{"attribute", asks(func(c *constraints.Candidate) { c.Attribute("rack") }), `attribute "rack"`},
		{"value", asks(func(c *constraints.Candidate) { c.Value("rack") }), `attribute "rack"`},
		{"attribute hostname", asks(func(c *constraints.Candidate) { c.Value("hostname") }), "host name"},
		{"attribute @agent", asks(func(c *constraints.Candidate) { c.Value("@agent") }), "agent's ID"},
		{"agent", asks(func(c *constraints.Candidate) { c.Agent() }), "agent's ID"},
		{"hostname", asks(func(c *constraints.Candidate) { c.Hostname() }), "host name"},
		{"count", asks(func(c *constraints.Candidate) { c.Count(web) }), `group "own" by "rack"`},
		{"tally", asks(func(c *constraints.Candidate) { c.Tally(web) }), `group "own" by "rack"`},
		{"values", asks(func(c *constraints.Candidate) { c.Values(web) }), `group "own" by "rack"`},
		{"domains", asks(func(c *constraints.Candidate) { c.Domains("rack") }), `domains of "rack"`},
		{"group size", asks(func(c *constraints.Candidate) { c.GroupSize("own") }), `size of group "own"`},
		{"now", asks(func(c *constraints.Candidate) { c.Now() }), "reads the time"},
		{"window", asks(func(c *constraints.Candidate) { c.Unavailable() }), "maintenance window"},
		{"lasts", asks(func(c *constraints.Candidate) { c.Lasts() }), "how long the task lasts"},
		{"another attribute than declared", custom{
			reads: func(string) constraints.Reads { return constraints.Reads{Attributes: []string{"zone"}} },
			judge: func(c *constraints.Candidate) constraints.Verdict {
				_, ok := c.Value("rack")
				return constraints.Verdict{OK: ok}
			},
		}, `attribute "rack"`},
		{"task", custom{judge: func(c *constraints.Candidate) constraints.Verdict {
			return constraints.Verdict{OK: c.Task() == "asking"}
		}}, "task's ID"},
		{"does not shrink", custom{
			reads: func(string) constraints.Reads {
				return constraints.Reads{Counts: []constraints.Count{{Group: constraints.AnyGroup}}, Shrinks: true}
			},
			judge: func(c *constraints.Candidate) constraints.Verdict {
				return constraints.Verdict{OK: c.Count(constraints.Count{Group: constraints.AnyGroup}) > 2}
			},
		}, "Shrinks"},
		{"does not shrink the other way", custom{
			reads: func(string) constraints.Reads {
				return constraints.Reads{Counts: []constraints.Count{{Group: constraints.AnyGroup, By: "rack"}}, Shrinks: true}
			},
			judge: func(c *constraints.Candidate) constraints.Verdict {
				t := c.Tally(constraints.Count{Group: constraints.AnyGroup, By: "rack"})
				n := c.Count(constraints.Count{Group: constraints.AnyGroup, By: "rack"})
				return constraints.Verdict{OK: t.Total == 0 || t.Total == n && t.First != ""} // the first may be valueless
			},
		}, "Shrinks"},
		{"not pure", custom{judge: func(*constraints.Candidate) constraints.Verdict {
			return constraints.Verdict{OK: count()%2 == 0}
		}}, "and then"},
		{"score above 1", scores(1.5), "score is 1.5"},
		{"score below 0", scores(-1), "score is -1"},
		{"score not a number", scores(math.NaN()), "score is NaN"},
		{"candidate changed", custom{judge: func(c *constraints.Candidate) constraints.Verdict {
			c.Reset(nil, "me", "mine")
			return constraints.Verdict{}
		}}, "changed the candidate"},
		{"panic", custom{judge: func(*constraints.Candidate) constraints.Verdict { panic("oh") }}, "panics: oh"},
		{"reads change", custom{reads: func(string) constraints.Reads {
			return constraints.Reads{Agent: count()%2 == 0}
		}}, "Reads("},
		{"no text", custom{text: func() string { return "" }}, "empty"},
		{"text changes", custom{text: func() string { return strings.Repeat("x", count()) }}, "String is"},
		{"text means something else", custom{text: func() string { return "unique()" }}, "parses as a constraint that judges otherwise"},
		{"forbids nobody", custom{forbid: func(string) []constraints.Forbid { return []constraints.Forbid{{}} }}, "concerns nobody"},
		{"forbids change", custom{forbid: func(string) []constraints.Forbid {
			return []constraints.Forbid{{Group: "own", Above: count()}}
		}}, "Forbids("},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := constraintstest.Check(tt.c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestCheckAccepts declares what TestCheckRejects hides.
func TestCheckAccepts(t *testing.T) {
	everything := custom{
		reads: func(string) constraints.Reads {
			return constraints.Reads{
				Attributes: []string{"rack", "hostname"},
				Counts:     []constraints.Count{{Group: "own", By: "rack"}, {Group: constraints.AnyGroup}},
				Agent:      true, Task: true, Time: true,
			}
		},
		judge: func(c *constraints.Candidate) constraints.Verdict {
			rack, _ := c.Value("rack")
			host, _ := c.Value("hostname")
			own := constraints.Count{Group: "own", By: "rack"}
			_, _, down := c.Unavailable()
			n := c.Count(own) + c.Tally(own).Max + c.Domains("rack") + c.GroupSize("own") + int(c.Lasts())
			for _, k := range c.Values(constraints.Count{Group: constraints.AnyGroup}) {
				n += k
			}
			ok := rack > host || c.Agent() > c.Hostname() || c.Task() == "asking" || c.Now().IsZero() || down
			return constraints.Verdict{OK: ok, Score: 1 / float64(1+n)}
		},
	}
	constraintstest.Test(t, everything)
}

// TestTestFails shows that Test reports what Check finds.
func TestTestFails(t *testing.T) {
	r := &recorder{TB: t}
	constraintstest.Test(r, scores(2))
	if r.err == nil {
		t.Error("Test accepts a score of 2")
	}
}

type recorder struct {
	testing.TB
	err error
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.err = errors.New("reported") }
