package constraintstest_test

import (
	"fmt"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/constraints/constraintstest"
	"github.com/berth-go/berth/resources"
)

// evenHosts accepts agents whose host name has an even length. It forgets to say what it reads.
type evenHosts struct{}

func (evenHosts) String() string                 { return "even_hosts" }
func (evenHosts) Reads(string) constraints.Reads { return constraints.Reads{Shrinks: true} }

func (evenHosts) Judge(c *constraints.Candidate) constraints.Verdict {
	return constraints.Verdict{OK: len(c.Hostname())%2 == 0}
}

func ExampleCheck() {
	err := constraintstest.Check(evenHosts{})
	fmt.Println(err != nil)
	// Output: true
}

func ExampleWorld() {
	world := constraintstest.New(
		constraintstest.Agent{ID: "a1", Attributes: resources.MustAttributes("rack:r1")},
		constraintstest.Agent{ID: "a2", Attributes: resources.MustAttributes("rack:r1")},
		constraintstest.Agent{ID: "a3", Attributes: resources.MustAttributes("rack:r2")},
	)
	world.Place("web", "a1")
	for _, agent := range world.Agents() {
		fmt.Println(agent, world.Judge(constraints.Unique("rack"), agent, "web"))
	}
	// Output:
	// a1 {false 0.5}
	// a2 {false 0.5}
	// a3 {true 1}
}
