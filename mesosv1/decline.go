package mesosv1

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/berth-go/berth/offerbuffer"
	"github.com/berth-go/berth/placement"
)

// maxRefuse is the most that a master takes; it would cut what is more.
const maxRefuse = 365 * 24 * time.Hour

// Decline makes a DECLINE of offers, which may be of several agents and roles. Refuse is for how long they, or parts of them,
// shall not be offered again: at least a second, the master's interval of allocation, in effect; zero or less is no
// filter at all, and more than 365 days count as 365 days.
func Decline(framework string, refuse time.Duration, ids ...placement.OfferID) *scheduler.Call {
	return &scheduler.Call{
		Type: scheduler.Call_DECLINE, FrameworkID: frameworkID(framework),
		Decline: &scheduler.Call_Decline{OfferIDs: offerIDs(ids), Filters: filters(refuse)},
	}
}

// Declines makes the calls that an offer buffer asks for, those for inverse offers included.
func Declines(framework string, a offerbuffer.Actions) []*scheduler.Call {
	var out []*scheduler.Call
	for _, d := range a.Decline {
		out = append(out, Decline(framework, d.Refuse, d.Offers...))
	}
	if len(a.DeclineInverse) > 0 {
		out = append(out, DeclineInverse(framework, a.DeclineInverse...))
	}
	return out
}

// AcceptInverse makes a call that agrees to give agents back.
func AcceptInverse(framework string, ids ...placement.OfferID) *scheduler.Call {
	return &scheduler.Call{
		Type: scheduler.Call_ACCEPT_INVERSE_OFFERS, FrameworkID: frameworkID(framework),
		AcceptInverseOffers: &scheduler.Call_AcceptInverseOffers{InverseOfferIDs: offerIDs(ids)},
	}
}

// DeclineInverse makes a call that does not agree to give agents back.
func DeclineInverse(framework string, ids ...placement.OfferID) *scheduler.Call {
	return &scheduler.Call{
		Type: scheduler.Call_DECLINE_INVERSE_OFFERS, FrameworkID: frameworkID(framework),
		DeclineInverseOffers: &scheduler.Call_DeclineInverseOffers{InverseOfferIDs: offerIDs(ids)},
	}
}

func filters(refuse time.Duration) *mesos.Filters {
	seconds := min(max(refuse, 0), maxRefuse).Seconds()
	return &mesos.Filters{RefuseSeconds: &seconds}
}

func frameworkID(id string) *mesos.FrameworkID {
	if id == "" {
		return nil
	}
	return &mesos.FrameworkID{Value: id}
}

func offerIDs(ids []placement.OfferID) []mesos.OfferID {
	out := make([]mesos.OfferID, len(ids))
	for i, id := range ids {
		out[i].Value = string(id)
	}
	return out
}
