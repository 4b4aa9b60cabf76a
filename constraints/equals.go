package constraints

type equals struct{ attr, value string }

// Equals wants the attribute to have the value, compared as text ([ValueText]): rack=r1. An
// agent without the attribute is refused. It scores 1 or 0.
func Equals(attr, value string) Constraint { return named(equals{attr, value}, attr) }

func (e equals) String() string     { return quote(e.attr) + "=" + quote(e.value) }
func (e equals) Reads(string) Reads { return readsAttribute(e.attr) }

func (e equals) Judge(c *Candidate) Verdict { return pass(c.is(e.attr, e.value)) }
