package constraints

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// AnyGroup, as the group of a [Count] or a [Forbid], stands for every task, whatever its
// group.
const AnyGroup = "*"

// Constraint judges how well an agent suits a task. The round calls Reads once for each
// different set of constraints and Judge for every pair of task and agent it cannot decide
// otherwise, possibly from several goroutines.
//
// String says everything, as a user would write it: two constraints of one type with equal
// strings must be interchangeable. It should parse back ([ParseOne]) where a text form
// exists.
type Constraint interface {
	fmt.Stringer
	// Reads declares what Judge may look at when the asking task is of the given group (""
	// when it has none).
	Reads(group string) Reads
	// Judge must be pure: the same verdict for the same of what Reads declares. It must not
	// keep the candidate.
	Judge(*Candidate) Verdict
}

// Verdict is what a constraint thinks of an agent.
type Verdict struct {
	OK    bool    // read where the constraint is required
	Score float64 // read where it is preferred: from 0 to 1, higher is better; NaN counts as 0
}

// Reads declares what a verdict may depend on. Verdicts are remembered and counters are
// kept by what is declared, so a constraint that looks at more gets wrong answers;
// constraintstest.Test finds it out.
type Reads struct {
	// Attributes lists the names whose values are read: [Candidate.Attribute],
	// [Candidate.Value]. The names hostname, @hostname and @agent belong here as well.
	Attributes []string
	// Counts lists what is counted: [Candidate.Count], [Candidate.Tally],
	// [Candidate.Values]. [Candidate.GroupSize] of a group needs a count of that group,
	// [Candidate.Domains] of an attribute a count by that attribute.
	Counts []Count
	// Agent says that the agent's identity is read: [Candidate.Agent],
	// [Candidate.Hostname].
	Agent bool
	// Task says that the asking task's identity is read: [Candidate.Task].
	Task bool
	// Time says that [Candidate.Now], [Candidate.Unavailable] or [Candidate.Lasts] is read.
	// The verdict then is that of this agent and of tasks that last as long.
	Time bool
	// Shrinks promises that more tasks placed, wherever and in whatever order, only ever
	// turn OK from true to false, so that taking one away never turns it from true to false
	// either. A constraint without Counts shrinks.
	Shrinks bool
}

// Count names a number of tasks: those of a group, by the value that an attribute has on
// their agent. An empty By means by agent.
type Count struct{ Group, By string }

// Standing is a constraint that, where it is required, goes on holding while its task is
// placed: it forbids later arrivals.
type Standing interface {
	Constraint
	// Forbids says what a task of the given group forbids while it is placed.
	Forbids(group string) []Forbid
}

// Forbid says who may not join a task: while that task is placed, no task of Group may go
// to an agent whose value of By equals that of the task's agent. An agent without the
// attribute equals none. Those already there stay.
type Forbid struct {
	Group  string // AnyGroup: every task
	By     string // "": the same agent
	Others bool   // no task of any group but Group
	// Above softens it to a maximum: a task may join while fewer than Above of those
	// concerned are there, not counting the task that forbids. Zero: none may.
	Above int
}

// Peers is a constraint that looks at nothing but the other tasks of the group: how many have the same value of an
// attribute, and how they are spread over the values. Its Reads has one attribute, or none where it counts by
// agent, and one count, by that; for a task without a group no count. Its verdict is then the same for all agents that have as many tasks
// there, and can be had without a [Candidate].
type Peers interface {
	Constraint
	// JudgePeers is the verdict of Judge on an agent that has a value with which n tasks of
	// the group are; spread is the tally of the count, but for First.
	JudgePeers(n int, spread func() Tally) Verdict
}

// Preference is a constraint that a task would like to hold.
type Preference struct {
	Constraint Constraint
	// Weight says how much it counts beside the task's other preferences. Zero counts as 1.
	Weight float64
}

// maxWeight bounds weights, so that sums of weighted scores stay exact enough to compare.
const maxWeight = 1e9

// Factor returns the weight that counts: Weight, or 1 if that is zero.
func (p Preference) Factor() float64 {
	if p.Weight == 0 {
		return 1
	}
	return p.Weight
}

// Validate reports a missing constraint, or a weight that is negative, not a number or
// above 1e9; it wraps [ErrMisuse].
func (p Preference) Validate() error {
	if p.Constraint == nil {
		return fmt.Errorf("%w: a preference without a constraint", ErrMisuse)
	}
	return checkWeight(p.Weight)
}

func checkWeight(w float64) error {
	if math.IsNaN(w) || w < 0 || w > maxWeight {
		return misuse("weight %v is not between 0 and 1e9", w)
	}
	return nil
}

// String returns the text form: "2*unique(rack)", without the weight if it is 1; what was
// parsed prints as it was written, unless its weight has changed.
func (p Preference) String() string {
	if p.Constraint == nil {
		return p.weightText() + "?"
	}
	if w, ok := p.Constraint.(written); ok && w.weight != "" && w.factor == p.Factor() {
		return w.weight + w.text
	}
	return p.weightText() + p.Constraint.String()
}

// weightText is the weight with its star, or nothing if it is 1.
func (p Preference) weightText() string {
	if w := p.Factor(); w != 1 {
		return strconv.FormatFloat(w, 'f', -1, 64) + "*"
	}
	return ""
}

// ErrMisuse is wrapped by errors about a constraint that could be read but makes no sense:
// an unknown name, a number where none belongs, a regular expression that does not compile.
var ErrMisuse = errors.New("not a valid constraint")

var errNameless = misuse("an attribute without a name")

func misuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMisuse, fmt.Sprintf(format, args...))
}

// Must returns c, or panics if err is not nil. It is for constraints written into a
// program:
//
//	constraints.Must(constraints.Like("kernel", `5\..*`))
func Must(c Constraint, err error) Constraint {
	if err != nil {
		panic(err)
	}
	return c
}

// pass is the verdict of a constraint that knows only yes and no.
func pass(ok bool) Verdict {
	if ok {
		return Verdict{OK: true, Score: 1}
	}
	return Verdict{}
}

// falling is the score of something that is the better the less there is of n: 1, 1/2, 1/3
// and so on.
func falling(n int) float64 { return 1 / float64(1+max(n, 0)) }
