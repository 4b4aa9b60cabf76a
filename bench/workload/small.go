package workload

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
)

// Small is many tasks on few agents: functions, sidecars, agents of monitoring. CPUs are exponential with mean 0.1, at least
// a twentieth of a core; memory is uniform from 32 to 512 MB and has nothing to do with them. They come until eight tenths of the
// fleet's CPUs or memory are asked for: about a hundred and fifty an agent.
func Small(agents int, seed uint64) *Workload {
	rng := newRand(seed, "small")
	w := &Workload{Name: "small", Offers: newFleet(rng, agents, commonMachines)}
	cpus := distuv.Exponential{Rate: 10, Src: rng}
	mem := distuv.Uniform{Min: 32, Max: 512, Src: rng}
	left := w.room(0.8)
	for {
		needs := newNeeds(clamp(cpus.Rand(), 0.05, 1), mem.Rand())
		if !left.take(needs) {
			break
		}
		w.Tasks = append(w.Tasks, placement.Task{Needs: needs})
	}
	w.nameTasks("small-")
	return w
}
