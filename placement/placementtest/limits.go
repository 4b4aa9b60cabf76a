package placementtest

import (
	"errors"
	"strings"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// ErrLimit: a task is placed although, with it, an owner or a group has more than a limit allows.
var ErrLimit = errors.New("limits hold")

// WithLimits names the limits, as [placement.WithLimits] does.
func WithLimits(limits ...placement.Limit) Option {
	return func(c *checker) { c.limits = limits }
}

// purse is who pays: the limit, and for limits on each of many, which of them.
type purse struct {
	limit int
	of    string
}

// spending is what tasks that count together have, by name; how many they are is under the empty name.
type spending map[purse]map[string]resources.Amount

// spendRunning is what is spent before anything is placed.
func (c *checker) spendRunning() spending {
	s := spending{}
	for i := range c.running {
		for _, p := range c.purses(&c.running[i].Task) {
			s.add(p, &c.running[i].Task)
		}
	}
	return s
}

// spend checks that the limits let a task in, and adds what it uses.
func (c *checker) spend(s spending, p *place) {
	for _, who := range c.purses(p.task) {
		l := &c.limits[who.limit]
		s.add(who, p.task)
		if n := s[who][""]; (l.Tasks != 0 && n > resources.Amount(l.Tasks)) || l.Tasks < 0 {
			c.report(p.a.Task, ErrLimit, "it is task number %d of %v (%s)", n, l, who.of)
		}
		for name, most := range l.Most {
			if n := s[who][name]; asked(p.task, name) > 0 && n > most {
				c.report(p.a.Task, ErrLimit, "with it, %v (%s) has %v of %v %s", l, who.of, n, most, name)
			}
		}
	}
}

func (s spending) add(who purse, t *placement.Task) {
	if s[who] == nil {
		s[who] = map[string]resources.Amount{}
	}
	s[who][""]++
	names := map[string]bool{"ports": true}
	for name := range t.Needs.All() {
		names[name] = true
	}
	for _, d := range t.Devices {
		names["device:"+d.Kind] = true
	}
	for name := range names {
		s[who][name] += asked(t, name)
	}
}

// asked is how much of a name a task asks for.
func asked(t *placement.Task, name string) resources.Amount {
	n := t.Needs.Get(name)
	if name == "ports" {
		n += resources.Amount(1000 * (len(t.Ports.Fixed) + t.Ports.Dynamic))
	}
	if kind, ok := strings.CutPrefix(name, "device:"); ok {
		for _, d := range t.Devices {
			if d.Kind == kind {
				n += d.Share + resources.Amount(1000*d.Count)
			}
		}
	}
	return n
}

// purses are the limits that concern a task.
func (c *checker) purses(t *placement.Task) []purse {
	owner := ownerOf(t)
	var own, grouped, all []int
	eachOwner, eachGroup := []int{}, []int{}
	for i, l := range c.limits {
		switch {
		case l.Owner == "" && l.Group == "":
			all = append(all, i)
		case l.Owner == placement.Each:
			eachOwner = append(eachOwner, i)
		case l.Group == placement.Each:
			eachGroup = append(eachGroup, i)
		case l.Owner != "" && l.Owner == owner:
			own = append(own, i)
		case l.Group != "" && l.Group == t.Group:
			grouped = append(grouped, i)
		}
	}
	var out []purse
	put := func(which []int, of string) {
		for _, i := range which {
			out = append(out, purse{i, of})
		}
	}
	put(all, "")
	put(own, "")
	put(grouped, "")
	if len(own) == 0 {
		put(eachOwner, owner)
	}
	if len(grouped) == 0 && t.Group != "" {
		put(eachGroup, t.Group)
	}
	return out
}
