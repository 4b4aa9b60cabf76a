package placement

import (
	"fmt"

	"github.com/berth-go/berth/resources"
)

// level is what is used of a tier. All figures are by the names of the quotas.
type level struct {
	priority       int
	capacity, used []int64
	// committed is the sum over the buckets of what they use or are guaranteed, whichever is more.
	committed []int64
}

// bucket is what an owner uses of a tier.
type bucket struct {
	level   int32
	reserve bool
	waits   bool    // a task of it is pending and ready
	due     []int64 // what is guaranteed; nil for nothing
	held    []int64 // what of it is kept free now
	used    []int64
}

type bucketKey struct {
	tier  int
	owner string
}

// openTiers makes the levels and the buckets that have something guaranteed.
func (q *quotas) openTiers() {
	for i, t := range q.tiers.list() {
		q.levels = append(q.levels, level{priority: t.Priority, capacity: q.figures(q.tiers.capacity[i]),
			used: make([]int64, len(q.names)), committed: make([]int64, len(q.names))})
		for j := range t.Buckets {
			b := &q.buckets[q.bucket(i, t.Buckets[j].Owner)]
			b.reserve, b.due = t.Buckets[j].Reserve, make([]int64, len(q.names))
			for k, name := range q.names {
				b.due[k] = int64(t.Buckets[j].Guarantee[name])
			}
		}
	}
}

// bucket is that of an owner in a tier, -1 if there is no tier.
func (q *quotas) bucket(tier int, owner string) int32 {
	if tier < 0 {
		return -1
	}
	key := bucketKey{tier, owner}
	id, ok := q.bucketOf[key]
	if !ok {
		id = int32(len(q.buckets))
		q.bucketOf[key] = id
		q.buckets = append(q.buckets, bucket{level: int32(tier), held: make([]int64, len(q.names)), used: make([]int64, len(q.names))})
	}
	return id
}

// guarantee settles, for a round, whose guarantees are kept free.
func (q *quotas) guarantee(r *Round) {
	if q.tiers == nil {
		return
	}
	for i := range q.buckets {
		q.buckets[i].waits = false
	}
	for _, t := range r.pending {
		if id := q.payer(r, int32(t)).bucket; id >= 0 && !q.buckets[id].waits {
			q.buckets[id].waits = !r.early(t)
		}
	}
	for i := range q.levels {
		clear(q.levels[i].committed)
	}
	for i := range q.buckets {
		b := &q.buckets[i]
		clear(b.held)
		if b.waits || b.reserve {
			copy(b.held, b.due)
		}
		committed := q.levels[b.level].committed
		for k := range b.held {
			committed[k] += max(b.used[k], b.held[k])
		}
	}
}

// beyond is how much more of the figure k the bucket would claim with n more in use.
func (b *bucket) beyond(k int, n int64) int64 {
	return max(b.used[k]+n, b.held[k]) - max(b.used[k], b.held[k])
}

// inTier says whether the tier lets a task of the bucket in.
func (q *quotas) inTier(id int32, need []int64) bool {
	b := &q.buckets[id]
	l := &q.levels[b.level]
	for k, n := range need {
		if n == 0 {
			continue
		}
		if more := b.beyond(k, n); l.used[k]+n > l.capacity[k] || (more > 0 && l.committed[k]+more > l.capacity[k]) {
			return false
		}
	}
	return true
}

// tierObjections says why the tier does not.
func (q *quotas) tierObjections(id int32, need []int64) []Reason {
	var all []Reason
	b := &q.buckets[id]
	l := &q.levels[b.level]
	for k, n := range need {
		if n == 0 {
			continue
		}
		amount := func(a int64) resources.Amount { return resources.Amount(a) }
		switch more := b.beyond(k, n); {
		case l.used[k]+n > l.capacity[k]:
			all = append(all, Reason{Cause: CauseLimit, What: fmt.Sprintf("tier %d: has %s of %s %s, asks %s more",
				l.priority, amount(l.used[k]), amount(l.capacity[k]), q.names[k], amount(n))})
		case more > 0 && l.committed[k]+more > l.capacity[k]:
			all = append(all, Reason{Cause: CauseGuarantee, What: fmt.Sprintf("tier %d: %s of %s %s in use or guaranteed, asks %s more",
				l.priority, amount(l.committed[k]), amount(l.capacity[k]), q.names[k], amount(more))})
		}
	}
	return all
}

func (q *quotas) countInTier(id int32, need []int64, n int64) {
	b := &q.buckets[id]
	l := &q.levels[b.level]
	for k, amount := range need {
		l.committed[k] += b.beyond(k, n*amount)
		b.used[k] += n * amount
		l.used[k] += n * amount
	}
}
