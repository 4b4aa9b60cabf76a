package proptest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
	"github.com/berth-go/berth/resources"
)

// newPuzzle makes hosts and jobs, more of these than fit.
func newPuzzle(seed uint64, jobs, hosts int) puzzle {
	g := rand.New(rand.NewPCG(seed, 7))
	var p puzzle
	for i := range hosts {
		h := host{rack: fmt.Sprint("r", 1+i%2), cpus: 4 + g.IntN(8), mem: 4 + g.IntN(8), ports: 2 + g.IntN(4)}
		for range g.IntN(3) {
			h.units = append(h.units, unit{[]string{"V100", "A10"}[g.IntN(2)], 100})
		}
		p.hosts = append(p.hosts, h)
	}
	groups := map[string]rule{"": "", "other": ""}
	for _, name := range []string{"a", "b"} {
		groups[name] = []rule{"", inRack, uniqueHost, uniqueRack, exclusive, twoPerRack, apart}[g.IntN(7)]
	}
	for range jobs {
		j := job{cpus: 1 + g.IntN(6), mem: 1 + g.IntN(6), group: []string{"", "a", "a", "b", "other"}[g.IntN(5)]}
		j.rule = groups[j.group]
		switch g.IntN(5) {
		case 0:
			j.ports = 1 + g.IntN(2)
		case 1:
			j.fixed = 1 + g.IntN(3)
		case 2:
			j.share = 30 + 10*g.IntN(5)
		case 3:
			j.units = 1 + g.IntN(2)
		}
		if j.share+j.units > 0 && g.IntN(3) == 0 {
			j.model = "V100"
		}
		p.jobs = append(p.jobs, j)
	}
	return p
}

const firstPort = 31000

// input says the puzzle in Berth's words.
func (p puzzle) input() placementtest.Input {
	var in placementtest.Input
	for i, h := range p.hosts {
		id := fmt.Sprint("h", i)
		o := placement.Offer{ID: placement.OfferID(id), Agent: placement.AgentID(id), Hostname: id,
			Attributes: resources.MustAttributes("rack:" + h.rack),
			Resources:  resources.MustParse(fmt.Sprintf("cpus:%d;mem:%d;ports:[%d-%d]", h.cpus, h.mem, firstPort+1, firstPort+h.ports))}
		for _, u := range h.units {
			o.Devices = append(o.Devices, placement.Device{Kind: "gpu", Model: u.model, Capacity: resources.One, Free: resources.One})
		}
		in.Offers = append(in.Offers, o)
	}
	for i, j := range p.jobs {
		t := placement.Task{ID: placement.TaskID(fmt.Sprint("j", i)), Group: j.group, Needs: resources.MustQuantities(fmt.Sprintf("cpus:%d;mem:%d", j.cpus, j.mem))}
		t.Ports.Dynamic = j.ports
		if j.fixed > 0 {
			t.Ports.Fixed = []uint16{uint16(firstPort + j.fixed)}
		}
		if j.units+j.share > 0 {
			q := placement.DeviceRequest{Kind: "gpu", Count: j.units, Share: resources.Amount(j.share) * resources.One / 100}
			if j.model != "" {
				q.Models = []string{j.model}
			}
			t.Devices = append(t.Devices, q)
		}
		if j.rule != "" {
			t.Require = []constraints.Constraint{constraints.Must(constraints.ParseOne(string(j.rule)))}
		}
		in.Tasks = append(in.Tasks, t)
	}
	return in
}

// replay is a packer that places what the solver says, fixed ports first so that no other job is given them.
func (p puzzle) replay(seats []seat) placement.Packer {
	return placement.PackerFunc(func(r *placement.Round) {
		var tasks []placement.TaskIndex
		for t := range r.Tasks() {
			tasks = append(tasks, t)
		}
		for _, fixed := range []bool{true, false} {
			for i, at := range seats {
				if at.host >= 0 && fixed == (p.jobs[i].fixed > 0) {
					r.PlaceOn(tasks[i], placement.BinIndex(at.host), at.units)
				}
			}
		}
	})
}

// atLeast is how much of what can be placed each packer has to place over all puzzles, in hundredths, where
// it is not 75. Tasks come in no order, so that this is what the packer makes of it.
var atLeast = map[string]int{"Improve": 93, "Improve/hostile": 92, "Portfolio": 88, "Auto": 80, "hostile": 55}

// TestOptimal: no packer places more than an exact solver that knows nothing of the round says is
// possible, none places much less, and what the solver says can be placed the round accepts.
func TestOptimal(t *testing.T) {
	puzzles := scale(200)
	type row struct {
		in   placementtest.Input
		most int
	}
	var rows []row
	for seed := range uint64(puzzles) {
		p := newPuzzle(seed, 12, 4)
		most, seats := p.solve()
		rows = append(rows, row{p.input(), most})
		in := p.input()
		res, err := placement.Assign(in.Offers, in.Tasks, placement.WithPacker(p.replay(seats)))
		if err == nil {
			err = in.Verify(res)
		}
		if err != nil || len(res.Assignments) != most {
			t.Fatalf("puzzle %d: the round places %d of the %d jobs of the solution %v; %v\n%s", seed, len(res.Assignments), most, seats, err, source(in))
		}
	}
	for _, p := range packers() {
		placed, possible := 0, 0
		for seed, row := range rows {
			in := row.in
			res, err := placement.Assign(in.Offers, in.Tasks, placement.WithPacker(p.new()), placement.WithBudget(p.budget))
			if err == nil {
				err = in.Verify(res)
			}
			if err != nil || len(res.Assignments) > row.most {
				t.Fatalf("puzzle %d: %s places %d, %d are possible; %v\n%s", seed, p.name, len(res.Assignments), row.most, err, source(in))
			}
			placed, possible = placed+len(res.Assignments), possible+row.most
		}
		share := 100 * float64(placed) / float64(possible)
		t.Logf("%-22s places %.1f %% of what can be placed", p.name, share)
		least := 75
		if n, ok := atLeast[p.name]; ok {
			least = n
		}
		if share < float64(least) && puzzles >= 200 {
			t.Errorf("%s places %.1f %% of what can be placed, %d were expected", p.name, share, least)
		}
	}
}

// TestSolver checks the solver itself, against cases whose optimum is plain.
func TestSolver(t *testing.T) {
	one := host{rack: "r1", cpus: 10, mem: 10, ports: 2, units: []unit{{"V100", 100}, {"A10", 100}}}
	two := host{rack: "r2", cpus: 10, mem: 10}
	for _, c := range []struct {
		name string
		jobs []job
		want int
	}{
		{"room", []job{{cpus: 8}, {cpus: 8}, {cpus: 8}}, 2},
		{"the small ones", []job{{cpus: 10}, {cpus: 10}, {cpus: 5}, {cpus: 5}, {cpus: 5}, {cpus: 5}}, 4},
		{"two resources", []job{{cpus: 9, mem: 1}, {cpus: 9, mem: 1}, {cpus: 9, mem: 1}, {cpus: 1, mem: 9}}, 3},
		{"ports", []job{{ports: 2}, {ports: 1}, {ports: 1}}, 2},
		{"one port twice", []job{{fixed: 1}, {fixed: 1}, {fixed: 2}}, 2},
		{"a port that is not there", []job{{fixed: 3}}, 0},
		{"ports around a fixed one", []job{{ports: 2}, {fixed: 2}, {ports: 1}}, 2},
		{"shares", []job{{share: 60}, {share: 60}, {share: 40}, {share: 50}}, 3},
		{"a share and a unit", []job{{share: 60, model: "V100"}, {units: 1}, {units: 1}}, 2},
		{"two units", []job{{units: 2}, {share: 10}}, 1},
		{"a rack", []job{{cpus: 6, rule: inRack}, {cpus: 6, rule: inRack}}, 1},
		{"unique hosts", []job{{group: "a", rule: uniqueHost}, {group: "a", rule: uniqueHost}, {group: "a", rule: uniqueHost}}, 2},
		{"exclusive", []job{{rule: exclusive}, {}, {}, {}}, 4},
		{"two exclusive", []job{{rule: exclusive}, {}, {}, {rule: exclusive}, {}}, 4},
		{"two a rack", []job{{group: "a", rule: twoPerRack}, {group: "a", rule: twoPerRack}, {group: "a", rule: twoPerRack}, {group: "a", rule: twoPerRack}, {group: "a", rule: twoPerRack}}, 4},
		{"apart", []job{{group: "a", rule: apart}, {group: "other", cpus: 6}, {group: "other", cpus: 6}}, 2},
	} {
		if got, seats := (puzzle{[]host{one, two}, c.jobs}).solve(); got != c.want {
			t.Errorf("%s: %d jobs placed, want %d: %v", c.name, got, c.want, seats)
		}
	}
}

// TestImproveNeverWorse: measured by its objective, what Improve makes of a packer's result is at least as good.
func TestImproveNeverWorse(t *testing.T) {
	type measure struct {
		value  float64
		agents int
	}
	better := 0
	law(t, 400, func(s scenario, budget int64, byFill bool) string {
		in := s.input()
		for i := range in.Tasks {
			in.Tasks[i].Priority, in.Tasks[i].Gang, in.Tasks[i].GangMin, in.Tasks[i].GangOneAgent = 0, "", 0, false
		}
		inner := placement.FirstFit()
		if byFill {
			inner = placement.FillDotProduct()
		}
		var got [2]measure
		for i, p := range []placement.Packer{inner, placement.Improve(inner)} {
			look := placement.PackerFunc(func(r *placement.Round) {
				p.Pack(r)
				busy := map[placement.AgentID]bool{}
				for t := range r.Tasks() {
					if b := r.Where(t); b != placement.NoBin {
						got[i].value += r.Value(t)
						id, _ := r.Agent(b)
						busy[id] = true
					}
				}
				for _, ran := range in.Running {
					delete(busy, ran.Agent)
				}
				got[i].agents = len(busy)
			})
			res, err := placement.Assign(in.Offers, in.Tasks, in.Options(placement.WithPacker(look), placement.WithBudget(budget))...)
			if err == nil {
				err = in.Verify(res)
			}
			if err != nil {
				return err.Error()
			}
		}
		switch plain, improved := got[0], got[1]; {
		case improved.value > plain.value || improved.value == plain.value && improved.agents < plain.agents:
			better++
		case improved != plain:
			return fmt.Sprintf("alone %+v, improved %+v", plain, improved)
		}
		return ""
	}, scenarios(rich), gen.Int64Range(20_000, 2_000_000), gen.Bool())
	t.Logf("better in %d cases", better)
	if better == 0 {
		t.Error("never better, either")
	}
}
