package placementtest

import (
	"errors"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// ErrTier: a task is placed although, with it, a tier uses more than its capacity, or what is guaranteed to another owner.
var ErrTier = errors.New("capacities and guarantees of tiers hold")

// WithTiers names the tiers, as [placement.WithTiers] does.
func WithTiers(tiers ...placement.Tier) Option { return func(c *checker) { c.tiers = tiers } }

// tierUse is what the owners use of a tier.
type tierUse map[string]map[string]resources.Amount

// tierUses are what running tasks use of each tier.
func (c *checker) tierUses() []tierUse {
	uses := make([]tierUse, len(c.tiers))
	for i := range uses {
		uses[i] = tierUse{}
	}
	for i := range c.running {
		c.useTier(uses, &c.running[i].Task, false)
	}
	return uses
}

// useTier adds a task to what its tier uses, and says whether it may be there.
func (c *checker) useTier(uses []tierUse, t *placement.Task, check bool) {
	for i := range c.tiers {
		if tier := &c.tiers[i]; tier.Priority == t.Priority {
			capacity := capacityOf(tier)
			owner := ownerOf(t)
			if uses[i][owner] == nil {
				uses[i][owner] = map[string]resources.Amount{}
			}
			for name, most := range capacity {
				before, _ := c.claimed(tier, uses[i], name)
				uses[i][owner][name] += asked(t, name)
				after, used := c.claimed(tier, uses[i], name)
				if check && asked(t, name) > 0 && (used > most || (after > before && after > most)) {
					c.report(t.ID, ErrTier, "with it, the tier of priority %d uses %v, with guarantees %v, of %v %s", tier.Priority, used, after, most, name)
				}
			}
		}
	}
}

// claimed is what all owners use or have guaranteed, each whichever is more, and what they use.
func (c *checker) claimed(tier *placement.Tier, use tierUse, name string) (claimed, used resources.Amount) {
	for owner, u := range use {
		claimed += max(u[name], c.guaranteed(tier, owner, name))
		used += u[name]
	}
	for _, b := range tier.Buckets {
		if use[b.Owner] == nil {
			claimed += c.guaranteed(tier, b.Owner, name)
		}
	}
	return claimed, used
}

// guaranteed is what is kept free for an owner.
func (c *checker) guaranteed(tier *placement.Tier, owner, name string) resources.Amount {
	for _, b := range tier.Buckets {
		if b.Owner != owner {
			continue
		}
		if b.Reserve {
			return b.Guarantee[name]
		}
		for i := range c.tasks {
			if t := &c.tasks[i]; t.Priority == tier.Priority && ownerOf(t) == owner && !c.now.Before(t.ReadyAt) {
				return b.Guarantee[name]
			}
		}
	}
	return 0
}

func capacityOf(tier *placement.Tier) map[string]resources.Amount {
	all := map[string]resources.Amount{}
	for _, b := range tier.Buckets {
		for name, a := range b.Guarantee {
			all[name] += a
		}
	}
	for name, a := range tier.Capacity {
		all[name] = a
	}
	return all
}

func ownerOf(t *placement.Task) string {
	if t.Owner == "" {
		return t.Group
	}
	return t.Owner
}
