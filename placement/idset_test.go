package placement

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/berth-go/berth/resources"
)

// numbered are IDs with counters that mostly go up: sometimes one is left out, comes again, or starts over.
func numbered(g *rand.Rand, n int) []string {
	ids, at, often := make([]string, n), g.IntN(20), 1+g.IntN(30)
	for i := range ids {
		switch g.IntN(often) {
		case 0:
			at = g.IntN(120)
		case 1:
		default:
			at++
		}
		ids[i] = "o-" + strconv.Itoa(at)
	}
	return ids
}

// TestIDSet compares the set with a map, for IDs in order, out of order, and that come twice.
func TestIDSet(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		ids := numbered(g, g.IntN(60))
		set := newIDSet(len(ids), func(i int32) string { return ids[i] })
		seen := map[string]bool{}
		for i, id := range ids {
			if first := set.add(int32(i)); first == seen[id] {
				t.Fatalf("%q at %d: first is %v, want %v", ids, i, first, !seen[id])
			}
			seen[id] = true
		}
	}
}

// TestAgentIndex checks that every agent gets all of its offers, in whatever order they come.
func TestAgentIndex(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var offers []Offer
		want := map[AgentID]int{}
		for i, id := range numbered(g, 1+g.IntN(40)) {
			offers = append(offers, Offer{ID: OfferID(fmt.Sprint(i)), Agent: AgentID(id), Role: "*", Resources: resources.MustParse("cpus:1")})
			want[AgentID(id)]++
		}
		f := newFleet(intakeOf(offers), nil, 0, 1)
		if len(f.agents) != len(want) || len(f.bins) != len(want) {
			t.Fatalf("%d agents, %d bins, want %d", len(f.agents), len(f.bins), len(want))
		}
		for id, n := range want {
			a, ok := f.agentBy(id)
			if !ok || f.agents[a].id != id || 1+len(f.bins[f.agents[a].bins[0]].more) != n {
				t.Fatalf("%q: agent %d, %v, want %d offers", id, a, ok, n)
			}
		}
		if _, ok := f.agentBy("nobody"); ok {
			t.Fatal("found nobody")
		}
	}
}
