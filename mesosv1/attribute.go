package mesosv1

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/berth-go/berth/resources"
)

// FromAttributes converts the attributes of an agent, in the order given. It refuses
// what Mesos does not support: sets, and empty texts. Errors are of type [*Error].
func FromAttributes(list []mesos.Attribute) (resources.Attributes, error) {
	out, err := attributesIn(make([]resources.Attribute, 0, len(list)), list)
	if err != nil {
		return resources.Attributes{}, err
	}
	all, err := resources.NewAttributes(out...)
	return all, within("attributes", err)
}

// attributesIn appends the attributes of list to out.
func attributesIn(out []resources.Attribute, list []mesos.Attribute) ([]resources.Attribute, error) {
	for i := range list {
		m := &list[i]
		u := union{kind: m.Type, scalar: m.Scalar, ranges: m.Ranges, set: m.Set, text: m.Text}
		v, err := u.value()
		if err == nil {
			_, err = resources.NewAttributes(resources.Attribute{Name: m.Name, Value: v})
		}
		if err != nil {
			return nil, withinItem("attributes", i, m.Name, err)
		}
		out = append(out, resources.Attribute{Name: m.Name, Value: v})
	}
	return out, nil
}

// ToAttributes converts the attributes of an agent, in their order. It fails with
// [resources.ErrAmount] for a scalar beyond [resources.MaxHeld] on either side of 0.
func ToAttributes(a resources.Attributes) ([]mesos.Attribute, error) {
	out := make([]mesos.Attribute, a.Len())
	for i := range out {
		x := a.At(i)
		u, err := unionOf(x.Value)
		if err != nil {
			return nil, withinItem("attributes", i, x.Name, err)
		}
		out[i] = mesos.Attribute{Name: x.Name, Type: u.kind, Scalar: u.scalar, Ranges: u.ranges, Set: u.set, Text: u.text}
	}
	return out, nil
}

// The attributes in which the domain of an agent is kept.
const (
	AttributeRegion = "@region"
	AttributeZone   = "@zone"
)

// domainIn returns the attributes for d, none when it names no fault domain.
func domainIn(d *mesos.DomainInfo) ([]resources.Attribute, error) {
	if d == nil || d.FaultDomain == nil {
		return nil, nil
	}
	region, zone := d.FaultDomain.Region.Name, d.FaultDomain.Zone.Name
	switch {
	case region == "":
		return nil, within("fault_domain.region.name", fmt.Errorf("%w: a region without a name", ErrInexpressible))
	case zone == "":
		return nil, within("fault_domain.zone.name", fmt.Errorf("%w: a zone without a name", ErrInexpressible))
	}
	return []resources.Attribute{
		{Name: AttributeRegion, Value: resources.TextOf(region)},
		{Name: AttributeZone, Value: resources.TextOf(zone)},
	}, nil
}

// domainOut splits the attributes of an offer into the domain and the rest.
func domainOut(a resources.Attributes) (*mesos.DomainInfo, resources.Attributes, error) {
	var rest []resources.Attribute
	names := map[string]string{}
	for i := range a.Len() {
		x := a.At(i)
		if x.Name != AttributeRegion && x.Name != AttributeZone {
			rest = append(rest, x)
			continue
		}
		if _, dup := names[x.Name]; dup || x.Value.Text() == "" {
			return nil, a, withinItem("attributes", i, x.Name, fmt.Errorf("%w: a domain has one %s, a text", ErrInexpressible, x.Name[1:]))
		}
		names[x.Name] = x.Value.Text()
	}
	if len(names) == 0 {
		return nil, a, nil
	}
	if len(names) == 1 {
		return nil, a, within("domain", fmt.Errorf("%w: a region and a zone only go together", ErrInexpressible))
	}
	others, err := resources.NewAttributes(rest...)
	fault := &mesos.DomainInfo_FaultDomain{}
	fault.Region.Name, fault.Zone.Name = names[AttributeRegion], names[AttributeZone]
	return &mesos.DomainInfo{FaultDomain: fault}, others, err
}
