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
	j := judge{c, -1}
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
	return j
}

// askFirst puts those first whose verdicts are remembered.
func (ru *rule) askFirst() {
	slices.SortStableFunc(ru.judges, func(x, y judge) int { return int(min(y.by, 0)) - int(min(x.by, 0)) })
	for ru.alike < min(mostVerdicts, len(ru.judges)) && ru.judges[ru.alike].by >= 0 {
		ru.alike++
	}
}

// shut are the bins found to be vetoed for the tasks of a group. As long as no task leaves they stay so: tasks that come only
// forbid more.
type shut struct {
	group  int32
	number int32 // of the round
	epoch  int
	bins   []uint64 // a bit for each
	set    []int32  // words that are not zero
}

// about makes s say what is known for a group, which may be nothing yet.
func (s *shut) about(group int32, r *Round) {
	if s.group == group && s.number == r.number && s.epoch == r.epoch && len(s.bins)*64 >= len(r.bins) {
		return
	}
	for _, w := range s.set {
		s.bins[w] = 0
	}
	s.group, s.number, s.epoch, s.set = group, r.number, r.epoch, s.set[:0]
	if len(s.bins)*64 < len(r.bins) {
		s.bins = make([]uint64, cap(r.bins)/64+1)
	}
}

func (s *shut) has(b int32) bool { return s.bins[b>>6]>>(b&63)&1 != 0 }

func (s *shut) add(b int32) {
	if s.bins[b>>6] == 0 {
		s.set = append(s.set, b>>6)
	}
	s.bins[b>>6] |= 1 << (b & 63)
}

// admitted is [Round.allowed] of the task that a bin is sought for.
func (r *Round) admitted(b int32) bool {
	f := &r.finding
	if f.vetoes && r.shut.has(b) {
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
		r.shut.add(b)
		return false
	}
	if rest := f.rule.judges[f.rule.alike:]; len(rest) > 0 {
		r.show(f.task, a)
		for i := range rest {
			if !rest[i].Judge(&r.asking).OK {
				return false
			}
		}
	}
	return true
}

// alike is the verdict on an agent, remembered by its value.
func (r *Round) alike(j *judge, memo *verdicts, a int32) bool {
	p := &r.books.partitions[j.by]
	v := p.of[a]
	if v < 0 || v >= mostValues || p.mixed {
		r.show(r.finding.task, a)
		return j.Judge(&r.asking).OK
	}
	if memo.known>>v&1 == 0 {
		r.show(r.finding.task, a)
		memo.known |= 1 << v
		if j.Judge(&r.asking).OK {
			memo.ok |= 1 << v
		}
	}
	return memo.ok>>v&1 != 0
}
