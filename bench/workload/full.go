package workload

import "github.com/berth-go/berth/placement"

// Full asks for all that a fleet of agents has: lopsided shapes, half of them hungry for CPU with
// little memory and half the other way round, log-normal in size (median a sixth of a small machine,
// sigma 0.7), are drawn until their sum reaches the fleet's CPUs or its memory. Only a packer that brings
// opposites together comes near to placing all of them.
func Full(agents int, seed uint64) *Workload {
	rng := newRand(seed, "full")
	w := &Workload{Name: "full", Offers: newFleet(rng, agents, commonMachines)}
	var shapes []shape
	for i := range 100 {
		cpus := logNormal(rng, 2.5, 0.7, 0.25, 16)
		perCore := logNormal(rng, 1.5, 0.3, 0.5, 3)
		if i%2 == 1 {
			perCore = logNormal(rng, 9, 0.3, 4, 20)
			cpus /= 2
		}
		shapes = append(shapes, shape{weight: zipf(i), needs: newNeeds(cpus, cpus*perCore*megabytes)})
	}
	left := w.room(1)
	pick := newPicker(shapes, func(s shape) float64 { return s.weight })
	for {
		s := shapes[pick.draw(rng)]
		if !left.take(s.needs) {
			break
		}
		w.Tasks = append(w.Tasks, placement.Task{Needs: s.needs})
	}
	w.nameTasks("task-")
	return w
}
