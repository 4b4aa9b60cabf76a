package index

// sample keeps the latest needs met, from which [needLanes] are chosen, and says when to choose: after 64 questions and then
// each time they have become four times as many, if searches looked at more than a few words since.
type sample struct {
	needs Matrix
	met   int
	asked int64
	look  int64 // asked this often, choose
	last  int64 // asked at the last look
	steps int64 // steps at the last look
}

const (
	sampleSize   = 64
	sampleLook   = 64 // questions before the first choice
	sampleMisled = 16 // steps a question that make a choice worth its cost, that of packing every row once
)

func newSample(cols int) sample { return sample{needs: Matrix{Cols: cols}, look: sampleLook} }

func (s *sample) meet(need []int64) {
	if s.met < sampleSize {
		s.needs.Data = append(s.needs.Data, need...)
	} else {
		copy(s.needs.Row(int32(s.met%sampleSize)), need)
	}
	s.met++
}

// choose counts a question and says whether to choose now.
func (s *sample) choose(steps int64) bool {
	s.asked++
	if s.asked <= s.look || s.met == 0 {
		return false
	}
	misled := steps-s.steps > sampleMisled*(s.asked-s.last)
	s.steps, s.last, s.look = steps, s.asked, 4*s.asked
	return misled
}
