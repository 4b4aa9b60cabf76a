package placement

import (
	"fmt"
	"slices"
)

// gang is what is known of the tasks that are placed together or not at all, see [Task.Gang].
type gang struct {
	name    string
	members []int32 // wherever they are; those that have gone leave at the next count

	// The rest is of the round with the number round, made by meetGangs.
	round    int32
	least    int // how many there must be, running ones included; zero: all
	oneAgent bool
	pending  int // those considered
	waiting  int // those not considered in this round
	running  int
	placed   int
	agent    int32   // of the first of them that was placed or started, -1: none is anywhere
	closed   []bool  // agents on which not enough of it found room; nil: none
	row      []int64 // see leastOf; nil unless it is all to go to one agent
	seen     int     // see gangsThat
}

// gangFor is the gang of a task, nil for none. Only where there ever was a gang.
func (r *Round) gangFor(t int32) *gang {
	if int(t) >= len(r.gangIDs) || r.gangIDs[t] < 0 {
		return nil
	}
	return &r.gangList[r.gangIDs[t]]
}

// joinGang notes whose member a new task is.
func (r *Round) joinGang(t int32, name string) {
	if r.gangNames == nil {
		r.gangNames = map[string]int32{}
	}
	id, ok := r.gangNames[name]
	if !ok {
		id = int32(len(r.gangList))
		r.gangNames[name] = id
		r.gangList = append(r.gangList, gang{name: name, agent: -1})
	}
	for len(r.gangIDs) < int(t) {
		r.gangIDs = append(r.gangIDs, -1)
	}
	r.gangIDs = append(r.gangIDs, id)
	r.gangList[id].members = append(r.gangList[id].members, t)
}

// meetGangs counts the gangs' members as a round finds them; between rounds countGang alone keeps up. What members ask of their gang is what the first pending one says.
func (r *Round) meetGangs() {
	for i := range r.gangList {
		g := &r.gangList[i]
		*g = gang{name: g.name, members: slices.DeleteFunc(g.members, func(t int32) bool { return r.ranOn[t] == gone }), round: r.number, agent: -1}
		first := int32(-1) // of those running
		for _, t := range g.members {
			if a := r.ranOn[t]; a >= 0 {
				if g.running++; first < 0 || r.turn[t] < r.turn[first] {
					first, g.agent = t, a
				}
				continue
			}
			if g.pending+g.waiting == 0 {
				g.least, g.oneAgent = r.tasks[t].GangMin, r.tasks[t].GangOneAgent
			}
			if r.states[t].barred == r.number {
				g.waiting++
			} else {
				g.pending++
			}
		}
		switch {
		case g.pending > 0 && g.due() > g.pending:
			r.gangFate[g.name] = g.tooFew()
			r.bar(g)
		case g.pending > 0 && g.oneAgent && g.running == 0:
			g.row = r.leastOf(g)
		}
	}
}

// awaits says whether a member is pending and considered.
func (r *Round) awaits(t int32) bool {
	return r.ranOn[t] == notRunning && r.states[t].barred != r.number
}

// tooFew says why there are too few.
func (g *gang) tooFew() string {
	if g.least == 0 {
		return fmt.Sprintf("%s: waits for %d more of its tasks", g.name, g.waiting)
	}
	return fmt.Sprintf("%s: has %d of at least %d tasks", g.name, g.pending+g.running, g.least)
}

// due is how many members have to be placed if any is.
func (g gang) due() int {
	if g.least == 0 {
		return g.pending + g.waiting
	}
	return max(1, g.least-g.running)
}

// countGang takes note of a member placed (n is 1) or taken off (-1).
func (r *Round) countGang(t, agent, n int32) {
	g := r.gangFor(t)
	if g == nil {
		return
	}
	g.placed += int(n)
	if n > 0 {
		if g.placed+g.running == 1 {
			g.agent = agent
		}
	} else if g.placed+g.running == 0 {
		g.agent = -1
	}
}

// gangAllows says whether the task's gang lets it go to the agent: where the others are, if they all are to be on one, or
// else where there is room for as many as there must be.
func (r *Round) gangAllows(t, a int32) bool {
	g := r.gangFor(t)
	if g == nil || !g.oneAgent {
		return true
	}
	if g.placed+g.running > 0 {
		return a == g.agent
	}
	if g.round != r.number {
		return true // between rounds nobody knows
	}
	return (g.closed == nil || !g.closed[a]) && r.hasRoomFor(g, a)
}

// hasRoomFor says whether the agent's rows, all its bins together, would hold as many of the gang as there must be, were they the least
// ones in every column. What does not, cannot hold the gang; ports, devices, sets, disks and requirements may still refuse.
func (r *Round) hasRoomFor(g *gang, a int32) bool {
	for c, need := range g.row {
		free := int64(0)
		for _, b := range r.agents[a].bins {
			free += r.freeRow(b)[c]
		}
		if need > free {
			return false
		}
	}
	return true
}

// leastOf is, in every column, the sum of the least needs of as many pending members as there must be.
func (r *Round) leastOf(g *gang) []int64 {
	row := make([]int64, r.stride)
	needs := make([]int64, 0, g.pending)
	for c := range row {
		needs = needs[:0]
		for _, t := range g.members {
			if r.awaits(t) {
				needs = append(needs, r.leastNeed(r.states[t].shape)[c])
			}
		}
		slices.Sort(needs)
		for _, n := range needs[:min(g.due(), len(needs))] {
			row[c] += n
		}
	}
	return row
}

// gatherGangs moves the tasks of gangs that are to be on one agent to the place of the first, so that nothing comes between them.
func (r *Round) gatherGangs() {
	if !slices.ContainsFunc(r.gangList, func(g gang) bool { return g.oneAgent && g.pending > 1 }) {
		return
	}
	at := make(map[*gang]int, len(r.gangList))
	order := make([]int, len(r.queue)) // of each task, the place by which to sort
	for i, t := range r.queue {
		order[i] = i
		if g := r.gangFor(int32(t)); g != nil && g.oneAgent {
			if first, ok := at[g]; ok {
				order[i] = first
			} else {
				at[g] = i
			}
		}
	}
	places := make([]int, len(r.queue))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return order[i] - order[j] })
	queue := slices.Clone(r.queue)
	for i, from := range places {
		r.queue[i] = queue[from]
	}
}

// bar leaves a gang out of the round.
func (r *Round) bar(g *gang) {
	for _, t := range g.members {
		if r.ranOn[t] == notRunning {
			r.states[t].barred = r.number
		}
	}
}

// oneByOne is a packer that decides on each task when its turn comes, whatever other tasks there are: one that finds no place changes
// nothing for them. Of other packers that is not known.
type oneByOne interface{ oneByOne() }

// leaveOutLost leaves out the gangs of the present priority that would not be placed even if they came first: packers that look at all tasks
// do not weigh them then. It costs a search for each shape of a gang.
func (r *Round) leaveOutLost() {
	before := len(r.lost)
	r.lost = append(r.lost, r.gangsThat(func(g gang) bool { return r.isLost(&g) })...)
	for _, g := range r.lost[before:] {
		r.bar(g)
	}
}

// isLost says whether too few of a gang find any bin as things are.
func (r *Round) isLost(g *gang) bool {
	if r.Stopped() {
		return false
	}
	defer func(steps int64) { r.steps = steps }(r.steps) // it is not charged to the others
	found, last, fits := 0, int32(-1), false
	for _, t := range g.members {
		if !r.awaits(t) {
			continue
		}
		if last < 0 || r.states[t].shape != r.states[last].shape || r.states[t].rule != r.states[last].rule {
			_, fits = r.First(TaskIndex(t))
			last = t
		}
		if fits {
			if found++; found >= g.due() {
				return false
			}
		}
	}
	return true
}

// takeInLost has the gangs that were left out from the start explained as if they had been tried.
func (r *Round) takeInLost() {
	for _, g := range r.lost {
		for _, t := range g.members {
			if st := &r.states[t]; st.barred == r.number && !r.early(TaskIndex(t)) {
				st.barred, st.reached = 0, r.number
			}
		}
	}
	r.lost = r.lost[:0]
}

// settleGangs makes sure that of every gang of the present priority enough is placed, or nothing, and that a gang of which nothing is was not
// weighed by the packer. It returns true when the run was rolled back and must be repeated, without a gang that did not fit.
func (r *Round) settleGangs(p Packer) (again bool) {
	if !r.gangs {
		return false
	}
	short := r.gangsThat((gang).short)
	if len(short) == 0 {
		return r.leaveOutIdle(p)
	}
	if r.Stopped() {
		// There is nothing left to repeat the run with: keep what was done before the first
		// placement of a gang that stayed incomplete.
		for r.Mark() > r.floor && slices.ContainsFunc(r.gangList, (gang).short) {
			r.Rollback(r.Mark() - 1)
		}
		return false
	}
	for _, g := range short {
		r.gangFate[g.name] = r.fateOf(g)
	}
	tried := short[0].agent
	r.Rollback(r.floor)
	if r.gangRuns++; r.gangRuns > maxGangRuns {
		for _, g := range short {
			r.bar(g)
		}
	} else if g := short[0]; g.oneAgent && g.running == 0 {
		if g.closed == nil {
			g.closed = make([]bool, len(r.agents))
		}
		g.closed[tried] = true
	} else {
		r.bar(g)
	}
	return true
}

// leaveOutIdle has the run repeated without a gang of which nothing is placed.
func (r *Round) leaveOutIdle(p Packer) (again bool) {
	if _, ok := p.(oneByOne); ok || r.Stopped() {
		return false
	}
	idle := r.gangsThat(func(g gang) bool { return g.placed == 0 })
	if len(idle) == 0 {
		return false
	}
	r.Rollback(r.floor)
	if r.gangRuns++; r.gangRuns <= maxGangRuns {
		idle = idle[:1]
	}
	for _, g := range idle {
		r.lost = append(r.lost, g)
		r.bar(g)
	}
	return true
}

// maxGangRuns bounds how often a run is repeated to leave out one failed gang at a time, or one agent for a gang; after that
// all that failed are left out together.
const maxGangRuns = 16

// short says whether some of the gang is placed, but too few.
func (g gang) short() bool { return g.placed > 0 && g.placed < g.due() }

// gangsThat are those gangs of the present priority, of the ones not left out, for which that is true, in the order of their
// first tasks.
func (r *Round) gangsThat(is func(gang) bool) []*gang {
	r.gangLists++
	var all []*gang
	for _, t := range r.queue {
		if g := r.gangFor(int32(t)); g != nil && g.seen != r.gangLists && r.awaits(int32(t)) {
			g.seen = r.gangLists
			if is(*g) {
				all = append(all, g)
			}
		}
	}
	return all
}

// fateOf says how far a gang came, and what else stood against those that were left.
func (r *Round) fateOf(g *gang) string {
	text := fmt.Sprintf("%s: %d of %d found room", g.name, g.placed, g.pending)
	if g.oneAgent {
		text += " on one agent"
	}
	if g.least > 0 {
		text += fmt.Sprintf(", not %d", g.due())
	}
	for _, t := range g.members {
		if r.awaits(t) && r.spots[t].where == NoBin {
			if o := r.objections(TaskIndex(t)); len(o) > 0 {
				return text + "; " + o[0].String()
			}
		}
	}
	return text
}

// describeGang says why a gang keeps a member off an agent.
func describeGang(g *gang) string {
	if g.placed+g.running > 0 {
		return g.name + ": is on another agent"
	}
	return fmt.Sprintf("%s: no room for %d of it on one agent", g.name, g.due())
}
