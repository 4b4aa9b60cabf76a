package placement

import (
	"fmt"
	"math"

	"github.com/berth-go/berth/constraints"
	"github.com/berth-go/berth/resources"
)

// maxRequests bounds the requests of one sort a task may make, so that finding disks for all of
// them stays cheap.
const maxRequests = 16

// validate checks everything a call was given, once. Nothing downstream checks again.
func validate(in *intake, tasks []Task, running []Running) error {
	var errs InputError
	validateOffers(&errs, in)
	ids := newIDSet(len(tasks)+len(running), func(i int32) string {
		if int(i) < len(tasks) {
			return string(tasks[i].ID)
		}
		return string(running[int(i)-len(tasks)].Task.ID)
	})
	gangs := map[string]gangTerms{}
	in.demands.of = make([]int32, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		first := ids.add(int32(i))
		if first && simple(t) && sound(t) && in.demands.meet(tasks, i) {
			continue
		}
		validateTask(&errs, "tasks", i, t, first)
		if t.Gang == "" {
			continue
		}
		if first, ok := gangs[t.Gang]; !ok {
			gangs[t.Gang] = termsOf(t)
		} else if err := first.check(t); err != nil {
			errs.add("tasks", i, string(t.ID), err)
		}
	}
	for i := range running {
		validateTask(&errs, "running", i, &running[i].Task, ids.add(int32(len(tasks)+i)))
		validateHeld(&errs, i, &running[i])
	}
	if len(errs.Offenders) == 0 {
		validateSums(&errs, in, running)
	}
	return errs.orNil()
}

// sound says whether there is nothing to complain of in a simple task but, perhaps, its needs and that its ID is not the first.
func sound(t *Task) bool {
	return t.ID != "" && t.Value >= 0 && t.Value <= math.MaxFloat64 && t.GangMin == 0 && !t.GangOneAgent && t.Lasts >= 0
}

// gangTerms is what the pending tasks of a gang have to agree on.
type gangTerms struct {
	priority, least int
	oneAgent        bool
}

func termsOf(t *Task) gangTerms { return gangTerms{t.Priority, t.GangMin, t.GangOneAgent} }

func (g gangTerms) check(t *Task) error {
	switch {
	case g.priority != t.Priority:
		return fmt.Errorf("%w: gang %q has tasks of priority %d and of priority %d", ErrGang, t.Gang, g.priority, t.Priority)
	case g.least != t.GangMin:
		return fmt.Errorf("%w: gang %q has tasks of minimum %d and of minimum %d", ErrGang, t.Gang, g.least, t.GangMin)
	case g.oneAgent != t.GangOneAgent:
		return fmt.Errorf("%w: gang %q has tasks that are to be on one agent and others that are not", ErrGang, t.Gang)
	}
	return nil
}

// offerCheck is what offers have to agree with.
type offerCheck struct {
	last  []usedKind                // the resources of the last offer, to save looking them up
	base  map[string]resources.Kind // of resources held already; may be nil
	kinds map[string]resources.Kind
	units map[unitKey]struct{}
	bins  map[binKey]bool // whether the bin is of standing offers; nil where all are of one sort
}

type usedKind struct {
	name string
	kind resources.Kind
}

// sort looks at whether an offer is a standing one. What is on each bin is kept from the first on that is of another sort than those before.
func (k *offerCheck) sort(offers []Offer, i int) {
	if k.bins != nil || offers[i].Standing == offers[0].Standing {
		return
	}
	k.bins = make(map[binKey]bool, len(offers))
	for j := range offers[:i] {
		k.bins[binKey{offers[j].Agent, offers[j].Role}] = offers[j].Standing
	}
}

// validateOffers reads them, and pools them.
func validateOffers(errs *InputError, in *intake) {
	ids := newIDSet(len(in.offers), func(i int32) string { return string(in.offers[i].ID) })
	in.fleet = emptyFleet(in, 0)
	var check offerCheck
	for i := range in.offers {
		o := &in.offers[i]
		check.sort(in.offers, i)
		// What is like the first offer is of the kinds that were checked with it.
		alike := in.read(i)
		check.offer(errs, i, o, ids.add(int32(i)), alike && i > 0)
		if i%pooledAtOnce == 0 {
			in.fleet.poolUpTo(i)
		}
	}
	in.fleet.poolUpTo(len(in.offers))
}

// pooledAtOnce is how many offers are looked at before they are pooled: so few that they are still at hand.
const pooledAtOnce = 128

// offer checks an offer, of which it is known whether it is the first with its ID and whether its resources are like others that were checked.
func (k *offerCheck) offer(errs *InputError, i int, o *Offer, first, alike bool) {
	fail := func(err error) { errs.add("offers", i, string(o.ID), err) }
	k.names(fail, o, first)
	if !alike {
		k.resources(fail, o)
	}
	for j := range o.Devices {
		k.device(fail, o, j)
	}
}

// names checks what an offer is called, and with what it goes together.
func (k *offerCheck) names(fail func(error), o *Offer, first bool) {
	if o.ID == "" {
		fail(fmt.Errorf("%w: the offer has no ID", ErrNoID))
	} else if !first {
		fail(fmt.Errorf("%w: an earlier offer is %q, too", ErrDuplicate, o.ID))
	}
	if o.Agent == "" {
		fail(fmt.Errorf("%w: the offer has no Agent", ErrNoID))
	}
	if k.bins != nil {
		key := binKey{o.Agent, o.Role}
		if standing, ok := k.bins[key]; !ok {
			k.bins[key] = o.Standing
		} else if standing != o.Standing {
			fail(mixedOffers(o))
		}
	}
}

func mixedOffers(o *Offer) error {
	return fmt.Errorf("%w: agent %q has standing and ordinary offers for role %q", ErrStanding, o.Agent, o.Role)
}

func (k *offerCheck) resources(fail func(error), o *Offer) {
	for at := range o.Resources.Len() {
		name, value, ok := o.Resources.Plain(at)
		if amount := value.Amount(); ok && amount >= 0 && amount <= resources.MaxAmount && at < len(k.last) && k.last[at] == (usedKind{name, value.Kind()}) {
			continue
		}
		k.resource(fail, o, o.Resources.At(at), at)
	}
}

func (k *offerCheck) resource(fail func(error), o *Offer, r resources.Resource, at int) {
	used := usedKind{r.Name, r.Value.Kind()}
	if at >= len(k.last) || k.last[at] != used {
		if kind := k.kind(used); kind != used.kind {
			fail(fmt.Errorf("%w: resource %q is offered as %v and as %v", ErrKind, r.Name, kind, used.kind))
		} else if at < len(k.last) {
			k.last[at] = used
		} else if at == len(k.last) {
			k.last = append(k.last, used)
		}
	}
	if r.Value.Kind() == resources.KindScalar {
		if a := r.Value.Amount(); a < 0 || a > resources.MaxAmount {
			fail(fmt.Errorf("%w: %s of %q is not between 0 and %s", ErrBadAmount, a, r.Name, resources.MaxAmount))
		}
	}
	if len(r.Reservations) > 0 && !r.AllocatableTo(o.Role) {
		fail(fmt.Errorf("%w: %s is reserved to %q, the offer's role is %q", ErrUnusable, r.Name, r.Role(), o.Role))
	}
	if r.AllocatedTo != "" && r.AllocatedTo != o.Role {
		fail(fmt.Errorf("%w: %s is allocated to %q, the offer's role is %q", ErrUnusable, r.Name, r.AllocatedTo, o.Role))
	}
}

// kind is the kind of the resource of that name, which may be settled here.
func (k *offerCheck) kind(used usedKind) resources.Kind {
	if kind, ok := k.base[used.name]; ok {
		return kind
	}
	if kind, ok := k.kinds[used.name]; ok {
		return kind
	}
	if k.kinds == nil {
		k.kinds = map[string]resources.Kind{}
	}
	k.kinds[used.name] = used.kind
	return used.kind
}

type unitKey struct {
	agent    AgentID
	kind, id string
}

func (k *offerCheck) device(fail func(error), o *Offer, j int) {
	d := &o.Devices[j]
	if d.Kind == "" {
		fail(fmt.Errorf("%w: device %d has no Kind", ErrNoID, j))
	}
	if d.Capacity <= 0 || d.Capacity > resources.MaxAmount || d.Free < 0 || d.Free > d.Capacity {
		fail(fmt.Errorf("%w: device %d (%s): free %s of capacity %s", ErrBadAmount, j, d.Kind, d.Free, d.Capacity))
	}
	if d.ID == "" {
		return
	}
	if k.meets(unitKey{o.Agent, d.Kind, d.ID}) {
		fail(fmt.Errorf("%w: agent %q has two %s devices %q", ErrDuplicate, o.Agent, d.Kind, d.ID))
	}
}

// meets takes note of a unit, and says whether it was known.
func (k *offerCheck) meets(u unitKey) bool {
	if k.units == nil {
		k.units = map[unitKey]struct{}{}
	}
	_, known := k.units[u]
	k.units[u] = struct{}{}
	return known
}

func validateTask(errs *InputError, where string, i int, t *Task, first bool) {
	fail := func(err error) { errs.add(where, i, string(t.ID), err) }
	if t.ID == "" {
		fail(fmt.Errorf("%w: the task has no ID", ErrNoID))
	} else if !first {
		fail(fmt.Errorf("%w: an earlier task is %q, too", ErrDuplicate, t.ID))
	}
	if math.IsNaN(t.Value) || math.IsInf(t.Value, 0) || t.Value < 0 {
		fail(fmt.Errorf("%w: value %v is not a number of at least 0", ErrBadRequest, t.Value))
	}
	for j := range t.Needs.Len() { // sums can go beyond what a single amount may be
		if q := t.Needs.At(j); q.Amount > resources.MaxAmount {
			fail(fmt.Errorf("%w: need of %s %s is above %s", ErrBadAmount, q.Amount, q.Name, resources.MaxAmount))
		}
	}
	if t.Group == constraints.AnyGroup {
		fail(fmt.Errorf("%w: %q is no name for a group: it stands for every group", ErrBadRequest, t.Group))
	}
	if t.Revocable > Prefer {
		fail(fmt.Errorf("%w: %v", ErrBadRequest, t.Revocable))
	}
	if t.GangMin < 0 || (t.Gang == "" && (t.GangMin > 0 || t.GangOneAgent)) {
		fail(fmt.Errorf("%w: minimum %d, one agent %v, of gang %q", ErrGang, t.GangMin, t.GangOneAgent, t.Gang))
	}
	if t.Lasts < 0 {
		fail(fmt.Errorf("%w: Lasts is %v", ErrBadRequest, t.Lasts))
	}
	if !t.Ports.IsZero() {
		if err := t.Ports.Validate(); err != nil {
			fail(fmt.Errorf("%w: %w", ErrBadRequest, err))
		}
	}
	for j, c := range t.Require {
		if c == nil {
			fail(fmt.Errorf("%w: Require[%d] is nil", ErrBadRequest, j))
		}
	}
	for j, p := range t.Prefer {
		if p.Constraint == nil {
			fail(fmt.Errorf("%w: Prefer[%d] has no constraint", ErrBadRequest, j))
		}
		if !(p.Weight >= 0) || math.IsInf(p.Weight, 0) {
			fail(fmt.Errorf("%w: Prefer[%d] has weight %v, which is not a number of at least 0", ErrBadRequest, j, p.Weight))
		}
	}
	if len(t.Devices)+len(t.Sets)+len(t.Disks) > 0 {
		validateDeviceRequests(fail, t.Devices)
		validateSetRequests(fail, t.Sets)
		validateDiskRequests(fail, t.Disks)
	}
}

func validateDeviceRequests(fail func(error), reqs []DeviceRequest) {
	if len(reqs) > maxRequests {
		fail(fmt.Errorf("%w: %d device requests, at most %d are possible", ErrBadRequest, len(reqs), maxRequests))
		return
	}
	for j := range reqs {
		q := &reqs[j]
		switch {
		case q.Kind == "":
			fail(fmt.Errorf("%w: Devices[%d] has no Kind", ErrBadRequest, j))
		case q.Count < 0:
			fail(fmt.Errorf("%w: Devices[%d] asks for %d units", ErrBadRequest, j, q.Count))
		case q.Share < 0 || q.Share > resources.MaxAmount:
			fail(fmt.Errorf("%w: Devices[%d] asks for a share of %s", ErrBadAmount, j, q.Share))
		case q.Count > 0 && q.Share > 0:
			fail(fmt.Errorf("%w: Devices[%d] asks for %d whole units and for a share", ErrBadRequest, j, q.Count))
		case q.Count == 0 && q.Share == 0 && q.Tag == "":
			fail(fmt.Errorf("%w: Devices[%d] asks for nothing", ErrBadRequest, j))
		case q.Count > 0 && q.Tag != "":
			fail(fmt.Errorf("%w: Devices[%d] has a tag, which is about sharing, but asks for whole units", ErrBadRequest, j))
		}
		for k := range j {
			if reqs[k].Kind == q.Kind && !disjoint(reqs[k].Models, q.Models) {
				fail(fmt.Errorf("%w: Devices[%d] and Devices[%d] ask for the same models of %s", ErrBadRequest, k, j, q.Kind))
			}
		}
	}
}

// disjoint says whether no model is in both lists, an empty list standing for every model.
func disjoint(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return false
			}
		}
	}
	return true
}

func validateSetRequests(fail func(error), reqs []SetRequest) {
	if len(reqs) > maxRequests {
		fail(fmt.Errorf("%w: %d set requests, at most %d are possible", ErrBadRequest, len(reqs), maxRequests))
		return
	}
	for j := range reqs {
		q := &reqs[j]
		if q.Name == "" {
			fail(fmt.Errorf("%w: Sets[%d] has no Name", ErrBadRequest, j))
		}
		if q.Count < 0 {
			fail(fmt.Errorf("%w: Sets[%d] asks for %d items", ErrBadRequest, j, q.Count))
		}
		if q.Count == 0 && len(q.Items) == 0 {
			fail(fmt.Errorf("%w: Sets[%d] asks for nothing", ErrBadRequest, j))
		}
		if _, err := resources.NewSet(q.Items...); err != nil {
			fail(fmt.Errorf("%w: Sets[%d]: %w", ErrBadRequest, j, err))
		}
		for k := range j {
			if reqs[k].Name == q.Name {
				fail(fmt.Errorf("%w: Sets[%d] and Sets[%d] both ask for %q", ErrBadRequest, k, j, q.Name))
			}
		}
	}
}

func validateDiskRequests(fail func(error), reqs []DiskRequest) {
	if len(reqs) > maxRequests {
		fail(fmt.Errorf("%w: %d disk requests, at most %d are possible", ErrBadRequest, len(reqs), maxRequests))
		return
	}
	for j := range reqs {
		q := &reqs[j]
		switch {
		case q.Kind < PathDisk || q.Kind > VolumeDisk:
			fail(fmt.Errorf("%w: Disks[%d] has no kind", ErrBadRequest, j))
		case q.Amount < 0 || q.Amount > resources.MaxAmount:
			fail(fmt.Errorf("%w: Disks[%d] asks for %s MB", ErrBadAmount, j, q.Amount))
		case q.Kind == VolumeDisk && q.ID == "":
			fail(fmt.Errorf("%w: Disks[%d] is a volume without an ID", ErrBadRequest, j))
		case q.Kind != VolumeDisk && q.Amount == 0:
			fail(fmt.Errorf("%w: Disks[%d] asks for nothing", ErrBadRequest, j))
		}
	}
}

func validateHeld(errs *InputError, i int, h *Running) {
	if h.Agent == "" {
		errs.add("running", i, string(h.Task.ID), fmt.Errorf("%w: the task has no Agent", ErrNoID))
	}
	for j, g := range h.Devices {
		if g.Share < 0 || g.Share > resources.MaxAmount {
			errs.add("running", i, string(h.Task.ID), fmt.Errorf("%w: Devices[%d] holds a share of %s", ErrBadAmount, j, g.Share))
		}
	}
}
