package placementtest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// TestGenerate checks that generated inputs are valid, that every kind of thing occurs, and that results
// made of them are valid in turn.
func TestGenerate(t *testing.T) {
	seeds := uint64(300)
	if testing.Short() {
		seeds = 60
	}
	seen := map[string]int{}
	for seed := range seeds {
		in := Generate(seed, Size{Agents: 6, Tasks: 25, Plain: seed%5 == 0, Rules: seed%10 == 0})
		cut, checkCut := in.Pieces()
		res, err := placement.Assign(in.Offers, in.Tasks, in.Options(cut...)...)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := in.Verify(res, checkCut...); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		for i := range res.Assignments {
			a := &res.Assignments[i]
			note(seen, map[string]bool{
				"placed": true, "role": a.Role != "", "ports": len(a.Ports) > 0, "devices": len(a.Devices) > 0, "revocable": a.Revocable,
				"two offers": len(a.Offers) > 1, "pieces": !a.Pieces.IsEmpty(), "reserved": !a.Pieces.Reserved("").IsEmpty(),
			})
			for _, g := range a.Items {
				note(seen, map[string]bool{"items": g.Disk == nil, "disk": g.Disk != nil})
			}
		}
		for _, f := range res.Failures {
			for _, why := range f.Why.Reasons {
				seen[string(why.Cause)]++
			}
		}
	}
	for _, what := range []string{"placed", "role", "ports", "devices", "revocable", "two offers", "pieces", "reserved", "items", "disk",
		string(placement.CauseConstraint), string(placement.CauseGang), string(placement.CauseExhausted), string(placement.CauseRole),
		string(placement.CauseLimit), string(placement.CauseGuarantee), string(placement.CauseBatch), string(placement.CauseNotReady), string(placement.CauseHeadroom)} {
		if seen[what] == 0 {
			t.Errorf("no input led to %q: %v", what, seen)
		}
	}
}

func note(seen map[string]int, what map[string]bool) {
	for name, is := range what {
		if is {
			seen[name]++
		}
	}
}

func TestGenerateRepeats(t *testing.T) {
	for seed := range uint64(20) {
		size := Size{Agents: 5, Tasks: 9}
		if a, b := Generate(seed, size), Generate(seed, size); !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d gives two inputs", seed)
		}
	}
	if in := Generate(1, Size{}); len(in.Offers)+len(in.Tasks) > 0 {
		t.Errorf("size zero gives %d offers and %d tasks", len(in.Offers), len(in.Tasks))
	}
}

// BenchmarkVerify checks a result of 100,000 tasks on 10,000 agents.
func BenchmarkVerify(b *testing.B) {
	var offers []placement.Offer
	for i := range 10000 {
		offers = append(offers, placement.Offer{
			ID: placement.OfferID(fmt.Sprint("o", i)), Agent: placement.AgentID(fmt.Sprint("a", i)),
			Resources:  resources.MustParse("cpus:32;mem:65536;disk:10000;ports:[31000-32000]"),
			Attributes: resources.MustAttributes(fmt.Sprintf("rack:r%d", i%200)),
		})
	}
	tasks := make([]placement.Task, 100000)
	rule := parse("max_per(hostname,3)")
	for i := range tasks {
		t := placement.Task{ID: placement.TaskID(fmt.Sprint("t", i)), Group: fmt.Sprint("g", i%500), Needs: need("cpus:1;mem:1024")}
		if i%3 == 0 {
			t.Ports.Dynamic = 2
		}
		if i%4 == 0 {
			t.Require = rule
		}
		tasks[i] = t
	}
	res, err := placement.Assign(offers, tasks, placement.WithPacker(placement.FirstFit()), placement.WithPieces())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := Verify(offers, tasks, res, WithPieces()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(res.Assignments)), "placed")
}
