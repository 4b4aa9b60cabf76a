package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/mesosv1"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

const role = "shop"

// line is something that happens.
type line struct {
	at   time.Duration
	text string
	do   func(*framework)
}

var script = []line{
	{0, "three tasks are submitted: a small one, a database that wants 6 cpus and to keep its place, and one without an image", func(f *framework) {
		f.submit(task("web", "cpus:1;mem:64"), task("database", "cpus:6;mem:512;disk:1000"), task("broken", "cpus:1"))
	}},
	{time.Second, "host-1 is offered in slices; the first suffices for the small tasks", func(f *framework) {
		f.receive(offer("o1", "host-1", "cpus:4;mem:512;disk:500"))
	}},
	{2 * time.Second, "the rest of it comes back, and host-2; neither is big enough for the database", func(f *framework) {
		f.receive(offer("o2", "host-1", "cpus:3;mem:448;disk:500"), offer("o3", "host-2", "cpus:4;mem:256"))
	}},
	{10 * time.Second, "more of host-1: now it is", func(f *framework) {
		f.receive(offer("o4", "host-1", "cpus:4;mem:512;disk:1000"))
	}},
	{20 * time.Second, "an offer that is reserved for somebody else cannot be used", func(f *framework) {
		f.receive(offer("o5", "host-3", "cpus(bank):4"))
	}},
	{33 * time.Second, "o3 has been held long enough and was released; then it is rescinded", func(f *framework) {
		f.rescind("o3")
	}},
	{34 * time.Second, "a task that o3 would have suited finds nothing, until something else comes", func(f *framework) {
		f.submit(task("late", "cpus:2;mem:32"))
	}},
	{40 * time.Second, "host-2 again, with an offer that is not wanted after that", func(f *framework) {
		f.receive(offer("o6", "host-2", "cpus:2;mem:64"), offer("o7", "host-4", "mem:16"))
	}},
	{2 * time.Minute, "a last offer, and the connection breaks", func(f *framework) {
		f.receive(offer("o8", "host-4", "mem:16"))
		f.buffer.Disconnected()
	}},
}

func task(name, needs string) placement.Task {
	return placement.Task{ID: placement.TaskID(name), Needs: resources.MustQuantities(needs)}
}

// launch is what the framework knows of how its tasks are started.
func launch(a placement.Assignment) (mesosv1.Launch, error) {
	if a.Task == "broken" {
		return mesosv1.Launch{}, errors.New("its image is not known")
	}
	command := "./" + string(a.Task)
	l := mesosv1.Launch{Info: mesos.TaskInfo{Name: string(a.Task), Command: &mesos.CommandInfo{Value: &command}}}
	if a.Task == "database" {
		l.Keep = &mesosv1.Keep{}
		l.Volumes = []mesosv1.NewVolume{{ID: "tables", Path: "data", Amount: 1000 * resources.One}}
	}
	return l, nil
}

// offer is a message as a master would send it.
func offer(name, host, text string) mesos.Offer {
	r := resources.MustParse(text).Allocate(role)
	list, err := mesosv1.ToResources(r)
	if err != nil {
		panic(fmt.Sprintf("script: offer %s: %v", name, err))
	}
	allocated := role
	o := mesos.Offer{Hostname: host, AllocationInfo: &mesos.Resource_AllocationInfo{Role: &allocated}, Resources: list}
	o.ID.Value, o.AgentID.Value, o.FrameworkID.Value = name, "agent-"+strings.TrimPrefix(host, "host-"), id
	return o
}
