package placement

import (
	"cmp"
	"math"
	"slices"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// explainer works out why tasks were not placed, on the state that packing left behind.
type explainer struct {
	r      *Round
	counts []Reason       // of agents, in the order in which the reasons came up
	at     map[Reason]int // positions in counts, without numbers of agents; nil while they are few
	here   []Reason       // the reasons against the agent being looked at
	lacks  []Lack
	// unknown are the names the task asks for and no agent offers, sorted.
	unknown []string
}

// explainAll is all that stands against a task.
func (r *Round) explainAll(t TaskIndex) *Explanation {
	return r.explain(int32(t), math.MaxInt64).with(r.objections(t))
}

// with is the explanation and, before what agents say, what stands against the task whatever they say. Agents that would take it
// have nothing to add then.
func (e *Explanation) with(objections []Reason) *Explanation {
	if len(objections) == 0 {
		return e
	}
	idle := func(r Reason) bool { return r.Cause == CauseNotChosen || r.Cause == CauseNotLooked }
	out := *e
	out.Reasons = append(slices.Clone(objections), slices.DeleteFunc(slices.Clone(e.Reasons), idle)...)
	sortReasons(out.Reasons)
	if e.Nearest != nil && slices.ContainsFunc(e.Nearest.Reasons, idle) {
		out.Nearest = nil
	}
	return &out
}

// explain looks at every agent, as far as the budget goes.
func (r *Round) explain(t int32, budget int64) *Explanation {
	e := explainer{r: r, unknown: r.unknownNames(&r.tasks[t])}
	out := &Explanation{}
	if len(r.liveBins()) == 0 {
		out.Reasons = []Reason{{Cause: CauseNoOffers}}
		return out
	}
	if r.states[t].barred == r.number && !r.early(TaskIndex(t)) {
		out.Reasons = []Reason{{Cause: CauseGang, What: r.gangFate[r.tasks[t].Gang]}}
	}
	var nearest *Nearest
	var nearShort float64
	for _, first := range r.liveBins() {
		a := r.homes[first].agent
		if r.agents[a].bins[0] != first {
			continue
		}
		if budget <= 0 {
			out.Partial = true
			break
		}
		budget--
		out.Agents++
		b := e.judgeAgent(t, a)
		for _, why := range e.here {
			e.count(why)
		}
		if b < 0 {
			continue
		}
		short := e.shortage()
		if nearest == nil || len(e.here) < len(nearest.Reasons) || (len(e.here) == len(nearest.Reasons) && short < nearShort) {
			nearest, nearShort = e.near(a, b), short
		}
	}
	out.Reasons = append(out.Reasons, e.counts...)
	sortReasons(out.Reasons)
	if len(out.Reasons) == 0 {
		out.Reasons = []Reason{{Cause: CauseNotLooked}}
	}
	out.Nearest = nearest
	return out
}

func sortReasons(list []Reason) {
	slices.SortStableFunc(list, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(rank(a.Cause), rank(b.Cause)), cmp.Compare(b.Agents, a.Agents), byCause(a, b))
	})
}

// fewReasons is how many reasons are found again faster by comparing than by hashing.
const fewReasons = 12

// count counts an agent for a reason.
func (e *explainer) count(why Reason) {
	if e.at == nil {
		for i := range e.counts {
			if c := &e.counts[i]; c.Cause == why.Cause && c.What == why.What {
				c.Agents++
				return
			}
		}
	} else if i, ok := e.at[why]; ok {
		e.counts[i].Agents++
		return
	}
	e.counts = append(e.counts, Reason{why.Cause, why.What, 1})
	switch n := len(e.counts); {
	case e.at != nil:
		e.at[why] = n - 1
	case n > fewReasons:
		e.at = make(map[Reason]int, 2*n)
		for i, c := range e.counts {
			e.at[Reason{Cause: c.Cause, What: c.What}] = i
		}
	}
}

// rank puts what would have let the task in first: it decides, however many agents refuse.
func rank(c Cause) int {
	switch c {
	case CauseGang, CauseNotReady:
		return 0
	case CauseBatch, CauseLimit, CauseGuarantee:
		return 1
	case CauseNotChosen:
		return 2
	}
	return 3
}

// judgeAgent fills in the reasons of the agent's bin with the fewest; it returns that bin, or -1 when the
// agent has none of the task's role.
func (e *explainer) judgeAgent(t, a int32) int32 {
	bins := e.r.agents[a].bins
	if e.r.loads[a].off {
		e.here, e.lacks = append(e.here[:0], e.r.whyOff(a)), e.lacks[:0]
		return -1
	}
	if len(bins) == 1 {
		e.here, e.lacks = e.here[:0], e.lacks[:0]
		if e.judgeBin(t, bins[0]) {
			return bins[0]
		}
		bins = nil
	}
	best := int32(-1)
	var reasons []Reason
	var lacks []Lack
	for _, b := range bins {
		e.here, e.lacks = e.here[:0], e.lacks[:0]
		if !e.judgeBin(t, b) {
			continue
		}
		if best < 0 || len(e.here) < len(reasons) {
			best = b
			reasons, lacks = slices.Clone(e.here), slices.Clone(e.lacks)
		}
	}
	if best < 0 {
		e.here, e.lacks = append(e.here[:0], Reason{Cause: CauseRole, What: e.r.tasks[t].Role}), e.lacks[:0]
		return -1
	}
	e.here, e.lacks = append(e.here[:0], reasons...), append(e.lacks[:0], lacks...)
	return best
}

// judgeBin lists all reasons against a bin; false when the task's role has nothing to do with it.
func (e *explainer) judgeBin(t, b int32) bool {
	r := e.r
	s := r.shapeFor(TaskIndex(t))
	if !s.goesTo(r.homes[b].role) {
		return false
	}
	for _, name := range e.unknown {
		e.add(CauseUnknown, name)
	}
	v := int(s.variants) - 1
	if fits := r.fit(s, b); fits < 0 {
		e.judgeRow(s, b, v)
		e.judgeItems(s, b)
	}
	e.judgeRules(t, b)
	if len(e.here) == 0 {
		e.add(CauseNotChosen, "")
	}
	return true
}

// byCause is the order in which a check meets the causes.
func byCause(a, b Reason) int {
	return cmp.Or(cmp.Compare(slices.Index(causes[:], a.Cause), slices.Index(causes[:], b.Cause)), cmp.Compare(a.What, b.What))
}

var causes = [...]Cause{
	CauseNotChosen, CauseNotReady, CauseBatch, CauseLimit, CauseGuarantee, CauseGang, CauseNoOffers, CauseRole, CauseDisabled, CauseInactive, CauseUnknown, CauseTooSmall, CauseExhausted, CauseHeadroom, CausePorts, CauseDevices,
	CauseSet, CauseDisk, CauseConstraint, CauseForbidden, CauseNotReached, CauseNotLooked,
}

func (e *explainer) add(c Cause, what string) {
	e.here = append(e.here, Reason{Cause: c, What: what})
}

func (e *explainer) judgeRow(s *shape, b int32, v int) {
	r := e.r
	free, capacity := r.freeRow(b), r.capacityRow(b)
	for name, amount := range s.needs.All() {
		what := scalarColumn(name, s.revocable[v])
		if c, ok := r.colIndex[what]; ok {
			e.judgeColumn(b, int(c), what, int64(amount))
		} else if !e.isUnknown(what) { // there is some of the other sort
			e.add(CauseTooSmall, what.String())
			e.lacks = append(e.lacks, lack(what.String(), int64(amount), 0, 0))
		}
	}
	for c, what := range r.columns {
		if what.sort == deviceColumn {
			e.judgeColumn(b, c, what, s.need[v][c])
		}
	}
	c := r.stride - 1
	if need := s.need[v][c]; need > free[c] && !s.missing[v] { // an unknown name asks for impossibly many
		e.add(cause(need > capacity[c]), portsName)
		one := int64(resources.One) // they are counted in ones
		e.lacks = append(e.lacks, lack(portsName, need*one, free[c]*one, capacity[c]*one))
	}
}

func (e *explainer) judgeColumn(b int32, c int, what column, need int64) {
	r := e.r
	free, capacity := r.freeRow(b)[c], r.capacityRow(b)[c]
	if need <= free || e.isUnknown(what) {
		return
	}
	if r.headroomKeeps(b, c, need) {
		e.add(CauseHeadroom, what.String())
	} else {
		e.add(cause(need > capacity), what.String())
	}
	e.lacks = append(e.lacks, lack(what.String(), need, free, capacity))
}

// isUnknown says whether it is known already that there is nothing of that name, or of that sort of it.
func (e *explainer) isUnknown(what column) bool {
	return slices.Contains(e.unknown, what.String()) || slices.Contains(e.unknown, what.limited())
}

func cause(tooSmall bool) Cause {
	if tooSmall {
		return CauseTooSmall
	}
	return CauseExhausted
}

func (e *explainer) judgeItems(s *shape, b int32) {
	bn := &e.r.bins[b]
	if s.nports > 0 && !ports.Fits(e.r.ports[b], s.ports) && e.r.freeRow(b)[e.r.stride-1] >= int64(s.nports) {
		e.add(CausePorts, describePorts(s.ports))
	}
	for i := range s.devices {
		if q := &s.devices[i]; !slices.Contains(e.unknown, column{q.Kind, deviceColumn}.String()) && !bn.hasUnits(s.devices[i:i+1]) {
			e.add(CauseDevices, describeDevices(q))
		}
	}
	for i := range s.sets {
		if q := &s.sets[i]; !slices.Contains(e.unknown, q.Name) && !bn.hasItems(q) {
			e.add(CauseSet, describeSet(q))
		}
	}
	if len(s.disks) > 0 {
		var choice [maxRequests]int32
		alone := 0
		for i := range s.disks {
			if !bn.chooseDisks(s.disks[i:i+1], &choice) {
				e.add(CauseDisk, describeDisk(&s.disks[i]))
				alone++
			}
		}
		if alone == 0 && !bn.chooseDisks(s.disks, &choice) {
			e.add(CauseDisk, "all disks at once")
		}
	}
}

func (e *explainer) judgeRules(t, b int32) {
	r := e.r
	a := r.homes[b].agent
	if r.gangs && r.states[t].barred != r.number && !r.gangAllows(t, a) {
		e.add(CauseGang, describeGang(r.gangFor(t)))
	}
	ru := r.ruleFor(TaskIndex(t))
	for _, id := range r.books.groups[ru.group].vetoes {
		// Its own requirement says the same, where it makes the same veto.
		if v := &r.books.vetoes[id]; r.books.vetoed(v, a) && !slices.Contains(ru.vetoes, id) {
			e.add(CauseForbidden, describeForbid(v))
		}
	}
	if len(ru.require) == 0 {
		return // questions of this sort may be answered in parallel
	}
	r.show(t, a)
	for _, c := range ru.require {
		if !c.Judge(&r.asking).OK {
			e.add(CauseConstraint, c.String())
		}
	}
}

// shortage is the largest shortage relative to what was asked.
func (e *explainer) shortage() float64 {
	worst := 0.0
	for _, l := range e.lacks {
		worst = max(worst, float64(l.Asked-l.Free)/float64(l.Asked))
	}
	return worst
}

func (e *explainer) near(a, b int32) *Nearest {
	n := &Nearest{Agent: e.r.agents[a].id, Role: e.r.roleOn(b), Lacks: append([]Lack(nil), e.lacks...), Reasons: append([]Reason(nil), e.here...)}
	slices.SortFunc(n.Reasons, byCause)
	for i := range n.Reasons {
		n.Reasons[i].Agents = 1
	}
	return n
}

func lack(what string, asked, free, capacity int64) Lack {
	return Lack{what, resources.Amount(asked), resources.Amount(free), resources.Amount(capacity)}
}

// unknownNames are the names a task asks for of which no agent has anything.
func (r *Round) unknownNames(t *Task) []string {
	var names []string
	has := func(c column) bool {
		i, ok := r.colIndex[c]
		return ok && (r.largest()[i] > 0 || r.elastic.shrinks(i))
	}
	for name := range t.Needs.All() {
		regular, revocable := has(scalarColumn(name, false)), has(scalarColumn(name, true))
		switch {
		case !regular && !revocable:
			names = append(names, name)
		case !regular && t.Revocable == Never:
			names = append(names, column{name, regularColumn}.String())
		case !revocable && t.Revocable == Only:
			names = append(names, column{name, revocableColumn}.String())
		}
	}
	for i := range t.Devices {
		if c := (column{t.Devices[i].Kind, deviceColumn}); !has(c) {
			names = append(names, c.String())
		}
	}
	for i := range t.Sets {
		offered := func(b int32) bool { return r.bins[b].set(t.Sets[i].Name) != nil }
		if !slices.ContainsFunc(r.liveBins(), offered) {
			names = append(names, t.Sets[i].Name)
		}
	}
	slices.Sort(names)
	return names
}
