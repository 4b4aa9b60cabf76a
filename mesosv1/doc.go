// Package mesosv1 connects Berth to Apache Mesos: it converts resources, attributes and
// offers between the v1 messages of [mesos-go] and the values of packages resources and
// placement. It is the only package that imports mesos-go.
//
// # Nothing is lost quietly
//
// A conversion keeps everything that a message says, or fails with an [*Error] that says
// where, what and why. Converting there and back gives the same bytes, up to the order
// of things that have none. These are all the changes a message may see, each without a
// meaning in Mesos:
//
//   - resources are sorted, entries of the same identity merged, and empty ones dropped;
//     copies of a shared volume, and entries that merge, say things without identity
//     (where a volume is mounted, the order of labels) as the first of them did
//   - ranges are sorted and merged, items of sets sorted
//   - scalars are rounded to thousandths, halves away from zero, as Mesos rounds them
//     before every comparison and sum; what is not 0 but rounds to 0 is refused
//   - reservations are written in the form that can be refined (reservations); the
//     older one (role and reservation) and both at once are read
//   - a domain without a fault domain is no domain
//
// # What one side cannot express
//
// Reported as [ErrInexpressible] on the way in, because the values of Berth have no
// place for it:
//
//   - an image or a source in the volume of a disk
//   - an allocation without a role, a resource provider without an ID, a region or zone
//     without a name
//   - an attribute of an agent called "@region" or "@zone"; see [FromOffer]
//
// Reported as [ErrInexpressible] on the way out, because mesos-go v0.0.11 has no field
// for it:
//
//   - the devices of an offer, and an offer that is [placement.Offer.Standing]
//   - a region without a zone, or a zone without a region
//   - a time before 1678 or after 2262, or a maintenance window of 292 years or more
//
// Fields that Mesos got after mesos-go v0.0.11 are dropped by mesos-go when it decodes a
// message; no converter can see them.
//
// # Calls
//
// An [Accepter] turns the assignments of a round into calls: one ACCEPT for each bin, with reservations, volumes and launches
// in this order, every one checked by the rules of the master before it is sent. [Decline] and [Declines]
// make DECLINE calls. Nothing here sends them.
//
// # Ownership and limits
//
// Conversions read their arguments and keep no reference to them. Functions here have no
// state and may be called from any goroutine. Nothing panics, whatever the input. The
// package does no input or output: reading the event stream and sending calls is left
// to mesos-go or any other client.
//
// [mesos-go]: https://pkg.go.dev/github.com/mesos/mesos-go/api/v1/lib
package mesosv1
