package placement

import (
	"slices"

	"github.com/berth-go/berth/resources"
)

// freed is the offer that comes back when a running task ends; false when there is none, because the task draws on a
// standing offer, which is there already or among those to come, or holds nothing.
func (e *Engine) freed(h *Running, toCome []Offer) (Offer, bool) {
	r := e.round
	a := r.known(h.Agent)
	if b := r.binFor(a, h.Role); b >= 0 && r.bins[b].standing {
		return Offer{}, false
	}
	if slices.ContainsFunc(toCome, func(o Offer) bool { return o.Standing && o.Agent == h.Agent }) {
		return Offer{}, false
	}
	pieces := h.Pieces
	if pieces.IsEmpty() {
		pieces = scalarsAndPorts(h)
	}
	o := Offer{ID: OfferID("freed:" + string(h.Task.ID)), Agent: h.Agent, Role: h.Role, Hostname: h.Hostname, Resources: pieces,
		Attributes: h.Attributes, Unavailable: r.agents[a].unavailable}
	return o, !pieces.IsEmpty()
}

// scalarsAndPorts is what a running task is known to hold when its pieces are not.
func scalarsAndPorts(h *Running) resources.Resources {
	var held []resources.Resource
	for name, amount := range h.Task.Needs.All() {
		held = append(held, resources.Resource{Name: name, Value: resources.ScalarOf(amount), Revocable: h.Revocable})
	}
	if len(h.Ports) > 0 {
		held = append(held, resources.Resource{Name: portsName, Value: resources.RangesOf(portRanges(h.Ports))})
	}
	all, err := resources.New(held...)
	if err != nil {
		return resources.Resources{} // a need that no offer can have
	}
	return all
}
