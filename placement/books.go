package placement

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// books keeps, for all tasks placed or running, the counts that constraints read and the vetoes
// of those already there. Every figure is kept up to date by one addition per placement; nothing
// is recounted while packing.
type books struct {
	fleet      *fleet
	groups     []group
	groupIDs   map[string]int32
	partitions []partition
	byName     map[string]int32
	counters   []counter
	countIDs   map[constraints.Count]int32
	vetoes     []veto
	vetoIDs    map[vetoKey]int32
	peersIDs   map[string]int32
	// allOrdered says that every group is ordered: see group.ordered.
	allOrdered bool
	// ordered says that some group is.
	ordered bool
	// shown is what attribute values are read through, so that they read as constraints read them.
	// fresh are counters made since they were last brought up to date: see [Round.recountFresh].
	fresh []int32
	shown view
	read  constraints.Candidate
}

// group is a set of tasks that constraints count together. Group 0 holds the tasks without one.
type group struct {
	name string
	size int32
	// members are its tasks, wherever they are; some may have gone.
	members []int32
	// counters are those that count its tasks; vetoes those that can refuse them.
	counters, vetoes []int32
	// ordered says that a requirement may depend on what was placed before, other than by
	// refusing more as more arrive: then a task of the group cannot leave without disturbing others.
	ordered bool
}

// partition divides the agents by the value of an attribute; -1 where an agent has none.
type partition struct {
	by     string
	alone  bool // every agent is by itself
	of     []int32
	values []string
	ids    map[string]int32
	// kinds are the kinds of the values. Mixed says that two of different kinds have the same text.
	kinds []resources.Kind
	mixed bool
	// sorted are the values in the order of their text; it is out of date while shorter than values.
	sorted []int32
	// domains is the number of values that live agents have, as of lives.
	domains, lives int
}

type counter struct {
	count            constraints.Count
	partition        int32
	by               sums
	total, valueless int32
	// first is the value of the task placed first among those counted, if known: as long as none leaves, that does not change.
	first string
	known bool
	// tally is what Tally returns, but for First; stale says that it is out of date.
	tally constraints.Tally
	stale bool
}

// veto is one thing that placed tasks forbid: for each value, how many of them forbid it there.
type veto struct {
	vetoKey
	partition int32
	by        sums
	// concerned counts the tasks it is about, and but those among them it is not about, or -1. They
	// matter where it is a maximum.
	concerned, but int32
}

// vetoKey keeps apart the tasks that are themselves concerned by what they forbid: such a task does
// not count itself.
type vetoKey struct {
	forbid constraints.Forbid
	self   bool
}

func newBooks(f *fleet) *books {
	b := &books{
		fleet:    f,
		groupIDs: map[string]int32{},
		byName:   map[string]int32{},
		countIDs: map[constraints.Count]int32{},
		vetoIDs:  map[vetoKey]int32{},
		peersIDs: map[string]int32{},
	}
	b.shown.books = b
	b.group("")
	return b
}

// group interns a group. Group 0 is "".
func (b *books) group(name string) int32 {
	if id, ok := b.groupIDs[name]; ok {
		return id
	}
	id := int32(len(b.groups))
	b.groupIDs[name] = id
	g := group{name: name}
	for c := range b.counters {
		if b.counters[c].count.Group == constraints.AnyGroup {
			g.counters = append(g.counters, int32(c))
		}
	}
	for v := range b.vetoes {
		if applies(b.vetoes[v].forbid, name) {
			g.vetoes = append(g.vetoes, int32(v))
		}
	}
	b.groups = append(b.groups, g)
	return id
}

// applies says whether the veto is against tasks of the group. A task without a group is in none.
func applies(f constraints.Forbid, group string) bool {
	switch {
	case f.Group == constraints.AnyGroup:
		return true
	case f.Others:
		return group == "" || group != f.Group
	default:
		return group != "" && group == f.Group
	}
}

// partition divides the agents by an attribute, read as constraints read it.
func (b *books) partition(by string) int32 {
	if id, ok := b.byName[by]; ok {
		return id
	}
	id := int32(len(b.partitions))
	b.byName[by] = id
	b.partitions = append(b.partitions, partition{by: by, alone: by == "", ids: map[string]int32{}, lives: -1})
	for a := range b.fleet.agents {
		b.divide(id, int32(a))
	}
	return id
}

// divide gives an agent, the next one, its place in a partition.
func (b *books) divide(part, a int32) {
	p := &b.partitions[part]
	if p.alone {
		p.of = append(p.of, a)
		return
	}
	b.shown.agent = a
	b.read.Reset(&b.shown, "", "")
	text, ok := b.read.Value(p.by)
	if !ok {
		p.of = append(p.of, -1)
		return
	}
	typed, _ := b.read.Attribute(p.by)
	v, known := p.ids[text]
	if !known {
		v = int32(len(p.values))
		p.values, p.kinds = append(p.values, text), append(p.kinds, typed.Kind())
		p.ids[text] = v
	}
	p.mixed = p.mixed || p.kinds[v] != typed.Kind()
	p.of = append(p.of, v)
}

// meet brings agents that are new to the fleet into every partition.
func (b *books) meet() {
	for part := range b.partitions {
		p := &b.partitions[part]
		before := p.size()
		for a := len(p.of); a < len(b.fleet.agents); a++ {
			b.divide(int32(part), int32(a))
		}
		if p.size() == before {
			continue
		}
		for c := range b.counters {
			if n := &b.counters[c]; n.partition == int32(part) {
				n.by.grow(p.size())
			}
		}
		for v := range b.vetoes {
			if n := &b.vetoes[v]; n.partition == int32(part) {
				n.by.grow(p.size())
			}
		}
	}
}

func (p *partition) size() int {
	if p.alone {
		return len(p.of)
	}
	return len(p.values)
}

// inOrder are the numbers of the values in the order of their text.
func (b *books) inOrder(part int32) []int32 {
	p := &b.partitions[part]
	if len(p.sorted) < p.size() {
		p.sorted = p.sorted[:0]
		for v := range int32(p.size()) {
			p.sorted = append(p.sorted, v)
		}
		slices.SortFunc(p.sorted, func(x, y int32) int { return cmp.Compare(b.text(part, x), b.text(part, y)) })
	}
	return p.sorted
}

// domains is how many values the agents have that have offers or running tasks.
func (b *books) domains(part int32) int {
	p := &b.partitions[part]
	if p.lives == b.fleet.lives {
		return p.domains
	}
	p.domains, p.lives = 0, b.fleet.lives
	seen := make([]bool, p.size())
	for a, v := range p.of {
		ag := &b.fleet.agents[a]
		if v >= 0 && !seen[v] && (len(ag.bins) > 0 || ag.running >= 0) {
			seen[v] = true
			p.domains++
		}
	}
	return p.domains
}

// text is the value with the number v.
func (b *books) text(part, v int32) string {
	if p := &b.partitions[part]; !p.alone {
		return p.values[v]
	}
	return string(b.fleet.agents[v].id)
}

// counter interns a count. It starts at zero: see [Round.recountFresh].
func (b *books) counter(c constraints.Count) int32 {
	if id, ok := b.countIDs[c]; ok {
		return id
	}
	id := int32(len(b.counters))
	b.countIDs[c] = id
	part := b.partition(c.By)
	b.counters = append(b.counters, counter{count: c, partition: part, by: newSums(b.partitions[part].size()), stale: true})
	b.fresh = append(b.fresh, id)
	if c.Group == constraints.AnyGroup {
		for g := range b.groups {
			b.groups[g].counters = append(b.groups[g].counters, id)
		}
	} else if c.Group != "" {
		g := b.group(c.Group)
		b.groups[g].counters = append(b.groups[g].counters, id)
	}
	return id
}

// peersID interns a constraint: those of one type and one text are one.
func (b *books) peersID(c constraints.Constraint) int32 {
	text := fmt.Sprintf("%T %s", c, c)
	id, ok := b.peersIDs[text]
	if !ok {
		id = int32(len(b.peersIDs))
		b.peersIDs[text] = id
	}
	return id
}

// veto interns what a task of a group forbids.
func (b *books) veto(f constraints.Forbid, by string) int32 {
	key := vetoKey{f, applies(f, by)}
	if id, ok := b.vetoIDs[key]; ok {
		return id
	}
	id := int32(len(b.vetoes))
	b.vetoIDs[key] = id
	part := b.partition(f.By)
	v := veto{vetoKey: key, partition: part, by: newSums(b.partitions[part].size()), concerned: -1, but: -1}
	if f.Above > 0 {
		if f.Others {
			v.concerned = b.counter(constraints.Count{Group: constraints.AnyGroup, By: f.By})
			v.but = b.counter(constraints.Count{Group: f.Group, By: f.By})
		} else {
			v.concerned = b.counter(constraints.Count{Group: f.Group, By: f.By})
		}
	}
	b.vetoes = append(b.vetoes, v)
	if f.Group != "" && f.Group != constraints.AnyGroup {
		b.group(f.Group)
	}
	for g := range b.groups {
		if applies(f, b.groups[g].name) && !slices.Contains(b.groups[g].vetoes, id) {
			b.groups[g].vetoes = append(b.groups[g].vetoes, id)
		}
	}
	return id
}

// count adds n (1 or -1) tasks of a rule on an agent to every figure.
func (b *books) count(ru *rule, a int32, n int32) {
	b.fleet.loads[a].tasks += n
	g := &b.groups[ru.group]
	for _, id := range g.counters {
		c := &b.counters[id]
		c.by.expect(g.size)
		c.add(b.partitions[c.partition].of[a], n)
	}
	for _, id := range ru.vetoes {
		v := &b.vetoes[id]
		if of := b.partitions[v.partition].of[a]; of >= 0 {
			v.by.expect(g.size)
			v.by.add(of, n)
		}
	}
}

func (c *counter) add(value, n int32) {
	c.stale = true
	c.known = c.known && n > 0 && c.total > 0
	c.total += n
	if value < 0 {
		c.valueless += n
	} else {
		c.by.add(value, n)
	}
}

// forbidden returns the first veto against tasks of the group on the agent, or -1.
func (b *books) forbidden(g, a int32) int32 {
	for _, id := range b.groups[g].vetoes {
		if b.vetoed(&b.vetoes[id], a) {
			return id
		}
	}
	return -1
}

// closes says whether a task of the rule, wherever it goes, at once forbids others of its own group there: then nothing need be looked up.
func (b *books) closes(ru *rule, a int32) bool {
	for _, id := range ru.vetoes {
		if v := &b.vetoes[id]; v.self && v.forbid.Above == 0 && b.partitions[v.partition].of[a] >= 0 {
			return true
		}
	}
	return false
}

// vetoed says whether the veto holds on the agent now.
func (b *books) vetoed(v *veto, a int32) bool {
	of := b.partitions[v.partition].of[a]
	if of < 0 || v.by.at(of) == 0 {
		return false
	}
	if v.forbid.Above == 0 {
		return true
	}
	n := b.counters[v.concerned].by.at(of)
	if v.but >= 0 {
		n -= b.counters[v.but].by.at(of)
	}
	if v.self {
		n--
	}
	return int(n) >= v.forbid.Above
}
