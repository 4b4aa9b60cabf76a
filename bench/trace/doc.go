// Package trace records rounds of placement in files and plays them again.
//
// A program records with one option:
//
//	recorder := trace.NewRecorder(file, trace.Options{})
//	defer recorder.Close()
//	engine := placement.NewEngine(placement.WithObserver(recorder))
//
// A round is recorded with everything that its result is a function of, and with the result: so it can be played
// again with the same packer, which must give the same result to the byte, or with another one, which shows what that
// would have done.
//
// # What it costs
//
// Recording takes a bounded share of the time that rounds take ([Options.Overhead]), wherever the work is done: rounds are left out rather
// than slowed down. A round that is recorded is not held up for longer than that share, either:
//
//   - One of an engine is taken in constant time, some microseconds, however much the engine holds: what is written is a
//     [placement.Snapshot], read beside the rounds that follow. An engine in which tasks run when it meets the recorder is recorded after some rounds only, as many
//     as it takes to look at all of them bit by bit.
//   - The lists of a call of Assign are copied while it runs, beside it.
//   - With [placement.WithPorts] the policy of every agent with an offer has to be asked for in the round.
//   - Where that would take longer than the share of what rounds take lately, as in rounds of a few microseconds, none is recorded until they take longer.
//
// BenchmarkRecorder measures all of it: the median, the mean and the 95th percentile of rounds that are recorded against those of rounds that are not.
//
// Memory is bounded by [Options.MaxItems], which says what an item takes.
//
// The format is described in tracepb/trace.proto. A file that was cut is read up to the damage, and [ErrDamaged] says so; every
// round has a checksum of its own.
//
// What a file cannot hold: packers are kept by name, so the reader brings its own; a constraint that its text form does
// not give back ([constraints.ParseOne]) is kept as its Go type and text and needs a [Resolver]; of time zones
// only the offset is kept; a limit on workers and a context that ends early are not kept.
package trace
