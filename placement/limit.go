package placement

import (
	"fmt"
	"maps"

	"github.com/berth-go/berth/resources"
)

// Each, as the Owner or the Group of a [Limit], stands for every one that no other limit names.
const Each = "*"

// Limit bounds what tasks use in all, running ones and those placed in the round. It holds from the first task on.
type Limit struct {
	// Owner is whose tasks count together, see [Task.Owner]. With [Each], every owner whom no other limit names, also the one
	// without a name, has this limit for itself.
	Owner string
	// Group, instead of an owner, is the group whose tasks count together, see [Task.Group]. With [Each], every
	// group that no other limit names has this limit for itself. Neither Owner nor Group: all tasks count together.
	Group string
	// Most is how much there may be of each resource: "cpus" and what else is named in Task.Needs, regular and revocable amounts
	// together; "ports"; and "device:gpu", where a whole unit counts as one and a share as what it is. Zero means none. What is
	// not named has no bound.
	Most map[string]resources.Amount
	// Tasks is how many tasks there may be. Zero: any number. Less than zero: none.
	Tasks int
}

// WithLimits bounds what owners and groups use. A task is bound by every limit that concerns it, whatever the packer, and one that
// does not ask for a resource is not refused because more is in use of it than may be. Failures say which limit
// it was, see [CauseLimit]. A later option replaces an earlier one. Maps are copied.
//
// A placement costs O(limits that concern the task). An engine keeps count from round to round as long as the very same
// option is given; another one has it count anew.
func WithLimits(limits ...Limit) Option {
	list := &limitList{all: make([]Limit, len(limits))}
	for i, l := range limits {
		l.Most = maps.Clone(l.Most)
		list.all[i] = l
		if l.Owner != "" && l.Group != "" {
			list.bad.add("limits", i, l.String(), fmt.Errorf("%w: a limit is of an owner or of a group, not of both", ErrBadRequest))
		}
		checkAmounts(&list.bad, "limits", i, l.String(), l.Most)
	}
	if len(limits) == 0 {
		list = nil
	}
	return func(c *config) { c.limits = list }
}

// limitList is what one option says.
type limitList struct {
	all []Limit
	bad InputError
}

func (l *limitList) list() []Limit {
	if l == nil {
		return nil
	}
	return l.all
}

// checkAmounts reports amounts that are none, those of the first name first.
func checkAmounts(errs *InputError, where string, i int, id string, amounts map[string]resources.Amount) {
	for _, name := range sortedNames(amounts) {
		if a := amounts[name]; a < 0 || a > resources.MaxAmount {
			errs.add(where, i, id, fmt.Errorf("%w: %s of %q is not between 0 and %s", ErrBadAmount, a, name, resources.MaxAmount))
		}
	}
}

// String is whose limit it is: "owner ann", "group web", "all tasks".
func (l Limit) String() string { return l.of(Each) }

// of names whom the limit is on, each stands for those it does not name.
func (l *Limit) of(each string) string {
	switch {
	case l.Group == Each:
		return "group " + each
	case l.Group != "":
		return "group " + l.Group
	case l.Owner == Each:
		return "owner " + each
	case l.Owner != "":
		return "owner " + l.Owner
	}
	return "all tasks"
}

// validate reports options that make no sense.
func (c *config) validate() error {
	var errs InputError
	if c.limits != nil {
		errs.join(&c.limits.bad)
	}
	if c.tiers != nil {
		errs.join(&c.tiers.bad)
	}
	if c.overcommit != nil {
		errs.join(&c.overcommit.bad)
		if c.pieces && c.overcommit.stretches() {
			errs.add("overcommit", 0, "", fmt.Errorf("%w: pieces cannot be cut out of more than is offered", ErrBadRequest))
		}
	}
	if c.headroom != nil {
		errs.join(&c.headroom.bad)
	}
	return errs.orNil()
}
