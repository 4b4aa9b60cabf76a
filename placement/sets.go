package placement

import (
	"slices"

	"github.com/berth-go/berth/resources"
)

func (bn *bin) set(name string) *offeredSet {
	for i := range bn.sets {
		if bn.sets[i].name == name {
			return &bn.sets[i]
		}
	}
	return nil
}

// hasItems says whether the set has what is asked for.
func (bn *bin) hasItems(q *SetRequest) bool {
	s := bn.set(q.Name)
	return s != nil && suffices(s.free, q)
}

func suffices(free resources.Set, q *SetRequest) bool {
	if q.Count > free.Len()-len(q.Items) {
		return false
	}
	for _, item := range q.Items {
		if !free.Has(item) {
			return false
		}
	}
	return true
}

// chooseItems returns the items named and then the first others in order: out of the reserved part
// alone, if that has enough.
func (bn *bin) chooseItems(q *SetRequest) []string {
	s := bn.set(q.Name)
	from := s.free
	if suffices(s.reserved, q) {
		from = s.reserved
	}
	chosen := slices.Clone(q.Items)
	for item := range from.All() {
		if len(chosen) == len(q.Items)+q.Count {
			break
		}
		if !slices.Contains(q.Items, item) {
			chosen = append(chosen, item)
		}
	}
	return chosen
}

func (bn *bin) takeItems(name string, items []string) {
	s, gone := bn.set(name), resources.MustSet(items...)
	s.free, s.reserved = s.free.Minus(gone), s.reserved.Minus(gone)
}

func (bn *bin) returnItems(name string, items []string) {
	s, back := bn.set(name), resources.MustSet(items...)
	s.free, s.reserved = s.free.Plus(back), s.reserved.Plus(back.Intersect(s.everReserved))
}
