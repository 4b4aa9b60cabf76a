package workload

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
)

// Huge is few tasks, each a large part of an agent: databases, builds, virtual machines. The agents are all alike, 64 CPUs and
// 255 GB; the part of one that a task takes is beta distributed with parameters 4 and 6, mean 0.4, of CPUs and, drawn by
// itself, of memory. They come until nine tenths of the fleet's CPUs or memory are asked for, so one or two tasks fill
// an agent and every choice counts.
func Huge(agents int, seed uint64) *Workload {
	rng := newRand(seed, "huge")
	w := &Workload{Name: "huge", Offers: newFleet(rng, agents, []machine{{kind: "big", weight: 1, cpus: 64, gigabytes: 256}})}
	part := distuv.Beta{Alpha: 4, Beta: 6, Src: rng}
	left := w.room(0.9)
	for {
		needs := newNeeds(64*clamp(part.Rand(), 0.05, 0.95), 255*megabytes*clamp(part.Rand(), 0.05, 0.95))
		if !left.take(needs) {
			break
		}
		w.Tasks = append(w.Tasks, placement.Task{Needs: needs})
	}
	w.nameTasks("huge-")
	return w
}
