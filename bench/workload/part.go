package workload

import "github.com/berth-go/berth/placement"

// Part is a smaller workload of the same kind: the first of each n agents, with all its offers, and the first of each n
// tasks. It shares what it keeps with w.
func (w *Workload) Part(n int) *Workload {
	if n <= 1 {
		return w
	}
	part := &Workload{Name: w.Name}
	number := map[placement.AgentID]int{}
	for i := range w.Offers {
		o := &w.Offers[i]
		if _, seen := number[o.Agent]; !seen {
			number[o.Agent] = len(number)
		}
		if number[o.Agent]%n == 0 {
			part.Offers = append(part.Offers, *o)
		}
	}
	for i := 0; i < len(w.Tasks); i += n {
		part.Tasks = append(part.Tasks, w.Tasks[i])
	}
	return part
}
