package main

import (
	"fmt"
	"strings"

	"github.com/berth-go/berth/placement"
)

// packer is a packer with the name it has on the command line.
type packer struct {
	name, description string
	make              func() placement.Packer
}

// packers are all packers. A new one is a line here.
var packers = []packer{
	{preset, "one of the others, by what the workload is like; the default of the library", placement.Auto},
	{"first-fit", "each task on the first agent that takes it", placement.FirstFit},
	{"best-fit", "each task on the agent it leaves fullest", placement.BestFit},
	{"spread", "each task on the agent it leaves emptiest", placement.Spread},
	{"dominant-fit", "each task on the agent of whose free resources it takes the largest part", placement.DominantFit},
	{"dot-product", "each task on the agent in use whose free resources point its way", placement.DotProduct},
	{"l2-norm", "each task on the agent in use that it leaves with the shortest vector of what is free", placement.L2Norm},
	{"cosine", "each task on the agent in use with the smallest angle between need and free", placement.Cosine},
	{"tetris", "each task on the agent in use that aligns best, in parts of the agent's capacity", placement.Tetris},
	{"balanced", "each task on the agent that it leaves most evenly used; for fleets that will be full", placement.Balanced},
	{"fill-dot-product", "agent after agent, adding the task with the largest dot product of need and free", placement.FillDotProduct},
	{"fill-l2-norm", "agent after agent, adding the task that leaves the shortest vector of what is free", placement.FillL2Norm},
	{"fill-cosine", "agent after agent, adding the task that points the same way as what is free", placement.FillCosine},
	{"knapsack", "agent after agent, adding the task worth most for its size", knapsack(0)},
	{"knapsack-scheme", "agent after agent, the set worth most in the scarcest resource, to within 10 %", knapsack(0.1)},
	{"portfolio", "the best result of several packers and of heuristics under many weights of the resources", placement.Portfolio},
	{yardstick, "each task on any agent that takes it; the yardstick that every other should beat", placement.Random},
}

// preset is the packer that the library takes where none is named.
const preset = "auto"

// yardstick is the packer that others are measured by.
const yardstick = "random"

func knapsack(epsilon float64) func() placement.Packer {
	return func() placement.Packer { return placement.Knapsack(placement.KnapsackOptions{Epsilon: epsilon}) }
}

// findPackers looks up packers by name. No name at all means all of them.
func findPackers(names []string) ([]packer, error) {
	if len(names) == 0 {
		return packers, nil
	}
	var found []packer
	for _, name := range names {
		p, ok := findPacker(name)
		if !ok {
			return nil, unknown("packer", name, packerNames())
		}
		for _, before := range found {
			if before.name == p.name {
				return nil, usagef("packer %s is named twice", p.name)
			}
		}
		found = append(found, p)
	}
	return found, nil
}

// findPacker forgives missing dashes and capitals.
func findPacker(name string) (packer, bool) {
	plain := func(s string) string { return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(s)) }
	for _, p := range packers {
		if plain(p.name) == plain(name) {
			return p, true
		}
	}
	return packer{}, false
}

func packerNames() []string {
	names := make([]string, len(packers))
	for i, p := range packers {
		names[i] = p.name
	}
	return names
}

// unknown is the error for a name that is not among the known ones. The command line is well formed: what it names is
// not there, like a file that is not.
func unknown(what, name string, known []string) error {
	return fmt.Errorf("unknown %s %q; known: %s", what, name, strings.Join(known, ", "))
}
