package placement

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/berth-go/berth/resources"
)

// quotas keeps, for all tasks placed or running, what limits bound. There is one only where there are limits. Every
// figure is kept up to date by one addition per placement, also from round to round of an engine.
type quotas struct {
	limits *limitList
	tiers  *tierList
	names  []string  // what is counted
	need   [][]int64 // per shape, a figure a name; nil where nobody asked yet
	// payers are tasks of one owner and group, who are charged alike.
	payers   []payer
	payerIDs map[payerKey]int32
	payerOf  []int32 // per task, -1 where nobody asked yet
	accounts []account
	opened   map[accountKey]int32
	levels   []level // of the tiers
	buckets  []bucket
	bucketOf map[bucketKey]int32
}

// account is what tasks that count together use, and may use.
type account struct {
	limit       *Limit
	of          string
	used, most  []int64
	tasks, room int
}

type accountKey struct {
	limit int
	name  string
}

type payer struct {
	accounts []int32
	bucket   int32 // -1: the tasks are in no tier
}

type payerKey struct {
	owner, group string
	tier         int // -1: none
}

// noBound is more than there can be.
const noBound = math.MaxInt64 / 2

// keepQuotas makes the quotas that a round's options ask for, if it is not there yet.
func (r *Round) keepQuotas(c *config) {
	if c.limits == nil && c.tiers == nil {
		r.quotas = nil
		return
	}
	r.countQuotas(c)
	r.quotas.guarantee(r)
}

// countQuotas makes the quotas that options with limits or tiers ask for, if they are not there yet.
func (r *Round) countQuotas(c *config) {
	if r.quotas != nil && r.quotas.limits == c.limits && r.quotas.tiers == c.tiers {
		return
	}
	r.quotas = newQuotas(c.limits, c.tiers)
	for t := range r.tasks {
		if r.ranOn[t] >= 0 || r.spots[t].where != NoBin {
			r.quotas.count(r, int32(t), 1)
		}
	}
}

func newQuotas(limits *limitList, tiers *tierList) *quotas {
	q := &quotas{limits: limits, tiers: tiers, payerIDs: map[payerKey]int32{}, opened: map[accountKey]int32{}, bucketOf: map[bucketKey]int32{}}
	named := map[string]bool{}
	for _, l := range limits.list() {
		for name := range l.Most {
			named[name] = true
		}
	}
	for i := range tiers.list() {
		for name := range tiers.capacity[i] {
			named[name] = true
		}
	}
	q.names = sortedNames(named)
	q.openTiers()
	return q
}

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// figures are amounts by name as a row of the quotas; what is not named has no bound.
func (q *quotas) figures(amounts map[string]resources.Amount) []int64 {
	row := make([]int64, len(q.names))
	for i, name := range q.names {
		row[i] = noBound
		if a, ok := amounts[name]; ok {
			row[i] = int64(a)
		}
	}
	return row
}

// maxUnits is more than there can be, so that sums cannot overflow.
const maxUnits = 1 << 32

// needOf is what tasks of a shape are charged.
func (q *quotas) needOf(r *Round, shape int32, t *Task) []int64 {
	for int(shape) >= len(q.need) {
		q.need = append(q.need, make([][]int64, len(r.shaper.shapes)-len(q.need))...)
	}
	if q.need[shape] == nil {
		row := make([]int64, len(q.names))
		for i, name := range q.names {
			row[i] = int64(uses(t, name))
		}
		q.need[shape] = row
	}
	return q.need[shape]
}

// uses is how much of a name a task asks for, as limits count it.
func uses(t *Task, name string) resources.Amount {
	sum := t.Needs.Get(name)
	if name == portsName {
		sum += resources.Amount(t.Ports.Count()) * resources.One
	}
	for i := range t.Devices {
		if d := &t.Devices[i]; (column{d.Kind, deviceColumn}).String() == name {
			sum += resources.Amount(min(d.Count, maxUnits))*resources.One + d.Share
		}
	}
	return sum
}

// payer is who is charged for the task.
func (q *quotas) payer(r *Round, t int32) *payer { return &q.payers[q.payerID(r, t)] }

func (q *quotas) payerID(r *Round, t int32) int32 {
	for len(q.payerOf) < len(r.tasks) {
		q.payerOf = append(q.payerOf, -1)
	}
	id := q.payerOf[t]
	if id < 0 {
		key := payerKey{ownerOf(&r.tasks[t]), r.tasks[t].Group, q.tiers.at(r.states[t].priority)}
		known := false
		if id, known = q.payerIDs[key]; !known {
			id = int32(len(q.payers))
			q.payerIDs[key] = id
			q.payers = append(q.payers, payer{q.accountsOf(key), q.bucket(key.tier, key.owner)})
		}
		q.payerOf[t] = id
	}
	return id
}

// accountsOf opens the accounts of all limits that concern a payer.
func (q *quotas) accountsOf(key payerKey) []int32 {
	byOwner := func(m *Limit) bool { return m.Owner == key.owner && m.Group == "" }
	byGroup := func(m *Limit) bool { return m.Group == key.group && m.Owner == "" }
	named := func(is func(*Limit) bool) bool {
		for i := range q.limits.list() {
			if is(&q.limits.all[i]) {
				return true
			}
		}
		return false
	}
	ownerNamed, groupNamed := key.owner != "" && named(byOwner), key.group == "" || named(byGroup)
	var ids []int32
	for i := range q.limits.list() {
		switch m := &q.limits.all[i]; {
		case m.Owner == "" && m.Group == "":
			ids = append(ids, q.account(i, ""))
		case m.Owner == Each && !ownerNamed:
			ids = append(ids, q.account(i, key.owner))
		case m.Group == Each && !groupNamed:
			ids = append(ids, q.account(i, key.group))
		case m.Owner != "" && byOwner(m), m.Group != "" && byGroup(m):
			ids = append(ids, q.account(i, ""))
		}
	}
	return ids
}

func (q *quotas) account(limit int, name string) int32 {
	key := accountKey{limit, name}
	id, ok := q.opened[key]
	if !ok {
		id = int32(len(q.accounts))
		q.opened[key] = id
		m := &q.limits.all[limit]
		a := account{limit: m, of: m.of(name), used: make([]int64, len(q.names)), most: q.figures(m.Most), room: m.Tasks}
		switch {
		case m.Tasks < 0:
			a.room = 0
		case m.Tasks == 0:
			a.room = math.MaxInt
		}
		q.accounts = append(q.accounts, a)
	}
	return id
}

// admits says whether no limit stands against the task.
func (q *quotas) admits(r *Round, t TaskIndex) bool {
	need := q.needOf(r, r.states[t].shape, &r.tasks[t])
	who := q.payer(r, int32(t))
	for _, id := range who.accounts {
		a := &q.accounts[id]
		if a.tasks >= a.room {
			return false
		}
		for i, n := range need {
			if n > 0 && a.used[i]+n > a.most[i] {
				return false
			}
		}
	}
	return who.bucket < 0 || q.inTier(who.bucket, need)
}

// objections are the limits that stand against the task.
func (q *quotas) objections(r *Round, t TaskIndex) []Reason {
	var all []Reason
	need := q.needOf(r, r.states[t].shape, &r.tasks[t])
	who := q.payer(r, int32(t))
	for _, id := range who.accounts {
		a := &q.accounts[id]
		if a.tasks >= a.room {
			all = append(all, Reason{Cause: CauseLimit, What: fmt.Sprintf("%s: has %d of %d tasks", a.of, a.tasks, a.room)})
		}
		for i, n := range need {
			if n > 0 && a.used[i]+n > a.most[i] {
				all = append(all, Reason{Cause: CauseLimit, What: fmt.Sprintf("%s: has %s of %s %s, asks %s more",
					a.of, resources.Amount(a.used[i]), resources.Amount(a.most[i]), q.names[i], resources.Amount(n))})
			}
		}
	}
	if who.bucket >= 0 {
		all = append(all, q.tierObjections(who.bucket, need)...)
	}
	return all
}

// count charges a task (n is 1), or lets it off (-1).
func (q *quotas) count(r *Round, t int32, n int64) {
	need := q.needOf(r, r.states[t].shape, &r.tasks[t])
	who := q.payer(r, t)
	if who.bucket >= 0 {
		q.countInTier(who.bucket, need, n)
	}
	for _, id := range who.accounts {
		a := &q.accounts[id]
		a.tasks += int(n)
		for i, amount := range need {
			a.used[i] += n * amount
		}
	}
}
