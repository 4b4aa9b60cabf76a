package constraints

import "slices"

// names is a set of agents, each named by its ID or its host name.
type names struct {
	given  []string // as the user wrote it
	sorted []string
}

func newNames(agents []string) names {
	n := names{given: slices.Clone(agents), sorted: slices.Clone(agents)}
	slices.Sort(n.sorted)
	return n
}

func (n names) has(c *Candidate) bool {
	if _, ok := slices.BinarySearch(n.sorted, c.Agent()); ok {
		return true
	}
	_, ok := slices.BinarySearch(n.sorted, c.Hostname())
	return ok
}

type novel struct{ agents names }

// Novel refuses the agents named, by ID or host name: those where the task failed before,
// so that it tries another: novel(a1,a7). It scores 1 or 0. Remembering where a task failed
// is up to the caller; preempted runs are usually no failures.
func Novel(agents ...string) Constraint { return novel{newNames(agents)} }

func (n novel) String() string             { return callExactly("novel", n.agents.given) }
func (n novel) Reads(string) Reads         { return Reads{Agent: true, Shrinks: true} }
func (n novel) Judge(c *Candidate) Verdict { return pass(!n.agents.has(c)) }

type reserved struct {
	owner  string
	agents names
}

// Reserved keeps the agents named, by ID or host name, for their owner:
// reserved(job7,a1,a2). Every task carries it; one whose ID or group is the owner is
// accepted anywhere, any other only elsewhere. It scores 1 or 0.
func Reserved(owner string, agents ...string) Constraint { return reserved{owner, newNames(agents)} }

func (r reserved) String() string {
	return callExactly("reserved", append([]string{r.owner}, r.agents.given...))
}

func (r reserved) Reads(group string) Reads {
	if r.owns(group) {
		return Reads{Shrinks: true}
	}
	return Reads{Agent: true, Task: true, Shrinks: true}
}

func (r reserved) Judge(c *Candidate) Verdict {
	return pass(r.owns(c.group) || r.owns(c.task) || !r.agents.has(c))
}

func (r reserved) owns(name string) bool { return name != "" && name == r.owner }
