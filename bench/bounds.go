package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// boundFlags say what tasks may use beside what there is. Commands that place tasks share them.
type boundFlags struct {
	Limits     []string           `name:"limit" sep:"none" placeholder:"WHOSE=MOST" help:"What an owner's tasks may use in all: 'ann=cpus:100;mem:64000;tasks:20'. WHOSE is an owner, group:NAME, * for each owner or group:* for each group that is not named, or nothing for all tasks. May be given again."`
	Tiers      []string           `name:"tier" sep:"none" placeholder:"PRIORITY=MOST" help:"What the tasks of one priority may use in all: '0=cpus:100'. May be given again."`
	Guarantees []string           `name:"guarantee" sep:"none" placeholder:"PRIORITY/OWNER=SHARE" help:"What of a tier is kept free for an owner with tasks that wait: '0/ann=cpus:20'. May be given again."`
	Overcommit map[string]float64 `mapsep:";" placeholder:"NAME=FACTOR;..." help:"Have agents count for more of a resource than there is, or for less: 'cpus=1.5;mem=0.9'."`
	Headroom   string             `placeholder:"AMOUNTS" help:"Keep so much free on every agent: 'cpus:1;mem:512'."`
}

// options are those that the flags ask for.
func (f *boundFlags) options() ([]placement.Option, error) {
	limits, err := f.limits()
	if err != nil {
		return nil, err
	}
	tiers, err := f.tiers()
	if err != nil {
		return nil, err
	}
	headroom, err := amounts("--headroom", f.Headroom)
	if err != nil {
		return nil, err
	}
	opts := []placement.Option{placement.WithLimits(limits...), placement.WithTiers(tiers...), placement.WithOvercommit(f.Overcommit), placement.WithHeadroom(headroom)}
	if _, err := placement.Assign(nil, nil, opts...); err != nil {
		var input *placement.InputError
		if errors.As(err, &input) {
			err = input.Offenders[0].Err
		}
		return nil, usageError{err}
	}
	return opts, nil
}

func (f *boundFlags) limits() ([]placement.Limit, error) {
	var all []placement.Limit
	for _, text := range f.Limits {
		whose, most, ok := strings.Cut(text, "=")
		if !ok {
			return nil, usagef("--limit %q: WHOSE=MOST is expected, such as ann=cpus:100", text)
		}
		var l placement.Limit
		if group, ok := strings.CutPrefix(whose, "group:"); ok {
			l.Group = group
		} else {
			l.Owner = whose
		}
		var err error
		if l.Most, err = amounts("--limit", most); err != nil {
			return nil, err
		}
		if tasks, ok := l.Most["tasks"]; ok {
			delete(l.Most, "tasks")
			if tasks < 0 || tasks%resources.One != 0 {
				return nil, usagef("--limit %q: %s is no number of tasks", text, tasks)
			}
			if l.Tasks = int(tasks / resources.One); l.Tasks == 0 {
				l.Tasks = -1
			}
		}
		all = append(all, l)
	}
	return all, nil
}

func (f *boundFlags) tiers() ([]placement.Tier, error) {
	var all []placement.Tier
	tier := func(flag, text, priority string) (*placement.Tier, error) {
		p, err := strconv.Atoi(priority)
		if err != nil {
			return nil, usagef("%s %q: priority %q is not a whole number", flag, text, priority)
		}
		for i := range all {
			if all[i].Priority == p {
				return &all[i], nil
			}
		}
		all = append(all, placement.Tier{Priority: p})
		return &all[len(all)-1], nil
	}
	for _, text := range f.Tiers {
		priority, most, ok := strings.Cut(text, "=")
		if !ok {
			return nil, usagef("--tier %q: PRIORITY=MOST is expected, such as 0=cpus:100", text)
		}
		t, err := tier("--tier", text, priority)
		if err != nil {
			return nil, err
		}
		if t.Capacity != nil {
			return nil, usagef("--tier %q: there is one of priority %s already", text, priority)
		}
		if t.Capacity, err = amounts("--tier", most); err != nil {
			return nil, err
		}
	}
	for _, text := range f.Guarantees {
		priority, rest, slash := strings.Cut(text, "/")
		owner, share, ok := strings.Cut(rest, "=")
		if !slash || !ok {
			return nil, usagef("--guarantee %q: PRIORITY/OWNER=SHARE is expected, such as 0/ann=cpus:20", text)
		}
		t, err := tier("--guarantee", text, priority)
		if err != nil {
			return nil, err
		}
		b := placement.Bucket{Owner: owner}
		if b.Guarantee, err = amounts("--guarantee", share); err != nil {
			return nil, err
		}
		t.Buckets = append(t.Buckets, b)
	}
	return all, nil
}

// amounts reads cpus:4;mem:512;device:gpu:2. The last colon counts.
func amounts(flag, text string) (map[string]resources.Amount, error) {
	m := map[string]resources.Amount{}
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		colon := strings.LastIndexByte(part, ':')
		if colon <= 0 {
			return nil, usagef("%s: %q is not an amount such as cpus:4", flag, part)
		}
		name := part[:colon]
		if _, twice := m[name]; twice {
			return nil, usagef("%s: %s is named twice", flag, name)
		}
		amount, err := resources.ParseAmount(part[colon+1:])
		if err != nil {
			return nil, usagef("%s: %q: %v", flag, part, err)
		}
		m[name] = amount
	}
	return m, nil
}
