// Package resources is the algebra of cluster resources: amounts, ranges, sets,
// and collections of named resources that may be reserved, allocated, revocable,
// shared or backed by particular disks.
//
// The semantics are those of Apache Mesos, as its master judges them; the few
// deliberate differences are listed in docs/algebra.md. The package knows nothing
// of networks, masters or offers, imports only the standard library, and is as
// useful to a scheduler that has never heard of Mesos.
//
// # Values
//
// Everything here is a small immutable value. The zero value of every collection
// ([Resources], [Quantities], [Ranges], [Set], [Attributes]) is empty and ready to
// use. Operations return new values and share what did not change; nothing mutates
// an operand, so values may be passed between goroutines freely. Where a method
// hands out a struct that refers to a slice or a pointer (a [Resource] with its
// Reservations and Disk) that memory is shared and must not be written to.
//
// Collections are kept in canonical order, so equal collections print alike,
// iteration never depends on history, and Plus, Minus and Contains are one linear
// merge. Values compare with their Equal method, not with ==.
//
// # Amounts
//
// A scalar is an exact count of thousandths, an [Amount]; Mesos calculates with the
// same precision. Floating point appears only where a number is read or handed out.
// What a caller may write down is limited to [MaxAmount]; what a collection may hold
// is limited to [MaxHeld], because collections hold sums. Sums beyond that saturate.
//
// # Text
//
// [Parse] reads the form that operators write, "cpus:4;ports(web):[8000-8099]", or
// a JSON array of Mesos Resource messages. String prints what Mesos would print in a
// log. MarshalText is the form that reads back: the operators' form where that says
// everything, JSON where it does not.
//
// # Errors
//
// An error is an input that makes no sense, and wraps one of the Err values of this
// package. Arithmetic has no errors: subtracting what is not there changes nothing.
package resources
