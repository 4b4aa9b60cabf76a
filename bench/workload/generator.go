package workload

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Generator is a built-in workload: a pure function of a seed.
type Generator struct {
	Name, Description string
	// Large workloads take long and run only when asked for by name, Extra ones by name or with all others.
	Large, Extra bool
	Make         func(seed uint64) *Workload
}

// Generators returns all built-in workloads. A new one is a line here and a file beside this one.
func Generators() []Generator {
	return []Generator{
		{Name: "mixed", Description: "250 agents of five kinds, 2,500 tasks of services and batch jobs in 100 shapes; room for all",
			Make: func(seed uint64) *Workload { return Mixed(250, 2_500, seed) }},
		{Name: "gpu", Description: "250 agents, tasks that share GPUs, take one or several whole, or want a model; 95 % of the GPUs are asked for",
			Make: func(seed uint64) *Workload { return GPU(250, seed) }},
		{Name: "rules", Description: "250 agents in 25 racks, 2,500 tasks with groups, constraints, ports, set items, gangs and priorities",
			Make: func(seed uint64) *Workload { return Rules(250, 2_500, seed) }},
		{Name: "full", Description: "250 agents, lopsided tasks that add up to all the CPUs and memory there are: nearly full",
			Make: func(seed uint64) *Workload { return Full(250, seed) }},
		{Name: "web", Description: "200 agents, services of many replicas that had rather not share an agent; 75 % asked for", Extra: true,
			Make: func(seed uint64) *Workload { return Web(200, seed) }},
		{Name: "batch", Description: "200 agents, jobs of many like tasks, some of them gangs, with durations; 90 % asked for", Extra: true,
			Make: func(seed uint64) *Workload { return Batch(200, seed) }},
		{Name: "small", Description: "50 agents, many tiny tasks, hundreds an agent; 80 % asked for", Extra: true,
			Make: func(seed uint64) *Workload { return Small(50, seed) }},
		{Name: "huge", Description: "200 agents, few tasks that each take a large part of an agent; 90 % asked for", Extra: true,
			Make: func(seed uint64) *Workload { return Huge(200, seed) }},
		{Name: "opposite", Description: "100 agents, shapes that need much of one resource and little of the other; 95 % asked for", Extra: true,
			Make: func(seed uint64) *Workload { return Opposite(100, seed) }},
		{Name: "trap", Description: "tasks that fit on 84 agents, in the order that is worst for first fit", Extra: true,
			Make: func(seed uint64) *Workload { return Trap(84, seed) }},
		{Name: "mixed-10k", Description: "like mixed, with 10,000 agents and 100,000 tasks", Large: true,
			Make: func(seed uint64) *Workload { return Mixed(10_000, 100_000, seed) }},
	}
}

// machine is a kind of agent and how common it is.
type machine struct {
	kind      string
	weight    float64
	cpus      int
	gigabytes int
	gpus      int
	model     string
}

const (
	megabytes     = 1024 // in a gigabyte
	agentsPerRack = 10
	zones         = 3
)

// fleet makes agents of the kinds given, in random order, in racks and zones.
func newFleet(rng *rand.Rand, agents int, kinds []machine) []placement.Offer {
	pick := newPicker(kinds, func(m machine) float64 { return m.weight })
	ports := resources.RangesOf(resources.MustRanges("[31000-31999]"))
	offers := make([]placement.Offer, agents)
	for i := range offers {
		m := kinds[pick.draw(rng)]
		rack := i / agentsPerRack
		name := "agent-" + pad(i, agents)
		offers[i] = placement.Offer{
			ID:    placement.OfferID("offer-" + pad(i, agents)),
			Agent: placement.AgentID(name),
			Resources: resources.Must(
				resources.Resource{Name: "cpus", Value: resources.ScalarOf(amount(m.cpus))},
				resources.Resource{Name: "mem", Value: resources.ScalarOf(amount((m.gigabytes - 1) * megabytes))},
				resources.Resource{Name: "ports", Value: ports},
			),
			Attributes: must(resources.NewAttributes(
				resources.Attribute{Name: "rack", Value: resources.TextOf("r" + strconv.Itoa(rack+1))},
				resources.Attribute{Name: "zone", Value: resources.TextOf(string(rune('a' + rack%zones)))},
				resources.Attribute{Name: "kind", Value: resources.TextOf(m.kind)},
			)),
		}
		for range m.gpus {
			offers[i].Devices = append(offers[i].Devices, placement.Device{
				Kind: "gpu", Model: m.model, Capacity: resources.One, Free: resources.One})
		}
	}
	return offers
}

// shape is a size of task and how common it is.
type shape struct {
	weight float64
	needs  resources.Quantities
	device []placement.DeviceRequest
	ports  int
}

// newNeeds rounds CPUs to a twentieth of a core and memory to 64 MB, as people write them.
func newNeeds(cpus, mem float64) resources.Quantities {
	return must(resources.NewQuantities(
		resources.Quantity{Name: "cpus", Amount: resources.Amount(max(1, math.Round(cpus*20)) * 50)},
		resources.Quantity{Name: "mem", Amount: amount(int(max(1, math.Round(mem/64)) * 64))},
	))
}

// logNormal draws a number whose logarithm is normal: most are near the median, a few far above. It
// is cut off at low and high.
func logNormal(rng *rand.Rand, median, sigma, low, high float64) float64 {
	return min(high, max(low, median*math.Exp(sigma*rng.NormFloat64())))
}

const lnHalf, lnTwo = -math.Ln2, math.Ln2 // logarithms of medians

func clamp(x, low, high float64) float64 { return min(high, max(low, x)) }

// room is what may still be asked for.
type room struct{ cpus, mem resources.Amount }

// room is a part of the fleet's CPUs and memory.
func (w *Workload) room(part float64) *room {
	return &room{resources.Amount(part * float64(w.total("cpus"))), resources.Amount(part * float64(w.total("mem")))}
}

// take takes what a task needs; false when there is not so much.
func (r *room) take(needs resources.Quantities) bool {
	r.cpus -= needs.Get("cpus")
	r.mem -= needs.Get("mem")
	return r.cpus >= 0 && r.mem >= 0
}

// zipf is the weight of the i-th most popular thing, counted from 0.
func zipf(i int) float64 { return 1 / math.Pow(float64(i+1), 0.7) }

// picker draws indexes with given weights.
type picker []float64

func newPicker[T any](things []T, weight func(T) float64) picker {
	p := make(picker, len(things))
	sum := 0.0
	for i, t := range things {
		sum += weight(t)
		p[i] = sum
	}
	return p
}

func (p picker) draw(rng *rand.Rand) int {
	x := rng.Float64() * p[len(p)-1]
	i, _ := slices.BinarySearchFunc(p, x, cmp.Compare)
	return min(i, len(p)-1)
}

func choose[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// newRand seeds a generator; stream keeps the workloads of one seed independent of each other.
func newRand(seed uint64, stream string) *rand.Rand {
	var s uint64
	for _, c := range []byte(stream) {
		s = s*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(seed, s))
}

func amount(units int) resources.Amount { return resources.Amount(units) * resources.One }

// pad writes i with as many digits as the last of n needs, so that names sort.
func pad(i, n int) string {
	text, last := strconv.Itoa(i), strconv.Itoa(max(0, n-1))
	for len(text) < len(last) {
		text = "0" + text
	}
	return text
}

// must is for values the generators make themselves.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
