package main

import (
	"slices"

	"github.com/berth-go/berth/placement"
)

// lookingAhead are the packers that want to know what tasks to expect. They are about devices, so they
// run on the GPU trace only.
var lookingAhead = []struct {
	name string
	make func(...placement.PackerOption) placement.Packer
}{
	{"fragmentation-gradient", placement.FragmentationGradient},
	{"expected-fill", placement.ExpectedFill},
}

// contender is a packer as the GPU trace runs it.
type contender struct {
	name string // without how it knows the workload
	how  string // given, learned or nothing
	make func(placement.Workload) placement.Packer
}

// qualityPackers are the packers chosen.
type qualityPackers struct {
	plain []packer
	gpu   []contender
}

func findQualityPackers(names []string) (qualityPackers, error) {
	var chosen qualityPackers
	var rest []string
	for _, p := range lookingAhead {
		at := slices.Index(names, p.name)
		if at < 0 && len(names) > 0 {
			continue
		}
		chosen.gpu = append(chosen.gpu,
			contender{p.name, "given", func(w placement.Workload) placement.Packer { return p.make(placement.WithWorkload(w)) }},
			contender{p.name, "learned", func(placement.Workload) placement.Packer { return p.make() }})
	}
	for _, name := range names {
		if !looksAhead(name) {
			rest = append(rest, name)
		}
	}
	if len(names) > 0 && len(rest) == 0 {
		return chosen, nil
	}
	found, err := findPackers(rest)
	if err != nil {
		return chosen, err
	}
	for _, p := range found {
		if looksAhead(p.name) {
			continue
		}
		chosen.plain = append(chosen.plain, p)
		chosen.gpu = append(chosen.gpu, contender{p.name, "", func(placement.Workload) placement.Packer { return p.make() }})
	}
	return chosen, nil
}

func looksAhead(name string) bool {
	for _, p := range lookingAhead {
		if p.name == name {
			return true
		}
	}
	return false
}
