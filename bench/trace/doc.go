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
// would have done. Recording takes a bounded share of the time that rounds take ([Options.Overhead]): rounds are left out rather
// than slowed down. That bound is on all rounds together. The few that are recorded (one in fifty or so) take longer themselves, by the time that it
// takes to list and copy what they are given: about a third for a call of Assign with 10,000 tasks, and some milliseconds for an
// engine with 10,000 running tasks, whose rounds may otherwise take less than one. See BenchmarkRecorder.
//
// The format is described in tracepb/trace.proto. A file that was cut is read up to the damage, and [ErrDamaged] says so; every
// round has a checksum of its own.
//
// What a file cannot hold: packers are kept by name, so the reader brings its own; a constraint that its text form does
// not give back ([constraints.ParseOne]) is kept as its Go type and text and needs a [Resolver]; of time zones
// only the offset is kept; a limit on workers and a context that ends early are not kept.
package trace
