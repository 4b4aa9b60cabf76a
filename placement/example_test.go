package placement_test

import (
	"fmt"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func ExampleAssign() {
	offers := []placement.Offer{
		{ID: "o1", Agent: "small", Resources: resources.MustParse("cpus:4;mem:8192;ports:[31000-31010]")},
		{ID: "o2", Agent: "large", Resources: resources.MustParse("cpus:16;mem:65536")},
	}
	tasks := []placement.Task{
		{ID: "web", Needs: resources.MustQuantities("cpus:2;mem:1024")},
		{ID: "db", Needs: resources.MustQuantities("cpus:8;mem:32768")},
		{ID: "huge", Needs: resources.MustQuantities("cpus:64;mem:1024")},
	}
	result, err := placement.Assign(offers, tasks)
	for _, a := range result.Assignments {
		fmt.Println(a.Task, "on", a.Agent)
	}
	for _, f := range result.Failures {
		fmt.Println(f.Task, "nowhere:", f.Why)
	}
	fmt.Println(err)
	// Output:
	// web on large
	// db on large
	// huge nowhere: none of 2 agents: 2 too small (cpus); nearest is large, which lacks 58 cpus (asked 64, free 6 of 16)
	// <nil>
}
