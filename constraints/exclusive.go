package constraints

type exclusive struct{}

// Exclusive wants the agent for the task alone: exclusive. It stands: while the task is
// placed, no other may join, of whatever group. With n tasks on the agent it scores
// 1/(1+n).
func Exclusive() Constraint { return exclusive{} }

var onAgent = Count{Group: AnyGroup}

func (exclusive) String() string          { return "exclusive" }
func (exclusive) Reads(string) Reads      { return Reads{Counts: []Count{onAgent}, Shrinks: true} }
func (exclusive) Forbids(string) []Forbid { return []Forbid{{Group: AnyGroup}} }

func (exclusive) Judge(c *Candidate) Verdict {
	n := c.Count(onAgent)
	return Verdict{OK: n == 0, Score: falling(n)}
}
