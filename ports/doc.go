// Package ports decides which port numbers a task gets out of those that are free.
//
// It is one pure function, [Take], and its allocation-free shadow, [Fits], which says
// whether Take would succeed. A [Request] says what is needed; a [Policy] says which of the
// free ports are preferred and never changes whether a request succeeds. Both functions
// promise: all or nothing, never fewer ports than asked, never a port that was not free,
// never the same port twice.
//
// Nothing is remembered between calls. The one policy that needs a memory, [AvoidRecent],
// takes it as a value, [Recent], which the caller keeps and passes on.
//
// What this package does not do: it knows nothing of protocols, of who holds a port, or of
// roles. Where the free ports come from several reservations, the caller decides which of
// them to offer to Take.
package ports
