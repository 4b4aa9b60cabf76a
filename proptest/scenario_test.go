package proptest

import (
	"fmt"
	"slices"

	"github.com/leanovate/gopter"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/placement/placementtest"
)

// scenario names an input: how to generate it, and what of it to keep. It is small, so that it prints as
// what is needed to make it again, and shrinks by keeping less.
type scenario struct {
	seed                   uint64
	size                   placementtest.Size
	offers, tasks, running []int
}

// The sorts of scenario.
var (
	rich  = placementtest.Size{Agents: 7, Tasks: 24}
	ruled = placementtest.Size{Agents: 7, Tasks: 24, Plain: true, Rules: true}
)

// scenarios generates scenarios of a sort.
func scenarios(size placementtest.Size) gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		s := scenario{seed: p.NextUint64(), size: size}
		if p.NextBool() {
			s.size.Agents, s.size.Tasks = 1+size.Agents/2, 1+size.Tasks/3
		}
		if long && p.NextBool() {
			s.size.Agents, s.size.Tasks = 5*size.Agents, 5*size.Tasks
		}
		in := placementtest.Generate(s.seed, s.size)
		s.offers, s.tasks, s.running = upTo(len(in.Offers)), upTo(len(in.Tasks)), upTo(len(in.Running))
		return gopter.NewGenResult(s, func(v any) gopter.Shrink { return v.(scenario).shrink() })
	}
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func (s scenario) input() placementtest.Input {
	in := placementtest.Generate(s.seed, s.size)
	in.Offers, in.Tasks, in.Running = keep(in.Offers, s.offers), keep(in.Tasks, s.tasks), keep(in.Running, s.running)
	return in
}

func keep[T any](all []T, which []int) []T {
	some := make([]T, 0, len(which))
	for _, i := range which {
		some = append(some, all[i])
	}
	return some
}

// String is what is needed to make the scenario again and, when it is small, its input as Go code.
func (s scenario) String() string {
	text := fmt.Sprintf("scenario{seed: %d, size: %+v, offers: %v, tasks: %v, running: %v}", s.seed, s.size, s.offers, s.tasks, s.running)
	if len(s.tasks) > 6 {
		return text
	}
	return text + "\nin := " + source(s.input())
}

// shrink yields scenarios with less in them: halves first, then all but one.
func (s scenario) shrink() gopter.Shrink {
	var smaller []scenario
	part := func(list []int, with func(scenario, []int) scenario) {
		if n := len(list); n > 1 {
			smaller = append(smaller, with(s, list[:n/2]), with(s, list[n/2:]))
		}
		for i := range list {
			smaller = append(smaller, with(s, slices.Delete(slices.Clone(list), i, i+1)))
		}
	}
	part(s.tasks, func(s scenario, l []int) scenario { s.tasks = l; return s })
	part(s.offers, func(s scenario, l []int) scenario { s.offers = l; return s })
	part(s.running, func(s scenario, l []int) scenario { s.running = l; return s })
	return func() (any, bool) {
		if len(smaller) == 0 {
			return nil, false
		}
		next := smaller[0]
		smaller = smaller[1:]
		return next, true
	}
}

// assign runs a packer on the scenario, and says what is wrong with the outcome.
func (s scenario) assign(p placement.Packer, opts ...placement.Option) (placement.Result, string) {
	in := s.input()
	cut, checkCut := in.Pieces()
	opts = append(append(opts, placement.WithPacker(p), placement.WithSeed(s.seed)), cut...)
	res, err := placement.Assign(in.Offers, in.Tasks, in.Options(opts...)...)
	if err != nil {
		return res, fmt.Sprintf("%v: %v", p, err)
	}
	if err := in.Verify(res, checkCut...); err != nil {
		return res, fmt.Sprintf("%v: %v", p, err)
	}
	return res, ""
}
