package trace

import (
	"iter"
	"slices"

	"github.com/berth-go/berth/placement"
)

// copies are the lists of a round, in full.
type copies struct {
	offers  []placement.Offer
	tasks   []placement.Task
	running []placement.Running
}

func (c *copies) Offers() iter.Seq[*placement.Offer]    { return pointers(c.offers) }
func (c *copies) Tasks() iter.Seq[*placement.Task]      { return pointers(c.tasks) }
func (c *copies) Running() iter.Seq[*placement.Running] { return pointers(c.running) }

func pointers[T any](list []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// own makes the lists the recorder's own, in depth, because a caller of Assign may change them after the call. The slices of the spare are used for
// that.
func (c *copies) own(spare *copies) {
	c.offers = append(spare.offers[:0], c.offers...)
	c.tasks = append(spare.tasks[:0], c.tasks...)
	c.running = append(spare.running[:0], c.running...)
	c.deepen()
}

// empty is what can be used again.
func (c *copies) empty() copies {
	const keep = 1 << 16
	return copies{emptied(c.offers, keep), emptied(c.tasks, keep), emptied(c.running, keep)}
}

func (c *copies) deepen() {
	for i := range c.offers {
		o := &c.offers[i]
		o.Devices = slices.Clone(o.Devices)
		if o.Unavailable != nil {
			w := *o.Unavailable
			o.Unavailable = &w
		}
	}
	for i := range c.tasks {
		deepen(&c.tasks[i])
	}
	for i := range c.running {
		h := &c.running[i]
		deepen(&h.Task)
		h.Ports = slices.Clone(h.Ports)
		h.Devices = slices.Clone(h.Devices)
		for j := range h.Devices {
			h.Devices[j].Units, h.Devices[j].IDs = slices.Clone(h.Devices[j].Units), slices.Clone(h.Devices[j].IDs)
		}
		h.Items = slices.Clone(h.Items)
		for j := range h.Items {
			h.Items[j].Items = slices.Clone(h.Items[j].Items)
		}
	}
}

func deepen(t *placement.Task) {
	t.Ports.Fixed = slices.Clone(t.Ports.Fixed)
	t.Require, t.Prefer = slices.Clone(t.Require), slices.Clone(t.Prefer)
	t.Devices, t.Sets, t.Disks = slices.Clone(t.Devices), slices.Clone(t.Sets), slices.Clone(t.Disks)
	for i := range t.Devices {
		t.Devices[i].Models = slices.Clone(t.Devices[i].Models)
	}
	for i := range t.Sets {
		t.Sets[i].Items = slices.Clone(t.Sets[i].Items)
	}
}
