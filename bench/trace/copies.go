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

func (c *copies) items() int { return len(c.offers) + len(c.tasks) + len(c.running) }

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

// own makes the lists the recorder's own, in depth, because a caller of Assign may change them after the call. The slices of the spare are
// used for that.
func (c *copies) own(spare *copies) {
	c.offers = copied(spare.offers, c.offers, deepenOffer)
	c.tasks = copied(spare.tasks, c.tasks, deepenTask)
	c.running = copied(spare.running, c.running, deepenRunning)
}

// empty is what can be used again.
func (c *copies) empty() copies {
	return copies{emptied(c.offers), emptied(c.tasks), emptied(c.running)}
}

// copied copies a list, and what its items refer to while they are in the cache.
func copied[T any](spare, list []T, deepen func(*T)) []T {
	const atOnce = 32
	out := slices.Grow(spare[:0], len(list))
	for some := range slices.Chunk(list, atOnce) {
		out = append(out, some...)
		for i := len(out) - len(some); i < len(out); i++ {
			deepen(&out[i])
		}
	}
	return out
}

// apart gives a slice elements of its own.
func apart[S ~[]T, T any](s *S) { *s = slices.Clone(*s) }

func deepenOffer(o *placement.Offer) {
	if len(o.Devices) > 0 {
		apart(&o.Devices)
	}
	if o.Unavailable != nil {
		w := *o.Unavailable
		o.Unavailable = &w
	}
}

func deepenTask(t *placement.Task) {
	if len(t.Ports.Fixed)|len(t.Require)|len(t.Prefer)|len(t.Devices)|len(t.Sets)|len(t.Disks) == 0 {
		return // as most
	}
	apart(&t.Ports.Fixed)
	apart(&t.Require)
	apart(&t.Prefer)
	apart(&t.Devices)
	apart(&t.Sets)
	apart(&t.Disks)
	for i := range t.Devices {
		apart(&t.Devices[i].Models)
	}
	for i := range t.Sets {
		apart(&t.Sets[i].Items)
	}
}

func deepenRunning(h *placement.Running) {
	deepenTask(&h.Task)
	apart(&h.Ports)
	apart(&h.Devices)
	for i := range h.Devices {
		apart(&h.Devices[i].Units)
		apart(&h.Devices[i].IDs)
	}
	apart(&h.Items)
	for i := range h.Items {
		apart(&h.Items[i].Items)
	}
}
