package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/placement"
	"github.com/berth-go/berth/resources"
)

// Offer is an offer of a Mesos master: what a round reads, and what else the master said.
type Offer struct {
	placement.Offer

	// Framework is the ID of the framework that the offer is made to.
	Framework string
	// Executors are the IDs of the framework's executors that run on the agent.
	Executors []string
	// URL is where the agent can be reached; nil when the master did not say.
	URL *mesos.URL
}

// Placement returns what a round reads of every offer, in the same order.
func Placement(list []Offer) []placement.Offer {
	out := make([]placement.Offer, len(list))
	for i := range list {
		out[i] = list[i].Offer
	}
	return out
}

// Option changes how offers are read.
type Option func(*options)

type options struct {
	role string
}

// WithRole says which role offers are for when they do not say so themselves. Frameworks
// without the capability MULTI_ROLE have one role, their offers name none, and what is
// reserved for it could not be used without this option.
func WithRole(role string) Option { return func(o *options) { o.role = role } }

// FromOffers converts offers, in the same order. What cannot be converted does not stop
// the others: beside the offers that can be used it returns [Errors], one for each that
// was left out, so that those can be declined.
func FromOffers(list []mesos.Offer, opts ...Option) ([]Offer, error) {
	out := make([]Offer, 0, len(list))
	var bad Errors
	for i := range list {
		o, err := FromOffer(&list[i], opts...)
		if err != nil {
			bad = append(bad, asError(err))
			continue
		}
		out = append(out, o)
	}
	if len(bad) > 0 {
		return out, bad
	}
	return out, nil
}

// FromOffer converts an offer.
//
// The offer's Role is that of its allocation. The domain of the agent becomes two text
// attributes after those of the agent, [AttributeRegion] and [AttributeZone]; an agent
// with such an attribute of its own is refused with [ErrInexpressible]. Unavailability
// becomes a window in UTC, without an end when it has no duration.
//
// What is returned is fit for a round: what a round would refuse about one offer, such as
// a resource its role cannot use, fails here already and with the same sentinel of
// package placement, so that a single odd offer does not spoil a call. Errors are of type
// [*Error].
func FromOffer(m *mesos.Offer, opts ...Option) (Offer, error) {
	if m == nil {
		return Offer{}, &Error{Err: fmt.Errorf("%w: offer", ErrMissing)}
	}
	var opt options
	for _, f := range opts {
		f(&opt)
	}
	o, err := offerIn(m, opt)
	if err == nil {
		err = checkOffered(&o.Offer)
	}
	if err != nil {
		return Offer{}, inOffer(m.ID.Value, err)
	}
	return o, nil
}

func offerIn(m *mesos.Offer, opt options) (Offer, error) {
	o := Offer{Framework: m.FrameworkID.Value, URL: cloneURL(m.URL)}
	o.ID, o.Agent, o.Hostname = placement.OfferID(m.ID.Value), placement.AgentID(m.AgentID.Value), m.Hostname
	switch {
	case o.ID == "":
		return o, missing("id.value")
	case o.Agent == "":
		return o, missing("agent_id.value")
	}
	var err error
	if o.Role, err = allocationIn(m.AllocationInfo); err != nil {
		return o, within("allocation_info", err)
	}
	if o.Role == "" {
		o.Role = opt.role
	}
	if o.Resources, err = FromResources(m.Resources); err != nil {
		return o, err
	}
	if o.Attributes, err = offerAttributes(m); err != nil {
		return o, err
	}
	for _, e := range m.ExecutorIDs {
		o.Executors = append(o.Executors, e.Value)
	}
	o.Unavailable, err = windowIn(m.Unavailability)
	return o, within("unavailability", err)
}

func offerAttributes(m *mesos.Offer) (resources.Attributes, error) {
	domain, err := domainIn(m.Domain)
	if err != nil {
		return resources.Attributes{}, within("domain", err)
	}
	all, err := attributesIn(make([]resources.Attribute, 0, len(m.Attributes)+len(domain)), m.Attributes)
	if err != nil {
		return resources.Attributes{}, err
	}
	for i, a := range all {
		if a.Name == AttributeRegion || a.Name == AttributeZone {
			return resources.Attributes{}, withinItem("attributes", i, a.Name, fmt.Errorf("%w: the name is kept for the domain", ErrInexpressible))
		}
	}
	out, err := resources.NewAttributes(append(all, domain...)...)
	return out, within("attributes", err)
}

// checkOffered refuses what a round would refuse about the resources of one offer.
func checkOffered(o *placement.Offer) error {
	kinds := map[string]resources.Kind{}
	i := -1
	for r := range o.Resources.All() {
		i++
		fail := func(err error) error { return named(r.Name, within("resources", err)) }
		kind, ok := kinds[r.Name]
		kinds[r.Name] = r.Value.Kind()
		switch {
		case ok && kind != r.Value.Kind():
			return fail(fmt.Errorf("%w: %v and %v", placement.ErrKind, kind, r.Value.Kind()))
		case r.Value.Amount() > resources.MaxAmount:
			return fail(fmt.Errorf("%w: %v is more than %v", placement.ErrBadAmount, r.Value, resources.MaxAmount))
		case r.AllocatedTo != "" && r.AllocatedTo != o.Role:
			return fail(fmt.Errorf("%w: allocated to %q, the offer to %q", placement.ErrUnusable, r.AllocatedTo, o.Role))
		case !r.AllocatableTo(o.Role):
			return fail(fmt.Errorf("%w: reserved for %q, the offer's role is %q", placement.ErrUnusable, r.Role(), o.Role))
		}
	}
	return nil
}

// ToOffer converts an offer back, for simulators, recorders and tests. What mesos-go
// cannot express fails with [ErrInexpressible]; package documentation lists it. Errors
// are of type [*Error].
func ToOffer(o Offer) (mesos.Offer, error) {
	m, err := offerOut(o)
	if err != nil {
		return mesos.Offer{}, inOffer(string(o.ID), err)
	}
	return m, nil
}

func offerOut(o Offer) (mesos.Offer, error) {
	m := mesos.Offer{Hostname: o.Hostname, URL: cloneURL(o.URL)}
	m.ID.Value, m.AgentID.Value, m.FrameworkID.Value = string(o.ID), string(o.Agent), o.Framework
	switch {
	case o.ID == "":
		return m, missing("ID")
	case o.Agent == "":
		return m, missing("Agent")
	case len(o.Devices) > 0:
		return m, within("Devices", fmt.Errorf("%w: Mesos has no devices", ErrInexpressible))
	case o.Standing:
		return m, within("Standing", fmt.Errorf("%w: an offer of Mesos is not standing", ErrInexpressible))
	}
	if o.Role != "" {
		role := o.Role
		m.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &role}
	}
	var err error
	if m.Resources, err = ToResources(o.Resources); err != nil {
		return m, err
	}
	domain, attributes, err := domainOut(o.Attributes)
	if err != nil {
		return m, err
	}
	m.Domain = domain
	if m.Attributes, err = ToAttributes(attributes); err != nil {
		return m, err
	}
	for _, id := range o.Executors {
		m.ExecutorIDs = append(m.ExecutorIDs, mesos.ExecutorID{Value: id})
	}
	m.Unavailability, err = windowOut(o.Unavailable)
	return m, within("Unavailable", err)
}
