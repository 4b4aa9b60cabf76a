package placementtest

import (
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// bind says how many of each gang there must be, and whether on one agent.
func (g *generator) bind(in *Input) {
	type terms struct {
		least    int
		oneAgent bool
	}
	of := map[string]terms{}
	for i := range in.Tasks {
		t := &in.Tasks[i]
		if t.Gang == "" {
			continue
		}
		if _, ok := of[t.Gang]; !ok {
			of[t.Gang] = terms{pick(g, 0, 0, 1, 2, 3), g.chance(0.3)}
			if len(in.Running) > 0 && g.chance(0.5) {
				in.Running[g.r.IntN(len(in.Running))].Task.Gang = t.Gang
			}
		}
		t.GangMin, t.GangOneAgent = of[t.Gang].least, of[t.Gang].oneAgent
	}
}

// time lets tasks wait for their time, and bounds how many are placed, now and then.
func (g *generator) time(in *Input) {
	if !g.rules || !g.chance(0.3) {
		return
	}
	in.Batch = g.r.IntN(2) * g.r.IntN(10)
	for i := range in.Tasks {
		if g.chance(0.2) {
			in.Tasks[i].ReadyAt = in.Now.Add(time.Duration(g.r.IntN(3)-1) * time.Second)
		}
	}
}

// limit bounds what owners and groups may use, now and then.
func (g *generator) limit(in *Input) {
	if !g.rules || !g.chance(0.4) {
		return
	}
	for range 1 + g.r.IntN(3) {
		l := placement.Limit{Most: map[string]resources.Amount{}, Tasks: pick(g, 0, 0, 1, 2, 5, -1)}
		switch g.r.IntN(4) {
		case 0:
			l.Owner = pick(g, "ann", "bob", "g1")
		case 1:
			l.Owner = placement.Each
		case 2:
			l.Group = pick(g, "g1", "g2", placement.Each)
		}
		for _, name := range []string{"cpus", "mem", "ports", "device:gpu"} {
			if g.chance(0.4) {
				l.Most[name] = resources.Amount(g.r.IntN(20)) * 500
			}
		}
		in.Limits = append(in.Limits, l)
	}
}

// tier divides what tasks of some priorities use, now and then.
func (g *generator) tier(in *Input) {
	if !g.rules || !g.chance(0.3) {
		return
	}
	for priority := -1; priority <= 1; priority++ {
		if g.chance(0.4) {
			continue
		}
		tier := placement.Tier{Priority: priority, Capacity: map[string]resources.Amount{}}
		for _, owner := range []string{"ann", "bob", "g1"} {
			if g.chance(0.5) {
				b := placement.Bucket{Owner: owner, Guarantee: map[string]resources.Amount{}, Reserve: g.chance(0.3), Weight: float64(g.r.IntN(3))}
				b.Guarantee["cpus"] = resources.Amount(g.r.IntN(8)) * 500
				if g.chance(0.3) {
					b.Guarantee["mem"] = resources.Amount(g.r.IntN(8)) * 500
				}
				tier.Buckets = append(tier.Buckets, b)
			}
		}
		sum := capacityOf(&tier)
		for _, name := range []string{"cpus", "mem", "ports"} {
			if g.chance(0.5) {
				tier.Capacity[name] = sum[name] + resources.Amount(g.r.IntN(12))*500
			}
		}
		in.Tiers = append(in.Tiers, tier)
	}
}

// stretch has agents count for more or less than they are, now and then.
func (g *generator) stretch(in *Input) {
	if !g.rules || !g.chance(0.3) {
		return
	}
	in.Overcommit, in.Headroom = map[string]float64{}, map[string]resources.Amount{}
	for _, name := range []string{"cpus", "mem", "unobtainium"} {
		if g.chance(0.5) {
			in.Overcommit[name] = pick(g, 0, 0.333, 0.9, 1, 1.5, 20)
		}
		if g.chance(0.3) {
			in.Headroom[name] = resources.Amount(g.r.IntN(8)) * 250
		}
	}
}
