package placement

import "github.com/berth-go/berth/resources"

// demands are what simple tasks need, each numbered once. A task is long, and most are simple and need what others need: when one has been looked
// through, its number is all that has to be known.
type demands struct {
	of     []int32 // per task: the number of what it needs, plus one; 0 for a task that is not simple. As many as there are tasks, or none
	first  []int32 // per number: the first task that needs it
	lately []lately
}

// simple says whether a task asks for nothing but scalars of no role, of any agent and at any time.
func simple(t *Task) bool {
	asks := len(t.Group) + len(t.Role) + len(t.Gang) + len(t.Require) + len(t.Prefer) + len(t.Devices) + len(t.Sets) + len(t.Disks)
	return asks == 0 && t.Priority == 0 && t.Revocable == Never && t.Ports.IsZero() && t.ReadyAt.IsZero()
}

// meet numbers what a simple task needs; false, and nothing is done, if an amount is more than may be.
func (d *demands) meet(tasks []Task, i int) bool {
	needs := &tasks[i].Needs
	if d.lately == nil {
		for n, first := range d.first {
			if tasks[first].Needs.Equal(*needs) {
				d.of[i] = int32(n) + 1
				return true
			}
		}
		if len(d.first) >= fewShapes {
			d.lately = make([]lately, latelyKept)
		}
	}
	hash, most := hashNeeds(needs)
	if most > resources.MaxAmount {
		return false
	}
	if d.lately == nil {
		d.first = append(d.first, int32(i))
		d.of[i] = int32(len(d.first))
		return true
	}
	l := &d.lately[hash%latelyKept]
	if l.hash != hash || l.id == 0 || !tasks[d.first[l.id-1]].Needs.Equal(*needs) {
		d.first = append(d.first, int32(i))
		*l = lately{hash, int32(len(d.first))}
	}
	d.of[i] = l.id
	return true
}

// number is that of what a task needs, -1 if there is none.
func (d *demands) number(task int) int32 {
	if task < len(d.of) {
		return d.of[task] - 1
	}
	return -1
}

// lately is something found again by what tasks need, as long as nothing else comes to its place.
type lately struct {
	hash uint32
	id   int32 // plus one
}

// latelyKept is how many are kept: a power of two.
const latelyKept = 2048

// hashNeeds is a hash of the amounts, and the largest of them.
func hashNeeds(q *resources.Quantities) (hash uint32, most resources.Amount) {
	sum := uint64(q.Len())
	for i := range q.Len() {
		amount := q.At(i).Amount
		most = max(most, amount)
		sum = (sum + uint64(amount)) * 0x9E3779B97F4A7C15
	}
	return uint32(sum >> 32), most
}
