package placement

import "github.com/berth-go/berth/placement/internal/index"

// fence is what is known of the bins that tasks of one rule cannot go to, a bit for each, so that a search passes over them
// without asking. Tasks of a group mostly come one after the other, so it is kept for the latest rule alone.
type fence struct {
	rule   int32
	number int32 // of the round, which starts at 1
	epoch  int
	// deny.Shut are the bins found to be vetoed. As long as no task leaves they stay so: tasks that come only forbid more. deny.Now are
	// those in zones where the requirement does not let the task go.
	deny index.Deny
	set  []int32 // words of deny.Shut that are not zero
	// zones are the values of the partition by, by which the first requirement of the rule judges; none if they are too many.
	by    int32
	zones []zone
	asked int // questions by other partitions than by, in a row
	walls []wall

	openings openings // kept for good
}

type zone struct {
	someone int32 // an agent there
	bins    []uint64
}

// wall is all zones but those a requirement opens.
type wall struct {
	open uint64
	bins []uint64
}

const (
	mostZones = 8
	mostWalls = 16
	// zones of a partition are worth looking up, once a round, after so many questions.
	zonesAfter = 16
)

// about makes the fence that of the task sought for, and is the bins known to be out of question for it. What it returns
// is true until a task is placed or leaves; [fence.add] adds to it.
func (s *fence) about(r *Round) *index.Deny {
	id := r.states[r.finding.task].rule
	if words := cap(r.bins)/64 + 1; s.number != r.number || len(s.deny.Shut) < words {
		*s = fence{rule: id, number: r.number, epoch: r.epoch, deny: index.Deny{Shut: make([]uint64, words), Era: s.deny.Era + 1}, by: -1, openings: s.openings}
	} else if s.rule != id || s.epoch != r.epoch {
		s.clear()
		s.rule, s.epoch = id, r.epoch
	}
	s.deny.Now = nil
	if ru := r.finding.rule; ru.alike > 0 && s.divided(r, ru.judges[0].by) {
		s.deny.Now = s.around(s.openZones(r, &ru.judges[0]))
	}
	return &s.deny
}

// clear forgets what is shut.
func (s *fence) clear() {
	for _, w := range s.set {
		s.deny.Shut[w] = 0
	}
	s.set = s.set[:0]
	s.deny.Era++
}

// divided says whether there are zones by the partition.
func (s *fence) divided(r *Round, by int32) bool {
	if s.by == by {
		s.asked = 0
		return len(s.zones) > 0
	}
	if s.asked++; s.asked < zonesAfter {
		return false
	}
	s.by, s.asked, s.zones, s.walls = by, 0, nil, nil
	p := &r.books.partitions[by]
	if p.size() > mostZones || p.mixed {
		return false
	}
	s.zones = make([]zone, p.size())
	for v := range s.zones {
		s.zones[v] = zone{-1, make([]uint64, len(s.deny.Shut))}
	}
	for _, b := range r.liveBins() {
		a := r.homes[b].agent
		if v := p.of[a]; v >= 0 {
			s.zones[v].someone = a
			s.zones[v].bins[b>>6] |= 1 << (b & 63)
		}
	}
	return len(s.zones) > 0
}

// openZones are those where the requirement lets the task go. What it finds out is remembered for the rest of the question.
func (s *fence) openZones(r *Round, j *judge) (open uint64) {
	memo := &r.finding.verdicts[0]
	if j.peers == nil {
		for v := range s.zones {
			if a := s.zones[v].someone; a >= 0 && r.alike(j, memo, a) {
				open |= 1 << v
			}
		}
		return open
	}
	open = s.openings.opens(j, &r.books.counters[j.counter])
	*memo = verdicts{known: 1<<len(s.zones) - 1, ok: open}
	return open
}

// around is the wall with such zones open.
func (s *fence) around(open uint64) []uint64 {
	for i := range s.walls {
		if s.walls[i].open == open {
			return s.walls[i].bins
		}
	}
	if len(s.walls) == mostWalls {
		s.walls = s.walls[:0]
	}
	made := wall{open, make([]uint64, len(s.deny.Shut))}
	for v := range s.zones {
		if open>>v&1 == 0 {
			for w, bins := range s.zones[v].bins {
				made.bins[w] |= bins
			}
		}
	}
	s.walls = append(s.walls, made)
	return made.bins
}

func (s *fence) has(b int32) bool { return s.deny.Shut[b>>6]>>(b&63)&1 != 0 }

// add notes that a bin is vetoed.
func (s *fence) add(b int32) {
	if s.deny.Shut[b>>6] == 0 {
		s.set = append(s.set, b>>6)
	}
	s.deny.Shut[b>>6] |= 1 << (b & 63)
}

// placed has tasks of the rule that are sought for next not ask about a bin that this one just closed to them.
func (s *fence) placed(r *Round, t, b int32) {
	st := &r.states[t]
	if s.rule != st.rule || s.number != r.number || s.epoch != r.epoch || s.has(b) {
		return
	}
	ru, a := &r.ruler.rules[st.rule], r.homes[b].agent
	if r.books.closes(ru, a) || r.books.forbidden(ru.group, a) >= 0 {
		s.add(b)
	}
}
