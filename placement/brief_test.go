package placement

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/berth-go/berth/ports"
	"github.com/berth-go/berth/resources"
)

// shuttle places, moves, removes and rolls back at random.
type shuttle struct{ t *testing.T }

func (shuttle) String() string { return "shuttle" }

// Pack implements [Packer].
func (p shuttle) Pack(r *Round) {
	full := slices.Clone(r.free)
	rng := rand.New(rand.NewPCG(1, 2))
	var marks []Mark
	brief, looked := 0, 0
	for step := range 30_000 {
		t, b := TaskIndex(rng.IntN(60)), BinIndex(rng.IntN(len(r.bins)))
		if where := r.spots[t].where; where == NoBin {
			r.Place(t, b)
		} else {
			if b = where; r.brief[t][0] > 0 {
				brief++
			} else {
				looked++
			}
			if rng.IntN(3) > 0 {
				r.Remove(t)
			} else {
				r.Move(t, BinIndex(rng.IntN(len(r.bins))))
			}
		}
		switch rng.IntN(20) {
		case 0:
			marks = append(marks, r.Mark())
		case 1:
			if n := len(marks); n > 0 {
				r.Rollback(marks[n-1])
				marks = marks[:n-1]
			}
		}
		if step%10 == 0 {
			p.check(r, full)
		}
	}
	if brief == 0 || looked == 0 {
		p.t.Errorf("%d brief rows returned and %d others", brief, looked)
	}
}

// check adds up what bins have lost.
func (p shuttle) check(r *Round, full []int64) {
	want := slices.Clone(full)
	for t, s := range r.spots {
		if s.where != NoBin {
			for c, n := range r.taken(int32(t)) {
				want[int(s.where)*r.stride+c] -= n
			}
		}
	}
	if !slices.Equal(r.free, want) {
		p.t.Fatalf("free %v, want %v", r.free, want)
	}
}

// TestBriefRows: bins have what tasks left on them, whether what those took was noted in brief, looked up, or is of another variant than before.
func TestBriefRows(t *testing.T) {
	var offers []Offer
	for i := range 6 {
		all := resources.MustParse("cpus:12;mem:20000000;disk:1000;ports:[100-180]")
		if i%2 > 0 {
			all = all.Plus(resources.Must(
				resources.Resource{Name: "cpus", Value: resources.ScalarOf(8 * resources.One), Revocable: true},
				resources.Resource{Name: "mem", Value: resources.ScalarOf(20_000_000 * resources.One), Revocable: true}))
		}
		offers = append(offers, Offer{ID: OfferID(fmt.Sprint("o", i)), Agent: AgentID(fmt.Sprint("a", i)), Resources: all})
	}
	tasks := make([]Task, manyRows+100)
	for i := range tasks {
		mem := 50 + i/1000
		if i%5 == 2 {
			mem += 3_000_000
		}
		tasks[i] = Task{ID: TaskID(fmt.Sprint("t", i)), Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d.%03d;mem:%d", 1+i%3, i%1000, mem))}
		switch i % 5 {
		case 0:
			tasks[i].Revocable = Prefer
		case 1:
			tasks[i].Ports = ports.Request{Dynamic: 2}
		}
	}
	if _, err := Assign(offers, tasks, WithPacker(shuttle{t}), WithExplain(0)); err != nil {
		t.Fatal(err)
	}
}
