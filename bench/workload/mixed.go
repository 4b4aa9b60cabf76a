package workload

import (
	"math/rand/v2"
	"strconv"

	"github.com/berth-go/berth/placement"
)

// commonMachines are the kinds of machines of a fleet that was bought over several years.
var commonMachines = []machine{
	{kind: "standard", weight: 35, cpus: 16, gigabytes: 64},
	{kind: "large", weight: 30, cpus: 32, gigabytes: 128},
	{kind: "highmem", weight: 15, cpus: 32, gigabytes: 256},
	{kind: "highcpu", weight: 12, cpus: 48, gigabytes: 96},
	{kind: "old", weight: 8, cpus: 8, gigabytes: 32},
}

// Mixed is what most clusters run: 60 services, small and hungry for memory, each with a port or
// two, beside 40 kinds of batch jobs, larger and hungry for CPU. Sizes are log-normal (median half a core
// for services and two for jobs, sigma 0.9), memory per core too (median 3 and 2 GB, sigma 0.5); the
// popularity of a shape follows Zipf's law with exponent 0.7. With ten tasks an agent about half of
// the fleet is asked for.
func Mixed(agents, tasks int, seed uint64) *Workload {
	rng := newRand(seed, "mixed")
	w := &Workload{Name: "mixed", Offers: newFleet(rng, agents, commonMachines)}
	shapes := mixedShapes(rng)
	pick := newPicker(shapes, func(s shape) float64 { return s.weight })
	w.Tasks = make([]placement.Task, tasks)
	for i := range w.Tasks {
		k := pick.draw(rng)
		t := placement.Task{ID: placement.TaskID("task-" + pad(i, tasks)), Needs: shapes[k].needs}
		t.Ports.Dynamic = shapes[k].ports
		if k < services {
			t.Group = "service-" + strconv.Itoa(k)
		} else {
			t.Group = "job-" + strconv.Itoa(k-services)
		}
		w.Tasks[i] = t
	}
	return w
}

const services, jobs = 60, 40

func mixedShapes(rng *rand.Rand) []shape {
	var shapes []shape
	for i := range services {
		cpus := logNormal(rng, 0.5, 0.9, 0.05, 8)
		perCore := logNormal(rng, 3, 0.5, 0.5, 12)
		shapes = append(shapes, shape{weight: 1.5 * zipf(i), needs: newNeeds(cpus, cpus*perCore*megabytes), ports: 1 + rng.IntN(2)})
	}
	for i := range jobs {
		cpus := logNormal(rng, 2, 0.9, 0.25, 16)
		perCore := logNormal(rng, 2, 0.5, 0.5, 8)
		shapes = append(shapes, shape{weight: zipf(i), needs: newNeeds(cpus, cpus*perCore*megabytes)})
	}
	return shapes
}
