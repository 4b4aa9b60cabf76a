package placement

// agentIndex finds agents by their IDs. While agents come in order, see [follows], they are only listed: most calls never ask for one.
type agentIndex struct {
	of   *idTable // nil before it is needed
	last AgentID
}

// agentBy is the agent with the ID.
func (f *fleet) agentBy(id AgentID) (a int32, ok bool) { return f.agentTable().find(string(id)) }

// agentsOf are the agents of offers, -1 for those that are not known.
func (f *fleet) agentsOf(offers []Offer) []int32 {
	x, all := f.agentTable(), make([]int32, len(offers))
	for i, hash := range x.ahead(len(offers), func(i int) string { return string(offers[i].Agent) }) {
		all[i], _ = x.findBy(hash, string(offers[i].Agent))
	}
	return all
}

func (f *fleet) agentTable() *idTable {
	if f.byID.of == nil {
		f.byID.of = newIDTable(cap(f.agents), func(a int32) string { return string(f.agents[a].id) })
		for a := range f.agents {
			f.byID.of.add(string(f.agents[a].id), int32(a))
		}
	}
	return f.byID.of
}

// known is an agent that is known to be there.
func (f *fleet) known(id AgentID) int32 {
	a, _ := f.agentBy(id)
	return a
}

// comesNew says whether an agent comes in order after n others that did, and so is new.
func (x *agentIndex) comesNew(id AgentID, n int) bool {
	return x.of == nil && (n == 0 || follows(id, x.last))
}

// agent interns an agent.
func (f *fleet) agent(id AgentID) int32 {
	x, n := &f.byID, int32(len(f.agents))
	switch {
	case x.comesNew(id, int(n)):
		return f.enroll(id)
	case x.of != nil:
	case id == x.last:
		return n - 1
	}
	if a, ok := f.agentBy(id); ok {
		return a
	}
	return f.enroll(id)
}

// enroll adds an agent that is new.
func (f *fleet) enroll(id AgentID) int32 {
	a := int32(len(f.agents))
	f.agents = append(f.agents, agent{id: id, running: -1})
	f.loads = append(f.loads, load{})
	f.byID.last = id
	if f.byID.of != nil {
		f.byID.of.add(string(id), a)
	}
	return a
}
