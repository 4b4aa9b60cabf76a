package placement

import "math"

// briefRow is what a task took where four small numbers say it: the first is one more than what it stands for, and zero where the need row has
// to be looked up. The row of a task that leaves is found by what its spot says, and both are in memory that was not looked at in a while;
// this is found at the same time as the spot. It is kept where there are many rows: few are always at hand.
type briefRow [4]int32

const manyRows = 2048

// abridge notes what a task took.
func (r *Round) abridge(t int32, need []int64) {
	if int(t) >= len(r.brief) {
		r.brief = append(r.brief, make([]briefRow, len(r.states)-len(r.brief))...)
	}
	r.brief[t] = briefly(need)
}

func briefly(need []int64) (b briefRow) {
	if len(need) < len(b) {
		return b
	}
	of := (*[len(b)]int64)(need)
	for _, n := range need[len(b):] {
		if n != 0 {
			return b
		}
	}
	if uint64(of[0]+1|of[1]|of[2]|of[3]) > math.MaxInt32 {
		return b
	}
	return briefRow{int32(of[0] + 1), int32(of[1]), int32(of[2]), int32(of[3])}
}

// returnRow gives what a task took of a bin's row back to it.
func (r *Round) returnRow(t, b int32) {
	if int(t) < len(r.brief) && r.brief[t][0] > 0 {
		have, give := (*[len(briefRow{})]int64)(r.free[int(b)*r.stride:]), &r.brief[t]
		have[0], have[1], have[2], have[3] = have[0]+int64(give[0])-1, have[1]+int64(give[1]), have[2]+int64(give[2]), have[3]+int64(give[3])
		return
	}
	r.giveRow(b, r.taken(t))
}

// lookUp says that what a task took has to be looked up.
func (r *Round) lookUp(t int32) {
	if int(t) < len(r.brief) {
		r.brief[t] = briefRow{}
	}
}
