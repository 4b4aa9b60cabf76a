package placement

import (
	"math"
	"math/bits"
	"slices"

	"github.com/berth-go/berth/resources"
)

// usage is how much each owner uses: the dominant resource usage (DRU) that Cook ranks by. The DRU of a task is the largest part, in any
// one resource, that its owner's share is used up by the owner's tasks up to and including it, in the owner's own order: of
// higher priority first, then those that started, or were submitted, first. Revocable amounts count like regular ones. A resource
// counts while some agent offers it, be it to tasks that run.
type usage struct {
	round  *Round
	owners []string
	of     []int32   // per task, the owner
	dru    []float64 // per running task
	queue  []float64 // per pending task: its DRU with running and pending tasks together
	order  []int32   // all tasks, owner by owner, in each owner's order
	per    []float64 // a row an owner: what one thousandth of a column is of its share
}

// owned says whose each task is. An engine remembers it.
type owned struct {
	round *Round
	ids   map[string]int32
	names []string
	of    []int32
}

// owned brings the list up to date: table positions are never used twice in one round.
func (e *Engine) owned() *owned {
	o := &e.owners
	if o.round != e.round {
		*o = owned{round: e.round, ids: map[string]int32{}}
	}
	for t := len(o.of); t < len(e.round.tasks); t++ {
		name := ownerOf(&e.round.tasks[t])
		id, ok := o.ids[name]
		if !ok {
			id = int32(len(o.names))
			o.ids[name] = id
			o.names = append(o.names, name)
		}
		o.of = append(o.of, id)
	}
	return o
}

func (e *Engine) usage(shares func(owner string) resources.Quantities) *usage {
	r, o := e.round, e.owned()
	u := &usage{round: r, owners: o.names, of: o.of, per: make([]float64, len(o.names)*r.stride)}
	for id, name := range o.names {
		share := shares(name)
		for c, col := range r.columns {
			if amount := share.Get(col.name); amount > 0 && col.sort != deviceColumn {
				u.per[id*r.stride+c] = 1 / float64(amount)
			}
		}
	}
	u.arrange()
	u.reckon()
	return u
}

// arrange puts all tasks that run or are pending into the owners' orders.
func (u *usage) arrange() {
	r := u.round
	var priorities []int
	first := int32(math.MaxInt32)
	for t := range r.states {
		a := r.states[t].ranOn
		if a < notRunning {
			continue
		}
		if p := r.states[t].priority; !slices.Contains(priorities, p) {
			priorities = append(priorities, p)
		}
		if a >= 0 {
			first = min(first, r.states[t].turn)
		}
	}
	slices.Sort(priorities)
	// From the lowest bit: when it started, or its place in the table; whether it is pending; the rank of its priority; its owner.
	then := bits.Len(uint(max(int(r.turns)-int(first), len(r.tasks))))
	rank := then + 1
	owner := rank + bits.Len(uint(len(priorities)))
	keys := make([]sortKey, 0, len(r.states))
	for t := range r.states {
		a := r.states[t].ranOn
		if a < notRunning {
			continue
		}
		at, _ := slices.BinarySearch(priorities, r.states[t].priority)
		key := uint64(u.of[t])<<owner | uint64(len(priorities)-at)<<rank
		if a == notRunning {
			key |= 1<<then | uint64(t)
		} else {
			key |= uint64(r.states[t].turn - first)
		}
		keys = append(keys, sortKey{key, int32(t)})
	}
	keys = radixSort(keys)
	u.order = make([]int32, len(keys))
	for i := range keys {
		u.order[i] = keys[i].task
	}
}

type sortKey struct {
	key  uint64
	task int32
}

// radixSort sorts by key, digits of eleven bits at a time; those that all keys share are passed over.
func radixSort(keys []sortKey) []sortKey {
	const digit = 11
	varies := uint64(0)
	for i := range keys {
		varies |= keys[i].key ^ keys[0].key
	}
	other := make([]sortKey, len(keys))
	for shift := 0; shift < 64; shift += digit {
		if varies>>shift&(1<<digit-1) == 0 {
			continue
		}
		var at [1 << digit]int32
		for i := range keys {
			at[keys[i].key>>shift&(1<<digit-1)]++
		}
		sum := int32(0)
		for d := range at {
			at[d], sum = sum, sum+at[d]
		}
		for i := range keys {
			d := keys[i].key >> shift & (1<<digit - 1)
			other[at[d]] = keys[i]
			at[d]++
		}
		keys, other = other, keys
	}
	return keys
}

// reckon adds up along the order.
func (u *usage) reckon() {
	r := u.round
	u.dru, u.queue = make([]float64, len(r.tasks)), make([]float64, len(r.tasks))
	waits := make([]bool, len(u.owners)) // has pending tasks
	for _, t := range r.pending {
		waits[u.of[t]] = true
	}
	run, all := make([]int64, r.stride), make([]int64, r.stride)
	owner := int32(-1)
	var per []float64
	for _, t := range u.order {
		if u.of[t] != owner {
			owner = u.of[t]
			per = u.per[int(owner)*r.stride : (int(owner)+1)*r.stride]
			clear(run)
			clear(all)
		}
		need := r.needOf(t)
		if waits[owner] {
			if dru := addUp(all, need, per); r.states[t].ranOn < 0 {
				u.queue[t] = dru
				continue
			}
		}
		u.dru[t] = addUp(run, need, per)
	}
}

// addUp adds a need to a row, and says what part of the share the row is then.
func addUp(row, need []int64, per []float64) float64 {
	most := 0.0
	need, per = need[:len(row)], per[:len(row)]
	for c := range row {
		row[c] += need[c]
		most = max(most, float64(row[c])*per[c])
	}
	return most
}

func dominant(row []int64, per []float64) float64 {
	most := 0.0
	for c, n := range row {
		most = max(most, float64(n)*per[c])
	}
	return most
}

// pendingDRU is what Cook gives a pending task: the DRU of the running task before it in its owner's order, and what the task
// itself is of the share.
func (u *usage) pendingDRU(t int32) float64 {
	before := 0.0
	for _, o := range u.order {
		if o == t {
			break
		}
		if u.of[o] == u.of[t] && u.round.states[o].ranOn >= 0 {
			before = u.dru[o]
		}
	}
	return before + dominant(u.round.needOf(t), u.per[int(u.of[t])*u.round.stride:])
}

// needOf is the row that a task draws, or would draw first.
func (r *Round) needOf(t int32) []int64 {
	if s := r.shapeFor(TaskIndex(t)); s.variants == 1 || r.states[t].ranOn < 0 {
		return s.need[0]
	}
	return r.shapeOfRunning(t)
}
