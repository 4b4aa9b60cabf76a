package placement

import (
	"cmp"
	"maps"
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
	*owned
	queue []ranked  // all tasks, owner by owner, in each owner's order
	dru   []float64 // beside queue: the DRU of a running task, and that of a pending one with running and pending tasks together
	runs  []ownRun  // of the queue
	bits  rankBits
	per   []float64 // a row an owner: what one thousandth of a column is of its share
}

// ownRun is where the tasks of one owner are in the queue, from one position to before another.
type ownRun struct{ from, to int32 }

// ranked is a task with all that is read of it along the queue: what is next in the queue is nowhere near in the tables.
type ranked struct {
	key  uint64 // see rankBits
	task int32
	row  int32 // the number of its need row; -1: see needOf
}

// owned says whose each task is, and of which priority. An engine remembers it, and the tables of the last look at it.
type owned struct {
	round      *Round
	ids        map[string]int32
	names      []string
	of         []int32
	priorities map[int]int32
	priority   []int32 // per task, the number of its priority in the order in which they came up

	queue, other []ranked
	dru          []float64
}

// owned brings the list up to date: table positions are never used twice in one round.
func (e *Engine) owned() *owned {
	o := &e.owners
	if o.round != e.round {
		*o = owned{round: e.round, ids: map[string]int32{}, priorities: map[int]int32{}}
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
		p, ok := o.priorities[e.round.tasks[t].Priority]
		if !ok {
			p = int32(len(o.priorities))
			o.priorities[e.round.tasks[t].Priority] = p
		}
		o.priority = append(o.priority, p)
	}
	return o
}

func (e *Engine) usage(shares func(owner string) resources.Quantities) *usage {
	r, o := e.round, e.owned()
	u := &usage{owned: o, per: make([]float64, len(o.names)*r.stride)}
	for id, name := range o.names {
		share := shares(name)
		for c, col := range r.columns {
			what := col.name
			if col.sort == deviceColumn {
				what = col.String()
			}
			if amount := share.Get(what); amount > 0 {
				u.per[id*r.stride+c] = 1 / float64(amount)
			}
		}
	}
	u.arrange()
	u.reckon()
	return u
}

// rankBits says where in a key is what. From the lowest bit: when the task started, or its place in the table; whether it is pending; its
// priority, the highest first; its owner.
type rankBits struct {
	pending, priority, owner int
	first                    int32    // when the first of those running started
	ranks                    []uint64 // of priorities by their numbers
}

// rankBits are those for the tasks there are.
func (u *usage) rankBits() (k rankBits, n int) {
	r := u.round
	k.first = math.MaxInt32
	for t := range r.spots {
		if r.ranOn[t] >= notRunning {
			n++
			if r.ranOn[t] >= 0 {
				k.first = min(k.first, r.turn[t])
			}
		}
	}
	order := slices.Sorted(maps.Keys(u.priorities))
	k.ranks = make([]uint64, len(order))
	for i, p := range order {
		k.ranks[u.priorities[p]] = uint64(len(order) - i)
	}
	k.pending = bits.Len(uint(max(int(r.turns)-int(k.first), len(r.tasks))))
	k.priority = k.pending + 1
	k.owner = k.priority + bits.Len(uint(len(order)))
	return k, n
}

// key is that of a task that runs or is pending.
func (u *usage) key(t int32) uint64 {
	r, k := u.round, &u.bits
	key := uint64(u.of[t])<<k.owner | k.ranks[u.priority[t]]<<k.priority
	if r.ranOn[t] == notRunning {
		return key | 1<<k.pending | uint64(t)
	}
	return key | uint64(r.turn[t]-k.first)
}

// arrange puts all tasks that run or are pending into the owners' orders.
func (u *usage) arrange() {
	r := u.round
	n := 0
	u.bits, n = u.rankBits()
	queue := slices.Grow(u.owned.queue[:0], n)
	inTurn, last := true, uint64(0)
	add := func(t, row int32) {
		x := ranked{u.key(t), t, row}
		now := x.key & (1<<u.bits.priority - 1)
		inTurn, last = inTurn && now >= last, now
		queue = append(queue, x)
	}
	for t := range r.spots {
		if r.ranOn[t] >= 0 {
			row := r.states[t].row
			if r.shaper.shapes[r.states[t].shape].variants > 1 {
				row = -1
			}
			add(int32(t), row)
		}
	}
	for _, t := range r.pending {
		add(int32(t), r.states[t].row)
	}
	from := 0
	if inTurn { // as long as tasks start in the order in which they came
		from = u.bits.priority
	}
	u.owned.other = slices.Grow(u.owned.other[:0], n)[:n]
	u.queue, u.owned.other = radixSort(queue, u.owned.other, from)
	u.owned.queue = u.queue
}

// radixSort sorts by key, from a bit on, a digit at a time; digits that all keys share are passed over. The other slice is as long; what is
// sorted comes back first.
func radixSort(keys, other []ranked, from int) (sorted, rest []ranked) {
	varies := uint64(0)
	for i := range keys {
		varies |= keys[i].key ^ keys[0].key
	}
	const most = 11 // bits of a digit
	passes := max(1, (bits.Len64(varies>>from)+most-1)/most)
	digit := (bits.Len64(varies>>from) + passes - 1) / passes
	for shift := from; passes > 0; passes, shift = passes-1, shift+digit {
		mask := uint64(1)<<digit - 1
		if varies>>shift&mask == 0 {
			continue
		}
		var at [1 << most]int32
		for i := range keys {
			at[keys[i].key>>shift&mask]++
		}
		sum := int32(0)
		for d := range at[:mask+1] {
			at[d], sum = sum, sum+at[d]
		}
		for i := range keys {
			d := keys[i].key >> shift & mask
			other[at[d]] = keys[i]
			at[d]++
		}
		keys, other = other, keys
	}
	return keys, other
}

// reckon adds up along the queue.
func (u *usage) reckon() {
	r := u.round
	u.owned.dru = slices.Grow(u.owned.dru[:0], len(u.queue))[:len(u.queue)]
	u.dru = u.owned.dru
	waits := make([]bool, len(u.names)) // has pending tasks
	for _, t := range r.pending {
		waits[u.of[t]] = true
	}
	run, all := make([]int64, r.stride), make([]int64, r.stride)
	owner := -1
	var per []float64
	for i := range u.queue {
		x := &u.queue[i]
		if of := int(x.key >> u.bits.owner); of != owner {
			owner = of
			u.runs = append(u.runs, ownRun{int32(i), int32(i)})
			per = u.per[owner*r.stride : (owner+1)*r.stride]
			clear(run)
			clear(all)
		}
		u.runs[len(u.runs)-1].to++
		need := u.need(x)
		if waits[owner] {
			if dru := addUp(all, need, per); u.waiting(x) {
				u.dru[i] = dru
				continue
			}
		}
		u.dru[i] = addUp(run, need, per)
	}
}

// need is the row of a task.
func (u *usage) need(x *ranked) []int64 {
	if x.row >= 0 {
		return u.round.shaper.needRow(x.row)
	}
	return u.round.needOf(x.task)
}

func (u *usage) waiting(x *ranked) bool { return x.key>>u.bits.pending&1 == 1 }

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

// position is where a task is in the queue.
func (u *usage) position(t int32) int {
	i, _ := slices.BinarySearchFunc(u.queue, u.key(t), func(x ranked, key uint64) int { return cmp.Compare(x.key, key) })
	return i
}

// pendingDRU is what Cook gives a pending task: the DRU of the running task before it in its owner's order, and what the task
// itself is of the share.
func (u *usage) pendingDRU(t int32) float64 {
	before := 0.0
	for i := u.position(t) - 1; i >= 0 && int32(u.queue[i].key>>u.bits.owner) == u.of[t]; i-- {
		if !u.waiting(&u.queue[i]) {
			before = u.dru[i]
			break
		}
	}
	return before + dominant(u.round.needOf(t), u.per[int(u.of[t])*u.round.stride:])
}

// needOf is the row that a task draws, or would draw first.
func (r *Round) needOf(t int32) []int64 {
	if s := r.shapeFor(TaskIndex(t)); s.variants == 1 || r.ranOn[t] < 0 {
		return s.need[0]
	}
	return r.shapeOfRunning(t)
}
