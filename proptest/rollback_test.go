package proptest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/leanovate/gopter/gen"

	"github.com/berth-go/berth/placement"
)

// state is all that a packer can see of a round.
type state struct {
	Free  map[placement.BinIndex][]string
	On    map[placement.BinIndex][]placement.TaskIndex
	Used  map[placement.BinIndex]bool
	Where map[placement.TaskIndex]placement.BinIndex
	Fits  map[placement.TaskIndex][]placement.BinIndex
}

func look(r *placement.Round) state {
	s := state{
		map[placement.BinIndex][]string{}, map[placement.BinIndex][]placement.TaskIndex{}, map[placement.BinIndex]bool{},
		map[placement.TaskIndex]placement.BinIndex{}, map[placement.TaskIndex][]placement.BinIndex{},
	}
	for b := range r.Bins() {
		free := r.Free(b)
		for c := range free.Len() {
			s.Free[b] = append(s.Free[b], free.At(c).String())
		}
		for t := range r.On(b) {
			s.On[b] = append(s.On[b], t)
		}
		s.Used[b] = r.Used(b)
	}
	for t := range r.Tasks() {
		s.Where[t] = r.Where(t)
		for b := range r.Bins() {
			if r.Fits(t, b) {
				s.Fits[t] = append(s.Fits[t], b)
			}
		}
	}
	return s
}

// TestRollback: after an excursion and a rollback everything is as it was, also what cannot be seen: what
// is placed then goes to the same bins and gets the same ports, units, items and disks.
func TestRollback(t *testing.T) {
	law(t, 600, func(s scenario, before, during uint8) string {
		var states [2][]state
		var results [2]placement.Result
		for run := range 2 {
			calls := uint64(0)
			packer := placement.PackerFunc(func(r *placement.Round) {
				calls++
				h := newVandal(r, rand.New(rand.NewPCG(s.seed, calls)))
				for range before {
					h.act()
				}
				if run == 1 {
					m := r.Mark()
					away := newVandal(r, rand.New(rand.NewPCG(s.seed, 0)))
					away.rankings, away.least = h.rankings, m
					for range during {
						away.act()
					}
					r.Rollback(m)
				}
				states[run] = append(states[run], look(r))
				goOn(r, h.rankings[1])
			})
			var wrong string
			if results[run], wrong = s.assign(packer); wrong != "" {
				return wrong
			}
			results[run].Stats.Steps = 0
		}
		if !reflect.DeepEqual(states[0], states[1]) {
			return fmt.Sprintf("before: %+v\nafter:  %+v", states[0], states[1])
		}
		if !reflect.DeepEqual(results[0], results[1]) {
			return fmt.Sprintf("without: %s\nwith:    %s", render(results[0]), render(results[1]))
		}
		return ""
	}, scenarios(rich), gen.UInt8Range(0, 60), gen.UInt8Range(0, 120))
}

// goOn places what is pending, by turns on the first and on the best bin.
func goOn(r *placement.Round, k *placement.Ranking) {
	for t := range r.Pending() {
		b, ok := r.First(t)
		if t%2 == 0 {
			b, ok = k.Best(t)
		}
		if ok {
			r.Place(t, b)
		}
	}
}
