package placement

import (
	"slices"

	"github.com/berth-go/berth/constraints"
)

// judge is a requirement, and what it takes to ask it but once about agents it cannot tell apart.
type judge struct {
	constraints.Constraint
	// by is the partition whose few values alone make agents differ to the constraint; -1: there is none.
	by int32
	// peers is the constraint if it can be asked by the counter alone.
	peers   constraints.Peers
	peersID int32 // what it shares with those of the same type and text
	counter int32
	spread  func() constraints.Tally
}

// passes is the verdict on an agent.
func (j *judge) passes(r *Round, t, a int32) bool {
	if j.peers != nil {
		n := &r.books.counters[j.counter]
		v := r.books.partitions[n.partition].of[a]
		return v >= 0 && j.peers.JudgePeers(int(n.by.at(v)), j.spread).OK
	}
	r.show(t, a)
	return j.Judge(&r.asking).OK
}

// verdicts remembers, for the values of a partition, whether a requirement lets the task sought for go there. As long as no task
// is placed or leaves, that is, during one question, a verdict is the same for all agents that are equal in what it reads.
type verdicts struct{ known, ok uint64 }

// Up to mostVerdicts requirements of a rule are remembered, for partitions of up to mostValues.
const (
	mostVerdicts = 2
	mostValues   = 64
)

// newJudge reads off what a constraint says it reads whether agents with the same value of an attribute are alike to it: then it
// reads that attribute and counts by it, and all else that it may know of counts is the same for all agents. (Without counts
// there need not be a partition, and verdicts are as quickly asked for.)
func newJudge(b *books, c constraints.Constraint, reads *constraints.Reads) judge {
	c = constraints.Canonical(c) // how it was written is for messages
	j := judge{Constraint: c, by: -1}
	if p, ok := c.(constraints.Peers); ok && len(reads.Counts) == 1 {
		j.peers, j.counter = p, b.counter(reads.Counts[0])
		j.spread = func() constraints.Tally { return b.tally(j.counter) }
	}
	if reads.Agent || reads.Task || reads.Time || len(reads.Attributes) != 1 || len(reads.Counts) == 0 {
		return j
	}
	for _, n := range reads.Counts {
		if n.By != reads.Attributes[0] {
			return j
		}
	}
	if by := b.partition(reads.Attributes[0]); b.partitions[by].size() <= mostValues {
		j.by = by
	}
	if j.peers != nil && j.by >= 0 {
		j.peersID = b.peersID(c)
	}
	return j
}

// askFirst puts those first whose verdicts are remembered.
func (ru *rule) askFirst() {
	slices.SortStableFunc(ru.judges, func(x, y judge) int { return int(min(y.by, 0)) - int(min(x.by, 0)) })
	for ru.alike < min(mostVerdicts, len(ru.judges)) && ru.judges[ru.alike].by >= 0 {
		ru.alike++
	}
}

// admitted is [Round.allowed] of the task that a bin is sought for.
func (r *Round) admitted(b int32) bool {
	f := &r.finding
	if f.vetoes && r.fence.has(b) {
		return false
	}
	a := r.homes[b].agent
	for i := range f.rule.judges[:f.rule.alike] {
		if !r.alike(&f.rule.judges[i], &f.verdicts[i], a) {
			return false
		}
	}
	if r.loads[a].off || r.gangs && !r.gangAllows(f.task, a) {
		return false
	}
	if f.vetoes && r.books.forbidden(f.rule.group, a) >= 0 {
		r.fence.add(b)
		return false
	}
	return r.passes(f.rule.judges[f.rule.alike:], f.task, a)
}

// passes says whether all of some requirements let the task go to an agent.
func (r *Round) passes(judges []judge, t, a int32) bool {
	for i := range judges {
		if !judges[i].passes(r, t, a) {
			return false
		}
	}
	return true
}

// alike is the verdict on an agent, remembered by its value.
func (r *Round) alike(j *judge, memo *verdicts, a int32) bool {
	p := &r.books.partitions[j.by]
	v := p.of[a]
	if v < 0 || v >= mostValues || p.mixed {
		return j.passes(r, r.finding.task, a)
	}
	if memo.known>>v&1 == 0 {
		memo.known |= 1 << v
		if j.passes(r, r.finding.task, a) {
			memo.ok |= 1 << v
		}
	}
	return memo.ok>>v&1 != 0
}
