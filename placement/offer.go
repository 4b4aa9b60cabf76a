package placement

import (
	"time"

	"github.com/berth-go/berth/resources"
)

// OfferID names an offer. It is unique among all offers of one call.
type OfferID string

// AgentID names an agent, the machine that tasks run on.
type AgentID string

// Offer is part of one agent's resources, held by the caller and free to be used.
//
// All offers of one agent with one role are pooled into one bin, because only those may be
// accepted together; offers of one agent with different roles are different bins on that agent.
// Where offers of one agent disagree about Hostname, Attributes or Unavailable, the last one in
// the list, the most recent, is believed.
type Offer struct {
	ID    OfferID
	Agent AgentID
	// Role is the role the offer is allocated to. Outside Mesos leave it empty. Everything in
	// Resources must be usable by it: unreserved, or reserved to it or to an ancestor of it.
	Role string
	// Hostname is what constraints read as "hostname". Empty means the text of Agent.
	Hostname  string
	Resources resources.Resources
	// Devices are the agent's devices, one entry a unit.
	Devices    []Device
	Attributes resources.Attributes
	// Unavailable is the agent's next maintenance window, if it has one.
	Unavailable *Window
	// Standing marks an offer that is the whole agent and stays: running tasks draw on it (their
	// needs are subtracted) until they end. An ordinary offer holds only what is free.
	Standing bool
}

// Window is a span of time. A zero End means that it does not end.
type Window struct {
	Start, End time.Time
}

// Device is one unit of a kind of device: a GPU, a network card, an FPGA region.
//
// A unit can be taken whole, or shared by tasks that each take an amount of it. Capacity is the
// size of the whole unit (by convention resources.One) and Free what is left of it.
type Device struct {
	// Kind is what requests ask for, such as "gpu".
	Kind string
	// ID tells units of a kind on one agent apart. Empty means the unit's position among the
	// agent's units of that kind, counted from 0.
	ID string
	// Model narrows the kind, such as "V100". May be empty.
	Model    string
	Capacity resources.Amount
	Free     resources.Amount
	// Tag is the tag its present sharers asked for; empty when nobody with a tag uses the unit.
	Tag string
}
