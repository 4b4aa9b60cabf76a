package mesosv1_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/mesosv1"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// offerFrom decodes an offer as a master sends it in an OFFERS event.
func offerFrom(text string) mesos.Offer {
	var o mesos.Offer
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		log.Fatal(err)
	}
	return o
}

const offerText = `{
	"id": {"value": "offer-1"}, "framework_id": {"value": "shop"}, "agent_id": {"value": "agent-7"}, "hostname": "n7.example",
	"allocation_info": {"role": "web"},
	"domain": {"fault_domain": {"region": {"name": "eu"}, "zone": {"name": "eu-1"}}},
	"attributes": [{"name": "rack", "type": "TEXT", "text": {"value": "r3"}}],
	"resources": [
		{"name": "cpus", "type": "SCALAR", "scalar": {"value": 3.5}, "allocation_info": {"role": "web"}},
		{"name": "cpus", "type": "SCALAR", "scalar": {"value": 1}, "allocation_info": {"role": "web"},
		 "reservations": [{"type": "STATIC", "role": "web"}]},
		{"name": "ports", "type": "RANGES", "ranges": {"range": [{"begin": 31000, "end": 31009}]}, "allocation_info": {"role": "web"}}
	]}`

func ExampleFromOffer() {
	message := offerFrom(offerText)
	o, err := mesosv1.FromOffer(&message)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(o.ID, "on", o.Agent, "for", o.Role)
	fmt.Println(o.Resources.Quantities())
	fmt.Println(o.Attributes)
	// Output:
	// offer-1 on agent-7 for web
	// cpus:4.5;ports:10
	// rack:r3;@region:eu;@zone:eu-1
}

// A round decides; the pieces it cuts are what an ACCEPT must name.
func ExampleToResources() {
	message := offerFrom(offerText)
	offers, err := mesosv1.FromOffers([]mesos.Offer{message})
	if err != nil {
		log.Fatal(err)
	}
	task := placement.Task{ID: "t1", Needs: resources.MustQuantities("cpus:1.5")}
	result, err := placement.Assign(mesosv1.Placement(offers), []placement.Task{task}, placement.WithPieces())
	if err != nil {
		log.Fatal(err)
	}
	list, err := mesosv1.ToResources(result.Assignments[0].Pieces)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range list {
		fmt.Println(r.Name, r.GetScalar().GetValue(), "reserved:", len(r.Reservations) > 0)
	}
	// Output:
	// cpus 0.5 reserved: false
	// cpus 1 reserved: true
}

// Frameworks without the capability RESERVATION_REFINEMENT get resources in an older
// form. It is read like the new one, and written back in the new one.
func ExampleFromResource_olderForm() {
	var m mesos.Resource
	text := `{"name": "mem", "type": "SCALAR", "scalar": {"value": 512}, "role": "web", "reservation": {"principal": "ops"}}`
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		log.Fatal(err)
	}
	r, err := mesosv1.FromResource(&m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)
	// Output:
	// mem(reservations: [(DYNAMIC,web,ops)]):512
}

// An offer that makes no sense does not stop the others. The error names it.
func ExampleFromOffers() {
	good, bad := offerFrom(offerText), offerFrom(offerText)
	bad.ID.Value = "offer-2"
	bad.Resources[2].Ranges.Range[0].End = 30000
	offers, err := mesosv1.FromOffers([]mesos.Offer{good, bad})
	fmt.Println(len(offers), "offer to use")
	fmt.Println(err)
	var refused mesosv1.Errors
	if errors.As(err, &refused) {
		for _, e := range refused {
			fmt.Println("decline", e.Offer)
		}
	}
	fmt.Println(errors.Is(err, resources.ErrRange))
	// Output:
	// 1 offer to use
	// mesosv1: offer "offer-2": resources[2].ranges.range[0] ("ports"): bad range: 31000-30000 begins after its end
	// decline offer-2
	// true
}

// A framework without the capability MULTI_ROLE is offered resources that do not say for
// which role.
func ExampleWithRole() {
	message := offerFrom(offerText)
	message.AllocationInfo = nil
	for i := range message.Resources {
		message.Resources[i].AllocationInfo = nil
	}
	_, err := mesosv1.FromOffer(&message)
	fmt.Println(err)
	o, err := mesosv1.FromOffer(&message, mesosv1.WithRole("web"))
	fmt.Println(o.Role, err)
	// Output:
	// mesosv1: offer "offer-1": resources ("cpus"): resource not usable by the offer's role: reserved for "web", the offer's role is ""
	// web <nil>
}
