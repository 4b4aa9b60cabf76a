package placementtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Input is what a result is made from.
type Input struct {
	Offers     []placement.Offer
	Tasks      []placement.Task
	Running    []placement.Running
	Now        time.Time
	Limits     []placement.Limit
	Overcommit map[string]float64
	Headroom   map[string]resources.Amount
	Tiers      []placement.Tier
	Batch      int
}

// Options are the options that give [placement.Assign] the rest of the input, followed by more.
func (in *Input) Options(more ...placement.Option) []placement.Option {
	return append([]placement.Option{placement.WithRunning(in.Running...), placement.WithNow(in.Now), placement.WithLimits(in.Limits...), placement.WithTiers(in.Tiers...), placement.WithOvercommit(in.Overcommit), placement.WithHeadroom(in.Headroom), placement.WithBatch(in.Batch)}, more...)
}

// Verify is [Verify] on the input.
func (in *Input) Verify(result placement.Result, more ...Option) error {
	return Verify(in.Offers, in.Tasks, result, append([]Option{WithRunning(in.Running...), WithNow(in.Now), WithLimits(in.Limits...), WithTiers(in.Tiers...), WithOvercommit(in.Overcommit), WithHeadroom(in.Headroom), WithBatch(in.Batch)}, more...)...)
}

// Size bounds a generated input, and says what it may hold.
type Size struct {
	Agents, Tasks int
	// Plain leaves only what any scheduler has: scalars, ports, attributes. No roles,
	// reservations, devices, sets, disks, revocable resources, constraints, gangs, priorities or running tasks.
	Plain bool
	// Rules allows constraints, gangs, priorities, limits and running tasks on a plain input.
	Rules bool
}

// Generate makes a valid input from a seed: the same for the same arguments. It is meant to be awkward:
// names and values come from small pools, so that tasks get into each other's way, and there are agents with
// nothing, tasks that ask for nothing and tasks that fit nowhere.
func Generate(seed uint64, size Size) Input {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0)), rich: !size.Plain, rules: !size.Plain || size.Rules}
	in := Input{Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	g.now = in.Now
	g.roled = g.rich && g.chance(0.3)
	for a := range g.upTo(size.Agents) {
		in.Offers = append(in.Offers, g.agent(a)...)
	}
	g.r.Shuffle(len(in.Offers), func(i, j int) { in.Offers[i], in.Offers[j] = in.Offers[j], in.Offers[i] })
	for i := range in.Offers {
		in.Offers[i].ID = placement.OfferID(fmt.Sprintf("o%d", i))
	}
	n := g.upTo(size.Tasks)
	for len(in.Tasks) < n {
		t := g.task()
		for range min(1+g.r.IntN(4)*g.r.IntN(3), n-len(in.Tasks)) {
			t.ID = placement.TaskID(fmt.Sprintf("t%d", len(in.Tasks)))
			in.Tasks = append(in.Tasks, t)
		}
	}
	g.r.Shuffle(n, func(i, j int) { in.Tasks[i], in.Tasks[j] = in.Tasks[j], in.Tasks[i] })
	g.gangs(in.Tasks)
	if g.rules && g.chance(0.5) {
		for i := range g.r.IntN(4) {
			in.Running = append(in.Running, g.run(i, in.Offers))
		}
	}
	g.limit(&in)
	g.bind(&in)
	g.time(&in)
	g.tier(&in)
	g.stretch(&in)
	return in
}

type generator struct {
	r     *rand.Rand
	now   time.Time
	rich  bool
	rules bool
	roled bool
}

func (g *generator) chance(p float64) bool { return g.r.Float64() < p }

// upTo is n, or now and then fewer.
func (g *generator) upTo(n int) int {
	if g.chance(0.8) {
		return n
	}
	return g.r.IntN(n + 1)
}

func pick[T any](g *generator, from ...T) T { return from[g.r.IntN(len(from))] }

var roles = []string{"", "web", "web/api", "batch"}

// agent makes the offers of one agent, without IDs.
func (g *generator) agent(a int) []placement.Offer {
	id := placement.AgentID(fmt.Sprintf("a%d", a))
	host := ""
	if g.chance(0.3) {
		host = fmt.Sprintf("host%d", a/2) // shared by two
	}
	var attributes resources.Attributes
	if g.chance(0.8) {
		attributes = resources.MustAttributes(pick(g, "rack:r1", "rack:r2;gen:3", "rack:r3;gen:1.5;zone:z1", "zone:z2", "rack:r1;hostname:odd;zone:[1-3,5-5]"))
	}
	var window *placement.Window
	if g.rules && g.chance(0.2) {
		window = &placement.Window{Start: g.now.Add(time.Duration(g.r.IntN(4)) * time.Hour)}
		if g.chance(0.5) {
			window.End = window.Start.Add(time.Hour)
		}
	}
	standing := g.rich && g.chance(0.3)
	offers := make([]placement.Offer, 1+g.r.IntN(3)*g.r.IntN(2))
	for i := range offers {
		role := ""
		if g.roled {
			role = pick(g, roles...)
		}
		o := placement.Offer{Agent: id, Hostname: host, Attributes: attributes, Unavailable: window, Standing: standing, Role: role}
		if !g.chance(0.05) {
			o.Resources = g.resources(role, i)
			o.Devices = g.devices(i)
		}
		offers[i] = o
	}
	return offers
}

// resources makes what the i-th offer of an agent holds.
func (g *generator) resources(role string, i int) resources.Resources {
	var all []resources.Resource
	add := func(name string, v resources.Value, revocable bool) {
		r := resources.Resource{Name: name, Value: v, Revocable: revocable}
		if g.rich && g.chance(0.4) {
			r.Reservations = g.reservations(role)
		}
		if g.roled && role != "" && g.chance(0.5) {
			r.AllocatedTo = role
		}
		all = append(all, r)
	}
	amount := func(top int) resources.Value { return resources.ScalarOf(resources.Amount(g.r.IntN(top*4)) * 250) }
	for _, name := range []string{"cpus", "mem", "disk", "cpus"} {
		if g.chance(0.85) {
			add(name, amount(12), false)
		}
	}
	if g.rich && g.chance(0.4) {
		add("cpus", amount(8), true)
		if g.chance(0.5) {
			add("mem", amount(8), true)
		}
	}
	for k := range g.r.IntN(3) {
		from := uint64(1000*i + 100*k + g.r.IntN(3))
		if from == 0 || g.chance(0.1) {
			from += 65530 - uint64(40*i+10*k)
		}
		ranges := resources.MustRanges(fmt.Sprintf("[%d-%d]", from, from+uint64(g.r.IntN(8))))
		add("ports", resources.RangesOf(ranges), g.rich && g.chance(0.1))
	}
	if !g.rich {
		return resources.Must(all...)
	}
	if g.chance(0.4) {
		var items []string
		for k := range 1 + g.r.IntN(4) {
			items = append(items, fmt.Sprintf("n%d%d", i, k))
		}
		cut := g.r.IntN(len(items) + 1)
		add("nics", resources.SetOf(resources.MustSet(items[:cut]...)), g.chance(0.1))
		add("nics", resources.SetOf(resources.MustSet(items[cut:]...)), false)
	}
	for range g.r.IntN(4) * g.r.IntN(2) {
		add("disk", amount(10), g.chance(0.1))
		g.source(&all[len(all)-1])
	}
	return resources.Must(all...)
}

// reservations is a stack that the role can use.
func (g *generator) reservations(role string) []resources.Reservation {
	switch role {
	case "":
		return nil
	case "web/api":
		switch g.r.IntN(3) {
		case 0:
			return []resources.Reservation{{Role: "web"}, {Role: role, Dynamic: true}}
		case 1:
			return []resources.Reservation{{Role: "web", Dynamic: true, Principal: resources.Some("p")}}
		}
	}
	return []resources.Reservation{{Role: role, Dynamic: g.chance(0.5)}}
}

// source makes a root disk another sort of disk.
func (g *generator) source(r *resources.Resource) {
	if r.Value.Amount() == 0 {
		r.Value = resources.ScalarOf(resources.One)
	}
	dir := func() *resources.Directory {
		return &resources.Directory{Root: resources.Some(pick(g, "/d1", "/d2"))}
	}
	r.Disk = &resources.Disk{}
	switch g.r.IntN(7) {
	case 0:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskPath, Path: dir()}
	case 1:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskMount, Mount: dir()}
	case 2:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskMount}
	case 3:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskBlock, ID: resources.Some(pick(g, "b1", "b2")), Profile: resources.Some("fast")}
	case 4:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskRaw, Profile: resources.Some(pick(g, "fast", "slow"))}
	case 5:
		r.Disk.Source = &resources.DiskSource{Type: resources.DiskRaw, ID: resources.Some(pick(g, "w1", "w2", ""))}
	default:
		r.Disk.Persistence = &resources.Persistence{ID: pick(g, "v1", "v2")}
		r.Shared = g.chance(0.5)
		if g.chance(0.5) {
			r.Disk.Source = &resources.DiskSource{Type: resources.DiskMount, Mount: dir()}
		}
	}
}

func (g *generator) devices(i int) []placement.Device {
	if !g.rich || !g.chance(0.5) {
		return nil
	}
	units := make([]placement.Device, 1+g.r.IntN(4))
	for k := range units {
		u := placement.Device{Kind: pick(g, "gpu", "gpu", "gpu", "fpga"), Model: pick(g, "", "V100", "A10"), Capacity: pick(g, resources.One, resources.One, 2*resources.One)}
		if u.Free = u.Capacity; g.chance(0.2) {
			u.Free = resources.Amount(g.r.IntN(5)) * u.Capacity / 4
		}
		if g.chance(0.3) {
			u.ID = fmt.Sprintf("u%d%d", i, k)
		}
		if g.chance(0.15) {
			u.Tag = pick(g, "x", "y")
		}
		units[k] = u
	}
	return units
}
