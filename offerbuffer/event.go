package offerbuffer

import (
	"time"

	"github.com/berth-go/berth/placement"
)

// Offered is the event that offers came in.
func Offered(offers ...placement.Offer) Event {
	return func(b *Buffer, now time.Time) { _ = b.Add(now, offers...) }
}

// InverselyOffered is the event that inverse offers came in.
func InverselyOffered(offers ...InverseOffer) Event {
	return func(b *Buffer, now time.Time) { _ = b.AddInverse(now, offers...) }
}

// Rescinded is the event that offers, or inverse ones, were taken back.
func Rescinded(ids ...placement.OfferID) Event {
	return func(b *Buffer, _ time.Time) {
		for _, id := range ids {
			if b.inverse.has(id) {
				b.RescindInverse(id)
			} else {
				b.Rescind(id)
			}
		}
	}
}

// LostAgent is the event that an agent is lost.
func LostAgent(agent placement.AgentID) Event {
	return func(b *Buffer, _ time.Time) { b.AgentLost(agent) }
}

// Disconnection is the event that the connection to the master broke.
func Disconnection() Event { return func(b *Buffer, _ time.Time) { b.Disconnected() } }

// Reconsideration is the event that what the policy asks for has changed.
func Reconsideration() Event { return func(b *Buffer, _ time.Time) { b.Reconsider() } }
