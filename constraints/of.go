package constraints

type of struct {
	group string
	inner Constraint
}

// Of makes a constraint look at another group as if the task were one of it:
// of(db,unique(rack)) keeps the task off the racks of db, of(db,balanced(zone,3)) puts it
// where a further db task should go. What the constraint forbids it forbids to that group.
func Of(group string, c Constraint) Constraint {
	inner := part(c)
	if bad, is := inner.(nothing); is {
		return bad
	}
	return named(of{group, inner}, group)
}

func (o of) String() string     { return "of(" + quote(o.group) + "," + o.inner.String() + ")" }
func (o of) Reads(string) Reads { return o.inner.Reads(o.group) }

func (o of) Forbids(string) []Forbid { return forbids(o.inner, o.group) }

func (o of) Judge(c *Candidate) Verdict {
	own := c.group
	c.group = o.group
	v := o.inner.Judge(c)
	c.group = own
	return v
}
