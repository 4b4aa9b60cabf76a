package workload

import (
	"strconv"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/placement"
)

// Batch is a queue of jobs of many like tasks. The tasks of a job are a Pareto with minimum 2 and exponent 1.2, cut off at 200; CPUs
// are log-normal with median 2 and sigma 0.9, cut off at 0.25 and 16; memory for a core is exponential with mean 2 GB; how
// long a task lasts is Weibull with shape 0.6 and scale 20 minutes, so that most are short and a few take hours. One job in
// twenty is a gang, and one in five goes before the others. Jobs come until nine tenths of the fleet's CPUs or
// memory are asked for.
func Batch(agents int, seed uint64) *Workload {
	rng := newRand(seed, "batch")
	w := &Workload{Name: "batch", Offers: newFleet(rng, agents, commonMachines)}
	size := distuv.Pareto{Xm: 2, Alpha: 1.2, Src: rng}
	cpus := distuv.LogNormal{Mu: lnTwo, Sigma: 0.9, Src: rng}
	perCore := distuv.Exponential{Rate: 0.5, Src: rng}
	lasts := distuv.Weibull{K: 0.6, Lambda: 20, Src: rng}
	var shapes []shape
	for range 120 {
		c := clamp(cpus.Rand(), 0.25, 16)
		shapes = append(shapes, shape{needs: newNeeds(c, c*clamp(perCore.Rand(), 0.25, 8)*megabytes)})
	}
	left := w.room(0.9)
	for job := 0; ; job++ {
		t := placement.Task{Group: "job-" + strconv.Itoa(job), Owner: "team-" + strconv.Itoa(rng.IntN(8)), Needs: shapes[rng.IntN(len(shapes))].needs,
			Lasts: time.Duration(lasts.Rand() * float64(time.Minute)).Round(time.Second)}
		if rng.IntN(20) == 0 {
			t.Gang = t.Group
		}
		if rng.IntN(5) == 0 {
			t.Priority = 1
		}
		for range int(min(200, size.Rand())) {
			if !left.take(t.Needs) {
				w.nameTasks("batch-")
				return w
			}
			w.Tasks = append(w.Tasks, t)
		}
	}
}
