package placement

import "sort"

// fillPlan is what bins of one kit are judged by.
type fillPlan struct {
	columns []int32 // the scalars that matter
	types   []fillType
	seqs    [fillSequences][fillLength]uint16 // positions in types
	quick   *quickPlan                        // nil where quick walks do not do
}

// fillType is an expected shape as a plan sees it.
type fillType struct {
	weight   float64
	need     []int64 // per column of the plan
	again    []int64 // the second variant's, or nil
	value    float64 // of what it takes in scalars
	requests []fillRequest
}

type fillRequest struct {
	share int64
	count int
	lock  int32
	// accept is per make.
	accept []bool
}

// newPlan leaves out what bins of the kit refuse whatever their state.
func (p *expectedFill) newPlan(s *binState) *fillPlan {
	plan := &fillPlan{}
	for c := range p.scale {
		if p.scale[c] > 0 {
			plan.columns = append(plan.columns, int32(c))
		}
	}
	scalars := p.f.scalarsOnly(s)
	sum, cumulated := 0.0, []float64{}
	for i := range p.f.types {
		t := &p.f.types[i]
		if !p.hosts(s, t) {
			continue
		}
		sum += t.weight
		cumulated = append(cumulated, sum)
		plan.types = append(plan.types, p.newType(plan, t, scalars))
	}
	if len(plan.types) == 0 {
		return plan
	}
	for i := range p.draws {
		for j, x := range p.draws[i] {
			at := sort.SearchFloat64s(cumulated, x*sum)
			plan.seqs[j][i] = uint16(min(at, len(plan.types)-1))
		}
	}
	plan.makeQuick(s)
	return plan
}

// hosts says whether the kit has at least one unit for every request of the type.
func (p *expectedFill) hosts(s *binState, t *taskType) bool {
	if t.role != anyRole && t.role != s.kit.roleID {
		return false
	}
	for _, q := range t.requests {
		found := false
		for j := range s.units {
			found = found || p.f.accept[q][s.units[j].make]
		}
		if !found {
			return false
		}
	}
	return true
}

func (p *expectedFill) newType(plan *fillPlan, t *taskType, scalars bool) fillType {
	made := fillType{weight: t.weight}
	rows := make([][]int64, len(t.need))
	for v := range rows {
		for _, c := range plan.columns {
			rows[v] = append(rows[v], t.need[v][c])
		}
	}
	made.need = rows[0]
	if len(rows) > 1 {
		made.again = rows[1]
	}
	if scalars {
		for i, c := range plan.columns {
			made.value += float64(float64(made.need[i]) * p.scale[c])
		}
	}
	for _, q := range t.requests {
		req := &p.f.requests[q]
		made.requests = append(made.requests, fillRequest{int64(req.Share), req.Count, p.f.lockOf(req), p.f.accept[q]})
	}
	return made
}

// large is the part of a bin's worth that is about tasks of several whole units.
func (plan *fillPlan) large(s *binState) float64 {
	sum := 0.0
	for i := range plan.types {
		t := &plan.types[i]
		most, units := -1, 0
		for j := range t.requests {
			q := &t.requests[j]
			if q.count == 0 {
				continue
			}
			idle := 0
			for k := range s.units {
				if u := &s.units[k]; q.accept[u.make] && u.lock == 0 && u.left == u.size {
					idle++
				}
			}
			units += q.count
			if n := idle / q.count; most < 0 || n < most {
				most = n
			}
		}
		if units < 2 {
			continue
		}
		for k, c := range plan.columns {
			if t.need[k] > 0 {
				most = min(most, int(max(s.row[c], 0)/t.need[k]))
			}
		}
		sum += float64(t.weight * float64(units*most))
	}
	return sum
}
