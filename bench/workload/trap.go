package workload

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Trap is the worst that tasks can do to first fit, as Johnson, Demers, Ullman, Garey and Graham build it ("Worst-case performance bounds for
// simple one-dimensional packing algorithms", SIAM Journal on Computing 3, 1974): bins tasks of a little over 1/43 of an
// agent, then as many of 1/7, of 1/3 and of 1/2. One of each fills an agent, so the optimum is that number of agents; first
// fit, given them in this order, fills agents with those of one size and uses up to 1.69 times as many. What is over is
// uniform, from 1 to 12 hundred-thousandths of an agent, and memory follows CPUs. There are twice as many agents as are needed.
func Trap(bins int, seed uint64) *Workload {
	rng := newRand(seed, "trap")
	const cpus, gigabytes = 100, 101
	w := &Workload{Name: "trap", Optimum: bins,
		Offers: newFleet(rng, 2*bins, []machine{{kind: "even", weight: 1, cpus: cpus, gigabytes: gigabytes}})}
	over := distuv.Uniform{Min: 1e-5, Max: 1.2e-4, Src: rng} // 1/43 + 1/7 + 1/3 + 1/2 leaves 1/1806, 5.5e-4
	for _, part := range []float64{1.0 / 43, 1.0 / 7, 1.0 / 3, 1.0 / 2} {
		for range bins {
			x := part + over.Rand()
			w.Tasks = append(w.Tasks, placement.Task{Needs: must(resources.NewQuantities(
				resources.Quantity{Name: "cpus", Amount: resources.Amount(x*cpus*float64(resources.One)) + 1},
				resources.Quantity{Name: "mem", Amount: resources.Amount(x * (gigabytes - 1) * megabytes * float64(resources.One))}))})
		}
	}
	w.nameTasks("item-")
	return w
}
