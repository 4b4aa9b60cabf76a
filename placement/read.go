package placement

import (
	"cmp"
	"slices"
)

// result reads the round off.
func (r *Round) result(c *config) Result {
	res := Result{Stats: r.stats(c.packer)}
	res.Assignments = make([]Assignment, 0, r.placed)
	if failed := len(r.tasks) - r.placed; failed > 0 {
		res.Failures = make([]Failure, 0, failed)
	}
	order := r.orderOfPlacement()
	for t := range r.tasks {
		if r.where[t] == NoBin {
			res.Failures = append(res.Failures, Failure{Task: r.tasks[t].ID})
			continue
		}
		res.Assignments = append(res.Assignments, r.assignment(int32(t), order[t]))
	}
	return res
}

// orderOfPlacement gives each placed task its position in the sequence of placements.
func (r *Round) orderOfPlacement() []int32 {
	sequence := make([]int32, 0, r.placed)
	for t, b := range r.where {
		if b != NoBin {
			sequence = append(sequence, int32(t))
		}
	}
	if !slices.IsSortedFunc(sequence, r.byTurn) {
		slices.SortFunc(sequence, r.byTurn)
	}
	order := make([]int32, len(r.tasks))
	for i, t := range sequence {
		order[t] = int32(i)
	}
	return order
}

func (r *Round) byTurn(a, b int32) int { return cmp.Compare(r.turn[a], r.turn[b]) }

func (r *Round) assignment(t, order int32) Assignment {
	bn := &r.bins[r.where[t]]
	s := &r.shapes[r.shapeOf[t]]
	a := Assignment{
		Task: r.tasks[t].ID, Agent: r.agents[bn.agent].id, Role: bn.role, Offers: bn.offers,
		Order: int(order), Revocable: s.revocable[r.variant[t]],
	}
	if r.grant == nil || r.grant[t] == nil {
		return a
	}
	g := r.grant[t]
	a.Ports = g.ports
	a.Devices = bn.grantUnits(s.devices, g.units)
	for i := range g.items {
		a.Items = append(a.Items, ItemGrant{Name: s.sets[i].Name, Items: g.items[i]})
	}
	for i, d := range g.disks {
		a.Items = append(a.Items, ItemGrant{Name: "disk", Disk: bn.disks[d].granted(s.disks[i].Amount)})
	}
	return a
}

func (r *Round) stats(p Packer) Stats {
	s := Stats{
		Agents: r.offered, Bins: len(r.bins), Tasks: len(r.tasks), Placed: r.placed,
		Shapes: len(r.shapes), Rules: len(r.rules), Steps: r.steps, Packer: packerName(p), Choice: r.choice,
	}
	for i := range r.agents {
		if r.agents[i].placed > 0 {
			s.AgentsUsed++
		}
	}
	return s
}

// cutPieces works the concrete pieces out, bin by bin, in the order of placement.
func cutPieces(offers []Offer, r *Round, res *Result) error {
	ledgers := make([]*ledger, len(r.bins))
	byOrder := make([]int, len(res.Assignments))
	taskOf := make([]int, len(res.Assignments))
	i := 0
	for t := range r.tasks {
		if r.where[t] != NoBin {
			byOrder[res.Assignments[i].Order], taskOf[i] = i, t
			i++
		}
	}
	for _, i := range byOrder {
		t := taskOf[i]
		b := r.where[t]
		if ledgers[b] == nil {
			ledgers[b] = newLedger(offers, &r.bins[b])
		}
		pieces, err := ledgers[b].cut(&r.tasks[t], &res.Assignments[i])
		if err != nil {
			return err
		}
		res.Assignments[i].Pieces = pieces
	}
	return nil
}
