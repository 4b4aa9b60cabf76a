package workload

import (
	"math/rand/v2"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

var gpuMachines = []machine{
	{kind: "gpu8-large", weight: 20, cpus: 96, gigabytes: 768, gpus: 8, model: "A100"},
	{kind: "gpu8", weight: 15, cpus: 96, gigabytes: 384, gpus: 8, model: "V100"},
	{kind: "gpu4", weight: 15, cpus: 48, gigabytes: 256, gpus: 4, model: "V100"},
	{kind: "gpu2", weight: 35, cpus: 48, gigabytes: 192, gpus: 2, model: "T4"},
	{kind: "cpu", weight: 15, cpus: 64, gigabytes: 256},
}

// gpuShares are the parts of a GPU that inference services ask for, in thousandths.
var gpuShares = []int{100, 160, 220, 250, 330, 460, 500, 650, 810}

// GPU is a cluster that trains and serves models. Of the tasks, 40 % share a GPU, 45 % take one, 3 %
// two, 2 % four, 1 % eight, and the rest takes none; one in ten that takes GPUs wants a certain model, and
// tasks that share a GPU are short of CPU as often as of GPU. Tasks are drawn until they ask for
// 95 % of all GPUs.
func GPU(agents int, seed uint64) *Workload {
	rng := newRand(seed, "gpu")
	w := &Workload{Name: "gpu", Offers: newFleet(rng, agents, gpuMachines)}
	var left resources.Amount
	for _, o := range w.Offers {
		left += resources.Amount(len(o.Devices)) * 950
	}
	shapes := gpuShapes(rng)
	pick := newPicker(shapes, func(s shape) float64 { return s.weight })
	for {
		s := shapes[pick.draw(rng)]
		for _, d := range s.device {
			left -= d.Share + amount(d.Count)
		}
		if left < 0 {
			break
		}
		w.Tasks = append(w.Tasks, placement.Task{Needs: s.needs, Devices: s.device})
	}
	w.nameTasks("pod-")
	return w
}

func gpuShapes(rng *rand.Rand) []shape {
	classes := []struct {
		weight float64
		shapes int
		gpus   int // 0: a share; -1: none
	}{{40, 45, 0}, {45, 30, 1}, {3, 6, 2}, {2, 5, 4}, {1, 4, 8}, {9, 10, -1}}
	var shapes []shape
	for _, c := range classes {
		all := 0.0
		for i := range c.shapes {
			all += zipf(i)
		}
		for i := range c.shapes {
			req := placement.DeviceRequest{Kind: "gpu", Count: max(0, c.gpus)}
			size := float64(c.gpus)
			if c.gpus == 0 {
				req.Share = resources.Amount(choose(rng, gpuShares...))
				size = req.Share.Float64()
			}
			if rng.IntN(10) == 0 {
				req.Models = choose(rng, []string{"V100"}, []string{"A100"}, []string{"A100", "V100"})
			}
			s := shape{weight: c.weight * zipf(i) / all}
			if c.gpus >= 0 {
				s.device = []placement.DeviceRequest{req}
			} else {
				size = 1
			}
			cpus := max(0.5, size) * logNormal(rng, 8, 0.5, 2, 12)
			s.needs = newNeeds(cpus, cpus*logNormal(rng, 3.5, 0.4, 1, 8)*megabytes)
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// total is the sum of a scalar over the fleet.
func (w *Workload) total(name string) resources.Amount {
	var sum resources.Amount
	for _, o := range w.Offers {
		sum += o.Resources.Quantities().Get(name)
	}
	return sum
}

// nameTasks numbers the tasks.
func (w *Workload) nameTasks(prefix string) {
	for i := range w.Tasks {
		w.Tasks[i].ID = placement.TaskID(prefix + pad(i, len(w.Tasks)))
	}
}
