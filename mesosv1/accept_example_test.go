package mesosv1_test

import (
	"encoding/json"
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/mesosv1"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// A task that keeps its place: what it takes is reserved in the same call that launches it.
func ExampleAccepter() {
	offer := mesosv1.Offer{Offer: placement.Offer{ID: "o1", Agent: "a1", Role: "web", Resources: resources.MustParse("cpus:4;mem:1024").Allocate("web")}}
	accepter := mesosv1.Accepter{
		Framework: "f",
		Offer:     func(placement.OfferID) (mesosv1.Offer, bool) { return offer, true },
		Launch: func(a placement.Assignment) (mesosv1.Launch, error) {
			command := "./serve"
			return mesosv1.Launch{
				Info: mesos.TaskInfo{Name: "serve", Command: &mesos.CommandInfo{Value: &command}},
				Keep: &mesosv1.Keep{},
			}, nil
		},
	}
	task := placement.Task{ID: "serve-1", Needs: resources.MustQuantities("cpus:1;mem:128")}
	result, _ := placement.Assign([]placement.Offer{offer.Offer}, []placement.Task{task}, placement.WithPieces())
	calls, err := accepter.Accept(result.Assignments)
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range calls {
		for _, op := range c.Call.Accept.Operations {
			fmt.Println(op.Type)
		}
	}
	text, _ := json.Marshal(mesosv1.Decline("f", 0, "o2"))
	fmt.Println(string(text))
	// Output:
	// RESERVE
	// LAUNCH
	// {"framework_id":{"value":"f"},"type":"DECLINE","decline":{"offer_ids":[{"value":"o2"}],"filters":{"refuse_seconds":0}}}
}
