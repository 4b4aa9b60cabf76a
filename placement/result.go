package placement

import "github.com/berth-go/berth/resources"

// Result is the outcome of a round: plain data. Its lists are read only: rounds of an engine in which nothing happens to
// the backlog answer with one list of failures.
//
// Every task of the call is in exactly one of Assignments and Failures; both are in the order in
// which the tasks were given.
type Result struct {
	Assignments []Assignment
	Failures    []Failure
	// Truncated says that a context or a step budget ended the round before the packer was done.
	// What is there is valid all the same.
	Truncated bool
	Stats     Stats
}

// Assignment is one task with its place. Slices may be shared between assignments: read only.
type Assignment struct {
	Task  TaskID
	Agent AgentID
	// Role is the role of the bin, that is of the offers used.
	Role string
	// Offers are all offers of the bin, oldest first: they are accepted together.
	Offers []OfferID
	// Order is the position of this assignment in the sequence in which the round made them,
	// counted from 0. Constraints that look at earlier placements hold when replayed in it.
	Order int
	// Revocable says that Task.Needs are drawn from revocable resources.
	Revocable bool
	// Ports are the port numbers taken: the fixed ones in the order asked, then the others ascending.
	Ports []uint16
	// Devices has one entry a request, in the order of Task.Devices.
	Devices []DeviceGrant
	// Items are the set items and disks taken: one entry for each of Task.Sets, then one for each
	// of Task.Disks, in order.
	Items []ItemGrant
	// Pieces are the exact resources the task takes out of its offers; empty without [WithPieces].
	Pieces resources.Resources
}

// DeviceGrant is what one [DeviceRequest] got.
type DeviceGrant struct {
	Kind string
	// Units are the positions of the units taken among all units of the kind on the agent's bin,
	// counted from 0 in the order the offers list them.
	Units []int
	// IDs are the units' ids, parallel to Units.
	IDs []string
	// Share is the amount taken of the one unit; zero with whole units.
	Share resources.Amount
	// Whole says that the units are taken whole.
	Whole bool
	Tag   string
}

// ItemGrant is what one [SetRequest] or one [DiskRequest] got.
type ItemGrant struct {
	// Name is the name of the set resource; "disk" for a disk.
	Name string
	// Items are the items taken out of a set.
	Items []string
	// Disk identifies the disk taken, as a resource with the amount taken as its value; nil for a set.
	Disk *resources.Resource
}

// Failure is a task that found no place, and why.
//
// It marshals to JSON, and back. The names of the fields are stable; amounts are decimal texts, such as "0.5":
//
//	{"task": "big", "why": {
//		"agents": 3,
//		"reasons": [{"cause": "exhausted", "what": "cpus", "agents": 2}, {"cause": "constraint", "what": "rack=r1", "agents": 1}],
//		"nearest": {"agent": "a2", "role": "web", "lacks": [{"what": "cpus", "asked": "4", "free": "3.5", "capacity": "8"}], "reasons": […]},
//		"partial": true}}
//
// The causes are those called Cause…; role, what, nearest, lacks and partial are left out where they are empty.
type Failure struct {
	Task TaskID `json:"task"`
	// Why is shared by all failures with the same answer: read only. Never nil.
	Why *Explanation `json:"why"`
}

// Stats counts what a round did. It holds counts only, never times: the same input gives the same
// Stats.
type Stats struct {
	Agents, Bins, Tasks, Placed int
	// AgentsUsed is the number of agents that got at least one task in this call.
	AgentsUsed int
	// Shapes is the number of different capacity questions the tasks ask; Rules the number of
	// different combinations of requirements, preferences and group.
	Shapes, Rules int
	// Steps counts looks at one bin for one task.
	Steps int64
	// Packer is the name of the packer that ran, and Choice, where a packer chooses among others,
	// what it chose and why.
	Packer, Choice string
}
