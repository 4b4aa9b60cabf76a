package offerbuffer

import (
	"slices"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// overLimit says whether an offer that is not held yet would go beyond a limit.
func (b *Buffer) overLimit(o *placement.Offer) (Reason, bool) {
	c := &b.config
	switch {
	case c.MaxOffers > 0 && b.counts.waiting+b.counts.lent >= c.MaxOffers:
		return TooMany, true
	case c.MaxPerAgent > 0 && b.ofAgent(o.Agent) >= c.MaxPerAgent:
		return TooManyOfAgent, true
	case c.MaxShare > 0 && b.share.with(o) > c.MaxShare:
		return TooLargeShare, true
	}
	return "", false
}

// SetCluster tells how much the cluster has in all, for [Config.MaxShare] and [Stats.Share]. Names that it does not
// mention have no share. What is held already stays.
func (b *Buffer) SetCluster(total resources.Quantities) { b.share.cluster = total }

// share is how much is held of each scalar resource. It is kept only where a limit asks for it.
type share struct {
	cluster resources.Quantities
	held    []resources.Quantity // sorted by name
}

// add counts an offer in (sign 1) or out (-1).
func (s *share) add(c *Config, o *placement.Offer, sign resources.Amount) {
	if c.MaxShare == 0 {
		return
	}
	for r := range o.Resources.All() {
		if r.Value.Kind() == resources.KindScalar {
			*s.of(r.Name) += sign * r.Value.Amount()
		}
	}
}

func (s *share) of(name string) *resources.Amount {
	i, ok := slices.BinarySearchFunc(s.held, name, func(q resources.Quantity, name string) int { return strings.Compare(q.Name, name) })
	if !ok {
		s.held = slices.Insert(s.held, i, resources.Quantity{Name: name})
	}
	return &s.held[i].Amount
}

// with is the largest share over all names with one more offer; without one, as it is.
func (s *share) with(o *placement.Offer) float64 {
	most := 0.0
	for name, total := range s.cluster.All() {
		held := *s.of(name)
		if o != nil {
			for r := range o.Resources.All() {
				if r.Name == name && r.Value.Kind() == resources.KindScalar {
					held += r.Value.Amount()
				}
			}
		}
		most = max(most, float64(held)/float64(total))
	}
	return most
}
