package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

func BenchmarkEngineRound(b *testing.B) {
	const agents, backlog = 10_000, 10_000
	offer := func(i, gen int) placement.Offer {
		k := []int{8, 16, 32, 64}[i%4]
		return placement.Offer{ID: placement.OfferID(fmt.Sprintf("o%d.%d", i, gen)), Agent: placement.AgentID(fmt.Sprint("a", i)),
			Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", k, k*4096))}
	}
	var offers []placement.Offer
	for i := range agents {
		offers = append(offers, offer(i, 0))
	}
	var tasks []placement.Task
	for i := range backlog {
		tasks = append(tasks, placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:1", 100+i%100))})
	}
	for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
		b.Run(fmt.Sprintf("packer=%s/agents=%d/backlog=%d", p, agents, backlog), func(b *testing.B) {
			opts := []placement.Option{placement.WithPacker(p)}
			start := time.Now()
			if _, err := placement.Assign(offers, tasks, opts...); err != nil {
				b.Fatal(err)
			}
			fresh := time.Since(start)
			e := placement.NewEngine(opts...)
			e.AddOffers(offers...)
			e.Submit(tasks...)
			e.Assign(context.Background())
			gen, at := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				gen++
				var out []placement.OfferID
				var in []placement.Offer
				for range agents / 100 {
					i := at % agents
					out = append(out, placement.OfferID(fmt.Sprintf("o%d.%d", i, at/agents)))
					in = append(in, offer(i, at/agents+1))
					at++
				}
				b.StartTimer()
				e.RemoveOffers(out...)
				e.AddOffers(in...)
				if _, err := e.Assign(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(100*float64(b.Elapsed())/float64(b.N)/float64(fresh), "%-of-fresh")
		})
	}
}

func BenchmarkEngineStream(b *testing.B) {
	for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit()} {
		b.Run(fmt.Sprintf("packer=%s/agents=1000", p), func(b *testing.B) {
			var offers []placement.Offer
			for i := range 1000 {
				offers = append(offers, placement.Offer{ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)), Standing: true,
					Resources: resources.MustParse("cpus:64;mem:65536")})
			}
			e := placement.NewEngine(placement.WithPacker(p), placement.WithExplain(0))
			e.AddOffers(offers...)
			needs := resources.MustQuantities("cpus:1;mem:512")
			var running []placement.TaskID
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Needs: needs})
				res, err := e.Assign(context.Background())
				if err != nil || len(res.Assignments) != 1 {
					b.Fatal(err, res.Failures)
				}
				running = append(running, res.Assignments[0].Task)
				if len(running) > 40_000 {
					e.Ended(running[0])
					running = running[1:]
				}
			}
		})
	}
}

// BenchmarkEngineOffers is a round of 100 tasks that all differ on 10,000 ordinary offers of all sizes; each offer used is followed by another.
func BenchmarkEngineOffers(b *testing.B) {
	for _, p := range []placement.Packer{placement.FirstFit(), placement.BestFit(), placement.GreedyBy(placement.Filled("cpus", "mem")), placement.DominantFit(), placement.DotProduct(), placement.Auto()} {
		b.Run(fmt.Sprintf("packer=%s/agents=10000/tasks=100", p), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			offered, submitted := 0, 0
			offers := func(n int) (all []placement.Offer) {
				for range n {
					offered++
					all = append(all, placement.Offer{ID: placement.OfferID(fmt.Sprint("o", offered)), Agent: placement.AgentID(fmt.Sprint("a", offered)),
						Resources: resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d", 1+rng.IntN(64), 1000+rng.IntN(100_000)))})
				}
				return all
			}
			e := placement.NewEngine(placement.WithPacker(p), placement.WithExplain(0))
			e.AddOffers(offers(10_000)...)
			for b.Loop() {
				b.StopTimer()
				for range 100 {
					submitted++
					e.Submit(placement.Task{ID: placement.TaskID(fmt.Sprint("t", submitted)),
						Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d.%03d;mem:%d", rng.IntN(4), 1+rng.IntN(999), 100+rng.IntN(4000)))})
				}
				b.StartTimer()
				res, err := e.Assign(context.Background())
				if err != nil || len(res.Assignments) != 100 {
					b.Fatal(err, res.Failures)
				}
				b.StopTimer()
				ids := make([]placement.TaskID, 0, 100)
				for _, a := range res.Assignments {
					ids = append(ids, a.Task)
				}
				more := offers(100)
				b.StartTimer()
				e.Ended(ids...)
				e.AddOffers(more...)
			}
		})
	}
}
