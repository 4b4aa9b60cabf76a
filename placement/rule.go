package placement

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"

	"github.com/berth-go/berth/constraints"
)

// rule is what a task demands beyond capacity: its group, requirements and preferences. Tasks of one
// rule are judged alike, but for what a constraint reads of the task itself.
type rule struct {
	group   int32
	require []constraints.Constraint
	// judges are those that require in the order in which they are asked while a bin is sought: see judge.
	judges []judge
	// alike is how many of them, the first, have verdicts that are remembered.
	alike  int
	prefer []constraints.Preference
	// weight is the sum of the weights of prefer.
	weight float64
	// vetoes are imposed on others while a task of the rule is placed.
	vetoes []int32
	// counts are the counts its constraints declared, with their counters.
	counts []declared
}

type declared struct {
	count   constraints.Count
	counter int32
}

// ruler interns rules.
type ruler struct {
	books  *books
	rules  []rule
	byList map[listKey]int32
	byText map[string]int32
	last   listKey // of the task before, and its rule
	lastID int32
	none   int32 // the rule of tasks without any, plus one
}

// ofNone is of for a task without group, requirements and preferences.
func (r *ruler) ofNone(t *Task) int32 {
	if r.none == 0 {
		r.none = r.of(t) + 1
	}
	return r.none - 1
}

func newRuler(b *books) *ruler {
	return &ruler{books: b, byList: map[listKey]int32{}, byText: map[string]int32{}, last: listKey{nreq: -1}}
}

// of returns the rule of a task.
func (r *ruler) of(t *Task) int32 {
	k := listKey{t.Group, unsafe.SliceData(t.Require), unsafe.SliceData(t.Prefer), len(t.Require), len(t.Prefer)}
	if k == r.last {
		return r.lastID
	}
	if id, ok := r.byList[k]; ok {
		r.last, r.lastID = k, id
		return id
	}
	text, personal := ruleText(t)
	id, ok := r.byText[text]
	if !ok {
		id = int32(len(r.rules))
		r.rules = append(r.rules, r.newRule(t))
		r.byText[text] = id
	}
	if !personal {
		r.byList[k] = id
	}
	return id
}

// listKey finds a rule again without reading its constraints: tasks made from one template share
// their slices.
type listKey struct {
	group       string
	require     *constraints.Constraint
	prefer      *constraints.Preference
	nreq, npref int
}

// ruleText says everything about a rule: constraints of one type and one text are one. A rule that
// looks at the task itself is personal: it is for tasks alike in what it looks at.
func ruleText(t *Task) (rule string, personal bool) {
	var k []byte
	text := func(s string) { k = append(binary.AppendUvarint(k, uint64(len(s))), s...) }
	look := func(c constraints.Constraint) {
		reads := c.Reads(t.Group)
		if reads.Task {
			text(string(t.ID))
		}
		if reads.Time {
			k = binary.AppendVarint(k, int64(t.Lasts))
		}
		personal = personal || reads.Task || reads.Time
	}
	text(t.Group)
	k = binary.AppendUvarint(k, uint64(len(t.Require)))
	for _, c := range t.Require {
		text(fmt.Sprintf("%T", c))
		text(c.String())
		look(c)
	}
	for _, p := range t.Prefer {
		text(fmt.Sprintf("%T", p.Constraint))
		text(p.Constraint.String())
		look(p.Constraint)
		k = binary.BigEndian.AppendUint64(k, math.Float64bits(p.Weight))
	}
	return string(k), personal
}

func (r *ruler) newRule(t *Task) rule {
	b := r.books
	ru := rule{group: b.group(t.Group), require: t.Require, prefer: t.Prefer}
	for _, c := range t.Require {
		reads := c.Reads(t.Group)
		for _, n := range reads.Counts {
			ru.declare(b, n)
			if !reads.Shrinks {
				b.order(n.Group)
			}
		}
		ru.judges = append(ru.judges, newJudge(b, c, &reads))
		if s, ok := c.(constraints.Standing); ok {
			for _, f := range s.Forbids(t.Group) {
				ru.vetoes = append(ru.vetoes, b.veto(f, t.Group))
			}
		}
	}
	ru.askFirst()
	for _, p := range t.Prefer {
		ru.weight += weightOf(p)
		for _, n := range p.Constraint.Reads(t.Group).Counts {
			ru.declare(b, n)
		}
	}
	return ru
}

func (ru *rule) declare(b *books, n constraints.Count) {
	id := b.counter(n)
	for _, d := range ru.counts {
		if d.counter == id {
			return
		}
	}
	ru.counts = append(ru.counts, declared{n, id})
}

// order notes that tasks of the group cannot leave without disturbing those who counted them.
func (b *books) order(name string) {
	b.ordered = true
	if name != constraints.AnyGroup {
		b.groups[b.group(name)].ordered = true
		return
	}
	b.allOrdered = true
}

// weightOf is the weight of a preference, where zero counts as 1.
func weightOf(p constraints.Preference) float64 {
	if p.Weight == 0 {
		return 1
	}
	return p.Weight
}
