package placement_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Fenzo's preferential named resource sets, such as network interfaces with addresses, are devices here: a set is a unit whose
// capacity is the number of its parts, and its name is the tag of those who share it.

// cards gives an agent so many cards, each with so many addresses.
func cards(n, addresses int) func(*placement.Offer) {
	return func(o *placement.Offer) {
		all := resources.Amount(addresses) * resources.One
		for range n {
			o.Devices = append(o.Devices, placement.Device{Kind: "card", Capacity: all, Free: all})
		}
	}
}

// wired asks for addresses of a card of one's name.
func wired(id, name string, addresses int) placement.Task {
	return placement.Task{ID: placement.TaskID(id), Needs: resources.MustQuantities("cpus:0.1"),
		Devices: []placement.DeviceRequest{{Kind: "card", Share: resources.Amount(addresses) * resources.One, Tag: name}}}
}

func wiredAll(addresses int, names ...string) (tasks []placement.Task) {
	for i, name := range names {
		tasks = append(tasks, wired(fmt.Sprint(name, "-", i), name, addresses))
	}
	return tasks
}

// cardsOf says which cards tasks got.
func cardsOf(res placement.Result) string {
	var units []int
	for _, a := range res.Assignments {
		units = append(units, a.Devices[0].Units...)
	}
	return fmt.Sprint(units)
}

func hostWithCards(t *testing.T, n, addresses int) *cluster {
	c := newCluster(t, placement.FirstFit())
	c.offer("a0", "cpus:4", standing, cards(n, addresses))
	return c
}

func TestFenzoSets(t *testing.T) {
	t.Run("48 two names, two sets", func(t *testing.T) {
		if got := cardsOf(hostWithCards(t, 3, 8).round(wiredAll(1, "sg1", "sg2", "sg1", "sg2")...)); got != "[0 1 0 1]" {
			t.Error(got)
		}
	})
	t.Run("49 a fourth name finds no set", func(t *testing.T) {
		c := hostWithCards(t, 3, 8)
		if got := c.place(wiredAll(1, "sg1", "sg2", "sg3", "sg1")...); got != "a0 a0 a0 a0" {
			t.Error(got)
		}
		res := c.round(wired("fourth", "sg4", 1))
		if len(res.Failures) != 1 || res.Failures[0].Why.Main().Cause != placement.CauseDevices {
			t.Errorf("%v", res.Failures)
		}
	})
	t.Run("50 sets of two parts", func(t *testing.T) {
		res := hostWithCards(t, 3, 2).round(wiredAll(2, "sg1", "sg1", "sg1", "sg1")...)
		if got := cardsOf(res); got != "[0 1 2]" || len(res.Failures) != 1 {
			t.Errorf("%s, %d failures", got, len(res.Failures))
		}
	})
	t.Run("51 no parts, only the name", func(t *testing.T) {
		c := hostWithCards(t, 3, 8)
		c.place(wiredAll(1, "sg1", "sg2")...)
		res := c.round(wiredAll(0, repeat("sg3", 20)...)...)
		if got := cardsOf(res); got != fmt.Sprint(slices.Repeat([]int{2}, 20)) {
			t.Error(got)
		}
	})
	// In Fenzo a task that asks for no set still takes one, under a name of its own, and it is never freed. With us who asks for
	// nothing takes nothing.
	t.Run("52 a task without a request takes no set", func(t *testing.T) {
		c := hostWithCards(t, 3, 8)
		if got := c.place(append(wiredAll(1, "sg1", "sg2"), named("plain", "cpus:0.1"), wired("third", "sg3", 1))...); got != "a0 a0 a0 a0" {
			t.Error(got)
		}
	})
	t.Run("53 running tasks hold their sets", func(t *testing.T) {
		c := newCluster(t, placement.FirstFit())
		var running []placement.Running
		for i, one := range []struct {
			name string
			unit int
		}{{"sg1", 0}, {"sg1", 1}, {"sg2", 2}} {
			running = append(running, placement.Running{Agent: "a0", Task: wired(fmt.Sprint("r", i), one.name, 1), Devices: []placement.DeviceGrant{
				{Kind: "card", Units: []int{one.unit}, Share: resources.One, Tag: one.name}}})
		}
		if err := c.Started(running...); err != nil {
			t.Fatal(err)
		}
		c.offer("a0", "cpus:4", standing, cards(3, 8))
		if got := c.place(wired("n1", "sg1", 1), wired("n3", "sg3", 1), wired("n2", "sg2", 1)); got != "a0 - a0" {
			t.Error(got)
		}
	})
	t.Run("54 a task that ended frees its set", func(t *testing.T) {
		c := hostWithCards(t, 1, 2)
		c.place(wired("t1", "sg1", 2))
		full := c.place(wired("t2", "sg2", 1))
		c.Ended("t1")
		if got := full + c.place(wired("t3", "sg2", 1)); got != "-a0" {
			t.Error(got)
		}
		bare := newCluster(t, placement.FirstFit())
		bare.offer("a0", "cpus:4")
		res := bare.round(wired("t", "sg1", 1))
		if len(res.Failures) != 1 || res.Failures[0].Why.Main().Cause != placement.CauseUnknown && res.Failures[0].Why.Main().Cause != placement.CauseDevices {
			t.Errorf("without any set: %v", res.Failures)
		}
	})
	// Fenzo has a table of what is used and free. With us what is left is what the explanation of a task that is too large says.
	t.Run("55 what is left", func(t *testing.T) {
		c := hostWithCards(t, 3, 8)
		c.place(wiredAll(1, "sg1", "sg2")...)
		res := c.round(placement.Task{ID: "large", Needs: resources.MustQuantities("cpus:4"), Devices: []placement.DeviceRequest{{Kind: "card", Count: 2}}})
		why := res.Failures[0].Why
		if n := why.Nearest; n == nil || n.Lacks[0] != (placement.Lack{What: "cpus", Asked: 4 * resources.One, Free: 3800, Capacity: 4 * resources.One}) {
			t.Errorf("%v", why)
		}
		if got := c.place(placement.Task{ID: "whole", Devices: []placement.DeviceRequest{{Kind: "card", Count: 1}}}); got != "a0" {
			t.Errorf("one set is free, but a task that wants it goes to %s", got)
		}
	})
}
