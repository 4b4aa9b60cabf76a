package placement

import "github.com/berth-go/berth/placement/internal/index"

// touch is a change of a bin's free row: the bin, times two, plus one if something was freed.
type touch int32

func (c touch) bin() int32  { return int32(c >> 1) }
func (c touch) freed() bool { return c&1 != 0 }

func (r *Round) touch(c touch) {
	r.touched = append(r.touched, c)
	r.changes++
}

// finding is the task that an index is being asked for.
type finding struct {
	task    int32
	shape   *shape
	rule    *rule
	variant int8
	// refused says that some bin had room, but tasks there or requirements kept the task out: that may
	// change without anything being freed.
	refused bool
	// vetoes says that there are vetoes against tasks of the group, plain that nothing but capacity is in the task's way on any agent that
	// takes tasks.
	vetoes   bool
	plain    bool
	verdicts [mostVerdicts]verdicts
	// deny are bins known to be kept from the task by requirements and by tasks there: indexes do not ask about them.
	deny *index.Deny
}

// accepts is what indexes ask about a bin whose row has room: all else that the gate checks.
func (r *Round) accepts(b int32) bool {
	f := &r.finding
	s := f.shape
	if int(b) >= len(r.homes) || !s.goesTo(r.homes[b].role) { // spare rows have no bin yet
		return false
	}
	if f.variant > 0 && covers(r.freeRow(b), s.need[0]) {
		return false // the first variant that fits is the one that is taken
	}
	if !s.plain && !r.fitItems(s, b) {
		return false
	}
	if f.plain && !r.loads[r.homes[b].agent].off || !f.plain && r.admitted(b) {
		return true
	}
	f.refused = true
	return false
}

// seek prepares for asking an index about a task; false when the answer is known to be none.
func (r *Round) seek(t TaskIndex) bool {
	if !r.isTask(t) || r.spots[t].where != NoBin || r.Stopped() || !r.admits(t) {
		return false
	}
	st := &r.states[t]
	ru := &r.ruler.rules[st.rule]
	f := &r.finding
	f.task, f.shape, f.rule, f.deny = int32(t), &r.shaper.shapes[st.shape], ru, nil
	f.variant, f.refused, f.vetoes = 0, false, len(r.books.groups[ru.group].vetoes) > 0
	if f.shape.role == noSuch || r.hopeless(st.shape) {
		return false
	}
	f.plain = !f.vetoes && len(ru.judges) == 0 && !r.gangs
	if ru.alike > 0 {
		f.verdicts = [mostVerdicts]verdicts{}
	}
	if f.vetoes || ru.alike > 0 {
		f.deny = r.fence.about(r)
	}
	return true
}

// fail remembers that no bin has room for the task's shape, if that is why none was found.
func (r *Round) fail(t TaskIndex) {
	if !r.finding.refused {
		r.failed[r.states[t].shape] = failing{r.epoch + 1, r.changes}
	}
}

// catchUp tells the index of first fits what changed since it was last asked.
func (r *Round) catchUp() {
	if r.firsts == nil {
		r.firsts = index.NewFirst(index.Matrix{Data: r.free, Cols: r.stride})
		r.told = len(r.touched)
	}
	for ; r.told < len(r.touched); r.told++ {
		r.firsts.Changed(r.touched[r.told].bin(), r.touched[r.told].freed())
	}
}

// First is the earliest bin that would take the task now; false when there is none or the round is
// stopped. As long as nothing is freed all calls for one shape together pass every bin once, but for bins
// that requirements refuse.
func (r *Round) First(t TaskIndex) (BinIndex, bool) {
	if !r.seek(t) {
		return NoBin, false
	}
	r.catchUp()
	before := r.firsts.Steps()
	found := r.lowest(0)
	if r.finding.shape.variants > 1 {
		if b := r.lowest(1); b != NoBin && (found == NoBin || b < found) {
			found = b
		}
	}
	r.steps += r.firsts.Steps() - before + 1
	if found == NoBin {
		r.fail(t)
		return NoBin, false
	}
	r.vet(t, found)
	r.witness(t, nil)
	return found, true
}

// lowest is the lowest bin that takes the task sought for as a variant of its shape.
func (r *Round) lowest(variant int8) BinIndex {
	f := &r.finding
	f.variant = variant
	row := f.shape.row + int32(variant)
	b := BinIndex(r.firsts.Find(row, r.shaper.needRow(row), f.deny, r.accept))
	f.refused = f.refused || r.firsts.Passed()
	return b
}
