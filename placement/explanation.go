package placement

import (
	"fmt"
	"strings"

	"github.com/berth-go/berth/resources"
)

// Cause is the kind of reason why an agent did not take a task, or why a task was not placed.
type Cause string

// The causes, in the order in which a check meets them.
const (
	// CauseNoOffers: there was no agent at all. What is empty.
	CauseNoOffers Cause = "no offers"
	// CauseRole: the agent has no bin of the task's role. What is the role.
	CauseRole Cause = "no offer for the role"
	// CauseDisabled: the agent takes no tasks, see [WithDisabled]. What is empty. Nothing else is said of it.
	CauseDisabled Cause = "disabled"
	// CauseInactive: the agent is in no active group, see [WithActiveGroups]. What is its group. Nothing else is said of it.
	CauseInactive Cause = "inactive group"
	// CauseUnknown: no agent offers a resource of this name. What is the name.
	CauseUnknown Cause = "unknown resource"
	// CauseTooSmall: the agent would be too small even if it were empty. What names the resource.
	CauseTooSmall Cause = "too small"
	// CauseExhausted: the agent is large enough, but too little of it is free. What names the resource.
	CauseExhausted Cause = "exhausted"
	// CauseHeadroom: the agent has room but for what is to be kept free, see [WithHeadroom]. What names the resource.
	CauseHeadroom Cause = "headroom"
	// CausePorts: the ports asked for are not free there. What is the request.
	CausePorts Cause = "ports"
	// CauseDevices: no unit fits. What is the request.
	CauseDevices Cause = "devices"
	// CauseSet: the set items are not free there. What is the request.
	CauseSet Cause = "set"
	// CauseDisk: no disk or volume fits. What is the request.
	CauseDisk Cause = "disk"
	// CauseConstraint: a required constraint refused. What is the constraint as the user wrote it.
	CauseConstraint Cause = "constraint"
	// CauseForbidden: a task that is already there refuses the newcomer. What is that task's requirement.
	CauseForbidden Cause = "forbidden by a task there"
	// CauseNotReady: the task's time has not come, see [Task.ReadyAt]. What says when it does. Agents is zero.
	CauseNotReady Cause = "not ready"
	// CauseBatch: as many tasks were placed as the round was to place, see [WithBatch]. What is how many. Agents is zero: the other
	// reasons are those that hold beside it.
	CauseBatch Cause = "batch full"
	// CauseLimit: a limit, see [WithLimits], is in the way, as things stand in the end. What is whose limit, how much is in
	// use, and what was asked. Agents is zero: the other reasons are those that hold beside it.
	CauseLimit Cause = "limit"
	// CauseGuarantee: what the task asks for beyond its owner's guarantee is in use or guaranteed to others, see [WithTiers]. What is the tier, and
	// how much of what. Agents is zero.
	CauseGuarantee Cause = "guarantee"
	// CauseGang: the whole gang was left out, because too much of it found no room, or is not there. What is the gang, and how
	// many of it did. Agents is zero; or it is how many agents have no room for a gang that is to be on one, or are another one than that.
	CauseGang Cause = "gang"
	// CauseNotChosen: some agent would still take the task; the packer left it out.
	CauseNotChosen Cause = "not chosen"
	// CauseNotReached: the round was ended before the task's turn.
	CauseNotReached Cause = "not reached"
	// CauseNotLooked: the budget for explanations was spent on others.
	CauseNotLooked Cause = "not looked at"
)

// Explanation is why a task was not placed, counted over agents as they stood when packing was done.
type Explanation struct {
	// Agents is the number of agents looked at.
	Agents int `json:"agents"`
	// Reasons, those of most agents first. An agent counts in every reason that applies to it.
	Reasons []Reason `json:"reasons"`
	// Nearest is the agent that came closest; nil when there is none.
	Nearest *Nearest `json:"nearest,omitempty"`
	// Partial says that the step budget for explanations ran out before all agents were looked
	// at; [Explain] answers for one task in full.
	Partial bool `json:"partial,omitempty"`
}

// Reason is one counted reason.
type Reason struct {
	Cause Cause `json:"cause"`
	// What the cause is about; see the causes.
	What string `json:"what,omitempty"`
	// Agents is how many agents it applies to.
	Agents int `json:"agents"`
}

// Nearest is the agent that came closest to taking a task: the one with the fewest reasons
// against it, then the smallest shortage relative to what was asked, then the earliest.
type Nearest struct {
	Agent AgentID `json:"agent"`
	Role  string  `json:"role,omitempty"`
	// Lacks are the amounts missing there.
	Lacks []Lack `json:"lacks,omitempty"`
	// Reasons are all reasons against it, with Agents equal to 1.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Lack is a shortage of one resource on one agent.
type Lack struct {
	What     string           `json:"what"`
	Asked    resources.Amount `json:"asked"`
	Free     resources.Amount `json:"free"`
	Capacity resources.Amount `json:"capacity"`
}

// Main is the first reason, which speaks for the whole in summaries.
func (e *Explanation) Main() Reason {
	if e == nil || len(e.Reasons) == 0 {
		return Reason{Cause: CauseNotChosen}
	}
	return e.Reasons[0]
}

// String is the explanation in one line.
func (e *Explanation) String() string {
	if e == nil {
		return "not explained"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "none of %d agents", e.Agents)
	if e.Agents == 1 {
		b.Reset()
		b.WriteString("not on the only agent")
	}
	if e.Agents == 0 {
		b.Reset()
		b.WriteString("no agents")
		if e.Main().Cause == CauseNotReady {
			b.Reset()
			b.WriteString("not tried")
		}
	}
	for i, r := range e.Reasons {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(r.String())
	}
	if e.Nearest != nil {
		fmt.Fprintf(&b, "; nearest is %s", e.Nearest)
	}
	if e.Partial {
		b.WriteString(" (not all agents were looked at)")
	}
	return b.String()
}

// String is the reason with its count, such as "6 exhausted (mem)".
func (r Reason) String() string {
	var b strings.Builder
	if r.Agents > 0 {
		fmt.Fprintf(&b, "%d ", r.Agents)
	}
	b.WriteString(string(r.Cause))
	if r.What != "" {
		fmt.Fprintf(&b, " (%s)", r.What)
	}
	return b.String()
}

// String names the agent and what it lacks.
func (n *Nearest) String() string {
	var b strings.Builder
	b.WriteString(string(n.Agent))
	if n.Role != "" {
		fmt.Fprintf(&b, " for role %s", n.Role)
	}
	sep := ", which lacks "
	for _, l := range n.Lacks {
		fmt.Fprintf(&b, "%s%s %s (asked %s, free %s of %s)", sep, l.Asked-l.Free, l.What, l.Asked, l.Free, l.Capacity)
		sep = " and "
	}
	if len(n.Lacks) == 0 {
		sep = ": "
		for _, r := range n.Reasons {
			r.Agents = 0
			fmt.Fprintf(&b, "%s%s", sep, r)
			sep = " and "
		}
	}
	return b.String()
}
