package offerbuffer

import (
	"maps"
	"slices"
	"time"
)

// Stats is what a buffer holds and has done: plain data, the caller's. Added = Used + Declined + Rescinded + Void + Held
// holds after every call.
type Stats struct {
	// Held is the number of offers that have not ended: Waiting for the policy, Lent to the matcher, or Declining in
	// the next Tick. Bins is the number of pairs of agent and role that they belong to.
	Held, Waiting, Lent, Declining, Bins int
	// Share is the largest share of the cluster that is held, see [Buffer.SetCluster]; kept only with Config.MaxShare.
	Share float64
	// Added counts the offers taken over, the next four how they ended.
	Added, Used, Declined, Rescinded, Void uint64
	// Released counts how often an offer was lent.
	Released uint64
	// Duplicates, Unknown and Invalid count what was refused: ids that are held already, ids that are not held, and offers
	// that cannot be held.
	Duplicates, Unknown, Invalid uint64
	// Panics counts calls of a policy that ended in a panic.
	Panics uint64
	// ReleasedBy says which policy released how many, and DeclinedFor how many were declined why; sorted by name.
	ReleasedBy, DeclinedFor []Count
	// Ages says for how long the offers that have ended were held.
	Ages Histogram
	// Inverse counts inverse offers.
	Inverse InverseStats
}

// Count is a number with its name.
type Count struct {
	Name string
	N    uint64
}

// Histogram counts durations by size.
type Histogram struct {
	// Bounds are upper bounds, inclusive, ascending; Counts has one entry for each, and one for what is longer.
	Bounds []time.Duration
	Counts []uint64
	Sum    time.Duration
}

// Total is the number of durations counted.
func (h Histogram) Total() (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Stats says what the buffer holds and has done. It costs a few hundred nanoseconds, whatever is held.
func (b *Buffer) Stats() Stats {
	s := b.counts.Stats
	s.Waiting, s.Lent, s.Declining = b.counts.waiting, b.counts.lent, b.counts.declining
	s.Held = s.Waiting + s.Lent + s.Declining
	s.Bins = b.counts.bins
	s.Share = b.share.with(nil)
	for _, by := range slices.Sorted(maps.Keys(b.counts.releasedBy)) {
		s.ReleasedBy = append(s.ReleasedBy, Count{by, *b.counts.releasedBy[by]})
	}
	for _, reason := range slices.Sorted(maps.Keys(b.counts.declinedFor)) {
		s.DeclinedFor = append(s.DeclinedFor, Count{string(reason), b.counts.declinedFor[reason]})
	}
	s.Ages = b.counts.ages.value()
	s.Inverse = b.inverse.counts
	s.Inverse.Held = len(b.inverse.held) + len(b.inverse.declines)
	return s
}

// counts are the numbers kept up to date: the counters in the embedded Stats, and what it is completed with.
type counts struct {
	Stats
	waiting, lent, declining int
	bins                     int
	releasedBy               map[string]*uint64
	lastBy                   string // the policy that released last, and its counter
	ofLastBy                 *uint64
	declinedFor              map[Reason]uint64
	ages                     ageCounts
}

func newCounts() counts {
	return counts{releasedBy: map[string]*uint64{}, declinedFor: map[Reason]uint64{}}
}

// released counts offers for the policy that released them, mostly the same one again.
func (c *counts) released(by string, n uint64) {
	if c.ofLastBy == nil || c.lastBy != by {
		if c.releasedBy[by] == nil {
			c.releasedBy[by] = new(uint64)
		}
		c.lastBy, c.ofLastBy = by, c.releasedBy[by]
	}
	*c.ofLastBy += n
}

// ageBounds are the bounds of the histogram: from what is used as it comes to the default of MaxHold and beyond.
var ageBounds = [...]time.Duration{
	0, 100 * time.Millisecond, time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute,
}

type ageCounts struct {
	counts [len(ageBounds) + 1]uint64
	sum    time.Duration
}

func (a *ageCounts) observe(d time.Duration) {
	i := 0
	for i < len(ageBounds) && d > ageBounds[i] {
		i++
	}
	a.counts[i]++
	a.sum += d
}

func (a *ageCounts) value() Histogram {
	return Histogram{slices.Clone(ageBounds[:]), slices.Clone(a.counts[:]), a.sum}
}
