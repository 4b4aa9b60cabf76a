package workload

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
)

// Opposite is anti-correlated shapes: what needs many CPUs needs little memory. The agents are all alike, 32 CPUs and 127 GB. The
// part of an agent's CPUs that a task takes is x, beta distributed with parameters 2 and 2 and scaled to at most four tenths; the part of its memory
// is four tenths less x, plus a normal deviation of 0.03. They come until 95 % of the fleet's CPUs or memory are
// asked for: a packer that looks at one resource alone leaves much of the other.
func Opposite(agents int, seed uint64) *Workload {
	rng := newRand(seed, "opposite")
	w := &Workload{Name: "opposite", Offers: newFleet(rng, agents, []machine{{kind: "even", weight: 1, cpus: 32, gigabytes: 128}})}
	part := distuv.Beta{Alpha: 2, Beta: 2, Src: rng}
	noise := distuv.Normal{Sigma: 0.03, Src: rng}
	left := w.room(0.95)
	for {
		x := 0.4 * part.Rand()
		needs := newNeeds(32*clamp(x, 0.01, 0.4), 127*megabytes*clamp(0.4-x+noise.Rand(), 0.01, 0.5))
		if !left.take(needs) {
			break
		}
		w.Tasks = append(w.Tasks, placement.Task{Needs: needs})
	}
	w.nameTasks("task-")
	return w
}
