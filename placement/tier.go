package placement

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/berth-go/berth/resources"
)

// Tier divides what the tasks of one priority may use among their owners: Fenzo's tiers, buckets and service levels.
type Tier struct {
	// Priority is that of the tasks in the tier.
	Priority int
	// Capacity is what they may use in all, running ones included, by names as in [Limit.Most]. A name that is not there has no bound, or, where
	// buckets have guarantees of it, their sum.
	Capacity map[string]resources.Amount
	// Buckets are owners of whom something is to be said. Every other owner has a bucket without a guarantee.
	Buckets []Bucket
}

// Bucket is one owner's part of a [Tier].
type Bucket struct {
	// Owner is whose tasks are in it, see [Task.Owner].
	Owner string
	// Guarantee is kept free of the tier's capacity for the owner, as long as tasks of it are pending that are ready. All guarantees of a name
	// together must not be more than the capacity.
	Guarantee map[string]resources.Amount
	// Reserve keeps it free even while no task of the owner is pending.
	Reserve bool
	// Weight is the owner's in the order [DRF]. Zero: what [WithWeights] says, or else the largest part of the tier's capacity that is guaranteed
	// to it; without a guarantee a thousandth, or 1 if nobody in the tier has one.
	Weight float64
}

// WithTiers divides what tasks of some priorities use. A task is let in if all that the tier uses stays within the capacity, and what
// its bucket then uses beyond its guarantee is neither used by nor guaranteed to others. That holds whatever the packer; what
// is asked for none of is not looked at. In the order [DRF], shares within a tier are parts of its capacity, and count the tier's tasks alone.
//
// Failures say [CauseLimit] or [CauseGuarantee]. A later option replaces an earlier one; an engine keeps count as long as the
// very same option is given. A round that has tiers looks at every pending task once.
func WithTiers(tiers ...Tier) Option {
	list := &tierList{}
	seen := map[int]bool{}
	for i, t := range tiers {
		t.Capacity = maps.Clone(t.Capacity)
		t.Buckets = slices.Clone(t.Buckets)
		id := fmt.Sprint("priority ", t.Priority)
		if seen[t.Priority] {
			list.bad.add("tiers", i, id, fmt.Errorf("%w: an earlier tier is of priority %d, too", ErrDuplicate, t.Priority))
		}
		seen[t.Priority] = true
		checkAmounts(&list.bad, "tiers", i, id, t.Capacity)
		owners := map[string]bool{}
		sum := map[string]resources.Amount{}
		for j := range t.Buckets {
			b := &t.Buckets[j]
			b.Guarantee = maps.Clone(b.Guarantee)
			if owners[b.Owner] {
				list.bad.add("tiers", i, id, fmt.Errorf("%w: an earlier bucket is of owner %q, too", ErrDuplicate, b.Owner))
			}
			owners[b.Owner] = true
			if !(b.Weight >= 0) || math.IsInf(b.Weight, 0) {
				list.bad.add("tiers", i, id, fmt.Errorf("%w: weight %v of %q is not a number of at least 0", ErrBadRequest, b.Weight, b.Owner))
			}
			checkAmounts(&list.bad, "tiers", i, id, b.Guarantee)
			for name, a := range b.Guarantee {
				sum[name] += min(a, resources.MaxAmount)
			}
		}
		for _, name := range sortedNames(sum) {
			if most, ok := t.Capacity[name]; ok && sum[name] > most {
				list.bad.add("tiers", i, id, fmt.Errorf("%w: %s %s are guaranteed, of %s", ErrBadRequest, sum[name], name, most))
			}
		}
		list.all = append(list.all, t)
		list.capacity = append(list.capacity, sum)
		maps.Copy(sum, t.Capacity)
	}
	if len(tiers) == 0 {
		list = nil
	}
	return func(c *config) { c.tiers = list }
}

// tierList is what one option says.
type tierList struct {
	all []Tier
	// capacity is that of each tier, guarantees included.
	capacity []map[string]resources.Amount
	bad      InputError
}

func (l *tierList) list() []Tier {
	if l == nil {
		return nil
	}
	return l.all
}

// at is the position of the tier of a priority, -1 if there is none.
func (l *tierList) at(priority int) int {
	if l == nil {
		return -1
	}
	return slices.IndexFunc(l.all, func(t Tier) bool { return t.Priority == priority })
}

// weight is an owner's in the order DRF, if the tier has something to say about it.
func (l *tierList) weight(tier int, owner string, given map[string]float64) float64 {
	t := &l.all[tier]
	var guarantee map[string]resources.Amount
	for i := range t.Buckets {
		if b := &t.Buckets[i]; b.Owner == owner {
			if b.Weight > 0 {
				return b.Weight
			}
			guarantee = b.Guarantee
		}
	}
	if w, ok := given[owner]; ok {
		return w
	}
	part := 0.0
	for name, a := range guarantee {
		if all := l.capacity[tier][name]; all > 0 {
			part = max(part, float64(a)/float64(all))
		}
	}
	switch {
	case part > 0:
		return part
	case slices.ContainsFunc(t.Buckets, func(b Bucket) bool { return len(b.Guarantee) > 0 }):
		return guaranteedNothing
	}
	return 1
}

// guaranteedNothing is the weight of owners without a guarantee beside others who have one.
const guaranteedNothing = 0.001
