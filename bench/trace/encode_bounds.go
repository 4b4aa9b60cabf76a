package trace

import (
	"maps"
	"slices"

	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// bounds writes what bounds a round.
func (e *encoder) bounds(m *tracepb.Settings, s *placement.Settings) {
	m.Batch, m.GoodEnough, m.Headroom = int64(s.Batch), s.GoodEnough, e.amounts(s.Headroom)
	m.Limits = messages(s.Limits, func(l *placement.Limit) *tracepb.Limit {
		return &tracepb.Limit{Owner: e.text(l.Owner), Group: e.text(l.Group), Most: e.amounts(l.Most), Tasks: int64(l.Tasks)}
	})
	m.Tiers = messages(s.Tiers, func(t *placement.Tier) *tracepb.Tier {
		return &tracepb.Tier{Priority: int64(t.Priority), Capacity: e.amounts(t.Capacity), Buckets: messages(t.Buckets, e.bucket)}
	})
}

func (e *encoder) bucket(b *placement.Bucket) *tracepb.Bucket {
	return &tracepb.Bucket{Owner: e.text(b.Owner), Guarantee: e.amounts(b.Guarantee), Reserve: b.Reserve, Weight: b.Weight}
}

// weights and amounts write what has names, in their order.
func (e *encoder) weights(m map[string]float64) (list []*tracepb.Weight) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, &tracepb.Weight{Name: e.text(name), Weight: m[name]})
	}
	return list
}

func (e *encoder) amounts(m map[string]resources.Amount) (list []*tracepb.Quantity) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, &tracepb.Quantity{Name: e.text(name), Amount: int64(m[name])})
	}
	return list
}
