package trace

import (
	"github.com/berth-go/berth/bench/trace/tracepb"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// bounds reads what bounds a round.
func (d *decoder) bounds(s *placement.Settings, m *tracepb.Settings) {
	s.Batch, s.GoodEnough, s.Headroom = d.int(m.GetBatch()), m.GetGoodEnough(), d.amounts(m.GetHeadroom())
	s.Limits = each(m.GetLimits(), func(l *tracepb.Limit) placement.Limit {
		return placement.Limit{Owner: d.text(l.Owner), Group: d.text(l.Group), Most: d.amounts(l.Most), Tasks: d.int(l.Tasks)}
	})
	s.Tiers = each(m.GetTiers(), func(t *tracepb.Tier) placement.Tier {
		return placement.Tier{Priority: d.int(t.Priority), Capacity: d.amounts(t.Capacity), Buckets: each(t.Buckets, d.bucket)}
	})
}

func (d *decoder) bucket(b *tracepb.Bucket) placement.Bucket {
	return placement.Bucket{Owner: d.text(b.Owner), Guarantee: d.amounts(b.Guarantee), Reserve: b.Reserve, Weight: b.Weight}
}

func (d *decoder) weights(list []*tracepb.Weight) (m map[string]float64) {
	for _, w := range list {
		if m == nil {
			m = map[string]float64{}
		}
		m[d.text(w.Name)] = w.Weight
	}
	return m
}

func (d *decoder) amounts(list []*tracepb.Quantity) (m map[string]resources.Amount) {
	for _, q := range list {
		if m == nil {
			m = map[string]resources.Amount{}
		}
		m[d.text(q.Name)] = resources.Amount(q.Amount)
	}
	return m
}
