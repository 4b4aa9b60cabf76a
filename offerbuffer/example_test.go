package offerbuffer_test

import (
	"context"
	"fmt"
	"time"

	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func cpus(id placement.OfferID, agent placement.AgentID, text string) placement.Offer {
	return placement.Offer{ID: id, Agent: agent, Resources: resources.MustParse("cpus:" + text)}
}

// A host that comes in slices: none is big enough for the task, together they are.
func Example() {
	engine := placement.NewEngine()
	buffer, _ := offerbuffer.New(offerbuffer.Config{
		Policy: offerbuffer.Any(offerbuffer.LongEnough(30*time.Second), offerbuffer.BigEnough(engine.Wants)),
	})
	_ = engine.Submit(placement.Task{ID: "big", Needs: resources.MustQuantities("cpus:6")})

	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	step := func() {
		a := buffer.Tick(now)
		engine.RemoveOffers(a.Drop...)
		_ = engine.AddOffers(a.Release...)
		for _, d := range a.Decline {
			fmt.Println(now.Format("04:05"), "decline", d.Offers, d.Reason)
		}
		result, _ := engine.Assign(context.Background())
		for _, p := range result.Assignments {
			if err := buffer.Used(p.Offers...); err != nil {
				engine.Ended(p.Task)
				continue
			}
			fmt.Println(now.Format("04:05"), "launch", p.Task, "on", p.Agent, "with", p.Offers)
		}
	}

	_ = buffer.Add(now, cpus("o1", "host-1", "4"), cpus("o2", "host-2", "4"))
	step()
	now = now.Add(10 * time.Second)
	_ = buffer.Add(now, cpus("o3", "host-1", "4"))
	step()
	for at, ok := buffer.Next(); ok; at, ok = buffer.Next() {
		now = at
		step()
	}
	// Output:
	// 00:10 launch big on host-1 with [o1 o3]
	// 02:00 decline [o2] held for the maximum time
}

func ExampleRun() {
	ctx, cancel := context.WithCancel(context.Background())
	buffer, _ := offerbuffer.New(offerbuffer.Config{Policy: offerbuffer.LongEnough(10 * time.Millisecond)})
	events := make(chan offerbuffer.Event)
	go func() { events <- offerbuffer.Offered(cpus("o1", "host-1", "4")) }()
	err := offerbuffer.Run(ctx, buffer, events, func(a offerbuffer.Actions) error {
		for _, o := range a.Release {
			fmt.Println("released", o.ID)
			cancel()
		}
		for _, d := range a.Decline {
			fmt.Println("declined", d.Offers)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// released o1
	// declined [o1]
	// context canceled
}

// everyThird is a policy of one's own.
type everyThird struct{}

func (everyThird) String() string { return "three offers" }
func (p everyThird) Judge(h *offerbuffer.Held) offerbuffer.Verdict {
	return offerbuffer.Verdict{Release: h.Len() >= 3, By: p.String()}
}

func ExamplePolicy() {
	buffer, _ := offerbuffer.New(offerbuffer.Config{Policy: everyThird{}})
	now := time.Unix(0, 0)
	for i := range 4 {
		_ = buffer.Add(now, cpus(placement.OfferID(fmt.Sprint("o", i)), "host-1", "1"))
		fmt.Println(len(buffer.Tick(now).Release))
	}
	// Output:
	// 0
	// 0
	// 3
	// 1
}
