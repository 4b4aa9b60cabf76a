package resources_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/berth-go/berth/resources"
)

func Example() {
	offer := resources.MustParse("cpus:16;mem:65536;ports:[31000-31099];cpus(web):4")
	task := resources.MustParse("cpus:2.5;mem:4096;ports:[31005-31006]")

	fmt.Println(offer.Contains(task))
	fmt.Println(offer.Minus(task))
	fmt.Println(offer.Minus(task).Plus(task).Equal(offer))
	// Output:
	// true
	// cpus:13.5; cpus(reservations: [(STATIC,web)]):4; mem:61440; ports:[31000-31004, 31007-31099]
	// true
}

func ExampleParse() {
	r, err := resources.Parse("cpus:4;mem:1024;ports(db):[5432-5433]", resources.DefaultRole("web"))
	fmt.Println(r, err)

	_, err = resources.Parse("cpus:4;mem:lots")
	var p *resources.ParseError
	if errors.As(err, &p) {
		fmt.Println(p.Token, "at", p.Offset)
	}
	fmt.Println(errors.Is(err, resources.ErrKind))
	// Output:
	// cpus(reservations: [(STATIC,web)]):4; mem(reservations: [(STATIC,web)]):1024; ports(reservations: [(STATIC,db)]):[5432-5433] <nil>
	// mem:lots at 7
	// true
}

func ExampleNew() {
	r, err := resources.New(
		resources.Resource{Name: "cpus", Value: resources.ScalarOf(resources.MustAmount("1.5"))},
		resources.Resource{
			Name:         "disk",
			Value:        resources.ScalarOf(100 * resources.One),
			Reservations: []resources.Reservation{{Role: "db", Dynamic: true, Principal: resources.Some("ops")}},
			Disk: &resources.Disk{
				Persistence: &resources.Persistence{ID: "data"},
				Volume:      &resources.Volume{ContainerPath: "/var/lib/db"},
			},
		},
	)
	fmt.Println(r, err)
	// Output:
	// cpus:1.5; disk(reservations: [(DYNAMIC,db,ops)])[data:/var/lib/db]:100 <nil>
}

func ExampleResources_All() {
	for r := range resources.MustParse("mem:512;cpus(web):1;cpus:2").All() {
		fmt.Printf("%s %v for %q\n", r.Name, r.Value, r.Role())
	}
	// Output:
	// cpus 2 for ""
	// cpus 1 for "web"
	// mem 512 for ""
}

func ExampleResources_AllocatableTo() {
	agent := resources.MustParse("cpus:8;cpus(eng):4;cpus(eng/web):2;cpus(sales):1")
	fmt.Println(agent.AllocatableTo("eng").Quantities())
	fmt.Println(agent.AllocatableTo("eng/web").Quantities())
	// Output:
	// cpus:12
	// cpus:14
}

func ExampleResources_Find() {
	offer := resources.MustParse("cpus(web):1;cpus:4;mem(web):512;mem:2048")
	pieces, ok := offer.Find(resources.MustParse("cpus(web):2;mem(web):256"))
	fmt.Println(pieces, ok)
	// Output:
	// cpus:1; cpus(reservations: [(STATIC,web)]):1; mem(reservations: [(STATIC,web)]):256 true
}

func ExampleResources_Apply() {
	offer := resources.MustParse("disk(db):1000")
	volume := resources.MustParse("disk(db):200").At(0)
	volume.Disk = &resources.Disk{
		Persistence: &resources.Persistence{ID: "data"},
		Volume:      &resources.Volume{ContainerPath: "data"},
	}
	after, err := offer.Apply(resources.Create{Volumes: []resources.Resource{volume}})
	fmt.Println(after, err)

	_, err = after.Apply(resources.GrowVolume{Volume: volume, Addition: resources.MustParse("disk(db):900").At(0)})
	fmt.Println(errors.Is(err, resources.ErrNotContained))
	// Output:
	// disk(reservations: [(STATIC,db)]):800; disk(reservations: [(STATIC,db)])[data:data]:200 <nil>
	// true
}

func ExampleValidateOperation() {
	op := resources.Reserve{Resources: []resources.Resource{{
		Name:         "cpus",
		Value:        resources.ScalarOf(2 * resources.One),
		Reservations: []resources.Reservation{{Role: "web", Dynamic: true, Principal: resources.Some("ops")}},
		AllocatedTo:  "web",
	}}}
	framework := &resources.Framework{MultiRole: true, Roles: []string{"web"}}
	fmt.Println(resources.ValidateOperation(op, resources.OperationContext{Framework: framework, Principal: resources.Some("ops")}))
	err := resources.ValidateOperation(op, resources.OperationContext{Framework: framework, Principal: resources.Some("dev")})
	fmt.Println(errors.Is(err, resources.ErrReservation))
	// Output:
	// <nil>
	// true
}

func ExampleResources_JSON() {
	r := resources.MustParse("cpus(web):2")
	post, _ := json.Marshal(r)
	pre, _ := r.JSON(resources.FormatPre)
	fmt.Println(string(post))
	fmt.Println(string(pre))

	var back resources.Resources
	fmt.Println(json.Unmarshal(pre, &back), back.Equal(r))
	// Output:
	// [{"name":"cpus","type":"SCALAR","scalar":{"value":2},"reservations":[{"type":"STATIC","role":"web"}]}]
	// [{"name":"cpus","type":"SCALAR","scalar":{"value":2},"role":"web"}]
	// <nil> true
}

func ExampleQuantities() {
	need := resources.MustQuantities("cpus:2;mem:512.5")
	fmt.Println(need.Plus(resources.MustQuantities("cpus:0.5;ports:1")))
	fmt.Println(resources.MustParse("cpus:1;cpus(web):1;mem:1024").ContainsQuantities(need))
	// Output:
	// cpus:2.5;mem:512.5;ports:1
	// true
}

func ExampleRanges() {
	free := resources.MustRanges("[8000-8099]")
	free = free.Minus(resources.MustRanges("[8005-8005,8090-9000]"))
	fmt.Println(free, free.Count(), free.Has(8005))
	// Output:
	// [8000-8004, 8006-8089] 89 false
}

func ExampleAttributes() {
	a := resources.MustAttributes("rack:r1;gen:3;os:linux")
	rack, ok := a.Get("rack")
	fmt.Println(rack, ok, a.Len())
	// Output:
	// r1 true 3
}

func ExampleAmountOf() {
	for _, f := range []float64{1.5, 1.0005, 4.0005} {
		a, _ := resources.AmountOf(f)
		fmt.Println(a)
	}
	// Output:
	// 1.5
	// 1.001
	// 4
}
