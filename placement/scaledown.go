package placement

import (
	"cmp"
	"slices"
)

// ScaleDown says which agents may be emptied.
type ScaleDown struct {
	// Max is how many agents to empty at most; zero: as many as possible.
	Max int
	// MaxMoves is how many tasks may be moved in all; zero: any number. An agent whose tasks are too many is passed over.
	MaxMoves int
	// Only are the agents to choose from, all when it is empty, and Keep are those that stay. Unknown ones do no harm.
	Only, Keep []AgentID
}

// EmptyPlan says how agents, or device units, come to be free: by moves, to be made in their order.
type EmptyPlan struct {
	// Agents will run nothing, those that were idle included; the emptiest comes first.
	Agents []AgentID
	// Units will be used by nobody; they were shared.
	Units []FreedUnit
	Moves []Move
}

// FreedUnit is a device unit that nobody uses any more.
type FreedUnit struct {
	Agent    AgentID
	Kind, ID string
}

// PlanScaleDown finds agents that could be switched off, and where their tasks would go. Candidates are agents of standing offers
// alone; they are tried from the emptiest to the fullest, by the mean part of the largest agent that is in use, ties by age. The tasks of one, the largest first, go where they leave
// least, to agents that stay and run something already; when one of them has no place, the agent stays. It is a heuristic: there may be plans that empty more.
//
// Every move has passed the gate that [Round.Place] is. A task whose group others count in a way that needs it there is not moved
// (see [Round.Remove]), nor is one that its agent would not take as things are. Pending tasks are not looked at: ask when there are none, or
// [Engine.Try] the outcome. The engine stays as it is. Errors are [ErrPolicy]. The time is that of a fresh round, and a look at each agent for each task moved.
func (e *Engine) PlanScaleDown(s ScaleDown, opts ...Option) (plan EmptyPlan, err error) {
	defer recovered(&err)
	l := e.relocate(opts)
	loads := l.loads()
	slices.SortStableFunc(loads, func(x, y agentLoad) int { return cmp.Compare(x.used, y.used) })
	return l.emptyAll(loads, &s, true), nil
}

// emptyAll empties agents in turn.
func (l *relocation) emptyAll(loads []agentLoad, s *ScaleDown, idle bool) EmptyPlan {
	r := l.round
	only, keep := agentSet(s.Only), agentSet(s.Keep)
	run, left := l.emptying(), s.MaxMoves
	if left <= 0 {
		left = len(r.tasks)
	}
	var plan EmptyPlan
	for _, load := range loads {
		id := r.agents[load.agent].id
		if (len(only) > 0 && !only[id]) || keep[id] || run.busy[load.agent] || (load.tasks == 0 && !idle) {
			continue
		}
		if s.Max > 0 && len(plan.Agents) == s.Max {
			break
		}
		if run.empty(load.agent, left) {
			left -= int(load.tasks)
			plan.Agents = append(plan.Agents, id)
		}
	}
	plan.Moves = l.moves()
	return plan
}

func agentSet(ids []AgentID) map[AgentID]bool {
	set := make(map[AgentID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
