package workload

import (
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
)

// Web is a cluster of web services: 100 sizes, in services of many replicas that ask for a port or two and would
// rather not share an agent. CPUs are log-normal with median 0.5 and sigma 0.8, cut off at 0.05 and 8; memory is gamma distributed for
// a core, shape 4 and mean 4 GB; the replicas of a service are 1 plus a Pareto with minimum 1 and exponent 1.1, cut
// off at 60. One service in ten insists on an agent for each replica. Services come until three quarters of the fleet's
// CPUs or memory are asked for.
func Web(agents int, seed uint64) *Workload {
	rng := newRand(seed, "web")
	w := &Workload{Name: "web", Offers: newFleet(rng, agents, commonMachines)}
	cpus := distuv.LogNormal{Mu: lnHalf, Sigma: 0.8, Src: rng}
	perCore := distuv.Gamma{Alpha: 4, Beta: 1, Src: rng}
	replicas := distuv.Pareto{Xm: 1, Alpha: 1.1, Src: rng}
	away := must(constraints.ParsePreferences("unique(hostname)"))
	alone := must(constraints.Parse("unique(hostname)"))
	var shapes []shape
	for range 100 {
		c := clamp(cpus.Rand(), 0.05, 8)
		shapes = append(shapes, shape{weight: 1, needs: newNeeds(c, c*clamp(perCore.Rand(), 0.25, 16)*megabytes), ports: 1 + rng.IntN(2)})
	}
	left := w.room(0.75)
	for service := 0; ; service++ {
		s := shapes[rng.IntN(len(shapes))]
		t := placement.Task{Group: "service-" + strconv.Itoa(service), Needs: s.needs, Prefer: away}
		t.Ports.Dynamic = s.ports
		if rng.IntN(10) == 0 {
			t.Prefer, t.Require = nil, alone
		}
		for range 1 + int(min(60, replicas.Rand())) {
			if !left.take(s.needs) {
				w.nameTasks("web-")
				return w
			}
			w.Tasks = append(w.Tasks, t)
		}
	}
}
