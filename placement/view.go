package placement

import (
	"iter"
	"math"
	"time"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// view is an agent as a constraint sees it. A round has one and moves it about.
type view struct {
	books *books
	round *Round // nil while attributes are being read for partitions
	agent int32
	rule  *rule
	task  int32
}

var _ constraints.Source = (*view)(nil)

// Agent is the agent's id.
func (v *view) Agent() string { return string(v.books.fleet.agents[v.agent].id) }

// Hostname is the agent's host name.
func (v *view) Hostname() string { return v.books.fleet.agents[v.agent].hostname }

// Attribute is an attribute of the agent.
func (v *view) Attribute(name string) (resources.Value, bool) {
	return v.books.fleet.agents[v.agent].attributes.Get(name)
}

// Count is the number of tasks counted, see [constraints.Source].
func (v *view) Count(c constraints.Count) int {
	n := &v.books.counters[v.counter(c)]
	of := v.books.partitions[n.partition].of[v.agent]
	if of < 0 {
		return 0
	}
	return int(n.by.at(of))
}

// Tally sums a count up over all values.
func (v *view) Tally(c constraints.Count) constraints.Tally {
	id := v.counter(c)
	t := v.books.tally(id)
	if v.round != nil {
		t.First = v.round.firstValue(&v.books.counters[id])
	}
	return t
}

// tally sums a counter up over all values.
func (b *books) tally(id int32) constraints.Tally {
	n := &b.counters[id]
	if !n.stale {
		return n.tally
	}
	t := constraints.Tally{Min: math.MaxInt, Total: int(n.total - n.valueless), Valueless: int(n.valueless)}
	for _, k := range n.by.values() {
		if k > 0 {
			t.Distinct++
			t.Min, t.Max = min(t.Min, int(k)), max(t.Max, int(k))
		}
	}
	if t.Distinct == 0 {
		t.Min = 0
	}
	n.tally, n.stale = t, false
	return t
}

// Values are the values with at least one task, in the order of their text.
func (v *view) Values(c constraints.Count) iter.Seq2[string, int] {
	n := &v.books.counters[v.counter(c)]
	return func(yield func(string, int) bool) {
		for _, value := range v.books.inOrder(n.partition) {
			if k := n.by.at(value); k > 0 && !yield(v.books.text(n.partition, value), int(k)) {
				return
			}
		}
	}
}

// Domains is how many values of an attribute the agents have.
func (v *view) Domains(by string) int {
	return v.books.domains(v.books.partition(by))
}

// GroupSize is the number of tasks of a group, wherever they are.
func (v *view) GroupSize(name string) int {
	if name == constraints.AnyGroup {
		return v.round.population
	}
	if id, ok := v.books.groupIDs[name]; ok && name != "" {
		return int(v.books.groups[id].size)
	}
	return 0
}

// Now is the time the round was given.
func (v *view) Now() time.Time { return v.round.now }

// Unavailable is the agent's next maintenance window.
func (v *view) Unavailable() (start, end time.Time, ok bool) {
	w := v.books.fleet.agents[v.agent].unavailable
	if w == nil {
		return time.Time{}, time.Time{}, false
	}
	return w.Start, w.End, true
}

// Lasts is how long the task is expected to run.
func (v *view) Lasts() time.Duration { return v.round.tasks[v.task].Lasts }

// counter finds the counter for a count: among those the rule declared, or, for a constraint that
// reads what it did not declare, by making one.
func (v *view) counter(c constraints.Count) int32 {
	if v.rule != nil {
		for i := range v.rule.counts {
			if v.rule.counts[i].count == c {
				return v.rule.counts[i].counter
			}
		}
	}
	id := v.books.counter(c)
	v.round.recountFresh()
	return id
}
