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
// than slowed down. No round is to be slowed by more than that share, either:
//
//   - A round of an engine is taken in constant time, some microseconds, however much the engine holds: what is written is a
//     [placement.Snapshot]. An engine in which tasks run when it meets the recorder is recorded after some rounds only, as many as it
//     takes to look at all of them bit by bit.
//   - The lists of a call of Assign are copied, beside it where they are long.
//   - What was taken is encoded and written after the round, beside those that follow, in small pieces with rests between.
//   - With [placement.WithPorts] the policy of every agent with an offer has to be asked for in the round.
//   - Where a round would be held up for more than the share of what rounds take lately, as very short ones would, none is recorded until they take
//     longer, but for one in some thousand. To be observed takes a third of a microsecond, which only rounds that have nothing to do notice.
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
